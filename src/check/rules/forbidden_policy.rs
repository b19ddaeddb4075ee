//! Policy that would hide that the model cannot be read, or who may weigh its findings.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::root::PolicyEntry;

pub(super) static RULE: Rule = Rule {
    id: "forbidden-policy",
    severity: Severity::Error,
    page: include_str!("forbidden_policy.md"),
    run: Some(run),
};

/// The rules that stay errors, whatever policy says.
const FIXED: [&str; 8] = [
    "syntax",
    "conflict-markers",
    "unreadable-file",
    "newer-format",
    "nothing-read",
    "duplicate-id",
    "misplaced-policy",
    RULE.id,
];

/// Whether an entry would make less of a rule that policy cannot weigh.
pub(in crate::check) fn is_forbidden(entry: &PolicyEntry<'_>) -> bool {
    let lowers = matches!(entry.level, "warn" | "warning" | "note" | "off");
    lowers && FIXED.contains(&entry.rule.as_str())
}

fn run(context: &Context<'_>) -> Vec<Finding> {
    let entries = PolicyEntry::all(context.model);
    entries.iter().filter(|entry| is_forbidden(entry)).map(finding).collect()
}

fn finding(entry: &PolicyEntry<'_>) -> Finding {
    let message = format!("`{}` is an error in every model; no policy changes that", entry.rule);
    Finding::new(RULE.id, message)
        .at(entry.entity.place(entry.rule_span))
        .about(entry.entity.address.as_str())
        .help("delete the entry, and mend what the rule found")
}
