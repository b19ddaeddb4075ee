//! The same model written otherwise: other files, orders, quotes, line ends, comments.

use super::random::Dice;
use super::world::{diff, example, files};
use crate::document::{Node, Table, Value};
use crate::model::{Declaration, Model, Polarity, Shape};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The model as somebody else would write it.
pub(super) fn rewritten(model: &Model, seed: u64) -> Model {
    let mut writer = Writer { dice: Dice(seed), out: String::new() };
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut entities: Vec<_> = model.entities().collect();
    writer.dice.shuffle(&mut entities);
    for entity in entities {
        let path = format!("model/{}.toml", writer.dice.roll(7));
        let table = shuffled(&entity.table, entity.declaration(), &mut writer.dice);
        writer.section(entity.address.as_str(), &table, false);
        texts.entry(path).or_default().push_str(&std::mem::take(&mut writer.out));
    }
    let written: Vec<(String, String)> = texts
        .into_iter()
        .map(|(path, text)| {
            let text = if writer.dice.flip() { text.replace('\n', "\r\n") } else { text };
            (path, if writer.dice.flip() { format!("\u{feff}{text}") } else { text })
        })
        .collect();
    let rewritten = files(&written);
    assert_eq!(rewritten.len(), model.len(), "{written:#?}");
    rewritten
}

/// The entries in another order, and the members of what has no order.
fn shuffled(table: &Table, noun: Option<&'static Declaration>, dice: &mut Dice) -> Table {
    let mut entries = table.entries.clone();
    dice.shuffle(&mut entries);
    for entry in &mut entries {
        let Some(property) = noun.and_then(|noun| noun.property(&entry.key)) else { continue };
        let ordered = property.facet.polarity == Polarity::Ordered;
        match (&property.shape, &mut entry.node.value) {
            (Shape::Record(inner), Value::Table(table)) => {
                *table = shuffled(table, Some(*inner), dice);
            }
            (Shape::Items(inner), Value::Array(items)) => {
                for item in items.iter_mut() {
                    if let Value::Table(table) = &mut item.value {
                        *table = shuffled(table, Some(*inner), dice);
                    }
                }
                if !ordered {
                    dice.shuffle(items);
                }
            }
            (Shape::List(_), Value::Array(items)) if !ordered => dice.shuffle(items),
            _ => {}
        }
    }
    Table { entries }
}

struct Writer {
    dice: Dice,
    out: String,
}

impl Writer {
    fn section(&mut self, header: &str, table: &Table, item: bool) {
        let (open, close) = if item { ("[[", "]]") } else { ("[", "]") };
        let _ = writeln!(self.out, "{open}{header}{close}");
        let mut below = Vec::new();
        for entry in &table.entries {
            let nested = match &entry.node.value {
                Value::Table(_) => true,
                Value::Array(items) => {
                    !items.is_empty() && items.iter().all(|item| item.as_table().is_some())
                }
                _ => false,
            };
            if nested && self.dice.flip() {
                below.push(entry);
                continue;
            }
            if self.dice.roll(4) == 0 {
                self.out.push_str("# for whoever reads this\n\n");
            }
            let (key, value) = (self.key(&entry.key), self.value(&entry.node));
            let space = if self.dice.flip() { " " } else { "" };
            let _ = writeln!(self.out, "{key}{space}={space}{value}");
        }
        for entry in below {
            let header = format!("{header}.{}", self.key(&entry.key));
            match &entry.node.value {
                Value::Table(table) => self.section(&header, table, false),
                Value::Array(items) => {
                    for table in items.iter().filter_map(Node::as_table) {
                        self.section(&header, table, true);
                    }
                }
                _ => {}
            }
        }
    }

    fn key(&mut self, key: &str) -> String {
        let bare = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if bare && self.dice.flip() { key.to_owned() } else { escaped(key) }
    }

    fn value(&mut self, node: &Node) -> String {
        match &node.value {
            Value::Text(text) if !text.contains(['\'', '\n', '\r']) && self.dice.flip() => {
                format!("'{text}'")
            }
            Value::Text(text) => escaped(text),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Date(date) => date.to_string(),
            Value::DateTime(instant) => instant.to_string(),
            Value::Time(time) => time.clone(),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                format!("[{}]", items.join(if self.dice.flip() { ", " } else { ",\n  " }))
            }
            Value::Table(table) => {
                let entry = |entry: &crate::document::Entry| {
                    format!("{} = {}", self.key(&entry.key), self.value(&entry.node))
                };
                let entries: Vec<_> = table.entries.iter().map(entry).collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || !c.is_ascii() => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn another_way_of_writing_means_nothing(seed: u64) {
        let model = example();
        let changes = diff(model, &rewritten(model, seed));
        let meaningful: Vec<_> = changes.meaningful().collect();
        prop_assert!(meaningful.is_empty(), "{:#?}", meaningful);
        prop_assert!(changes.changes.iter().all(|change| change.kind.id == "entity-file-moved"));
    }
}
