//! What a proposal means, what comes of it, and whose signature it needs.
//!
//! Three comparisons: the *proposal*, from where it left the base, so that nobody is blamed for what
//! others did meanwhile; the *outcome*, what the base would be with it; and the *policy*, which is
//! never that of the proposal.

mod expected;
mod outcome;
mod rows;
mod sides;
mod verdict;

pub use expected::{Expectation, Expected, Unexpected, expect_page};
pub use outcome::{Conflict, Interaction};
pub use sides::{Sides, SidesError, Wanted};
pub use verdict::Verdict;

use crate::change::{Change, ChangeSet, Fingerprint, Level};
use crate::finding::Finding;
use crate::git::{Commit, ObjectId};
use crate::history::{At, HistoryError, Workspace};
use crate::model::Model;
use crate::proof::Prover;
use crate::rights::{self, Approval, Asked, Plan, Waived};
use jiff::civil::Date;
use outcome::Outcome;

/// What a review depends on beside the revisions.
pub struct Request<'a> {
    /// Who proves; nobody where form alone is compared.
    pub prover: Option<Prover>,
    /// The day for which terms and expiries are judged.
    pub as_of: Date,
    /// Approvals that were given at the forge.
    pub reviews: &'a [Approval],
    /// What is in the proposal beside the changes, as the words of `evidence`.
    pub evidence: &'a [&'a str],
    /// What the author says the proposal does; nothing where nothing was said.
    pub expected: Option<&'a Expected>,
}

/// A reviewed proposal.
pub struct Review {
    /// The revisions.
    pub sides: Sides,
    /// What the proposal does.
    pub proposal: ChangeSet,
    /// What comes of it only together with what the base did meanwhile.
    pub interactions: Vec<Interaction>,
    /// What the base did as well, so that nothing is left of it to do.
    pub already_there: Vec<Fingerprint>,
    /// What both sides changed so that only a person can put it together.
    pub conflicts: Vec<Conflict>,
    /// What is wrong with what comes of it, and not with the base.
    pub broken: Vec<Finding>,
    /// What is wrong with the approvals that it writes down.
    pub ledger: Vec<Finding>,
    /// Who must sign what, and who did.
    pub plan: Plan,
    /// What was expected and is not there, or is there and was not expected.
    pub unexpected: Vec<Unexpected>,
    /// What all this comes to.
    pub verdict: Verdict,
}

impl Review {
    /// Reviews a proposal.
    ///
    /// # Errors
    /// The repository does not give what is compared.
    pub fn of(
        workspace: &Workspace,
        sides: Sides,
        request: &Request<'_>,
    ) -> Result<Self, HistoryError> {
        let at = |commit: &Commit| At::Commit(Box::new(commit.clone()));
        let mut has_files = false;
        for side in [&sides.head, &sides.merge_base, &sides.base] {
            has_files = has_files || workspace.has_files(side)?;
        }
        if !has_files {
            return Err(HistoryError::NoModel(workspace.folder_name().to_owned()));
        }
        let policy: Model = workspace.model(&at(&sides.policy))?;
        let policies = workspace.policies(&at(&sides.policy))?;
        let compare = |from: &Commit, to: &Commit| {
            workspace.changes_judged(&at(from), &at(to), request.prover, &policies)
        };
        let proposal = compare(&sides.merge_base, &sides.head)?;
        let outcome = Outcome::of(workspace, &sides, &proposal, request, (&policy, &policies))?;
        let stretch = sides.proposal();
        let commits = stretch.commits(workspace)?;
        let (ledger, ledger_findings) = stretch.ledger(workspace)?;
        let approvals = [request.reviews, &rights::trailers(&commits), &ledger].concat();
        let all: Vec<Change> = judged(&proposal, &outcome.interactions).cloned().collect();
        let fingerprints =
            stretch.fingerprints(workspace, &proposal, &approvals, request.prover)?;
        let said = rights::evidence(&commits);
        let evidence: Vec<&str> =
            request.evidence.iter().copied().chain(said.iter().map(String::as_str)).collect();
        let plan = rights::plan(&Asked {
            changes: &all,
            policy: &policy,
            approvals: &approvals,
            authors: &rights::authors(&stretch.writing_commits(workspace)?),
            mailmap: &workspace.repository()?.mailmap_at(&sides.policy)?,
            as_of: request.as_of,
            at: &|commit: &ObjectId| fingerprints.get(commit).cloned(),
            evidence: &evidence,
        });
        // What is meant is held against all that changes, also where policy does not show it.
        let all = [all, proposal.silenced.clone()].concat();
        let unexpected =
            request.expected.map(|expected| expected.against(&all)).unwrap_or_default();
        let mut review = Self {
            sides,
            proposal,
            interactions: outcome.interactions,
            already_there: outcome.already_there,
            conflicts: outcome.conflicts,
            broken: outcome.broken,
            ledger: ledger_findings,
            plan,
            unexpected,
            verdict: Verdict::Nothing,
        };
        review.verdict = Verdict::of(&review);
        Ok(review)
    }

    /// All changes that are judged: those of the proposal, and what comes of it only together with
    /// the base.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        judged(&self.proposal, &self.interactions)
    }

    /// All changes that are judged, as one set.
    pub fn all(&self) -> ChangeSet {
        ChangeSet { changes: self.changes().cloned().collect(), ..self.proposal.clone() }
    }

    /// The exception that waives a change.
    pub fn waived(&self, change: &Change) -> Option<&Waived> {
        self.plan.waived.iter().find(|waived| waived.change == change.fingerprint)
    }

    /// The changes that nobody may sign away; no exception waives them.
    pub fn forbidden(&self) -> impl Iterator<Item = &Change> {
        self.changes().filter(|change| change.level == Level::Forbid)
    }
}

fn judged<'a>(
    proposal: &'a ChangeSet,
    interactions: &'a [Interaction],
) -> impl Iterator<Item = &'a Change> {
    proposal.changes.iter().chain(interactions.iter().map(|interaction| &interaction.change))
}
