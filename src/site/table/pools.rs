//! What routing tables are made of, each part kept once and named by its place.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Parts of one sort.
#[derive(Debug, Default)]
pub(super) struct Pool {
    places: BTreeMap<String, usize>,
    all: Vec<Json>,
}

impl Pool {
    /// The place of a part, which is added where it is new.
    pub(super) fn place(&mut self, part: Json) -> usize {
        let next = self.all.len();
        let place = *self.places.entry(part.to_string()).or_insert(next);
        if place == next {
            self.all.push(part);
        }
        place
    }

    /// All parts, by place.
    pub(super) fn all(self) -> Vec<Json> {
        self.all
    }
}

/// The parts of a routing table through time.
#[derive(Debug, Default)]
pub(super) struct Pools {
    /// Tables: what they are about, their rules, their default, the fields of the form.
    pub(super) tables: Pool,
    /// Rules: id, name, condition, destination, promise.
    pub(super) rules: Pool,
    /// Criteria: their words as written, and what they say.
    pub(super) criteria: Pool,
    /// What a reference stands for: the criteria that must hold, and those that must not.
    pub(super) predicates: Pool,
    /// The values of lists.
    pub(super) lists: Pool,
    /// Fields as criteria ask for them: the path and what stands in them.
    pub(super) asked: Pool,
    /// Fields as a form shows them.
    pub(super) fields: Pool,
    /// Addresses, the names people use, and the pages.
    pub(super) names: Pool,
}
