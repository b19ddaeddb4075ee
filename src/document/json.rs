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
        Err(error) => Err(match error.line() {
            0 => json_fault(&error),
            1 => format!("{} (column {})", json_fault(&error), error.column()),
            line => format!("{} (line {line}, column {})", json_fault(&error), error.column()),
        }),
    }
}

/// What is wrong with JSON, in words and without a place.
pub fn json_fault(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let said = match told {
        _ if error.is_eof() => "it ends before it is whole",
        "expected ident" => {
            "a word without quotes is wanted nowhere but for `true`, `false` and `null`"
        }
        "expected value" => "a value is wanted here; text stands in double quotes",
        "key must be a string" => "a key in double quotes is wanted here",
        "trailing comma" => "nothing stands behind a comma",
        "trailing characters" => "something stands behind its end",
        "invalid escape" => "no such sign is written with `\\`",
        "invalid number" => "a number is not written like this",
        "number out of range" => "a number is too large",
        "recursion limit exceeded" => "it is nested too deeply",
        told if told.starts_with("control character") => {
            "a tab or the end of a line stands within a text, where `\\t` or `\\n` is written"
        }
        told => match told.strip_prefix("expected ") {
            Some(sign) => return format!("{sign} is wanted here"),
            None => told,
        },
    };
    said.to_owned()
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
        for (text, why) in [
            ("{\"a\": 1e400}", "a number is too large (column 11)"),
            ("{\"a\": 1", "it ends before it is whole (column 7)"),
            ("{\n\"a\" 1}", "`:` is wanted here (line 2, column 5)"),
            ("{'a': 1}", "a key in double quotes is wanted here (column 2)"),
            ("{\"a\": 1,}", "nothing stands behind a comma (column 9)"),
            ("{\"a\": 1} {}", "something stands behind its end (column 10)"),
            ("{\"a\": \"\\x\"}", "no such sign is written with `\\` (column 9)"),
            ("{\"a\": 1.}", "a number is not written like this (column 9)"),
        ] {
            assert_eq!(from_json(text).unwrap_err(), why, "{text}");
        }
    }
}
