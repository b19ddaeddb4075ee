//! Business hours and days in a model that does not say when business is.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::{Clock, Duration, Shape, Slot};

pub(super) static RULE: Rule = Rule {
    id: "no-business-calendar",
    severity: Severity::Warning,
    page: include_str!("no_business_calendar.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let root = context.model.get("model");
    let own = |key| root.is_some_and(|root| root.table.get(key).is_some());
    let some = context.model.of_kind("calendar").next().is_some();
    if some || own("calendar") || own("default_calendar") {
        return Vec::new();
    }
    let slots = context.scope.slots();
    let mut uses = slots.iter().filter(|slot| runs_on_business(slot));
    let Some(first) = uses.next() else { return Vec::new() };
    let text = first.node.as_text().unwrap_or_default();
    let mut finding =
        Finding::new(RULE.id, format!("`{text}` needs a business calendar, and there is none"))
            .at(first.place())
            .about(first.address.as_str())
            .help("say when business is: `[model.calendar]` with `time_zone`, `days` and `hours`");
    for slot in uses {
        finding = finding.also(slot.place(), "this one too");
    }
    vec![finding]
}

fn runs_on_business(slot: &Slot<'_>) -> bool {
    let duration = slot.node.as_text().filter(|_| *slot.shape == Shape::Duration);
    duration.and_then(Duration::parse).is_some_and(|duration| duration.clock == Clock::Business)
}
