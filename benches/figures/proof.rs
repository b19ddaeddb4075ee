//! What is proved of routing tables, beside Z3 asked the same in the same run.

use crate::answers::ANSWER;
use crate::lists::{Rule, edited, model, rules};
use crate::measure::{Figure, Line, in_turn};
use crate::smt::{self, Numbers};
use crate::table;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest that Z3 may take for one question.
const LIMIT: &str = "-T:120";
/// In longer lists Z3 is not asked for every pair of rules.
const EACH: usize = 500;
/// What the figure is called that leaves out starting and reading the model.
const ALONE: &str = "opmodel, the question alone";
const ROUNDS: usize = 9;
const SIZES: [usize; 5] = [50, 150, 500, 1_500, 5_000];

/// Files made for these figures, and who reads them.
struct Bench {
    folder: PathBuf,
    this: PathBuf,
    z3: Option<PathBuf>,
}

impl Bench {
    fn new(target: &Path, peers: &Path) -> Result<Self, String> {
        let folder = target.join("figures-rules");
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let z3 = Some(peers.join("python/bin/z3")).filter(|z3| z3.exists());
        Ok(Self { folder, this, z3 })
    }

    /// Writes a file, once for each text.
    fn file(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }

    fn missing(&self, trial: &mut Trial) {
        if self.z3.is_none() {
            trial.notes.push("missing: z3; benches/peers/install.sh installs it".to_owned());
        }
    }

    /// A line that asks this harness itself, as a process of its own.
    fn own(&self, label: &str, verb: &str, files: &[&PathBuf]) -> Line {
        let files = files.iter().map(|path| (*path).clone());
        Line::new(label, &self.this, &self.folder).with(ANSWER).with(verb).paths(files)
    }
}

/// What is asked, of whom, and what they said.
struct Trial {
    lines: Vec<Line>,
    /// The tool's own question in a process that tells how long it took, reading left out.
    alone: Line,
    /// What was so slow that it is asked once.
    slow: Vec<Figure>,
    notes: Vec<String>,
}

impl Trial {
    /// The tool's own answer, which the others are held against.
    fn new(
        bench: &Bench,
        label: &str,
        verb: &str,
        files: &[&PathBuf],
    ) -> Result<(Self, String), String> {
        let ours = bench.own(label, verb, files);
        let (said, figure) = ours.said()?;
        if figure.code != Some(0) {
            return Err(format!("`{}` fails", figure.label));
        }
        let alone = bench.own(ALONE, &format!("alone {verb}"), files);
        Ok((Self { lines: vec![ours], alone, slow: Vec::new(), notes: Vec::new() }, said))
    }

    /// One more to measure, if what it says, read in some way, is as expected.
    fn beside(
        &mut self,
        line: Line,
        expected: &str,
        read: fn(&str) -> String,
    ) -> Result<(), String> {
        let (said, figure) = line.said()?;
        let label = &figure.label;
        if said.contains("timeout") || said.contains("unknown") {
            self.notes.push(format!("`{label}` was stopped after 120 s without an answer."));
        } else if read(&said) != expected {
            self.notes.push(format!("`{label}` gives another answer: its figure means nothing."));
        }
        if figure.wall.as_secs() < 3 {
            self.lines.push(line.at_most(3));
        } else {
            self.slow.push(figure);
        }
        Ok(())
    }

    /// Measures, and prints it beside the fastest of the peers whose label begins in some way.
    fn show(self, title: &str, peer: &str, target: &str) -> Result<(), String> {
        let mut figures = in_turn(&self.lines, ROUNDS)?;
        figures.insert(1, told(&self.alone)?);
        figures.extend(self.slow);
        let peers = figures.iter().enumerate().filter(|(_, f)| f.label.starts_with(peer));
        let base = peers.min_by_key(|(_, figure)| figure.cpu).map(|(at, _)| at);
        let label = figures.first().map_or(String::new(), |figure| figure.label.clone());
        table(title, &figures, base, &[(&label, target), (ALONE, target)], &self.notes);
        Ok(())
    }
}

/// The middle of what processes tell that they took, by the clock.
fn told(line: &Line) -> Result<Figure, String> {
    let told = |_| {
        let (said, figure) = line.said()?;
        let took = said.trim().parse().map_err(|error| format!("{}: {error}", figure.label))?;
        Ok((Duration::from_nanos(took), figure))
    };
    let mut told = (0..ROUNDS).map(told).collect::<Result<Vec<_>, String>>()?;
    told.sort_by_key(|(took, _)| *took);
    let (took, figure) = told.swap_remove(ROUNDS / 2);
    Ok(Figure { cpu: took, wall: took, ..figure })
}

/// Which rules never fire.
pub(crate) fn never_fires(target: &Path, peers: &Path) -> Result<(), String> {
    let bench = Bench::new(target, peers)?;
    for count in [500, 5_000] {
        let list = rules(count);
        let toml = bench.file(&format!("{count}.toml"), &model(&list))?;
        let (mut trial, mine) = Trial::new(&bench, "opmodel", "useless", &[&toml])?;
        let never = mine.lines().count();
        trial.notes.push(format!("{never} rules never fire."));
        for numbers in Numbers::ALL {
            let Some(z3) = bench.z3.as_ref() else { break };
            let text = smt::never_fires(&list, numbers);
            let smt = bench.file(&format!("{count}-{}.smt2", numbers.word()), &text)?;
            let label = format!("z3, {}", numbers.word());
            let line = Line::new(&label, z3, &bench.folder).with(LIMIT).paths([smt]);
            trial.beside(line, &mine, places_of_unsat)?;
        }
        bench.missing(&mut trial);
        trial.show(&format!("Which of {count} rules never fire"), "z3", "≤ 0.01")?;
    }
    Ok(())
}

fn places_of_unsat(said: &str) -> String {
    let never = said.lines().enumerate().filter(|(_, word)| *word == "unsat");
    never.map(|(at, _)| format!("{at}\n")).collect::<Vec<_>>().concat()
}

/// Which records go elsewhere after some edits.
pub(crate) fn moves(target: &Path, peers: &Path) -> Result<(), String> {
    let bench = Bench::new(target, peers)?;
    for (count, all) in [(500, &[1, 5, 20][..]), (5_000, &[1, 20])] {
        let old = rules(count);
        for edits in all {
            rerouted(&bench, &old, *edits)?;
        }
    }
    Ok(())
}

fn rerouted(bench: &Bench, old: &[Rule], edits: usize) -> Result<(), String> {
    let count = old.len();
    let new = edited(old, edits);
    let before = bench.file(&format!("{count}.toml"), &model(old))?;
    let after = bench.file(&format!("{count}-{edits}.toml"), &model(&new))?;
    let files = [&before, &after];
    let (mut trial, mine) = Trial::new(bench, "opmodel, every row", "rerouting", &files)?;
    let rows = mine.lines().count();
    trial.notes.push(format!("{rows} pairs of rules between which records move."));
    for numbers in Numbers::ALL {
        let Some(z3) = bench.z3.as_ref() else { break };
        let word = numbers.word();
        let text = smt::any_moves(old, &new, numbers);
        let any = bench.file(&format!("{count}-{edits}-any-{word}.smt2"), &text)?;
        let label = format!("z3, whether any, {word}");
        let line = Line::new(&label, z3, &bench.folder).with(LIMIT).paths([any]);
        let answer = if rows == 0 { "unsat\n" } else { "sat\n" };
        trial.beside(line, answer, str::to_owned)?;
        if count <= EACH {
            let text = smt::moves(old, &new, numbers);
            let each = bench.file(&format!("{count}-{edits}-{word}.smt2"), &text)?;
            let label = format!("z3, every pair, {word}");
            let line = bench.own(&label, "z3", &[z3, &each]).with(LIMIT);
            trial.beside(line, &mine, str::to_owned)?;
        }
    }
    bench.missing(&mut trial);
    let s = if edits == 1 { "" } else { "s" };
    let title = format!("Which records go elsewhere after {edits} edit{s} of {count} rules");
    trial.show(&title, "z3, whether any", "≤ 0.02")
}

/// How the work grows with the list, reading the model left out.
pub(crate) fn growth(target: &Path, peers: &Path) -> Result<(), String> {
    let bench = Bench::new(target, peers)?;
    let mut lines = Vec::new();
    for count in SIZES {
        let old = rules(count);
        let before = bench.file(&format!("{count}.toml"), &model(&old))?;
        let after = bench.file(&format!("{count}-20.toml"), &model(&edited(&old, 20)))?;
        lines.push(bench.own("read", "read", &[&before]));
        lines.push(bench.own("never fires", "useless", &[&before]));
        lines.push(bench.own("read both", "read", &[&before, &after]));
        lines.push(bench.own("elsewhere", "rerouting", &[&before, &after]));
    }
    let figures = in_turn(&lines, 15)?;
    let cost = |part: &[Figure], more: usize, less: usize| {
        let seconds = |at: usize| part.get(at).map_or(0.0, |figure| figure.cpu.as_secs_f64());
        (seconds(more) - seconds(less)).max(1e-5)
    };
    crate::growth_table(&SIZES.map(|size| {
        let at = SIZES.iter().position(|other| *other == size).unwrap_or(0);
        let part = figures.get(4 * at..4 * at + 4).unwrap_or_default();
        let read = part.first().map_or(0.0, |figure| figure.cpu.as_secs_f64());
        (size, [read, cost(part, 1, 0), cost(part, 3, 2)])
    }));
    Ok(())
}
