//! What one commit did to the model, found out by whoever walks through a history: newest first, so
//! that what a commit changed is at hand when its parent is looked at.

mod levels;

use super::book::{Book, Shelf};
use super::entity_at::last_readable;
use super::forks::{Folders, Forks, bases};
use super::models::Models;
use super::own::own;
use super::pair::Versions;
use super::steps::Step;
use super::unreadable::{Unreadable, is_readable};
use super::workspace::{At, HistoryError, Workspace};
use crate::change::{ByForm, Change, ChangeSet, Exactly, Policies};
use crate::document::Limits;
use crate::git::{ChangedFile, Commit, ObjectId, Repository, TreeFile};
use crate::load::{self, FieldsAsked, ModelScope, Version};
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
    /// What differs between the trees that were compared last: a commit is looked at by its form first.
    last: Option<(Trees, Differing)>,
    /// Whether some content was not there or damaged: it may be there next time.
    lacks: bool,
}

/// The trees of the folder before and after.
type Trees = (Option<ObjectId>, Option<ObjectId>);

/// The files that differ between two trees, and what they say.
type Differing = (Versions, Models);

/// The whole models of two commits, and of the one whose criteria were asked about last.
#[derive(Debug, Default)]
struct Books {
    before: Book,
    after: Book,
    asked: Book,
}

/// What is different between a commit and one of its parents.
#[derive(Debug, Default)]
struct Found {
    changes: ChangeSet,
    unreadable: Vec<Unreadable>,
    readable_again: Vec<String>,
}

/// Two states, of which the first is partly older than it is: what could not be read in it is as it
/// was when it last could be.
struct ReadAgain {
    models: Models,
    again: Vec<String>,
}

impl ReadAgain {
    fn found(self, prover: Option<Prover>, depth: Depth) -> Found {
        let Self { models, again } = self;
        let plain = Policies::default();
        let changes = match prover {
            Some(prover) => {
                let scopes =
                    (ModelScope::of_part(&models.before), ModelScope::of_part(&models.after));
                let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
                let mut changes = models.changes(&plain, &exactly);
                if matches!(depth, Depth::Whole(_)) {
                    changes.add_indirect(&exactly, &plain);
                }
                changes
            }
            None => models.changes(&plain, &ByForm),
        };
        Found { changes, unreadable: Vec::new(), readable_again: again }
    }
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
            last: None,
            lacks: false,
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

    /// The whole model of a commit; cheapest for the parent of the commit that was looked at last.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn model_at(&mut self, commit: &Commit) -> Result<&Model, HistoryError> {
        let folder = self.folder(commit.tree)?;
        let mut books = std::mem::take(&mut self.books);
        let opened = books.before.at(folder, self).map(|_| ());
        self.books = books;
        opened.map(|()| self.books.before.model())
    }

    /// What a commit's model declares twice, each with the file of the declaration that does not count.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn declared_twice(
        &mut self,
        commit: &Commit,
    ) -> Result<BTreeSet<(String, String)>, HistoryError> {
        let folder = self.folder(commit.tree)?;
        let mut books = std::mem::take(&mut self.books);
        let is_before = books.before.is_at(folder) && !books.after.is_at(folder);
        let book = if is_before { &mut books.before } else { &mut books.after };
        let twice = book.at(folder, self).map(|_| ());
        let twice = twice.map(|()| book.twice().clone());
        self.books = books;
        twice
    }

    /// Whether all files of a commit's model can be read whole.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn can_read(&mut self, commit: &Commit) -> Result<bool, HistoryError> {
        let folder = self.folder(commit.tree)?;
        let mut books = std::mem::take(&mut self.books);
        let broken = books.before.at(folder, self).map(|(_, broken)| broken.is_empty());
        self.books = books;
        broken
    }

    /// Whether what was found so far holds for ever: nothing that was asked for was missing.
    pub(super) fn has_seen_all(&self) -> bool {
        !self.lacks
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
        let merges = trees.len() > 1;
        let is_same = trees.iter().all(|tree| *tree == folder);
        if is_same && (!trees.is_empty() || folder.is_none()) {
            return Ok(step);
        }
        let found = if merges {
            self.merged((&parents, &trees), folder, &commit, depth)?
        } else {
            let before = trees.first().copied().flatten();
            self.compared((before, folder), parents.first().copied(), &commit, depth)?
        };
        step.in_merge = merges && !found.changes.changes.is_empty();
        step.changes = found.changes;
        step.unreadable = found.unreadable;
        step.readable_again = found.readable_again;
        let policies = self.policies_at(trees.first().copied().flatten())?;
        step.changes.weigh(policies);
        Ok(step)
    }

    /// What a merge says by itself: what none of its parents says, and what it takes back of one.
    fn merged(
        &mut self,
        (parents, befores): (&[ObjectId], &[Option<ObjectId>]),
        after: Option<ObjectId>,
        commit: &Commit,
        depth: Depth,
    ) -> Result<Found, HistoryError> {
        let forks = self.forks((parents, befores), after, commit)?;
        if forks.is_none() && befores.contains(&after) {
            return Ok(Found::default());
        }
        let forks = forks.unwrap_or_default();
        let mut sides = self.sides(befores, after, commit, Depth::Form)?;
        let changes = |sides: &mut Vec<Found>| -> Vec<Vec<Change>> {
            sides.iter_mut().map(|side| std::mem::take(&mut side.changes.changes)).collect()
        };
        let mut changed = own(&changes(&mut sides), &forks);
        let (mut found, others) = (sides.remove(0), sides);
        found.unreadable.retain(|file| {
            let is_there = |side: &Found| side.unreadable.iter().any(|it| it.path == file.path);
            others.iter().all(is_there)
        });
        found
            .readable_again
            .retain(|path| others.iter().all(|side| side.readable_again.contains(path)));
        // From a rename, which means nothing by itself, something may follow elsewhere.
        let asks = match depth {
            Depth::Form => false,
            Depth::Written(_) => changed.iter().any(|change| !change.is_cosmetic()),
            Depth::Whole(_) => !changed.is_empty(),
        };
        if asks {
            let exact = changes(&mut self.sides(befores, after, commit, depth)?);
            changed = with_what_follows(own(&exact, &forks), exact);
        }
        changed.sort_by(|a, b| {
            let order = |change: &Change| (change.level, change.impact);
            order(a)
                .cmp(&order(b))
                .then_with(|| (&a.address, &a.kind.id).cmp(&(&b.address, &b.kind.id)))
        });
        found.changes = ChangeSet { changes: changed, ..ChangeSet::default() };
        Ok(found)
    }

    /// What each side of a merge changed since it came apart from the others; none where the merge takes
    /// nothing back.
    fn forks(
        &mut self,
        (parents, befores): (&[ObjectId], &[Option<ObjectId>]),
        merge: Option<ObjectId>,
        commit: &Commit,
    ) -> Result<Option<Forks>, HistoryError> {
        let folders = Folders { merge, parents: befores };
        let Some(bases) = bases(&self.repository, &self.workspace.folder, parents, folders)? else {
            return Ok(None);
        };
        let mut forks = Forks::default();
        for ((one, other), bases) in bases {
            for (side, from) in [(one, other), (other, one)] {
                let after = befores.get(side).copied().flatten();
                let mut since = Vec::new();
                let mut is_known = true;
                for base in &bases {
                    let between = (base.folder, after);
                    let found = self.compared(between, Some(base.commit), commit, Depth::Form)?;
                    is_known &= found.unreadable.is_empty();
                    since.extend(found.changes.changes);
                }
                if is_known {
                    forks.add(side, from, since);
                }
            }
        }
        Ok(Some(forks))
    }

    fn sides(
        &mut self,
        befores: &[Option<ObjectId>],
        after: Option<ObjectId>,
        commit: &Commit,
        depth: Depth,
    ) -> Result<Vec<Found>, HistoryError> {
        let parents = befores.iter().zip(&commit.parents);
        parents
            .map(|(before, parent)| self.compared((*before, after), Some(*parent), commit, depth))
            .collect()
    }

    fn compared(
        &mut self,
        (before, after): Trees,
        parent: Option<ObjectId>,
        commit: &Commit,
        depth: Depth,
    ) -> Result<Found, HistoryError> {
        let (versions, mut models) = self.differing((before, after))?;
        if let Some(parent) = parent.filter(|_| !models.unreadable_before.is_empty()) {
            let last = self.last_readable_versions(&versions, parent)?;
            if !last.is_empty() {
                let read = self.read_again((before, after), last)?;
                let unreadable = models.unreadable_after;
                return Ok(Found { unreadable, ..read.found(depth.prover(commit), depth) });
            }
        }
        if models.ask_for_neighbours() {
            let mut book = std::mem::take(&mut self.books.before);
            let whole = book.at(before, self);
            let whole = whole.map(|(whole, _)| models.add_neighbours(whole));
            self.books.before = book;
            whole?;
        }
        let plain = Policies::default();
        let changes = match (depth.prover(commit), depth) {
            (Some(prover), Depth::Whole(_)) if models.ask_for_meaning() => {
                if let Some(changes) = self.by_books((before, after), &models, prover)? {
                    changes
                } else {
                    let to = At::Commit(Box::new(commit.clone()));
                    self.workspace.exact_changes(&models, &versions, &to, (prover, true), &plain)?
                }
            }
            (Some(prover), Depth::Written(_)) => match models.differing_criteria() {
                [was, is] if was.is_empty() && is.is_empty() => models.changes(&plain, &ByForm),
                criteria => {
                    let (base, head) = self.needed((before, after), &criteria)?;
                    let scopes = (ModelScope::of_part(&base), ModelScope::of_part(&head));
                    let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
                    models.changes(&plain, &exactly)
                }
            },
            _ => models.changes(&plain, &ByForm),
        };
        let unreadable = models.unreadable_after.clone();
        self.last = Some(((before, after), (versions, models)));
        Ok(Found { changes, unreadable, readable_again: Vec::new() })
    }

    fn differing(&mut self, (before, after): Trees) -> Result<Differing, HistoryError> {
        if let Some((_, known)) = self.last.take().filter(|(trees, _)| *trees == (before, after)) {
            return Ok(known);
        }
        let changed = self.changed(before, after)?;
        let versions = self.versions(&changed)?;
        let models = Models::read(&versions, self.workspace.limits);
        Ok((versions, models))
    }

    /// What changed and what follows from it, by whole models that are kept from commit to commit; none
    /// where a file of one of them cannot be read whole.
    fn by_books(
        &mut self,
        (before, after): Trees,
        models: &Models,
        prover: Prover,
    ) -> Result<Option<ChangeSet>, HistoryError> {
        let mut books = std::mem::take(&mut self.books);
        if !books.after.is_at(after) && books.before.is_at(after) {
            // Newest first: what was before is what comes next.
            std::mem::swap(&mut books.before, &mut books.after);
        }
        let mut open = || -> Result<bool, HistoryError> {
            let (_, of_head) = books.after.at(after, self)?;
            let head_is_whole = of_head.is_empty();
            let (_, of_base) = books.before.at(before, self)?;
            Ok(head_is_whole && of_base.is_empty())
        };
        let are_whole = open();
        let changes = are_whole.map(|are_whole| {
            are_whole.then(|| {
                let (base, head) = (books.before.with_uses(), books.after.with_uses());
                let scopes = (ModelScope::asked(base.0, base.1), ModelScope::asked(head.0, head.1));
                let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
                let plain = Policies::default();
                let mut changes = models.changes(&plain, &exactly);
                changes.add_indirect(&exactly, &plain);
                changes
            })
        });
        self.books = books;
        changes
    }

    /// The parts of the whole models on both sides that criteria depend on.
    fn needed(
        &mut self,
        (before, after): Trees,
        [was, is]: &[Vec<(String, String)>; 2],
    ) -> Result<(Model, Model), HistoryError> {
        let mut book = std::mem::take(&mut self.books.asked).placeless();
        let mut read = || -> Result<_, HistoryError> {
            // What a file says that can be read only in part is not known, on either side.
            let mut broken = BTreeSet::new();
            let mut fields = FieldsAsked::default();
            loop {
                let (model, of_head) = book.at(after, self)?;
                let head = load::needed_by(model, is, &broken, &fields);
                let mut all = of_head.clone();
                let (model, of_base) = book.at(before, self)?;
                let base = load::needed_by(model, was, &broken, &head.fields);
                all.extend(of_base.iter().cloned());
                if all == broken && head.fields.hold(&base.fields) {
                    return Ok((base.model, head.model));
                }
                (broken, fields) = (all, base.fields);
            }
        };
        let found = read();
        self.books.asked = book;
        found
    }

    fn folder(&mut self, tree: ObjectId) -> Result<Option<ObjectId>, HistoryError> {
        if let Some(known) = self.folders.get(&tree) {
            return Ok(*known);
        }
        let folder = self.repository.folder_tree(tree, &self.workspace.folder)?;
        self.folders.insert(tree, folder);
        Ok(folder)
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
        self.lacks |= matches!(content.content, RawContent::Unreadable(_));
        let version = Arc::new(Version::from(content));
        let met = self.met.entry(file.path.clone()).or_default();
        met.truncate(VERSIONS_KEPT - 1);
        met.insert(0, (file.clone(), Arc::clone(&version)));
        Ok(version)
    }

    /// Of every file that the parent cannot read, and that can be read again or is gone, the last
    /// version that could be read.
    fn last_readable_versions(
        &self,
        versions: &Versions,
        parent: ObjectId,
    ) -> Result<Vec<RawFile>, HistoryError> {
        let mut last = Vec::new();
        for version in &versions.before {
            let path = version.path();
            let after = versions.after.iter().find(|after| after.path() == path);
            if !is_readable(&self.workspace, &version.file())
                && after.is_none_or(|after| is_readable(&self.workspace, &after.file()))
            {
                last.push(self.last_readable(path, parent)?);
            }
        }
        Ok(last)
    }

    /// Both models whole, some files before as they were when they could be read: what stood in one of
    /// them may stand in any other by now.
    fn read_again(
        &mut self,
        (before, after): Trees,
        last: Vec<RawFile>,
    ) -> Result<ReadAgain, HistoryError> {
        let mut files = |tree| -> Result<Vec<RawFile>, HistoryError> {
            let all = self.changed(None, tree)?;
            let all = all.iter().filter_map(|file| file.after.as_ref());
            all.map(|file| Ok(self.version(file)?.file())).collect()
        };
        let (mut before, after) = (files(before)?, files(after)?);
        let is_there = |path: &String| after.iter().any(|after| after.path == *path);
        let again = last.iter().map(|file| file.path.clone()).filter(is_there).collect();
        // Of two files that declare one thing the first counts: here the one that can be read.
        before.retain(|file| last.iter().all(|last| last.path != file.path));
        before.extend(last);
        let limits = self.workspace.limits;
        let models = Models::of(load::read(before, limits), load::read(after, limits));
        Ok(ReadAgain { models, again })
    }

    fn last_readable(&self, path: &str, from: ObjectId) -> Result<RawFile, HistoryError> {
        let from = self.repository.commit(from)?;
        let found = last_readable(&self.workspace, &self.repository, path, &from)?;
        let nothing = || RawFile { path: path.to_owned(), content: RawContent::Bytes(Vec::new()) };
        Ok(found.map_or_else(nothing, |(_, _, file)| file))
    }
}

/// Changes of a merge, with those of all against one parent or another that follow from them.
fn with_what_follows(mut own: Vec<Change>, all: Vec<Vec<Change>>) -> Vec<Change> {
    let mut met = BTreeSet::new();
    let follows = |change: &Change| own.iter().any(|cause| change.follows_from(cause));
    let mut following: Vec<Change> = all.into_iter().flatten().filter(follows).collect();
    following.retain(|change| met.insert(change.fingerprint.to_string()));
    own.append(&mut following);
    own
}

impl Shelf for Reader {
    fn changed(
        &self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
    ) -> Result<Vec<ChangedFile>, HistoryError> {
        Ok(self.repository.changed_in_folder(before, after, &self.workspace.folder)?)
    }

    fn after(&mut self, file: &ChangedFile) -> Result<Option<Arc<Version>>, HistoryError> {
        file.after.as_ref().map(|after| self.version(after)).transpose()
    }

    fn limits(&self) -> Limits {
        self.workspace.limits
    }
}
