//! A history in memory, and the same history as a repository.

use crate::repo::{Repo, system};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The files of a commit by path.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// A commit of a timeline.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    /// The commits it follows, by where they stand in the timeline.
    pub(super) parents: Vec<usize>,
    pub(super) files: Files,
    pub(super) seconds: i64,
}

/// Commits, each behind all its parents. The last one is where `main` stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Timeline(pub(super) Vec<Moment>);

impl Timeline {
    /// The commits that a commit reaches, itself among them.
    pub(super) fn reached_from(&self, at: usize) -> BTreeSet<usize> {
        let (mut open, mut reached) = (vec![at], BTreeSet::new());
        while let Some(at) = open.pop() {
            if reached.insert(at) {
                open.extend(&self.0[at].parents);
            }
        }
        reached
    }

    /// What the first parents lead back to, newest first.
    pub(super) fn main_line(&self) -> Vec<usize> {
        let parent = |at: &usize| self.0[*at].parents.first().copied();
        std::iter::successors(self.0.len().checked_sub(1), parent).collect()
    }

    /// Writes all of it into a repository, and gives the ids of the commits.
    pub(super) fn write_into(&self, repo: &Repo) -> Vec<String> {
        let mut feed = Vec::new();
        for (at, moment) in self.0.iter().enumerate() {
            self.say(&mut feed, at, moment);
        }
        fed(repo, &feed);
        let marks = std::fs::read_to_string(repo.beside("marks")).expect("the marks");
        let by_mark: BTreeMap<usize, &str> = marks
            .lines()
            .filter_map(|line| line.strip_prefix(':')?.split_once(' '))
            .map(|(mark, id)| (mark.parse().expect("a number"), id))
            .collect();
        (1..=self.0.len()).map(|mark| by_mark[&mark].to_owned()).collect()
    }

    fn say(&self, feed: &mut Vec<u8>, at: usize, moment: &Moment) {
        let seconds = moment.seconds;
        let message = format!("commit {at}");
        // A branch that is reset begins anew: the parents are those that are named.
        writeln!(feed, "reset refs/heads/main\ncommit refs/heads/main\nmark :{}", at + 1).unwrap();
        for who in ["author Ada Author <ada@example.com>", "committer Carl <carl@example.com>"] {
            writeln!(feed, "{who} {seconds} +0000").unwrap();
        }
        writeln!(feed, "data {}\n{message}", message.len()).unwrap();
        for (place, parent) in moment.parents.iter().enumerate() {
            let word = if place == 0 { "from" } else { "merge" };
            writeln!(feed, "{word} :{}", parent + 1).unwrap();
        }
        let before = moment.parents.first().map(|parent| &self.0[*parent].files);
        let gone = before.into_iter().flat_map(|files| files.keys());
        for path in gone.filter(|path| !moment.files.contains_key(*path)) {
            writeln!(feed, "D {path}").unwrap();
        }
        for (path, text) in &moment.files {
            if before.is_none_or(|files| files.get(path) != Some(text)) {
                writeln!(feed, "M 100644 inline {path}\ndata {}", text.len()).unwrap();
                feed.extend_from_slice(text);
                feed.push(b'\n');
            }
        }
        feed.push(b'\n');
    }
}

/// Puts commits into a repository as fast as Git can.
pub(super) fn fed(repo: &Repo, feed: &[u8]) {
    let mut child = Command::new("git")
        .args(["fast-import", "--quiet", "--force"])
        .arg(format!("--export-marks={}", repo.beside("marks").display()))
        .current_dir(repo.path())
        .env_clear()
        .envs(system())
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", repo.dir.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .spawn()
        .expect("a git binary on the path");
    child.stdin.take().expect("its input").write_all(feed).expect("a git that listens");
    assert!(child.wait().expect("an end").success());
}
