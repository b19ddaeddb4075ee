//! An exception past its last day.

use super::since::ago;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::exception::Exception;

pub(super) static RULE: Rule = Rule {
    id: "exception-expired",
    severity: Severity::Warning,
    page: include_str!("exception_expired.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, exception) in context.model.each::<Exception>() {
        let Some(expires) = exception.expires.filter(|day| day.value < context.as_of) else {
            continue;
        };
        let Some(ago) = ago(expires.value, context.as_of) else { continue };
        let message = format!("`{}` expired {ago}", entity.address);
        let mut finding = Finding::new(RULE.id, message)
            .at(entity.place(expires.span))
            .about(entity.address.as_str())
            .help("delete it, or have it approved again with a new date");
        if let Some(waives) = &exception.waives
            && let Some(part) = context.model.part(waives)
        {
            let place = part.entity.place(part.key_span);
            finding = finding.also(place, "this counts again for everybody");
        }
        findings.push(finding);
    }
    findings
}
