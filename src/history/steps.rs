//! The changes of each commit, newest first, without ever stopping at one that cannot be read.

use super::pair::{Pair, Unreadable, unreadable};
use super::workspace::{At, HistoryError, Workspace};
use crate::change::{ChangeSet, Decide, Fingerprint, Impact, Policies};
use crate::git::{Commit, Mailmap, ObjectId, Repository, WalkOptions};
use crate::load;
use crate::model::{Address, Pattern};
use crate::proof::Prover;
use crate::source::RawFile;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// One commit and what it changed in the model.
#[derive(Debug)]
pub struct Step {
    /// The commit.
    pub commit: Commit,
    /// What it changed.
    pub changes: ChangeSet,
    /// Files that cannot be read in this commit.
    pub unreadable: Vec<Unreadable>,
    /// Files that can be read again, compared with the last commit in which they could.
    pub readable_again: Vec<String>,
    /// Whether the history before this commit was not fetched, so that nothing can be said.
    pub cut_off: bool,
}

impl Step {
    /// Whether there is anything to say about the commit.
    pub fn is_empty(&self) -> bool {
        self.changes.changes.is_empty() && self.unreadable.is_empty() && !self.cut_off
    }
}

/// What of the history is wanted.
#[derive(Debug, Clone, Default)]
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

/// A walk over the steps of a history.
pub struct Steps<'w> {
    workspace: &'w Workspace,
    repository: Repository,
    mailmap: Mailmap,
    decide: &'w dyn Decide,
    filter: LogFilter,
    /// What is asked for under the ids it had before; found on the way back.
    former: RefCell<Vec<Pattern>>,
    first_parent: bool,
    /// The steps a question may take, where changes are compared for all records there can be.
    budget: Option<u64>,
}

impl<'w> Steps<'w> {
    /// A walk with a filter.
    ///
    /// # Errors
    /// There is no repository.
    pub fn new(
        workspace: &'w Workspace,
        decide: &'w dyn Decide,
        filter: LogFilter,
        first_parent: bool,
    ) -> Result<Self, HistoryError> {
        let repository = workspace.repository()?.for_walking();
        let mailmap = repository.mailmap();
        let former = RefCell::default();
        Ok(Self {
            workspace,
            repository,
            mailmap,
            decide,
            filter,
            former,
            first_parent,
            budget: None,
        })
    }

    /// The same walk with every change compared for all records there can be, as of its commit;
    /// each question may take so many steps.
    #[must_use]
    pub fn exactly(mut self, budget: u64) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The steps that have something to say, newest first.
    pub fn walk(
        &self,
        options: &WalkOptions,
    ) -> impl Iterator<Item = Result<Step, HistoryError>> + '_ {
        let options = WalkOptions { first_parent: self.first_parent, ..options.clone() };
        // The repository outlives the walk it is borrowed for.
        let commits: Box<dyn Iterator<Item = _>> = Box::new(self.repository.walk(options));
        commits.filter_map(move |commit| match commit {
            Err(error) => Some(Err(error.into())),
            Ok(mut commit) => {
                commit.author = self.mailmap.current(&commit.author);
                commit.committer = self.mailmap.current(&commit.committer);
                let wanted = self.filter.wants_commit(&commit);
                wanted.then(|| self.step(&commit).transpose()).flatten()
            }
        })
    }

    fn step(&self, commit: &Commit) -> Result<Option<Step>, HistoryError> {
        let mut step = self.against(commit, commit.parents.first().copied())?;
        let others = commit.parents.get(1..).unwrap_or_default();
        if !self.first_parent {
            // What a merge only brings together was said where it was made: a change counts here
            // if it is one against every parent.
            for parent in others {
                let other = self.against(commit, Some(*parent))?;
                let theirs: BTreeSet<&Fingerprint> =
                    other.changes.changes.iter().map(|change| &change.fingerprint).collect();
                step.changes.changes.retain(|change| theirs.contains(&change.fingerprint));
                step.unreadable.retain(|file| other.unreadable.contains(file));
            }
        }
        self.follow_renames(&step.changes);
        self.filter.narrow(&mut step.changes, &self.former.borrow());
        step.unreadable.retain(|file| self.filter.wants_unreadable(file));
        Ok((!step.is_empty()).then_some(step))
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

    /// Whoever answers for all records, as of a commit.
    fn prover(&self, commit: &Commit) -> Option<Prover> {
        let as_of = jiff::Timestamp::from_second(commit.committer_time.seconds).ok()?;
        Some(Prover { as_of, budget: self.budget? })
    }

    fn against(&self, commit: &Commit, parent: Option<ObjectId>) -> Result<Step, HistoryError> {
        let mut step = Step {
            commit: commit.clone(),
            changes: ChangeSet::default(),
            unreadable: Vec::new(),
            readable_again: Vec::new(),
            cut_off: false,
        };
        if commit.boundary {
            step.cut_off = true;
            return Ok(step);
        }
        let parent = parent.map(|id| self.repository.commit(id)).transpose()?;
        let folder = &self.workspace.folder;
        let changed = self.repository.changed_files(parent.as_ref(), commit, folder)?;
        if changed.is_empty() {
            return Ok(step);
        }
        let mut pair = self.workspace.read(&changed)?;
        let mut models = self.workspace.models(pair.clone());
        if let Some(parent) = parent.filter(|_| !models.unreadable_before.is_empty()) {
            step.readable_again = self.readable_versions(&mut pair, &parent)?;
            models = self.workspace.models(pair.clone());
        }
        let policies = Policies::default();
        step.changes = match self.prover(commit) {
            Some(prover) => {
                let to = At::Commit(Box::new(commit.clone()));
                self.workspace.exact_changes(&models, pair, &to, prover, &policies)?
            }
            None => models.changes(&policies, self.decide),
        };
        step.unreadable = models.unreadable_after;
        Ok(step)
    }

    /// Puts, for every file the parent cannot read, its last readable version in its place.
    fn readable_versions(
        &self,
        pair: &mut Pair,
        parent: &Commit,
    ) -> Result<Vec<String>, HistoryError> {
        let mut again = Vec::new();
        for file in &mut pair.before {
            if is_readable(self.workspace, file) {
                continue;
            }
            let after = pair.after.iter().find(|after| after.path == file.path);
            if after.is_none_or(|after| !is_readable(self.workspace, after)) {
                continue;
            }
            again.push(file.path.clone());
            *file = self.last_readable(&file.path, parent)?;
        }
        Ok(again)
    }

    fn last_readable(&self, path: &str, from: &Commit) -> Result<RawFile, HistoryError> {
        let options =
            WalkOptions { tips: vec![from.id], first_parent: true, ..WalkOptions::default() };
        let limit = self.workspace.limits.file_bytes;
        for commit in self.repository.walk(options) {
            match self.repository.file_at(&commit?, path, limit)? {
                Some(file) if is_readable(self.workspace, &file) => return Ok(file),
                Some(_) => {}
                None => break,
            }
        }
        let content = crate::source::RawContent::Bytes(Vec::new());
        Ok(RawFile { path: path.to_owned(), content })
    }
}

/// Whether a file can be read as written.
pub(super) fn is_readable(workspace: &Workspace, file: &RawFile) -> bool {
    let loaded = load::read(vec![file.clone()], workspace.limits);
    unreadable(&loaded.findings).is_empty()
}
