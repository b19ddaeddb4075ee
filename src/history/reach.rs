//! What decides about a record: everything a routing table, an ICP or a lifecycle refers to,
//! directly or through others, whether it is there or not.

use crate::criteria::{fields, parse, references};
use crate::model::{Address, Entity, Model, Shape, Slot};
use std::collections::BTreeSet;

/// The entities whose change can change what one of them makes of a record; only as far as what
/// stands below `within` refers to them.
pub(super) fn reach(model: &Model, top: &str, within: &[String]) -> BTreeSet<Address> {
    let mut reach = Reach { model, found: BTreeSet::new(), open: Vec::new() };
    if let Some(entity) = model.get(top) {
        reach.entity(entity, |slot| within.iter().any(|below| slot.address.is_within(below)));
    }
    reach.run();
    reach.found
}

/// The fields of a record, through related objects, and what they take their values from.
pub(super) fn reach_of_fields<'f>(
    model: &Model,
    object: &str,
    paths: impl IntoIterator<Item = &'f str>,
) -> BTreeSet<Address> {
    let mut reach = Reach { model, found: BTreeSet::new(), open: Vec::new() };
    reach.name(format!("object.{object}"));
    for path in paths {
        reach.path(object, path.split('.'));
    }
    reach.run();
    reach.found
}

struct Reach<'a> {
    model: &'a Model,
    found: BTreeSet<Address>,
    open: Vec<Address>,
}

impl Reach<'_> {
    fn run(&mut self) {
        while let Some(address) = self.open.pop() {
            if let Some(entity) = self.model.get(address.as_str()) {
                self.entity(entity, |_| true);
            }
        }
    }

    fn name(&mut self, name: String) {
        let address = Address::new(name);
        if self.found.insert(address.clone()) {
            self.open.push(address);
        }
    }

    fn entity(&mut self, entity: &Entity, wanted: impl Fn(&Slot<'_>) -> bool) {
        if entity.address.kind() == "field" {
            // A field is what its own declaration, its list of values, its object and the one it refers to
            // make of it.
            let own = entity.address.as_str().split('.').nth(1);
            for object in own.into_iter().chain(entity.object()) {
                self.name(format!("object.{object}"));
            }
            if let Some(list) = entity.table.text("values_from") {
                self.name(list.to_owned());
            }
            return;
        }
        for slot in entity.slots() {
            let object = slot.object.or(entity.object()).unwrap_or_default();
            let text = slot.node.as_text().filter(|_| *slot.shape == Shape::Predicate);
            let expr = text.filter(|_| wanted(&slot)).and_then(|text| parse(text).expr);
            let Some(expr) = expr else { continue };
            for reference in references(&expr) {
                self.name(reference.to_string());
            }
            for field in fields(&expr) {
                self.path(object, field.parts.iter().map(String::as_str));
            }
        }
    }

    /// The fields along a path from an object.
    fn path<'s>(&mut self, object: &str, steps: impl Iterator<Item = &'s str>) {
        let model = self.model;
        let mut object = object;
        for step in steps {
            let address = format!("field.{object}.{step}");
            let next = model.get(address.as_str()).and_then(Entity::object);
            self.name(address);
            let Some(next) = next else { return };
            object = next;
        }
    }
}
