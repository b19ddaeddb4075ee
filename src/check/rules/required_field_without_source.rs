//! A field that records must have, and nothing says where its value comes from.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Place, Severity};
use crate::load::ModelScope;
use crate::model::field::Field;
use crate::model::lifecycle::Lifecycle;
use crate::model::preparation::{Enrichment, Scoring};
use crate::model::routing::Routing;
use crate::model::service::Handoff;
use crate::model::{Address, At, Entity, FieldPath, Listed};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    id: "required-field-without-source",
    severity: Severity::Warning,
    page: include_str!("required_field_without_source.md"),
    run: Some(run),
};

type Asked = BTreeMap<Address, Vec<(Place, String)>>;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let filled = filled(context);
    let mut asked = asked(context);
    let mut findings = Vec::new();
    for (entity, field) in context.model.each::<Field>() {
        if is_sourced(entity) || filled.contains(&entity.address) {
            continue;
        }
        let required = field.required.as_ref().filter(|required| required.value);
        let mut places = asked.remove(&entity.address).unwrap_or_default();
        if let Some(required) = required {
            places.insert(0, (entity.place(required.span), "required of every record".to_owned()));
        }
        findings.extend(finding(entity, places));
    }
    findings
}

fn finding(entity: &Entity, places: Vec<(Place, String)>) -> Option<Finding> {
    let mut places = places.into_iter();
    let (place, words) = places.next()?;
    let message = format!("`{}` is required, and nothing says what fills it", entity.address.id());
    let mut finding = Finding::new(RULE.id, message)
        .at(place)
        .label(words)
        .about(entity.address.as_str())
        .also(entity.header(), "declared here without `columns`, `source` or `source_of_truth`")
        .help("name its column with `columns`, say who fills it with `source`, or add it to an enrichment");
    for (place, words) in places {
        finding = finding.also(place, words);
    }
    Some(finding)
}

fn is_sourced(entity: &Entity) -> bool {
    ["columns", "source", "source_of_truth"].iter().any(|key| !written::nothing(&entity.table, key))
}

/// The fields that an enrichment, a score or a routing rule fills.
fn filled(context: &Context<'_>) -> BTreeSet<Address> {
    let mut filled = BTreeSet::new();
    let mut fill = |entity: &Entity, path: &str| {
        filled.extend(address_of(context.scope, entity, path));
    };
    for (entity, enrichment) in context.model.each::<Enrichment>() {
        for path in enrichment.fields.iter().flat_map(|fields| fields.iter()) {
            fill(entity, path);
        }
    }
    for (entity, scoring) in context.model.each::<Scoring>() {
        scoring.field.iter().for_each(|path| fill(entity, path));
    }
    for (entity, routing) in context.model.each::<Routing>() {
        for rule in routing.rule.iter().flat_map(|rules| rules.iter()) {
            rule.marks.iter().for_each(|path| fill(entity, path));
        }
    }
    filled
}

/// The fields that stages and handoffs ask for, and where they do.
fn asked(context: &Context<'_>) -> Asked {
    let mut asked = Asked::new();
    let mut ask = |entity: &Entity, fields: &Option<At<Listed<FieldPath>>>, words: String| {
        for path in fields.iter().flat_map(|fields| fields.iter()) {
            if let Some(field) = address_of(context.scope, entity, path) {
                asked.entry(field).or_default().push((entity.place(path.span), words.clone()));
            }
        }
    };
    for (entity, lifecycle) in context.model.each::<Lifecycle>() {
        for stage in lifecycle.stage.iter().flat_map(|stages| stages.iter()) {
            ask(entity, &stage.required_fields, format!("required in stage `{}`", stage.id));
        }
    }
    for (entity, handoff) in context.model.each::<Handoff>() {
        ask(entity, &handoff.required_fields, format!("required by `{}`", entity.address));
    }
    asked
}

fn address_of(scope: &ModelScope<'_>, entity: &Entity, path: &str) -> Option<Address> {
    let (address, _) = scope.field_at(entity.object()?, path)?;
    Some(address)
}
