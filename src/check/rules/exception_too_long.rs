//! An exception that holds for so long that it is a rule.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::exception::Exception;
use jiff::ToSpan;

pub(super) static RULE: Rule = Rule {
    id: "exception-too-long",
    severity: Severity::Error,
    page: include_str!("exception_too_long.md"),
    run: Some(run),
};

/// For how many days from the day of the check an exception may hold.
const MOST_DAYS: i32 = 180;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let Ok(last) = context.as_of.checked_add(MOST_DAYS.days()) else { return Vec::new() };
    let mut findings = Vec::new();
    for (entity, exception) in context.model.each::<Exception>() {
        let Some(expires) = exception.expires.filter(|day| day.value > last) else { continue };
        let days = context.as_of.duration_until(expires.value).as_hours() / 24;
        let message =
            format!("`{}` holds for {days} days more; {MOST_DAYS} are the most", entity.address);
        let help = format!(
            "choose {last} or earlier, or say in `[policy.{}]` why this one may be longer",
            RULE.id
        );
        let place = entity.place(expires.span);
        let finding = Finding::new(RULE.id, message).at(place).about(entity.address.as_str());
        findings.push(finding.help(help));
    }
    findings
}
