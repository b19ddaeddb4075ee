//! The whole model of one commit after another: moved from tree to tree by what differs, so that each
//! version of a file is parsed once.

use super::pair::unreadable;
use super::workspace::HistoryError;
use crate::git::{ChangedFile, ObjectId};
use crate::load;
use crate::model::{Address, Model};
use crate::source::RawFile;
use std::collections::{BTreeMap, BTreeSet};

/// The whole model at a tree of its folder.
#[derive(Debug, Default)]
pub(super) struct Book {
    tree: Option<ObjectId>,
    model: Model,
    /// What stands in each file.
    holds: BTreeMap<String, Vec<Address>>,
    /// The files that cannot be read whole.
    broken: BTreeSet<String>,
    /// Whether two files declare one address: which of the two counts depends on all files.
    doubled: bool,
}

/// Where the book's files come from.
pub(super) trait Shelf {
    /// The files that differ between two trees of the folder.
    fn changed(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
    ) -> Result<Vec<ChangedFile>, HistoryError>;

    /// The content of the newer side of a file.
    fn after(&mut self, file: &ChangedFile) -> Result<Option<RawFile>, HistoryError>;

    /// How large things may be.
    fn limits(&self) -> crate::document::Limits;
}

impl Book {
    /// The whole model it is open at.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The files of it that cannot be read whole.
    pub(super) fn broken(&self) -> &BTreeSet<String> {
        &self.broken
    }

    /// Whether it is open at a tree.
    pub(super) fn is_at(&self, tree: Option<ObjectId>) -> bool {
        self.tree == tree
    }

    /// Opens it at a tree.
    pub(super) fn open(
        &mut self,
        tree: Option<ObjectId>,
        shelf: &mut impl Shelf,
    ) -> Result<(), HistoryError> {
        if self.is_at(tree) {
            return Ok(());
        }
        if self.doubled {
            *self = Self::default();
        }
        let changed = shelf.changed(self.tree, tree)?;
        for file in &changed {
            self.forget(&file.path);
        }
        for file in &changed {
            if let Some(content) = shelf.after(file)? {
                self.add(content, shelf.limits());
            }
        }
        self.tree = tree;
        Ok(())
    }

    fn forget(&mut self, path: &str) {
        for address in self.holds.remove(path).unwrap_or_default() {
            self.model.remove(&address);
        }
        self.broken.remove(path);
    }

    fn add(&mut self, file: RawFile, limits: crate::document::Limits) {
        let path = file.path.clone();
        let loaded = load::read(vec![file], limits);
        if !unreadable(&loaded.findings).is_empty() {
            // What a file says that can be read only in part is not known.
            self.broken.insert(path);
            return;
        }
        let mut held = Vec::new();
        for entity in loaded.model.into_entities() {
            if self.model.get(entity.address.as_str()).is_some() {
                self.doubled = true;
                continue;
            }
            held.push(entity.address.clone());
            self.model.insert(entity);
        }
        self.holds.insert(path, held);
    }
}
