//! Who had agreed to the changes of one commit, by the policy that judged it.

use super::entry::{Approved, Entry, Refused, Required, Standing, Waiver};
use super::judge::day;
use super::steps::days_between;
use crate::change::{Change, ChangeSet, Fingerprint, Level};
use crate::git::{Commit, Mailmap, ObjectId};
use crate::history::{HistoryError, Proposal, Workspace, Written};
use crate::model::Model;
use crate::proof::Prover;
use crate::rights::{
    self, Approval, ApprovalSource, Asked, CountsFor, Identity, NotCounted, People, Plan, Refusal,
    Requirement, RoleStatus, approval_of_some,
};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The plan for the changes of one commit, and what each approval was for.
pub(super) struct Signed {
    plan: Plan,
    approvals: Vec<Approval>,
    /// The fingerprints at the commits at which approvals were given.
    at: BTreeMap<ObjectId, BTreeSet<Fingerprint>>,
    /// The commits that say to be copies of others, with the approvals in their messages.
    copies: BTreeSet<ObjectId>,
    /// Who is who, and who wrote it; asked only where somebody approved.
    people: Option<(People, Vec<Identity>)>,
}

impl Signed {
    /// Who had agreed to what a proposal changes, by a model that judges and the names of its day.
    pub(super) fn of(
        workspace: &Workspace,
        (proposal, written): (&Proposal, &[Written]),
        changes: &ChangeSet,
        (policy, mailmap): (&Model, &Mailmap),
        budget: u64,
    ) -> Result<Self, HistoryError> {
        let seconds = proposal.head.committer_time.seconds;
        let prover = Timestamp::from_second(seconds).ok().map(|as_of| Prover { as_of, budget });
        let commits = proposal.commits(workspace)?;
        let ledger = proposal.added_approvals(workspace)?;
        let approvals = [rights::trailers(&commits), ledger].concat();
        let at = proposal.fingerprints(workspace, changes, &approvals, prover)?;
        let said = rights::evidence(&commits);
        let evidence: Vec<&str> = said.iter().map(String::as_str).collect();
        let writing: Vec<Commit> = written.iter().map(|one| one.commit.clone()).collect();
        let authors = rights::authors(&writing);
        let as_of = day(seconds);
        let asked = Asked {
            changes: &changes.changes,
            policy,
            approvals: &approvals,
            authors: &authors,
            mailmap,
            as_of,
            at: &|commit: &ObjectId| at.get(commit).cloned(),
            evidence: &evidence,
        };
        let is_asked = changes.changes.iter().any(|change| change.level == Level::Approve);
        let plan =
            if is_asked || !approvals.is_empty() { rights::plan(&asked) } else { Plan::default() };
        let people = (!approvals.is_empty()).then(|| {
            let people = People::of(policy, mailmap, as_of);
            let authors = authors.iter().map(|author| people.author(author)).collect();
            (people, authors)
        });
        let copies = commits.iter().filter(|commit| is_copy(commit)).map(|commit| commit.id);
        Ok(Self { plan, approvals, at, copies: copies.collect(), people })
    }

    /// Says in an entry what was asked for and what is there.
    pub(super) fn tell(&self, entry: &mut Entry, change: &Change) {
        let fingerprint = &change.fingerprint;
        let about = |requirement: &&Requirement| requirement.changes.contains(fingerprint);
        let mut signatures = Vec::new();
        for requirement in self.plan.requirements.iter().filter(about) {
            entry.required.push(required(requirement));
            entry.missing.extend(missing(requirement, fingerprint));
            let roles = requirement.all_of.iter().chain(&requirement.any_of);
            signatures.extend(roles.filter_map(|role| approved(role, fingerprint)));
        }
        signatures.dedup();
        entry.missing.dedup();
        entry.approvals = signatures;
        let refused = self.plan.not_counted.iter();
        let refused = refused.filter(|not| self.is_for(&not.approval, fingerprint));
        entry.refused = refused.map(of_refused).collect();
        let waived = self.plan.waived.iter().find(|waived| waived.change == *fingerprint);
        entry.waived_by = waived.map(|waived| Waiver {
            exception: waived.exception.to_string(),
            reason: waived.reason.clone(),
            expires: waived.expires.to_string(),
        });
        let unclaimed = self.plan.unclaimed.contains(fingerprint);
        entry.standing = match change.level {
            Level::Forbid => Standing::Forbidden,
            Level::Approve if waived.is_some() => Standing::Waived,
            Level::Approve if unclaimed => Standing::Unclaimed,
            Level::Approve if !entry.missing.is_empty() => Standing::Unapproved,
            Level::Approve if !entry.required.is_empty() => Standing::Approved,
            _ => Standing::NotAsked,
        };
        if unclaimed {
            entry.missing.push("a decision right that says whose approval it needs".to_owned());
        }
    }

    /// Whether an approval was given for a change.
    fn is_for(&self, approval: &Approval, fingerprint: &Fingerprint) -> bool {
        match &approval.counts_for {
            CountsFor::Only(changes) => changes.contains(fingerprint),
            CountsFor::At(commit) => {
                self.at.get(commit).is_some_and(|changes| changes.contains(fingerprint))
            }
        }
    }

    /// Whether an approval that counts for a change was given before anybody wrote it, or to a commit
    /// of which this one is a copy.
    ///
    /// Days are written where people are: one of them is no difference.
    pub(super) fn was_earlier(&self, entry: &Entry, change: &Change, written: &[Written]) -> bool {
        if entry.approvals.is_empty() {
            return false;
        }
        let made = written.iter().filter(|one| entry.made_by.contains(&one.commit.id.to_string()));
        let first = made.map(|one| one.commit.author_time.seconds).min().map(day);
        let given = |approval: &Approval| approval.when.as_ref()?.parse::<Date>().ok();
        let is_earlier = |approval: &Approval| match approval.source {
            ApprovalSource::Trailer(commit) => self.copies.contains(&commit),
            _ => given(approval)
                .zip(first)
                .is_some_and(|(given, first)| days_between(given, first) > 1),
        };
        self.counted(change).any(is_earlier)
    }

    /// The approvals given for a change that nothing is said against.
    fn counted(&self, change: &Change) -> impl Iterator<Item = &Approval> {
        let refused =
            |approval: &Approval| self.plan.not_counted.iter().any(|not| not.approval == *approval);
        let given = self.approvals.iter();
        given.filter(|it| self.is_for(it, &change.fingerprint)).filter(move |it| !refused(it))
    }

    /// Whether nobody but an author of the change approved it.
    pub(super) fn is_own(&self, entry: &Entry, change: &Change) -> bool {
        if entry.standing == Standing::Unapproved {
            return entry.refused.iter().any(|refused| refused.refusal == Refusal::Own);
        }
        let Some((people, authors)) = &self.people else { return false };
        let mut counted = self.counted(change).peekable();
        entry.standing == Standing::Approved
            && counted.peek().is_some()
            && counted.all(|approval| {
                let giver = people.identity(&approval.by);
                authors.iter().any(|author| giver.may_be(author))
            })
    }
}

/// Whether a commit says to be a copy of another one, as `git cherry-pick -x` writes it.
fn is_copy(commit: &Commit) -> bool {
    commit.message.lines().any(|line| line.starts_with("(cherry picked from commit "))
}

fn required(requirement: &Requirement) -> Required {
    let roles = |roles: &[RoleStatus]| roles.iter().map(|role| role.role.clone()).collect();
    Required {
        right: requirement.right.to_string(),
        all_of: roles(&requirement.all_of),
        any_of: roles(&requirement.any_of),
        need: requirement.need,
        separation_of_duties: requirement.separation_of_duties,
    }
}

/// The signature of a role for one change.
fn approved(role: &RoleStatus, fingerprint: &Fingerprint) -> Option<Approved> {
    let partly = role.partly.as_ref().filter(|partly| !partly.uncovered.contains(fingerprint));
    let signature = role.signed_by.as_ref().or(partly.map(|partly| &partly.signed_by))?;
    Some(Approved {
        who: signature.who.clone(),
        role: role.role.clone(),
        source: signature.source.clone(),
        when: signature.when.clone(),
    })
}

/// What one right still misses for one change.
fn missing(requirement: &Requirement, fingerprint: &Fingerprint) -> Vec<String> {
    let open = |role: &&RoleStatus| approved(role, fingerprint).is_none();
    let name = |role: &RoleStatus| format!("`{}`", role.role);
    let mut missing: Vec<String> = requirement
        .all_of
        .iter()
        .filter(open)
        .map(|role| format!("the approval of {}", name(role)))
        .collect();
    let of: Vec<String> = requirement.any_of.iter().filter(open).map(name).collect();
    let still = requirement.need.saturating_sub(requirement.any_of.len() - of.len());
    if still > 0 {
        missing.push(approval_of_some(still, &of));
    }
    let absent = requirement.evidence.iter().filter(|evidence| !evidence.present);
    missing.extend(absent.map(|evidence| format!("evidence: {}", evidence.kind)));
    missing
}

fn of_refused(not: &NotCounted) -> Refused {
    Refused {
        who: not.approval.by.to_string(),
        source: not.approval.source.to_string(),
        refusal: not.refusal,
        reason: not.reason.clone(),
    }
}
