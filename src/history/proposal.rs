//! A proposal: from where it starts to where it leads, its commits, and what it was at each.

use super::steps::{LogFilter, Steps};
use super::workspace::{At, HistoryError, Workspace};
use crate::change::{ChangeSet, Fingerprint};
use crate::finding::Finding;
use crate::git::{Commit, GitError, ObjectId, Repository, WalkOptions};
use crate::proof::Prover;
use crate::rights::{Approval, CountsFor, Ledger};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody wants to change: a stretch of history from a base to a head.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What it starts from; levels, rights, roles and exceptions are those of it.
    pub base: Commit,
    /// What it leads to.
    pub head: Commit,
    /// What it is proposed against: the tip of the other branch, or the base itself.
    against: ObjectId,
}

/// A commit of a proposal, and what it wrote.
#[derive(Debug, Clone)]
pub struct Written {
    /// The commit, as it is recorded.
    pub commit: Commit,
    /// What it changed, by form alone.
    pub changes: ChangeSet,
}

impl Proposal {
    /// What a head proposes to a branch, from where it left it.
    pub fn new(base: Commit, head: Commit, against: ObjectId) -> Self {
        Self { base, head, against }
    }

    fn walk_options(&self) -> WalkOptions {
        let (tips, hide) = (vec![self.head.id], vec![self.against]);
        WalkOptions { tips, hide, ..WalkOptions::default() }
    }

    /// Its commits, newest first.
    ///
    /// # Errors
    /// The repository does not give them.
    pub fn commits(&self, workspace: &Workspace) -> Result<Vec<Commit>, HistoryError> {
        if self.head.parents == [self.against] {
            return Ok(vec![self.head.clone()]);
        }
        let commits = workspace.repository()?.walk(self.walk_options());
        Ok(commits.collect::<Result<_, _>>()?)
    }

    /// Its commits that change what the model means, newest first: whoever wrote these wrote the
    /// proposal. A merge that only brings together what was written elsewhere is not among them,
    /// and neither is a commit that writes an approval down.
    ///
    /// # Errors
    /// The repository does not give them.
    pub fn writing_commits(&self, workspace: &Workspace) -> Result<Vec<Commit>, HistoryError> {
        Ok(self.written(workspace)?.into_iter().map(|written| written.commit).collect())
    }

    /// The same commits, each with what it wrote as far as its form tells; a merge that holds more
    /// than what its parents have comes first, and a second time with what it wrote itself.
    ///
    /// # Errors
    /// The repository does not give them.
    pub fn written(&self, workspace: &Workspace) -> Result<Vec<Written>, HistoryError> {
        let repository = workspace.repository()?;
        let steps =
            Steps::new(workspace, LogFilter::default(), false)?.by_form().remembering(false);
        let mut written = Vec::new();
        for commit in self.commits(workspace)? {
            if is_written_merge(workspace, repository, &commit)? {
                written.push(Written { commit, changes: ChangeSet::default() });
            }
        }
        for step in steps.walk(&self.walk_options()) {
            let step = step?;
            let nothing_known = step.cut_off || !step.unreadable.is_empty();
            if nothing_known || step.changes.meaningful().next().is_some() {
                // As it is recorded: who people are now is for the base's mailmap to say.
                let commit = repository.commit(step.commit.id)?;
                written.push(Written { commit, changes: step.changes });
            }
        }
        Ok(written)
    }

    /// The fingerprints that it had at the commits at which some approvals were given; a commit
    /// that is not known any more is left out.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn fingerprints(
        &self,
        workspace: &Workspace,
        now: &ChangeSet,
        approvals: &[Approval],
        prover: Option<Prover>,
    ) -> Result<BTreeMap<ObjectId, BTreeSet<Fingerprint>>, HistoryError> {
        let at = |approval: &Approval| match approval.counts_for {
            CountsFor::At(commit) => Some(commit),
            CountsFor::Only(_) => None,
        };
        let commits: BTreeSet<ObjectId> = approvals.iter().filter_map(at).collect();
        let mut found = BTreeMap::new();
        for commit in commits {
            if let Some(changes) = self.fingerprints_at(workspace, now, commit, prover)? {
                found.insert(commit, changes);
            }
        }
        Ok(found)
    }

    fn fingerprints_at(
        &self,
        workspace: &Workspace,
        now: &ChangeSet,
        commit: ObjectId,
        prover: Option<Prover>,
    ) -> Result<Option<BTreeSet<Fingerprint>>, HistoryError> {
        let repository = workspace.repository()?;
        let commit = match repository.commit(commit) {
            Ok(commit) => commit,
            Err(GitError::MissingObject { .. } | GitError::PartialClone { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Some(base) = repository.merge_base(self.against, commit.id)? else { return Ok(None) };
        let folder = |commit: &Commit| repository.folder_tree(commit.tree, &workspace.folder);
        if base.id == self.base.id && folder(&commit)? == folder(&self.head)? {
            return Ok(Some(fingerprints(now)));
        }
        let (from, to) = (At::Commit(base.into()), At::Commit(commit.into()));
        Ok(Some(fingerprints(&workspace.changes(&from, &to, prover)?)))
    }

    /// The approvals that it adds to the ledger, whatever is wrong with others.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn added_approvals(&self, workspace: &Workspace) -> Result<Vec<Approval>, HistoryError> {
        let (repository, folder) = (workspace.repository()?, workspace.ledger_folder());
        let tree = |commit: &Commit| repository.folder_tree(commit.tree, &folder);
        if tree(&self.base)? == tree(&self.head)? {
            return Ok(Vec::new());
        }
        Ok(self.ledger(workspace)?.0)
    }

    /// The approvals that it adds to the ledger, and what is wrong with them.
    ///
    /// # Errors
    /// The repository does not give the files.
    pub fn ledger(
        &self,
        workspace: &Workspace,
    ) -> Result<(Vec<Approval>, Vec<Finding>), HistoryError> {
        let read = |commit: &Commit| -> Result<_, HistoryError> {
            let files = workspace.ledger(&At::Commit(commit.clone().into()))?;
            Ok(Ledger::read(&files))
        };
        let ((before, _), (after, findings)) = (read(&self.base)?, read(&self.head)?);
        Ok((Ledger::relevant(&before, after), findings))
    }
}

/// Whether a merge holds something else than what comes of its parents by itself: then somebody decided.
fn is_written_merge(
    workspace: &Workspace,
    repository: &Repository,
    commit: &Commit,
) -> Result<bool, HistoryError> {
    // Git makes no merge of more than two parents where anything is to be decided; what one says all
    // the same is found by its step.
    let [ours, theirs] = commit.parents.as_slice() else { return Ok(false) };
    let (ours, theirs) = (repository.commit(*ours)?, repository.commit(*theirs)?);
    let Ok(merge) = repository.merge(&ours, &theirs) else { return Ok(true) };
    let folder = |repository: &Repository, tree| repository.folder_tree(tree, &workspace.folder);
    Ok(folder(&merge.repository, merge.tree)? != folder(repository, commit.tree)?)
}

fn fingerprints(changes: &ChangeSet) -> BTreeSet<Fingerprint> {
    changes.changes.iter().map(|change| change.fingerprint.clone()).collect()
}
