//! The branches of a repository, its own and those of its remotes.

use super::{GitError, ObjectId, Repository};

impl Repository {
    /// The branches with the commit each stands on, by name; the branches of remotes as `origin/name`.
    ///
    /// # Errors
    /// The references cannot be read.
    pub fn branches(&self) -> Result<Vec<(String, ObjectId)>, GitError> {
        let action = "read the branches";
        let platform = self.inner.references().map_err(|error| GitError::git(action, &error))?;
        let lists = [platform.local_branches(), platform.remote_branches()];
        let mut found = Vec::new();
        for list in lists {
            let list = list.map_err(|error| GitError::git(action, &error))?;
            for branch in list.filter_map(Result::ok) {
                // A branch that only points at another is not one of its own.
                let id = branch.target().try_id().map(|id| ObjectId::from(id.to_owned()));
                let Some(id) = id else { continue };
                found.push((branch.name().shorten().to_string(), id));
            }
        }
        found.sort();
        Ok(found)
    }
}
