//! The entities of a model as text with a property a line, equal where the model is written
//! otherwise and means the same: what a line-by-line difference can be made of.

use crate::change::canonical;
use crate::document::{Entry, Node, Table};
use crate::model::{Declaration, Model, Polarity, Property, Shape};
use crate::report::json_line;
use serde_json::{Value as Json, json};

/// Everything a model says, by address; comments and layout are gone.
pub fn entity_text(model: &Model) -> String {
    let mut lines = Vec::new();
    for entity in model.entities() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("[{}]", entity.address));
        table(entity.address.as_str(), entity.declaration(), &entity.table, &mut lines);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The entries of a table in the order in which they are declared, then those nobody knows.
fn table(
    path: &str,
    declaration: Option<&'static Declaration>,
    table: &Table,
    lines: &mut Vec<String>,
) {
    let known: Vec<&'static Property> =
        declaration.iter().flat_map(|declaration| declaration.properties()).collect();
    let place = |entry: &Entry| known.iter().position(|property| property.name == entry.key);
    let mut entries: Vec<_> = table.entries.iter().map(|entry| (place(entry), entry)).collect();
    entries.sort_by_key(|(place, entry)| (place.unwrap_or(usize::MAX), entry.key.as_str()));
    for (place, entry) in entries {
        let path = format!("{path}.{}", entry.key);
        match place.and_then(|place| known.get(place).copied()) {
            Some(property) => stated(&path, property, &entry.node, lines),
            None => flat(&path, &entry.node.to_json(), lines),
        }
    }
}

fn stated(path: &str, property: &'static Property, node: &Node, lines: &mut Vec<String>) {
    match (&property.shape, node.as_table(), node.as_array()) {
        (Shape::Record(declaration), Some(inner), _) => {
            table(path, Some(declaration), inner, lines);
        }
        (Shape::Items(declaration), _, Some(items)) => {
            let ordered = property.facet.polarity == Polarity::Ordered;
            listed(path, declaration, items, ordered, lines);
        }
        _ => flat(path, &canonical(property, node), lines),
    }
}

/// Items below their ids; their order is a line of its own where it means something.
fn listed(
    path: &str,
    declaration: &'static Declaration,
    items: &[Node],
    ordered: bool,
    lines: &mut Vec<String>,
) {
    let id = |item: &Node| item.as_table().and_then(|item| item.text("id")).map(str::to_owned);
    let mut named: Vec<(Option<String>, &Node)> =
        items.iter().map(|item| (id(item), item)).collect();
    if ordered {
        let ids: Vec<&str> = named.iter().filter_map(|(id, _)| id.as_deref()).collect();
        line(path, "order =", &json!(ids), lines);
    } else {
        named.sort_by(|a, b| a.0.cmp(&b.0));
    }
    for (id, item) in named {
        match (id, item.as_table()) {
            (Some(id), Some(inner)) => {
                let but_id = inner.entries.iter().filter(|entry| entry.key != "id").cloned();
                let but_id = Table { entries: but_id.collect() };
                if but_id.entries.is_empty() {
                    lines.push(format!("{path}.{id}"));
                }
                table(&format!("{path}.{id}"), Some(declaration), &but_id, lines);
            }
            _ => line(path, "has", &item.to_json(), lines),
        }
    }
}

/// A value as lines: a line a value, a line a member of a list.
fn flat(path: &str, value: &Json, lines: &mut Vec<String>) {
    if let Some(number) = number(value) {
        return lines.push(format!("{path} = {number}"));
    }
    match value {
        Json::Object(entries) if !entries.is_empty() => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            for (key, value) in entries {
                flat(&format!("{path}.{key}"), value, lines);
            }
        }
        Json::Array(members) if !members.is_empty() => {
            for member in members {
                line(path, "has", member, lines);
            }
        }
        _ => line(path, "=", value, lines),
    }
}

/// A number in its canonical form, which is kept apart from a text that looks like one.
fn number(value: &Json) -> Option<&str> {
    let entries = value.as_object().filter(|entries| entries.len() == 1)?;
    entries.get("number").and_then(Json::as_str)
}

fn line(path: &str, verb: &str, value: &Json, lines: &mut Vec<String>) {
    let value = number(value).map_or_else(|| json_line(value), str::to_owned);
    lines.push(format!("{path} {verb} {}", value.trim_end()));
}
