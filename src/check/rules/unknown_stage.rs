//! A stage is named that its lifecycle does not have.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::{Entity, Model, Shape, Slot, is_id};

pub(super) static RULE: Rule = Rule {
    id: "unknown-stage",
    severity: Severity::Error,
    page: include_str!("unknown_stage.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.scope.slots().iter().filter_map(|slot| missing(context.model, slot)).collect()
}

fn missing(model: &Model, slot: &Slot<'_>) -> Option<Finding> {
    let text = slot.node.as_text()?;
    let (message, help) = match slot.shape {
        Shape::StageId => step(slot.entity, text)?,
        Shape::AddressPattern if slot.entity.address.kind() == "example" => named(model, text)?,
        _ => return None,
    };
    let finding = Finding::new(RULE.id, message).at(slot.place());
    Some(finding.about(slot.address.as_str()).help(help))
}

/// What is wrong with the id of a stage of the same lifecycle.
fn step(lifecycle: &Entity, id: &str) -> Option<(String, String)> {
    let stages = stages(lifecycle);
    let now = lifecycle.item_once_called("stage", id);
    if !is_id(id) || stages.contains(&id) {
        return None;
    }
    let help = match (now, did_you_mean(id, stages)) {
        (Some(now), _) => format!("it is called `{now}` now"),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => format!("add a stage with `id = \"{id}\"`, or name one that exists"),
    };
    Some((format!("`{}` has no stage `{id}`", lifecycle.address), help))
}

/// What is wrong with a name such as `lead.sql`, which must be that of a stage.
fn named(model: &Model, text: &str) -> Option<(String, String)> {
    let steps: Vec<&str> = text.split('.').collect();
    if !steps.iter().all(|step| is_id(step)) {
        return None;
    }
    let name = match steps.as_slice() {
        ["lifecycle", lifecycle, "stage", stage, ..] => format!("{lifecycle}.{stage}"),
        _ => text.to_owned(),
    };
    let (lifecycle, stage) = name.split_once('.').unwrap_or_default();
    let known = model.get(&format!("lifecycle.{lifecycle}"));
    if known.is_some_and(|lifecycle| stages(lifecycle).contains(&stage)) {
        return None;
    }
    let all: Vec<String> = model.of_kind("lifecycle").flat_map(names).collect();
    let same_id = all.iter().find(|known| known.ends_with(&format!(".{name}")));
    let near = same_id.map(String::as_str);
    let now = known.and_then(|lifecycle| lifecycle.item_once_called("stage", stage));
    let near = near.or_else(|| did_you_mean(&name, all.iter().map(String::as_str)));
    let help = match (now, near) {
        (Some(now), _) => format!("it is called `{lifecycle}.{now}` now"),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => "name the lifecycle and its stage, such as `lead.sql`".to_owned(),
    };
    Some((format!("there is no stage `{text}`"), help))
}

/// The names of a lifecycle's stages from outside of it.
fn names(lifecycle: &Entity) -> Vec<String> {
    let id = lifecycle.address.id();
    stages(lifecycle).iter().map(|stage| format!("{id}.{stage}")).collect()
}

fn stages(lifecycle: &Entity) -> Vec<&str> {
    lifecycle.item_ids("stage")
}
