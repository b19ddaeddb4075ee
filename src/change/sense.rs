//! Which way a value counts where that depends on what stands beside it.

use super::edit::{Edit, Edited};
use crate::document::Node;
use crate::model::{Address, Shape};
use rust_decimal::Decimal;

/// Whether a size or a condition counts the other way round than its property says: that of a metric
/// of which less is better, or of a rule that takes points away. None where it does in one revision only.
pub(super) fn is_turned(edit: &Edit<'_>) -> Option<bool> {
    let former = edit.previous.as_ref().unwrap_or(&edit.address);
    let before = edit.before.map(|side| turns(edit, side, former));
    let after = edit.after.map(|side| turns(edit, side, &edit.address));
    let one = after.or(before)?;
    (before.unwrap_or(one) == after.unwrap_or(one)).then_some(one)
}

fn turns(edit: &Edit<'_>, side: Edited<'_>, address: &Address) -> bool {
    let Some(property) = edit.property else { return false };
    match (edit.noun, property.name) {
        ("metric", _) => {
            property.shape != Shape::Predicate && side.entity.table.text("better") == Some("lower")
        }
        ("score-rule", "when" | "once_per" | "decays_after") => takes_away(side, address),
        _ => false,
    }
}

/// Whether the score rule that an address lies in takes points away.
fn takes_away(side: Edited<'_>, address: &Address) -> bool {
    let part = address.as_str().strip_prefix(side.entity.address.as_str());
    let id = part.and_then(|part| part.split('.').nth(2));
    let rules = side.entity.table.get("rule").and_then(Node::as_array).unwrap_or_default();
    let mut rules = rules.iter().filter_map(Node::as_table);
    let rule = rules.find(|rule| rule.text("id") == id);
    let points = rule.and_then(|rule| rule.get("points")).and_then(Node::as_decimal);
    points.is_some_and(|points| points < Decimal::ZERO)
}
