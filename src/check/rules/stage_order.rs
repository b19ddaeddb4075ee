//! A stage that stands behind another and is less likely to be won.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Item, Percent};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    id: "stage-order",
    severity: Severity::Warning,
    page: include_str!("stage_order.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        let mut before: Option<(&str, Percent, Span)> = None;
        for stage in lifecycle.stages().iter().filter(|stage| !is_terminal(stage)) {
            let Some(share) = &stage.probability else { continue };
            if let Some((id, higher, place)) = before
                && higher > share.value
            {
                let message =
                    format!("stage `{}` comes after `{id}` and is less likely to be won", stage.id);
                let finding = Finding::new(RULE.id, message)
                    .at(entity.place(share.span))
                    .also(entity.place(place), format!("`{id}` has {higher}"))
                    .about(format!("{}.stage.{}.probability", entity.address, stage.id))
                    .help("put the stages in the order records go through them, or correct the probability");
                findings.push(finding);
            }
            before = Some((&stage.id, share.value, share.span));
        }
    }
    findings
}

fn is_terminal(stage: &Item<Stage>) -> bool {
    stage.terminal.as_ref().is_some_and(|terminal| terminal.value)
}
