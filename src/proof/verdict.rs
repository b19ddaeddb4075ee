//! What was found out about criteria, and the records that show it.

use crate::criteria::{Record, Value};
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How two predicates compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same records pass.
    Equivalent,
    /// Everything that passed still does, and more.
    Looser {
        /// A record that passes now and did not before.
        admits: Witness,
    },
    /// Nothing new passes, and less than before.
    Tighter {
        /// A record that passed and does not any more.
        refuses: Witness,
    },
    /// Some records pass that did not, some do not that did.
    Shifted {
        /// A record that passes now and did not before.
        admits: Witness,
        /// A record that passed and does not any more.
        refuses: Witness,
    },
    /// Not decided, and why.
    Undecided(String),
}

/// A record that shows something: field names and values; a field left out is not set.
pub type Witness = BTreeMap<String, Json>;

/// What one criterion says of all records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every record passes.
    Always,
    /// No record passes.
    Never,
    /// Some pass, some do not.
    Sometimes,
}

/// A record as a witness.
pub fn witness(record: &Record) -> Witness {
    record.iter().map(|(field, value)| (field.to_owned(), shown(value))).collect()
}

fn shown(value: &Value) -> Json {
    match value {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Bool(truth) => Json::from(*truth),
        Value::Date(date) => Json::from(date.to_string()),
        Value::DateTime(instant) => Json::from(instant.to_string()),
        Value::Values(values) => Json::from(values.clone()),
        Value::Number(number) => match number.to_i64().filter(|_| number.is_integer()) {
            Some(whole) => Json::from(whole),
            None => number.to_f64().map_or_else(|| Json::from(number.to_string()), Json::from),
        },
    }
}

/// A record in a line: the fields that are set, or that none is.
pub fn in_words(witness: &Witness) -> String {
    if witness.is_empty() {
        return "a record with nothing set".to_owned();
    }
    let fields = witness.iter().map(|(field, value)| format!("{field} = {}", literal(value)));
    fields.collect::<Vec<_>>().join(", ")
}

/// A value as a criterion would write it.
pub fn literal(value: &Json) -> String {
    match value {
        Json::String(text) if text.starts_with(|sign: char| sign.is_ascii_digit()) => text.clone(),
        Json::String(text) => format!("'{}'", text.replace('\'', "''")),
        Json::Array(items) => {
            format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
