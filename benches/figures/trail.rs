//! The whole history audited: the first time, again, and one thing at a time, beside what Git does with
//! the same commits.

use crate::ground::long_history;
use crate::history::Course;
use crate::measure::{Figure, Line, in_turn};
use crate::{OPMODEL, table};
use std::path::{Path, PathBuf};

/// The histories that are audited: their names, how many units the model has, their course, and how
/// often each command is run.
const HISTORIES: [(&str, usize, Course, usize); 2] = [
    ("5,000 commits", 7, Course { commits: 5_000, pace: 25_200, merges: true }, 5),
    ("50,000 commits", usize::MAX, Course { commits: 50_000, pace: 3_600, merges: true }, 1),
];

/// All histories; and the clone that `REPOSITORY` names, with its model in `FOLDER`.
pub(crate) fn trail(target: &Path, _: &Path) -> Result<(), String> {
    for (name, units, course, rounds) in HISTORIES {
        let repository = long_history(target, &name.replace([',', ' '], "-"), units, course)?;
        audit(name, &repository, "model", rounds)?;
    }
    if let Some(repository) = std::env::var_os("REPOSITORY").map(PathBuf::from) {
        let folder = std::env::var("FOLDER").unwrap_or_else(|_| "model".to_owned());
        audit(&repository.display().to_string(), &repository, &folder, 3)?;
    }
    Ok(())
}

fn audit(name: &str, repository: &Path, folder: &str, rounds: usize) -> Result<(), String> {
    let git = |label: &str, words: &str| {
        Line::new(label, "git", repository).with(words).with(&format!("-- {folder}"))
    };
    let opmodel = |label: &str, words: &str| {
        Line::new(label, OPMODEL, repository).with(&format!("--model {folder}")).with(words)
    };
    let lines = [
        git("git log -p", "log -p"),
        git("git log --raw", "log --raw"),
        opmodel("opmodel log, first run", "log --no-cache --no-pager"),
        opmodel("opmodel log, second run", "log --no-pager"),
    ];
    let targets = [("opmodel log, first run", "≤ 0.6"), ("opmodel log, second run", "≤ 0.03")];
    let figures: Vec<Figure> = in_turn(&lines, rounds)?;
    table(&format!("The whole history: {name}"), &figures, Some(0), &targets, &[]);
    Ok(())
}
