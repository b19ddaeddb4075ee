//! The revisions: the commits of the main line that touch the model's files, in order.

use super::{Revision, Row};
use crate::audit::{Class, Drift, Entry, Row as Recorded, Standing};
use crate::change::Impact;
use crate::git::{Commit, Mailmap, ObjectId};
use crate::history::{HistoryError, Workspace, entity_address};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The revisions of a report, oldest first, each with its commit.
pub(super) fn revisions(
    workspace: &Workspace,
    mailmap: &Mailmap,
    drift: &Drift,
) -> Result<(Vec<Revision>, Vec<Commit>), HistoryError> {
    let repository = workspace.repository()?;
    let (mut revisions, mut commits): (Vec<Revision>, Vec<Commit>) = (Vec::new(), Vec::new());
    for row in drift.population.rows.iter().rev() {
        if row.class != Class::NotTouching {
            let Some(id) = ObjectId::from_hex(&row.commit) else { continue };
            let commit = repository.commit(id)?;
            revisions.push(revision(row, &commit, mailmap));
            commits.push(commit);
        } else if let Some(last) = revisions.last_mut()
            && row.record_time < last.from
        {
            last.from.clone_from(&row.record_time);
        }
    }
    Ok((revisions, commits))
}

fn revision(row: &Recorded, commit: &Commit, mailmap: &Mailmap) -> Revision {
    Revision {
        id: row.commit.clone(),
        short: commit.id.short(),
        day: day(commit.committer_time.seconds),
        time: row.record_time.clone(),
        from: row.record_time.clone(),
        author: mailmap.current(&commit.author).name,
        subject: row.subject.clone(),
        pull_request: row.pull_request.clone(),
        merge: row.merge,
        class: row.class,
        adopted: 0,
        changes: 0,
        follow: 0,
        loosened: 0,
        tightened: 0,
        unreadable: Vec::new(),
    }
}

/// The day of an instant, in UTC.
pub(super) fn day(seconds: i64) -> String {
    let Ok(instant) = Timestamp::from_second(seconds) else { return String::new() };
    instant.to_zoned(TimeZone::UTC).date().to_string()
}

/// The register, oldest first, and what it comes to at each revision.
pub(super) fn register(entries: Vec<Entry>, revisions: &mut [Revision]) -> Vec<Row> {
    let numbers: BTreeMap<String, usize> =
        revisions.iter().enumerate().map(|(at, revision)| (revision.id.clone(), at)).collect();
    let mut rows: Vec<Row> = entries
        .into_iter()
        .filter_map(|entry| {
            let revision = *numbers.get(&entry.commit)?;
            let entity = entity_address(&entry.address).to_owned();
            Some(Row { revision, entity, entry })
        })
        .collect();
    // Within a revision what somebody wrote comes before what follows, each gravest first.
    rows.sort_by_key(|row| (row.revision, !row.entry.direct));
    for row in &rows {
        if let Some(revision) = revisions.get_mut(row.revision) {
            count(revision, &row.entry);
        }
    }
    rows
}

fn count(revision: &mut Revision, entry: &Entry) {
    if entry.standing == Standing::Adopted {
        revision.adopted += 1;
        return;
    }
    revision.changes += usize::from(entry.direct);
    revision.follow += usize::from(!entry.direct);
    revision.loosened += usize::from(entry.impact == Impact::Loosening);
    revision.tightened += usize::from(entry.impact == Impact::Tightening);
}
