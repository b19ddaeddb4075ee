//! The whole model of one commit after another: moved from tree to tree by what differs, so that each
//! version of a file is parsed once at most.

use super::unreadable::unreadable;
use super::workspace::HistoryError;
use crate::document::{Limits, Node, Table, Value};
use crate::git::{ChangedFile, ObjectId};
use crate::load::{Loaded, Uses, Version};
use crate::model::{Address, Model};
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The whole model at a tree of its folder.
#[derive(Debug, Default)]
pub(super) struct Book {
    tree: Option<ObjectId>,
    model: Model,
    /// What stands in each file.
    holds: BTreeMap<String, Held>,
    /// The files that cannot be read whole.
    broken: BTreeSet<String>,
    /// Whether two files declare one address: which of the two counts depends on all files.
    doubled: bool,
    /// What is declared again, and in which file; that declaration does not count.
    twice: BTreeSet<(String, String)>,
    /// Which criteria use which names, from when somebody asked on.
    uses: Option<Uses>,
    /// Whether it does not matter where in a file something stands.
    placeless: bool,
}

/// A file of the model: what stands in it, and the version that said so.
#[derive(Debug)]
struct Held {
    addresses: Vec<Address>,
    version: Arc<Version>,
}

/// Where the book's files come from.
pub(super) trait Shelf {
    /// The files that differ between two trees of the folder.
    fn changed(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
    ) -> Result<Vec<ChangedFile>, HistoryError>;

    /// The newer side of a file.
    fn after(&mut self, file: &ChangedFile) -> Result<Option<Arc<Version>>, HistoryError>;

    /// How large things may be.
    fn limits(&self) -> Limits;
}

impl Book {
    /// The same book for those who do not ask where something stands: of a file that changes, only
    /// what is different in it is read again.
    #[must_use]
    pub(super) fn placeless(self) -> Self {
        Self { placeless: true, ..self }
    }

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
            self.clear();
        }
        let was_empty = self.tree.is_none();
        let mut turned = self.turn_to(tree, shelf);
        if self.doubled && !was_empty {
            self.clear();
            turned = self.turn_to(tree, shelf);
        }
        if let Err(error) = turned {
            // Half of one tree and half of another is no model.
            self.clear();
            return Err(error);
        }
        Ok((&self.model, &self.broken))
    }

    fn clear(&mut self) {
        *self = Self { placeless: self.placeless, ..Self::default() };
    }

    /// Puts what differs in the place of what was there; the first file that declares an address counts
    /// only where none was there.
    fn turn_to(
        &mut self,
        tree: Option<ObjectId>,
        shelf: &mut impl Shelf,
    ) -> Result<(), HistoryError> {
        let changed = shelf.changed(self.tree, tree)?;
        let mut come = Vec::new();
        for file in &changed {
            let next = shelf.after(file)?;
            come.extend(self.next(&file.path, next, shelf.limits()));
        }
        for (path, held, loaded) in come {
            self.add(path, held, loaded);
        }
        self.tree = tree;
        Ok(())
    }

    /// Takes out what stands in a file, but what its next version says word for word, and reads the
    /// rest of that.
    fn next<'p>(
        &mut self,
        path: &'p str,
        next: Option<Arc<Version>>,
        limits: Limits,
    ) -> Option<(&'p str, Held, Loaded)> {
        let was_broken = self.broken.remove(path);
        let was = self.holds.remove(path);
        let (kept, loaded) = match (&was, &next) {
            (Some(was), Some(next)) if self.placeless && !was_broken => {
                let (same, loaded) = next.read_beside(&was.version, limits);
                (same, Some(loaded))
            }
            (_, next) => (Vec::new(), next.as_ref().map(|next| next.read(limits))),
        };
        let mut addresses = was.map(|was| was.addresses).unwrap_or_default();
        addresses.retain(|address| {
            let is_kept = kept.binary_search(&address.as_str()).is_ok();
            if !is_kept {
                self.forget(address);
            }
            is_kept
        });
        let loaded = loaded?;
        next.map(|version| (path, Held { addresses, version }, loaded))
    }

    fn forget(&mut self, address: &Address) {
        self.model.remove(address);
        if let Some(uses) = &mut self.uses {
            uses.forget(address);
        }
    }

    fn add(&mut self, path: &str, mut held: Held, loaded: Loaded) {
        if !unreadable(&loaded.findings).is_empty() {
            self.broken.insert(path.to_owned());
        }
        // An entity that outlives its version of the file would hold the whole text of it.
        let placeless = self.placeless.then(|| Source::of_line(path, 1));
        for mut entity in loaded.model.into_entities() {
            if self.model.get(entity.address.as_str()).is_some() {
                self.doubled = true;
                self.twice.insert((entity.address.to_string(), path.to_owned()));
                continue;
            }
            if let Some(source) = &placeless {
                entity.source = source.clone();
            }
            tighten(&mut entity.table);
            held.addresses.push(entity.address.clone());
            if let Some(uses) = &mut self.uses {
                uses.add(&entity);
            }
            self.model.insert(entity);
        }
        self.holds.insert(path.to_owned(), held);
    }
}

/// Gives back the room that was left for further entries: a book is held as long as the walk goes on.
fn tighten(table: &mut Table) {
    table.entries.shrink_to_fit();
    for entry in &mut table.entries {
        tighten_node(&mut entry.node);
    }
}

fn tighten_node(node: &mut Node) {
    match &mut node.value {
        Value::Table(table) => tighten(table),
        Value::Array(items) => {
            items.shrink_to_fit();
            items.iter_mut().for_each(tighten_node);
        }
        _ => {}
    }
}
