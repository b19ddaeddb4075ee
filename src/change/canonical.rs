//! The canonical form of a value: equal exactly when two spellings mean the same by form alone.

use crate::criteria;
use crate::document::{Node, Table, Value};
use crate::model::{Declaration, Duration, Percent, Polarity, Property, Shape};
use serde_json::{Map, Value as Json};

/// The canonical form of a property's value.
pub fn canonical(property: &Property, node: &Node) -> Json {
    let ordered = property.facet.polarity == Polarity::Ordered;
    value(&property.shape, node, ordered)
}

/// The canonical form of a whole table.
pub(super) fn table(declaration: Option<&Declaration>, table: &Table) -> Json {
    let mut entries: Vec<(String, Json)> = table
        .entries
        .iter()
        .map(|entry| {
            let property = declaration.and_then(|d| d.property(&entry.key));
            let form = match property {
                Some(property) => canonical(property, &entry.node),
                None => plain(&entry.node),
            };
            (entry.key.clone(), form)
        })
        .collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Json::Object(entries.into_iter().collect::<Map<_, _>>())
}

fn value(shape: &Shape, node: &Node, ordered: bool) -> Json {
    match (shape, &node.value) {
        (Shape::Duration, Value::Text(text)) => {
            Duration::parse(text).map_or_else(|| plain(node), |d| Json::String(d.canonical()))
        }
        (Shape::Percent, Value::Text(text)) => {
            Percent::parse(text).map_or_else(|| plain(node), |p| Json::String(p.to_string()))
        }
        (Shape::Date, _) => node.as_date().map_or_else(|| plain(node), |d| d.to_string().into()),
        (Shape::Prose, Value::Text(text)) => {
            Json::String(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        (Shape::Predicate, Value::Text(text)) => Json::String(predicate(text)),
        (Shape::List(inner), Value::Array(items)) => {
            let items = items.iter().map(|item| value(inner, item, false));
            sorted_unless(ordered, items.collect())
        }
        (Shape::Named(inner), Value::Table(table)) => {
            let mut entries: Vec<_> = table
                .entries
                .iter()
                .map(|entry| (entry.key.clone(), value(inner, &entry.node, false)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        (Shape::Record(declaration), Value::Table(inner)) => table(Some(declaration), inner),
        (Shape::Items(declaration), Value::Array(items)) => {
            let form = |item: &Node| match item.as_table() {
                Some(inner) => table(Some(declaration), inner),
                None => plain(item),
            };
            sorted_unless(ordered, items.iter().map(form).collect())
        }
        _ => plain(node),
    }
}

fn sorted_unless(ordered: bool, mut items: Vec<Json>) -> Json {
    if !ordered {
        items.sort_by_cached_key(Json::to_string);
        items.dedup();
    }
    Json::Array(items)
}

/// The canonical spelling of a criterion; text that does not parse stands for itself.
pub(super) fn predicate(text: &str) -> String {
    predicate_with(text, |_| None)
}

/// The same with some addresses it refers to under new names.
pub(super) fn predicate_with<'n>(
    text: &str,
    new_name: impl Fn(&str) -> Option<&'n str> + Copy,
) -> String {
    match criteria::parse(text).sound() {
        Some(expr) => {
            let renamed = criteria::renamed(&expr, &|reference| {
                let address = format!("{}.{}", reference.kind, reference.id);
                new_name(&address)
                    .and_then(|name| name.split_once('.'))
                    .map(|(_, id)| id.to_owned())
            });
            criteria::canonical(&renamed).to_string()
        }
        None => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// A value without a declared form: keys sorted, numbers normalised, the rest as written.
pub(super) fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Decimal(number) => Json::String(number.normalize().to_string()),
        Value::Integer(number) => Json::String(number.to_string()),
        Value::Array(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Table(inner) => table(None, inner),
        _ => node.to_json(),
    }
}
