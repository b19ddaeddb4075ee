//! Which entities have criteria, and which names these use: kept beside a model that changes little from
//! one revision to the next, so that nobody has to read all of it to know what a change can reach.

use super::criteria::{Parsed, written};
use crate::criteria::{self, Expr};
use crate::model::{Address, Entity};
use std::collections::{BTreeMap, BTreeSet};

/// The names that the criteria of a model's entities use.
#[derive(Debug, Default)]
pub struct Uses {
    /// What each entity with criteria says, by address.
    entities: BTreeMap<Address, Used>,
    /// The entities that use each name.
    users: BTreeMap<String, BTreeSet<Address>>,
    /// A place in a row for each entity that can be asked something.
    places: BTreeMap<Address, usize>,
    /// Places that nobody has any more.
    free: Vec<usize>,
}

/// What the criteria of an entity say.
#[derive(Debug)]
struct Used {
    /// The names they use.
    names: BTreeSet<String>,
    /// Each of them, in the order they are written.
    parsed: Vec<Parsed>,
}

impl Uses {
    /// Adds an entity.
    pub fn add(&mut self, entity: &Entity) {
        let slots = entity.slots();
        let parsed: Vec<Parsed> = written(&slots).map(|(_, text)| Parsed::of(text)).collect();
        if !parsed.is_empty() || matches!(entity.address.kind(), "field" | "list") {
            let place = self.free.pop().unwrap_or(self.places.len());
            self.places.insert(entity.address.clone(), place);
        }
        if parsed.is_empty() {
            return;
        }
        let mut names = BTreeSet::new();
        for expr in parsed.iter().filter_map(|parsed| parsed.expr.as_deref()) {
            add_names(expr, &mut names);
        }
        for name in &names {
            self.users.entry(name.clone()).or_default().insert(entity.address.clone());
        }
        self.entities.insert(entity.address.clone(), Used { names, parsed });
    }

    /// Takes an entity out.
    pub fn forget(&mut self, address: &Address) {
        self.free.extend(self.places.remove(address));
        let Some(used) = self.entities.remove(address) else { return };
        for name in used.names {
            if let Some(users) = self.users.get_mut(&name) {
                users.remove(address);
                if users.is_empty() {
                    self.users.remove(&name);
                }
            }
        }
    }

    /// The addresses of the entities that have criteria, in order.
    pub(super) fn entities(&self) -> impl Iterator<Item = &Address> {
        self.entities.keys()
    }

    /// Whether an entity has criteria.
    pub(super) fn has_criteria(&self, address: &str) -> bool {
        self.entities.contains_key(address)
    }

    /// So many places there are; none is as high.
    pub(super) fn places(&self) -> usize {
        self.places.len() + self.free.len()
    }

    /// The place of an entity that has criteria, of a field or of a list.
    pub(super) fn place(&self, address: &str) -> Option<usize> {
        self.places.get(address).copied()
    }

    /// The criteria of an entity as they were read, in the order they are written.
    pub(super) fn parsed(&self, address: &Address) -> &[Parsed] {
        self.entities.get(address).map_or_else(Default::default, |used| used.parsed.as_slice())
    }
}

fn add_names(expr: &Expr, names: &mut BTreeSet<String>) {
    for path in criteria::fields(expr) {
        names.extend(path.parts.iter().map(|part| of_field(part)));
    }
    names.extend(criteria::references(expr).into_iter().map(ToString::to_string));
}

/// What a field is called in criteria, whatever record it is one of.
fn of_field(part: &str) -> String {
    [".", part].concat()
}

/// The name by which criteria use what stands at the address of an entity.
fn name_of(address: &str) -> String {
    let field = address.strip_prefix("field.").and_then(|rest| rest.split_once('.'));
    field.map_or_else(|| address.to_owned(), |(_, part)| of_field(part))
}

/// The entities whose criteria may use some others, by way of each other and in either of two models.
pub fn users<'a>(models: [&Uses; 2], of: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = of.map(name_of).collect();
    while let Some(name) = open.pop() {
        for user in models.iter().filter_map(|uses| uses.users.get(&name)).flatten() {
            if found.insert(user.to_string()) {
                open.push(user.to_string());
            }
        }
    }
    found
}
