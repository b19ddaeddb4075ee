//! Whether a repository tells its history otherwise than its commits record it.

use super::{GitError, Repository};

impl Repository {
    /// How many objects have another one in their place by `git replace`; none of these is read.
    pub fn replaced(&self) -> Result<usize, GitError> {
        let action = "list what was replaced";
        let references = self.inner.references().map_err(|error| GitError::git(action, &error))?;
        let replaced =
            references.prefixed("refs/replace/").map_err(|error| GitError::git(action, &error))?;
        Ok(replaced.count())
    }

    /// Whether there is a file of grafts; it is not read.
    pub fn has_grafts(&self) -> bool {
        self.common_dir().join("info/grafts").is_file()
    }
}
