//! The history of a model as rows: for spreadsheets, and for a table in a comment.

use super::changes::value_text;
use super::difference::Location;
use super::log_line::{Entry, Telling, approved_by, day, told};
use super::words::{instant, list_of};
use crate::change::Change;
use crate::history::{Provenance, Step};
use crate::report::{Block, Line, Page};
use serde_json::Value as Json;

/// The head of the rows for spreadsheets; a further version only adds at the end.
pub const LOG_COLUMNS: [&str; 25] = [
    "date",
    "commit",
    "verb",
    "kind",
    "impact",
    "level",
    "address",
    "previous_address",
    "before",
    "after",
    "summary",
    "author",
    "author_email",
    "approvers",
    "pull_request",
    "subject",
    "fingerprint",
    "path",
    "line",
    "record_time",
    "caused_by",
    "brought_by",
    "merged_on",
    "in_merge",
    "id_reused_in",
];

/// The rows of a step for spreadsheets: a change each, or a file that cannot be read.
pub fn log_cells(step: &Step, provenance: &Provenance) -> Vec<Vec<String>> {
    let unreadable = step.unreadable.iter().map(|file| Cells {
        verb: "unreadable",
        summary: file.reason.clone(),
        path: file.path.clone(),
        ..Cells::default()
    });
    let mut rows: Vec<Cells> = unreadable.collect();
    let of_change = |change: &Change| {
        let reused = step.reused_by(change);
        let reused = reused.map(|(_, commit)| commit.to_string()).unwrap_or_default();
        Cells { reused, ..Cells::of(change, provenance) }
    };
    rows.extend(step.changes.changes.iter().map(of_change));
    if step.cut_off {
        let summary = super::log_line::CUT_OFF.to_owned();
        rows.push(Cells { verb: "cut off", summary, ..Cells::default() });
    }
    rows.into_iter().map(|row| row.of_commit(step, provenance)).collect()
}

/// What a row says beside its commit.
#[derive(Default)]
struct Cells {
    verb: &'static str,
    kind: String,
    impact: &'static str,
    level: &'static str,
    address: String,
    previous: String,
    before: String,
    after: String,
    summary: String,
    approvers: String,
    fingerprint: String,
    path: String,
    line: String,
    caused_by: String,
    reused: String,
}

impl Cells {
    fn of(change: &Change, provenance: &Provenance) -> Self {
        let place = change.head.as_ref().or(change.base.as_ref()).map(Location::from);
        Self {
            verb: change.kind.verb.word(),
            kind: change.kind.id.clone(),
            impact: change.impact.word(),
            level: change.level.word(),
            address: change.address.to_string(),
            previous: change.previous.as_ref().map(ToString::to_string).unwrap_or_default(),
            before: value(change.before.as_ref()),
            after: value(change.after.as_ref()),
            summary: change.summary.clone(),
            approvers: approved_by(provenance, Some(change)).join("; "),
            fingerprint: change.fingerprint.to_string(),
            path: place.as_ref().map(|place| place.path.clone()).unwrap_or_default(),
            line: place.map(|place| place.line.to_string()).unwrap_or_default(),
            caused_by: change
                .caused_by
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "),
            reused: String::new(),
        }
    }

    fn of_commit(self, step: &Step, provenance: &Provenance) -> Vec<String> {
        let commit = &step.commit;
        let request = provenance.pull_request.map(|request| request.to_string());
        let brought_by = provenance.brought_by.as_ref();
        let merge = brought_by.map(|merge| merge.id.to_string());
        let merged_on = brought_by.map(|merge| day(merge.committer_time));
        let row: [String; LOG_COLUMNS.len()] = [
            day(commit.committer_time),
            commit.id.to_string(),
            self.verb.to_owned(),
            self.kind,
            self.impact.to_owned(),
            self.level.to_owned(),
            self.address,
            self.previous,
            self.before,
            self.after,
            self.summary,
            commit.author.name.clone(),
            commit.author.email.clone(),
            self.approvers,
            request.unwrap_or_default(),
            commit.subject.clone(),
            self.fingerprint,
            self.path,
            self.line,
            instant(commit.committer_time),
            self.caused_by,
            merge.unwrap_or_default(),
            merged_on.unwrap_or_default(),
            if step.in_merge { "true" } else { "false" }.to_owned(),
            self.reused,
        ];
        row.into()
    }
}

/// A value as written; a structure as JSON.
fn value(value: Option<&Json>) -> String {
    value.map(|value| value_text(value).unwrap_or_else(|| value.to_string())).unwrap_or_default()
}

/// The rows of a step for a table in a comment.
pub fn log_table_rows(step: &Step, provenance: &Provenance, telling: Telling) -> Vec<Vec<Line>> {
    let row = |entry: Entry<'_>| {
        let so = if entry.follows { "so " } else { "" };
        let request = provenance.pull_request.map(|request| request.to_string());
        vec![
            Line::of(day(step.commit.committer_time)),
            Line::new().code(step.commit.id.short()),
            Line::of(format!("{so}{}", entry.verb)),
            Line::new().code(entry.about.clone()),
            entry.says.within(None),
            Line::of(step.commit.author.name.clone()),
            Line::of(list_of(&entry.approvers)),
            Line::of(request.unwrap_or_default()),
        ]
    };
    told(step, telling).iter().map(|told| row(Entry::of(told, provenance))).collect()
}

/// All rows as one table.
pub fn log_table(rows: Vec<Vec<Line>>) -> Page {
    let head =
        ["date", "commit", "what", "address", "before → after", "author", "approved by", "request"];
    let mut page = Page::default();
    if !rows.is_empty() {
        page.push(Block::Table(head.map(Line::of).to_vec(), rows));
    }
    page
}
