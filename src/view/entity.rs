//! One entity as it was in force: its properties, its criteria, and what they refer to.

use super::difference::{ChangeRow, Location, RevisionRow};
use super::words::when;
use crate::change::Change;
use crate::criteria::{Expr, references};
use crate::document::Node;
use crate::git::Commit;
use crate::load::ModelScope;
use crate::model::{Entity, Part, Shape, Slot};
use crate::report::{Block, Line, Page, Style, Tool};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What `show --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntityReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The address as it was asked for.
    pub address: String,
    /// The revision.
    pub at: RevisionRow,
    /// Where it stands.
    pub location: Location,
    /// What it says.
    pub value: Json,
    /// The addresses its criteria and properties refer to, directly or through others.
    pub refers_to: Vec<String>,
    /// The commit that last changed what it means.
    pub last_changed: Option<LastChanged>,
}

/// What `show --format json` prints where an address names several things, or none is given.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntityListReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The address as it was asked for; `*` where none was.
    pub address: String,
    /// The revision.
    pub at: RevisionRow,
    /// What it covers, by address.
    pub covers: Vec<ListedRow>,
}

/// One thing that an address covers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListedRow {
    /// Its address.
    pub address: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}

/// The commit that last changed an entity's meaning.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LastChanged {
    /// The commit.
    pub commit: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// Who wrote it.
    pub author: super::log::PersonRow,
    /// What it changed.
    pub changes: Vec<ChangeRow>,
}

/// The commit that last changed an entity, for the page and the data.
#[derive(Debug, Clone, Copy)]
pub struct Introduction<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// What it changed.
    pub changes: &'a [Change],
}

impl EntityListReport {
    /// What an address covers at a revision, as data: addresses and names.
    pub fn new(address: &str, at: RevisionRow, rows: Vec<(String, String)>) -> Self {
        let row = |(address, name): (String, String)| ListedRow {
            address,
            name: Some(name).filter(|name| !name.is_empty()),
        };
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            address: address.to_owned(),
            at,
            covers: rows.into_iter().map(row).collect(),
        }
    }
}

impl EntityReport {
    /// A part of a model at a revision, as data.
    pub fn new(
        address: &str,
        part: Part<'_>,
        at: RevisionRow,
        scope: &ModelScope<'_>,
        introduction: Option<Introduction<'_>>,
    ) -> Self {
        let value = part.node.map_or_else(|| part.entity.table.to_json(), Node::to_json);
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            address: address.to_owned(),
            at,
            location: (&part.entity.place(part.key_span)).into(),
            value,
            refers_to: referred(scope, address).into_iter().collect(),
            last_changed: introduction.map(|introduction| LastChanged {
                commit: introduction.commit.id.to_string(),
                record_time: super::words::instant(introduction.commit.committer_time),
                author: (&introduction.commit.author).into(),
                changes: introduction.changes.iter().map(Into::into).collect(),
            }),
        }
    }
}

/// The entity or part as a page, with what its criteria refer to spelled out below.
pub fn entity_page(
    address: &str,
    part: Part<'_>,
    at: &str,
    scope: &ModelScope<'_>,
    introduction: Option<Introduction<'_>>,
) -> Page {
    let mut page = Page::default();
    let entity = part.entity;
    let name = entity.table.text("name").unwrap_or_default();
    let mut head = Line::new().strong(address);
    if !name.is_empty() && entity.address.as_str() == address {
        head = head.plain(format!("  {name}"));
    }
    page.push(Block::Paragraph(head));
    let place = Location::from(&entity.place(part.key_span));
    let mut tail = format!("as of {at}, {}:{}", place.path, place.line);
    if let Some(from) = entity.table.get("effective_from").and_then(Node::as_date) {
        let _ = write!(tail, ", in force from {from}");
    }
    page.push(Block::Paragraph(Line::new().dim(tail)));
    if let Some(introduction) = introduction {
        page.push(Block::Paragraph(introduced(introduction)));
    }
    page.gap();
    nested(&mut page, slot_lines(entity, address, scope));
    let referred = referred(scope, address);
    let predicates = referred.iter().filter(|address| scope_has_criteria(scope, address));
    for reference in predicates {
        page.gap();
        page.push(Block::Paragraph(Line::of("where ").code(reference).plain(" is")));
        nested(&mut page, criteria_lines(scope, reference));
    }
    page
}

fn nested(page: &mut Page, lines: Vec<Line>) {
    page.blocks.extend(lines.into_iter().map(|line| Block::Nested(1, line)));
}

fn introduced(introduction: Introduction<'_>) -> Line {
    let commit = introduction.commit;
    let mut line = Line::new()
        .dim("last changed in meaning by ")
        .with(Style::Warn, commit.id.short())
        .dim(format!(" {} ", when(commit.committer_time)))
        .plain(commit.author.name.clone());
    if let Some(change) = introduction.changes.first() {
        let values = super::changes::short_values(change);
        line = line.dim(": ").then(values.unwrap_or_else(|| Line::new().sentence(&change.summary)));
    }
    line
}

/// One line a property: the address below the entity, and what it says; a list in one line.
fn slot_lines(entity: &Entity, address: &str, scope: &ModelScope<'_>) -> Vec<Line> {
    let slots: Vec<Slot<'_>> = entity.slots();
    let mut lines: Vec<(&str, Line)> = Vec::new();
    // The id of an item is part of every address below it.
    let told = |slot: &&Slot<'_>| slot.property.name != "id" && slot.address.is_within(address);
    for slot in slots.iter().filter(told) {
        let text = slot.address.as_str();
        let value = slot_value(slot, scope);
        match lines.last_mut() {
            Some((last, line)) if *last == text => {
                *line = std::mem::take(line).plain(", ").then(value);
            }
            _ => {
                let below = text.strip_prefix(entity.address.as_str()).unwrap_or(text);
                let key = below.trim_start_matches('.');
                lines.push((text, Line::new().dim(format!("{key}: ")).then(value)));
            }
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

fn slot_value(slot: &Slot<'_>, scope: &ModelScope<'_>) -> Line {
    let value = match slot.node.to_json() {
        Json::String(text) => text,
        other => other.to_string(),
    };
    let line = Line::new();
    match slot.shape {
        Shape::Target(_) | Shape::ObjectId => {
            let target = match slot.shape {
                Shape::ObjectId => format!("object.{value}"),
                _ => value.clone(),
            };
            let name = scope.model().get(&target).map(Entity::name).unwrap_or_default();
            let line = line.code(value.clone());
            if name.is_empty() || target.ends_with(&format!(".{name}")) {
                line
            } else {
                line.dim(format!("  {name}"))
            }
        }
        Shape::Predicate => line.with(Style::Code, value),
        _ => line.plain(value),
    }
}

fn scope_has_criteria(scope: &ModelScope<'_>, address: &str) -> bool {
    scope.criteria_below(address).next().is_some()
        || address.starts_with("list.") && scope.model().get(address).is_some()
}

fn criteria_lines(scope: &ModelScope<'_>, address: &str) -> Vec<Line> {
    if let Some(entity) = scope.model().get(address).filter(|_| address.starts_with("list.")) {
        return slot_lines(entity, address, scope)
            .into_iter()
            .filter(|line| line.runs.iter().any(|(_, text)| text.starts_with("values")))
            .collect();
    }
    let criteria = scope.criteria_below(address);
    criteria
        .map(|criterion| {
            let text = criterion.address.as_str();
            let key = text.strip_prefix(address).unwrap_or(text).trim_start_matches('.');
            Line::new().dim(format!("{key}: ")).code(criterion.text)
        })
        .collect()
}

/// What the criteria at an address refer to, and what that refers to in turn.
fn referred(scope: &ModelScope<'_>, address: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![address.to_owned()];
    while let Some(address) = open.pop() {
        for criterion in scope.criteria_below(&address) {
            let expr: Option<&Expr> = criterion.expr.as_deref();
            for reference in expr.map(references).unwrap_or_default() {
                let name = format!("{}.{}", reference.kind, reference.id);
                if found.insert(name.clone()) {
                    open.push(name);
                }
            }
        }
    }
    found
}
