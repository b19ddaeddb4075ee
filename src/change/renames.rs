//! Declared renames: what an entity or item was called before, by `formerly`.

use super::classify::Change;
use super::edit::{Edit, Operation};
use super::sameness::same_table;
use crate::model::{Address, Entity, Model, former_ids};
use std::collections::{BTreeMap, BTreeSet};

/// Declared renames: new address to old entity.
pub(super) struct Renames<'m> {
    pub(super) to: BTreeMap<Address, &'m Entity>,
    pub(super) from: BTreeSet<Address>,
}

/// Whether an entity does what it does by its id: under another one it is another.
///
/// A policy entry without `rule` is about the rule it is called after, and `decision.default` is what
/// no other decision right takes.
fn is_its_id(entity: &Entity) -> bool {
    match entity.address.kind() {
        "policy" => entity.table.get("rule").is_none(),
        "decision" => entity.address.id() == "default",
        _ => false,
    }
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
                    && !is_its_id(before)
                    && !is_its_id(entity)
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
                        && head.get(old.as_str()).is_some_and(|other| !is_its_id(other))
                        && !is_its_id(entity)
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

/// What entities and items are called in the other revision.
#[derive(Debug, Default)]
pub struct Names {
    now: BTreeMap<String, String>,
    then: BTreeMap<String, String>,
}

impl Names {
    /// What the entities of another model are called in a newer one, by the renames it declares.
    pub fn between(base: &Model, head: &Model) -> Self {
        let renames = Renames::between(base, head);
        renames.to.iter().map(|(new, old)| (&old.address, new)).collect()
    }

    /// The names that declared renames give.
    pub(super) fn of(changes: &[Change]) -> Self {
        let renames = changes.iter().filter(|change| change.is_rename());
        renames.filter_map(|change| Some((change.previous.as_ref()?, &change.address))).collect()
    }

    /// The same, of edits that are not judged yet.
    pub(super) fn of_edits(edits: &[Edit<'_>]) -> Self {
        let renames = edits.iter().filter(|edit| edit.operation == Operation::Renamed);
        renames.filter_map(|edit| Some((edit.previous.as_ref()?, &edit.address))).collect()
    }

    /// Whether nothing has another name.
    pub(super) fn is_empty(&self) -> bool {
        self.now.is_empty()
    }

    /// Whether the fields of a record have other names.
    pub fn have_fields(&self) -> bool {
        self.now.keys().any(|name| name.starts_with("field.") || name.starts_with("object."))
    }

    /// What an object of the base is called in the head.
    pub fn object_now<'a>(&'a self, id: &'a str) -> &'a str {
        let now = self.now.get(&format!("object.{id}"));
        now.and_then(|now| now.split_once('.')).map_or(id, |(_, id)| id)
    }

    /// What an object of the head is called in the base; none where that name was another's.
    pub fn object_then(&self, id: &str) -> Option<String> {
        let then = self.then(&format!("object.{id}"))?;
        Some(then.strip_prefix("object.")?.to_owned())
    }

    /// What an address of the base is called in the head.
    pub fn now(&self, address: &str) -> String {
        other(&self.now, address).unwrap_or_else(|| address.to_owned())
    }

    /// What an address of the head is called in the base; none where that name was another's.
    pub fn then(&self, address: &str) -> Option<String> {
        other(&self.then, address)
            .or_else(|| other(&self.now, address).is_none().then(|| address.to_owned()))
    }
}

impl<'a> FromIterator<(&'a Address, &'a Address)> for Names {
    fn from_iter<I: IntoIterator<Item = (&'a Address, &'a Address)>>(renames: I) -> Self {
        let mut names = Self::default();
        for (then, now) in renames {
            names.now.insert(then.to_string(), now.to_string());
            names.then.insert(now.to_string(), then.to_string());
        }
        names
    }
}

/// An address with the longest part of it that has another name under that name.
fn other(names: &BTreeMap<String, String>, address: &str) -> Option<String> {
    let mut part = address;
    loop {
        if let Some(name) = names.get(part) {
            let rest = address.strip_prefix(part).unwrap_or_default();
            return Some([name, rest].concat());
        }
        part = part.rsplit_once('.')?.0;
    }
}
