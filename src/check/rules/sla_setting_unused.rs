//! A promise that says something its clock never asks.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::service::Sla;
use crate::model::{Clock, Entity};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    id: "sla-setting-unused",
    severity: Severity::Warning,
    page: include_str!("sla_setting_unused.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, sla) in context.model.each::<Sla>() {
        let business = sla.within.as_ref().filter(|within| within.value.clock == Clock::Business);
        if let (Some(within), Some(outside)) = (business, &sla.outside_hours) {
            let message = format!(
                "a limit of `{}` counts no time outside of working hours, so this changes nothing",
                within.value
            );
            findings.push(
                finding(entity, "outside_hours", outside.span, message)
                    .also(entity.place(within.span), "the limit runs in business time")
                    .help("delete `outside_hours`; it is for limits of the wall clock, such as `4 hours`"),
            );
        }
        if let (Some(calendar), Some(of)) = (&sla.calendar, &sla.calendar_of) {
            let message =
                format!("`{}` counts for every record, so this changes nothing", calendar.address);
            findings.push(
                finding(entity, "calendar_of", of.span, message)
                    .also(entity.place(calendar.span), "this calendar is the one it runs on")
                    .help("delete `calendar_of`, or `calendar` where it is to differ from record to record"),
            );
        }
    }
    findings
}

fn finding(entity: &Entity, key: &str, span: Span, message: String) -> Finding {
    let about = format!("{}.{key}", entity.address);
    Finding::new(RULE.id, message).at(entity.place(span)).about(about)
}
