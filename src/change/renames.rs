//! Declared renames: what an entity or item was called before, by `formerly`.

use super::sameness::same_table;
use crate::document::{Node, Table};
use crate::model::{Address, Entity, Model};
use std::collections::{BTreeMap, BTreeSet};

/// Declared renames: new address to old entity.
pub(super) struct Renames<'m> {
    pub(super) to: BTreeMap<Address, &'m Entity>,
    pub(super) from: BTreeSet<Address>,
}

impl<'m> Renames<'m> {
    pub(super) fn between(base: &'m Model, head: &Model) -> Self {
        let mut renames = Self { to: BTreeMap::new(), from: BTreeSet::new() };
        for entity in head.entities() {
            if base.get(entity.address.as_str()).is_some() {
                continue;
            }
            for id in former_ids(&entity.table) {
                let old = renamed(&entity.address, id);
                if let Some(before) = base.get(old.as_str())
                    && !stands_as_it_was(before, head)
                    && renames.from.insert(old)
                {
                    renames.to.insert(entity.address.clone(), before);
                    break;
                }
            }
        }
        renames.back(base, head);
        renames
    }

    /// Renames that the base declares and the head takes back.
    fn back(&mut self, base: &'m Model, head: &Model) {
        for entity in base.entities() {
            if head.get(entity.address.as_str()).is_some() || self.from.contains(&entity.address) {
                continue;
            }
            let old =
                former_ids(&entity.table).map(|id| renamed(&entity.address, id)).find(|old| {
                    base.get(old.as_str()).is_none()
                        && !self.to.contains_key(old)
                        && head.get(old.as_str()).is_some()
                });
            if let Some(old) = old {
                self.from.insert(entity.address.clone());
                self.to.insert(old, entity);
            }
        }
    }

    pub(super) fn new_names(&self) -> BTreeMap<String, String> {
        let names = self.to.iter().map(|(new, old)| (old.address.to_string(), new.to_string()));
        names.collect()
    }

    /// Whether an id was renamed away and stands for something else now.
    pub(super) fn reused(&self, address: &Address) -> bool {
        self.from.contains(address)
    }
}

/// Whether an entity still stands there unchanged: then nothing was renamed, whatever is declared.
fn stands_as_it_was(before: &Entity, head: &Model) -> bool {
    head.get(before.address.as_str()).is_some_and(|now| same_table(&before.table, &now.table))
}

/// An address with another last step; ids of two steps may be given whole.
fn renamed(address: &Address, id: &str) -> Address {
    let text = address.as_str();
    let keep = text.split('.').count().saturating_sub(id.split('.').count());
    let mut steps: Vec<&str> = text.split('.').take(keep).collect();
    steps.push(id);
    Address::new(steps.join("."))
}

/// The ids a table says it had before.
pub(super) fn former_ids(table: &Table) -> impl Iterator<Item = &str> {
    let items = table.get("formerly").and_then(Node::as_array).unwrap_or_default();
    items.iter().filter_map(Node::as_text)
}
