//! A reference field that does not say what it points at.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::field::Field;

pub(super) static RULE: Rule = Rule {
    id: "reference-without-object",
    severity: Severity::Error,
    page: include_str!("reference_without_object.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, field) in context.model.each::<Field>() {
        let Some(kind) = field.r#type.as_ref().filter(|kind| kind.word == "reference") else {
            continue;
        };
        if entity.table.get("object").is_some() {
            continue;
        }
        let id = entity.address.id();
        let name = id.rsplit('.').next().unwrap_or(id);
        let objects = context.model.of_kind("object").map(|object| object.address.id());
        let object = did_you_mean(name, objects).unwrap_or("…");
        let finding = Finding::new(RULE.id, format!("`{id}` does not say what it points at"))
            .at(entity.place(kind.span))
            .about(entity.address.as_str())
            .help(format!("add `object = \"{object}\"`"));
        findings.push(finding);
    }
    findings
}
