//! A stage that records cannot leave, though they are not meant to stay.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Entity, Item};

pub(super) static RULE: Rule = Rule {
    id: "dead-end-stage",
    severity: Severity::Warning,
    page: include_str!("dead_end_stage.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        let stages = lifecycle.stages();
        if stages.iter().all(|stage| stage.next.is_none()) {
            continue;
        }
        // The last stage in the list is where records end, whether it says so or not.
        for stage in stages.iter().rev().skip(1).rev() {
            if stage.is_terminal() || stage.ways_out().next().is_some() {
                continue;
            }
            if says_more(entity, stage) {
                continue;
            }
            let message = format!("records cannot leave stage `{}`: nothing comes next", stage.id);
            let finding = Finding::new(RULE.id, message)
                .at(entity.place(stage.id_span))
                .about(format!("{}.stage.{}", entity.address, stage.id))
                .help("name where they go with `next`, or write `terminal = true` if they stay");
            findings.push(finding);
        }
    }
    findings
}

/// Whether a stage says that records stay or go on, readably or not.
fn says_more(entity: &Entity, stage: &Item<Stage>) -> bool {
    let Some(table) = written::item(entity, "stage", stage.id_span) else { return true };
    let back = table
        .get("recycle")
        .is_some_and(|node| node.as_table().is_none_or(|recycle| recycle.get("to").is_some()));
    back || written::perhaps(table, "terminal") || !written::nothing(table, "next")
}
