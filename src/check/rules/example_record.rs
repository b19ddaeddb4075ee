//! An example whose record no such object could be.

use crate::check::{Context, Rule};
use crate::criteria::FaultCode;
use crate::finding::{Finding, Severity};

pub(super) static RULE: Rule = Rule {
    id: "example-record",
    severity: Severity::Error,
    page: include_str!("example_record.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for case in &context.cases {
        // What is wrong with a field itself is told where it is declared.
        for fault in case.faults.iter().filter(|fault| fault.code != FaultCode::FieldAtFault) {
            let finding = Finding::new(RULE.id, fault.message.as_str())
                .at(case.entity.place(fault.span))
                .about(format!("{}.record", case.entity.address));
            findings.push(match &fault.help {
                Some(help) => finding.help(help.as_str()),
                None => finding,
            });
        }
    }
    findings
}
