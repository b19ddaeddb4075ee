//! Changes that were found by form, told as `log` tells them: by what is proved of them for all records
//! there can be, as of their commit.

use super::reader::{Depth, Reader};
use super::workspace::{HistoryError, Workspace};
use crate::change::Change;
use crate::git::{Commit, ObjectId};
use crate::proof::DEFAULT_BUDGET;
use std::sync::Arc;

/// Whoever asks what was proved of a few commits.
pub(super) struct Proved {
    reader: Reader,
    first_parent: bool,
    /// The commit that was asked for last, and its changes.
    last: Option<(ObjectId, Vec<Change>)>,
}

impl Proved {
    /// Compares commits with their first parents alone, or with all of them.
    pub(super) fn new(workspace: &Workspace, first_parent: bool) -> Result<Self, HistoryError> {
        Ok(Self { reader: Reader::new(workspace)?, first_parent, last: None })
    }

    /// The same changes of a commit, as far as they are among its changes of meaning.
    pub(super) fn told(
        &mut self,
        commit: &Commit,
        changes: Vec<Change>,
    ) -> Result<Vec<Change>, HistoryError> {
        if changes.is_empty() {
            return Ok(changes);
        }
        let all = match &self.last {
            Some((id, all)) if *id == commit.id => all,
            _ => {
                let depth = Depth::Written(DEFAULT_BUDGET);
                let step = self.reader.step(Arc::new(commit.clone()), depth, self.first_parent)?;
                &self.last.insert((commit.id, step.changes.changes)).1
            }
        };
        let is_same = |one: &Change, other: &Change| {
            (&one.address, &one.previous) == (&other.address, &other.previous)
                && (&one.before, &one.after) == (&other.before, &other.after)
        };
        let meant = |change: &Change| {
            all.iter().find(|other| !other.is_cosmetic() && is_same(change, other)).cloned()
        };
        Ok(changes.into_iter().map(|change| meant(&change).unwrap_or(change)).collect())
    }
}
