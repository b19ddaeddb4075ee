//! Which model files differ between two trees, found without looking into equal folders.

use super::tree::{Listing, damaged, folder_prefix, is_hidden, name_of, tree_file};
use super::{Commit, GitError, ObjectId, Repository, TreeFile};
use gix::objs::TreeRefIter;
use gix::objs::tree::{EntryRef, name_order};
use memchr::memchr;
use std::cmp::Ordering;

/// A model file that differs between two states; at least one side is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Path below the root of the repository.
    pub path: String,
    /// The file before, unless it is new.
    pub before: Option<TreeFile>,
    /// The file after, unless it is gone.
    pub after: Option<TreeFile>,
}

impl Repository {
    /// The model files below `folder` that differ between two commits, by path; without a commit
    /// before, all files are new.
    ///
    /// Renames are not looked for: a moved file is one file gone and one new.
    pub fn changed_files(
        &self,
        before: Option<&Commit>,
        after: &Commit,
        folder: &str,
    ) -> Result<Vec<ChangedFile>, GitError> {
        let before = match before {
            Some(before) if before.tree == after.tree => return Ok(Vec::new()),
            Some(before) => self.folder_tree(before.tree, folder)?,
            None => None,
        };
        self.changed_in_folder(before, self.folder_tree(after.tree, folder)?, folder)
    }

    /// The same for two trees of the folder itself, as [`Repository::folder_tree`] gives them.
    pub fn changed_in_folder(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        folder: &str,
    ) -> Result<Vec<ChangedFile>, GitError> {
        if before == after {
            return Ok(Vec::new());
        }
        let mut comparison = Comparison { repository: self, changed: Vec::new(), open: Vec::new() };
        let mut listing = Listing::new(self, folder);
        comparison.open.push((before, after, folder_prefix(folder)));
        while let Some((before, after, prefix)) = comparison.open.pop() {
            listing.count_folder()?;
            comparison.trees(before, after, &prefix)?;
        }
        comparison.changed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(comparison.changed)
    }
}

/// Pairs of folders still to be compared, and what was found so far.
struct Comparison<'repo> {
    repository: &'repo Repository,
    changed: Vec<ChangedFile>,
    open: Vec<(Option<ObjectId>, Option<ObjectId>, String)>,
}

impl Comparison<'_> {
    /// Compares one folder: both listings are in the same order, so one pass over both will do.
    fn trees(
        &mut self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        prefix: &str,
    ) -> Result<(), GitError> {
        let repository = self.repository;
        let left_tree = before.map(|id| repository.tree_object(id)).transpose()?;
        let right_tree = after.map(|id| repository.tree_object(id)).transpose()?;
        let mut left = left_tree.as_ref().map(|tree| tree.data.as_slice()).unwrap_or_default();
        let mut right = right_tree.as_ref().map(|tree| tree.data.as_slice()).unwrap_or_default();
        loop {
            let same = alike(left, right);
            left = left.get(same..).unwrap_or_default();
            right = right.get(same..).unwrap_or_default();
            let (old, left_rest) = first(left, before)?;
            let (new, right_rest) = first(right, after)?;
            let order = match (&old, &new) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => {
                    name_order(old.filename, old.mode.is_tree(), new.filename, new.mode.is_tree())
                }
            };
            self.pair(old.filter(|_| order.is_le()), new.filter(|_| order.is_ge()), prefix);
            if order.is_le() {
                left = left_rest;
            }
            if order.is_ge() {
                right = right_rest;
            }
        }
    }

    /// Compares two entries of one name, of which at least one is there.
    fn pair(&mut self, old: Option<EntryRef<'_>>, new: Option<EntryRef<'_>>, prefix: &str) {
        let Some(any) = old.or(new) else { return };
        let recorded = |entry: EntryRef<'_>| (entry.oid.to_owned(), entry.mode);
        if is_hidden(any.filename) || old.map(recorded) == new.map(recorded) {
            return;
        }
        if any.mode.is_tree() {
            let id = |entry: EntryRef<'_>| ObjectId::from(entry.oid.to_owned());
            let below = format!("{prefix}{}/", name_of(any.filename));
            self.open.push((old.map(id), new.map(id), below));
            return;
        }
        let before = old.and_then(|entry| tree_file(&entry, prefix));
        let after = new.and_then(|entry| tree_file(&entry, prefix));
        if before != after
            && let Some(file) = before.as_ref().or(after.as_ref())
        {
            self.changed.push(ChangedFile { path: file.path.clone(), before, after });
        }
    }
}

/// How many bytes at the beginning of two listings are the same entries: most are, and need no more
/// than a glance.
fn alike(left: &[u8], right: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let left = left.get(at..).unwrap_or_default();
        // A name ends with a zero, and the id stands behind it.
        let Some(end) = memchr(0, left).map(|name| name + 1 + gix::hash::Kind::Sha1.len_in_bytes())
        else {
            return at;
        };
        let same = left.get(..end).is_some_and(|entry| right.get(at..at + end) == Some(entry));
        if !same {
            return at;
        }
        at += end;
    }
}

/// The first entry of a listing, and the listing behind it.
fn first(
    listing: &[u8],
    tree: Option<ObjectId>,
) -> Result<(Option<EntryRef<'_>>, &[u8]), GitError> {
    let mut entries = TreeRefIter::from_bytes(listing, gix::hash::Kind::Sha1);
    match (entries.next().transpose(), tree) {
        (Err(error), Some(tree)) => Err(damaged(tree, &error)),
        (entry, _) => {
            let rest = listing.get(entries.offset_to_next_entry(listing)..).unwrap_or_default();
            Ok((entry.ok().flatten(), rest))
        }
    }
}
