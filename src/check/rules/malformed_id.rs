//! An item whose id cannot be a step of an address.

use super::duplicate_item_id::item_ids;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::{Slot, is_id};
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
    let found = |(slot, id): (&Slot<'_>, &str)| match id {
        "default" if is_rule(slot) => Some(taken(slot)),
        _ => (!id.is_empty() && !is_id(id)).then(|| bad(slot, id)),
    };
    item_ids(slots).filter_map(found).collect()
}

/// Whether an item is a rule of a routing table.
fn is_rule(slot: &Slot<'_>) -> bool {
    let table = &slot.entity.address;
    table.kind() == "routing" && slot.item.is_within(table.join("rule").as_str())
}

fn taken(slot: &Slot<'_>) -> Finding {
    let message = "`default` stands for the records that no rule takes, and is no id of a rule";
    let finding = Finding::new(RULE.id, message).at(slot.place()).about(slot.item.as_str());
    finding.help("give the rule another id, with `formerly = [\"default\"]` where records or approvals know it")
}

fn bad(slot: &Slot<'_>, id: &str) -> Finding {
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
