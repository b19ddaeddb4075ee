//! Ids that stand for something else than before: an entity was taken away in one commit, and a later
//! one gave its id to another.

use super::steps::Step;
use crate::change::Change;
use crate::git::ObjectId;
use crate::model::{Address, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// So many entities that came are remembered; of those beyond it is not known what their ids were.
const REMEMBERED: usize = 65_536;

/// The entities that came, met on the way back, each with the commit and what it says.
#[derive(Debug, Default)]
pub(super) struct Reuse {
    came: BTreeMap<Address, (ObjectId, Says)>,
}

/// A whole entity that a commit gives or takes away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moved {
    address: String,
    came: bool,
    says: Says,
}

/// What stands for all that an entity says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Says([u8; 16]);

impl Reuse {
    /// What a commit takes away whose id was given to something else by one that was met before.
    pub(super) fn of(&mut self, commit: ObjectId, moved: &[Moved]) -> BTreeMap<Address, ObjectId> {
        let mut reused = BTreeMap::new();
        for Moved { address, came, says } in moved {
            if *came {
                if self.came.len() < REMEMBERED {
                    self.came.insert(Address::new(address.as_str()), (commit, *says));
                }
            } else if let Some((address, (later, said))) = self.came.remove_entry(address.as_str())
                && said != *says
            {
                reused.insert(address, later);
            }
        }
        reused
    }
}

impl Moved {
    /// The whole entities that a step gives and takes away; a first commit gives no id again.
    pub(super) fn by(step: &Step) -> Vec<Self> {
        if step.commit.parents.is_empty() {
            return Vec::new();
        }
        let whole = |change: &&Change| {
            change.is_of_whole()
                && change.caused_by.is_empty()
                && change.previous.is_none()
                && is_entity(&change.address)
        };
        let moved = step.changes.changes.iter().filter(whole).filter_map(|change| {
            let (came, says) = match (&change.before, &change.after) {
                (None, Some(after)) => (true, Some(after)),
                (before, None) => (false, before.as_ref()),
                (Some(_), Some(_)) => return None,
            };
            Some(Self { address: change.address.to_string(), came, says: Says::of(says) })
        });
        moved.collect()
    }
}

impl Says {
    /// The same for two values exactly where they are equal, in whatever order their keys stand.
    fn of(value: Option<&Json>) -> Self {
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
fn is_entity(address: &Address) -> bool {
    let depth = Kind::of(address.kind()).map_or(1, |kind| kind.depth);
    address.as_str().split('.').count() == depth + 1
}
