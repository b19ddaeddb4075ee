//! Git repositories and model folders on disk: the only room that names gix.
//!
//! Everything here is read without a `git` binary, without a checkout and without following links;
//! only [`RepositoryBuilder`] writes a repository, and only into a folder of its own.
//!
//! INVARIANT: paths are written with `/` between their parts and are relative to the root of the
//! repository (or to the working folder, where there is no repository). Hidden files and folders
//! (a name that starts with a dot) below the model folder are never part of a model, and neither is
//! anything whose name does not end in `.toml`; the rule is the same for commits, index and disk.

mod ancestry;
mod branches;
mod changed;
mod commit;
mod disk;
mod elsewhere;
mod error;
mod hooks;
mod id;
mod index;
mod intact;
mod journal;
mod mailmap;
mod merge;
mod range;
mod repository;
mod retold;
mod revision;
mod signature;
mod tree;
mod walk;
mod work;
mod write;

pub use ancestry::{Ancestry, Link, Whereabouts};
pub use changed::ChangedFile;
pub use commit::{Commit, CommitTime, Person};
pub use disk::{work_file, work_files};
pub use error::GitError;
pub use hooks::Hooks;
pub use id::ObjectId;
pub use index::{IndexChanges, IndexFiles};
pub use intact::Intact;
pub use journal::Journal;
pub use mailmap::Mailmap;
pub use merge::Merge;
pub use range::Range;
pub use repository::Repository;
pub(crate) use signature::program;
pub use signature::{
    Anchor, Signature, SignatureCheck, SignatureForm, SignatureStatus, SignerLists,
};
pub use tree::{FileMode, Snapshot, TreeFile};
pub use walk::{Walk, WalkOptions, WalkOrder, Waypoint};
pub use work::WorkChange;
pub use write::{NewCommit, RepositoryBuilder};
