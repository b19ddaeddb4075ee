//! What every entity said at each commit of a line of history, file by file: only the files that a
//! commit changed are read.

use super::unreadable::unreadable;
use super::workspace::{HistoryError, Workspace};
use crate::git::{Commit, ObjectId, Repository};
use crate::load;
use crate::model::{Address, Entity};
use std::collections::{BTreeMap, BTreeSet};

/// What an entity says since a commit.
#[derive(Debug, Clone)]
pub enum Wording {
    /// What it says; perhaps what it said before.
    Says(Box<Entity>),
    /// What it said when its file could last be read, and why it cannot be read now.
    Unreadable(String),
    /// Nothing: it is gone.
    Gone,
}

/// A line of commits, followed from the oldest.
pub struct Wordings<'w> {
    workspace: &'w Workspace,
    repository: Repository,
    /// The tree of the model's folder.
    tree: Option<ObjectId>,
    files: BTreeMap<String, Held>,
    /// The files that declare an entity; the first by path counts.
    holders: BTreeMap<Address, BTreeSet<String>>,
}

/// What is known of a file.
#[derive(Debug, Default)]
struct Held {
    /// The entities in it, when it could last be read.
    entities: BTreeSet<Address>,
    /// Why it cannot be read now.
    broken: Option<String>,
}

impl<'w> Wordings<'w> {
    /// Before the first commit.
    ///
    /// # Errors
    /// There is no repository.
    pub fn new(workspace: &'w Workspace) -> Result<Self, HistoryError> {
        let repository = workspace.repository()?.for_walking();
        let (files, holders) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { workspace, repository, tree: None, files, holders })
    }

    /// Goes on to a commit: every entity of the files that it changed, by address.
    ///
    /// # Errors
    /// The repository does not give what is asked of it.
    pub fn advance(&mut self, commit: &Commit) -> Result<Vec<(Address, Wording)>, HistoryError> {
        let folder = &self.workspace.folder;
        let tree = self.repository.folder_tree(commit.tree, folder)?;
        let changed = self.repository.changed_in_folder(self.tree, tree, folder)?;
        self.tree = tree;
        let mut touched = BTreeSet::new();
        let mut read: BTreeMap<String, BTreeMap<Address, Entity>> = BTreeMap::new();
        for file in changed {
            touched
                .extend(self.files.get(&file.path).iter().flat_map(|held| held.entities.clone()));
            if file.after.is_some() {
                let entities = self.read(&file.path, commit)?;
                touched.extend(entities.keys().cloned());
                read.insert(file.path, entities);
            } else {
                self.put(&file.path, None);
            }
        }
        let mut found = Vec::with_capacity(touched.len());
        for address in touched {
            let wording = self.wording(&address, &mut read, commit)?;
            found.push((address, wording));
        }
        Ok(found)
    }

    /// The files that cannot be read at the last commit, and why.
    pub fn unreadable(&self) -> Vec<(String, String)> {
        let broken = |(path, held): (&String, &Held)| Some((path.clone(), held.broken.clone()?));
        self.files.iter().filter_map(broken).collect()
    }

    /// Reads a file, and notes what it holds; nothing new where it cannot be read.
    fn read(
        &mut self,
        path: &str,
        commit: &Commit,
    ) -> Result<BTreeMap<Address, Entity>, HistoryError> {
        let limits = self.workspace.limits;
        let file = self.repository.file_at(commit, path, limits.file_bytes)?;
        let loaded = load::read(file.into_iter().collect(), limits);
        if let Some(broken) = unreadable(&loaded.findings).into_iter().next() {
            self.files.entry(path.to_owned()).or_default().broken = Some(broken.reason);
            return Ok(BTreeMap::new());
        }
        let entities = loaded.model.into_entities();
        let entities: BTreeMap<Address, Entity> =
            entities.map(|entity| (entity.address.clone(), entity)).collect();
        let held = Held { entities: entities.keys().cloned().collect(), broken: None };
        self.put(path, Some(held));
        Ok(entities)
    }

    /// Notes what a file holds from now on; nothing where it is gone.
    fn put(&mut self, path: &str, held: Option<Held>) {
        let before = self.files.remove(path).unwrap_or_default();
        for address in before.entities {
            if let Some(holders) = self.holders.get_mut(&address) {
                holders.remove(path);
            }
        }
        let Some(held) = held else { return };
        for address in &held.entities {
            self.holders.entry(address.clone()).or_default().insert(path.to_owned());
        }
        self.files.insert(path.to_owned(), held);
    }

    /// What an entity says now, by the first file that declares it.
    fn wording(
        &mut self,
        address: &Address,
        read: &mut BTreeMap<String, BTreeMap<Address, Entity>>,
        commit: &Commit,
    ) -> Result<Wording, HistoryError> {
        let holder = self.holders.get(address).and_then(BTreeSet::first).cloned();
        let Some(path) = holder else { return Ok(Wording::Gone) };
        if let Some(reason) = self.files.get(&path).and_then(|held| held.broken.clone()) {
            return Ok(Wording::Unreadable(reason));
        }
        if !read.contains_key(&path) {
            // Another file declared it too, and does no more.
            let entities = self.read(&path, commit)?;
            read.insert(path.clone(), entities);
        }
        let entity = read.get_mut(&path).and_then(|entities| entities.remove(address));
        Ok(entity.map_or(Wording::Gone, |entity| Wording::Says(Box::new(entity))))
    }
}
