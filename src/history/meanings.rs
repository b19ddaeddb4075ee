//! What an entity said on the main line, with all that it refers to: each state in which any of that was
//! another.

use super::reach::reach;
use super::replay::Replay;
use super::workspace::{HistoryError, Workspace};
use crate::git::{Commit, WalkOptions};
use crate::model::{Address, Model};
use std::collections::BTreeSet;

/// What an entity said from a commit on.
#[derive(Debug)]
pub struct Meaning {
    /// The commit.
    pub commit: Commit,
    /// What it was called; none where nothing of that name was there.
    pub address: Option<String>,
    /// As much of the model as decides about it.
    pub model: Model,
}

/// The way of an entity along the main line.
#[derive(Debug)]
pub struct Meanings {
    /// The states, oldest first; each differs from the one before in something that decides.
    pub all: Vec<Meaning>,
    /// How many commits were looked at.
    pub commits: usize,
    /// Whether the history before the first commit was not fetched.
    pub cut_off: bool,
}

/// Follows an entity along the main line that leads to a tip. `names` are its address and those that it had
/// before, the newest first.
///
/// # Errors
/// The repository does not give its history.
pub fn meanings(
    workspace: &Workspace,
    tip: &Commit,
    names: &[String],
) -> Result<Meanings, HistoryError> {
    let repository = workspace.repository()?.for_walking();
    let options = WalkOptions { tips: vec![tip.id], first_parent: true, ..WalkOptions::default() };
    let mut line = Vec::new();
    for commit in repository.walk(options) {
        line.push(commit?.id);
    }
    let mut found = Meanings { all: Vec::new(), commits: line.len(), cut_off: false };
    let Some(first) = line.pop() else { return Ok(found) };
    let first = repository.commit(first)?;
    found.cut_off = first.boundary;
    let (mut replay, _) = Replay::start(workspace, &first)?;
    let mut depends = found.add(&replay, names, first);
    while let Some(id) = line.pop() {
        let commit = repository.commit(id)?;
        let Some(advance) = replay.advance(&commit)? else { continue };
        if advance.touched.iter().any(|touched| depends.contains(touched)) {
            depends = found.add(&replay, names, commit);
        }
    }
    Ok(found)
}

impl Meanings {
    /// Adds what is there now; what it depends on, the names it may have included.
    fn add(&mut self, replay: &Replay<'_>, names: &[String], commit: Commit) -> BTreeSet<Address> {
        let address = names.iter().find(|name| replay.model.get(name.as_str()).is_some());
        let mut all: BTreeSet<Address> =
            names.iter().map(|name| Address::new(name.as_str())).collect();
        if let Some(address) = address {
            all.extend(reach(&replay.model, address, std::slice::from_ref(address)));
        }
        self.all.push(Meaning { commit, address: address.cloned(), model: replay.part(&all) });
        all
    }
}
