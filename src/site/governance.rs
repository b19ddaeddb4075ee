//! Who approves what, what is excepted for a while, and which judgements the company has changed.

use super::deciders::Decider;
use super::known::{Known, Listed};
use super::layout::{Frame, Layout};
use super::prose::Text;
use crate::document::Node;
use crate::model::Entity;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    rights: Vec<Decider>,
    exceptions: Vec<Waiver>,
    pilots: Vec<Listed>,
    policies: Vec<Policy>,
    playbooks: Vec<Listed>,
}

/// Something that does not count for a while.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Waiver {
    it: Listed,
    waives: Text,
    reason: String,
    approved_by: Text,
    expires: String,
    expired: bool,
}

#[derive(Serialize)]
struct Policy {
    it: Listed,
    level: String,
    reason: String,
}

/// The page of decision rights.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let frame = Frame { path: "rights.html", title: "Who decides what", ..Frame::default() };
    let text = |entity: &Entity, key: &str| entity.table.text(key).unwrap_or_default().to_owned();
    let policies = known.model().of_kind("policy").map(|entity| Policy {
        it: Known::listed(entity),
        level: text(entity, "level"),
        reason: text(entity, "reason"),
    });
    let page = Page {
        rights: known.rights.all().map(|right| Decider::of(known.names, right)).collect(),
        exceptions: exceptions(known),
        pilots: known.all("pilot"),
        policies: policies.collect(),
        playbooks: known.all("playbook"),
    };
    layout.page(&frame, "rights.html", page)
}

/// The exceptions, those that end first first.
pub(in crate::site) fn exceptions(known: &Known<'_>) -> Vec<Waiver> {
    let mut found: Vec<Waiver> =
        known.model().of_kind("exception").map(|entity| waiver(known, entity)).collect();
    found.sort_by(|a, b| a.expires.cmp(&b.expires));
    found
}

fn waiver(known: &Known<'_>, entity: &Entity) -> Waiver {
    let table = &entity.table;
    let expires = table.get("expires").and_then(Node::as_date);
    let finding = table.text("waives_finding").map(|rule| Text::default().code(rule));
    let waives = table.text("waives").map(|address| known.names.link(address));
    let waives = match (finding, waives) {
        (Some(finding), Some(waives)) => finding.plain(" at ").then(waives),
        (finding, waives) => finding.or(waives).unwrap_or_default(),
    };
    Waiver {
        it: Known::listed(entity),
        waives,
        reason: table.text("reason").unwrap_or_default().to_owned(),
        approved_by: table.text("approved_by").map(|it| known.names.link(it)).unwrap_or_default(),
        expires: expires.map(|day| day.to_string()).unwrap_or_default(),
        expired: expires.is_some_and(|day| day < known.facts.as_of),
    }
}
