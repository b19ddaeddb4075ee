//! Since when an entity means what it means.

use super::steps::{LogFilter, Steps};
use super::workspace::{HistoryError, Workspace};
use crate::change::{Change, ChangeSet};
use crate::git::{Commit, WalkOptions};
use crate::model::Pattern;

/// The commit that last changed an entity's meaning, and what it changed.
#[derive(Debug)]
pub struct Introduced {
    /// The commit.
    pub commit: std::sync::Arc<Commit>,
    /// Its changes of the entity, those of form left out.
    pub changes: Vec<Change>,
}

/// The newest commit up to `tip` that changed what an address means; none where the history that
/// was fetched does not say.
///
/// # Errors
/// The repository does not give what is asked of it.
pub fn last_change(
    workspace: &Workspace,
    tip: &Commit,
    address: &str,
) -> Result<Option<Introduced>, HistoryError> {
    let filter = LogFilter { addresses: vec![Pattern::new(address)], ..LogFilter::default() };
    let steps = Steps::new(workspace, filter, false)?.by_form().remembering(false);
    let options = WalkOptions { tips: vec![tip.id], ..WalkOptions::default() };
    for step in steps.walk(&options) {
        let step = step?;
        let ChangeSet { mut changes, .. } = step.changes;
        changes.retain(|change| !change.is_cosmetic());
        if !changes.is_empty() {
            return Ok(Some(Introduced { commit: step.commit, changes }));
        }
    }
    Ok(None)
}
