//! What is said of how a change came in: who is named as having approved it, by which pull request
//! it came, and which merge brought it.
//!
//! Whether an approval counts is another question, which `rights` answers; here it is only read.

use super::pull_request::PullRequest;
use super::workspace::{At, HistoryError, Workspace};
use crate::change::{Change, Fingerprint};
use crate::git::{Commit, GitError, Mailmap, ObjectId, Person, Repository, WalkOptions};
use crate::model::Address;
use crate::proof::{DEFAULT_BUDGET, Prover};
use crate::rights::{Approval, ApprovalSource, CountsFor, Ledger, Signer, trailers};
use crate::source::{RawContent, RawFile};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Somebody who is named as having approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// Who, as they are called now.
    pub who: Signer,
    /// The role they gave it in, where they said so.
    pub role: Option<String>,
    /// Where that is written.
    pub source: ApprovalSource,
    /// What it is for, where it is not for all that came in.
    about: Option<Vec<Address>>,
}

impl Approver {
    /// How people call them.
    pub fn name(&self) -> String {
        let Signer { name, email, login } = &self.who;
        let login = || login.as_ref().map(|login| format!("@{login}"));
        name.clone().or_else(login).or_else(|| email.clone()).unwrap_or_default()
    }

    fn is_same(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => Some(a.eq_ignore_ascii_case(b)),
            _ => None,
        };
        let (a, b) = (&self.who, &other.who);
        let unique = same(&a.email, &b.email).or_else(|| same(&a.login, &b.login));
        unique.or_else(|| same(&a.name, &b.name)).unwrap_or_default()
    }
}

/// How what a commit changed came in.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// The merge that brought it, where one did.
    pub brought_by: Option<Commit>,
    /// The pull request it came by, where a message names one.
    pub pull_request: Option<PullRequest>,
    named: Named,
}

/// Who is named, and whether the same will be found next time.
#[derive(Debug, Clone)]
struct Named {
    approvers: Vec<Approver>,
    lasts: bool,
}

impl Default for Named {
    fn default() -> Self {
        Self { approvers: Vec::new(), lasts: true }
    }
}

impl Named {
    fn add(&mut self, other: &Self) {
        self.approvers.extend(other.approvers.iter().cloned());
        self.lasts &= other.lasts;
    }
}

impl Provenance {
    /// Whether the same will be found next time: nothing that it rests on was missing.
    pub fn lasts(&self) -> bool {
        self.named.lasts
    }

    /// Who is named as having approved a change, each once.
    pub fn approvers(&self, change: &Change) -> Vec<&Approver> {
        let ends = || [Some(&change.address), change.previous.as_ref()].into_iter().flatten();
        let is_about = |approver: &&Approver| match &approver.about {
            None => true,
            Some(about) => about.iter().any(|it| ends().any(|end| end.is_within(it.as_str()))),
        };
        let mut found: Vec<&Approver> = Vec::new();
        for approver in self.named.approvers.iter().filter(is_about) {
            if !found.iter().any(|known| known.is_same(approver)) {
                found.push(approver);
            }
        }
        found
    }
}

/// Finds how commits came in; what is asked for once is read once.
pub struct Provenances<'w> {
    workspace: &'w Workspace,
    repository: Repository,
    mailmap: Mailmap,
    merges: BTreeMap<ObjectId, Rc<Named>>,
}

impl<'w> Provenances<'w> {
    /// For the commits of a workspace.
    ///
    /// # Errors
    /// There is no repository.
    pub fn new(workspace: &'w Workspace) -> Result<Self, HistoryError> {
        let repository = workspace.repository()?.clone();
        let mailmap = repository.mailmap();
        Ok(Self { workspace, repository, mailmap, merges: BTreeMap::new() })
    }

    /// How a commit came in, by itself or by a merge that brought it.
    ///
    /// # Errors
    /// The repository does not give what is asked for.
    pub fn of(
        &mut self,
        commit: &Commit,
        brought_by: Option<&Commit>,
    ) -> Result<Provenance, HistoryError> {
        let merge = brought_by.or_else(|| (commit.parents.len() > 1).then_some(commit));
        let messages = [merge.map(|merge| &merge.message), Some(&commit.message)];
        let pull_request = messages.into_iter().flatten().find_map(|text| PullRequest::of(text));
        let mut named = self.of_messages(std::slice::from_ref(commit));
        match merge {
            Some(merge) => named.add(&*self.of_merge(merge)?),
            None => named.add(&self.of_ledger(commit)?),
        }
        Ok(Provenance { brought_by: brought_by.cloned(), pull_request, named })
    }

    /// Who approved what a merge brought: by its own message, those of its branch, and the ledger.
    fn of_merge(&mut self, merge: &Commit) -> Result<Rc<Named>, HistoryError> {
        if let Some(known) = self.merges.get(&merge.id) {
            return Ok(Rc::clone(known));
        }
        let mut commits = vec![merge.clone()];
        let mut lasts = true;
        match self.branch(merge) {
            Ok(branch) => commits.extend(branch),
            // What was not fetched names nobody.
            Err(HistoryError::Git(
                GitError::Shallow { .. }
                | GitError::MissingObject { .. }
                | GitError::PartialClone { .. },
            )) => lasts = false,
            Err(error) => return Err(error),
        }
        let mut named = self.of_messages(&commits);
        named.add(&self.of_ledger(merge)?);
        named.lasts &= lasts;
        let named = Rc::new(named);
        self.merges.insert(merge.id, Rc::clone(&named));
        Ok(named)
    }

    /// The commits that a merge brought, newest first.
    fn branch(&self, merge: &Commit) -> Result<Vec<Commit>, HistoryError> {
        let [first, others @ ..] = merge.parents.as_slice() else { return Ok(Vec::new()) };
        if let [tip] = others
            && let Some(straight) = self.straight_branch(*first, *tip)?
        {
            return Ok(straight);
        }
        let (tips, hide) = (others.to_vec(), vec![*first]);
        let walk = self.repository.walk(WalkOptions { tips, hide, ..WalkOptions::default() });
        Ok(walk.collect::<Result<_, _>>()?)
    }

    /// The commits of a branch without merges from where it left the main line, which is what most
    /// are; a walk that leaves out all the main line reaches costs many times more.
    fn straight_branch(
        &self,
        main: ObjectId,
        tip: ObjectId,
    ) -> Result<Option<Vec<Commit>>, HistoryError> {
        let Some(base) = self.repository.merge_base(main, tip)? else { return Ok(None) };
        let mut commits = Vec::new();
        let mut next = tip;
        while next != base.id {
            let commit = self.repository.commit(next)?;
            let [parent] = commit.parents.as_slice() else { return Ok(None) };
            next = *parent;
            commits.push(commit);
        }
        Ok(Some(commits))
    }

    fn of_messages(&self, commits: &[Commit]) -> Named {
        let given = trailers(commits).into_iter();
        let approvers = given.map(|approval| self.approver(approval, None)).collect();
        Named { approvers, lasts: true }
    }

    /// Who approved what by the entries that a commit adds to the ledger.
    ///
    /// An entry is for a change between two states of a model compared exactly; a step of the
    /// history may have taken several commits for it, so that what they share is the address.
    fn of_ledger(&self, commit: &Commit) -> Result<Named, HistoryError> {
        let (added, mut lasts) = self.added_entries(commit)?;
        if added.is_empty() {
            return Ok(Named { approvers: Vec::new(), lasts });
        }
        let (addresses, are_whole) = self.addresses(commit)?;
        lasts &= are_whole;
        let about = |approval: &Approval| match &approval.counts_for {
            CountsFor::Only(changes) => {
                let known = changes.iter().filter_map(|change| addresses.get(change));
                Some(known.flatten().cloned().collect())
            }
            CountsFor::At(_) => None,
        };
        let approver = |approval: Approval| {
            let about = about(&approval);
            self.approver(approval, about)
        };
        Ok(Named { approvers: added.into_iter().map(approver).collect(), lasts })
    }

    /// The entries that a commit adds to the ledger, and whether all of it could be read.
    fn added_entries(&self, commit: &Commit) -> Result<(Vec<Approval>, bool), HistoryError> {
        // Where the history was not fetched, everything would look added.
        if commit.boundary {
            return Ok((Vec::new(), false));
        }
        let name = self.workspace.ledger_folder();
        let folder = self.repository.folder_tree(commit.tree, &name)?;
        // Nothing was added to a ledger that is not there.
        if folder.is_none() {
            return Ok((Vec::new(), true));
        }
        let of_parent = match commit.parents.first() {
            Some(parent) => {
                let tree = self.repository.tree_of(*parent)?;
                self.repository.folder_tree(tree, &name)?
            }
            None => None,
        };
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let limit = self.workspace.limits.file_bytes;
        for file in self.repository.changed_in_folder(of_parent, folder, &name)? {
            for (side, into) in [(file.before, &mut before), (file.after, &mut after)] {
                if let Some(side) = side {
                    into.push(self.repository.read(&side, limit)?);
                }
            }
        }
        let are_whole = [&before, &after].into_iter().all(|files| is_readable(files));
        let ((before, _), (after, _)) = (Ledger::read(&before), Ledger::read(&after));
        Ok((Ledger::relevant(&before, after), are_whole))
    }

    /// Where the changes that a commit brought are, by what approvals know them by, and whether all of
    /// both models could be read.
    fn addresses(
        &self,
        commit: &Commit,
    ) -> Result<(BTreeMap<Fingerprint, Vec<Address>>, bool), HistoryError> {
        let from = match commit.parents.first() {
            Some(parent) => At::Commit(Box::new(self.repository.commit(*parent)?)),
            None => At::Nothing,
        };
        let as_of = jiff::Timestamp::from_second(commit.committer_time.seconds);
        let prover = as_of.ok().map(|as_of| Prover { as_of, budget: DEFAULT_BUDGET });
        let to = At::Commit(Box::new(commit.clone()));
        let mut addresses: BTreeMap<Fingerprint, Vec<Address>> = BTreeMap::new();
        for change in self.workspace.changes(&from, &to, prover)?.changes {
            let ends = std::iter::once(change.address).chain(change.previous);
            addresses.entry(change.fingerprint).or_default().extend(ends);
        }
        let are_whole =
            is_readable(&self.workspace.files(&from)?) && is_readable(&self.workspace.files(&to)?);
        Ok((addresses, are_whole))
    }

    /// Whoever gave an approval, as they are called now.
    fn approver(&self, approval: Approval, about: Option<Vec<Address>>) -> Approver {
        let Approval { mut by, source, role, .. } = approval;
        if let Some(email) = &by.email {
            let name = by.name.clone().unwrap_or_default();
            let now = self.mailmap.current(&Person { name, email: email.clone() });
            by = Signer { login: by.login, ..Signer::from(&now) };
        }
        Approver { who: by, role, source, about }
    }
}

/// Whether all of these are there: what is not may be there next time.
fn is_readable(files: &[RawFile]) -> bool {
    !files.iter().any(|file| matches!(file.content, RawContent::Unreadable(_)))
}
