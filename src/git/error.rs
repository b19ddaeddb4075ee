//! What can be wrong with the world of Git and disk, in words for people who run operations.

use super::ObjectId;
use std::io;
use std::path::{Path, PathBuf};

/// A repository or a disk that does not give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository at the path.
    #[error("`{}` is not a Git repository", .path.display())]
    NotARepository {
        /// The path as given.
        path: PathBuf,
    },
    /// The environment names something that is not what it should be.
    #[error("`{name}` is set in the environment, and `{}` is not {is_not}", .path.display())]
    Environment {
        /// The variable.
        name: &'static str,
        /// What it names.
        path: PathBuf,
        /// What should be there.
        is_not: &'static str,
    },
    /// The repository is there and cannot be opened.
    #[error("the Git repository at `{}` cannot be opened: {reason}", .path.display())]
    Open {
        /// The path as given.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The repository names its objects by SHA-256.
    #[error("the Git repository at `{}` uses SHA-256 object names, which are not supported", .path.display())]
    Sha256 {
        /// The path as given.
        path: PathBuf,
    },
    /// The repository keeps branches and tags in a way of its own.
    #[error("the Git repository at `{}` keeps its references as `{storage}`, which is not supported", .path.display())]
    References {
        /// Where it is.
        path: PathBuf,
        /// The way it keeps them.
        storage: String,
    },
    /// A bare repository was asked for files of its work tree or its index.
    #[error("this repository is bare: it has no work tree and nothing staged")]
    NoWorkTree,
    /// The branch exists in name only.
    #[error("branch `{branch}` has no commit yet")]
    Unborn {
        /// The branch `HEAD` stands on.
        branch: String,
    },
    /// Nothing has that name.
    #[error("there is no revision `{spec}`")]
    UnknownRevision {
        /// The revision as written.
        spec: String,
        /// A branch or tag that was probably meant.
        near: Option<String>,
        /// Whether the repository is a shallow clone, which could be why.
        shallow: bool,
    },
    /// The revision is written wrongly or asks for something that is not there.
    #[error("revision `{spec}` cannot be resolved: {reason}")]
    BadRevision {
        /// The revision as written.
        spec: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An abbreviation fits several objects.
    #[error("`{spec}` is short for more than one object: {}", candidates.join(", "))]
    Ambiguous {
        /// The abbreviation as written.
        spec: String,
        /// The objects it fits, each with a few words.
        candidates: Vec<String>,
    },
    /// The revision names a file or folder.
    #[error("`{spec}` is a {kind}, not a commit")]
    NotACommit {
        /// The revision as written.
        spec: String,
        /// What it is.
        kind: String,
    },
    /// The two commits share no history.
    #[error("`{left}` and `{right}` have no commit in common")]
    NoMergeBase {
        /// One commit.
        left: String,
        /// The other.
        right: String,
    },
    /// The history is needed beyond the point where a shallow clone ends.
    #[error("{wanted} lies beyond the history that was fetched: this is a shallow clone")]
    Shallow {
        /// What was asked for.
        wanted: String,
    },
    /// The object was left out by a filter.
    #[error("object {id} was not fetched: this is a partial clone")]
    PartialClone {
        /// The object that is not here.
        id: ObjectId,
    },
    /// The object should be here.
    #[error("object {id} is missing from the repository")]
    MissingObject {
        /// The object that is not here.
        id: ObjectId,
    },
    /// The object is here and cannot be read.
    #[error("object {id} is damaged: {reason}")]
    Corrupt {
        /// The object.
        id: ObjectId,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder holds more than any model does.
    #[error("folder `{folder}` holds too much: more than {limit} {what}")]
    TooMuch {
        /// The folder.
        folder: String,
        /// Where reading stopped.
        limit: usize,
        /// What was counted.
        what: &'static str,
    },
    /// The model folder is named by a path that leads out of the repository.
    #[error("`{folder}` is not a folder inside the repository")]
    BadFolder {
        /// The folder as written.
        folder: String,
    },
    /// The disk said no.
    #[error("cannot {action} `{}`: {source}", .path.display())]
    Disk {
        /// What was tried, for example `read`.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A new repository was asked for in a folder that is in use.
    #[error("`{}` exists and is not empty", .path.display())]
    NotEmpty {
        /// The path as given.
        path: PathBuf,
    },
    /// Anything else that went wrong inside Git's files.
    #[error("cannot {action}: {reason}")]
    Git {
        /// What was tried.
        action: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl GitError {
    /// What to do about it, starting with a verb, where there is something to do.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::NotARepository { .. } => "run this inside a Git repository",
            Self::Environment { name, .. } => {
                return Some(format!(
                    "`unset {name}`, where it is left over from a hook or a script"
                ));
            }
            Self::Sha256 { .. } => {
                "use a repository with SHA-1 object names, which is what Git makes by default"
            }
            Self::References { .. } => {
                "`git refs migrate --ref-format=files` turns them into files (Git 2.46 and later)"
            }
            Self::NoWorkTree => "name a revision, for example `HEAD`",
            Self::Unborn { .. } => "commit something first, or check the files on disk",
            Self::UnknownRevision { near: Some(near), .. } => {
                return Some(format!("did you mean `{near}`?"));
            }
            Self::UnknownRevision { shallow: true, .. } => {
                "run `git fetch --unshallow` if it is older than what was fetched; list what is here with `git branch --all` and `git tag`"
            }
            Self::UnknownRevision { .. } => {
                "list what there is with `git branch --all` and `git tag`"
            }
            Self::Ambiguous { .. } => "write more digits",
            Self::NotACommit { .. } => "name a commit, a branch or a tag",
            Self::Shallow { .. } => {
                "run `git fetch --unshallow` (in a build, fetch the whole history: depth 0)"
            }
            Self::PartialClone { .. } => {
                "run `git fetch --refetch --no-filter` to fetch what was left out, or clone without `--filter`"
            }
            Self::MissingObject { .. } | Self::Corrupt { .. } => {
                "run `git fsck` to see what is damaged, or clone the repository anew"
            }
            Self::TooMuch { .. } => "point the tool at the folder that holds the model",
            Self::NotEmpty { .. } => "choose a folder that does not exist yet",
            Self::BadFolder { .. } => "name a folder below the root of the repository",
            Self::BadRevision { .. }
            | Self::NoMergeBase { .. }
            | Self::Open { .. }
            | Self::Disk { .. }
            | Self::Git { .. } => return None,
        };
        Some(help.to_owned())
    }

    /// An error of the disk.
    pub(super) fn disk(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Disk { action, path: path.to_owned(), source }
    }

    /// An error of gix that has no variant of its own.
    pub(super) fn git(action: &'static str, error: &gix::Error) -> Self {
        Self::Git { action, reason: reason(error) }
    }
}

/// What gix says went wrong, as one line that fits behind a colon.
pub(super) fn reason(error: &gix::Error) -> String {
    let text = error.probable_cause().to_string();
    let mut text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    if let Some(first) = text.get(0..1).map(str::to_ascii_lowercase)
        && text.chars().nth(1).is_some_and(char::is_lowercase)
    {
        text.replace_range(0..1, &first);
    }
    text
}
