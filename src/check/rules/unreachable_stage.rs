//! A stage that no record can come to.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Entity, Item};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    id: "unreachable-stage",
    severity: Severity::Warning,
    page: include_str!("unreachable_stage.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        let stages = lifecycle.stages();
        if stages.iter().all(|stage| stage.next.is_none())
            || leads_astray(stages)
            || is_unread(entity, stages)
        {
            continue;
        }
        let Some(first) = stages.first() else { continue };
        let reached = reached(stages);
        let lost = stages.iter().filter(|stage| !reached.contains(stage.id.as_str()));
        findings.extend(lost.map(|stage| finding(entity, first, stage)));
    }
    findings
}

fn finding(entity: &Entity, first: &Item<Stage>, stage: &Item<Stage>) -> Finding {
    let message = format!("stage `{}` cannot be reached from `{}`", stage.id, first.id);
    Finding::new(RULE.id, message)
        .at(entity.place(stage.id_span))
        .also(entity.place(first.id_span), "records start here")
        .about(format!("{}.stage.{}", entity.address, stage.id))
        .help("name it in the `next` of the stage before it, or delete it")
}

/// Whether some way out leads to no stage: until it does, nothing is known of what is reached.
fn leads_astray(stages: &[Item<Stage>]) -> bool {
    let known: BTreeSet<&str> = stages.iter().map(|stage| stage.id.as_str()).collect();
    stages.iter().flat_map(|stage| stage.ways_out()).any(|to| !known.contains(&***to))
}

/// Whether a way out is written so that it cannot be read.
fn is_unread(entity: &Entity, stages: &[Item<Stage>]) -> bool {
    let mut silent =
        stages.iter().filter(|stage| stage.next.as_ref().is_none_or(|next| next.is_empty()));
    silent.any(|stage| {
        let table = written::item(entity, "stage", stage.id_span);
        table.is_some_and(|table| !written::nothing(table, "next"))
    })
}

/// The ids of the stages that records come to, starting in the first.
fn reached(stages: &[Item<Stage>]) -> BTreeSet<&str> {
    let mut reached: BTreeSet<&str> =
        stages.iter().take(1).map(|first| first.id.as_str()).collect();
    let mut ahead: Vec<&str> = reached.iter().copied().collect();
    while let Some(id) = ahead.pop() {
        let Some(at) = stages.iter().position(|stage| stage.id == id) else { continue };
        for next in onwards(stages, at) {
            if reached.insert(next) {
                ahead.push(next);
            }
        }
    }
    reached
}

/// Where records go from a stage. One that says nothing is a dead end, of which another rule
/// speaks; here it leads to the stage after it, so that one mistake is one finding.
fn onwards(stages: &[Item<Stage>], at: usize) -> Vec<&str> {
    let Some(stage) = stages.get(at) else { return Vec::new() };
    let named: Vec<&str> = stage.ways_out().map(|to| &***to).collect();
    match stages.get(at + 1) {
        Some(after) if named.is_empty() && !stage.is_terminal() => vec![after.id.as_str()],
        _ => named,
    }
}
