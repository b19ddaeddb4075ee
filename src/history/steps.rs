//! The changes of each commit, newest first, without ever stopping at one that cannot be read.

use super::crew::Crew;
use super::going::{Going, Told};
use super::reader::{Depth, Reader};
use super::shown::Shown;
use super::unreadable::Unreadable;
use super::workspace::{HistoryError, Workspace};
use crate::change::{Change, ChangeSet, Impact, SCHEME};
use crate::git::{Commit, Mailmap, ObjectId, Repository, WalkOptions};
use crate::model::{Address, Pattern};
use crate::proof::DEFAULT_BUDGET;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One commit and what it changed in the model.
#[derive(Debug)]
pub struct Step {
    /// The commit; who wrote it is called as they are now.
    pub commit: Arc<Commit>,
    /// The merge that brought it to the main line; none where it stands on it, or only the main line
    /// is walked.
    pub brought_by: Option<Arc<Commit>>,
    /// Whether it is a merge that says something that none of its parents says.
    pub in_merge: bool,
    /// What it changed, at the levels of the policy in force before it.
    pub changes: ChangeSet,
    /// Files that cannot be read in this commit.
    pub unreadable: Vec<Unreadable>,
    /// Files that can be read again, compared with the last commit in which they could.
    pub readable_again: Vec<String>,
    /// Whether the history before this commit was not fetched, so that nothing can be said.
    pub cut_off: bool,
    /// The ids that it frees, by taking something away or giving it another one, and that stand for
    /// something else later, with the commit that gave them to that; as far as the walk met it.
    pub reused: BTreeMap<Address, ObjectId>,
}

impl Step {
    /// The id that a change frees and that stands for something else since a later commit.
    pub fn reused_by(&self, change: &Change) -> Option<(&Address, ObjectId)> {
        let renamed = change.previous.as_ref().filter(|_| change.is_rename());
        let freed = renamed.or_else(|| change.after.is_none().then_some(&change.address))?;
        self.reused.get_key_value(freed).map(|(address, commit)| (address, *commit))
    }

    pub(super) fn of(commit: Arc<Commit>) -> Self {
        Self {
            commit,
            brought_by: None,
            in_merge: false,
            changes: ChangeSet::default(),
            unreadable: Vec::new(),
            readable_again: Vec::new(),
            cut_off: false,
            reused: BTreeMap::new(),
        }
    }

    /// The same step that holds no text of the files in which its changes stand: of many steps at once
    /// these would take most of the room.
    fn without_texts(mut self) -> Self {
        let changes = std::mem::take(&mut self.changes.changes);
        self.changes.changes = changes.into_iter().map(Change::without_texts).collect();
        self
    }

    /// Whether there is anything to say about the commit.
    pub fn is_empty(&self) -> bool {
        self.changes.changes.is_empty() && self.unreadable.is_empty() && !self.cut_off
    }
}

/// What of the history is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Only at or below these addresses.
    pub addresses: Vec<Pattern>,
    /// Only commits recorded at or after this instant, in seconds since 1970-01-01 UTC.
    pub since: Option<i64>,
    /// Only commits recorded at or before this instant.
    pub until: Option<i64>,
    /// Only commits whose author's name or address contains this, without regard to case.
    pub author: Option<String>,
    /// Only these kinds of change; a last `*` stands for any ending.
    pub kinds: Vec<String>,
    /// Only changes that do this.
    pub impacts: Vec<Impact>,
}

impl LogFilter {
    fn wants_commit(&self, commit: &Commit) -> bool {
        let seconds = commit.committer_time.seconds;
        let author = || format!("{} <{}>", commit.author.name, commit.author.email).to_lowercase();
        self.since.is_none_or(|since| seconds >= since)
            && self.until.is_none_or(|until| seconds <= until)
            && self.author.as_ref().is_none_or(|wanted| author().contains(&wanted.to_lowercase()))
    }

    /// Whether a commit is new enough, whatever else is asked for.
    fn reaches(&self, commit: &Commit) -> bool {
        self.since.is_none_or(|since| commit.committer_time.seconds >= since)
    }

    fn narrow(&self, changes: &mut ChangeSet, former: &[Pattern]) {
        if !self.addresses.is_empty() {
            changes.keep(&[self.addresses.as_slice(), former].concat());
        }
        let kind = |id: &str| {
            self.kinds.is_empty()
                || self.kinds.iter().any(|wanted| match wanted.strip_suffix('*') {
                    Some(start) => id.starts_with(start),
                    None => id == wanted,
                })
        };
        let impact = |impact| self.impacts.is_empty() || self.impacts.contains(&impact);
        changes.changes.retain(|change| kind(&change.kind.id) && impact(change.impact));
    }

    /// Whether a file that cannot be read may hide what is asked for.
    fn wants_unreadable(&self, file: &Unreadable) -> bool {
        let is_near = |pattern: &Pattern, address: &Address| {
            pattern.covers(address.as_str()) || pattern.is_below(address.as_str())
        };
        let near =
            self.addresses.iter().any(|pattern| file.holds.iter().any(|a| is_near(pattern, a)));
        let selective = !self.kinds.is_empty() || !self.impacts.is_empty();
        // Of a file nothing is known of, anything may be hidden.
        !selective && (self.addresses.is_empty() || file.holds.is_empty() || near)
    }
}

/// Counts changes of what is kept of a step, and of how it is found out.
const REVISION: u32 = 9;

/// A walk over the steps of a history.
pub struct Steps<'w> {
    workspace: &'w Workspace,
    pub(super) repository: Repository,
    pub(super) mailmap: Mailmap,
    filter: LogFilter,
    /// What is asked for under the ids it had before; found on the way back.
    former: RefCell<Vec<Pattern>>,
    first_parent: bool,
    depth: Depth,
    remembers: bool,
    pub(super) counted: bool,
    pub(super) progress: Option<&'w dyn Fn(usize)>,
}

impl<'w> Steps<'w> {
    /// A walk with a filter. What was written is compared for all records there can be, as of each
    /// commit.
    ///
    /// # Errors
    /// There is no repository.
    pub fn new(
        workspace: &'w Workspace,
        filter: LogFilter,
        first_parent: bool,
    ) -> Result<Self, HistoryError> {
        // It reads commits alone; what is in them is for the readers.
        let repository = workspace.repository()?.clone();
        let mailmap = repository.mailmap();
        Ok(Self {
            workspace,
            repository,
            mailmap,
            filter,
            former: RefCell::default(),
            first_parent,
            depth: Depth::Written(DEFAULT_BUDGET),
            remembers: true,
            counted: false,
            progress: None,
        })
    }

    /// The same walk by form alone: a criterion that says something else is undecided.
    #[must_use]
    pub fn by_form(mut self) -> Self {
        self.depth = Depth::Form;
        self
    }

    /// The same walk with what follows elsewhere; each question may take so many steps.
    #[must_use]
    pub fn exactly(mut self, budget: u64) -> Self {
        self.depth = Depth::Whole(budget);
        self
    }

    /// The same walk, or one that asks no earlier run and leaves nothing to a later one.
    #[must_use]
    pub fn remembering(mut self, remembers: bool) -> Self {
        self.remembers = remembers;
        self
    }

    /// The same walk, of which changes are only counted: what an earlier run found comes without words.
    #[must_use]
    pub fn counted(mut self, counted: bool) -> Self {
        self.counted = counted;
        self
    }

    /// The same walk; something is told how many commits have been looked at.
    #[must_use]
    pub fn reporting(mut self, progress: &'w dyn Fn(usize)) -> Self {
        self.progress = Some(progress);
        self
    }

    /// The steps that have something to say, newest first.
    pub fn walk(
        &self,
        options: &WalkOptions,
    ) -> impl Iterator<Item = Result<Step, HistoryError>> + '_ {
        let going: Going<'_, 'w, ()> = self.going(options, None);
        going.filter_map(|told| match told {
            Ok(Told::Step(step)) => Some(Ok(*step)),
            Ok(Told::Shown(())) => None,
            Err(error) => Some(Err(error)),
        })
    }

    /// The same steps; in the place of one that an earlier run showed in the same way stands what it
    /// kept of it with [`Going::keep`]. `way` tells all that what is shown depends on beside the step
    /// and how it came in. Only a walk that asks for everything remembers what was shown.
    pub fn walk_shown<T: Serialize + DeserializeOwned>(
        &self,
        options: &WalkOptions,
        way: &str,
    ) -> Going<'_, 'w, T> {
        self.going(options, Some(way))
    }

    fn going<T: Serialize + DeserializeOwned>(
        &self,
        options: &WalkOptions,
        way: Option<&str>,
    ) -> Going<'_, 'w, T> {
        // What was not fetched may be there next time, and say something else of any commit.
        let remembers = self.remembers && !self.repository.is_partial();
        let options = WalkOptions { first_parent: self.first_parent, remembers, ..options.clone() };
        let key = self.key();
        let is_whole = !self.repository.is_shallow() && self.filter == LogFilter::default();
        let shown = way.filter(|_| remembers && is_whole).map(|way| {
            let names = self.mailmap.told();
            Shown::of(&self.repository, &format!("{way} {names} {key}"))
        });
        Going::new(self, options, remembers.then(|| self.repository.journal(&key)), shown)
    }

    /// Readers, each of which goes through stretches of its own: the step of a commit, and whether the
    /// same will be found next time.
    pub(super) fn crew(&self) -> Crew<'w, Arc<Commit>, (Result<Step, HistoryError>, bool)> {
        let (workspace, depth, first_parent) = (self.workspace, self.depth, self.first_parent);
        Crew::new(move || {
            let mut reader = Reader::new(workspace)?;
            Ok(Box::new(move |commit| {
                let step = reader.step(commit, depth, first_parent).map(Step::without_texts);
                (step, reader.has_seen_all())
            }))
        })
    }

    /// Everything that what is kept of a commit depends on beside the commit.
    fn key(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let (depth, first_parent) = (self.depth, self.first_parent);
        let (folder, limits) = (&self.workspace.folder, self.workspace.limits);
        format!("steps {REVISION} {version} {SCHEME} {depth:?} {first_parent} {limits:?} {folder}")
    }

    /// Whether a commit has to be looked at.
    pub(super) fn looks_at(&self, commit: &Commit) -> bool {
        // Where one thing is asked for, any commit may say what it was called before.
        self.filter.wants_commit(commit)
            || (!self.filter.addresses.is_empty() && self.filter.reaches(commit))
    }

    /// A step as it is asked for; none where it has nothing to say.
    pub(super) fn told(&self, mut step: Step) -> Option<Step> {
        self.follow_renames(&step.changes);
        self.filter.narrow(&mut step.changes, &self.former.borrow());
        step.unreadable.retain(|file| self.filter.wants_unreadable(file));
        (!step.is_empty() && self.filter.wants_commit(&step.commit)).then_some(step)
    }

    /// From a commit that renames what is asked for, its former address is asked for too.
    fn follow_renames(&self, changes: &ChangeSet) {
        if self.filter.addresses.is_empty() {
            return;
        }
        let mut former = self.former.borrow_mut();
        for change in changes.changes.iter().filter(|change| change.is_rename()) {
            let Some(previous) = &change.previous else { continue };
            let asked = self.filter.addresses.iter().chain(former.iter());
            let found: Vec<Pattern> = asked
                .filter_map(|pattern| pattern.under(change.address.as_str(), previous.as_str()))
                .collect();
            former.extend(found);
        }
    }
}
