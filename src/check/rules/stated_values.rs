//! Values that a property states for a field: each must be one that the field can hold.

use crate::check::Context;
use crate::criteria::{Fault, FaultCode, FieldKind};
use crate::document::Node;
use crate::finding::Finding;
use crate::load::{rule, value_faults};
use crate::model::{Address, Entity};
use crate::source::Span;

/// What is wrong with values outside of criteria and examples, each under the rule that says the same of a
/// criterion.
pub(super) fn run(context: &Context<'_>) -> Vec<Finding> {
    let fields = context.model.of_kind("field").flat_map(|entity| of_field(context, entity));
    let sources = context.model.of_kind("source").flat_map(|entity| of_source(context, entity));
    let promises = context.model.of_kind("sla").flat_map(|entity| of_promise(context, entity));
    fields.chain(sources).chain(promises).collect()
}

/// The examples of a field, and the values that its groups hold.
fn of_field(context: &Context<'_>, entity: &Entity) -> Vec<Finding> {
    let (examples, groups) = (entity.table.get("examples"), entity.table.get("groups"));
    let Some((object, name)) = entity.address.id().split_once('.') else { return Vec::new() };
    if (examples.is_none() && groups.is_none()) || context.scope.field_at(object, name).is_none() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for value in listed(examples) {
        let about = entity.address.join("examples");
        findings.extend(found(context, (entity, &about), (object, name, value.span), value));
    }
    for group in groups.and_then(Node::as_table).iter().flat_map(|groups| &groups.entries) {
        let about = entity.address.join("groups").join(&group.key);
        findings.extend(words(context, (entity, &about), (object, name), Some(&group.node)));
    }
    findings
}

/// The values that mean a source.
fn of_source(context: &Context<'_>, entity: &Entity) -> Vec<Finding> {
    let about = entity.address.join("values");
    let field = entity.object().zip(entity.table.text("field"));
    let values = entity.table.get("values");
    field.map(|field| words(context, (entity, &about), field, values)).unwrap_or_default()
}

/// What the steps of an escalation write into fields.
fn of_promise(context: &Context<'_>, entity: &Entity) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(object) = entity.object().filter(|object| context.scope.has_object(object)) else {
        return findings;
    };
    for step in listed(entity.table.get("escalation")).iter().filter_map(Node::as_table) {
        let sets = step.get("sets").and_then(Node::as_table);
        let Some((id, sets)) = step.text("id").zip(sets) else { continue };
        for entry in &sets.entries {
            let declared = context.model.get(&format!("field.{object}.{}", entry.key)).is_some();
            // A field whose type nobody knows is spoken of where it is declared.
            if declared && context.scope.field_at(object, &entry.key).is_none() {
                continue;
            }
            let about = entity.address.join("escalation").join(id).join("sets").join(&entry.key);
            let field = (object, entry.key.as_str(), entry.key_span);
            findings.extend(found(context, (entity, &about), field, &entry.node));
        }
    }
    findings
}

/// What is wrong with words that are values of a field; of a field of another type another rule speaks.
fn words(
    context: &Context<'_>,
    about: (&Entity, &Address),
    (object, field): (&str, &str),
    list: Option<&Node>,
) -> Vec<Finding> {
    let facts = context.scope.field_at(object, field).map(|(_, facts)| facts.kind);
    if !matches!(facts, Some(FieldKind::Choice | FieldKind::Choices)) {
        return Vec::new();
    }
    // What is no text has been told by the schema.
    let words = listed(list).iter().filter(|value| value.as_text().is_some());
    words.flat_map(|value| found(context, about, (object, field, value.span), value)).collect()
}

/// What is wrong with one value.
fn found(
    context: &Context<'_>,
    (entity, about): (&Entity, &Address),
    (object, field, name): (&str, &str, Span),
    value: &Node,
) -> Vec<Finding> {
    let faults = value_faults((field, name), value, object, context.scope);
    let finding = |fault: Fault| {
        let finding = Finding::new(rule(fault.code), fault.message);
        let finding = finding.at(entity.place(fault.span)).about(about.as_str());
        match fault.help {
            Some(help) => finding.help(help),
            None => finding,
        }
    };
    // A field that cannot be read is told where it is declared.
    let own = faults.into_iter().filter(|fault| fault.code != FaultCode::FieldAtFault);
    own.map(finding).collect()
}

/// The members of a list.
fn listed(node: Option<&Node>) -> &[Node] {
    node.and_then(Node::as_array).unwrap_or_default()
}
