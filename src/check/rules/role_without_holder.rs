//! A role that nobody holds on the day of the check.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::Entity;
use crate::model::people::{Holder, Role};
use jiff::civil::Date;

pub(super) static RULE: Rule = Rule {
    id: "role-without-holder",
    severity: Severity::Warning,
    page: include_str!("role_without_holder.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let roles = context.model.each::<Role>();
    roles.filter_map(|(entity, role)| vacant(entity, &role, context.as_of)).collect()
}

fn vacant(entity: &Entity, role: &Role, as_of: Date) -> Option<Finding> {
    let holders = || role.holder.iter().flat_map(|holders| holders.iter());
    // Who is written so that it cannot be read may hold it.
    let written = entity.table.get("holder").map(|node| node.as_array().map(<[_]>::len));
    let unread = written.is_some_and(|count| count != Some(holders().count()));
    if unread || holders().any(|holder| holds(holder, as_of)) {
        return None;
    }
    let address = &entity.address;
    let message = match holders().count() {
        0 => format!("nobody holds `{address}`"),
        _ => format!("nobody holds `{address}` on {as_of}"),
    };
    let mut finding = Finding::new(RULE.id, message)
        .at(entity.header())
        .about(address.as_str())
        .help(format!("name who holds it: `[[{address}.holder]]` with an `id` and an `email`"));
    for holder in holders() {
        if let Some(left) = holder.left.as_ref().filter(|left| left.value < as_of) {
            finding = finding.also(entity.place(left.span), format!("`{}` has left", holder.id));
        } else if let Some(since) = &holder.since {
            let words = format!("`{}` has not begun yet", holder.id);
            finding = finding.also(entity.place(since.span), words);
        }
    }
    Some(finding)
}

/// Whether a person holds the role on a day.
fn holds(holder: &Holder, as_of: Date) -> bool {
    let begun = holder.since.as_ref().is_none_or(|since| since.value <= as_of);
    begun && holder.left.as_ref().is_none_or(|left| left.value >= as_of)
}
