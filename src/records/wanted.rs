//! What a model asks of the records of an object, field by field: what cannot be answered without it.

use crate::criteria;
use crate::load::{Criterion, ModelScope};
use crate::model::{Entity, Shape, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// What asks for a field: entities by address, each with the parts of it that do.
pub type Asking = BTreeMap<String, BTreeSet<String>>;

/// Kinds that say something of records but answer nothing about them.
const SILENT: [&str; 6] = ["campaign", "decision", "example", "field", "system", "view"];

/// What asks for each field of an object, by the field's path.
pub fn wanted(scope: &ModelScope<'_>, object: &str) -> BTreeMap<String, Asking> {
    let mut wanted: BTreeMap<String, Asking> = BTreeMap::new();
    let mut add = |path: &str, entity: &Entity, part: String| {
        let asking = wanted.entry(path.to_owned()).or_default();
        let parts = asking.entry(entity.address.to_string()).or_default();
        if !part.is_empty() {
            parts.insert(part);
        }
    };
    let answers = |entity: &Entity| !SILENT.contains(&entity.address.kind());
    for criterion in scope.criteria().iter().filter(|criterion| answers(criterion.entity)) {
        if criterion.object.as_deref() == Some(object) {
            for path in asked(scope, criterion, &mut BTreeSet::new()) {
                add(&path, criterion.entity, part(criterion.entity, criterion.address.as_str()));
            }
        }
    }
    for slot in scope.slots().iter().filter(|slot| answers(slot.entity)) {
        if let Some(path) = field_named(slot, object) {
            add(path, slot.entity, part(slot.entity, slot.address.as_str()));
        }
    }
    for metric in scope.model().of_kind("metric") {
        for of in behind(metric, scope) {
            let paths: Vec<String> = wanted
                .iter()
                .filter(|(_, asking)| asking.contains_key(of))
                .map(|(path, _)| path.clone())
                .collect();
            for path in paths {
                let parts = wanted.entry(path).or_default();
                parts.entry(metric.address.to_string()).or_default();
            }
        }
    }
    wanted
}

/// The fields a criterion asks for, those behind its references included.
fn asked(
    scope: &ModelScope<'_>,
    criterion: &Criterion<'_>,
    met: &mut BTreeSet<String>,
) -> BTreeSet<String> {
    let Some(expr) = &criterion.expr else { return BTreeSet::new() };
    let mut paths: BTreeSet<String> =
        criteria::fields(expr).into_iter().map(criteria::FieldPath::name).map(Into::into).collect();
    for reference in criteria::references(expr) {
        let address = format!("{}.{}", reference.kind, reference.id);
        if !met.insert(address.clone()) {
            continue;
        }
        let Some(entity) = scope.model().get(&address) else { continue };
        for condition in scope.conditions(entity) {
            paths.extend(asked(scope, condition.criterion, met));
        }
    }
    paths
}

/// The field a value names, where it is one of the object.
fn field_named<'m>(slot: &Slot<'m>, object: &str) -> Option<&'m str> {
    let of = match slot.entity.address.kind() {
        "object" => Some(slot.entity.address.id()),
        _ => slot.object.or_else(|| slot.entity.object()),
    };
    (*slot.shape == Shape::FieldPath && of == Some(object)).then(|| slot.node.as_text())?
}

/// The promises and metrics a metric is computed from.
fn behind<'m>(metric: &'m Entity, scope: &ModelScope<'m>) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut open = vec![metric];
    while let Some(entity) = open.pop() {
        for key in ["sla", "numerator", "denominator"] {
            let Some(address) = entity.table.text(key) else { continue };
            if found.insert(address) {
                open.extend(scope.model().get(address));
            }
        }
    }
    found
}

/// The part of an entity an address names, as somebody would say it: `size` of
/// `icp.core.criteria.size`, `dach` of `routing.inbound.rule.dach.when`.
fn part(entity: &Entity, address: &str) -> String {
    let below = address.strip_prefix(entity.address.as_str()).unwrap_or_default();
    let mut steps: Vec<&str> = below.split('.').filter(|step| !step.is_empty()).collect();
    if steps.last() == Some(&"when") {
        steps.pop();
    }
    if steps.len() > 1 && matches!(steps.first(), Some(&("criteria" | "rule" | "stage" | "tier"))) {
        steps.remove(0);
    }
    steps.join(" ")
}
