//! A move between stages that is allowed in one place and ruled out in another.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::lifecycle::{ForbiddenMove, Lifecycle, Stage};
use crate::model::{At, Entity, Item, StageId};

pub(super) static RULE: Rule = Rule {
    id: "conflicting-move",
    severity: Severity::Error,
    page: include_str!("conflicting_move.md"),
    run: Some(run),
};

/// More stages than this are not pointed at.
const MAX_LABELS: usize = 8;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        findings.extend(lifecycle.stages().iter().filter_map(|stage| left(entity, stage)));
        for forbidden in lifecycle.forbidden.iter().flat_map(|rules| rules.iter()) {
            findings.extend(allowed(entity, lifecycle.stages(), forbidden));
        }
    }
    findings
}

/// A stage in which records stay, and that they may leave.
fn left(entity: &Entity, stage: &Item<Stage>) -> Option<Finding> {
    let terminal = stage.terminal.as_ref().filter(|terminal| terminal.value)?;
    let mut finding = None;
    for way in stage.ways_out().take(MAX_LABELS) {
        let message = format!("records stay in stage `{}`, and may leave it", stage.id);
        let told = finding.unwrap_or_else(|| {
            Finding::new(RULE.id, message)
                .at(entity.place(terminal.span))
                .label("here they stay")
                .about(format!("{}.stage.{}.terminal", entity.address, stage.id))
                .help("delete `terminal`, or the way out")
        });
        finding = Some(told.also(entity.place(way.span), "here they may leave"));
    }
    finding
}

/// A move that is forbidden for all records, and that a stage names all the same.
fn allowed(
    entity: &Entity,
    stages: &[Item<Stage>],
    forbidden: &Item<ForbiddenMove>,
) -> Option<Finding> {
    let to = forbidden.to.as_ref().filter(|_| forbidden.unless.is_none())?;
    let from =
        |stage: &&Item<Stage>| forbidden.from.as_ref().is_none_or(|from| from.value.0 == stage.id);
    let leaving = stages.iter().filter(from);
    let ways: Vec<(&Item<Stage>, &At<StageId>)> = leaving
        .filter_map(|stage| Some((stage, stage.ways_out().find(|way| way.value == to.value)?)))
        .collect();
    let to_there = to.value.0.as_str();
    let message = match (ways.first()?, &forbidden.from) {
        ((from, _), Some(_)) => {
            format!("the move from `{}` to `{to_there}` is both allowed and forbidden", from.id)
        }
        (_, None) => format!("every move to `{to_there}` is forbidden, and some are allowed"),
    };
    let finding = Finding::new(RULE.id, message)
        .at(entity.place(to.span))
        .label("forbidden here")
        .about(format!("{}.forbidden.{}", entity.address, forbidden.id))
        .help("delete one of the two, or say with `unless` for which records it is allowed");
    let point = |finding: Finding, (stage, way): &(&Item<Stage>, &At<StageId>)| {
        finding.also(entity.place(way.span), format!("allowed from `{}` here", stage.id))
    };
    Some(ways.iter().take(MAX_LABELS).fold(finding, point))
}
