//! A reference to something that is not there.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::{Shape, Slot};

pub(super) static RULE: Rule = Rule {
    id: "unknown-reference",
    severity: Severity::Error,
    page: include_str!("unknown_reference.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    context.scope.slots().iter().filter_map(|slot| missing(context, slot)).collect()
}

fn missing(context: &Context<'_>, slot: &Slot<'_>) -> Option<Finding> {
    let text = slot.node.as_text()?;
    let (address, kinds): (String, &[&str]) = match slot.shape {
        Shape::Target(kinds) => (text.to_owned(), kinds),
        Shape::ObjectId => (format!("object.{text}"), &["object"]),
        _ => return None,
    };
    let kind = address.split('.').next().unwrap_or_default();
    if !kinds.contains(&kind) || context.model.get(&address).is_some() {
        return None;
    }
    let names: Vec<&str> = kinds
        .iter()
        .flat_map(|kind| context.model.of_kind(kind))
        .map(|entity| entity.address.as_str())
        .collect();
    let help = match did_you_mean(&address, names) {
        Some(near) => format!("did you mean `{}`?", written(near, slot.shape)),
        None => format!("declare it as `[{address}]`, or name one that exists"),
    };
    let finding = Finding::new(RULE.id, format!("there is no `{address}`"))
        .at(slot.place())
        .about(slot.address.as_str());
    Some(finding.help(help))
}

/// An address as this property writes it.
fn written<'a>(address: &'a str, shape: &Shape) -> &'a str {
    match shape {
        Shape::ObjectId => address.strip_prefix("object.").unwrap_or(address),
        _ => address,
    }
}
