//! A decision right about nothing there is, or could be.

use super::patterns::Patterns;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity, did_you_mean};
use crate::model::decision::Decision;
use crate::model::{At, Entity, Word};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    id: "decision-covers-nothing",
    severity: Severity::Warning,
    page: include_str!("decision_covers_nothing.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut patterns = Patterns::of(context);
    let mut findings = Vec::new();
    for (entity, decision) in context.model.each::<Decision>() {
        for pattern in decision.covers.iter().flat_map(|covers| covers.iter()) {
            let about = (entity, format!("{}.covers", entity.address));
            findings.extend(patterns.empty(RULE.id, about, (pattern, pattern.span)));
        }
        for kind in decision.kinds.iter().flat_map(|kinds| kinds.iter()) {
            findings.extend(unknown_kind(context.change_kinds, entity, kind));
        }
    }
    findings
}

/// The finding about a word in `kinds` that no kind of change has; a last `*` is any ending.
fn unknown_kind(kinds: &BTreeSet<&str>, entity: &Entity, word: &At<Word>) -> Option<Finding> {
    let text: &str = word;
    let is_meant = match text.strip_suffix('*') {
        Some(start) => kinds.iter().any(|kind| kind.starts_with(start)),
        None => kinds.contains(text),
    };
    if kinds.is_empty() || is_meant {
        return None;
    }
    let help = match did_you_mean(text, kinds.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "see `opmodel kinds` for the kinds of change".to_owned(),
    };
    let finding = Finding::new(RULE.id, format!("no kind of change is called `{text}`"));
    let finding = finding.at(entity.place(word.span)).about(format!("{}.kinds", entity.address));
    Some(finding.help(help))
}
