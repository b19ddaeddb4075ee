//! The members of a list: which come and go, where some stand for others, or all of them for none.

use super::canonical;
use super::edit::{Edit, Edited};
use crate::document::Node;
use crate::model::{Pattern, Property, Shape};
use std::collections::BTreeSet;

/// The members that a property's list comes to, each once: what it has where none is given, and none
/// where those that are given mean the same as none.
pub(super) fn of(property: &Property, node: Option<&Node>) -> Vec<String> {
    let facet = &property.facet;
    let Some(node) = node else {
        return facet.usual.iter().map(|member| (*member).to_owned()).collect();
    };
    let members = written(node);
    let is_all = |all: &[&str]| {
        !all.is_empty() && all.iter().all(|one| members.iter().any(|member| member == one))
    };
    if is_all(facet.all) { Vec::new() } else { members }
}

/// The members of a list as written, each once.
fn written(node: &Node) -> Vec<String> {
    let member = |item: &Node| match item.as_text() {
        Some(text) => text.to_owned(),
        None => item
            .as_date()
            .map_or_else(|| canonical::plain(item).to_string(), |date| date.to_string()),
    };
    let mut seen = BTreeSet::new();
    let items = node.as_array().unwrap_or_default();
    items.iter().map(member).filter(|member| seen.insert(member.clone())).collect()
}

/// The members that are not among some others, in order.
pub(super) fn others(members: &[String], known: &[String]) -> Vec<String> {
    let known: BTreeSet<&String> = known.iter().collect();
    members.iter().filter(|member| !known.contains(member)).cloned().collect()
}

/// The members that go and those that come, without such as one on the other side covers anyway.
pub(super) fn gone_and_come(
    property: &Property,
    old: &[String],
    new: &[String],
) -> [Vec<String>; 2] {
    let beyond = |members: Vec<String>, others: &[String]| -> Vec<String> {
        let is_covered = |member: &String| others.iter().any(|one| covers(property, one, member));
        members.into_iter().filter(|member| !is_covered(member)).collect()
    };
    [beyond(others(old, new), new), beyond(others(new, old), old)]
}

/// Whether one member says all that another one does.
fn covers(property: &Property, one: &str, other: &str) -> bool {
    match &property.shape {
        Shape::List(inner) if **inner == Shape::AddressPattern => Pattern::new(one).covers(other),
        // Where `*` alone stands for all, a last `*` stands for any ending.
        Shape::List(_) if property.facet.all == ["*"] => {
            one.strip_suffix('*').is_some_and(|start| other.starts_with(start))
        }
        _ => false,
    }
}

/// Whether the members that come are the first, or those that go the last, of a list in which none
/// stands for something else than few.
pub(super) fn turns(edit: &Edit<'_>, property: &Property) -> bool {
    let has_none =
        |side: Option<Edited<'_>>| of(property, side.and_then(|side| side.node)).is_empty();
    property.facet.turns_at_none && (has_none(edit.before) || has_none(edit.after))
}

/// Whether either side of an edit lists what stands for all.
pub(super) fn says_all(edit: &Edit<'_>, property: &Property) -> bool {
    let lists = |side: Option<Edited<'_>>| {
        side.and_then(|side| side.node)
            .is_some_and(|node| !written(node).is_empty() && of(property, Some(node)).is_empty())
    };
    lists(edit.before) || lists(edit.after)
}
