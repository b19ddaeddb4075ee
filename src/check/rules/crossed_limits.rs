//! A score whose least is above its most.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::preparation::Scoring;
use crate::model::{At, Entity};
use rust_decimal::Decimal;

pub(super) static RULE: Rule = Rule {
    id: "crossed-limits",
    severity: Severity::Error,
    page: include_str!("crossed_limits.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, scoring) in context.model.each::<Scoring>() {
        let address = entity.address.as_str();
        let own = (("floor", &scoring.floor), ("cap", &scoring.cap));
        findings.extend(crossed((entity, address), own.0, own.1));
        for group in scoring.group.iter().flat_map(|groups| groups.iter()) {
            let address = format!("{address}.group.{}", group.id);
            let own = (("least", &group.least), ("cap", &group.cap));
            findings.extend(crossed((entity, &address), own.0, own.1));
        }
    }
    findings
}

/// The finding about a least that is above its most.
fn crossed(
    (entity, address): (&Entity, &str),
    (low, least): (&str, &Option<At<Decimal>>),
    (high, most): (&str, &Option<At<Decimal>>),
) -> Option<Finding> {
    let (least, most) = (least.as_ref()?, most.as_ref()?);
    if least.value <= most.value {
        return None;
    }
    let message =
        format!("`{low}` is {}, which is more than the `{high}` of {}", least.value, most.value);
    let finding = Finding::new(RULE.id, message)
        .at(entity.place(least.span))
        .also(entity.place(most.span), format!("the `{high}`"))
        .about(format!("{address}.{low}"));
    Some(finding.help(format!("exchange the two, or make `{low}` smaller than `{high}`")))
}
