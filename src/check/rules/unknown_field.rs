//! A property that names a field its object does not have.

use crate::check::{Context, Rule};
use crate::criteria::{FieldKind, Scope};
use crate::document::place_in_string;
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::{Shape, Slot, is_id};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    id: "unknown-field",
    severity: Severity::Error,
    page: include_str!("unknown_field.md"),
    // Those that criteria name come from typing the criteria.
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let paths = slots.iter().filter(|slot| *slot.shape == Shape::FieldPath);
    paths.filter_map(|slot| missing(context, slot)).collect()
}

fn missing(context: &Context<'_>, slot: &Slot<'_>) -> Option<Finding> {
    let path = slot.node.as_text().filter(|path| path.split('.').all(is_id))?;
    let (part, message, help) = astray(context, slot.object?, path)?;
    let source = &slot.entity.source;
    let span = place_in_string(source.text(), slot.node.span, part);
    let finding = Finding::new(RULE.id, message).at(slot.entity.place(span));
    Some(finding.about(slot.address.as_str()).help(help))
}

/// The step at which a path goes wrong, what is wrong with it, and what to do.
fn astray(context: &Context<'_>, object: &str, path: &str) -> Option<(Span, String, String)> {
    let mut object = object.to_owned();
    let mut start = 0;
    for name in path.split('.') {
        let part = Span::new(start, start + name.len());
        start = part.end + 1;
        let Some(facts) = context.scope.field(&object, name) else {
            let unsaid = !is_said_elsewhere(context, &object, name);
            let message = format!("`{object}` has no field `{name}`");
            return unsaid.then(|| (part, message, instead(context, &object, name)));
        };
        if part.end == path.len() {
            break;
        }
        if facts.kind != FieldKind::Reference {
            let kind = facts.kind.word();
            let message = format!("`{name}` is a field of type `{kind}` and leads to no object");
            let help =
                format!("name `{name}` alone, or a field of type `reference` before the dot");
            return Some((part, message, help));
        }
        facts.target?.clone_into(&mut object);
    }
    None
}

/// Whether another rule says what is wrong: the object is missing, or the type of the field.
fn is_said_elsewhere(context: &Context<'_>, object: &str, name: &str) -> bool {
    let field = format!("field.{object}.{name}");
    !context.scope.has_object(object) || context.model.get(&field).is_some()
}

fn instead(context: &Context<'_>, object: &str, name: &str) -> String {
    let names = context.scope.fields(object);
    match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declare it: `[field.{object}.{name}]`"),
    }
}
