//! An exception from a criterion, for nobody knows whom.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "exception-without-scope",
    severity: Severity::Error,
    page: include_str!("exception_without_scope.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entity in context.model.of_kind("exception") {
        let says = |key: &str| entity.table.get(key).is_some();
        if !says("waives") || says("waives_finding") || says("scope") {
            continue;
        }
        let message = format!("`{}` does not say for which records it holds", entity.address);
        let finding = Finding::new(RULE.id, message).at(entity.header());
        findings.push(
            finding
                .about(entity.address.as_str())
                .help("add `scope` with a criterion that only these records pass"),
        );
    }
    findings
}
