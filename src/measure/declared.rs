//! Whether a record is one that there can be by what the models say: what is proved is proved of those.
//!
//! Exports hold others: a value that nobody declared, a required field that is empty, a part of a related
//! record that is not there.

use super::former::Ready;
use crate::criteria::{self, Expr, FieldKind, Record, Value};
use std::collections::BTreeSet;

/// What the models say of the fields that some questions ask for.
#[derive(Debug, Default)]
pub(super) struct Declared {
    fields: Vec<Said>,
}

/// What is said of a field: the kindest of what the states say.
#[derive(Debug)]
struct Said {
    path: String,
    /// The values there can be; any where nothing is said.
    values: Option<BTreeSet<String>>,
    required: bool,
}

impl Declared {
    /// What is said of the fields of some criteria.
    pub(super) fn of<'e>(
        states: &[&Ready<'_>],
        object: &str,
        criteria: impl IntoIterator<Item = &'e Expr>,
    ) -> Self {
        let fields = criteria.into_iter().flat_map(criteria::fields);
        let paths: BTreeSet<String> = fields.map(|field| field.name().into_owned()).collect();
        Self { fields: paths.into_iter().map(|path| said(states, object, path)).collect() }
    }

    /// The fields.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.path.as_str())
    }

    /// Whether a record is as they say.
    pub(super) fn hold(&self, record: &Record) -> bool {
        self.fields.iter().all(|field| field.holds(record))
    }
}

impl Said {
    fn holds(&self, record: &Record) -> bool {
        let value = record.get(&self.path);
        let owner = self.path.rsplit_once('.').map(|(owner, _)| record.get(owner).is_some());
        match (value, owner) {
            // Nothing is known of a related record that is not there.
            (Some(_), Some(false)) => false,
            (None, Some(false)) => true,
            (None, _) => !self.required,
            (Some(value), _) => self.admits(value),
        }
    }

    fn admits(&self, value: &Value) -> bool {
        let Some(declared) = &self.values else { return true };
        match value {
            Value::Text(text) => declared.contains(text),
            Value::Values(values) => values.iter().all(|value| declared.contains(value)),
            _ => true,
        }
    }
}

fn said(states: &[&Ready<'_>], object: &str, path: String) -> Said {
    let mut said = Said { path, values: Some(BTreeSet::new()), required: true };
    let mut is_known = false;
    for state in states {
        let Some((_, facts)) = state.now().field_at(object, &said.path) else { continue };
        is_known = true;
        let choice = matches!(facts.kind, FieldKind::Choice | FieldKind::Choices);
        said.required &= facts.required;
        if !choice || facts.open || facts.values.is_empty() {
            said.values = None;
        }
        if let Some(values) = &mut said.values {
            values.extend(facts.values.iter().cloned());
        }
    }
    said.required &= is_known;
    said
}
