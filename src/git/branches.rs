//! The branches of a repository, its own and those of its remotes, and its tags.

use super::{Commit, GitError, ObjectId, Repository};

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

    /// The tags that stand for a commit which is here, by name.
    ///
    /// # Errors
    /// The references cannot be read.
    pub fn tags(&self) -> Result<Vec<(String, Commit)>, GitError> {
        let action = "read the tags";
        let platform = self.inner.references().map_err(|error| GitError::git(action, &error))?;
        let tags = platform.tags().map_err(|error| GitError::git(action, &error))?;
        let mut found: Vec<(String, Commit)> = tags
            .filter_map(Result::ok)
            .filter_map(|tag| {
                let commit = self.resolve(&tag.name().as_bstr().to_string()).ok()?;
                Some((tag.name().shorten().to_string(), commit))
            })
            .collect();
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found)
    }
}
