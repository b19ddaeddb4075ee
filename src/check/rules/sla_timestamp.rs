//! A promise whose clock runs between fields that tell no time, or not enough of it.

use crate::check::{Context, Rule};
use crate::criteria::FieldKind;
use crate::finding::{Finding, Severity};
use crate::model::service::Sla;
use crate::model::{At, Duration, Entity, FieldPath, Unit};

pub(super) static RULE: Rule = Rule {
    id: "sla-timestamp",
    severity: Severity::Error,
    page: include_str!("sla_timestamp.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, sla) in context.model.each::<Sla>() {
        let within = sla.within.as_ref().map(|within| within.value);
        for (key, field) in [("starts", &sla.starts), ("stops", &sla.stops)] {
            let found = field.as_ref().and_then(|field| unclear(context, entity, field, within));
            findings.extend(found.map(|f| f.about(format!("{}.{key}", entity.address))));
        }
    }
    findings
}

fn unclear(
    context: &Context<'_>,
    entity: &Entity,
    field: &At<FieldPath>,
    within: Option<Duration>,
) -> Option<Finding> {
    let name = field.value.0.as_str();
    let (declared, facts) = context.scope.field_at(entity.object()?, name)?;
    let (message, help) = match (facts.kind, within) {
        (FieldKind::Date, Some(within)) if is_short(within) => (
            format!("`{name}` is a day without a time, so `{within}` cannot be measured"),
            format!("give `{name}` the type `datetime`, or promise whole days"),
        ),
        (FieldKind::Date | FieldKind::DateTime, _) => return None,
        _ => (
            format!(
                "`{name}` is a field of type `{}`, and no clock can run on it",
                facts.kind.word()
            ),
            "name a field of type `datetime` or `date`".to_owned(),
        ),
    };
    let finding = Finding::new(RULE.id, message).at(entity.place(field.span)).help(help);
    Some(match context.model.get(declared.as_str()) {
        Some(declared) => finding.also(declared.header(), "the field is declared here"),
        None => finding,
    })
}

fn is_short(within: Duration) -> bool {
    matches!(within.unit, Unit::Minute | Unit::Hour)
}
