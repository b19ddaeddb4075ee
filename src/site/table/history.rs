//! Routing tables through the history of a model, from what each entity said from when on.

use super::{Href, Story};
use crate::criteria::{fields, parse, references};
use crate::document::Limits;
use crate::load::{self, ModelScope, Uses};
use crate::model::{Address, Entity, Model, Shape};
use crate::source::{RawContent, RawFile};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// A revision of the main line; its number is its place.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// What it is called.
    pub short: &'a str,
    /// The day it was recorded.
    pub day: &'a str,
    /// From when on it is what is in force.
    pub from: &'a str,
    /// What its author said of it.
    pub subject: &'a str,
}

/// What an entity said from a revision on.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The number of the revision.
    pub at: usize,
    /// The address of the entity.
    pub address: &'a str,
    /// The file it stands in and its text; nothing where it is gone since then.
    pub said: Option<(&'a str, &'a str)>,
}

/// The routing tables of a model as data, by address: as they are in it, and as they were.
pub fn history<'a>(
    now: &ModelScope<'_>,
    moments: &[Moment<'_>],
    wordings: impl IntoIterator<Item = Wording<'a>>,
    href: Href<'_>,
) -> BTreeMap<String, Json> {
    let tables: Vec<&Entity> = now.model().of_kind("routing").collect();
    let mut walk = Walk {
        known: Known::default(),
        stories: tables.iter().map(|it| (it.address.clone(), Watched::default())).collect(),
        href,
    };
    if !tables.is_empty() {
        let mut by_revision: BTreeMap<usize, Vec<Wording<'_>>> = BTreeMap::new();
        for wording in wordings {
            by_revision.entry(wording.at).or_default().push(wording);
        }
        for (at, wordings) in by_revision {
            let Some(moment) = moments.get(at) else { continue };
            let when = json!({ "revision": at, "short": moment.short, "day": moment.day,
                "from": moment.from, "subject": moment.subject });
            walk.step(&when, &wordings);
        }
    }
    let mut found = BTreeMap::new();
    for entity in tables {
        let watched = walk.stories.remove(&entity.address).unwrap_or_default();
        let mut story = watched.story;
        // What is on disk may be ahead of the last revision.
        story.add(json!({ "revision": null }), Some((now, entity)), href);
        found.insert(entity.address.to_string(), story.json(entity));
    }
    found
}

/// A table and everything it depends on.
#[derive(Default)]
struct Watched {
    story: Story,
    /// The addresses that decide what it means, those among them that nothing goes by too.
    on: BTreeSet<String>,
}

struct Walk<'a> {
    known: Known<'a>,
    stories: BTreeMap<Address, Watched>,
    href: Href<'a>,
}

impl<'a> Walk<'a> {
    fn step(&mut self, when: &Json, wordings: &[Wording<'a>]) {
        let told: Vec<&Wording<'_>> =
            wordings.iter().filter(|wording| self.known.says(wording)).collect();
        let mut looked_at = BTreeSet::new();
        for (address, watched) in &mut self.stories {
            let concerned = |wording: &&Wording<'_>| {
                wording.address == address.as_str() || watched.on.contains(wording.address)
            };
            if told.iter().any(concerned) {
                watched.on = self.known.needed_by(address.as_str());
                looked_at.insert(address.clone());
            }
        }
        if looked_at.is_empty() {
            return;
        }
        let Known { model, uses, .. } = &self.known;
        let scope = ModelScope::asked(model, uses);
        for (address, watched) in &mut self.stories {
            if looked_at.contains(address) {
                let entity = model.get(address.as_str());
                let table = entity.map(|entity| (&scope, entity));
                watched.story.add(when.clone(), table, self.href);
            }
        }
    }
}

/// What every entity says at a revision. Only what a table depends on is read.
#[derive(Default)]
struct Known<'a> {
    /// The file and the text of each, by address.
    said: BTreeMap<&'a str, (&'a str, &'a str)>,
    /// Those that were read.
    model: Model,
    uses: Uses,
    /// What these ask for.
    asks: BTreeMap<Address, Vec<Asks>>,
}

/// What an entity asks for.
#[derive(Clone)]
enum Asks {
    /// What stands at an address.
    Address(String),
    /// A type of record.
    Object(String),
    /// The fields on a path from a type of record.
    Path(Option<String>, Vec<String>),
}

impl<'a> Known<'a> {
    /// Notes what an entity says from now on; whether a table may mean or show something else by that.
    fn says(&mut self, wording: &Wording<'a>) -> bool {
        let address = Address::new(wording.address);
        match wording.said {
            Some(said) => self.said.insert(wording.address, said),
            None => self.said.remove(wording.address),
        };
        let Some(before) = self.model.remove(&address) else { return true };
        self.uses.forget(&address);
        self.asks.remove(&address);
        // It was needed, and likely still is.
        self.read(wording.address);
        self.model.get(wording.address).is_none_or(|after| differs(&before, after))
    }

    /// The addresses that decide what a table means; what stands there is read from then on.
    fn needed_by(&mut self, table: &str) -> BTreeSet<String> {
        let (mut met, mut open) = (BTreeSet::new(), vec![table.to_owned()]);
        while let Some(address) = open.pop() {
            if met.contains(&address) {
                continue;
            }
            if self.read(&address) {
                let asks = self.asks.get(address.as_str()).cloned().unwrap_or_default();
                for asks in asks {
                    self.add(asks, &mut open);
                }
            }
            met.insert(address);
        }
        met
    }

    /// Reads an entity, unless it is read already; whether there is one.
    fn read(&mut self, address: &str) -> bool {
        if self.model.get(address).is_some() {
            return true;
        }
        let said = self.said.get(address);
        let Some(entity) = said.and_then(|(file, text)| read(file, text, address)) else {
            return false;
        };
        self.uses.add(&entity);
        self.asks.insert(entity.address.clone(), asks(&entity));
        self.model.insert(entity);
        true
    }

    /// Adds the addresses that something asked for leads to.
    fn add(&mut self, asks: Asks, open: &mut Vec<String>) {
        match asks {
            Asks::Address(address) => open.push(address),
            Asks::Object(object) => self.object(&object, open),
            Asks::Path(mut from, parts) => {
                for part in parts {
                    let Some(object) = from.take() else { break };
                    self.object(&object, open);
                    let address = format!("field.{object}.{part}");
                    if self.read(&address) {
                        let field = self.model.get(&address);
                        from = field.and_then(|field| field.object().map(str::to_owned));
                    }
                    open.push(address);
                }
            }
        }
    }

    /// Adds what makes a type of record known: its own entity, or else any field of it.
    fn object(&self, object: &str, open: &mut Vec<String>) {
        let address = format!("object.{object}");
        if !self.said.contains_key(address.as_str()) {
            let fields = format!("field.{object}.");
            let first = self.said.range(fields.as_str()..).next();
            let first = first.filter(|(address, _)| address.starts_with(&fields));
            open.extend(first.map(|(address, _)| (*address).to_owned()));
        }
        open.push(address);
    }
}

/// The entity of an address, as it is written.
fn read(file: &str, text: &str, address: &str) -> Option<Entity> {
    let content = RawContent::Bytes(text.as_bytes().to_vec());
    let file = RawFile { path: file.to_owned(), content };
    let model = load::read(vec![file], Limits::default()).model;
    model.into_entities().find(|entity| entity.address.as_str() == address)
}

/// The kinds of which more than the name can decide what a table means.
const DECIDING: [&str; 9] =
    ["routing", "object", "field", "list", "icp", "segment", "territory", "definition", "persona"];

/// Properties of these that no table shows or goes by.
const BESIDE: [&str; 3] = ["description", "owner", "review_by"];

fn decides(entity: &Entity) -> bool {
    DECIDING.contains(&entity.address.kind())
}

/// Whether a table may mean or show something else because an entity is worded otherwise.
fn differs(before: &Entity, after: &Entity) -> bool {
    // As a text, in which the order counts too: a table shows criteria as they are written.
    let said = |entity: &Entity| -> Vec<(String, String)> {
        let entries = entity.table.entries.iter();
        let entries = entries.filter(|entry| !BESIDE.contains(&entry.key.as_str()));
        entries.map(|entry| (entry.key.clone(), entry.node.to_json().to_string())).collect()
    };
    before.name() != after.name() || (decides(after) && said(before) != said(after))
}

/// What an entity asks for.
fn asks(entity: &Entity) -> Vec<Asks> {
    let mut found = Vec::new();
    if !decides(entity) {
        return found;
    }
    found.extend(entity.object().map(|object| Asks::Object(object.to_owned())));
    found.extend(entity.table.text("values_from").map(|it| Asks::Address(it.to_owned())));
    for slot in entity.slots() {
        let Some(text) = slot.node.as_text() else { continue };
        match slot.shape {
            Shape::Predicate => {
                add_asked(&mut found, slot.object.or_else(|| entity.object()), text);
            }
            // A table shows the names of what it names; nothing else of these decides.
            Shape::Target(_) if entity.address.kind() == "routing" => {
                found.push(Asks::Address(text.to_owned()));
            }
            _ => {}
        }
    }
    found
}

/// Adds what a criterion asks for.
fn add_asked(found: &mut Vec<Asks>, object: Option<&str>, text: &str) {
    let Some(expr) = parse(text).expr else { return };
    found.extend(references(&expr).iter().map(|it| Asks::Address(it.to_string())));
    let paths = fields(&expr).into_iter();
    found.extend(paths.map(|it| Asks::Path(object.map(str::to_owned), it.parts.clone())));
}
