//! The changes between two revisions as data, which is what other programs read.

use super::changes::entity_of;
use super::routes::RouteTable;
use crate::change::{Change, ChangeSet, Impact, Level, NotChecked};
use crate::finding::Place;
use crate::proof::{Verdict, Witness};
use crate::report::Tool;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// A revision, as JSON names it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RevisionRow {
    /// As it was written, or what it is: `work tree`, `index`.
    pub rev: String,
    /// The commit, where it is one.
    pub commit: Option<String>,
    /// How a date stands for the commit, where one was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<DatedRow>,
}

/// How a date or an instant stands for a commit.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DatedRow {
    /// The instant, in UTC: the last second that belongs to what was written.
    pub instant: String,
    /// The branch whose main line was asked.
    pub branch: String,
    /// When the commit was recorded, in UTC: no later than the instant.
    pub record_time: String,
}

/// What `diff --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// The revisions.
    pub inputs: Inputs,
    /// Counts.
    pub summary: DiffSummary,
    /// The changes, the strictest level first, then by impact and address.
    pub changes: Vec<ChangeRow>,
    /// The routing tables under which records go elsewhere, or were looked at for it.
    pub routes: Vec<RouteTable>,
    /// What could not be compared.
    pub not_checked: Vec<NotChecked>,
}

/// The two sides of a comparison.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Inputs {
    /// What it starts from.
    pub base: RevisionRow,
    /// What it leads to.
    pub head: RevisionRow,
}

/// Counts of changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiffSummary {
    /// Changes that are more than form.
    pub changes: usize,
    /// Changes of form alone.
    pub cosmetic: usize,
    /// Changes of which it is not known what they do.
    pub undecided: usize,
    /// Changes that policy turned off.
    pub silenced: usize,
    /// All shown changes by impact.
    pub by_impact: BTreeMap<Impact, usize>,
    /// All shown changes by level.
    pub by_level: BTreeMap<Level, usize>,
}

/// One change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeRow {
    /// What it is known by: the same while its meaning is the same.
    pub fingerprint: String,
    /// Its kind; `opmodel kinds` lists them.
    pub kind: String,
    /// What it is about.
    pub address: String,
    /// The address before, where it was another; of records that two territories share the other one's.
    pub previous_address: Option<String>,
    /// What it does.
    pub impact: Impact,
    /// What it asks for.
    pub level: Level,
    /// The policy entry that gave the level, where one did.
    pub policy: Option<String>,
    /// Whether it was written, rather than follows from another change.
    pub direct: bool,
    /// The entities whose changes it follows from, where nobody wrote it.
    pub caused_by: Vec<String>,
    /// One sentence.
    pub summary: String,
    /// The value before, as written.
    pub before: Option<Json>,
    /// The value after, as written.
    pub after: Option<Json>,
    /// How two criteria compare, where it is about one.
    pub evidence: Option<Evidence>,
    /// Where it stands.
    pub locations: Locations,
}

/// How two criteria compare, by the records that meet them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Evidence {
    /// `equivalent`, `looser`, `tighter`, `shifted` or `undecided`.
    pub verdict: &'static str,
    /// Whether it is proved.
    pub exact: bool,
    /// Why it is undecided.
    pub reason: Option<String>,
    /// A record that meets the criterion now and did not before; where it is a disqualifier that record is
    /// shut out now.
    pub admits: Option<Witness>,
    /// A record that met the criterion and does not any more; where it is a disqualifier that record is
    /// shut out no more.
    pub refuses: Option<Witness>,
}

/// Where a change stands on both sides.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Locations {
    /// In the base.
    pub base: Option<Location>,
    /// In the head.
    pub head: Option<Location>,
}

/// A line of a file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Location {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

impl From<&Place> for Location {
    fn from(place: &Place) -> Self {
        let line = place.source.line_column(place.span.start).line;
        Self { path: place.source.path().to_owned(), line }
    }
}

impl From<&Change> for ChangeRow {
    fn from(change: &Change) -> Self {
        Self {
            fingerprint: change.fingerprint.to_string(),
            kind: change.kind.id.clone(),
            address: change.address.to_string(),
            previous_address: change.previous.as_ref().map(ToString::to_string),
            impact: change.impact,
            level: change.level,
            policy: change.policy.clone(),
            direct: change.caused_by.is_empty(),
            caused_by: change.caused_by.iter().map(ToString::to_string).collect(),
            summary: change.summary.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            evidence: change.verdict.as_ref().map(Into::into),
            locations: Locations {
                base: change.base.as_ref().map(Into::into),
                head: change.head.as_ref().map(Into::into),
            },
        }
    }
}

impl From<&Verdict> for Evidence {
    fn from(verdict: &Verdict) -> Self {
        let (word, admits, refuses) = match verdict {
            Verdict::Equivalent => ("equivalent", None, None),
            Verdict::Looser { admits } => ("looser", Some(admits.clone()), None),
            Verdict::Tighter { refuses } => ("tighter", None, Some(refuses.clone())),
            Verdict::Shifted { admits, refuses } => {
                ("shifted", Some(admits.clone()), Some(refuses.clone()))
            }
            Verdict::Undecided(_) => ("undecided", None, None),
        };
        let reason = match verdict {
            Verdict::Undecided(reason) => Some(reason.clone()),
            _ => None,
        };
        Self { verdict: word, exact: reason.is_none(), reason, admits, refuses }
    }
}

impl DiffReport {
    /// A set of changes between two revisions, as data.
    pub fn new(changes: &ChangeSet, base: RevisionRow, head: RevisionRow) -> Self {
        let by_impact = changes.by_impact();
        let of = |impact| by_impact.get(&impact).copied().unwrap_or_default();
        Self {
            format_version: "1.0",
            tool: Tool::THIS,
            inputs: Inputs { base, head },
            summary: DiffSummary {
                changes: changes.meaningful().count(),
                cosmetic: of(Impact::Cosmetic),
                undecided: of(Impact::Undecided),
                silenced: changes.silenced.len(),
                by_level: changes.by_level(),
                by_impact,
            },
            changes: changes.changes.iter().map(Into::into).collect(),
            routes: changes.routes.iter().map(Into::into).collect(),
            not_checked: changes.not_checked.clone(),
        }
    }
}

impl DiffReport {
    /// The addresses of the entities that changed in more than form, each once.
    pub fn names(changes: &ChangeSet) -> Vec<String> {
        let names: BTreeSet<String> =
            changes.meaningful().map(|change| entity_of(change.address.as_str())).collect();
        names.into_iter().collect()
    }
}
