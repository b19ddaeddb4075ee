//! Something that should have been looked at again by now.

use super::since::ago;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "review-overdue",
    severity: Severity::Warning,
    page: include_str!("review_overdue.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entity in context.model.entities() {
        let Some(node) = entity.table.get("review_by") else { continue };
        let Some(day) = node.as_date().filter(|day| *day < context.as_of) else { continue };
        let Some(ago) = ago(day, context.as_of) else { continue };
        let help = match entity.table.text("owner") {
            Some(owner) => format!("ask `{owner}` to look at it and set a new date"),
            None => "look at it and set a new date, or give it an `owner` who will".to_owned(),
        };
        let finding =
            Finding::new(RULE.id, format!("the review of `{}` was due {ago}", entity.address))
                .at(entity.place(node.span))
                .about(entity.address.as_str())
                .help(help);
        findings.push(finding);
    }
    findings
}
