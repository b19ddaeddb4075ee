//! How two values of one property compare by size.

use crate::document::Node;
use crate::model::{Duration, Percent, Property, Shape};
use std::cmp::Ordering;

/// How before and after compare, where they are of one scale.
pub(super) fn compare(
    property: &Property,
    before: Option<&Node>,
    after: Option<&Node>,
) -> Option<Ordering> {
    if property.shape == Shape::Bool {
        let flag = |node: Option<&Node>| node.and_then(Node::as_bool).unwrap_or_default();
        return Some(flag(before).cmp(&flag(after)));
    }
    let (before, after) = (before?, after?);
    match property.shape {
        Shape::Duration => {
            let parse = |node: &Node| node.as_text().and_then(Duration::parse);
            parse(before)?.partial_cmp(&parse(after)?)
        }
        Shape::Percent => {
            let parse = |node: &Node| node.as_text().and_then(Percent::parse);
            Some(parse(before)?.cmp(&parse(after)?))
        }
        Shape::Date => Some(before.as_date()?.cmp(&after.as_date()?)),
        Shape::Code(_) => {
            let step = |node: &Node| property.step(node.as_text()?);
            Some(step(before)?.cmp(&step(after)?))
        }
        _ => Some(before.as_decimal()?.cmp(&after.as_decimal()?)),
    }
}
