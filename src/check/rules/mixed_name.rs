//! One name for two things: names or values that differ in nothing a reader sees.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::{Entity, Polarity, Shape, Slot};
use foldhash::fast::FixedState;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

pub(super) static RULE: Rule = Rule {
    id: "mixed-name",
    severity: Severity::Warning,
    page: include_str!("mixed_name.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = names(context);
    findings.extend(values(context));
    findings
}

/// Entities of one kind that people call the same.
fn names(context: &Context<'_>) -> Vec<Finding> {
    let mut first: HashMap<(&str, String), &Entity, FixedState> = HashMap::default();
    let mut findings = Vec::new();
    for entity in context.model.entities().filter(|entity| entity.kind.is_some()) {
        let Some((name, family)) = called(entity) else { continue };
        let other = match first.entry((family, folded(name))) {
            Entry::Occupied(other) => *other.get(),
            Entry::Vacant(free) => {
                free.insert(entity);
                continue;
            }
        };
        let message =
            format!("`{}` and `{}` are both called `{name}`", other.address, entity.address);
        let place = |entity: &Entity| match entity.table.get("name") {
            Some(name) => entity.place(name.span),
            None => entity.header(),
        };
        let finding = Finding::new(RULE.id, message)
            .at(place(entity))
            .also(place(other), "the other one")
            .about(entity.address.as_str())
            .help("give each a name of its own, or make them one");
        findings.push(finding);
    }
    findings
}

/// What people call an entity, and within which family names must differ.
fn called(entity: &Entity) -> Option<(&str, &str)> {
    let (family, id) = entity.address.as_str().rsplit_once('.')?;
    Some((entity.table.text("name").unwrap_or(id), family))
}

/// Values of one list that differ only in letter case or blanks.
fn values(context: &Context<'_>) -> Vec<Finding> {
    let values: Vec<&Slot<'_>> =
        context.scope.slots().iter().filter(|slot| is_value(slot)).collect();
    let mut findings = Vec::new();
    let lists = values.chunk_by(|a, b| a.address == b.address);
    for list in lists.filter(|list| list.len() > 1) {
        let mut first: BTreeMap<String, (&str, &Slot<'_>)> = BTreeMap::new();
        for slot in list.iter().copied() {
            let Some(text) = slot.node.as_text() else { continue };
            let (other, there) = *first.entry(folded(text)).or_insert((text, slot));
            if other == text {
                continue;
            }
            let message = format!("`{other}` and `{text}` differ only in letter case or blanks");
            let finding = Finding::new(RULE.id, message)
                .at(slot.place())
                .also(there.place(), "the other spelling")
                .about(slot.address.as_str())
                .help(
                    "keep the spelling that records have; two values are two answers to a report",
                );
            findings.push(finding);
        }
    }
    findings
}

fn is_value(slot: &Slot<'_>) -> bool {
    let polarity = slot.property.facet.polarity;
    let words = matches!(polarity, Polarity::Wording | Polarity::Display);
    matches!(&slot.property.shape, Shape::List(inner) if **inner == Shape::Word) && !words
}

fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    if folded.is_ascii() {
        folded.make_ascii_lowercase();
        return folded;
    }
    folded.to_lowercase()
}
