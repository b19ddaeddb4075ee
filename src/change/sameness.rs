//! Whether two values are written the same, and which items of an order stand where they stood.

use crate::document::{Node, Table, Value};
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

fn same_table(a: &Table, b: &Table) -> bool {
    a.entries.len() == b.entries.len()
        && a.entries.iter().zip(&b.entries).all(|(x, y)| {
            if x.key == y.key {
                same(&x.node, &y.node)
            } else {
                b.get(&x.key).is_some_and(|node| same(&x.node, node)) && a.get(&y.key).is_some()
            }
        })
}

/// The positions of a longest increasing run; of several the one found first.
pub(super) fn longest_increasing(values: &[usize]) -> BTreeSet<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let before = values.iter().zip(&best).enumerate().take(index);
        let longest = before
            .filter(|(_, (other, _))| *other < value)
            .map(|(at, (_, (length, _)))| (*length, std::cmp::Reverse(at)))
            .max();
        best.push(match longest {
            Some((length, std::cmp::Reverse(at))) => (length + 1, Some(at)),
            None => (1, None),
        });
    }
    let last = best.iter().enumerate().max_by_key(|(at, (n, _))| (*n, std::cmp::Reverse(*at)));
    let mut next = last.map(|(at, _)| at);
    let mut run = BTreeSet::new();
    while let Some(at) = next {
        run.insert(at);
        next = best.get(at).and_then(|(_, previous)| *previous);
    }
    run
}
