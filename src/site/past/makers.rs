//! Who wrote what a merge brought: the commits of the branch that was merged, and not the merge.

use super::open::is_cut_off;
use super::{Happened, Past, Revision, Row};
use crate::git::{Mailmap, ObjectId};
use crate::history::{HistoryError, Workspace};
use crate::view::{instant, list_of};
use serde::Serialize;
use std::collections::BTreeMap;

/// A commit that made a change, and that a merge brought to the main line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maker {
    /// The first ten digits of it.
    pub short: String,
    /// The day it was recorded, in UTC.
    pub day: String,
    /// When it was recorded, in UTC.
    pub time: String,
    /// Who wrote it, without the mail address.
    pub author: String,
}

/// Who wrote what a revision brought, and who merged it where that was somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(in crate::site) struct By {
    writers: String,
    merger: String,
}

/// The commits that made what merges brought, by id.
pub(super) fn makers(
    workspace: &Workspace,
    mailmap: &Mailmap,
    register: &[Row],
) -> Result<BTreeMap<String, Maker>, HistoryError> {
    let repository = workspace.repository()?;
    let mut found = BTreeMap::new();
    for row in register {
        for id in row.entry.made_by.iter().filter(|id| **id != row.entry.commit) {
            let Some(known) = ObjectId::from_hex(id).filter(|_| !found.contains_key(id)) else {
                continue;
            };
            let commit = match repository.commit(known) {
                Ok(commit) => commit,
                Err(error) if is_cut_off(&error) => continue,
                Err(error) => return Err(error.into()),
            };
            let maker = Maker {
                short: commit.id.short(),
                day: super::revisions::day(commit.committer_time.seconds),
                time: instant(commit.committer_time),
                author: mailmap.current(&commit.author).name,
            };
            found.insert(id.clone(), maker);
        }
    }
    Ok(found)
}

impl Past {
    /// The commits that made a change, newest first, where a merge brought it; none where the revision
    /// itself made it.
    pub fn makers_of<'p>(&'p self, row: &'p Row) -> impl DoubleEndedIterator<Item = &'p Maker> {
        row.entry.made_by.iter().filter_map(|id| self.makers.get(id))
    }

    /// Who wrote what happened.
    pub(in crate::site) fn by(&self, happened: &Happened<'_>) -> By {
        self.written_by(happened.revision, happened.rows.iter().copied())
    }

    /// Who wrote some changes of a revision.
    pub(super) fn written_by<'p>(
        &'p self,
        revision: &Revision,
        rows: impl Iterator<Item = &'p Row>,
    ) -> By {
        if !revision.merge {
            return By { writers: revision.author.clone(), merger: String::new() };
        }
        let mut writers: Vec<String> = Vec::new();
        for row in rows.filter(|row| row.entry.direct) {
            let of_merge = row.entry.made_by.contains(&row.entry.commit);
            let of_merge = of_merge.then(|| revision.author.clone());
            let wrote = self.makers_of(row).map(|maker| maker.author.clone()).rev().chain(of_merge);
            for author in wrote {
                if !writers.contains(&author) {
                    writers.push(author);
                }
            }
        }
        let own = matches!(writers.as_slice(), [one] if *one == revision.author);
        let merger = if own { String::new() } else { revision.author.clone() };
        By { writers: list_of(&writers), merger }
    }
}
