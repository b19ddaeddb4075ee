//! A pilot past its last day.

use super::since::ago;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::governance::Pilot;

pub(super) static RULE: Rule = Rule {
    id: "pilot-over",
    severity: Severity::Warning,
    page: include_str!("pilot_over.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, pilot) in context.model.each::<Pilot>() {
        let Some(ends) = pilot.ends.filter(|day| day.value < context.as_of) else { continue };
        // One that ends before it starts has another day that was meant.
        if pilot.starts.is_some_and(|starts| starts.value > ends.value) {
            continue;
        }
        let Some(ago) = ago(ends.value, context.as_of) else { continue };
        let finding = Finding::new(
            RULE.id,
            format!("the last day of `{}` was {ago}", entity.address),
        )
        .at(entity.place(ends.span))
        .about(entity.address.as_str())
        .help("make what it tried a rule or take it back, then delete it; or give it more time");
        findings.push(finding);
    }
    findings
}
