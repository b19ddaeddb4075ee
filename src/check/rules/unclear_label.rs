//! A word of exports that stands for nothing, or for two values.

use crate::check::{Context, Rule};
use crate::criteria::{FieldFacts, FieldKind};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::field::{Field, ValueLabel, truth};
use crate::model::{At, Entity, Item, Word};
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "unclear-label",
    severity: Severity::Warning,
    page: include_str!("unclear_label.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, field) in context.model.each::<Field>() {
        let Some(labels) = &field.label else { continue };
        let id = entity.address.id();
        let facts =
            id.split_once('.').and_then(|(object, name)| context.scope.field_at(object, name));
        let Some((_, facts)) = facts else { continue };
        // For fields of other types `field-type-conflict` says it.
        if matches!(facts.kind, FieldKind::Choice | FieldKind::Choices | FieldKind::Bool) {
            let mut known = BTreeMap::new();
            for label in labels.iter() {
                findings.extend(of_label(entity, &facts, label, &mut known));
            }
        }
    }
    findings
}

/// What is wrong with a label, after those that stand before it.
fn of_label<'l>(
    entity: &Entity,
    facts: &FieldFacts<'_>,
    label: &'l Item<ValueLabel>,
    known: &mut BTreeMap<&'l str, (&'l str, Span)>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(value) = &label.value.value else { return findings };
    let stands_for = value.value.0.as_str();
    let is_bool = facts.kind == FieldKind::Bool;
    let is_declared = |word: &str| {
        facts.values.iter().any(|value| value == word) || (is_bool && truth(word).is_some())
    };
    let field = entity.address.id();
    if !facts.open && !is_declared(stands_for) {
        let message = format!("`{stands_for}` is no value of `{field}`");
        let help = match did_you_mean(stands_for, facts.values.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if is_bool => "write `true` or `false`".to_owned(),
            None => format!("write one of its values, or declare `{stands_for}`"),
        };
        findings.push(finding(entity, label, value.span, message).help(help));
    }
    for word in label.value.words.iter().flat_map(|words| words.iter()) {
        let text = word.value.0.as_str();
        let said = |message: String| finding(entity, label, word.span, message);
        let earlier = known.get(text).filter(|(value, _)| *value != stands_for);
        if let Some((other, span)) = earlier {
            let message = format!("`{text}` stands for `{stands_for}` and for `{other}`");
            let found = said(message).also(entity.place(*span), format!("for `{other}` here"));
            findings.push(found.help("leave it with the one that exports mean by it"));
        } else if is_bool && truth(text).is_some() {
            if truth(text) != truth(stands_for) {
                let message = format!("`{text}` is never read as `{stands_for}`");
                findings.push(said(message).help("delete it here: it says the other by itself"));
            }
        } else if text != stands_for && is_declared(text) {
            let message = format!(
                "`{text}` is a value of `{field}` itself, and is never read as `{stands_for}`"
            );
            let help = format!("delete it here, or delete `{text}` from the values");
            findings.push(said(message).help(help));
        } else if let Some(help) = never_met(word, facts.kind) {
            findings.push(said(format!("no cell can be `{text}`")).help(help));
        }
        known.entry(text).or_insert((stands_for, word.span));
    }
    findings
}

/// Why a word is never met in an export.
fn never_met(word: &At<Word>, kind: FieldKind) -> Option<&'static str> {
    let text = word.value.0.as_str();
    if text.trim() != text || text.is_empty() {
        return Some("write it without the room around it, which exports are read without");
    }
    let is_divided = kind == FieldKind::Choices && text.contains(';');
    is_divided.then_some("write its parts: in a multi-select `;` stands between values")
}

fn finding(entity: &Entity, label: &Item<ValueLabel>, span: Span, message: String) -> Finding {
    let about = entity.address.join("label").join(&label.id);
    Finding::new(RULE.id, message).at(entity.place(span)).about(about.as_str())
}
