//! Routing tables through the history of a model, from what each entity said from when on.

use super::{Href, Story};
use crate::criteria::{fields, parse, references};
use crate::document::Limits;
use crate::load::{self, ModelScope};
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
        model: Model::default(),
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
    /// The model as of the revision that is looked at.
    model: Model,
    stories: BTreeMap<Address, Watched>,
    href: Href<'a>,
}

impl Walk<'_> {
    fn step(&mut self, when: &Json, wordings: &[Wording<'_>]) {
        for wording in wordings {
            let address = Address::new(wording.address);
            self.model.remove(&address);
            let read = wording.said.and_then(|(file, text)| read(file, text, wording.address));
            if let Some(entity) = read {
                self.model.insert(entity);
            }
        }
        for (address, watched) in &mut self.stories {
            let concerned = |wording: &Wording<'_>| {
                wording.address == address.as_str() || watched.on.contains(wording.address)
            };
            if wordings.iter().any(concerned) {
                watched.look(address, &self.model, when, self.href);
            }
        }
    }
}

/// The entity of an address, as it is written.
fn read(file: &str, text: &str, address: &str) -> Option<Entity> {
    let content = RawContent::Bytes(text.as_bytes().to_vec());
    let file = RawFile { path: file.to_owned(), content };
    let model = load::read(vec![file], Limits::default()).model;
    model.into_entities().find(|entity| entity.address.as_str() == address)
}

impl Watched {
    fn look(&mut self, address: &Address, model: &Model, when: &Json, href: Href<'_>) {
        let part = Part::of(model, address.as_str());
        let scope = ModelScope::of_part(&part.model);
        let entity = part.model.get(address.as_str());
        self.story.add(when.clone(), entity.map(|entity| (&scope, entity)), href);
        self.on = part.on;
    }
}

/// The part of a model that a routing table depends on.
struct Part<'m> {
    whole: &'m Model,
    model: Model,
    on: BTreeSet<String>,
    /// Addresses that are still to be looked at.
    open: Vec<String>,
}

impl<'m> Part<'m> {
    fn of(whole: &'m Model, address: &str) -> Self {
        let (model, on, open) = (Model::default(), BTreeSet::new(), vec![address.to_owned()]);
        let mut part = Self { whole, model, on, open };
        while let Some(address) = part.open.pop() {
            if part.on.insert(address.clone())
                && let Some(entity) = whole.get(&address)
            {
                part.add(entity);
            }
        }
        part
    }

    fn add(&mut self, entity: &'m Entity) {
        self.model.insert(entity.clone());
        if let Some(object) = entity.object() {
            self.object(object);
        }
        self.open.extend(entity.table.text("values_from").map(str::to_owned));
        for slot in entity.slots() {
            let Some(text) = slot.node.as_text() else { continue };
            match slot.shape {
                Shape::Predicate => self.asks(slot.object.or_else(|| entity.object()), text),
                // A table shows the names of what it names; nothing else of these decides.
                Shape::Target(_) if entity.address.kind() == "routing" => {
                    self.open.push(text.to_owned());
                }
                _ => {}
            }
        }
    }

    /// Adds what a criterion asks for.
    fn asks(&mut self, object: Option<&str>, text: &str) {
        let Some(expr) = parse(text).expr else { return };
        self.open.extend(references(&expr).iter().map(ToString::to_string));
        for path in fields(&expr) {
            let mut from = object.map(str::to_owned);
            for part in &path.parts {
                let Some(object) = from.take() else { break };
                self.object(&object);
                let address = format!("field.{object}.{part}");
                let field = self.whole.get(&address);
                from = field.and_then(|field| field.object().map(str::to_owned));
                self.open.push(address);
            }
        }
    }

    /// Adds what makes a type of record known: its own entity, or else any field of it.
    fn object(&mut self, object: &str) {
        let address = format!("object.{object}");
        if self.whole.get(&address).is_none() {
            let first = self.whole.of_kind(&format!("field.{object}")).next();
            self.open.extend(first.map(|field| field.address.to_string()));
        }
        self.open.push(address);
    }
}
