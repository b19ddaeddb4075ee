//! What every entity said, from each revision on at which it said something else.

use super::says::said;
use super::{Revision, Version};
use crate::git::Commit;
use crate::history::{HistoryError, Wording, Wordings, Workspace};
use crate::model::{Address, Entity};
use std::collections::BTreeMap;

/// The versions of all entities, by address.
pub(super) type Versions = BTreeMap<String, Vec<Version>>;

/// Follows every entity through the revisions, and notes which files cannot be read in which.
pub(super) fn versions(
    workspace: &Workspace,
    commits: &[Commit],
    revisions: &mut [Revision],
) -> Result<Versions, HistoryError> {
    let mut wordings = Wordings::new(workspace)?;
    let mut book = Book::default();
    for (at, (commit, revision)) in commits.iter().zip(revisions).enumerate() {
        let found = wordings.advance(commit)?;
        revision.unreadable = wordings.unreadable();
        book.turn(at, found);
    }
    Ok(book.versions)
}

/// What is known of all entities so far.
#[derive(Default)]
struct Book {
    versions: Versions,
    /// The names that an entity that is there says it had before.
    former: BTreeMap<Address, Vec<Address>>,
}

impl Book {
    /// Notes what a revision brought.
    fn turn(&mut self, at: usize, found: Vec<(Address, Wording)>) {
        let mut came: Vec<(Address, Vec<Address>)> = Vec::new();
        let mut went: Vec<(Address, Vec<Address>)> = Vec::new();
        for (address, wording) in found {
            let known = self.versions.get(address.as_str()).and_then(|all| all.last());
            let was_there = known.is_some_and(|version| version.said.is_some());
            match wording {
                Wording::Says(entity) => {
                    let former: Vec<Address> = entity.former_addresses().collect();
                    self.says(at, &entity);
                    if !was_there {
                        came.push((address.clone(), former.clone()));
                    }
                    self.former.insert(address, former);
                }
                Wording::Unreadable(reason) => self.unreadable(at, &address, reason),
                Wording::Gone if was_there => {
                    let former = self.former.remove(&address).unwrap_or_default();
                    self.push(&address, Version::nothing(at));
                    went.push((address, former));
                }
                Wording::Gone => {}
            }
        }
        for (now, former) in &came {
            let declared =
                |then: &Address, theirs: &[Address]| former.contains(then) || theirs.contains(now);
            let then = went.iter().position(|(then, theirs)| declared(then, theirs));
            if let Some((then, _)) = then.map(|place| went.swap_remove(place)) {
                self.renamed(&then, now);
            }
        }
    }

    fn push(&mut self, address: &Address, version: Version) {
        let all = self.versions.entry(address.to_string()).or_default();
        // Of two in one revision the later word counts.
        all.retain(|known| known.at != version.at);
        all.push(version);
    }

    /// A new version, where it says something else or stands somewhere else.
    fn says(&mut self, at: usize, entity: &Entity) {
        let last = self.versions.get(entity.address.as_str()).and_then(|all| all.last());
        let known =
            last.filter(|last| last.unreadable.is_none()).and_then(|last| last.said.as_ref());
        if let Some(said) = said(entity, known) {
            let version = Version { said: Some(said), ..Version::nothing(at) };
            self.push(&entity.address, version);
        }
    }

    /// What it said before, marked.
    fn unreadable(&mut self, at: usize, address: &Address, reason: String) {
        let last = self.versions.get(address.as_str()).and_then(|all| all.last());
        let Some(last) = last.filter(|last| last.unreadable.as_ref() != Some(&reason)) else {
            return;
        };
        let said = last.said.clone();
        let version = Version { said, unreadable: Some(reason), ..Version::nothing(at) };
        self.push(address, version);
    }

    /// Says at both names that one follows the other.
    fn renamed(&mut self, then: &Address, now: &Address) {
        if let Some(last) = self.versions.get_mut(then.as_str()).and_then(|all| all.last_mut()) {
            last.now = Some(now.to_string());
        }
        if let Some(last) = self.versions.get_mut(now.as_str()).and_then(|all| all.last_mut()) {
            last.formerly = Some(then.to_string());
        }
    }
}

impl Version {
    /// Whether it is a wording of its own, and not what was said before a file could not be read.
    pub(super) fn is_read(&self) -> bool {
        self.said.is_some() && self.unreadable.is_none()
    }

    /// Nothing, from a revision on.
    fn nothing(at: usize) -> Self {
        Self { at, said: None, formerly: None, now: None, unreadable: None }
    }
}
