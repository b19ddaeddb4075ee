//! What is staged: the index of the work tree.

use super::tree::{Listing, file_mode, folder_prefix, is_model_path};
use super::{ChangedFile, Commit, FileMode, GitError, ObjectId, Repository, TreeFile};
use gix::bstr::ByteSlice;
use gix::index::entry::{Flags, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// The model files that are staged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexFiles {
    /// The files, by path; those in conflict are not among them.
    pub files: Vec<TreeFile>,
    /// The paths that a merge left in conflict, sorted.
    pub conflicts: Vec<String>,
}

/// What is staged against a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexChanges {
    /// The files that differ, by path; those in conflict are not among them.
    pub changes: Vec<ChangedFile>,
    /// The paths that a merge left in conflict, sorted.
    pub conflicts: Vec<String>,
}

impl Repository {
    /// The model files below `folder` that are staged.
    pub fn index_files(&self, folder: &str) -> Result<IndexFiles, GitError> {
        if self.is_bare() {
            return Err(GitError::NoWorkTree);
        }
        let Some(index) = self.index()? else { return Ok(IndexFiles::default()) };
        let prefix = folder_prefix(folder);
        let mut listing = Listing::new(self, folder);
        let mut conflicts = BTreeSet::new();
        if let Some((tree, rest)) = sparse_parent(&index, &prefix)
            && let Some(tree) = self.folder_tree(tree, rest)?
        {
            listing.add(tree, &prefix)?;
        }
        for entry in index.prefixed_entries(prefix.as_bytes().as_bstr()).unwrap_or_default() {
            let path = entry.path(&index).to_str_lossy();
            let Some(below) = path.strip_prefix(&prefix) else { continue };
            if entry.mode.is_sparse() {
                if !below.split('/').any(|part| part.starts_with('.')) {
                    listing.add(entry.id.into(), &path)?;
                }
                continue;
            }
            if !is_model_path(below) || entry.flags.contains(Flags::INTENT_TO_ADD) {
                continue;
            }
            if entry.stage() != Stage::Unconflicted {
                conflicts.insert(path.into_owned());
            } else if let Some(mode) = index_mode(entry.mode) {
                listing.push(TreeFile { path: path.into_owned(), id: entry.id.into(), mode })?;
            }
        }
        Ok(IndexFiles { files: listing.sorted(), conflicts: conflicts.into_iter().collect() })
    }

    /// The model files below `folder` that are staged and differ from a commit; without a commit,
    /// all of them are new.
    pub fn staged_changes(
        &self,
        base: Option<&Commit>,
        folder: &str,
    ) -> Result<IndexChanges, GitError> {
        let IndexFiles { files, conflicts } = self.index_files(folder)?;
        let base = match base {
            Some(base) => self.tree_files(base.tree, folder)?,
            None => Vec::new(),
        };
        let mut pairs: BTreeMap<String, (Option<TreeFile>, Option<TreeFile>)> = BTreeMap::new();
        for file in base {
            let path = file.path.clone();
            pairs.entry(path).or_default().0 = Some(file);
        }
        for file in files {
            let path = file.path.clone();
            pairs.entry(path).or_default().1 = Some(file);
        }
        let changes = pairs
            .into_iter()
            .filter(|(path, (before, after))| {
                before != after && conflicts.binary_search(path).is_err()
            })
            .map(|(path, (before, after))| ChangedFile { path, before, after })
            .collect();
        Ok(IndexChanges { changes, conflicts })
    }

    pub(super) fn index(&self) -> Result<Option<gix::worktree::Index>, GitError> {
        self.inner.try_index().map_err(|error| GitError::git("read the index", &error))
    }
}

/// The folder of a sparse index that holds `prefix` unopened, and the way from there.
fn sparse_parent<'a>(index: &gix::index::State, prefix: &'a str) -> Option<(ObjectId, &'a str)> {
    let below = prefix.strip_suffix('/')?;
    below.match_indices('/').find_map(|(at, _)| {
        let entry = sparse_folder(index, prefix.get(..=at)?)?;
        Some((entry.id.into(), prefix.get(at + 1..)?))
    })
}

/// The entry of a folder that a sparse index holds unopened; its path ends in `/`.
pub(super) fn sparse_folder<'a>(
    index: &'a gix::index::State,
    folder: &str,
) -> Option<&'a gix::index::Entry> {
    let entry = index.is_sparse().then(|| index.entry_by_path(folder.as_bytes().as_bstr()))?;
    entry.filter(|entry| entry.mode.is_sparse())
}

fn index_mode(mode: gix::index::entry::Mode) -> Option<FileMode> {
    file_mode(mode.to_tree_entry_mode()?.kind())
}
