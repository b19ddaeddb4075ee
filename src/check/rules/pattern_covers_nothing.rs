//! A pilot, a playbook, a view or a policy about nothing there is, or could be.

use super::patterns::Patterns;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::{Entity, Shape};

pub(super) static RULE: Rule = Rule {
    id: "pattern-covers-nothing",
    severity: Severity::Warning,
    page: include_str!("pattern_covers_nothing.md"),
    run: Some(run),
};

/// The kinds that are looked at here. Decisions, exceptions and examples have rules of their own.
const KINDS: [&str; 4] = ["pilot", "playbook", "policy", "view"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut patterns = Patterns::of(context);
    let mut findings = Vec::new();
    for entity in KINDS.iter().flat_map(|kind| context.model.of_kind(kind)) {
        if weighs_findings(entity) {
            continue;
        }
        for slot in entity.slots().iter().filter(|slot| *slot.shape == Shape::AddressPattern) {
            let Some(text) = slot.node.as_text() else { continue };
            let about = (entity, slot.address.to_string());
            findings.extend(patterns.empty(RULE.id, about, (text, slot.node.span)));
        }
    }
    findings
}

/// Whether it is a policy about findings of `check`: of one that changes none, `unused-policy` speaks.
fn weighs_findings(entity: &Entity) -> bool {
    let rule = entity.table.text("rule").unwrap_or_else(|| entity.address.id());
    entity.address.kind() == "policy" && Rule::of(rule).is_some()
}
