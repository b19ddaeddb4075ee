//! A former id that is still, or again, the id of something.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::model::{Entity, Model, Slot, is_id};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "formerly-taken",
    severity: Severity::Error,
    page: include_str!("formerly_taken.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let mut claimed: BTreeMap<String, &Slot<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    for slot in slots.iter().filter(|slot| slot.property.name == "formerly") {
        let Some((text, former)) = former(slot) else { continue };
        if let Some(finding) = taken(context.model, slot, text, &former) {
            findings.push(finding);
        } else if let Some(other) = claimed.get(&former).filter(|other| other.item != slot.item) {
            let message = format!("`{text}` is a former id of `{}` too", other.item);
            let help = "keep it where the history belongs, and remove it from the other";
            let finding = found(slot, message, help).also(other.place(), "claimed here before");
            findings.push(finding);
        } else {
            claimed.insert(former, slot);
        }
    }
    findings
}

/// A former id as written, and the address it stood for: another last step, or, for an entity,
/// as many of its last steps as are given.
fn former<'s>(slot: &'s Slot<'_>) -> Option<(&'s str, String)> {
    let text = slot.node.as_text().filter(|text| text.split('.').all(is_id))?;
    let steps = text.split('.').count();
    let own: Vec<&str> = slot.item.as_str().split('.').collect();
    let is_entity = slot.item == slot.entity.address;
    let kept = own.get(..own.len().checked_sub(steps)?).filter(|_| is_entity || steps == 1)?;
    Some((text, kept.iter().copied().chain([text]).collect::<Vec<_>>().join(".")))
}

fn taken(model: &Model, slot: &Slot<'_>, text: &str, former: &str) -> Option<Finding> {
    if former == slot.item.as_str() {
        let message = format!("`{text}` is still the id of `{}`", slot.item);
        let help = "remove it; only ids that are no longer used belong here";
        return Some(found(slot, message, help));
    }
    let place = holder(model, slot, former)?;
    let message = format!("`{text}` is a former id of `{}` and the id of `{former}`", slot.item);
    let help = "give the one that uses it now another id, or remove it from `formerly`";
    Some(found(slot, message, help).also(place, "used here"))
}

/// Where an entity or an item of this address is declared.
fn holder(model: &Model, slot: &Slot<'_>, address: &str) -> Option<Place> {
    if slot.item == slot.entity.address {
        return model.get(address).map(Entity::header);
    }
    let part = model.part(address)?;
    Some(part.entity.place(part.key_span))
}

fn found(slot: &Slot<'_>, message: String, help: &str) -> Finding {
    Finding::new(RULE.id, message).at(slot.place()).about(slot.address.as_str()).help(help)
}
