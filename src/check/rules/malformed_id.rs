//! An item whose id cannot be a step of an address.

use super::duplicate_item_id::item_ids;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::is_id;
use crate::schema::spelt;

pub(super) static RULE: Rule = Rule {
    id: "malformed-id",
    severity: Severity::Error,
    page: include_str!("malformed_id.md"),
    // Those of entities and named criteria come from reading the files.
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let bad = |(slot, id): (&_, &str)| bad(slot, id);
    item_ids(slots).filter(|(_, id)| !id.is_empty() && !is_id(id)).map(bad).collect()
}

fn bad(slot: &crate::model::Slot<'_>, id: &str) -> Finding {
    let finding = Finding::new(RULE.id, format!("`{id}` is not an id")).at(slot.place());
    let finding = finding.about(slot.item.as_str());
    match spelt(id) {
        Some(spelt) => {
            finding.help(format!("write `{spelt}`, and `name` for the words people read"))
        }
        None => {
            finding.help("write ids in small letters, digits and single hyphens or underscores")
        }
    }
}

/// A finding about the id of an entity, with the nearest id to what was written in its help.
pub(in crate::check) fn with_spelling(finding: Finding) -> Finding {
    let id = finding.address.as_deref().and_then(|address| address.rsplit('.').next());
    match id.filter(|_| finding.rule == RULE.id).and_then(spelt) {
        Some(spelt) => finding.help(format!("write `{spelt}`")),
        None => finding,
    }
}
