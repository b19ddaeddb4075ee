//! The policy in force at a commit, and the levels that it gives to changes.

use super::Reader;
use crate::change::{ChangeSet, Policies};
use crate::git::{Commit, ObjectId};
use crate::history::HistoryError;
use crate::history::pair::POLICY;
use crate::load;

impl Reader {
    /// Gives changes the levels of the policy in force at a commit.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn weigh(&mut self, changes: &mut ChangeSet, by: &Commit) -> Result<(), HistoryError> {
        let folder = self.folder(by.tree)?;
        changes.weigh(self.policies_at(folder)?);
        Ok(())
    }

    /// The policy in force at a tree of the folder.
    pub(super) fn policies_at(
        &mut self,
        folder: Option<ObjectId>,
    ) -> Result<&Policies, HistoryError> {
        let files = match folder {
            Some(tree) => self.repository.files_directly_in(tree, &self.workspace.folder)?,
            None => Vec::new(),
        };
        if files != self.policies.0 {
            let mut read = Vec::new();
            for file in &files {
                let file = self.version(file)?.file();
                if file.may_mention(POLICY) {
                    read.push(file);
                }
            }
            self.policies = (files, Policies::of(&load::read(read, self.workspace.limits).model));
        }
        Ok(&self.policies.1)
    }
}
