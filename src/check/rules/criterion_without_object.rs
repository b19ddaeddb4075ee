//! Criteria about nobody knows which records.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::load::Criterion;

pub(super) static RULE: Rule = Rule {
    id: "criterion-without-object",
    severity: Severity::Error,
    page: include_str!("criterion_without_object.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let loose: Vec<_> = context.scope.criteria().iter().filter(|c| is_loose(c)).collect();
    let mut objects = context.model.of_kind("object").map(|object| object.address.id());
    let object = match (objects.next(), objects.next()) {
        (Some(only), None) => only,
        _ => "…",
    };
    let mut findings = Vec::new();
    for together in loose.chunk_by(|a, b| a.item == b.item) {
        let Some((first, others)) = together.split_first() else { continue };
        let address = &first.item;
        let message = format!("`{address}` does not say which object its criteria are about");
        let mut finding = Finding::new(RULE.id, message)
            .at(first.entity.place(first.span))
            .about(address.as_str())
            .help(format!("add `object = \"{object}\"` to `{address}`"));
        for other in others {
            finding = finding.also(other.entity.place(other.span), "this one too");
        }
        findings.push(finding);
    }
    findings
}

/// Whether nothing says what a criterion is about. Where the kind requires an `object`, that it
/// is missing has been said; an exception takes the object of what it waives, if it says that.
fn is_loose(criterion: &Criterion<'_>) -> bool {
    let entity = criterion.entity;
    let object = entity.kind.and_then(|kind| kind.property("object"));
    let required = object.is_some_and(|property| property.facet.required);
    let says = |key: &str| entity.table.get(key).is_some();
    let said = entity.address.kind() == "exception" && (says("waives") || !says("waives_finding"));
    criterion.object.is_none() && !required && !said && !says("object")
}
