//! Changes as findings: what forges, code scanners and test reports can show at a place.

use super::changes::{evidence_lines, level_words, row_lines, value_text};
use super::manual::kind_page;
use crate::change::{Change, ChangeKind, ChangeSet, Level, NotChecked};
use crate::finding::Severity;
use crate::report::{FindingRow, Line, RuleInfo, markdown};
use std::collections::{BTreeMap, BTreeSet};

/// The rule of what could not be compared.
const NOT_COMPARED: &str = "not-compared";

/// Longest value that stands in a finding, in characters; the page shows all of it.
const LONGEST: usize = 200;

/// Of the lines that show what a change does, so many: which records, and an example.
const SHOWN: usize = 2;

/// Every change as a finding at its place in the head, in the order of the changes, and behind
/// them what could not be compared.
///
/// What is gone points at what held it: a reader of the head finds nothing else.
pub fn change_findings(changes: &ChangeSet) -> Vec<FindingRow> {
    let found = changes.changes.iter().map(Into::into);
    found.chain(changes.not_checked.iter().map(not_compared)).collect()
}

/// The kinds of these changes, as formats want them that say something of each rule.
pub fn change_rules(changes: &ChangeSet) -> Vec<RuleInfo> {
    let kinds: BTreeMap<&str, &ChangeKind> =
        changes.changes.iter().map(|change| (change.kind.id.as_str(), change.kind)).collect();
    let missing = (!changes.not_checked.is_empty()).then(|| RuleInfo {
        id: NOT_COMPARED.to_owned(),
        summary: "A part of the model that could not be compared.".to_owned(),
        page: "A part of the model could not be compared, so the result is not whole.".to_owned(),
        severity: Severity::Error,
    });
    kinds.into_values().map(rule).chain(missing).collect()
}

fn rule(kind: &ChangeKind) -> RuleInfo {
    RuleInfo {
        id: kind.id.clone(),
        summary: format!("A change of a model, {}: {}", kind.impact, kind.about.join(" ")),
        page: markdown(&kind_page(kind)),
        severity: kind.level.into(),
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Forbid => Self::Error,
            Level::Approve | Level::Warn => Self::Warning,
            Level::Note | Level::Off => Self::Note,
        }
    }
}

impl From<&Change> for FindingRow {
    fn from(change: &Change) -> Self {
        let place = change.head.as_ref().or(change.surviving.as_ref());
        let explain = format!("see `opmodel explain {}`", change.kind.id);
        let stood = change.base.as_ref().filter(|_| place.is_none());
        Self {
            removed_from: stood.map(|stood| stood.source.path().to_owned()),
            message: message(change),
            help: Some(format!("{}; {explain}", level_words(change))),
            address: Some(change.address.to_string()),
            fingerprint: Some(change.fingerprint.to_string()),
            ..Self::at(&change.kind.id, change.level.into(), place)
        }
    }
}

/// The sentence, the values, and the records that show it, in one line.
fn message(change: &Change) -> String {
    let mut parts = vec![match values(change) {
        Some(values) => format!("{}: {values}", change.summary),
        None => change.summary.clone(),
    }];
    let lines = change.row.as_deref().map_or_else(|| evidence_lines(change), row_lines);
    parts.extend(lines.iter().take(SHOWN).map(Line::words));
    let causes: BTreeSet<String> = change.caused_by.iter().map(|by| format!("`{by}`")).collect();
    if !causes.is_empty() {
        let causes: Vec<String> = causes.into_iter().collect();
        parts.push(format!("it follows from {}", super::words::list_of(&causes)));
    }
    parts.join("; ").replace(['\n', '\r'], " ")
}

fn values(change: &Change) -> Option<String> {
    let text = |value| value_text(value).map(|text| format!("`{}`", shortened(&text)));
    let before = change.before.as_ref().map(text);
    let after = change.after.as_ref().map(text);
    match (before, after) {
        // It says the same words, and they mean something else.
        (Some(before), Some(after)) if before == after => after,
        (Some(before), Some(after)) => Some(format!("{} → {}", before?, after?)),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => None,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn not_compared(missing: &NotChecked) -> FindingRow {
    FindingRow {
        message: format!("not compared: {}", missing.reason),
        path: Some(missing.address.clone()),
        address: Some(missing.address.clone()),
        ..FindingRow::at(NOT_COMPARED, Severity::Error, None)
    }
}
