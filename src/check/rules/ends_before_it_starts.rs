//! A stretch of days whose last one is before the first.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::governance::Pilot;
use crate::model::people::Role;
use crate::model::{At, Entity};
use jiff::civil::Date;

pub(super) static RULE: Rule = Rule {
    id: "ends-before-it-starts",
    severity: Severity::Error,
    page: include_str!("ends_before_it_starts.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, pilot) in context.model.each::<Pilot>() {
        let what =
            (entity, format!("`{}`", entity.address), entity.address.join("ends").to_string());
        findings.extend(turned(what, (&pilot.starts, "starts"), (&pilot.ends, "ends")));
    }
    for (entity, role) in context.model.each::<Role>() {
        for holder in role.holder.iter().flat_map(|holders| holders.iter()) {
            let who = format!("the term of `{}`", holder.id);
            let about = format!("{}.holder.{}.left", entity.address, holder.id);
            let term = ((&holder.since, "since"), (&holder.left, "left"));
            findings.extend(turned((entity, who, about), term.0, term.1));
        }
    }
    findings
}

/// The finding about a first and a last day that stand the wrong way round.
fn turned(
    (entity, what, about): (&Entity, String, String),
    (first, its): (&Option<At<Date>>, &str),
    (last, own): (&Option<At<Date>>, &str),
) -> Option<Finding> {
    let (first, last) = (first.as_ref()?, last.as_ref()?);
    if first.value <= last.value {
        return None;
    }
    let finding = Finding::new(RULE.id, format!("{what} ends before it starts"))
        .at(entity.place(last.span))
        .label("the last day")
        .also(entity.place(first.span), "the first day")
        .about(about);
    Some(finding.help(format!("correct `{own}` or `{its}`")))
}
