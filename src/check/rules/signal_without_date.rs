//! A signal that looks back over a stretch of time, and no date says what lies in it.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Entity;
use crate::model::measure::Signal;

pub(super) static RULE: Rule = Rule {
    id: "signal-without-date",
    severity: Severity::Warning,
    page: include_str!("signal_without_date.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let signals = context.model.each::<Signal>();
    signals.filter_map(|(entity, signal)| undated(entity, &signal)).collect()
}

fn undated(entity: &Entity, signal: &Signal) -> Option<Finding> {
    let window = signal.window.as_ref()?;
    // A date that cannot be read is told of where it stands.
    if entity.table.get("dated_by").is_some() {
        return None;
    }
    let address = &entity.address;
    let length = window.value.canonical();
    let message =
        format!("`{address}` looks back {length}, and no date says which records lie in that time");
    let help = "add `dated_by`, the date field by which a record lies in it, or leave `window` out";
    let finding = Finding::new(RULE.id, message).at(entity.place(window.span));
    Some(finding.about(address.as_str()).help(help))
}
