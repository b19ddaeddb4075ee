//! The same value twice in a list.

use crate::check::{Context, Rule};
use crate::document::{Node, Value};
use crate::finding::{Finding, Severity};
use crate::model::{Polarity, Shape, Slot};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-value",
    severity: Severity::Warning,
    page: include_str!("duplicate_value.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let mut findings = Vec::new();
    let lists = slots.chunk_by(|a, b| a.address == b.address);
    for list in lists.filter(|list| list.len() > 1) {
        let mut first: BTreeMap<Cow<'_, str>, &Slot<'_>> = BTreeMap::new();
        for slot in list.iter().filter(|slot| counts(slot)) {
            let Some(word) = word(slot.node) else { continue };
            if let Some(first) = first.get(&word) {
                let name = slot.property.name;
                let finding = Finding::new(RULE.id, format!("`{word}` stands twice in `{name}`"))
                    .at(slot.place())
                    .also(first.place(), "it stands here already")
                    .about(slot.address.as_str())
                    .help("delete one of the two, or write the value that was meant");
                findings.push(finding);
            } else {
                first.insert(word, slot);
            }
        }
    }
    findings
}

/// Whether it matters that a value of this property is there twice: not in words for people.
fn counts(slot: &Slot<'_>) -> bool {
    let words = matches!(slot.property.facet.polarity, Polarity::Wording | Polarity::Display);
    matches!(slot.property.shape, Shape::List(_)) && !words
}

fn word(node: &Node) -> Option<Cow<'_, str>> {
    match &node.value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Date(date) => Some(Cow::Owned(date.to_string())),
        _ => None,
    }
}
