//! Where a model is: a folder on disk, in a repository or without one.

use crate::document::Limits;
use crate::git::{self, Commit, GitError, Repository};
use crate::source::{RawContent, RawFile};
use std::path::{Path, PathBuf};

/// A revision of a model, or a state that is not committed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// A commit.
    Commit(Box<Commit>),
    /// What is staged.
    Index,
    /// What is on disk.
    WorkTree,
    /// Nothing at all: before the first commit.
    Nothing,
}

/// What can be wrong with the world.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Git or the disk.
    #[error(transparent)]
    Git(#[from] GitError),
    /// There is no repository, and the command needs one.
    #[error("`{0}` is not inside a Git repository")]
    NoRepository(PathBuf),
    /// Nothing is where the model should be, on either side.
    #[error("there is no model in `{0}`, neither in the base nor in the head")]
    NoModel(String),
}

impl HistoryError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Git(error) => error.help(),
            Self::NoModel(_) => {
                Some("name the folder that holds it with `--model`, from where you are".to_owned())
            }
            Self::NoRepository(_) => {
                Some("run this inside a repository, or try `opmodel demo` to see one".to_owned())
            }
        }
    }
}

/// A model's folder, and the repository it is in.
pub struct Workspace {
    /// The repository, where there is one.
    repository: Option<Repository>,
    /// The folder paths are relative to: the work tree's root, or the current folder.
    root: PathBuf,
    /// The model's folder below the root, with `/` between parts; empty for the root itself.
    pub folder: String,
    /// How large things may be.
    pub limits: Limits,
}

impl Workspace {
    /// The model seen from a folder: `model` there, else `model` at the repository's root; or the
    /// folder that was named, relative to where the command runs.
    ///
    /// # Errors
    /// A repository that is there and cannot be opened.
    pub fn find(start: &Path, named: Option<&str>) -> Result<Self, HistoryError> {
        let repository = Repository::discover(start)?;
        let work_dir = repository.as_ref().and_then(Repository::work_dir).map(Path::to_path_buf);
        let prefix = repository.as_ref().and_then(|repository| repository.prefix(start));
        let root = work_dir.unwrap_or_else(|| start.to_path_buf());
        let prefix = prefix.unwrap_or_default();
        let (root, folder) = match named {
            Some(named) if Path::new(named).is_absolute() => {
                let named = Path::new(named);
                let full = named.canonicalize().unwrap_or_else(|_| named.to_path_buf());
                return Self::absolute(repository, &root, &full);
            }
            Some(named) => (root, joined(&prefix, named)),
            None if !prefix.is_empty() && start.join("model").is_dir() => {
                (root, joined(&prefix, "model"))
            }
            None => (root, "model".to_owned()),
        };
        if repository.is_some() && folder.split('/').next() == Some("..") {
            return Err(GitError::BadFolder { folder }.into());
        }
        let limits = Limits::default();
        Ok(Self { repository, root, folder, limits })
    }

    /// A folder named by its whole path; without a repository it is a root of its own.
    fn absolute(
        repository: Option<Repository>,
        root: &Path,
        named: &Path,
    ) -> Result<Self, HistoryError> {
        let limits = Limits::default();
        let below = root.canonicalize().ok().and_then(|root| {
            let below = named.strip_prefix(root).ok()?;
            Some(below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
        });
        match (below, repository) {
            (Some(folder), repository) => {
                Ok(Self { repository, root: root.to_path_buf(), folder, limits })
            }
            (None, None) => {
                let folder = String::new();
                Ok(Self { repository: None, root: named.to_path_buf(), folder, limits })
            }
            (None, Some(_)) => {
                let folder = named.to_string_lossy().into_owned();
                Err(GitError::BadFolder { folder }.into())
            }
        }
    }

    /// The same with large caches, for reading many commits.
    #[must_use]
    pub fn for_walking(&self) -> Self {
        Self {
            repository: self.repository.as_ref().map(Repository::for_walking),
            root: self.root.clone(),
            folder: self.folder.clone(),
            limits: self.limits,
        }
    }

    /// The repository.
    ///
    /// # Errors
    /// There is none.
    pub fn repository(&self) -> Result<&Repository, HistoryError> {
        self.repository.as_ref().ok_or_else(|| HistoryError::NoRepository(self.root.clone()))
    }

    /// The repository, where there is one.
    pub fn maybe_repository(&self) -> Option<&Repository> {
        self.repository.as_ref()
    }

    /// The folder paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What two revisions would be together: a workspace that sees the merge, a revision that stands
    /// for it, and the paths of the model that cannot be merged without a decision.
    ///
    /// # Errors
    /// They share no history, or the repository does not give it.
    pub fn merged(&self, ours: &Commit, theirs: &Commit) -> Result<Merged, HistoryError> {
        let merge = self.repository()?.merge(ours, theirs)?;
        let workspace = Self {
            repository: Some(merge.repository),
            root: self.root.clone(),
            folder: self.folder.clone(),
            limits: self.limits,
        };
        let mut conflicts = merge.conflicts;
        conflicts.retain(|path| is_below(path, &self.folder));
        let commit = Commit { tree: merge.tree, ..theirs.clone() };
        Ok(Merged { workspace, commit, conflicts })
    }

    /// Whether there is any model file in a commit.
    ///
    /// # Errors
    /// The repository does not give its trees.
    pub fn has_files(&self, commit: &Commit) -> Result<bool, HistoryError> {
        let repository = self.repository()?;
        let Some(tree) = repository.folder_tree(commit.tree, &self.folder)? else {
            return Ok(false);
        };
        // Most models have a file at the top.
        Ok(!repository.files_directly_in(tree, &self.folder)?.is_empty()
            || !repository.tree_files(commit.tree, &self.folder)?.is_empty())
    }

    /// Whether there is any file of the model in a state.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn has_model(&self, at: &At) -> Result<bool, HistoryError> {
        match at {
            At::Commit(commit) => self.has_files(commit),
            At::Nothing => Ok(false),
            At::WorkTree | At::Index => Ok(!self.files(at)?.is_empty()),
        }
    }

    /// The folder as people name it.
    pub fn folder_name(&self) -> &str {
        if self.folder.is_empty() { "." } else { &self.folder }
    }

    /// The folder in which approvals are written down, beside the model's; hidden inside it where
    /// the model is all there is.
    pub fn ledger_folder(&self) -> String {
        match self.folder.rsplit_once('/') {
            Some((parent, _)) => format!("{parent}/approvals"),
            None if self.folder.is_empty() => ".approvals".to_owned(),
            None => "approvals".to_owned(),
        }
    }

    /// The files of the ledger at a revision.
    ///
    /// # Errors
    /// The repository or the disk does not give them.
    pub fn ledger(&self, at: &At) -> Result<Vec<RawFile>, HistoryError> {
        self.files_below(&self.ledger_folder(), at)
    }

    /// All model files of a revision.
    ///
    /// # Errors
    /// The repository or the disk does not give them.
    pub fn files(&self, at: &At) -> Result<Vec<RawFile>, HistoryError> {
        self.files_below(&self.folder, at)
    }

    fn files_below(&self, folder: &str, at: &At) -> Result<Vec<RawFile>, HistoryError> {
        let limit = self.limits.file_bytes;
        match at {
            At::Nothing => Ok(Vec::new()),
            At::WorkTree => {
                if self
                    .repository
                    .as_ref()
                    .is_some_and(|repository| repository.work_dir().is_none())
                {
                    return Err(GitError::NoWorkTree.into());
                }
                Ok(git::work_files(&self.root, folder, limit)?)
            }
            At::Commit(commit) => Ok(self.repository()?.snapshot(commit, folder, limit)?.files),
            At::Index => {
                let repository = self.repository()?;
                let index = repository.index_files(folder)?;
                let mut files = Vec::new();
                for file in &index.files {
                    files.push(repository.read(file, limit)?);
                }
                files.extend(index.conflicts.into_iter().map(in_conflict));
                files.sort_by(|a, b| a.path.cmp(&b.path));
                Ok(files)
            }
        }
    }
}

/// Two revisions together.
pub struct Merged {
    /// A workspace that sees the merge.
    pub workspace: Workspace,
    /// Stands for the merge in it: the second revision, with the tree of both.
    pub commit: Commit,
    /// The paths of the model that cannot be merged without a decision.
    pub conflicts: Vec<String>,
}

/// Whether a path lies in a folder; an empty folder is the root.
fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// A path that a merge left open in the index.
pub(super) fn in_conflict(path: String) -> RawFile {
    let reason = "a merge left it in conflict; nothing of it is staged yet".to_owned();
    RawFile { path, content: RawContent::Unreadable(reason) }
}

/// A folder name relative to a prefix, `.` and `..` resolved as far as they stay inside.
fn joined(prefix: &str, named: &str) -> String {
    let mut parts: Vec<&str> = prefix.split('/').filter(|part| !part.is_empty()).collect();
    for part in named.split(['/', std::path::MAIN_SEPARATOR]) {
        match part {
            "" | "." => {}
            // What leads out stays visible, and is refused.
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_from_where_the_command_runs() {
        assert_eq!(joined("", "model/"), "model");
        assert_eq!(joined("a/b", "../model"), "a/model");
        assert_eq!(joined("a", "."), "a");
        assert_eq!(joined("", "../x"), "../x");
    }
}
