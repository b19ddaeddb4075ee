//! How the work tree differs from a commit, without reading what the index proves unchanged.

use super::disk::{Found, FoundKind, list};
use super::index::sparse_folder;
use super::{Commit, FileMode, GitError, ObjectId, Repository, TreeFile};
use crate::source::{RawContent, RawFile};
use gix::bstr::ByteSlice;
use gix::index::entry::{Flags, Stage};
use std::collections::BTreeMap;

/// A model file that differs between a commit and the work tree; at least one side is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkChange {
    /// Path below the root of the repository.
    pub path: String,
    /// The file in the commit, unless it is new.
    pub before: Option<TreeFile>,
    /// The file on disk, unless it is gone.
    pub after: Option<RawFile>,
}

impl Repository {
    /// The model files below `folder` that differ between a commit and the work tree, by path;
    /// without a commit, all of them are new. Files that Git does not know yet are among them.
    pub fn work_changes(
        &self,
        base: Option<&Commit>,
        folder: &str,
        limit: u64,
    ) -> Result<Vec<WorkChange>, GitError> {
        let root = self.work_dir().ok_or(GitError::NoWorkTree)?;
        let proof = Proof::new(self)?;
        let mut recorded = BTreeMap::new();
        if let Some(base) = base {
            let files = self.tree_files(base.tree, folder)?;
            recorded.extend(files.into_iter().map(|file| (file.path.clone(), file)));
        }
        let mut changes = Vec::new();
        for found in list(root, folder)? {
            let before = recorded.remove(&found.path);
            if before.is_none() && matches!(found.kind, FoundKind::FolderLink) {
                continue;
            }
            if before.as_ref().is_some_and(|before| proof.is_untouched(&found, before)) {
                continue;
            }
            let path = found.path.clone();
            let after = found.read(limit);
            if before.as_ref().is_some_and(|before| proof.same_content(before, &after.content)) {
                continue;
            }
            changes.push(WorkChange { path, before, after: Some(after) });
        }
        let gone = recorded.into_values().filter(|before| !proof.is_left_out(before));
        changes.extend(gone.map(|before| WorkChange {
            path: before.path.clone(),
            before: Some(before),
            after: None,
        }));
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }

    /// How many model files below `folder` Git was told not to check out (a sparse checkout).
    pub fn left_out(&self, folder: &str) -> Result<usize, GitError> {
        if self.inner.config_snapshot().boolean("core.sparseCheckout") != Some(true) {
            return Ok(0);
        }
        let proof = Proof::new(self)?;
        let files = self.index_files(folder)?.files;
        Ok(files.iter().filter(|file| proof.is_left_out(file)).count())
    }
}

/// What proves that a file on disk is the recorded one.
struct Proof {
    index: Option<gix::worktree::Index>,
    stat: gix::index::entry::stat::Options,
    converts_line_ends: bool,
    links_as_files: bool,
}

impl Proof {
    fn new(repository: &Repository) -> Result<Self, GitError> {
        let config = repository.inner.config_snapshot();
        let converts = config.string("core.autocrlf").map(|value| value.to_ascii_lowercase());
        Ok(Self {
            index: repository.index()?,
            stat: repository.inner.stat_options().unwrap_or_default(),
            converts_line_ends: converts.is_some_and(|value| {
                matches!(value.as_slice(), b"true" | b"input" | b"yes" | b"on" | b"1")
            }),
            links_as_files: config.boolean("core.symlinks") == Some(false),
        })
    }

    fn entry(&self, path: &str) -> Option<&gix::index::Entry> {
        let path = path.as_bytes().as_bstr();
        self.index.as_ref()?.entry_by_path_and_stage(path, Stage::Unconflicted)
    }

    /// Whether size, times and inode are those Git noted when it last saw this content.
    fn is_untouched(&self, found: &Found, before: &TreeFile) -> bool {
        let Some(index) = &self.index else { return false };
        let Some(entry) = self.entry(&before.path) else { return false };
        if ObjectId::from(entry.id) != before.id
            || !matches!(found.kind, FoundKind::File | FoundKind::Link)
        {
            return false;
        }
        let Ok(metadata) = gix::index::fs::Metadata::from_path_no_follow(&found.place) else {
            return false;
        };
        let same_kind = metadata.is_symlink() == (before.mode == FileMode::Symlink);
        let Ok(stat) = gix::index::entry::Stat::from_fs(&metadata) else { return false };
        same_kind
            && entry.stat.matches(&stat, self.stat)
            && !entry.stat.is_racy(index.timestamp(), self.stat)
    }

    /// Whether what was read hashes to the recorded content.
    fn same_content(&self, before: &TreeFile, content: &RawContent) -> bool {
        match (before.mode, content) {
            (FileMode::File, RawContent::Bytes(bytes)) => {
                is_blob(before.id, bytes)
                    || (self.converts_line_ends && is_blob(before.id, &bytes.replace("\r\n", "\n")))
            }
            (FileMode::Symlink, RawContent::Bytes(bytes)) => {
                self.links_as_files && is_blob(before.id, bytes)
            }
            (FileMode::Symlink, RawContent::Symlink(target)) => {
                is_blob(before.id, target.as_bytes())
            }
            _ => false,
        }
    }

    /// Whether Git was told not to check the file out (a sparse checkout).
    fn is_left_out(&self, file: &TreeFile) -> bool {
        match self.entry(&file.path) {
            Some(entry) => entry.flags.contains(Flags::SKIP_WORKTREE),
            None => self.index.as_ref().is_some_and(|index| is_in_sparse_folder(index, &file.path)),
        }
    }
}

/// Whether a sparse index holds a folder of the path unopened.
fn is_in_sparse_folder(index: &gix::index::State, path: &str) -> bool {
    path.match_indices('/')
        .any(|(at, _)| path.get(..=at).is_some_and(|folder| sparse_folder(index, folder).is_some()))
}

fn is_blob(id: ObjectId, bytes: &[u8]) -> bool {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, bytes)
        .is_ok_and(|hash| ObjectId::from(hash) == id)
}
