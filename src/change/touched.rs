//! Which parts of a model mean something else than before, by form alone: the answer for each
//! address, where a comparison gives the changes.

use super::catalogue::Impact;
use super::classify;
use super::decide::ByForm;
use super::edit::{Edit, Operation};
use super::edits::edits;
use super::renames::Names;
use crate::model::{Address, Model};
use std::collections::BTreeSet;

/// What a revision touched, by address.
#[derive(Debug, Default)]
pub struct Touched {
    names: Names,
    /// What means something else than before.
    changed: BTreeSet<Address>,
    /// What is new with everything in it.
    new: BTreeSet<Address>,
    /// The entities of which anything at all is written otherwise.
    entities: BTreeSet<Address>,
}

impl Touched {
    /// What lies between two models.
    ///
    /// Of an item that stands elsewhere in an order only the item itself means something else,
    /// not what it says.
    pub fn between(base: &Model, head: &Model) -> Self {
        let edits = edits(base, head);
        let mut touched = Self { names: Names::of_edits(&edits), ..Self::default() };
        for edit in &edits {
            let Some(after) = edit.after else { continue };
            touched.entities.insert(after.entity.address.clone());
            match edit.operation {
                Operation::Added | Operation::Reused => {
                    touched.new.insert(edit.address.clone());
                }
                Operation::Removed => {}
                _ if touched.is_meant(edit) => {
                    touched.changed.insert(edit.address.clone());
                }
                _ => {}
            }
        }
        // What is not stated any more has no side after, and is still one of its entity's edits.
        let gone = edits.iter().filter(|edit| edit.after.is_none());
        touched.entities.extend(gone.filter_map(|edit| touched.names.entity_now(edit)));
        touched
    }

    /// Whether an edit is one of meaning.
    fn is_meant(&self, edit: &Edit<'_>) -> bool {
        match edit.operation {
            Operation::Renamed | Operation::MovedFile | Operation::Rewritten => false,
            _ => classify::impact(edit, &self.names, &ByForm) != Some(Impact::Cosmetic),
        }
    }

    /// Whether an entity of the head is written as it was, under the same address in the same file.
    pub fn is_silent_on(&self, entity: &Address) -> bool {
        !self.entities.contains(entity)
    }

    /// Whether what stands at an address of the head means something else than before, or is new.
    pub fn changes(&self, address: &Address) -> bool {
        let mut above = address.as_str();
        loop {
            if self.new.contains(above) {
                return true;
            }
            match above.rsplit_once('.') {
                Some((next, _)) => above = next,
                None => return self.changed.contains(address),
            }
        }
    }

    /// What an address of the head is called in the base; none where that name was another's.
    pub fn then(&self, address: &Address) -> Option<Address> {
        if self.names.is_empty() {
            return Some(address.clone());
        }
        let then = self.names.then(address.as_str())?;
        Some(if then == address.as_str() { address.clone() } else { Address::new(then) })
    }
}

impl Names {
    /// The entity of the head whose edit this is, where only the base has a side.
    fn entity_now(&self, edit: &Edit<'_>) -> Option<Address> {
        let before = edit.before?.entity;
        Some(Address::new(self.now(before.address.as_str())))
    }
}
