//! A segment, role, metric or the like that nothing refers to.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Entity;

pub(super) static RULE: Rule = Rule {
    id: "unmentioned-entity",
    severity: Severity::Note,
    page: include_str!("unmentioned_entity.md"),
    run: Some(run),
};

/// Kinds of things that mean something alone, and mostly are there for others to refer to.
const KINDS: [&str; 6] = ["metric", "role", "segment", "system", "team", "territory"];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let referred = &context.referred;
    let mut findings = Vec::new();
    for kind in KINDS {
        for entity in context.model.of_kind(kind) {
            if referred.contains(entity.address.as_str()) || works_alone(entity) {
                continue;
            }
            let finding = Finding::new(RULE.id, format!("nothing refers to `{}`", entity.address))
                .at(entity.header())
                .about(entity.address.as_str())
                .help(use_for(kind));
            findings.push(finding);
        }
    }
    findings
}

/// Whether it says itself what becomes of it.
fn works_alone(entity: &Entity) -> bool {
    let says = |key: &str| entity.table.get(key).is_some();
    match entity.address.kind() {
        "territory" => says("assigned_to"),
        "system" => says("sync") || says("alert"),
        _ => false,
    }
}

fn use_for(kind: &str) -> &'static str {
    match kind {
        "metric" => "show it in a view, put it before a meeting, or delete it",
        "role" => "name it where it owns, approves or works something, or delete it",
        "system" => "name its columns in fields with `columns`, or delete it",
        "team" => "name it as the owner of something or the team of a role, or delete it",
        "territory" => "say who works it with `assigned_to`, route by it, or delete it",
        _ => "use it in a criterion or a campaign, or delete it",
    }
}
