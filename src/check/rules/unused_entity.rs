//! A list, queue or calendar that nothing refers to.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "unused-entity",
    severity: Severity::Warning,
    page: include_str!("unused_entity.md"),
    run: Some(run),
};

/// Kinds of things that do nothing unless something refers to them, and what would.
const KINDS: [(&str, &str); 3] = [
    ("calendar", "no promise, team or queue runs on it"),
    ("list", "no criterion and no field reads it"),
    ("queue", "no record can reach it"),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let referred = &context.referred;
    let mut findings = Vec::new();
    for (kind, words) in KINDS {
        let unused = |address: &str| !referred.contains(address);
        for entity in context.model.of_kind(kind).filter(|e| unused(e.address.as_str())) {
            let message = format!("nothing refers to `{}`: {words}", entity.address);
            let finding = Finding::new(RULE.id, message)
                .at(entity.header())
                .about(entity.address.as_str())
                .help("refer to it where it was meant to be used, or delete it");
            findings.push(finding);
        }
    }
    findings
}
