//! What in a model is referred to, and by whom.

use crate::criteria;
use crate::load::ModelScope;
use crate::model::{Entity, Shape, Slot};
use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::collections::HashSet;

/// Addresses that are looked up one by one.
pub(in crate::check) type Addresses<'m> = HashSet<Cow<'m, str>, FixedState>;

/// The addresses of everything that something else refers to. What examples expect does not
/// count: an example tries a thing, it does not use it.
pub(in crate::check) fn referred_to<'m>(scope: &ModelScope<'m>) -> Addresses<'m> {
    let mut found = Addresses::default();
    for slot in scope.slots().iter().filter(|slot| counts(slot.entity)) {
        if let Some(address) = target(slot) {
            note(&mut found, slot.entity, address);
        }
    }
    for criterion in scope.criteria().iter().filter(|criterion| counts(criterion.entity)) {
        match &criterion.expr {
            Some(expr) => {
                for reference in criteria::references(expr) {
                    note(&mut found, criterion.entity, Cow::Owned(reference.to_string()));
                }
            }
            None => {
                // What cannot be read may refer to anything it spells.
                for word in criterion.text.split(|c: char| c.is_whitespace() || "(),".contains(c)) {
                    note(&mut found, criterion.entity, Cow::Borrowed(word));
                }
            }
        }
    }
    found
}

/// An example tries a thing, it does not use it.
fn counts(from: &Entity) -> bool {
    from.kind.is_none_or(|kind| kind.id != "example")
}

fn note<'m>(found: &mut Addresses<'m>, from: &Entity, address: Cow<'m, str>) {
    if from.address.as_str() != address {
        found.insert(address);
    }
}

/// The address a value refers to.
fn target<'m>(slot: &Slot<'m>) -> Option<Cow<'m, str>> {
    match slot.shape {
        // What is written wrongly is meant all the same.
        Shape::Target(_) => slot.node.as_text().map(lower),
        Shape::List(inner) | Shape::Named(inner) if matches!(**inner, Shape::Target(_)) => {
            slot.node.as_text().map(lower)
        }
        _ => system_of(slot).map(Cow::Owned),
    }
}

fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// The address of the system whose name for a field or object this is.
pub(super) fn system_of(slot: &Slot<'_>) -> Option<String> {
    slot.property.named_by(slot.address.as_str().rsplit_once('.')?.1)
}
