//! The auditor's report as JSON and as CSV, and how it is made again.

use super::drift_page::{Extent, drift_page};
use crate::audit::package::sha256_of_json;
use crate::audit::{Approved, Drift, Entry, Flag, Refused, Standing};
use crate::report::{Block, Line, Page, Tool, csv};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// What `drift --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DriftReport<'a> {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// What wrote it.
    pub tool: Tool,
    /// What the report says.
    #[serde(flatten)]
    pub drift: &'a Drift,
    /// How to make it again; not part of what is hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reproduce: Option<Reproduce>,
}

/// How a report is made again, and known to be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reproduce {
    /// The command, to be run in a clone that has the commit.
    pub command: String,
    /// The SHA-256 of the JSON form without this part, and without what belongs to a clone and not to
    /// the history: as if it had no tags, were not shallow, and had neither replace refs nor
    /// grafts.
    pub sha256: String,
}

impl<'a> DriftReport<'a> {
    /// The report, with the command that makes it again and the hash of all it says.
    pub fn new(drift: &'a Drift, command: String) -> Self {
        let tool = Tool::THIS;
        let of_history = of_history(drift);
        let hashed =
            DriftReport { format_version: "1.0", tool, drift: &of_history, reproduce: None };
        let sha256 = sha256_of_json(&hashed);
        let reproduce = Some(Reproduce { command, sha256 });
        Self { format_version: "1.0", tool, drift, reproduce }
    }

    /// The report as a page.
    pub fn page(&self, extent: Extent) -> Page {
        let mut page = drift_page(self.drift, extent);
        if let Some(reproduce) = &self.reproduce {
            reproduced(&mut page, reproduce, &self.drift.period.tip);
        }
        page
    }
}

/// A report without what belongs to a clone and not to the history; most have nothing of it.
fn of_history(drift: &Drift) -> Cow<'_, Drift> {
    let found = &drift.population.completeness;
    let of_clone = found.shallow || found.grafts || found.replace_refs > 0;
    if !of_clone && drift.population.anchors.is_empty() {
        return Cow::Borrowed(drift);
    }
    let mut drift = drift.clone();
    drift.population.anchors.clear();
    let completeness = &mut drift.population.completeness;
    (completeness.shallow, completeness.grafts) = (false, false);
    completeness.replace_refs = 0;
    Cow::Owned(drift)
}

/// How to make a report again.
fn reproduced(page: &mut Page, reproduce: &Reproduce, tip: &str) {
    // So much of the name is found in any repository, and fits into a line.
    const DIGITS: usize = 16;
    let short: String = tip.chars().take(DIGITS).collect();
    let command = reproduce.command.replace(tip, &short);
    page.gap();
    page.push(Block::Heading(2, Line::of("Make it again")));
    page.push(Block::Nested(1, Line::new().code(command)));
    let line = format!("opmodel {}, SHA-256 of what it says:", Tool::THIS.version);
    page.push(Block::Nested(1, Line::new().sentence(&line)));
    page.push(Block::Nested(1, Line::new().code(reproduce.sha256.clone())));
}

/// The change register as CSV, newest first.
pub fn drift_csv(drift: &Drift) -> String {
    csv(&REGISTER_COLUMNS, drift.register.iter().map(register_cells))
}

/// The columns of the change register.
pub const REGISTER_COLUMNS: [&str; 29] = [
    "record_time",
    "commit",
    "pull_request",
    "made_by",
    "authors",
    "committer",
    "reason",
    "kind",
    "impact",
    "level",
    "address",
    "previous_address",
    "summary",
    "before",
    "after",
    "fingerprint",
    "direct",
    "caused_by",
    "verdict",
    "admits",
    "refuses",
    "standing",
    "required",
    "approvals",
    "not_counted",
    "missing",
    "waived_by",
    "flags",
    "id_freed_by",
];

/// An entry of the change register in its columns.
pub fn register_cells(entry: &Entry) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let required: Vec<String> = entry
        .required
        .iter()
        .flat_map(|required| {
            let any = (required.need > 0)
                .then(|| format!("{} of {}", required.need, required.any_of.join(" or ")));
            required.all_of.iter().cloned().chain(any)
        })
        .collect();
    let waived = entry.waived_by.as_ref().map(|waiver| waiver.exception.clone());
    vec![
        entry.record_time.clone(),
        entry.commit.clone(),
        text(&entry.pull_request),
        entry.made_by.join(" "),
        entry.authors.join(", "),
        entry.committer.clone(),
        entry.reason.clone(),
        entry.kind.clone(),
        entry.impact.word().to_owned(),
        entry.level.word().to_owned(),
        entry.address.clone(),
        text(&entry.previous),
        entry.summary.clone(),
        text(&entry.before),
        text(&entry.after),
        entry.fingerprint.clone(),
        entry.direct.to_string(),
        entry.caused_by.join(" "),
        text(&entry.verdict),
        text(&entry.admits),
        text(&entry.refuses),
        standing_word(entry.standing).to_owned(),
        required.join(", "),
        entry.approvals.iter().map(approved).collect::<Vec<_>>().join("; "),
        entry.refused.iter().map(refused).collect::<Vec<_>>().join("; "),
        entry.missing.join("; "),
        waived.unwrap_or_default(),
        entry.flags.iter().map(|flag| flag_word(*flag)).collect::<Vec<_>>().join(", "),
        text(&entry.id_freed_by),
    ]
}

/// An approval that counted, in a line.
pub(super) fn approved(approved: &Approved) -> String {
    let when = approved.when.as_ref().map(|when| format!(" on {when}")).unwrap_or_default();
    format!("{} for `{}` by {}{when}", approved.who, approved.role, approved.source)
}

/// An approval that did not count, in a line.
pub(super) fn refused(refused: &Refused) -> String {
    format!("{} by {}: {}", refused.who, refused.source, refused.reason)
}

/// What comes of a change, in a word or two.
pub fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Adopted => "adopted",
        Standing::NotAsked => "not asked",
        Standing::Waived => "waived",
        Standing::Approved => "approved",
        Standing::Unapproved => "unapproved",
        Standing::Unclaimed => "nobody's",
        Standing::Forbidden => "forbidden",
    }
}

/// What an auditor asks about, in a word or two.
pub fn flag_word(flag: Flag) -> &'static str {
    match flag {
        Flag::Forbidden => "forbidden",
        Flag::Unapproved => "unapproved",
        Flag::SelfApproved => "self-approved",
        Flag::DirectPush => "direct push",
        Flag::NotHolder => "approved by somebody who did not hold the role",
        Flag::Retroactive => "retroactive",
        Flag::UndecidedAccepted => "undecided and accepted",
        Flag::ApprovedEarlier => "approved before it was written",
        Flag::IdReused => "id used again for something else",
    }
}
