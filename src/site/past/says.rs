//! What an entity says: as it is written, and property by property.

use super::{Said, SaidRow};
use crate::model::Entity;
use crate::view::entity_lines;
use serde_json::Value as Json;

/// What an entity says; nothing where that is what it said before, in the same file.
pub(super) fn said(entity: &Entity, before: Option<&Said>) -> Option<Said> {
    let text = entity_lines(entity);
    let file = entity.source.path();
    if before.is_some_and(|before| before.text == text && before.file == file) {
        return None;
    }
    let (name, file) = (entity.name().to_owned(), file.to_owned());
    Some(Said { name, file, text, rows: rows(entity) })
}

/// The properties of an entity, a row each; the elements of a list are in one.
fn rows(entity: &Entity) -> Vec<SaidRow> {
    let mut rows: Vec<SaidRow> = Vec::new();
    // The id of an item is part of every address below it.
    for slot in entity.slots().into_iter().filter(|slot| slot.property.name != "id") {
        let address = slot.address.as_str();
        let below = address.strip_prefix(entity.address.as_str()).unwrap_or(address);
        let path = below.trim_start_matches('.');
        let words = in_words(&slot.node.to_json());
        match rows.last_mut() {
            Some(last) if last.path == path => {
                last.words.push_str(", ");
                last.words.push_str(&words);
            }
            _ => rows.push(SaidRow { path: path.to_owned(), label: label(path), words }),
        }
    }
    rows
}

/// A value in words: what is in a table with its names.
fn in_words(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Json::Object(named) => {
            let named = named.iter().map(|(name, value)| format!("{name}: {}", in_words(value)));
            named.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// An address below an entity, in words for people.
fn label(path: &str) -> String {
    path.split('.').map(|step| step.replace('_', " ")).collect::<Vec<_>>().join(" › ")
}
