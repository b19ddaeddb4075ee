//! A routing rule whose own condition no record meets.

use super::extents::is_consequence;
use super::surveyed::Surveyed;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::proof::Useless;

pub(super) static RULE: Rule = Rule {
    id: "rule-contradicts-itself",
    severity: Severity::Error,
    page: include_str!("rule_contradicts_itself.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for found in context.tables.iter().flat_map(Surveyed::useless) {
        let when =
            found.rule.when.as_ref().and_then(|when| found.table.router.condition(when.span));
        if *found.how != Useless::Contradiction
            || when.is_none_or(|when| is_consequence(context, when))
        {
            continue;
        }
        let message = format!("no record meets the condition of rule `{}`", found.rule.id);
        let finding = Finding::new(RULE.id, message).at(found.place()).about(found.address()).help(
            "correct the condition, of which some parts exclude each other, or delete the rule",
        );
        findings.push(finding);
    }
    findings
}
