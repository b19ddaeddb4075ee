//! A property that names a field which cannot hold what the property is about.

use crate::check::{Context, Rule};
use crate::criteria::{FieldFacts, Scope};
use crate::finding::{Finding, Severity};
use crate::model::{Address, Holds, Shape, Slot};

pub(super) static RULE: Rule = Rule {
    id: "unfit-field",
    severity: Severity::Error,
    page: include_str!("unfit_field.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots().iter();
    // Of the clock of a promise more is asked, by `sla-timestamp`.
    let asking = slots.filter(|slot| {
        slot.property.facet.holds != Holds::Anything && slot.entity.address.kind() != "sla"
    });
    asking.filter_map(|slot| finding(context, slot)).collect()
}

fn finding(context: &Context<'_>, slot: &Slot<'_>) -> Option<Finding> {
    let text = slot.node.as_text()?;
    let about = |message: String, help: String| {
        let finding = Finding::new(RULE.id, message).at(slot.place());
        finding.about(slot.address.as_str()).help(help)
    };
    let (declared, facts) = if *slot.shape == Shape::FieldPath {
        context.scope.field_at(slot.object?, text)?
    } else {
        let (object, name) = text.strip_prefix("field.")?.split_once('.')?;
        let facts = context.scope.field(object, name)?;
        if let Some(own) = slot.object.filter(|own| !is_near(context, own, object)) {
            let message = format!("`{text}` is no field of `{own}`");
            return Some(about(message, format!("name a field of its own: `field.{own}.…`")));
        }
        (Address::new(text), facts)
    };
    let lacks = lacks(slot.property.facet.holds, &facts)?;
    let name = declared.last();
    let message = format!("`{name}` is a field of type `{}`, and {lacks}", facts.kind.word());
    let types = slot.property.facet.holds.types();
    let types: Vec<String> = types.iter().take(3).map(|word| format!("`{word}`")).collect();
    let types = match types.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => types.concat(),
    };
    let finding =
        about(message, format!("name a field of type {types}, or correct the type of `{name}`"));
    Some(match context.model.get(declared.as_str()) {
        Some(declared) => finding.also(declared.header(), "the field is declared here"),
        None => finding,
    })
}

/// Whether a record of an object has the fields of another, or leads to a record that does.
fn is_near(context: &Context<'_>, own: &str, other: &str) -> bool {
    let is_reference = |name: &String| {
        context.scope.field(own, name).is_some_and(|facts| facts.target == Some(other))
    };
    own == other || context.scope.fields(own).iter().any(is_reference)
}

/// What a field cannot be asked for that should hold this; none where it can.
fn lacks(holds: Holds, facts: &FieldFacts<'_>) -> Option<&'static str> {
    if holds.types().contains(&facts.kind.word()) {
        return None;
    }
    match holds {
        Holds::Anything => None,
        Holds::Time => Some("tells no time"),
        Holds::Number => Some("holds no number"),
        Holds::Name => Some("names nobody"),
        Holds::Word => Some("holds no words"),
        Holds::Key => Some("tells no two records apart"),
    }
}
