//! A reference to something that is not there.

use super::references::system_of;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::preparation::Scoring;
use crate::model::{Entity, Shape, Slot, is_id};
use crate::source::Span;
use std::borrow::Cow;

pub(super) static RULE: Rule = Rule {
    id: "unknown-reference",
    severity: Severity::Error,
    page: include_str!("unknown_reference.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = || context.scope.slots().iter();
    let mut findings: Vec<_> = slots().filter_map(|slot| missing(context, slot)).collect();
    if context.model.of_kind("system").next().is_some() {
        findings.extend(slots().filter_map(|slot| no_system(context, slot)));
    }
    findings.extend(no_object(context));
    findings.extend(no_group(context));
    findings
}

fn missing(context: &Context<'_>, slot: &Slot<'_>) -> Option<Finding> {
    let (address, kinds): (Cow<'_, str>, &[&str]) = match slot.shape {
        Shape::Target(kinds) => (Cow::Borrowed(slot.node.as_text()?), kinds),
        Shape::ObjectId => (Cow::Owned(["object.", slot.node.as_text()?].concat()), &["object"]),
        _ => return None,
    };
    if context.model.get(&address).is_some() {
        return None;
    }
    // What is no address at all has been told by the schema.
    let kind = address.split('.').next().unwrap_or_default();
    let id = address.strip_prefix("object.").filter(|_| *slot.shape == Shape::ObjectId);
    if !kinds.contains(&kind) || !address.split('.').all(is_id) || id.is_some_and(|id| !is_id(id)) {
        return None;
    }
    let is_short = *slot.shape == Shape::ObjectId;
    let help = instead(context, &address, kinds, is_short);
    let finding = Finding::new(RULE.id, format!("there is no `{address}`"));
    Some(finding.at(slot.place()).about(slot.address.as_str()).help(help))
}

/// The key of a column names a system that is not there. Where a model declares none, any will do.
fn no_system(context: &Context<'_>, slot: &Slot<'_>) -> Option<Finding> {
    let address = system_of(slot)?;
    let known = |id: &str| is_id(id) && context.model.get(&address).is_none();
    address.strip_prefix("system.").filter(|id| known(id))?;
    let help = instead(context, &address, &["system"], true);
    let finding = Finding::new(RULE.id, format!("there is no `{address}`"));
    Some(finding.at(slot.entity.place(slot.key_span)).about(slot.address.as_str()).help(help))
}

/// The addresses of fields name objects that are not there: once for each object.
fn no_object(context: &Context<'_>) -> Vec<Finding> {
    let fields: Vec<&Entity> = context.model.of_kind("field").collect();
    let mut findings = Vec::new();
    for together in fields.chunk_by(|a, b| object_of(a) == object_of(b)) {
        let Some((first, others)) = together.split_first() else { continue };
        let Some(object) = object_of(first).filter(|object| is_id(object)) else { continue };
        let address = format!("object.{object}");
        if context.model.get(&address).is_some() {
            continue;
        }
        let mut finding = Finding::new(RULE.id, format!("there is no `{address}`"))
            .at(first.place(step_of(first, object)))
            .about(first.address.as_str())
            .help(instead(context, &address, &["object"], true));
        for other in others {
            finding = finding.also(other.place(step_of(other, object)), "this one too");
        }
        findings.push(finding);
    }
    findings
}

/// The rules of a score name groups that are not there. Where a score declares none, any will do.
fn no_group(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, scoring) in context.model.each::<Scoring>() {
        let groups = entity.item_ids("group");
        for rule in scoring.rule.iter().flat_map(|rules| rules.iter()) {
            let Some(group) = rule.group.as_ref().filter(|_| !groups.is_empty()) else { continue };
            let id = group.value.0.as_str();
            if groups.contains(&id) {
                continue;
            }
            let help = match did_you_mean(id, groups.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add a group with `id = \"{id}\"`, or name one that exists"),
            };
            let finding =
                Finding::new(RULE.id, format!("`{}` has no group `{id}`", entity.address));
            let about = format!("{}.rule.{}.group", entity.address, rule.id);
            findings.push(finding.at(entity.place(group.span)).about(about).help(help));
        }
    }
    findings
}

/// The object that a field's address names.
fn object_of(field: &Entity) -> Option<&str> {
    field.address.id().split_once('.').map(|(object, _)| object)
}

/// Where a field's header names its object; its own key where that stands elsewhere.
fn step_of(field: &Entity, object: &str) -> Span {
    let before = field.source.text().get(..field.key_span.start).unwrap_or_default();
    let step = before.trim_end().strip_suffix('.').map(str::trim_end);
    match step.and_then(|step| step.strip_suffix(object)) {
        Some(rest) => Span::new(rest.len(), rest.len() + object.len()),
        None => field.key_span,
    }
}

/// What to do about an address that is not there; `is_short` where only its id is written.
fn instead(context: &Context<'_>, address: &str, kinds: &[&str], is_short: bool) -> String {
    if let Some(now) = context.model.renamed(address) {
        return format!("it is called `{}` now", id_of(&now, is_short));
    }
    let names: Vec<&str> = kinds
        .iter()
        .flat_map(|kind| context.model.of_kind(kind))
        .map(|entity| entity.address.as_str())
        .collect();
    match did_you_mean(address, names) {
        Some(near) => format!("did you mean `{}`?", id_of(near, is_short)),
        None => format!("declare it as `[{address}]`, or name one that exists"),
    }
}

/// An address as it is written in its place.
fn id_of(address: &str, is_short: bool) -> &str {
    address.split_once('.').filter(|_| is_short).map_or(address, |(_, id)| id)
}
