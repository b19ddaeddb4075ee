//! A property that names a field its object does not have.

use crate::check::{Context, Rule};
use crate::criteria::{Astray, FaultCode, astray};
use crate::document::place_in_string;
use crate::finding::{Finding, Severity};
use crate::model::{Shape, Slot, is_id};

pub(super) static RULE: Rule = Rule {
    id: "unknown-field",
    severity: Severity::Error,
    page: include_str!("unknown_field.md"),
    // Those that criteria name come from typing the criteria.
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let paths = slots.iter().filter(|slot| *slot.shape == Shape::FieldPath);
    paths.filter_map(|slot| missing(context, slot)).collect()
}

fn missing(context: &Context<'_>, slot: &Slot<'_>) -> Option<Finding> {
    let path = slot.node.as_text().filter(|path| path.split('.').all(is_id))?;
    let Astray { fault, object, .. } = astray(path, slot.object?, context.scope)?;
    // Another rule says so where the object is missing, or the type of the field.
    if !context.scope.has_object(&object) || fault.code == FaultCode::FieldAtFault {
        return None;
    }
    let source = &slot.entity.source;
    let span = place_in_string(source.text(), slot.node.span, fault.span);
    let finding = Finding::new(RULE.id, fault.message).at(slot.entity.place(span));
    let finding = finding.about(slot.address.as_str());
    Some(match fault.help {
        Some(help) => finding.help(help),
        None => finding,
    })
}
