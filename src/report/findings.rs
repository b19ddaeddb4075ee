//! Findings as data: what `check --format json` prints, and what other formats are made from.

use super::json::Tool;
use crate::finding::{Finding, Place, Severity};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// All findings of a run, and what was read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingsReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// What was read.
    pub read: ReadRow,
    /// Counts.
    pub summary: Summary,
    /// The findings, by path and place.
    pub findings: Vec<FindingRow>,
}

/// What was read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReadRow {
    /// The folder, and the revision where one was named.
    pub from: String,
    /// How many files.
    pub files: usize,
    /// How many entities of each kind.
    pub entities: BTreeMap<String, usize>,
    /// The day for which expiries were judged.
    pub as_of: String,
}

/// Counts of findings.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Summary {
    /// Findings that make the model invalid.
    pub errors: usize,
    /// Probable mistakes.
    pub warnings: usize,
    /// Remarks.
    pub notes: usize,
    /// Findings that policy turned off.
    pub silenced: usize,
}

/// One finding.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FindingRow {
    /// The rule's id.
    pub rule: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The file; none for the run as a whole.
    pub path: Option<String>,
    /// First line, from 1.
    pub line: Option<usize>,
    /// First column in characters, from 1.
    pub column: Option<usize>,
    /// Last line.
    pub end_line: Option<usize>,
    /// The column after the last character.
    pub end_column: Option<usize>,
    /// The address it is about.
    pub address: Option<String>,
    /// What it is known by from run to run, where it is a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The file it stood in, where it stands in none any more; for formats that must name one.
    #[serde(skip)]
    pub removed_from: Option<String>,
}

/// What a format may say about a rule beside its findings.
#[derive(Debug, Clone)]
pub struct RuleInfo {
    /// Its id.
    pub id: String,
    /// One sentence.
    pub summary: String,
    /// The whole page, in Markdown.
    pub page: String,
    /// Its usual weight.
    pub severity: Severity,
}

impl From<&Finding> for FindingRow {
    fn from(finding: &Finding) -> Self {
        Self {
            message: finding.message.clone(),
            help: finding.help.clone(),
            address: finding.address.clone(),
            ..Self::at(finding.rule, finding.severity, finding.place.as_ref())
        }
    }
}

impl FindingRow {
    /// A finding of a rule at a place, without its words.
    pub fn at(rule: &str, severity: Severity, place: Option<&Place>) -> Self {
        let whole = place.is_some_and(|place| place.span.is_empty() && place.span.start == 0);
        let stretch = place.filter(|_| !whole);
        let start = stretch.map(|place| place.source.line_column(place.span.start));
        let end = stretch.map(|place| place.source.line_column(place.span.end));
        Self {
            rule: rule.to_owned(),
            severity,
            message: String::new(),
            help: None,
            path: place.map(|place| place.source.path().to_owned()),
            line: start.map(|at| at.line),
            column: start.map(|at| at.column),
            end_line: end.map(|at| at.line),
            end_column: end.map(|at| at.column),
            address: None,
            fingerprint: None,
            removed_from: None,
        }
    }
}
