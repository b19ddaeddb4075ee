//! What is written, read or not: a property with a value of the wrong form is not an absent one.

use crate::document::{Table, Value};
use crate::model::Entity;
use crate::source::Span;

/// Whether nothing is written under a key: it is not there, or holds an empty list or table.
pub(super) fn nothing(table: &Table, key: &str) -> bool {
    match table.get(key).map(|node| &node.value) {
        None => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Table(table)) => table.entries.is_empty(),
        Some(_) => false,
    }
}

/// Whether a flag is or may be set: it is written, and does not plainly say `false`.
pub(super) fn perhaps(table: &Table, key: &str) -> bool {
    table.get(key).is_some_and(|node| node.as_bool() != Some(false))
}

/// The table of an item of a list, by where its id is written.
pub(super) fn item<'e>(entity: &'e Entity, list: &str, id_span: Span) -> Option<&'e Table> {
    let items = entity.table.get(list)?.as_array()?;
    let mut tables = items.iter().filter_map(|item| item.as_table());
    tables.find(|table| table.get("id").is_some_and(|id| id.span == id_span))
}
