//! A stage that records cannot leave, though they are not meant to stay.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::lifecycle::Lifecycle;

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
