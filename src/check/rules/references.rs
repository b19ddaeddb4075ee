//! What in a model is referred to, and by whom.

use crate::criteria;
use crate::load::ModelScope;
use crate::model::{Entity, Shape, Slot};
use std::collections::BTreeSet;

/// The addresses of everything that something else refers to. What examples expect does not
/// count: an example tries a thing, it does not use it.
pub(in crate::check) fn referred_to(scope: &ModelScope<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for slot in scope.slots() {
        if let Some(address) = target(slot) {
            note(&mut found, slot.entity, address);
        }
    }
    for criterion in scope.criteria() {
        match &criterion.expr {
            Some(expr) => {
                for reference in criteria::references(expr) {
                    note(&mut found, criterion.entity, reference.to_string());
                }
            }
            None => {
                // What cannot be read may refer to anything it spells.
                for word in criterion.text.split(|c: char| c.is_whitespace() || "(),".contains(c)) {
                    note(&mut found, criterion.entity, word.to_owned());
                }
            }
        }
    }
    found
}

fn note(found: &mut BTreeSet<String>, from: &Entity, address: String) {
    if from.address.as_str() != address && from.address.kind() != "example" {
        found.insert(address);
    }
}

/// The address a value refers to.
fn target(slot: &Slot<'_>) -> Option<String> {
    match slot.shape {
        // What is written wrongly is meant all the same.
        Shape::Target(_) => slot.node.as_text().map(str::to_lowercase),
        Shape::List(inner) | Shape::Named(inner) if matches!(**inner, Shape::Target(_)) => {
            slot.node.as_text().map(str::to_lowercase)
        }
        _ => system_of(slot),
    }
}

/// The address of the system whose name for a field or object this is.
pub(super) fn system_of(slot: &Slot<'_>) -> Option<String> {
    if !(matches!(slot.shape, Shape::Word) && matches!(slot.property.name, "columns" | "systems")) {
        return None;
    }
    let (_, system) = slot.address.as_str().rsplit_once('.')?;
    Some(format!("system.{system}"))
}
