//! Ids that were given to something else than they stood for before, in the period or before it.

use super::drift::Told;
use super::entry::{Entry, Flag, Judged, Standing};
use crate::history::{Moved, Reuse, Says, is_entity};
use crate::model::Address;
use serde_json::Value as Json;

/// The ids that commits gave and freed; commits are met newest first.
#[derive(Default)]
pub(super) struct Freed {
    reuse: Reuse<String>,
    found: Vec<Found>,
}

/// An id that was given to something else.
struct Found {
    address: Address,
    given_by: String,
    freed_by: String,
}

impl Freed {
    /// Takes in a commit of the period.
    pub(super) fn meet(&mut self, judged: &Judged) {
        let moved = moved(judged);
        self.free(&judged.commit, &moved);
        self.reuse.give(&judged.commit, &moved);
    }

    /// Takes in a commit before the period, which may only have freed what the period gave.
    pub(super) fn meet_older(&mut self, judged: &Judged) {
        self.free(&judged.commit, &moved(judged));
    }

    fn free(&mut self, commit: &str, moved: &[Moved]) {
        let found = self.reuse.freed(moved).into_iter().map(|(address, given_by)| Found {
            address,
            given_by,
            freed_by: commit.to_owned(),
        });
        self.found.extend(found);
    }

    /// Whether no commit further back can say anything about what the period gave.
    pub(super) fn is_settled(&self) -> bool {
        self.reuse.is_empty()
    }

    /// Says of whole entities that came whether their id stood for something else before.
    pub(super) fn tell(self, told: &mut [Told]) {
        for Found { address, given_by, freed_by } in self.found {
            let came = told.iter_mut().map(|told| &mut told.entry).find(|entry| {
                entry.commit == given_by
                    && entry.address == address.as_str()
                    && entry.before.is_none()
            });
            if let Some(entry) = came {
                entry.id_freed_by = Some(freed_by);
                entry.flags.push(Flag::IdReused);
            }
        }
    }
}

/// The whole entities that a commit gives, takes away and renames.
fn moved(judged: &Judged) -> Vec<Moved> {
    let renamed = judged.renamed.iter().filter(|renamed| is_entity(&renamed.to));
    let renamed = renamed.map(|renamed| Moved::Renamed(renamed.from.clone(), renamed.to.clone()));
    renamed.chain(judged.entries.iter().filter_map(of_entry)).collect()
}

fn of_entry(entry: &Entry) -> Option<Moved> {
    let is_whole = is_entity(&entry.address) && entry.direct && entry.previous.is_none();
    if !is_whole || entry.standing == Standing::Adopted {
        return None;
    }
    let says = |text: &str| Says::of(Some(&Json::from(text)));
    match (&entry.before, &entry.after) {
        (None, Some(after)) => Some(Moved::Came(entry.address.clone(), says(after))),
        (Some(before), None) => Some(Moved::Went(entry.address.clone(), says(before))),
        _ => None,
    }
}
