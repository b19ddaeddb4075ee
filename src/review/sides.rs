//! Which revisions a review is about.

use crate::git::{Commit, GitError, Range, Repository};
use crate::history::Proposal;

/// The revisions of a review.
#[derive(Debug, Clone)]
pub struct Sides {
    /// What the base was called.
    pub base_name: String,
    /// The tip of the branch that the changes are proposed for.
    pub base: Commit,
    /// What the head was called.
    pub head_name: String,
    /// The tip of what is proposed.
    pub head: Commit,
    /// Where both parted.
    pub merge_base: Commit,
    /// What the policy's revision was called.
    pub policy_name: String,
    /// Where levels, decision rights, roles and exceptions are read: never the head.
    pub policy: Commit,
    /// What was understood otherwise than it was written.
    pub notes: Vec<String>,
}

/// What somebody asked to have reviewed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The branch the changes are proposed for; the default branch where none is given.
    pub base: Option<&'a str>,
    /// What is proposed; `HEAD` where nothing is given.
    pub head: Option<&'a str>,
    /// Where the policy is read; the base where nothing is given.
    pub policy: Option<&'a str>,
}

/// Why it is not known what is to be reviewed.
#[derive(Debug, thiserror::Error)]
pub enum SidesError {
    /// Git does not give the revisions.
    #[error(transparent)]
    Git(#[from] GitError),
    /// No branch was named, and there is none to take.
    #[error("there is no branch `main` or `master`, and no remote names another")]
    NoBase,
    /// The policy would be read from what is judged by it.
    #[error("`{0}` is the proposal itself, and nobody is judged by rules of their own")]
    OwnPolicy(String),
}

impl Sides {
    /// Finds the revisions.
    ///
    /// # Errors
    /// One of them is not there, or base and head share no history.
    pub fn find(repository: &Repository, wanted: Wanted<'_>) -> Result<Self, SidesError> {
        repository.must_keep_references_in_files()?;
        let base_name = if let Some(base) = wanted.base {
            base.to_owned()
        } else {
            let branch = repository.default_branch();
            if branch.is_none() {
                // Where nothing is committed yet, that is what is missing.
                repository.resolve("HEAD")?;
            }
            branch.ok_or(SidesError::NoBase)?
        };
        let head_name = wanted.head.unwrap_or("HEAD").to_owned();
        let base = repository.resolve(&base_name)?;
        let mut head = repository.resolve(&head_name)?;
        let mut notes = Vec::new();
        if let Some(proposed) = proposed_by_merge(repository, &head, &base)? {
            notes.push(format!(
                "`{head_name}` merges {} into `{base_name}`: its second parent is reviewed",
                proposed.id.short()
            ));
            head = proposed;
        }
        let bases = repository.merge_bases(base.id, head.id)?;
        let merge_base = repository.commit(*bases.first().ok_or_else(|| {
            GitError::NoMergeBase { left: base_name.clone(), right: head_name.clone() }
        })?)?;
        let bases = bases.len();
        if bases > 1 {
            notes.push(format!(
                "`{base_name}` and `{head_name}` merged each other and have {bases} nearest common \
                 ancestors; {} is taken, and what came since by another is told too: merge \
                 `{base_name}` once more for what is proposed alone",
                merge_base.id.short()
            ));
        }
        let policy_name = wanted.policy.unwrap_or(&base_name).to_owned();
        let policy = match wanted.policy {
            Some(policy) => repository.resolve(policy)?,
            None => base.clone(),
        };
        if policy.id == head.id && head.id != base.id {
            return Err(SidesError::OwnPolicy(policy_name));
        }
        Ok(Self { base_name, base, head_name, head, merge_base, policy_name, policy, notes })
    }

    /// Whether the base has not moved since the head left it: then the proposal is what comes of it.
    pub fn is_up_to_date(&self) -> bool {
        self.merge_base.id == self.base.id
    }

    /// Whether the base has everything that the head has.
    pub fn is_merged(&self) -> bool {
        self.merge_base.id == self.head.id
    }

    /// What is proposed, from where it left the base.
    pub fn proposal(&self) -> Proposal {
        Proposal::new(self.merge_base.clone(), self.head.clone(), self.base.id)
    }

    /// The revisions of a range: `A..B` and `A...B` are what B proposes for A, a single revision is
    /// proposed for the default branch.
    ///
    /// # Errors
    /// As for [`Sides::find`].
    pub fn of_range(repository: &Repository, range: &Range) -> Result<Self, SidesError> {
        let (base, head) = match range {
            Range::Single(head) => (None, head),
            Range::Between { from, to } => (Some(from.id.to_string()), &**to),
            Range::Symmetric { left, right, .. } => (Some(left.id.to_string()), &**right),
        };
        let head = head.id.to_string();
        Self::find(repository, Wanted { base: base.as_deref(), head: Some(&head), policy: None })
    }
}

/// What a merge commit brings to a base that it already stands on, as a forge makes it to test a pull
/// request: its second parent.
fn proposed_by_merge(
    repository: &Repository,
    head: &Commit,
    base: &Commit,
) -> Result<Option<Commit>, GitError> {
    let [first, second] = head.parents.as_slice() else { return Ok(None) };
    if *first != base.id && !repository.merge_bases(*first, base.id)?.contains(first) {
        return Ok(None);
    }
    // Only what brings nothing of its own is seen through.
    let (first, second) = (repository.commit(*first)?, repository.commit(*second)?);
    let merge = repository.merge(&first, &second)?;
    Ok((merge.conflicts.is_empty() && merge.tree == head.tree).then_some(second))
}
