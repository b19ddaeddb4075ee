//! A merge that takes one side as it is although the other changed the model: what the other changed is
//! undone, and nobody said so but the merge.

use super::workspace::Workspace;
use crate::git::{ChangedFile, Commit, GitError, ObjectId, Repository};
use crate::load;
use crate::model::Address;
use std::collections::BTreeSet;

/// What Git would have made of both sides, where somebody made one of them of it by hand.
pub(super) struct Undone {
    /// A repository that has it in its memory.
    pub(super) repository: Repository,
    /// The folder as it would be.
    folder: Option<ObjectId>,
    /// The folder as it is on both sides.
    sides: [Option<ObjectId>; 2],
    /// The files of which somebody had to decide: of these the merge says nothing by itself.
    conflicts: BTreeSet<String>,
}

/// The folder's trees in a merge and its two parents.
#[derive(Clone, Copy)]
pub(super) struct Folders {
    pub(super) merge: Option<ObjectId>,
    pub(super) parents: [Option<ObjectId>; 2],
}

impl Undone {
    /// What would have come of two commits; none where the merge is no such one, or that cannot be
    /// known.
    ///
    /// # Errors
    /// The repository is damaged.
    pub(super) fn of(
        workspace: &Workspace,
        repository: &Repository,
        parents: [ObjectId; 2],
        folders: Folders,
    ) -> Result<Option<Self>, GitError> {
        let Folders { merge, parents: [one, other] } = folders;
        if one == other || (merge != one && merge != other) {
            return Ok(None);
        }
        match Self::found(workspace, repository, parents, folders) {
            Err(
                GitError::NoMergeBase { .. }
                | GitError::Shallow { .. }
                | GitError::MissingObject { .. }
                | GitError::PartialClone { .. },
            ) => Ok(None),
            found => found,
        }
    }

    fn found(
        workspace: &Workspace,
        repository: &Repository,
        [ours, theirs]: [ObjectId; 2],
        folders: Folders,
    ) -> Result<Option<Self>, GitError> {
        let folder = &workspace.folder;
        let in_base = |base: &Commit| repository.folder_tree(base.tree, folder);
        let base = repository.merge_base(ours, theirs)?;
        let base = base.as_ref().map(in_base).transpose()?.flatten();
        let dropped = folders.parents.into_iter().find(|side| *side != folders.merge).flatten();
        if dropped == base {
            return Ok(None);
        }
        if folders.merge == base {
            let (repository, conflicts) = (repository.clone(), BTreeSet::new());
            let sides = folders.parents;
            return Ok(Some(Self { repository, folder: dropped, sides, conflicts }));
        }
        let (ours, theirs) = (repository.commit(ours)?, repository.commit(theirs)?);
        let merge = repository.merge(&ours, &theirs)?;
        let merged = merge.repository.folder_tree(merge.tree, folder)?;
        let conflicts = merge.conflicts.into_iter().collect();
        let sides = folders.parents;
        Ok(Some(Self { repository: merge.repository, folder: merged, sides, conflicts }))
    }

    /// The files that the merge has otherwise.
    ///
    /// # Errors
    /// The repository does not give what is asked of it.
    pub(super) fn changed(
        &self,
        workspace: &Workspace,
        merge: Option<ObjectId>,
    ) -> Result<Vec<ChangedFile>, GitError> {
        let mut changed =
            self.repository.changed_in_folder(self.folder, merge, &workspace.folder)?;
        changed.retain(|file| !self.conflicts.contains(&file.path));
        Ok(changed)
    }

    /// What a file that somebody had to decide declares on either side: one that moved to or from another
    /// file is not gone from there, or new, by the merge.
    ///
    /// # Errors
    /// The repository does not give what is asked of it.
    pub(super) fn decided(&self, workspace: &Workspace) -> Result<BTreeSet<Address>, GitError> {
        if self.conflicts.is_empty() {
            return Ok(BTreeSet::new());
        }
        let [one, other] = self.sides;
        let mut decided = BTreeSet::new();
        for file in self.repository.changed_in_folder(one, other, &workspace.folder)? {
            if !self.conflicts.contains(&file.path) {
                continue;
            }
            for side in file.before.iter().chain(&file.after) {
                let file = self.repository.read(side, workspace.limits.file_bytes)?;
                let read = load::read(vec![file], workspace.limits);
                decided.extend(read.model.into_entities().map(|entity| entity.address));
            }
        }
        Ok(decided)
    }
}
