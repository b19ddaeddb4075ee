//! Two items of one list that share an id.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Slot;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-item-id",
    severity: Severity::Error,
    page: include_str!("duplicate_item_id.md"),
    run: Some(run),
};

/// The slots that hold the id of an item, with the id.
pub(super) fn item_ids<'s, 'm>(
    slots: &'s [Slot<'m>],
) -> impl Iterator<Item = (&'s Slot<'m>, &'s str)> {
    let ids = slots.iter().filter(|slot| slot.property.name == "id");
    ids.filter_map(|slot| Some((slot, slot.node.as_text()?)))
}

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let mut first: BTreeMap<&str, &Slot<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    for (slot, id) in item_ids(slots) {
        match first.get(slot.item.as_str()) {
            Some(earlier) => findings.push(duplicate(earlier, slot, id)),
            None => drop(first.insert(slot.item.as_str(), slot)),
        }
    }
    findings
}

fn duplicate(earlier: &Slot<'_>, slot: &Slot<'_>, id: &str) -> Finding {
    Finding::new(RULE.id, format!("`{id}` is the id of two items of the same list"))
        .at(slot.place())
        .label("used again here")
        .also(earlier.place(), "first used here")
        .about(slot.item.as_str())
        .help("give one of the two another id; references and approvals hold on to it")
}
