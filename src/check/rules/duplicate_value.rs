//! The same value twice: in a list, in two groups of a field, or as two sources.

use crate::check::{Context, Rule};
use crate::document::{Node, Value};
use crate::finding::{Finding, Severity};
use crate::model::field::Field;
use crate::model::system::Source;
use crate::model::{At, Entity, Model, Polarity, Shape, Slot, Word};
use crate::source::Span;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-value",
    severity: Severity::Warning,
    page: include_str!("duplicate_value.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let slots = context.scope.slots();
    let mut findings = Vec::new();
    let lists = slots.chunk_by(|a, b| a.address == b.address);
    for list in lists.filter(|list| list.len() > 1) {
        let mut first: BTreeMap<Cow<'_, str>, &Slot<'_>> = BTreeMap::new();
        for slot in list.iter().filter(|slot| counts(slot)) {
            let Some(word) = word(slot.node) else { continue };
            if let Some(first) = first.get(&word) {
                let name = slot.property.name;
                let finding = Finding::new(RULE.id, format!("`{word}` stands twice in `{name}`"))
                    .at(slot.place())
                    .also(first.place(), "it stands here already")
                    .about(slot.address.as_str())
                    .help("delete one of the two, or write the value that was meant");
                findings.push(finding);
            } else {
                first.insert(word, slot);
            }
        }
    }
    findings.extend(context.model.of_kind("field").flat_map(in_two_groups));
    findings.extend(as_two_sources(context.model));
    findings
}

/// The values of a field that stand in two of its groups.
fn in_two_groups(entity: &Entity) -> Vec<Finding> {
    let mut findings = Vec::new();
    if entity.table.get("groups").is_none() {
        return findings;
    }
    let groups = entity.read::<Field>().groups;
    let mut first: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    for (group, values) in groups.iter().flat_map(|groups| groups.iter()) {
        for value in values.iter() {
            let word = value.value.0.as_str();
            let (earlier, span) = *first.entry(word).or_insert((group, value.span));
            // Twice in one group is harmless: it counts once there.
            if earlier != group {
                let message = format!("`{word}` stands in two groups, `{earlier}` and `{group}`");
                let finding = Finding::new(RULE.id, message).at(entity.place(value.span));
                let finding = finding.also(entity.place(span), format!("in `{earlier}` here"));
                let about = format!("{}.groups.{group}", entity.address);
                findings.push(finding.about(about).help("leave it in the one that reports mean"));
            }
        }
    }
    findings
}

/// A source that a value means, and where that is written.
type Meant<'m> = (&'m Entity, Span);

/// The values of a field that mean two sources, of which neither is part of the other.
fn as_two_sources(model: &Model) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: BTreeMap<[String; 3], Vec<Meant<'_>>> = BTreeMap::new();
    for (entity, source) in model.each::<Source>() {
        // Where a source has a condition, the value alone does not mean it.
        let (Some(object), Some(field), None) = (source.object, source.field, source.when) else {
            continue;
        };
        let values = source.values.map(|values| values.value.0).unwrap_or_default();
        for At { value: Word(word), span, .. } in values {
            let key = [object.value.0.clone(), field.value.0.clone(), word.clone()];
            let others = known.entry(key).or_default();
            let apart = others.iter().find(|(other, _)| {
                entity.address != other.address
                    && !is_part(model, entity, other)
                    && !is_part(model, other, entity)
            });
            if let Some((other, place)) = apart {
                let (own, its) = (&entity.address, &other.address);
                let finding = Finding::new(RULE.id, format!("`{word}` means `{its}` and `{own}`"))
                    .at(entity.place(span))
                    .also(other.place(*place), format!("it means `{its}` here"))
                    .about(format!("{own}.values"));
                findings.push(finding.help("leave it with the source that records are counted in"));
            }
            others.push((entity, span));
        }
    }
    findings
}

/// Whether a source is part of another, or of a part of it.
fn is_part(model: &Model, source: &Entity, whole: &Entity) -> bool {
    let mut above = source.table.text("part_of");
    for _ in 0..model.len() {
        let Some(address) = above else { return false };
        if address == whole.address.as_str() {
            return true;
        }
        above = model.get(address).and_then(|entity| entity.table.text("part_of"));
    }
    false
}

/// Whether it matters that a value of this property is there twice: not in words for people.
fn counts(slot: &Slot<'_>) -> bool {
    let words = matches!(slot.property.facet.polarity, Polarity::Wording | Polarity::Display);
    matches!(slot.property.shape, Shape::List(_)) && !words
}

fn word(node: &Node) -> Option<Cow<'_, str>> {
    match &node.value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Date(date) => Some(Cow::Owned(date.to_string())),
        _ => None,
    }
}
