//! A share over one hundred percent.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::{Percent, Shape, Slot};
use rust_decimal::Decimal;

pub(super) static RULE: Rule = Rule {
    id: "impossible-share",
    severity: Severity::Error,
    page: include_str!("impossible_share.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let shares = slots.iter().filter(|slot| *slot.shape == Shape::Percent);
    shares.filter_map(too_much).collect()
}

fn too_much(slot: &Slot<'_>) -> Option<Finding> {
    let text = slot.node.as_text()?;
    let Percent(share) = Percent::parse(text)?;
    (share > Decimal::ONE_HUNDRED).then(|| {
        let message = format!(
            "`{}` is a share of the records, and `{text}` is more than all",
            slot.property.name
        );
        Finding::new(RULE.id, message)
            .at(slot.place())
            .about(slot.address.as_str())
            .help("write a share between `0%` and `100%`")
    })
}
