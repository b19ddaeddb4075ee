//! What one commit did to the model, found out by whoever walks through a history: newest first, so
//! that what a commit changed is at hand when its parent is looked at.

use super::book::{Book, Shelf};
use super::pair::{Models, Unreadable, Versions, is_readable};
use super::steps::Step;
use super::workspace::{At, HistoryError, Workspace};
use crate::change::{Asks, ByForm, ChangeSet, Exactly, Policies};
use crate::git::{ChangedFile, Commit, ObjectId, Repository, TreeFile, WalkOptions};
use crate::load::{self, ModelScope, Version};
use crate::model::Model;
use crate::proof::Prover;
use crate::source::{RawContent, RawFile};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How closely a commit is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// By form alone: a criterion that says something else is undecided.
    Form,
    /// What was written, compared for all records there can be; each question may take so many
    /// steps.
    Written(u64),
    /// The same, with what follows from it elsewhere.
    Whole(u64),
}

impl Depth {
    /// Whoever answers for all records, as of a commit.
    fn prover(self, commit: &Commit) -> Option<Prover> {
        let (Self::Written(budget) | Self::Whole(budget)) = self else { return None };
        let as_of = jiff::Timestamp::from_second(commit.committer_time.seconds).ok()?;
        Some(Prover { as_of, budget })
    }
}

/// So many versions of a file are kept: where branches were written side by side, a walk goes to and
/// fro between them.
const VERSIONS_KEPT: usize = 2;

/// Reads commit after commit. It belongs to one thread.
pub struct Reader {
    workspace: Workspace,
    repository: Repository,
    /// The last versions met of each file.
    met: HashMap<String, Vec<(TreeFile, Arc<Version>)>>,
    /// The folder's tree in each root tree met.
    folders: HashMap<ObjectId, Option<ObjectId>>,
    /// The policy that was asked for last, and the files it was read from.
    policies: (Vec<TreeFile>, Policies),
    books: Books,
}

/// The whole models of two commits.
#[derive(Debug, Default)]
struct Books {
    before: Book,
    after: Book,
}

/// Both sides of an exact comparison.
enum Sides {
    /// Read for it.
    Read((Model, Model)),
    /// Those that the books are open at.
    Books,
}

/// What is different between a commit and one of its parents.
#[derive(Debug, Default)]
struct Found {
    changes: ChangeSet,
    unreadable: Vec<Unreadable>,
    readable_again: Vec<String>,
}

impl Reader {
    /// A reader of a workspace's history.
    ///
    /// # Errors
    /// There is no repository.
    pub fn new(workspace: &Workspace) -> Result<Self, HistoryError> {
        let workspace = workspace.for_walking();
        let repository = workspace.repository()?.clone();
        Ok(Self {
            workspace,
            repository,
            met: HashMap::new(),
            folders: HashMap::new(),
            policies: Default::default(),
            books: Books::default(),
        })
    }

    /// What a commit changed against its first parent, by form alone.
    ///
    /// # Errors
    /// The repository does not give what is asked of it.
    pub fn by_form(&mut self, commit: Arc<Commit>) -> Result<Step, HistoryError> {
        self.step(commit, Depth::Form, true)
    }

    /// What a commit changed against its first parent, for all records there can be, and what follows
    /// from it elsewhere; each question may take so many steps.
    ///
    /// # Errors
    /// The repository does not give what is asked of it.
    pub fn exactly(&mut self, commit: Arc<Commit>, budget: u64) -> Result<Step, HistoryError> {
        self.step(commit, Depth::Whole(budget), true)
    }

    /// The whole model of a commit, without the files that cannot be read whole; cheapest for the
    /// parent of the commit that was looked at last.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn model_at(&mut self, commit: &Commit) -> Result<&Model, HistoryError> {
        let folder = self.folder(commit.tree)?;
        let mut books = std::mem::take(&mut self.books);
        let opened = books.before.open(folder, self);
        self.books = books;
        opened.map(|()| self.books.before.model())
    }

    /// What a commit changed: against its first parent, or against all of them, because what a merge
    /// only brings together was said where it was made.
    pub(super) fn step(
        &mut self,
        commit: Arc<Commit>,
        depth: Depth,
        first_parent: bool,
    ) -> Result<Step, HistoryError> {
        let mut step = Step::of(commit);
        let commit = Arc::clone(&step.commit);
        if commit.boundary {
            step.cut_off = true;
            return Ok(step);
        }
        let followed = if first_parent { 1 } else { usize::MAX };
        let parents: Vec<ObjectId> = commit.parents.iter().copied().take(followed).collect();
        let folder = self.folder(commit.tree)?;
        let mut trees = Vec::new();
        for parent in &parents {
            let tree = self.repository.tree_of(*parent)?;
            trees.push(self.folder(tree)?);
        }
        if trees.contains(&folder) || (trees.is_empty() && folder.is_none()) {
            return Ok(step);
        }
        let sides = |before: Option<ObjectId>| (before, folder);
        let first = sides(trees.first().copied().flatten());
        let parent = parents.first().copied();
        let others = trees.get(1..).unwrap_or_default();
        let found = if others.is_empty() {
            self.compared(first, parent, &commit, depth)?
        } else {
            self.merged(first, parent, others, &commit, depth)?
        };
        step.in_merge = !others.is_empty() && !found.changes.changes.is_empty();
        step.changes = found.changes;
        step.unreadable = found.unreadable;
        step.readable_again = found.readable_again;
        let policies = self.policies_at(trees.first().copied().flatten())?;
        step.changes.weigh(policies);
        Ok(step)
    }

    /// What a merge says that none of its parents does.
    fn merged(
        &mut self,
        first: (Option<ObjectId>, Option<ObjectId>),
        parent: Option<ObjectId>,
        others: &[Option<ObjectId>],
        commit: &Commit,
        depth: Depth,
    ) -> Result<Found, HistoryError> {
        let mut found = self.compared(first, parent, commit, Depth::Form)?;
        for (at, other) in others.iter().enumerate() {
            let parent = commit.parents.get(at + 1).copied();
            let theirs = self.compared((*other, first.1), parent, commit, Depth::Form)?;
            let touched: BTreeSet<&str> =
                theirs.changes.changes.iter().map(|change| change.address.as_str()).collect();
            found.changes.changes.retain(|change| touched.contains(change.address.as_str()));
            found.unreadable.retain(|file| theirs.unreadable.contains(file));
            found.readable_again.retain(|path| theirs.readable_again.contains(path));
        }
        if depth != Depth::Form && found.changes.meaningful().next().is_some() {
            let own: BTreeSet<String> =
                found.changes.changes.iter().map(|change| change.address.to_string()).collect();
            let mut exact = self.compared(first, parent, commit, depth)?.changes;
            exact.changes.retain(|change| match change.caused_by.as_slice() {
                [] => own.contains(change.address.as_str()),
                causes => causes.iter().any(|cause| {
                    own.iter().any(|address| {
                        crate::model::Address::new(address.clone()).is_within(cause.as_str())
                    })
                }),
            });
            found.changes = exact;
        }
        Ok(found)
    }

    fn compared(
        &mut self,
        (before, after): (Option<ObjectId>, Option<ObjectId>),
        parent: Option<ObjectId>,
        commit: &Commit,
        depth: Depth,
    ) -> Result<Found, HistoryError> {
        let changed = self.changed(before, after)?;
        let mut versions = self.versions(&changed)?;
        let limits = self.workspace.limits;
        let mut models = Models::read(&versions, limits);
        let mut found = Found::default();
        if let Some(parent) = parent.filter(|_| !models.unreadable_before.is_empty()) {
            found.readable_again = self.readable_versions(&mut versions, parent)?;
            models = Models::read(&versions, limits);
        }
        let plain = Policies::default();
        let Some(prover) = depth.prover(commit) else {
            found.changes = models.changes(&plain, &ByForm);
            found.unreadable = models.unreadable_after;
            return Ok(found);
        };
        let whole = matches!(depth, Depth::Whole(_));
        let asks = Asks::default();
        found.changes = models.changes(&plain, &asks);
        let is_whole = models.unreadable_before.is_empty() && models.unreadable_after.is_empty();
        if if whole { models.ask_for_meaning() } else { !asks.is_empty() } {
            let mut books = std::mem::take(&mut self.books);
            let sides = if !is_whole || !found.readable_again.is_empty() {
                let to = At::Commit(Box::new(commit.clone()));
                self.workspace.whole(&versions, &to).map(Sides::Read)
            } else if whole {
                self.opened(&mut books, (before, after)).map(|()| Sides::Books)
            } else {
                self.needed(&mut books, (before, after), &asks).map(Sides::Read)
            };
            let changes = sides.map(|sides| {
                let (base, head) = match &sides {
                    Sides::Read((base, head)) => (base, head),
                    Sides::Books => (books.before.model(), books.after.model()),
                };
                let made = if whole { ModelScope::new } else { ModelScope::of_part };
                let scopes = (made(base), made(head));
                let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
                let mut changes = models.changes(&plain, &exactly);
                if whole {
                    changes.add_indirect(&exactly, &plain);
                }
                changes
            });
            self.books = books;
            found.changes = changes?;
        }
        found.unreadable = models.unreadable_after;
        Ok(found)
    }

    /// Opens the books at both sides.
    fn opened(
        &mut self,
        books: &mut Books,
        (before, after): (Option<ObjectId>, Option<ObjectId>),
    ) -> Result<(), HistoryError> {
        if !books.after.is_at(after) && books.before.is_at(after) {
            // Newest first: what was before is what comes next.
            std::mem::swap(&mut books.before, &mut books.after);
        }
        books.after.open(after, self)?;
        books.before.open(before, self)
    }

    /// The parts of the whole models on both sides that criteria depend on.
    fn needed(
        &mut self,
        books: &mut Books,
        (before, after): (Option<ObjectId>, Option<ObjectId>),
        asks: &Asks,
    ) -> Result<(Model, Model), HistoryError> {
        let book = &mut books.after;
        book.open(after, self)?;
        let head = load::needed_by(book.model(), &asks.side(true));
        let mut broken = book.broken().clone();
        book.open(before, self)?;
        let base = load::needed_by(book.model(), &asks.side(false));
        broken.extend(book.broken().iter().cloned());
        // What a file says that can be read only in part is not known, on either side.
        let broken: BTreeSet<&str> = broken.iter().map(String::as_str).collect();
        Ok((base.without_files(&broken), head.without_files(&broken)))
    }

    fn folder(&mut self, tree: ObjectId) -> Result<Option<ObjectId>, HistoryError> {
        if let Some(known) = self.folders.get(&tree) {
            return Ok(*known);
        }
        let folder = self.repository.folder_tree(tree, &self.workspace.folder)?;
        self.folders.insert(tree, folder);
        Ok(folder)
    }

    /// The policy in force at a tree of the folder.
    fn policies_at(&mut self, folder: Option<ObjectId>) -> Result<&Policies, HistoryError> {
        let files = match folder {
            Some(tree) => self.repository.files_directly_in(tree, &self.workspace.folder)?,
            None => Vec::new(),
        };
        if files != self.policies.0 {
            let mut read = Vec::new();
            for file in &files {
                let file = self.version(file)?.file.clone();
                if super::pair::mentions_policy(&file) {
                    read.push(file);
                }
            }
            self.policies = (files, Policies::of(&load::read(read, self.workspace.limits).model));
        }
        Ok(&self.policies.1)
    }

    fn versions(&mut self, changed: &[ChangedFile]) -> Result<Versions, HistoryError> {
        let mut versions = Versions::default();
        for file in changed {
            // The newer side is at hand; the older one is the newer side of a commit to come.
            if let Some(after) = &file.after {
                versions.after.push(self.version(after)?);
            }
            if let Some(before) = &file.before {
                versions.before.push(self.version(before)?);
            }
        }
        Ok(versions)
    }

    fn version(&mut self, file: &TreeFile) -> Result<Arc<Version>, HistoryError> {
        let met = self.met.get(&file.path);
        let known = met.and_then(|met| met.iter().find(|(known, _)| known == file));
        if let Some((_, version)) = known {
            return Ok(Arc::clone(version));
        }
        let content = self.repository.read(file, self.workspace.limits.file_bytes)?;
        let version = Arc::new(Version::from(content));
        let met = self.met.entry(file.path.clone()).or_default();
        met.truncate(VERSIONS_KEPT - 1);
        met.insert(0, (file.clone(), Arc::clone(&version)));
        Ok(version)
    }

    /// Puts, for every file the parent cannot read, its last readable version in its place.
    fn readable_versions(
        &self,
        versions: &mut Versions,
        parent: ObjectId,
    ) -> Result<Vec<String>, HistoryError> {
        let mut again = Vec::new();
        for version in &mut versions.before {
            let path = version.file.path.clone();
            if is_readable(&self.workspace, &version.file) {
                continue;
            }
            let after = versions.after.iter().find(|after| after.file.path == path);
            if after.is_none_or(|after| !is_readable(&self.workspace, &after.file)) {
                continue;
            }
            *version = Arc::new(self.last_readable(&path, parent)?.into());
            again.push(path);
        }
        Ok(again)
    }

    fn last_readable(&self, path: &str, from: ObjectId) -> Result<RawFile, HistoryError> {
        let options =
            WalkOptions { tips: vec![from], first_parent: true, ..WalkOptions::default() };
        let limit = self.workspace.limits.file_bytes;
        for commit in self.repository.walk(options) {
            match self.repository.file_at(&commit?, path, limit)? {
                Some(file) if is_readable(&self.workspace, &file) => return Ok(file),
                Some(_) => {}
                None => break,
            }
        }
        Ok(RawFile { path: path.to_owned(), content: RawContent::Bytes(Vec::new()) })
    }
}

impl Shelf for Reader {
    fn changed(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
    ) -> Result<Vec<ChangedFile>, HistoryError> {
        Ok(self.repository.changed_in_folder(before, after, &self.workspace.folder)?)
    }

    fn after(&mut self, file: &ChangedFile) -> Result<Option<RawFile>, HistoryError> {
        let after = file.after.as_ref();
        after.map(|after| Ok(self.version(after)?.file.clone())).transpose()
    }

    fn limits(&self) -> crate::document::Limits {
        self.workspace.limits
    }
}
