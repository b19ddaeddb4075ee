//! An example whose record no such object could be.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::load;
use crate::model::example::Example;

pub(super) static RULE: Rule = Rule {
    id: "example-record",
    severity: Severity::Error,
    page: include_str!("example_record.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, example) in context.model.each::<Example>() {
        let Some(object) = entity.object().filter(|id| context.scope.has_object(id)) else {
            continue;
        };
        let Some(record) = &example.record else { continue };
        let (_, faults) = load::record(&record.value.0, object, context.scope);
        for fault in faults {
            let finding = Finding::new(RULE.id, fault.message)
                .at(entity.place(fault.span))
                .about(format!("{}.record", entity.address));
            findings.push(match fault.help {
                Some(help) => finding.help(help),
                None => finding,
            });
        }
    }
    findings
}
