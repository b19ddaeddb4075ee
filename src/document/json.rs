//! A record written as JSON, read into the same tree as a table of a model file.

use super::node::{Entry, Node, Table, Value};
use crate::source::Span;
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// Reads a JSON object; what is `null` is left out. Nothing in the tree has a place.
///
/// # Errors
/// What is wrong, in words.
pub fn from_json(text: &str) -> Result<Table, String> {
    match serde_json::from_str(text) {
        Ok(Read(Some(Value::Table(table)))) => Ok(table),
        Ok(_) => Err("it is another value".to_owned()),
        Err(error) if error.is_eof() => Err("it ends before it is whole".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// A value as it is read; none where it is `null`.
struct Read(Option<Value>);

impl Read {
    fn node(self) -> Option<Node> {
        self.0.map(|value| Node { value, span: Span::default() })
    }
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading).map(Self)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a field")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Some(Value::Bool(truth)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Value::Text(text.to_owned())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Value::Integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(
            i64::try_from(number).map_or_else(|_| Value::Decimal(number.into()), Value::Integer),
        ))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        let text = serde_json::Number::from_f64(number).map_or_else(String::new, |n| n.to_string());
        let exact = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
        let exact = exact.map_err(|_| E::custom(format_args!("`{text}` is too large a number")))?;
        Ok(Some(Value::Decimal(exact)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(item) = items.next_element::<Read>()? {
            nodes.extend(item.node());
        }
        Ok(Some(Value::Array(nodes)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let (mut keys, mut entries) = (BTreeSet::new(), Vec::new());
        while let Some((key, value)) = fields.next_entry::<String, Read>()? {
            if !keys.insert(key.clone()) {
                return Err(A::Error::custom(format_args!("it says two things of `{key}`")));
            }
            entries.extend(value.node().map(|node| Entry { key, key_span: Span::default(), node }));
        }
        Ok(Some(Value::Table(Table { entries })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_says_one_thing() {
        let table = from_json(r#"{"a": 1, "b": {"a": [null, "x", 1.50]}, "c": null}"#).unwrap();
        let keys: Vec<&str> = table.entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["a", "b"]);
        for twice in [r#"{"a": 1, "a": 2}"#, r#"{"b": {"a": null, "a": 2}}"#] {
            let why = from_json(twice).unwrap_err();
            assert!(why.starts_with("it says two things of `a`"), "{why}");
        }
        assert_eq!(from_json("[1]").unwrap_err(), "it is another value");
        assert!(from_json("{\"a\": 1e400}").is_err());
    }
}
