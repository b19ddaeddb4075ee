//! One record: the values of its fields, and of the fields of related records.

use super::expr::Value;
use std::collections::BTreeMap;

/// The values of a record by field; those of a related record by path (`account.industry`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    values: BTreeMap<String, Value>,
}

impl Record {
    /// A record with no field set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field. An empty text or an empty multi-select counts as not set.
    pub fn set(&mut self, field: impl Into<String>, value: impl Into<Value>) {
        self.values.insert(field.into(), value.into());
    }

    /// The same record with one more field set.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }

    /// Takes the value of a field away.
    pub fn unset(&mut self, field: &str) {
        self.values.remove(field);
    }

    /// The value of a field, if it is set.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.values.get(field).filter(|value| is_set(value))
    }

    /// The fields that are set and their values, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().filter(|(_, v)| is_set(v)).map(|(field, value)| (field.as_str(), value))
    }
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Text(text) => !text.is_empty(),
        Value::Values(values) => !values.is_empty(),
        _ => true,
    }
}
