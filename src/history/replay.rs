//! The model of one commit after the other, kept up to date by reading only what each changed.
//!
//! A file that a commit breaks keeps what it said when it could last be read, until it can be read
//! again.

use super::entity_at::last_readable;
use super::unreadable::{Unreadable, unreadable};
use super::workspace::{At, HistoryError, Workspace};
use crate::git::{Commit, ObjectId, Repository, TreeFile};
use crate::load::{self, Loaded};
use crate::model::{Address, Model};
use crate::source::{RawContent, RawFile};
use std::collections::{BTreeMap, BTreeSet};

/// A model, and how it came to be.
pub(super) struct Replay<'w> {
    workspace: &'w Workspace,
    repository: Repository,
    /// What the model holds.
    pub(super) model: Model,
    /// The tree of the model's folder.
    tree: Option<ObjectId>,
    /// What files that cannot be read said when they last could.
    held: BTreeMap<String, RawFile>,
    /// Whether an address is declared twice, so that what differs does not tell the whole.
    doubled: bool,
}

/// What a commit did to the model.
#[derive(Debug, Default)]
pub(super) struct Advance {
    /// What differs, before.
    pub(super) before: Loaded,
    /// What differs, after.
    pub(super) after: Loaded,
    /// The entities that may be others now.
    pub(super) touched: BTreeSet<Address>,
    /// Files that cannot be read since this commit.
    pub(super) unreadable: Vec<Unreadable>,
    /// Files that could not be read before this commit and that now can, or are gone.
    pub(super) readable_again: Vec<String>,
}

impl<'w> Replay<'w> {
    /// The model of a commit, and what of it cannot be read.
    pub(super) fn start(
        workspace: &'w Workspace,
        commit: &Commit,
    ) -> Result<(Self, Vec<Unreadable>), HistoryError> {
        let repository = workspace.repository()?.for_walking();
        let tree = repository.folder_tree(commit.tree, &workspace.folder)?;
        let (model, held, doubled) = (Model::default(), BTreeMap::new(), false);
        let mut replay = Self { workspace, repository, model, tree, held, doubled };
        let broken = replay.read_whole(commit)?;
        Ok((replay, broken))
    }

    /// Reads everything anew.
    fn read_whole(&mut self, commit: &Commit) -> Result<Vec<Unreadable>, HistoryError> {
        let limits = self.workspace.limits;
        let mut files = self.workspace.all_files(&At::Commit(Box::new(commit.clone())))?;
        let loaded = load::read(files.clone(), limits);
        let broken = unreadable(&loaded.findings);
        let loaded = if broken.is_empty() {
            loaded
        } else {
            for file in &broken {
                self.hold(&file.path, commit)?;
            }
            files.retain(|file| !self.held.contains_key(&file.path));
            files.extend(self.held.values().cloned());
            files.sort_by(|a, b| a.path.cmp(&b.path));
            load::read(files, limits)
        };
        self.doubled = loaded.findings.iter().any(|finding| finding.rule == "duplicate-id");
        self.model = Model::default();
        self.model.share_all(&loaded.model);
        Ok(broken)
    }

    /// Keeps what a file said when it could last be read; nothing where that is not known.
    fn hold(&mut self, path: &str, commit: &Commit) -> Result<(), HistoryError> {
        if !self.held.contains_key(path) {
            let found = last_readable(self.workspace, &self.repository, path, commit)?;
            let file = found.map_or_else(|| empty(path), |(_, _, file)| file);
            self.held.insert(path.to_owned(), file);
        }
        Ok(())
    }

    /// Goes on to the next commit; nothing where the model is the same, byte for byte.
    pub(super) fn advance(&mut self, commit: &Commit) -> Result<Option<Advance>, HistoryError> {
        let folder = &self.workspace.folder;
        let tree = self.repository.folder_tree(commit.tree, folder)?;
        let changed = self.repository.changed_in_folder(self.tree, tree, folder)?;
        self.tree = tree;
        if changed.is_empty() {
            return Ok(None);
        }
        let limits = self.workspace.limits;
        let read = |file: &TreeFile| self.repository.read(file, limits.file_bytes);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut again = Vec::new();
        for file in &changed {
            before.extend(match self.held.remove(&file.path) {
                Some(held) => {
                    again.push(file.path.clone());
                    Some(held)
                }
                None => file.before.as_ref().map(read).transpose()?,
            });
            after.extend(file.after.as_ref().map(read).transpose()?);
        }
        let mut loaded = load::read_differing(before.clone(), after.clone(), limits);
        let broken = unreadable(&loaded.1.findings);
        if !broken.is_empty() {
            let is_broken = |path: &str| broken.iter().any(|file| file.path == path);
            for file in &broken {
                let held = before.iter().find(|held| held.path == file.path).cloned();
                self.held.insert(file.path.clone(), held.unwrap_or_else(|| empty(&file.path)));
            }
            before.retain(|file| !is_broken(&file.path));
            after.retain(|file| !is_broken(&file.path));
            loaded = load::read_differing(before, after, limits);
        }
        let touched = self.apply(&loaded.0.model, &loaded.1, commit)?;
        let (before, after) = loaded;
        again.retain(|path| !self.held.contains_key(path));
        Ok(Some(Advance { before, after, touched, unreadable: broken, readable_again: again }))
    }

    /// Puts what differs in its place, and says what may be another entity now.
    fn apply(
        &mut self,
        before: &Model,
        after: &Loaded,
        commit: &Commit,
    ) -> Result<BTreeSet<Address>, HistoryError> {
        let mut touched = BTreeSet::new();
        for entity in before.entities() {
            let (path, own) = (entity.source.path(), self.model.get(entity.address.as_str()));
            if own.is_some_and(|own| own.source.path() == path) {
                self.model.remove(&entity.address);
            }
            touched.insert(entity.address.clone());
        }
        let twice = after.findings.iter().any(|finding| finding.rule == "duplicate-id");
        let mut collides = self.doubled || twice;
        for entity in after.model.entities() {
            touched.insert(entity.address.clone());
            collides |= self.model.get(entity.address.as_str()).is_some();
        }
        self.model.share_all(&after.model);
        if collides {
            touched.extend(self.model.entities().map(|entity| entity.address.clone()));
            self.read_whole(commit)?;
            touched.extend(self.model.entities().map(|entity| entity.address.clone()));
        }
        Ok(touched)
    }

    /// A model of some of the entities.
    pub(super) fn part<'a>(&self, addresses: impl IntoIterator<Item = &'a Address>) -> Model {
        let mut model = Model::default();
        for address in addresses {
            model.share(&self.model, address.as_str());
        }
        model
    }
}

fn empty(path: &str) -> RawFile {
    RawFile { path: path.to_owned(), content: RawContent::Bytes(Vec::new()) }
}
