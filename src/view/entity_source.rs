//! What addresses say as it is written: the lines of the file, comments and all.

use crate::document::{Node, Table, Value, quoted};
use crate::model::{Entity, Part};
use crate::report::shown;
use crate::source::{Source, Span};
use std::collections::BTreeMap;

/// The lines that write some parts of a model, file by file and in the order of each file, below a
/// comment that says which file, and as of when.
pub fn entity_source(parts: &[Part<'_>], at: &str) -> String {
    let mut files: BTreeMap<&str, (&Source, Vec<Span>)> = BTreeMap::new();
    for part in parts {
        let source = &part.entity.source;
        let (_, places) = files.entry(source.path()).or_insert_with(|| (source, Vec::new()));
        places.push(part.key_span);
        match part.node {
            Some(node) => node_places(node, places),
            None => table_places(&part.entity.table, places),
        }
    }
    let file = |(path, (source, places)): (&str, (&Source, Vec<Span>))| {
        let first = places.iter().map(|place| place.start).min().unwrap_or_default();
        let line = source.line_column(first).line;
        let head = shown(&format!("{path}:{line}, as of {at}")).replace(['\n', '\t'], "?");
        format!("# {head}\n\n{}", shown(&quoted(source.text(), &places)))
    };
    files.into_iter().map(file).collect::<Vec<_>>().join("\n")
}

/// The lines that write an entity, with the comments that belong to them.
pub fn entity_lines(entity: &Entity) -> String {
    let mut places = vec![entity.key_span];
    table_places(&entity.table, &mut places);
    shown(&quoted(entity.source.text(), &places)).into_owned()
}

fn table_places(table: &Table, places: &mut Vec<Span>) {
    for entry in &table.entries {
        places.push(entry.key_span);
        node_places(&entry.node, places);
    }
}

fn node_places(node: &Node, places: &mut Vec<Span>) {
    places.push(node.span);
    match &node.value {
        Value::Table(table) => table_places(table, places),
        Value::Array(items) => {
            for item in items {
                node_places(item, places);
            }
        }
        _ => {}
    }
}
