//! What differs between earlier revisions that people ask about and the newest, decided for both as they
//! stand: nothing of what came in between and was taken back.

use super::open::is_cut_off;
use super::{Asked, Revision};
use crate::change::{Impact, Policies};
use crate::git::Commit;
use crate::history::{At, HistoryError, Workspace, entity_address};
use crate::proof::Prover;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use std::collections::BTreeMap;

/// The newest revision is compared with those at the ends of so many quarters.
const QUARTERS: usize = 4;
/// And with those that so many tags stand for, the newest.
const TAGS: usize = 2;

/// What differs between a revision and the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// The number of the revision.
    pub from: usize,
    /// The last days of quarters when it was in force.
    pub days: Vec<String>,
    /// The tags that stand for it.
    pub tags: Vec<String>,
    /// What differs: what is written otherwise, and what follows.
    pub changes: Vec<Differs>,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// The entity, under the name it has in the end.
    pub entity: String,
    /// What that does.
    pub impact: Impact,
    /// A sentence.
    pub says: String,
    /// Whether it is written otherwise; if not, it follows from something that is.
    pub direct: bool,
}

/// Names for a revision that people ask about: last days of quarters, and tags.
type Named = (Vec<String>, Vec<String>);

/// Compares the newest revision with those that people ask about, the latest first.
pub(super) fn ends(
    workspace: &Workspace,
    asked: &Asked<'_>,
    revisions: &[Revision],
    commits: &[Commit],
) -> Result<Vec<Ends>, HistoryError> {
    let mut wanted: BTreeMap<usize, Named> = BTreeMap::new();
    for day in quarters(asked.as_of) {
        if let Some(at) = in_force(revisions, &day) {
            wanted.entry(at).or_default().0.push(day);
        }
    }
    for (at, tag) in tagged(workspace, commits)? {
        wanted.entry(at).or_default().1.push(tag);
    }
    let Some((last, newest)) = commits.len().checked_sub(1).zip(commits.last()) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (from, (days, tags)) in wanted.into_iter().rev().filter(|(from, _)| *from < last) {
        let Some(commit) = commits.get(from) else { continue };
        match compared(workspace, asked, commit, newest) {
            Ok(changes) => found.push(Ends { from, days, tags, changes }),
            Err(HistoryError::Git(error)) if is_cut_off(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The last days of the quarters that were over on a day, the latest first.
fn quarters(as_of: Date) -> Vec<String> {
    let month = (as_of.month() - 1) / 3 * 3 + 1;
    let first = Date::new(as_of.year(), month, 1).ok();
    let begin = |back: usize| first?.checked_sub(i64::try_from(3 * back).ok()?.months()).ok();
    let days = (0..QUARTERS).filter_map(|back| begin(back)?.yesterday().ok());
    days.map(|day| day.to_string()).collect()
}

/// The revision in force when a day was over.
fn in_force(revisions: &[Revision], day: &str) -> Option<usize> {
    let end = format!("{day}T23:59:59Z");
    revisions.iter().rposition(|revision| revision.from <= end)
}

/// The revisions whose model the newest tags stand for.
fn tagged(workspace: &Workspace, commits: &[Commit]) -> Result<Vec<(usize, String)>, HistoryError> {
    let repository = workspace.repository()?;
    let mut tags = repository.tags()?;
    tags.sort_by_key(|(_, commit)| std::cmp::Reverse(commit.committer_time.seconds));
    let folder = |commit: &Commit| repository.folder_tree(commit.tree, &workspace.folder);
    let mut found = Vec::new();
    for (tag, commit) in tags {
        let before = |it: &Commit| it.committer_time.seconds <= commit.committer_time.seconds;
        let at = commits.iter().rposition(before);
        let Some((at, known)) = at.and_then(|at| Some((at, commits.get(at)?))) else { continue };
        // A tag beside the main line, or of something else, is none of its revisions.
        if folder(known)? == folder(&commit)? {
            found.push((at, tag));
        }
        if found.len() == TAGS {
            break;
        }
    }
    Ok(found)
}

/// What differs between two commits, as `opmodel diff` tells it.
fn compared(
    workspace: &Workspace,
    asked: &Asked<'_>,
    from: &Commit,
    to: &Commit,
) -> Result<Vec<Differs>, HistoryError> {
    let latest = from.committer_time.seconds.max(to.committer_time.seconds);
    let as_of = Timestamp::from_second(latest).unwrap_or_default();
    let prover = Prover { as_of, budget: asked.budget };
    let at = |commit: &Commit| At::Commit(Box::new(commit.clone()));
    // Policy does not make a difference smaller.
    let all = Policies::default();
    let set = workspace.changes_judged(&at(from), &at(to), Some(prover), &all)?;
    let mut found: Vec<Differs> = set
        .changes
        .iter()
        .filter(|change| !change.is_cosmetic())
        .map(|change| Differs {
            entity: entity_address(change.address.as_str()).to_owned(),
            impact: change.impact,
            says: change.summary.clone(),
            direct: change.caused_by.is_empty(),
        })
        .collect();
    found.extend(set.not_checked.iter().map(|missing| Differs {
        entity: entity_address(&missing.address).to_owned(),
        impact: Impact::Undecided,
        says: format!("not compared: {}", missing.reason),
        direct: true,
    }));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn quarters_end_before_the_day() {
        let days = quarters(date(2026, 10, 31));
        assert_eq!(days, ["2026-09-30", "2026-06-30", "2026-03-31", "2025-12-31"]);
        assert_eq!(quarters(date(2026, 3, 31))[0], "2025-12-31");
    }
}
