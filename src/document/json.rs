//! A record written as JSON, read into the same tree as a table of a model file.

use super::node::{Entry, Node, Table, Value};
use crate::source::Span;
use rust_decimal::Decimal;
use serde_json::Value as Json;

/// Reads a JSON object; what is `null` is left out. Nothing in the tree has a place.
///
/// # Errors
/// What is wrong, in words.
pub fn from_json(text: &str) -> Result<Table, String> {
    match serde_json::from_str(text) {
        Ok(Json::Object(fields)) => table(fields),
        Ok(_) => Err("it is another value".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn table(fields: serde_json::Map<String, Json>) -> Result<Table, String> {
    let mut entries = Vec::new();
    for (key, json) in fields {
        if let Some(value) = value(json)? {
            let node = Node { value, span: Span::default() };
            entries.push(Entry { key, key_span: Span::default(), node });
        }
    }
    Ok(Table { entries })
}

fn value(json: Json) -> Result<Option<Value>, String> {
    Ok(Some(match json {
        Json::Null => return Ok(None),
        Json::Bool(truth) => Value::Bool(truth),
        Json::String(text) => Value::Text(text),
        Json::Number(number) => {
            if let Some(whole) = number.as_i64() {
                Value::Integer(whole)
            } else {
                let text = number.to_string();
                let exact =
                    Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
                Value::Decimal(exact.map_err(|_| format!("`{text}` is too large a number"))?)
            }
        }
        Json::Array(items) => {
            let mut nodes = Vec::new();
            for item in items {
                nodes.extend(value(item)?.map(|value| Node { value, span: Span::default() }));
            }
            Value::Array(nodes)
        }
        Json::Object(fields) => Value::Table(table(fields)?),
    }))
}
