//! Everything there is, by kind and name; and the same for the search.

use super::kinds;
use super::known::Known;
use super::layout::{Frame, Layout};
use super::names::{page_of, stem};
use super::prose::{name_of, one_line};
use crate::model::{Declaration, Entity, Model, Shape};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// So many entities stand on one page of contents.
const A_PAGE: usize = 1_000;

/// A description is cut in the search after so many letters.
const LETTERS: usize = 140;

#[derive(Serialize)]
struct Page<'a> {
    kinds: &'a [Kind],
    pages: Vec<(usize, String)>,
    number: usize,
    total: usize,
}

#[derive(Serialize)]
struct Kind {
    id: String,
    name: String,
    /// Whether it goes on from the page before.
    goes_on: bool,
    rows: Vec<(String, String, String)>,
}

/// The pages of contents, by path.
pub(in crate::site) fn pages(
    known: &Known<'_>,
    layout: &Layout,
) -> Result<Vec<(String, String)>, String> {
    let all = in_order(known.model());
    let chunks: Vec<&[(&str, &Entity)]> = all.chunks(A_PAGE).collect();
    let paths: Vec<(usize, String)> =
        (1..=chunks.len()).map(|number| (number, path(number))).collect();
    let mut pages = Vec::new();
    let mut last = None;
    for (chunk, (number, path)) in chunks.iter().zip(&paths) {
        let kinds = grouped(chunk, last);
        last = chunk.last().map(|(kind, _)| *kind);
        let page = Page { kinds: &kinds, pages: paths.clone(), number: *number, total: all.len() };
        let part = Some("contents.html");
        let frame = Frame { path, title: "Contents", part, ..Frame::default() };
        pages.push((path.clone(), layout.page(&frame, "contents.html", page)?));
    }
    Ok(pages)
}

/// All entities, by kind and name.
fn in_order(model: &Model) -> Vec<(&str, &Entity)> {
    let mut by_kind: BTreeMap<(usize, &str), Vec<&Entity>> = BTreeMap::new();
    for entity in model.entities() {
        let kind = entity.address.kind();
        by_kind.entry((kinds::place(kind), kind)).or_default().push(entity);
    }
    let mut all: Vec<(&str, &Entity)> = Vec::new();
    for ((_, kind), mut entities) in by_kind {
        entities
            .sort_by_cached_key(|entity| (name_of(entity).to_lowercase(), entity.address.clone()));
        all.extend(entities.into_iter().map(|entity| (kind, entity)));
    }
    all
}

/// Where the list of each kind begins: the page of contents, and the place on it.
pub(in crate::site) fn places(model: &Model) -> BTreeMap<String, String> {
    let mut places = BTreeMap::new();
    for (at, (kind, _)) in in_order(model).into_iter().enumerate() {
        let place = || format!("{}#{}", path(at / A_PAGE + 1), stem(kind));
        places.entry(kind.to_owned()).or_insert_with(place);
    }
    places
}

fn path(number: usize) -> String {
    match number {
        1 => "contents.html".to_owned(),
        _ => format!("contents-{number}.html"),
    }
}

fn grouped(chunk: &[(&str, &Entity)], last: Option<&str>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for (kind, entity) in chunk {
        let address = entity.address.as_str();
        let row = (name_of(entity), page_of(address), address.to_owned());
        let id = stem(kind);
        match kinds.last_mut() {
            Some(open) if open.id == id => open.rows.push(row),
            _ => kinds.push(Kind {
                id,
                name: kinds::many(kind).to_owned(),
                goes_on: last == Some(kind),
                rows: vec![row],
            }),
        }
    }
    kinds
}

/// What the search looks through: address, title, kind, words, and where it is.
pub(in crate::site) fn found_by_search(known: &Known<'_>, pages: &[(&str, &str)]) -> Vec<Json> {
    let mut rows: Vec<Json> = Vec::new();
    rows.extend(pages.iter().map(|(title, path)| json!(["", title, "Page", "", path])));
    for entity in known.model().entities() {
        let address = entity.address.as_str();
        let kind = kinds::one(entity.address.kind());
        let words = cut(entity.table.text("description").unwrap_or_default());
        rows.push(json!([address, name_of(entity), kind, words, page_of(address)]));
        rows.extend(parts(known, entity));
    }
    rows
}

/// The stages, rules and other items of an entity.
fn parts(known: &Known<'_>, entity: &Entity) -> Vec<Json> {
    let mut rows = Vec::new();
    for property in entity.declaration().into_iter().flat_map(Declaration::properties) {
        let Shape::Items(items) = &property.shape else { continue };
        let nodes = entity.table.get(property.name).and_then(|node| node.as_array());
        for table in nodes.unwrap_or_default().iter().filter_map(|node| node.as_table()) {
            let Some(id) = table.text("id") else { continue };
            let address = format!("{}.{}.{id}", entity.address, property.name);
            let Some(href) = known.names.href(&address) else { continue };
            let name = one_line(table.text("name").unwrap_or(id));
            let kind = format!("{}, {}", super::prose::label(items.noun), name_of(entity));
            let words = cut(table.text("description").unwrap_or_default());
            rows.push(json!([address, name, kind, words, href]));
        }
    }
    rows
}

fn cut(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}
