//! The whole model of one commit after another: moved from tree to tree by what differs, so that each
//! version of a file is parsed once.

use super::pair::unreadable;
use super::workspace::HistoryError;
use crate::git::{ChangedFile, ObjectId};
use crate::load::{Loaded, Uses};
use crate::model::{Address, Model};
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
    /// What is declared again, and in which file; that declaration does not count.
    twice: BTreeSet<(String, String)>,
    /// Which criteria use which names, from when somebody asked on.
    uses: Option<Uses>,
}

/// Where the book's files come from.
pub(super) trait Shelf {
    /// The files that differ between two trees of the folder.
    fn changed(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
    ) -> Result<Vec<ChangedFile>, HistoryError>;

    /// What the newer side of a file says, by itself.
    fn after(&mut self, file: &ChangedFile) -> Result<Option<Loaded>, HistoryError>;
}

impl Book {
    /// The whole model it is open at.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The same, and which of its criteria use which names.
    pub(super) fn with_uses(&mut self) -> (&Model, &Uses) {
        let model = &self.model;
        let uses = self.uses.get_or_insert_with(|| {
            let mut uses = Uses::default();
            model.entities().for_each(|entity| uses.add(entity));
            uses
        });
        (model, uses)
    }

    /// What is declared twice in it, and in which file for the second time.
    pub(super) fn twice(&self) -> &BTreeSet<(String, String)> {
        &self.twice
    }

    /// Whether it is open at a tree.
    pub(super) fn is_at(&self, tree: Option<ObjectId>) -> bool {
        self.tree == tree
    }

    /// The whole model at a tree, and the files of it that cannot be read whole.
    pub(super) fn at(
        &mut self,
        tree: Option<ObjectId>,
        shelf: &mut impl Shelf,
    ) -> Result<(&Model, &BTreeSet<String>), HistoryError> {
        if self.is_at(tree) {
            return Ok((&self.model, &self.broken));
        }
        if self.doubled {
            *self = Self::default();
        }
        let was_empty = self.tree.is_none();
        self.turn_to(tree, shelf)?;
        if self.doubled && !was_empty {
            *self = Self::default();
            self.turn_to(tree, shelf)?;
        }
        Ok((&self.model, &self.broken))
    }

    /// Puts what differs in the place of what was there; the first file that declares an address counts
    /// only where none was there.
    fn turn_to(
        &mut self,
        tree: Option<ObjectId>,
        shelf: &mut impl Shelf,
    ) -> Result<(), HistoryError> {
        let changed = shelf.changed(self.tree, tree)?;
        for file in &changed {
            self.forget(&file.path);
        }
        for file in &changed {
            if let Some(loaded) = shelf.after(file)? {
                self.add(&file.path, loaded);
            }
        }
        self.tree = tree;
        Ok(())
    }

    fn forget(&mut self, path: &str) {
        for address in self.holds.remove(path).unwrap_or_default() {
            self.model.remove(&address);
            if let Some(uses) = &mut self.uses {
                uses.forget(&address);
            }
        }
        self.broken.remove(path);
    }

    fn add(&mut self, path: &str, loaded: Loaded) {
        if !unreadable(&loaded.findings).is_empty() {
            self.broken.insert(path.to_owned());
        }
        let mut held = Vec::new();
        for entity in loaded.model.into_entities() {
            if self.model.get(entity.address.as_str()).is_some() {
                self.doubled = true;
                self.twice.insert((entity.address.to_string(), path.to_owned()));
                continue;
            }
            held.push(entity.address.clone());
            if let Some(uses) = &mut self.uses {
                uses.add(&entity);
            }
            self.model.insert(entity);
        }
        self.holds.insert(path.to_owned(), held);
    }
}
