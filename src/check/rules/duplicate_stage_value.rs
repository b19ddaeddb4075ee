//! Two stages that the stage field cannot tell apart.

use crate::check::{Context, Rule};
use crate::criteria::{FieldKind, lower_case};
use crate::finding::{Finding, Severity};
use crate::model::Entity;
use crate::model::lifecycle::Lifecycle;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-stage-value",
    severity: Severity::Error,
    page: include_str!("duplicate_stage_value.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let lifecycles = context.model.each::<Lifecycle>();
    lifecycles.flat_map(|(entity, lifecycle)| shared(context, entity, &lifecycle)).collect()
}

fn shared(context: &Context<'_>, entity: &Entity, lifecycle: &Lifecycle) -> Vec<Finding> {
    let folds = is_text(context, lifecycle);
    let mut first = BTreeMap::new();
    let mut findings = Vec::new();
    for stage in lifecycle.stages() {
        let (value, span) = stage.stored_value();
        let key = if folds { lower_case(value).into_owned() } else { value.to_owned() };
        let Some((earlier, place)) = first.get(&key) else {
            first.insert(key, (stage.id.as_str(), entity.place(span)));
            continue;
        };
        // The same id twice is a finding of its own.
        if *earlier == stage.id {
            continue;
        }
        let message = format!(
            "`{value}` is the stored value of stage `{}` and of stage `{earlier}`",
            stage.id
        );
        let finding = Finding::new(RULE.id, message)
            .at(entity.place(span))
            .also(place.clone(), format!("stage `{earlier}` is stored like this"))
            .about(format!("{}.stage.{}", entity.address, stage.id))
            .help("give each stage a value of its own");
        findings.push(finding);
    }
    findings
}

/// Whether the stage field is a text, which compares without regard to case.
fn is_text(context: &Context<'_>, lifecycle: &Lifecycle) -> bool {
    let facts = lifecycle.object.as_ref().zip(lifecycle.stage_field.as_ref());
    let facts = facts.and_then(|(object, field)| context.scope.field_at(object, field));
    facts.is_some_and(|(_, facts)| facts.kind == FieldKind::Text)
}
