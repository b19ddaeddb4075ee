//! A stage that says nothing about when a record may leave it.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::lifecycle::Lifecycle;

pub(super) static RULE: Rule = Rule {
    id: "stage-without-exit",
    severity: Severity::Warning,
    page: include_str!("stage_without_exit.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        for stage in lifecycle.stage.iter().flat_map(|stages| stages.iter()) {
            if stage.is_terminal() || stage.exit.as_ref().is_some_and(|exit| !exit.is_empty()) {
                continue;
            }
            let Some(table) = written::item(entity, "stage", stage.id_span) else { continue };
            if written::perhaps(table, "terminal") || !written::nothing(table, "exit") {
                continue;
            }
            let message = format!("stage `{}` has no exit criteria", stage.id);
            let finding = Finding::new(RULE.id, message)
                .at(entity.place(stage.id_span))
                .about(format!("{}.stage.{}", entity.address, stage.id))
                .help("say what must be true before a record may leave: `exit.<name> = \"…\"`, or `terminal = true` if it stays here");
            findings.push(finding);
        }
    }
    findings
}
