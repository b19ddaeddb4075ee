//! A stage whose stored value the stage field cannot hold.

use crate::check::{Context, Rule};
use crate::criteria::{FieldFacts, FieldKind};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Entity, Item};

pub(super) static RULE: Rule = Rule {
    id: "stage-value-not-declared",
    severity: Severity::Error,
    page: include_str!("stage_value_not_declared.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        let (Some(object), Some(field)) = (&lifecycle.object, &lifecycle.stage_field) else {
            continue;
        };
        let Some((_, facts)) = context.scope.field_at(object, field) else { continue };
        if facts.kind != FieldKind::Choice || facts.open || facts.values.is_empty() {
            continue;
        }
        for stage in lifecycle.stages() {
            findings.extend(undeclared(entity, stage, field, &facts));
        }
    }
    findings
}

fn undeclared(
    entity: &Entity,
    stage: &Item<Stage>,
    field: &str,
    facts: &FieldFacts<'_>,
) -> Option<Finding> {
    let (value, span) = stage.stored_value();
    if facts.values.iter().any(|declared| declared == value) {
        return None;
    }
    let key = if stage.value.value.is_some() { "" } else { "value = " };
    let help = match did_you_mean(value, facts.values.iter().map(String::as_str)) {
        Some(near) => format!("write `{key}\"{near}\"`, or declare `{value}` at `{field}`"),
        None => {
            format!("declare `{value}` among the `values` of `{field}`, or write `value = \"…\"`")
        }
    };
    let message =
        format!("stage `{}` is stored as `{value}`, which `{field}` does not declare", stage.id);
    let finding = Finding::new(RULE.id, message).at(entity.place(span)).help(help);
    Some(finding.about(format!("{}.stage.{}", entity.address, stage.id)))
}
