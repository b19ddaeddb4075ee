//! What an entity says, property by property and in words, by the declaration of its kind.

use super::clause::{Clause, clause, number_in_words};
use super::names::stem;
use super::prose::{Names, Text, covered, label, one_line};
use crate::criteria::Fault;
use crate::document::{Node, Table, Value};
use crate::model::{Declaration, Entity, Property, Shape};
use serde::Serialize;

/// Properties that the head of a page tells.
const TOLD: &[&str] = &["id", "name", "description"];

/// A list of longer values stands one below the other.
const SHORT: usize = 44;

/// What a table says.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::site) struct Said {
    facts: Vec<Fact>,
    groups: Vec<Group>,
}

/// One property.
#[derive(Debug, Clone, Serialize)]
struct Fact {
    id: String,
    label: String,
    /// What the property is, in the words of the manual.
    help: &'static str,
    value: Cell,
    /// Who last changed what it means, and when.
    since: Option<String>,
}

/// A value.
#[derive(Debug, Clone, Default, Serialize)]
struct Cell {
    line: Option<Text>,
    lines: Vec<Text>,
    ask: Option<Ask>,
    inside: Vec<Fact>,
}

/// A property that is made of several things with names of their own.
#[derive(Debug, Clone, Serialize)]
struct Group {
    id: String,
    label: String,
    help: &'static str,
    asks: Vec<Ask>,
    items: Vec<Item>,
}

/// A criterion.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Ask {
    id: String,
    name: String,
    clause: Clause,
    written: String,
    faults: Vec<Text>,
    /// Who last changed what it means, and when.
    since: Option<String>,
}

/// One of a list: a stage, a step.
#[derive(Debug, Clone, Serialize)]
struct Item {
    id: String,
    name: String,
    code: String,
    description: Option<String>,
    said: Said,
}

/// Tells what an entity says.
#[derive(Clone, Copy)]
pub(in crate::site) struct Telling<'a, 'm> {
    pub(in crate::site) names: Names<'m>,
    pub(in crate::site) entity: &'a Entity,
}

impl Said {
    /// What the words for the properties mean, each once.
    pub(in crate::site) fn glossary(&self) -> Vec<(String, &'static str)> {
        let mut words = Vec::new();
        self.gather(&mut words);
        words
    }

    fn gather(&self, words: &mut Vec<(String, &'static str)>) {
        let facts = self.facts.iter().map(|fact| (&fact.label, fact.help));
        let groups = self.groups.iter().map(|group| (&group.label, group.help));
        for (label, help) in facts.chain(groups) {
            if !words.iter().any(|(known, _)| known == label) {
                words.push((label.clone(), help));
            }
        }
        for item in self.groups.iter().flat_map(|group| &group.items) {
            item.said.gather(words);
        }
    }

    /// Notes who last changed what each part means; the part is asked for by its place on the page.
    pub(in crate::site) fn note_since(&mut self, since: &dyn Fn(&str) -> Option<String>) {
        for fact in &mut self.facts {
            fact.since = since(&fact.id);
        }
        for group in &mut self.groups {
            for ask in &mut group.asks {
                ask.since = since(&ask.id);
            }
            for item in &mut group.items {
                item.said.note_since(since);
            }
        }
    }

    /// Leaves out what another part of the page tells.
    #[must_use]
    pub(in crate::site) fn without(mut self, ids: &[&str]) -> Self {
        self.facts.retain(|fact| !ids.contains(&fact.id.as_str()));
        self.groups.retain(|group| !ids.contains(&group.id.as_str()));
        self
    }
}

impl<'a> Telling<'a, '_> {
    /// What the entity says.
    pub(in crate::site) fn said(self) -> Said {
        match self.entity.declaration() {
            Some(declaration) => self.table(declaration, &self.entity.table, "", self.object()),
            None => unknown(&self.entity.table),
        }
    }

    fn object(self) -> Option<&'a str> {
        self.entity.object()
    }

    fn table(
        self,
        declaration: &'static Declaration,
        table: &'a Table,
        above: &str,
        object: Option<&'a str>,
    ) -> Said {
        let object = match declaration.property("object") {
            Some(_) => table.text("object").or(object),
            None => object,
        };
        let mut said = Said::default();
        for property in declaration.properties().filter(|known| !TOLD.contains(&known.name)) {
            let Some(node) = table.get(property.name) else { continue };
            let path = joined(above, property.name);
            match self.group(declaration, property, node, &path, object) {
                Some(group) => said.groups.push(group),
                None => said.facts.push(self.fact(property, node, &path, object)),
            }
        }
        said
    }

    /// A property that is made of several things; none for one that is a value.
    fn group(
        self,
        declaration: &Declaration,
        property: &'static Property,
        node: &'a Node,
        path: &str,
        object: Option<&'a str>,
    ) -> Option<Group> {
        let (mut asks, mut items) = (Vec::new(), Vec::new());
        match (&property.shape, &node.value) {
            (Shape::Named(inner), Value::Table(table)) if **inner == Shape::Predicate => {
                let criteria = table.entries.iter();
                asks.extend(criteria.map(|entry| {
                    self.ask(&entry.node, &joined(path, &entry.key), label(&entry.key))
                }));
            }
            (Shape::Items(below), Value::Array(nodes)) => {
                let tables = nodes.iter().filter_map(Node::as_table);
                items.extend(tables.filter_map(|table| self.item(below, table, path, object)));
            }
            _ => return None,
        }
        let label = group_label(declaration.noun, property.name, asks.len());
        Some(Group { id: stem(path), label, help: property.description, asks, items })
    }

    fn item(
        self,
        declaration: &'static Declaration,
        table: &'a Table,
        above: &str,
        object: Option<&'a str>,
    ) -> Option<Item> {
        let code = table.text("id")?;
        let path = joined(above, code);
        Some(Item {
            id: stem(&path),
            name: one_line(table.text("name").unwrap_or(code)),
            code: code.to_owned(),
            description: table.text("description").map(str::to_owned),
            said: self.table(declaration, table, &path, object),
        })
    }

    /// A criterion that stands at a value.
    pub(in crate::site) fn ask(self, node: &Node, path: &str, name: String) -> Ask {
        let criteria = self.names.scope.criteria_of(self.entity);
        let criterion = criteria.iter().find(|criterion| criterion.span == node.span);
        let written = node.as_text().unwrap_or_default().to_owned();
        let told = |fault: &Fault| self.names.sentence(&fault.message);
        Ask {
            id: stem(path),
            name,
            clause: criterion.map(|it| clause(self.names, it)).unwrap_or_default(),
            faults: criterion.map(|it| it.faults.iter().map(told).collect()).unwrap_or_default(),
            written,
            since: None,
        }
    }

    fn fact(
        self,
        property: &'static Property,
        node: &'a Node,
        path: &str,
        object: Option<&'a str>,
    ) -> Fact {
        Fact {
            id: stem(path),
            label: label(property.name),
            help: property.description,
            value: self.cell(&property.shape, node, path, object),
            since: None,
        }
    }

    fn cell(
        self,
        shape: &'static Shape,
        node: &'a Node,
        path: &str,
        object: Option<&'a str>,
    ) -> Cell {
        let lines = |lines| Cell { lines, ..Cell::default() };
        match (shape, &node.value) {
            (Shape::Predicate, _) => {
                // The row has the place already.
                let ask = self.ask(node, "", String::new());
                Cell { ask: Some(ask), ..Cell::default() }
            }
            (Shape::List(inner), Value::Array(items)) => {
                let values = items.iter().map(|item| self.value(inner, item, object)).collect();
                listed(values)
            }
            (Shape::Named(inner), Value::Table(table)) => {
                let row = |entry: &'a crate::document::Entry| {
                    let value = self.named(inner, &entry.node, object);
                    self.key(&entry.key).plain(": ").then(value)
                };
                lines(table.entries.iter().map(row).collect())
            }
            (Shape::Record(declaration), Value::Table(table)) => {
                let inside = declaration.properties().filter_map(|property| {
                    let node = table.get(property.name)?;
                    Some(self.fact(property, node, &joined(path, property.name), object))
                });
                Cell { inside: inside.collect(), ..Cell::default() }
            }
            (Shape::Free, Value::Table(table)) => {
                let row = |entry: &crate::document::Entry| {
                    let field = self.names.field_named(object, &entry.key);
                    field.plain(": ").strong(scalar(&entry.node))
                };
                lines(table.entries.iter().map(row).collect())
            }
            _ => Cell { line: Some(self.value(shape, node, object)), ..Cell::default() },
        }
    }

    /// A key that the user chose; the name of a system where it is one.
    fn key(self, key: &str) -> Text {
        ["system", "routing"]
            .iter()
            .map(|kind| format!("{kind}.{key}"))
            .find(|address| self.names.entity(address).is_some())
            .map_or_else(|| Text::default().code(key), |address| self.names.link(&address))
    }

    fn named(self, shape: &'static Shape, node: &'a Node, object: Option<&'a str>) -> Text {
        match (shape, node.as_array()) {
            (Shape::List(inner), Some(items)) => {
                let values = items.iter().map(|item| self.value(inner, item, object)).collect();
                Text::joined(values, ", ")
            }
            _ => self.value(shape, node, object),
        }
    }

    fn value(self, shape: &'static Shape, node: &'a Node, object: Option<&str>) -> Text {
        let Some(text) = node.as_text() else { return Text::of(scalar(node)) };
        match shape {
            Shape::Target(_) => self.names.link(text),
            Shape::ObjectId => self.names.link(&format!("object.{text}")),
            Shape::StageId => self.names.link(&format!("{}.stage.{text}", self.entity.address)),
            Shape::FieldPath => self.names.field_named(object, text),
            Shape::AddressPattern => self.pattern(text),
            Shape::Predicate => Text::default().code(text),
            _ => Text::of(text),
        }
    }

    /// A pattern over addresses; a link where it names one thing.
    fn pattern(self, text: &str) -> Text {
        let stage = text.split_once('.').map(|(id, stage)| format!("lifecycle.{id}.stage.{stage}"));
        let found = [Some(text.to_owned()), stage].into_iter().flatten();
        found
            .filter(|address| self.names.scope.model().part(address).is_some())
            .map(|address| self.names.link(&address))
            .next()
            .unwrap_or_else(|| covered(text))
    }
}

/// What a kind says that this tool does not know.
fn unknown(table: &Table) -> Said {
    let fact = |entry: &crate::document::Entry| Fact {
        id: stem(&entry.key),
        label: label(&entry.key),
        help: "A property of a kind that this version of opmodel does not know.",
        value: Cell { line: Some(Text::default().code(scalar(&entry.node))), ..Cell::default() },
        since: None,
    };
    let entries = table.entries.iter().filter(|entry| !TOLD.contains(&entry.key.as_str()));
    Said { facts: entries.map(fact).collect(), groups: Vec::new() }
}

/// Values in a line, or one below the other where they are long.
fn listed(values: Vec<Text>) -> Cell {
    if values.is_empty() {
        return Cell { line: Some(Text::default().dim("none")), ..Cell::default() };
    }
    if values.iter().any(|value| value.words().chars().count() > SHORT) {
        return Cell { lines: values, ..Cell::default() };
    }
    Cell { line: Some(Text::joined(values, ", ")), ..Cell::default() }
}

/// A value as people read it.
pub(in crate::site) fn scalar(node: &Node) -> String {
    match &node.value {
        Value::Text(text) | Value::Time(text) => text.clone(),
        Value::Integer(number) => number_in_words(&number.to_string()),
        Value::Decimal(number) => number_in_words(&number.to_string()),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(instant) => instant.to_string(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(", "),
        Value::Table(_) => node.to_json().to_string(),
    }
}

/// What a group of criteria or items is called: what it asks, where it asks something.
fn group_label(noun: &str, property: &str, asks: usize) -> String {
    let all = if asks == 1 { "this must hold" } else { "all of these must hold" };
    match (noun, property) {
        (_, "criteria") => super::prose::sentence_case(all),
        (_, "disqualifiers") => "None of these may hold".to_owned(),
        (_, "entry") => format!("To enter, {all}"),
        (_, "exit") => format!("To move on, {all}"),
        (_, "acceptance") => format!("To be accepted, {all}"),
        (_, "stage") => "Stages".to_owned(),
        (_, "cycle") => "How long the whole way may take".to_owned(),
        (_, "forbidden") => "Moves that must never happen".to_owned(),
        (_, "tier") => "Tiers".to_owned(),
        (_, "holder") => "Who holds it".to_owned(),
        (_, "escalation") => "What happens when it is not kept".to_owned(),
        (_, "rule") => "Rules".to_owned(),
        (_, "share") => "Shares".to_owned(),
        _ => label(property),
    }
}

fn joined(above: &str, step: &str) -> String {
    if above.is_empty() { step.to_owned() } else { format!("{above}.{step}") }
}

/// The place on the page of an entity at which a part of it is told.
pub(in crate::site) fn anchor_of(entity: &Entity, rest: &str) -> String {
    let mut shape = entity.declaration().map(Shape::Record);
    let mut told: Vec<&str> = Vec::new();
    for step in rest.split('.') {
        shape = match shape {
            Some(Shape::Record(_)) if TOLD.contains(&step) => break,
            Some(Shape::Record(declaration)) => {
                // What a kind does not have is told nowhere.
                let Some(property) = declaration.property(step) else { break };
                told.push(step);
                match &property.shape {
                    Shape::Items(below) => Some(Shape::Items(below)),
                    Shape::Named(inner) if **inner == Shape::Predicate => Some(Shape::Predicate),
                    _ => None,
                }
            }
            Some(Shape::Items(below)) => {
                told.push(step);
                // A rule is one row of its table.
                (below.noun != "rule").then_some(Shape::Record(below))
            }
            Some(Shape::Predicate) => {
                told.push(step);
                None
            }
            _ => break,
        };
    }
    match told.first() {
        None | Some(&"owner") => "says".to_owned(),
        Some(_) => stem(&told.join(".")),
    }
}
