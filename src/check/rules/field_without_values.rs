//! A choice without choices.

use super::written;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::field::Field;

pub(super) static RULE: Rule = Rule {
    id: "field-without-values",
    severity: Severity::Error,
    page: include_str!("field_without_values.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, field) in context.model.each::<Field>() {
        let Some(kind) = field.r#type.as_ref().filter(|kind| kind.word.starts_with("choice"))
        else {
            continue;
        };
        let table = &entity.table;
        let declared = !written::nothing(table, "values") || table.get("values_from").is_some();
        if declared || written::perhaps(table, "open") {
            continue;
        }
        let id = entity.address.id();
        let message = format!("`{id}` is a `{}` field and declares no values", kind.word);
        let finding = Finding::new(RULE.id, message)
            .at(entity.place(kind.span))
            .about(entity.address.as_str())
            .help("list them in `values`, name a list in `values_from`, or say `open = true`");
        findings.push(finding);
    }
    findings
}
