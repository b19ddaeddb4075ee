//! What is pushed, as Git hands it to a hook, put to the checks.

use crate::commands::check::Check;
use crate::commands::{Failure, Session};
use crate::git::{Commit, GitError, Repository};
use crate::history::At;
use std::collections::BTreeMap;

/// Checks each commit that is pushed, for each model that it holds.
pub(super) fn check(session: &mut Session<'_>, folders: Vec<String>) -> Result<u8, Failure> {
    let lines = std::io::read_to_string(std::io::stdin()).map_err(|error| Failure::World {
        message: format!("cannot read what is pushed: {error}"),
        help: None,
    })?;
    let models = if folders.is_empty() {
        vec![session.model.clone()]
    } else {
        folders.into_iter().map(Some).collect()
    };
    let mut faulty = false;
    for model in models {
        session.model = model;
        let workspace = session.unread_workspace()?;
        for (name, commit) in pushed(workspace.repository()?, &lines)? {
            let at = At::Commit(Box::new(commit));
            if !workspace.files(&at)?.is_empty() {
                faulty |= Check::of(name).run(session)? != 0;
            }
        }
    }
    if faulty {
        session.note("nothing was pushed; `git push --no-verify` pushes without the check");
    }
    Ok(u8::from(faulty))
}

/// The commits in the lines that Git hands over, by their ids. A line has the name of a branch or
/// tag here, the object it stands for, and the same of the other side.
fn pushed(repository: &Repository, lines: &str) -> Result<BTreeMap<String, Commit>, Failure> {
    let mut commits = BTreeMap::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let Some(object) = line.split(' ').nth(1) else {
            let message = format!("`{line}` is not what Git hands to a `pre-push` hook");
            let help = "see `opmodel git install`, which lets `git push` call this";
            return Err(Failure::usage(message, help));
        };
        // Nothing but zeros stands where a branch is deleted.
        if object.bytes().all(|digit| digit == b'0') {
            continue;
        }
        let commit = match repository.resolve(object) {
            Ok(commit) => commit,
            // A tag may stand for a file or a folder, of which no branch consists.
            Err(GitError::NotACommit { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        commits.insert(commit.id.to_string(), commit);
    }
    Ok(commits)
}
