//! A property that a field of this type has no use for.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Entity;
use crate::model::field::Field;
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    id: "field-type-conflict",
    severity: Severity::Warning,
    page: include_str!("field_type_conflict.md"),
    run: Some(run),
};

/// Properties that only some types have a use for.
const BOUND: [(&str, &[&str]); 6] = [
    ("values", &["choice", "choices"]),
    ("values_from", &["choice", "choices"]),
    ("groups", &["choice", "choices"]),
    ("label", &["choice", "choices", "bool"]),
    ("open", &["choice", "choices"]),
    ("object", &["reference"]),
];

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, field) in context.model.each::<Field>() {
        let Some(kind) = &field.r#type else { continue };
        for (key, types) in BOUND {
            if let Some(entry) = entity.table.entry(key)
                && !types.contains(&kind.word)
            {
                findings.push(finding(entity, key, types, entry.key_span).also(
                    entity.place(kind.span),
                    format!("and this one has the type `{}`", kind.word),
                ));
            }
        }
    }
    findings
}

fn finding(entity: &Entity, key: &str, types: &[&str], span: Span) -> Finding {
    let meant = types.first().copied().unwrap_or_default();
    Finding::new(RULE.id, format!("`{key}` is only for {} fields", quoted(types)))
        .at(entity.place(span))
        .about(format!("{}.{key}", entity.address))
        .help(format!("delete `{key}`, or make the type `{meant}`"))
}

fn quoted(types: &[&str]) -> String {
    let types: Vec<String> = types.iter().map(|word| format!("`{word}`")).collect();
    match types.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => types.concat(),
    }
}
