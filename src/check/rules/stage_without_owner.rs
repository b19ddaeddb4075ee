//! A stage whose records nobody answers for.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::lifecycle::Lifecycle;

pub(super) static RULE: Rule = Rule {
    id: "stage-without-owner",
    severity: Severity::Warning,
    page: include_str!("stage_without_owner.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        for stage in lifecycle.stages() {
            if stage.owner.is_some() || stage.is_terminal() {
                continue;
            }
            let Some(table) = written::item(entity, "stage", stage.id_span) else { continue };
            if table.get("owner").is_some() || written::perhaps(table, "terminal") {
                continue;
            }
            let message = format!("nobody answers for records in stage `{}`", stage.id);
            let finding = Finding::new(RULE.id, message)
                .at(entity.place(stage.id_span))
                .about(format!("{}.stage.{}", entity.address, stage.id))
                .help("name the team or role that works them: `owner = \"team.…\"`");
            findings.push(finding);
        }
    }
    findings
}
