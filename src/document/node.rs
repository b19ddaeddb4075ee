//! The tree of a document: tables in the order written, every key and value with its place.

use crate::source::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where the value is written; for a table with a header, the header.
    pub span: Span,
}

/// What TOML can say, with exact numbers and real dates.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string, decoded.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, exactly as written.
    Decimal(Decimal),
    /// `true` or `false`.
    Bool(bool),
    /// A calendar date.
    Date(Date),
    /// A date with a time; one without an offset is taken as UTC.
    DateTime(Timestamp),
    /// A time of day, as written.
    Time(String),
    /// An array.
    Array(Vec<Node>),
    /// A table, inline or with a header.
    Table(Table),
}

/// One `key = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, decoded.
    pub key: String,
    /// Where the key is written (the last part of a dotted key or header).
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

/// A table: its entries in the order written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The entries, in the order written.
    pub entries: Vec<Entry>,
}

impl Table {
    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The text of a key, where its value is a string.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_text)
    }
}

impl Node {
    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match &self.value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The number, whole or not.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match &self.value {
            Value::Integer(number) => Some(Decimal::from(*number)),
            Value::Decimal(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The date, written bare or as a string `2026-01-31`.
    pub fn as_date(&self) -> Option<Date> {
        match &self.value {
            Value::Date(date) => Some(*date),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The same value as JSON, as the schemas see it; dates become strings.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Text(text) | Value::Time(text) => Json::String(text.clone()),
            Value::Integer(number) => Json::from(*number),
            Value::Decimal(number) => {
                number.to_string().parse::<f64>().map_or(Json::Null, Json::from)
            }
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Date(date) => Json::String(date.to_string()),
            Value::DateTime(instant) => Json::String(instant.to_string()),
            Value::Array(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Value::Table(table) => table.to_json(),
        }
    }
}

impl Table {
    /// The table as a JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::Value::Object(
            self.entries.iter().map(|e| (e.key.clone(), e.node.to_json())).collect(),
        )
    }
}

impl Value {
    /// What kind of value it is, in a word with its article.
    pub fn a_word(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "a whole number",
            Self::Decimal(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Date(_) => "a date",
            Self::DateTime(_) => "a date with a time",
            Self::Time(_) => "a time of day",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}
