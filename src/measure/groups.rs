//! Figures by the values of a field, as long as there are not too many values.

use crate::criteria::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What is added up for each value of a field.
pub trait Grouped {
    /// Adds all of another.
    fn merge(&mut self, other: &Self);
}

/// Something by the values of a field, as long as there are not too many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups<G> {
    /// By value; of records that hold none under nothing.
    pub values: BTreeMap<Option<String>, G>,
    /// Whether there are too many values.
    pub too_many: bool,
}

impl<G> Default for Groups<G> {
    fn default() -> Self {
        Self { values: BTreeMap::new(), too_many: false }
    }
}

impl<G: Grouped> Groups<G> {
    /// So many values are told apart at most.
    pub const MOST: usize = 1_000;

    /// Adds to what is there for a value.
    pub fn add(
        &mut self,
        value: Option<Value>,
        fresh: impl FnOnce() -> G,
        add: impl FnOnce(&mut G),
    ) {
        if self.too_many {
            return;
        }
        add(self.values.entry(value.map(written)).or_insert_with(fresh));
        self.fit();
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: Self) {
        self.too_many |= other.too_many;
        for (value, group) in other.values {
            match self.values.entry(value) {
                Entry::Occupied(known) => {
                    known.into_mut().merge(&group);
                }
                Entry::Vacant(open) => {
                    open.insert(group);
                }
            }
        }
        self.fit();
    }

    fn fit(&mut self) {
        if self.too_many || self.values.len() > Self::MOST {
            self.too_many = true;
            self.values.clear();
        }
    }
}

/// A value as people read it.
fn written(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        Value::Values(values) => values.join(", "),
        other => other.to_string(),
    }
}
