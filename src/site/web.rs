//! What in a model refers to what, and where.

use crate::criteria;
use crate::load::ModelScope;
use crate::model::{Shape, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// The places of an entity at which it refers to another one, as addresses below it.
pub(in crate::site) type Places = BTreeSet<String>;

/// Who refers to whom.
#[derive(Debug, Default)]
pub(in crate::site) struct Web {
    to: BTreeMap<String, BTreeMap<String, Places>>,
    from: BTreeMap<String, BTreeMap<String, Places>>,
}

impl Web {
    /// Everything that refers to something else in a model.
    pub(in crate::site) fn of(scope: &ModelScope<'_>) -> Self {
        let mut web = Self::default();
        for slot in scope.slots() {
            for target in targets(scope, slot) {
                web.note(scope, slot.entity.address.as_str(), slot.address.as_str(), &target);
            }
        }
        for criterion in scope.criteria() {
            let Some(expr) = criterion.expr.as_deref() else { continue };
            let (entity, place) = (criterion.entity.address.as_str(), criterion.address.as_str());
            for reference in criteria::references(expr) {
                web.note(scope, entity, place, &reference.to_string());
            }
            let Some(object) = criterion.object.as_deref() else { continue };
            for path in criteria::fields(expr) {
                if let Some((field, _)) = scope.field_at(object, &path.name()) {
                    web.note(scope, entity, place, field.as_str());
                }
            }
        }
        web
    }

    fn note(&mut self, scope: &ModelScope<'_>, from: &str, place: &str, target: &str) {
        let Some((entity, _)) = scope.model().entity_above(target) else { return };
        let to = entity.address.as_str();
        if to == from {
            return;
        }
        let below = place.strip_prefix(from).unwrap_or(place).trim_start_matches('.');
        for (web, one, other) in [(&mut self.to, from, to), (&mut self.from, to, from)] {
            let places = web.entry(one.to_owned()).or_default().entry(other.to_owned());
            places.or_default().insert(below.to_owned());
        }
    }

    /// What an entity refers to, and where it does.
    pub(in crate::site) fn refers_to(
        &self,
        address: &str,
    ) -> impl Iterator<Item = (&str, &Places)> {
        pairs(self.to.get(address))
    }

    /// What refers to an entity, and where it does.
    pub(in crate::site) fn referred_by(
        &self,
        address: &str,
    ) -> impl Iterator<Item = (&str, &Places)> {
        pairs(self.from.get(address))
    }
}

fn pairs(found: Option<&BTreeMap<String, Places>>) -> impl Iterator<Item = (&str, &Places)> {
    found.into_iter().flatten().map(|(address, places)| (address.as_str(), places))
}

/// The addresses a value refers to.
fn targets(scope: &ModelScope<'_>, slot: &Slot<'_>) -> Vec<String> {
    let Some(text) = slot.node.as_text() else { return Vec::new() };
    match slot.shape {
        Shape::Target(_) => vec![text.to_owned()],
        Shape::AddressPattern if !text.contains('*') => {
            // An example names a stage as `lifecycle.stage`, without the word in between.
            let in_full = format!("lifecycle.{text}");
            vec![text.to_owned(), in_full]
        }
        Shape::ObjectId => vec![format!("object.{text}")],
        Shape::FieldPath => {
            let found = slot.object.and_then(|object| scope.field_at(object, text));
            found.map(|(address, _)| address.to_string()).into_iter().collect()
        }
        Shape::Word => {
            let key = slot.address.as_str().rsplit_once('.');
            key.and_then(|(_, key)| slot.property.named_by(key)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
