//! Whether two values are written the same, and which items of an order stand where they stood.

use super::canonical::canonical;
use crate::document::{Entry, Node, Table, Value};
use crate::model::Property;
use std::collections::BTreeSet;

/// Whether two values are written the same, spans and the order of keys apart.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Table(a), Value::Table(b)) => same_table(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (a, b) => a == b,
    }
}

/// Whether two tables are written the same, spans and the order of keys apart.
pub fn same_table(a: &Table, b: &Table) -> bool {
    // Most keys stand where they stood.
    let same_entry = |(at, entry): (usize, &Entry)| {
        let there = b.entries.get(at).filter(|other| other.key == entry.key);
        let node = there.map(|other| &other.node).or_else(|| b.get(&entry.key));
        node.is_some_and(|node| same(&entry.node, node))
    };
    a.entries.len() == b.entries.len() && a.entries.iter().enumerate().all(same_entry)
}

/// Whether two values of a property are written otherwise at most.
pub(super) fn means_the_same(property: &Property, before: &Node, after: &Node) -> bool {
    let is_of_one_step = || {
        let step = |node: &Node| property.step(node.as_text()?);
        step(before).is_some_and(|before| Some(before) == step(after))
    };
    canonical(property, before) == canonical(property, after) || is_of_one_step()
}

/// The positions of a longest increasing run.
pub(super) fn longest_increasing(values: &[usize]) -> BTreeSet<usize> {
    // The position at which a run of each length ends lowest, and what each position follows.
    let mut ends: Vec<usize> = Vec::new();
    let mut follows: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let longest = ends.partition_point(|end| values.get(*end).is_some_and(|end| end < value));
        follows.push(longest.checked_sub(1).and_then(|before| ends.get(before)).copied());
        match ends.get_mut(longest) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut next = ends.last().copied();
    let mut run = BTreeSet::new();
    while let Some(at) = next {
        run.insert(at);
        next = follows.get(at).copied().flatten();
    }
    run
}
