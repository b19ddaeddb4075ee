//! Something that is merged before the day from which it is meant to be in force.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "effective-later",
    severity: Severity::Note,
    page: include_str!("effective_later.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entity in context.model.entities() {
        let Some(node) = entity.table.get("effective_from") else { continue };
        let Some(day) = node.as_date().filter(|day| *day > context.as_of) else { continue };
        let message = format!(
            "`{}` says that it is in force from {day} on, and it counts already",
            entity.address
        );
        let help = "merge it on that day, or leave the date out: only `drift`, `audit` and `backtest` reckon with it";
        let finding = Finding::new(RULE.id, message).at(entity.place(node.span));
        findings.push(finding.about(entity.address.as_str()).help(help));
    }
    findings
}
