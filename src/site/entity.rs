//! The page of an entity: what it says in words and as written, who may change it, what it has to do
//! with others, and how it came to be.

use super::blame::Blame;
use super::deciders::{Decider, deciders};
use super::decision_table::{DecisionTable, decision_table};
use super::kinds;
use super::known::{Found, Known};
use super::layout::{Frame, Layout};
use super::lead::lead;
use super::lifecycle::{Told, told};
use super::names::page_of;
use super::past::Section;
use super::people::{Person, holders};
use super::prose::{Text, label, name_of};
use super::said::{Said, Telling};
use super::web::Places;
use crate::document::Node;
use crate::model::{Entity, Part};
use crate::view::entity_source;
use serde::Serialize;
use std::collections::BTreeMap;

/// More entities of a kind are not named among those that refer to one.
const NAMED: usize = 150;

/// Of the places of a reference no more are named.
const PLACES: usize = 3;

#[derive(Serialize)]
struct Page<'a> {
    address: &'a str,
    kind: &'a str,
    description: Option<&'a str>,
    lead: Option<Text>,
    owner: Text,
    file: String,
    /// Who last changed what it means, and who recorded it first.
    changed: Option<String>,
    recorded: Option<String>,
    dates: Vec<(String, String, bool)>,
    holders: Vec<Person>,
    found: Vec<Found>,
    said: Said,
    glossary: Vec<(String, &'static str)>,
    table: Option<DecisionTable>,
    lifecycle: Option<Told>,
    deciders: Vec<Decider>,
    examples: Vec<Example>,
    refers_to: Vec<Related>,
    referred_by: Vec<Related>,
    written: String,
    /// What happened to it.
    past: Option<Section>,
    sections: Vec<(&'static str, &'static str)>,
}

/// The entities of a kind that have to do with one.
#[derive(Serialize)]
struct Related {
    kind: String,
    rows: Vec<(Text, String)>,
    more: usize,
}

/// A record that is tried.
#[derive(Serialize)]
struct Example {
    it: super::known::Listed,
    /// What must come out for it.
    says: String,
}

/// The page of an entity.
pub(in crate::site) fn page(
    known: &Known<'_>,
    layout: &Layout,
    entity: &Entity,
) -> Result<String, String> {
    let Some(entity) = known.model().get(entity.address.as_str()) else {
        return Ok(String::new());
    };
    let address = entity.address.as_str();
    let (path, title) = (page_of(address), name_of(entity));
    let kind = entity.address.kind();
    let above = [(kinds::many(kind), known.contents(kind))];
    let frame = Frame { path: &path, title: &title, part: Some(part_of(kind)), above: &above };
    layout.page(&frame, "entity.html", shown(known, entity))
}

/// The part of the site in which entities of a kind are shown together.
fn part_of(kind: &str) -> &'static str {
    match kind {
        "lifecycle" | "handoff" => "lifecycle.html",
        "routing" => "routing.html",
        "territory" | "segment" => "territories.html",
        "sla" | "calendar" => "promises.html",
        "metric" | "signal" | "cadence" => "metrics.html",
        "decision" | "exception" | "policy" | "pilot" => "rights.html",
        "team" | "role" | "queue" => "people.html",
        _ => "contents.html",
    }
}

fn shown<'a>(known: &'a Known<'_>, entity: &'a Entity) -> Page<'a> {
    let address = entity.address.as_str();
    let kind = entity.address.kind();
    let mut said = Telling { names: known.names, entity }.said();
    let blame = known.facts.past.map(|past| Blame::of(past, address));
    if let Some(blame) = &blame {
        said.note_since(&|place| blame.since(place));
    }
    // Told elsewhere on the page.
    let said = said.without(match kind {
        "routing" => &["owner", "rule"],
        _ => &["owner"],
    });
    let whole = Part { entity, node: None, key_span: entity.key_span };
    let place = entity.source.line_column(entity.key_span.start);
    let mut page = Page {
        address,
        kind: kinds::one(kind),
        description: entity.table.text("description"),
        lead: lead(known, entity),
        owner: known.owner(entity),
        file: format!("{}, line {}", entity.source.path(), place.line),
        changed: blame.as_ref().and_then(|blame| blame.newest.clone()),
        recorded: blame.and_then(|blame| blame.first),
        dates: dates(known, entity),
        holders: if kind == "role" { holders(known, address) } else { Vec::new() },
        found: known.found(address),
        glossary: said.glossary(),
        said,
        table: (kind == "routing").then(|| decision_table(known, entity)),
        lifecycle: (kind == "lifecycle").then(|| told(known, entity)),
        deciders: deciders(known.names, &known.rights, entity),
        examples: examples(known, address),
        refers_to: related(known, known.web.refers_to(address)),
        referred_by: related(known, known.web.referred_by(address)),
        written: entity_source(&[whole], &known.facts.state.told()),
        past: known.facts.past.map(|past| past.section(address)),
        sections: Vec::new(),
    };
    page.sections = sections(&page);
    page
}

/// The sections a page has: the place of each, and what it is called.
fn sections(page: &Page<'_>) -> Vec<(&'static str, &'static str)> {
    let all = [
        ("drawing", "Drawing", page.lifecycle.is_some()),
        ("table", "Decision table", page.table.is_some()),
        ("simulator", "Try a record", page.table.is_some()),
        ("says", "What it says", true),
        ("deciders", "Who may change it", true),
        ("examples", "Examples", !page.examples.is_empty()),
        ("refers-to", "Refers to", !page.refers_to.is_empty()),
        ("referred-by", "Referred to by", !page.referred_by.is_empty()),
        ("versions", "History", page.past.is_some()),
        ("written", "As written", true),
    ];
    let there = all.into_iter().filter(|(.., is_there)| *is_there);
    there.map(|(id, name, _)| (id, name)).collect()
}

/// The days that matter to an entity, and whether each is past.
fn dates(known: &Known<'_>, entity: &Entity) -> Vec<(String, String, bool)> {
    let day = |key: &str| entity.table.get(key).and_then(Node::as_date);
    let as_of = known.facts.as_of;
    let mut dates = Vec::new();
    if let Some(from) = day("effective_from") {
        let words = if from > as_of { "Comes into force on" } else { "In force since" };
        dates.push((words.to_owned(), from.to_string(), false));
    }
    if let Some(by) = day("review_by") {
        dates.push(("To be reviewed by".to_owned(), by.to_string(), by < as_of));
    }
    if let Some(expires) = day("expires") {
        dates.push(("Ends on".to_owned(), expires.to_string(), expires < as_of));
    }
    dates
}

/// The examples that try an entity.
fn examples(known: &Known<'_>, address: &str) -> Vec<Example> {
    let from = known.web.referred_by(address).filter(|(from, _)| from.starts_with("example."));
    let example = |(from, places): (&str, &Places)| {
        let entity = known.names.entity(from)?;
        let says = places.iter().filter_map(|place| expectation(place)).collect::<Vec<_>>();
        (!says.is_empty()).then(|| Example { it: Known::listed(entity), says: says.join("; ") })
    };
    from.filter_map(example).take(NAMED).collect()
}

/// What an example expects at a place, of what it names there.
fn expectation(place: &str) -> Option<String> {
    let (property, below) = place.split_once('.').unwrap_or((place, ""));
    Some(match property {
        "holds" => "is one".to_owned(),
        "fails" => "is not one".to_owned(),
        "routes" => format!("goes there by {below}"),
        "taken_by" => "is routed".to_owned(),
        "may_enter" => "may enter a stage".to_owned(),
        "may_leave" => "may leave a stage".to_owned(),
        "may_not_enter" => "may not enter a stage".to_owned(),
        "may_not_leave" => "may not leave a stage".to_owned(),
        _ => return None,
    })
}

/// What has to do with an entity, by kind; examples have a section of their own.
fn related<'a>(
    known: &Known<'_>,
    pairs: impl Iterator<Item = (&'a str, &'a Places)>,
) -> Vec<Related> {
    let mut kinds: BTreeMap<usize, (String, Vec<(Text, String)>)> = BTreeMap::new();
    for (address, places) in pairs {
        let kind = address.split('.').next().unwrap_or_default();
        if kind == "example" {
            continue;
        }
        let name = kinds::many(kind).to_owned();
        let open = kinds.entry(kinds::place(kind)).or_insert_with(|| (name, Vec::new()));
        open.1.push((known.names.link(address), at(places)));
    }
    let related = kinds.into_values().map(|(kind, mut rows)| {
        let more = rows.len().saturating_sub(NAMED);
        rows.truncate(NAMED);
        Related { kind, rows, more }
    });
    related.collect()
}

/// Where a reference stands, in words.
fn at(places: &Places) -> String {
    let words = |place: &String| label(&place.replace('.', " ")).to_lowercase();
    let named: Vec<String> = places.iter().take(PLACES).map(words).collect();
    match places.len().saturating_sub(PLACES) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
