//! The part of a model that some criteria depend on: what they refer to, with what that refers to in
//! turn, and the fields that any of it asks for.

use super::criteria::object_of;
use super::scope::PREDICATE_KINDS;
use crate::criteria::{self, Expr};
use crate::model::field::Field;
use crate::model::{Address, Entity, Model, Shape};
use std::collections::BTreeSet;

/// The smallest model in which some criteria mean what they mean in the whole one.
#[derive(Debug, Clone, Default)]
pub struct Needed {
    /// The model.
    pub model: Model,
    /// The fields that are asked for.
    pub fields: FieldsAsked,
}

/// Fields that criteria of one revision ask for. What they are in the other one counts too, whatever
/// its criteria ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldsAsked {
    /// Paths, each from an object.
    paths: BTreeSet<(String, Vec<String>)>,
    /// Addresses, those from before a declared rename among them.
    addresses: BTreeSet<Address>,
}

impl FieldsAsked {
    /// Whether the other ones are among these.
    pub fn hold(&self, others: &Self) -> bool {
        others.paths.is_subset(&self.paths) && others.addresses.is_subset(&self.addresses)
    }
}

/// The part of a model that some criteria need.
///
/// The criteria are named by address, with their text: what else their entities say is there, and of
/// that only what the criteria ask for can be answered. What stands in the files `but` is not there.
pub fn needed_by(
    model: &Model,
    criteria: &[(String, String)],
    but: &BTreeSet<String>,
    others: &FieldsAsked,
) -> Needed {
    let found = Needed { model: Model::default(), fields: others.clone() };
    let mut closure = Closure { model, but, found, open: Vec::new(), met: BTreeSet::new() };
    for (address, text) in criteria {
        if let Some(entity) = closure.above(address) {
            closure.criterion(entity, address, text);
        }
    }
    while let Some(entity) = closure.open.pop() {
        closure.predicate(entity);
    }
    for (object, path) in &others.paths {
        closure.path(object, path);
    }
    for address in &others.addresses {
        closure.field(address.as_str());
    }
    closure.found
}

struct Closure<'m> {
    model: &'m Model,
    but: &'m BTreeSet<String>,
    found: Needed,
    /// Predicates whose criteria are still to be looked at.
    open: Vec<&'m Entity>,
    /// Predicates that are or were open.
    met: BTreeSet<&'m str>,
}

impl<'m> Closure<'m> {
    fn get(&self, address: &str) -> Option<&'m Entity> {
        self.model.get(address).filter(|entity| self.is_there(entity))
    }

    fn above(&self, address: &str) -> Option<&'m Entity> {
        let (entity, _) = self.model.entity_above(address)?;
        self.is_there(entity).then_some(entity)
    }

    fn is_there(&self, entity: &Entity) -> bool {
        !self.but.contains(entity.source.path())
    }

    fn criterion(&mut self, entity: &'m Entity, address: &str, text: &str) {
        self.add(entity);
        let slots = entity.slots();
        let slot = slots.iter().find(|slot| slot.address.as_str() == address);
        let object = slot.and_then(|slot| slot.object.map(str::to_owned));
        self.asks(entity, object, text);
    }

    fn predicate(&mut self, entity: &'m Entity) {
        for slot in entity.slots() {
            if *slot.shape == Shape::Predicate
                && let Some(text) = slot.node.as_text()
            {
                self.asks(entity, slot.object.map(str::to_owned), text);
            }
        }
    }

    /// Adds what the text of a criterion asks for.
    fn asks(&mut self, entity: &'m Entity, object: Option<String>, text: &str) {
        let waived = entity.table.text("waives").and_then(|at| self.above(at));
        if let Some(waived) = waived {
            self.add(waived);
        }
        let object = object.or_else(|| object_of(self.model, entity));
        let Some(expr) = criteria::parse(text).expr else { return };
        if let Some(object) = &object {
            self.object(object);
            self.fields(&expr, object);
        }
        for reference in criteria::references(&expr) {
            let address = format!("{}.{}", reference.kind, reference.id);
            self.address(&address);
            let is_predicate = PREDICATE_KINDS.contains(&reference.kind.as_str());
            if let Some(entity) = self.get(&address).filter(|_| is_predicate)
                && self.met.insert(entity.address.as_str())
            {
                self.open.push(entity);
            }
        }
    }

    /// Adds the fields on the paths of an expression about an object.
    fn fields(&mut self, expr: &Expr, object: &str) {
        for path in criteria::fields(expr) {
            self.path(object, &path.parts);
            self.found.fields.paths.insert((object.to_owned(), path.parts.clone()));
        }
    }

    /// Adds the fields on a path, as far as it leads.
    fn path(&mut self, object: &str, path: &[String]) {
        let mut object = object.to_owned();
        for part in path {
            let Some(field) = self.field(&format!("field.{object}.{part}")) else { break };
            let Some(target) = field.object() else { break };
            target.clone_into(&mut object);
            self.object(&object);
        }
    }

    /// Adds a field, or the one that was called so before.
    fn field(&mut self, address: &str) -> Option<&'m Entity> {
        let field = self.get(address).or_else(|| self.called_so_before(address))?;
        self.add(field);
        let addresses = field.former_addresses().chain([field.address.clone()]);
        self.found.fields.addresses.extend(addresses);
        if let Some(list) = field.table.text("values_from") {
            self.address(list);
        }
        Some(field)
    }

    fn called_so_before(&self, address: &str) -> Option<&'m Entity> {
        let (object, _) = address.rsplit_once('.')?;
        let mut fields = self.model.of_kind(object);
        fields.find(|field| {
            self.is_there(field) && field.former_addresses().any(|then| then.as_str() == address)
        })
    }

    /// Adds what makes a type of record known: its own entity, or else any field of it.
    fn object(&mut self, object: &str) {
        let own = self.get(&format!("object.{object}"));
        let fields = format!("field.{object}");
        let counts =
            |field: &&Entity| self.is_there(field) && field.read::<Field>().r#type.is_some();
        if let Some(entity) = own.or_else(|| self.model.of_kind(&fields).find(counts)) {
            self.add(entity);
        }
    }

    fn address(&mut self, address: &str) {
        if let Some(entity) = self.get(address) {
            self.add(entity);
        }
    }

    fn add(&mut self, entity: &Entity) {
        if self.found.model.get(entity.address.as_str()).is_none() {
            self.found.model.share(self.model, entity.address.as_str());
        }
    }
}
