//! A walk over everything an entity says, by its declaration.

use super::address::Address;
use super::declaration::{Declaration, Property, Shape};
use super::entity::{Entity, Model};
use crate::document::{Node, Table, Value};
use crate::finding::Place;
use crate::source::Span;

/// One value an entity states: a property, a named criterion, an element of a list.
#[derive(Debug, Clone)]
pub struct Slot<'m> {
    /// The entity.
    pub entity: &'m Entity,
    /// The address of the value; elements of a list have the list's.
    pub address: Address,
    /// The property it belongs to.
    pub property: &'static Property,
    /// The form of this value.
    pub shape: &'static Shape,
    /// The value.
    pub node: &'m Node,
    /// Where its key is written.
    pub key_span: Span,
    /// The item (stage, rule, …) it stands in, by address; the entity's where there is none.
    pub item: Address,
    /// The id of the object it is about: the nearest `object` written above it.
    pub object: Option<&'m str>,
}

/// Most entities state about as many values.
const USUAL_SLOTS: usize = 16;

impl Slot<'_> {
    /// The place of the value.
    pub fn place(&self) -> Place {
        self.entity.place(self.node.span)
    }
}

impl Model {
    /// Every single value of the model that its kinds declare, in order of address and file.
    pub fn slots(&self) -> Vec<Slot<'_>> {
        let mut slots = Vec::with_capacity(self.len() * USUAL_SLOTS);
        for entity in self.entities() {
            slots = entity.slots_behind(slots);
        }
        slots
    }
}

impl Entity {
    /// Every single value of the entity that its kind declares.
    pub fn slots(&self) -> Vec<Slot<'_>> {
        self.slots_behind(Vec::new())
    }

    fn slots_behind<'m>(&'m self, slots: Vec<Slot<'m>>) -> Vec<Slot<'m>> {
        let path = self.address.as_str().to_owned();
        let item = self.address.clone();
        // What an object says of itself is about itself.
        let object = (self.address.kind() == "object").then(|| self.address.id());
        let mut walk = Walk { entity: self, path, here: None, item, object, slots };
        if let Some(declaration) = self.declaration() {
            walk.table(declaration, &self.table);
        }
        walk.slots
    }
}

struct Walk<'m> {
    entity: &'m Entity,
    /// The address of where the walk is.
    path: String,
    /// The same as an address, once it has been asked for.
    here: Option<Address>,
    item: Address,
    object: Option<&'m str>,
    slots: Vec<Slot<'m>>,
}

impl<'m> Walk<'m> {
    fn table(&mut self, declaration: &'static Declaration, table: &'m Table) {
        let outer = self.object;
        if let Some(object) = table.text("object")
            && declaration.property("object").is_some()
        {
            self.object = Some(object);
        }
        for (property, entry) in declaration.walk(table) {
            self.below(&entry.key, |walk| {
                walk.value(property, &property.shape, &entry.node, entry.key_span);
            });
        }
        self.object = outer;
    }

    fn value(
        &mut self,
        property: &'static Property,
        shape: &'static Shape,
        node: &'m Node,
        key_span: Span,
    ) {
        match (shape, &node.value) {
            (Shape::List(inner), Value::Array(items)) => {
                for item in items {
                    self.value(property, inner, item, item.span);
                }
            }
            (Shape::Named(inner), Value::Table(table)) => {
                for entry in &table.entries {
                    self.below(&entry.key, |walk| {
                        walk.value(property, inner, &entry.node, entry.key_span);
                    });
                }
            }
            (Shape::Record(declaration), Value::Table(table)) => self.table(declaration, table),
            (Shape::Items(declaration), Value::Array(items)) => {
                for item in items {
                    self.item(declaration, item);
                }
            }
            _ => {
                let (address, item) = (self.address(), self.item.clone());
                let Self { entity, object, .. } = *self;
                let slot = Slot { entity, address, property, shape, node, key_span, item, object };
                self.slots.push(slot);
            }
        }
    }

    fn item(&mut self, declaration: &'static Declaration, item: &'m Node) {
        let Some(table) = item.as_table() else { return };
        let Some(id) = table.text("id") else { return };
        self.below(id, |walk| {
            let address = walk.address();
            let outer = std::mem::replace(&mut walk.item, address);
            walk.table(declaration, table);
            walk.item = outer;
        });
    }

    /// Goes a step down, and back.
    fn below(&mut self, step: &str, then: impl FnOnce(&mut Self)) {
        let above = self.path.len();
        self.path.push('.');
        self.path.push_str(step);
        self.here = None;
        then(self);
        self.path.truncate(above);
        self.here = None;
    }

    /// The address of where the walk is; the elements of a list share it.
    fn address(&mut self) -> Address {
        self.here.get_or_insert_with(|| Address::new(self.path.as_str())).clone()
    }
}
