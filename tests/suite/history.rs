//! The history walk against real repositories, and against a reading that leaves nothing out.

mod clocks;
mod drawn;
mod folders;
mod long;
mod memory;
mod merges;
mod naive;
mod names;
mod random;
mod shown;
mod taken_back;
mod timeline;
mod unreadable;
mod whereabouts;

use crate::repo::Repo;
use opmodel::git::{WalkOptions, WalkOrder};
use opmodel::history::{HistoryError, LogFilter, Step, Steps, Workspace};
use opmodel::proof::DEFAULT_BUDGET;
use std::path::Path;

const DAY: i64 = 86_400;
const T: i64 = 1_700_000_000;

/// How a history is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    first_parent: bool,
    remembers: bool,
    /// With what follows from a change elsewhere.
    whole: bool,
}

/// Every commit, and nothing asked of an earlier run.
const ANEW: Way = Way { first_parent: false, remembers: false, whole: false };

/// The steps of `HEAD`, children first.
fn steps(folder: &Path, way: Way) -> Vec<Step> {
    tried_steps(folder, way).expect("a walk to the end")
}

fn tried_steps(folder: &Path, way: Way) -> Result<Vec<Step>, HistoryError> {
    let workspace = Workspace::find(folder, None)?;
    let head = workspace.repository()?.resolve("HEAD")?;
    let order = WalkOrder::ChildrenFirst;
    let options = WalkOptions { tips: vec![head.id], order, ..WalkOptions::default() };
    let steps = Steps::new(&workspace, LogFilter::default(), way.first_parent)?;
    let steps = steps.remembering(way.remembers);
    let steps = if way.whole { steps.exactly(DEFAULT_BUDGET) } else { steps };
    steps.walk(&options).collect()
}

/// A repository that grows by a commit a day.
struct Script {
    repo: Repo,
    day: std::cell::Cell<i64>,
}

impl Script {
    /// The first commit: a small model in three files.
    fn new() -> Self {
        let script = Self { repo: Repo::new(), day: std::cell::Cell::new(0) };
        script.write("model.toml", "[model]\nformat = 1\ncurrency = 'EUR'\n\n[object.lead]\n");
        script.write("fields.toml", FIELDS);
        script.write("words.toml", &words(200));
        script.write("lists.toml", &lists("'DE', 'AT'", "'NL'"));
        script.commit("the model");
        script
    }

    fn write(&self, file: &str, text: &str) {
        self.repo.write(&format!("model/{file}"), text);
    }

    fn read(&self, file: &str) -> String {
        let place = self.repo.path().join("model").join(file);
        std::fs::read_to_string(place).expect("a file of the model")
    }

    /// Puts some words of a file in the place of others, which must be there.
    fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "no `{old}` in {file}");
        self.write(file, &text.replace(old, new));
    }

    fn append(&self, file: &str, text: &str) {
        self.write(file, &(self.read(file) + text));
    }

    /// Commits a day later.
    fn commit(&self, message: &str) -> String {
        self.repo.commit(message, self.tick())
    }

    fn tick(&self) -> i64 {
        self.day.set(self.day.get() + 1);
        T + self.day.get() * DAY
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.repo.git_at(self.tick(), arguments)
    }

    fn branch(&self, name: &str, from: &str) {
        self.repo.git(&["checkout", "--quiet", "-b", name, from]);
    }

    fn switch(&self, name: &str) {
        self.repo.git(&["checkout", "--quiet", name]);
    }

    /// Merges branches without a word of its own.
    fn merge(&self, message: &str, branches: &[&str]) {
        let words = ["merge", "--quiet", "--no-ff", "-m", message];
        self.git(&[&words[..], branches].concat());
    }

    /// Begins a merge, whether or not it conflicts; [`Script::commit`] ends it.
    fn begin_merge(&self, branch: &str) {
        self.repo.try_git(&["merge", "--quiet", "--no-ff", "--no-commit", branch]);
    }

    fn steps(&self) -> Vec<Step> {
        steps(self.repo.path(), ANEW)
    }

    /// What the walk says of each commit, newest first.
    fn told(&self) -> Vec<(String, Vec<String>)> {
        told(&self.steps())
    }

    fn first_parents(&self) -> Vec<(String, Vec<String>)> {
        told(&steps(self.repo.path(), Way { first_parent: true, ..ANEW }))
    }

    /// The same without the first commit, which brings the model.
    fn since(&self) -> Vec<(String, Vec<String>)> {
        let mut told = self.told();
        assert_eq!(told.pop().expect("a first commit").0, "the model");
        told
    }

    /// By which merge each commit came to the main line, for those that came by one.
    fn brought(&self) -> Vec<(String, String)> {
        let steps = self.steps();
        let brought = steps.iter().filter_map(|step| {
            Some((step.commit.subject.clone(), step.brought_by.as_ref()?.subject.clone()))
        });
        brought.collect()
    }
}

const FIELDS: &str = "[field.lead.employees]\ntype = 'integer'\n\n[field.lead.country]\ntype = 'choice'\nvalues = ['DE', 'AT', 'NL', 'BE']\n\n[field.lead.created_at]\ntype = 'datetime'\n\n[field.lead.touched_at]\ntype = 'datetime'\n";

/// Two definitions, one resting on the other.
fn words(employees: u32) -> String {
    format!(
        "[definition.mql]\nobject = 'lead'\ncriteria.size = 'employees >= {employees}'\ncriteria.place = 'country in list.served'\n\n[definition.sql]\nobject = 'lead'\ncriteria.base = 'definition.mql'\n"
    )
}

fn lists(served: &str, other: &str) -> String {
    format!("[list.served]\nvalues = [{served}]\n\n[list.other]\nvalues = [{other}]\n")
}

fn told(steps: &[Step]) -> Vec<(String, Vec<String>)> {
    let lines = |step: &Step| {
        let changes = step.changes.changes.iter();
        let changes = changes.map(|change| format!("{} {}", change.kind.id, change.address));
        let unreadable = step.unreadable.iter().map(|file| format!("unreadable {}", file.path));
        let again = step.readable_again.iter().map(|path| format!("readable again {path}"));
        let cut = step.cut_off.then(|| "cut off".to_owned());
        let mut lines: Vec<String> = changes.chain(unreadable).chain(again).chain(cut).collect();
        lines.sort();
        lines
    };
    steps.iter().map(|step| (step.commit.subject.clone(), lines(step))).collect()
}

/// What is expected to be told: commits with their lines.
fn expected(lines: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let text = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    lines.iter().map(|(subject, lines)| ((*subject).to_owned(), text(lines))).collect()
}
