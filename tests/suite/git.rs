//! The Git room against real repositories, with the `git` binary as the judge.

mod absent;
mod files;
mod history;
mod revisions;
pub(crate) mod signature;
mod write;

use crate::repo::Repo;
use opmodel::git::{
    Commit, FileMode, GitError, NewCommit, ObjectId, Person, Range, Repository, RepositoryBuilder,
    WalkOptions, WalkOrder, work_files,
};
use opmodel::source::{RawContent, RawFile};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const LIMIT: u64 = 1 << 20;
const DAY: i64 = 86_400;
const T: i64 = 1_700_000_000;

fn open(path: &Path) -> Repository {
    Repository::open(path).expect("a repository")
}

fn id(hex: &str) -> ObjectId {
    ObjectId::from_hex(hex).expect("an object id")
}

fn paths(files: &[RawFile]) -> Vec<&str> {
    files.iter().map(|file| file.path.as_str()).collect()
}

fn walked(repository: &Repository, options: WalkOptions) -> Vec<String> {
    repository.walk(options).map(|commit| commit.expect("a commit").id.to_string()).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// Five commits: `main` at c1, c2, c4 and a merge; `side` at c3.
fn with_merge() -> (Repo, [String; 5]) {
    let repo = Repo::new();
    repo.write("model/a.toml", "a = 1\n");
    let c1 = repo.commit("first", T);
    repo.write("model/deep/er/b.toml", "b = 1\n");
    let c2 = repo.commit("second", T + DAY);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("model/side.toml", "s = 1\n");
    let c3 = repo.commit("side", T + 2 * DAY);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("model/a.toml", "a = 2\n");
    let c4 = repo.commit("third\nline\n\nbody\n", T + 3 * DAY);
    repo.git_at(T + 4 * DAY, &["merge", "--quiet", "--no-ff", "-m", "merge side", "side"]);
    let c5 = repo.git(&["rev-parse", "HEAD"]);
    (repo, [c1, c2, c3, c4, c5])
}

fn options(
    tips: &[&String],
    hide: &[&String],
    first_parent: bool,
    order: WalkOrder,
) -> WalkOptions {
    let ids = |list: &[&String]| list.iter().map(|hex| id(hex)).collect();
    let (tips, hide) = (ids(tips), ids(hide));
    WalkOptions { tips, hide, first_parent, order, ..WalkOptions::default() }
}

fn plain_commit<'a>(
    files: &'a BTreeMap<String, Vec<u8>>,
    parents: Vec<ObjectId>,
    seconds: i64,
    message: &'a str,
) -> NewCommit<'a> {
    let author = Person { name: "Ada Author".to_owned(), email: "ada@example.com".to_owned() };
    NewCommit { files, parents, author, committer: None, seconds, offset_minutes: 90, message }
}
