//! The canonical form of a value: equal exactly when two spellings mean the same by form alone.

use super::base::with_fields;
use crate::criteria::{self, Expr, Scope};
use crate::document::{Entry, Node, Table, Value};
use crate::model::{Declaration, Duration, Percent, Polarity, Property, Shape};
use serde_json::{Map, Value as Json, json};

/// The canonical form of a property's value.
pub fn canonical(property: &Property, node: &Node) -> Json {
    let ordered = property.facet.polarity == Polarity::Ordered;
    value(&property.shape, node, ordered)
}

/// The canonical form of a whole table: what it means, without words that only explain it.
pub(super) fn table(declaration: Option<&Declaration>, table: &Table) -> Json {
    let form = |entry: &Entry| -> Option<(String, Json)> {
        let known = declaration.and_then(|d| Some((d, d.property(&entry.key)?)));
        let form = match known {
            Some((declaration, property)) => {
                says_something(declaration, property, &entry.node, table)
                    .then(|| canonical(property, &entry.node))?
            }
            None => plain(&entry.node),
        };
        Some((entry.key.clone(), form))
    };
    let mut entries: Vec<(String, Json)> = table.entries.iter().filter_map(form).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Json::Object(entries.into_iter().collect::<Map<_, _>>())
}

/// Whether a value adds to the meaning of its table: words do only where they bind, and a flag
/// that is off is one that is not stated.
fn says_something(
    declaration: &Declaration,
    property: &Property,
    node: &Node,
    table: &Table,
) -> bool {
    match property.facet.polarity {
        Polarity::Wording | Polarity::Display => binds(declaration.noun, property, table),
        _ => property.shape != Shape::Bool || node.as_bool() != Some(false),
    }
}

/// Whether words bind because nothing else does: the description of a definition without criteria.
pub(super) fn binds(noun: &str, property: &Property, table: &Table) -> bool {
    let holds_none = |criteria: &Node| criteria.as_table().is_some_and(|it| it.entries.is_empty());
    matches!(noun, "definition" | "icp")
        && property.name == "description"
        && table.get("criteria").is_none_or(holds_none)
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
    predicate_with(text, |_| None, <[String]>::to_vec)
}

/// The same with everything that it refers to written out; none where some of that is not known.
pub(super) fn written_out(expr: &Expr, scope: &dyn Scope) -> Option<String> {
    let expanded = criteria::expand(expr, scope).ok()?;
    Some(criteria::canonical(&expanded).to_string())
}

/// The canonical spelling of a criterion with some addresses it refers to, and some fields, under new names.
pub(super) fn predicate_with<'n>(
    text: &str,
    new_name: impl Fn(&str) -> Option<&'n str> + Copy,
    new_field: impl Fn(&[String]) -> Vec<String>,
) -> String {
    match criteria::parse(text).sound() {
        Some(expr) => {
            let renamed = criteria::renamed(&expr, &|reference| {
                let address = format!("{}.{}", reference.kind, reference.id);
                new_name(&address)
                    .and_then(|name| name.split_once('.'))
                    .map(|(_, id)| id.to_owned())
            });
            criteria::canonical(&with_fields(&renamed, &new_field)).to_string()
        }
        None => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// A value without a declared form: keys sorted, numbers normalised and apart from text that looks
/// like one, the rest as written.
pub(super) fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Decimal(number) => json!({ "number": number.normalize().to_string() }),
        Value::Integer(number) => json!({ "number": number.to_string() }),
        Value::Array(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Table(inner) => table(None, inner),
        _ => node.to_json(),
    }
}
