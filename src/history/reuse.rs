//! Ids that stand for something else than before: an entity was taken away in one commit, and a later
//! one gave its id to another.

use super::steps::Step;
use crate::change::Change;
use crate::git::ObjectId;
use crate::model::{Address, Kind};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// So many entities that came are remembered; of those beyond it is not known what their ids were.
const REMEMBERED: usize = 65_536;

/// The entities that came, met on the way back, each with the commit and what it says.
#[derive(Debug, Default)]
pub(super) struct Reuse {
    came: BTreeMap<Address, (ObjectId, Option<Json>)>,
}

impl Reuse {
    /// What a step takes away whose id was given to something else by a commit that was met before.
    pub(super) fn of(&mut self, step: &Step) -> BTreeMap<Address, ObjectId> {
        let mut reused = BTreeMap::new();
        if step.commit.parents.is_empty() {
            return reused;
        }
        let whole = |change: &&Change| {
            change.is_of_whole() && change.caused_by.is_empty() && is_entity(&change.address)
        };
        for change in step.changes.changes.iter().filter(whole) {
            let (address, previous) = (&change.address, &change.previous);
            if previous.is_some() {
                continue;
            }
            if change.before.is_none() && change.after.is_some() {
                if self.came.len() < REMEMBERED {
                    self.came.insert(address.clone(), (step.commit.id, change.after.clone()));
                }
            } else if change.after.is_none()
                && let Some((commit, says)) = self.came.remove(address)
                && says != change.before
            {
                reused.insert(address.clone(), commit);
            }
        }
        reused
    }
}

/// Whether what stands at an address is a whole entity.
fn is_entity(address: &Address) -> bool {
    let depth = Kind::of(address.kind()).map_or(1, |kind| kind.depth);
    address.as_str().split('.').count() == depth + 1
}
