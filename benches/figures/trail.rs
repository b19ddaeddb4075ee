//! The whole history audited, the first time and again, and one thing at a time, beside what Git does
//! with the same commits.

use crate::ground::long_history;
use crate::history::Course;
use crate::measure::{Figure, Line, in_turn};
use crate::{OPMODEL, table};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The histories that are audited: their names, how many units the model has, their course, and how
/// often each command is run.
const HISTORIES: [(&str, usize, Course, usize); 2] = [
    ("5,000 commits", 7, Course { commits: 5_000, pace: 25_200, merges: true }, 5),
    ("50,000 commits", usize::MAX, Course { commits: 50_000, pace: 3_600, merges: true }, 1),
];

/// So many files stand for all where `git blame` is asked for each.
const SAMPLE: usize = 10;

/// All histories; and the clone that `REPOSITORY` names, with its model in `FOLDER`.
pub(crate) fn trail(target: &Path, _: &Path) -> Result<(), String> {
    for (name, units, course, rounds) in HISTORIES {
        let at = long_history(target, &name.replace([',', ' '], "-"), units, course)?;
        Trail { name, at: &at, folder: "model", rounds }.measure()?;
    }
    if let Some(at) = std::env::var_os("REPOSITORY").map(PathBuf::from) {
        let folder = std::env::var("FOLDER").unwrap_or_else(|_| "model".to_owned());
        let name = at.display().to_string();
        Trail { name: &name, at: &at, folder: &folder, rounds: 3 }.measure()?;
    }
    Ok(())
}

/// A repository and the folder of its model.
struct Trail<'a> {
    name: &'a str,
    at: &'a Path,
    folder: &'a str,
    rounds: usize,
}

impl Trail<'_> {
    fn measure(&self) -> Result<(), String> {
        self.audit()?;
        self.blame()?;
        self.show()
    }

    fn git(&self, words: &str) -> Line {
        Line::new(&format!("git {words}"), "git", self.at).with(words)
    }

    fn opmodel(&self, words: &str) -> Line {
        let line = Line::new(&format!("opmodel {words}"), OPMODEL, self.at);
        line.with(&format!("--model {} --no-pager", self.folder)).with(words)
    }

    fn said(&self, words: &str) -> Result<Vec<String>, String> {
        let mut git = Command::new("git");
        git.args(words.split_whitespace()).current_dir(self.at);
        let output = git.output().map_err(|error| format!("git {words}: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Every commit, with what it changed.
    fn audit(&self) -> Result<(), String> {
        let of_folder = |words: &str| self.git(words).with(&format!("-- {}", self.folder));
        let mut lines = vec![
            of_folder("log -p"),
            of_folder("log --raw"),
            self.opmodel("log --no-cache"),
            self.opmodel("log"),
            self.opmodel("log --stat"),
        ];
        if self.rounds > 1 {
            let first = self.opmodel("drift --no-cache --brief").at_most(1);
            lines.extend([first, self.opmodel("drift --brief")]);
        }
        let targets = [
            ("opmodel log --no-cache", "≤ 0.6"),
            ("opmodel log", "≤ 0.03"),
            ("opmodel drift --no-cache --brief", "≤ 0.6"),
            ("opmodel drift --brief", "≤ 0.03"),
        ];
        let figures = in_turn(&lines, self.rounds)?;
        table(&format!("The whole history: {}", self.name), &figures, Some(0), &targets, &[]);
        Ok(())
    }

    /// Who last changed the meaning of everything, and of one thing.
    fn blame(&self) -> Result<(), String> {
        let files = self.said(&format!("ls-files {}/*.toml", self.folder))?;
        let step = (files.len() / SAMPLE).max(1);
        let sample: Vec<&String> = files.iter().step_by(step).take(SAMPLE).collect();
        let lines: Vec<Line> =
            sample.iter().map(|file| self.git("blame").with(file.as_str())).collect();
        let of_files = in_turn(&lines, self.rounds)?;
        let times = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let count = u32::try_from(sample.len().max(1)).unwrap_or(u32::MAX);
        let all = Figure {
            label: "git blame of every file (from a sample)".to_owned(),
            cpu: of_files.iter().map(|figure| figure.cpu).sum::<std::time::Duration>() * times
                / count,
            wall: of_files.iter().map(|figure| figure.wall).sum::<std::time::Duration>() * times
                / count,
            peak: of_files.iter().map(|figure| figure.peak).max().unwrap_or_default(),
            code: Some(0),
        };
        let mut figures = vec![all];
        figures.extend(in_turn(&[self.opmodel("blame")], self.rounds)?);
        let title = format!("Blame of the whole model: {}", self.name);
        table(&title, &figures, Some(0), &[("opmodel blame", "≤ 0.02")], &[]);
        let Some((file, address)) = self.one(&sample)? else { return Ok(()) };
        let lines = [self.git("blame").with(&file), self.opmodel(&format!("blame {address}"))];
        let figures = in_turn(&lines, self.rounds.max(5))?;
        let target = (format!("opmodel blame {address}"), "≤ 1.5");
        let title = format!("Blame of one entity: {}", self.name);
        table(&title, &figures, Some(0), &[(&target.0, target.1)], &[]);
        Ok(())
    }

    /// A file and an entity that stands in it.
    fn one(&self, sample: &[&String]) -> Result<Option<(String, String)>, String> {
        for file in sample.iter().rev() {
            let text = std::fs::read_to_string(self.at.join(file))
                .map_err(|error| format!("{file}: {error}"))?;
            let header = text.lines().find_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
            if let Some(header) = header.filter(|header| !header.starts_with('[')) {
                return Ok(Some(((*file).clone(), header.to_owned())));
            }
        }
        Ok(None)
    }

    /// One entity as it was.
    fn show(&self) -> Result<(), String> {
        let files = self.said(&format!("ls-files {}/*.toml", self.folder))?;
        let sample: Vec<&String> = files.iter().step_by((files.len() / SAMPLE).max(1)).collect();
        let Some((_, address)) = self.one(&sample)? else { return Ok(()) };
        let commits = self.said("rev-list --first-parent HEAD")?;
        let Some(commit) = commits.get(commits.len() / 2) else { return Ok(()) };
        let show = format!("show {address} --at {commit}");
        let list = format!("show --at {commit}");
        let archive = self.git(&format!("archive {commit} {}", self.folder));
        let lines = [archive, self.opmodel(&show), self.opmodel(&list)];
        let figures = in_turn(&lines, self.rounds.max(5))?;
        let label = format!("opmodel {show}");
        let title = format!("One revision: {}", self.name);
        table(&title, &figures, Some(0), &[(&label, "≤ 1.0")], &[]);
        Ok(())
    }
}
