//! Ids that stand for something else than before: an entity was taken away in one commit, or given
//! another name, and a later one gave its id to another.

use super::steps::Step;
use crate::change::Change;
use crate::model::{Address, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// So many entities that came are remembered; of those beyond it is not known what their ids were.
const REMEMBERED: usize = 65_536;

/// The ids that were given to entities, met on the way back, each with the commit that gave it.
#[derive(Debug)]
pub struct Reuse<C> {
    given: BTreeMap<Address, Given<C>>,
}

/// How an entity came by its id.
#[derive(Debug)]
struct Given<C> {
    by: C,
    to: Whom,
}

#[derive(Debug)]
enum Whom {
    /// To one that was new, and what it says.
    New(Says),
    /// To one that was there, by what it was called where the walk is.
    Known(String),
}

/// What a commit does to a whole entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moved {
    /// It is new.
    Came(String, Says),
    /// It is gone.
    Went(String, Says),
    /// It has another address: the former one and the new one.
    Renamed(String, String),
}

/// What stands for all that an entity says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Says([u8; 16]);

impl<C> Default for Reuse<C> {
    fn default() -> Self {
        Self { given: BTreeMap::new() }
    }
}

impl<C: Clone> Reuse<C> {
    /// The ids that a commit frees and that were given to something else by one that was met before.
    pub(super) fn of(&mut self, commit: &C, moved: &[Moved]) -> BTreeMap<Address, C> {
        let reused = self.freed(moved);
        self.give(commit, moved);
        reused
    }

    /// The same of a commit whose own gifts are of no interest.
    pub fn freed(&mut self, moved: &[Moved]) -> BTreeMap<Address, C> {
        let mut reused = BTreeMap::new();
        for moved in moved {
            let (Moved::Went(freed, _) | Moved::Renamed(freed, _)) = moved else { continue };
            let Some((address, given)) = self.given.remove_entry(freed.as_str()) else { continue };
            let is_same = match (moved, &given.to) {
                // What comes back as it was is no other thing.
                (Moved::Went(_, says), Whom::New(later)) => says == later,
                (Moved::Renamed(_, now), Whom::Known(then)) => now == then,
                _ => false,
            };
            if !is_same {
                reused.insert(address, given.by);
            }
        }
        for given in self.given.values_mut() {
            let Whom::Known(then) = &mut given.to else { continue };
            let former = moved.iter().find_map(|moved| match moved {
                Moved::Renamed(former, now) if now == then => Some(former),
                _ => None,
            });
            if let Some(former) = former {
                then.clone_from(former);
            }
        }
        reused
    }

    /// Takes in the ids that a commit gives.
    pub fn give(&mut self, commit: &C, moved: &[Moved]) {
        for moved in moved {
            let (address, to) = match moved {
                Moved::Came(address, says) => (address, Whom::New(*says)),
                Moved::Renamed(former, now) => (now, Whom::Known(former.clone())),
                Moved::Went(..) => continue,
            };
            if self.given.len() < REMEMBERED {
                self.given.insert(Address::new(address.as_str()), Given { by: commit.clone(), to });
            }
        }
    }

    /// Whether no id was given of which it is not known what it stood for before.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }
}

impl Moved {
    /// The whole entities that a step gives, takes away and renames; a first commit gives no id again.
    pub(super) fn by(step: &Step) -> Vec<Self> {
        if step.commit.parents.is_empty() {
            return Vec::new();
        }
        let entities =
            step.changes.changes.iter().filter(|change| is_entity(change.address.as_str()));
        entities.filter_map(Self::of).collect()
    }

    fn of(change: &Change) -> Option<Self> {
        let address = change.address.to_string();
        if let Some(former) = change.previous.as_ref().filter(|_| change.is_rename()) {
            return Some(Self::Renamed(former.to_string(), address));
        }
        if !change.caused_by.is_empty() || change.previous.is_some() {
            return None;
        }
        match (&change.before, &change.after) {
            (None, Some(after)) => Some(Self::Came(address, Says::of(Some(after)))),
            (before, None) => Some(Self::Went(address, Says::of(before.as_ref()))),
            (Some(_), Some(_)) => None,
        }
    }
}

impl Says {
    /// The same for two values exactly where they are equal, in whatever order their keys stand.
    pub fn of(value: Option<&Json>) -> Self {
        let mut hash = Sha256::new();
        if let Some(value) = value {
            put(value, &mut hash);
        }
        let mut says = Self([0; 16]);
        says.0.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        says
    }
}

/// Adds a value, its keys in order, so that no two values add the same.
fn put(value: &Json, hash: &mut Sha256) {
    match value {
        Json::Array(items) => {
            hash.update(format!("[{}", items.len()));
            for item in items {
                put(item, hash);
            }
        }
        Json::Object(entries) => {
            hash.update(format!("{{{}", entries.len()));
            let sorted: BTreeMap<&String, &Json> = entries.iter().collect();
            for (key, value) in sorted {
                hash.update(format!("{}:{key}", key.len()));
                put(value, hash);
            }
        }
        Json::String(text) => hash.update(format!("'{}:{text}", text.len())),
        plain => hash.update(format!("{plain};")),
    }
}

/// Whether what stands at an address is a whole entity.
pub fn is_entity(address: &str) -> bool {
    let depth = address.split('.').next().and_then(Kind::of).map_or(1, |kind| kind.depth);
    address.split('.').count() == depth + 1
}
