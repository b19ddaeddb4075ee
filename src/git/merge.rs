//! Two commits merged in memory: what would be there, without anything being written.

use super::{Commit, GitError, ObjectId, Repository};
use gix::bstr::{BStr, ByteSlice};
use gix::merge::blob::builtin_driver::text::Labels;
use gix::merge::tree::TreatAsUnresolved;

/// The merge of two commits.
pub struct Merge {
    /// A repository in whose memory the merge is; the one on disk knows nothing of it.
    pub repository: Repository,
    /// The tree that came of it. A file with a conflict has both sides in it, between markers.
    pub tree: ObjectId,
    /// The paths that cannot be merged without a decision, sorted.
    pub conflicts: Vec<String>,
}

impl Repository {
    /// Merges two commits in memory, as Git would.
    ///
    /// Merge drivers that the configuration names are not run: they are programs of someone else.
    ///
    /// # Errors
    /// The commits share no history, or it is not all there.
    pub fn merge(&self, ours: &Commit, theirs: &Commit) -> Result<Merge, GitError> {
        let failed = |error: gix::Error| GitError::git("merge the two revisions", &error);
        if self.merge_bases(ours.id, theirs.id)?.is_empty() {
            let (left, right) = (ours.id.short(), theirs.id.short());
            return Err(GitError::NoMergeBase { left, right });
        }
        if self.merge_is_too_deep(ours.id, theirs.id)? {
            let action = "merge the two revisions";
            let reason = "their histories cross each other too often".to_owned();
            return Err(GitError::Git { action, reason });
        }
        let mut repository = self.for_walking();
        repository.inner = repository.inner.with_object_memory();
        without_drivers(&mut repository.inner);
        let (tree, conflicts) = {
            let options = repository.inner.tree_merge_options().map_err(failed)?;
            let label = |commit: &Commit| commit.id.short();
            let (ours_label, theirs_label) = (label(ours), label(theirs));
            let labels = Labels {
                ancestor: None,
                current: Some(BStr::new(&ours_label)),
                other: Some(BStr::new(&theirs_label)),
            };
            let outcome = repository
                .inner
                .merge_commits(ours.id, theirs.id, labels, options.into())
                .map_err(failed)?;
            let mut merged = outcome.tree_merge;
            let open =
                merged.conflicts.iter().filter(|c| c.is_unresolved(TreatAsUnresolved::git()));
            let mut conflicts: Vec<String> =
                open.map(|conflict| conflict.ours.location().to_str_lossy().into_owned()).collect();
            conflicts.sort();
            conflicts.dedup();
            let tree: ObjectId = merged.tree.write().map_err(failed)?.detach().into();
            (tree, conflicts)
        };
        Ok(Merge { repository, tree, conflicts })
    }
}

impl Repository {
    /// Whether the bases of two commits have to be merged themselves, and their bases again, more often
    /// than anybody needs.
    fn merge_is_too_deep(&self, ours: ObjectId, theirs: ObjectId) -> Result<bool, GitError> {
        let mut bases = self.merge_bases(ours, theirs)?;
        for _ in 0..DEEPEST_MERGE {
            let [one, other, ..] = bases.as_slice() else { return Ok(false) };
            bases = self.merge_bases(*one, *other)?;
        }
        Ok(true)
    }
}

/// Bases of bases are merged this often.
const DEEPEST_MERGE: usize = 64;

/// Forgets the merge drivers of the configuration, in memory.
fn without_drivers(repository: &mut gix::Repository) {
    let mut config = repository.config_snapshot_mut();
    let drivers: Vec<_> = config
        .sections_and_ids_by_name("merge")
        .map(|sections| sections.map(|(_, id)| id).collect())
        .unwrap_or_default();
    for id in drivers {
        config.remove_section_by_id(id);
    }
}
