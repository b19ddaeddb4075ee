//! The plan: for each decision right what it asks for, who has agreed, and what is missing.

use super::approval::Approval;
use super::count::Count;
use super::exceptions::{Exceptions, Waiver, identities};
use super::people::People;
use super::right::{Right, Rights};
use crate::change::{Change, Fingerprint, Level};
use crate::finding::Finding;
use crate::git::{Mailmap, ObjectId, Person};
use crate::model::{Address, Model};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Everything a plan depends on.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The changes, at the levels that the base's policy gives them.
    pub changes: &'a [Change],
    /// The model that judges: of the base, never of the revision that is judged.
    pub policy: &'a Model,
    /// What was found of approvals, in any order.
    pub approvals: &'a [Approval],
    /// Who wrote the changes: authors, committers and co-authors.
    pub authors: &'a [Person],
    /// Who people are now; that of the base too.
    pub mailmap: &'a Mailmap,
    /// The day for which terms of office and expiries are judged.
    pub as_of: Date,
    /// The fingerprints that the proposal had at a commit; none where the commit is not known.
    pub at: &'a dyn Fn(&ObjectId) -> Option<BTreeSet<Fingerprint>>,
    /// The kinds of evidence that the proposal has.
    pub evidence: &'a [&'a str],
}

/// What changes ask for, and how far it is there.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What each decision right asks for, by its address.
    pub requirements: Vec<Requirement>,
    /// The roles that are told, by address.
    pub informed: Vec<String>,
    /// The changes that ask for approval and are nobody's: no right asks anybody about them.
    pub unclaimed: Vec<Fingerprint>,
    /// The changes that an exception waives.
    pub waived: Vec<Waived>,
    /// The approvals that do not count, wholly or for some requirement, and why.
    pub not_counted: Vec<NotCounted>,
    /// What there is to say about exceptions.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Whether nothing is missing any more.
    pub fn is_met(&self) -> bool {
        self.unclaimed.is_empty() && self.requirements.iter().all(Requirement::is_met)
    }

    /// Whether a signature is missing that somebody can give.
    pub fn can_be_signed(&self) -> bool {
        let can = |role: &RoleStatus| !role.holders.is_empty();
        self.requirements.iter().flat_map(Requirement::missing).any(|missing| match missing {
            Missing::Approval(role) => can(role),
            Missing::Some { of, .. } => of.into_iter().any(can),
            Missing::Evidence(_) => false,
        })
    }

    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.unclaimed.is_empty() && self.requirements.is_empty()
    }
}

/// What one decision right asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// The right.
    pub right: Address,
    /// The name people use for it.
    pub name: String,
    /// The changes it is about, in order of their fingerprints.
    pub changes: Vec<Fingerprint>,
    /// The roles that all must approve.
    pub all_of: Vec<RoleStatus>,
    /// The roles of which `need` must approve.
    pub any_of: Vec<RoleStatus>,
    /// How many of `any_of` must approve.
    pub need: usize,
    /// What must be in the proposal.
    pub evidence: Vec<EvidenceStatus>,
    /// Whether whoever wrote the changes cannot approve them.
    pub separation_of_duties: bool,
}

impl Requirement {
    /// Whether nothing is missing.
    pub fn is_met(&self) -> bool {
        self.missing().is_empty()
    }

    /// How many more roles of `any_of` must approve a change, whichever approved the others.
    fn short_of(&self, change: &Fingerprint) -> usize {
        let signed = self.any_of.iter().filter(|role| role.signed(change)).count();
        self.need.saturating_sub(signed)
    }

    /// How many more roles of `any_of` must approve, at the change of which most are missing.
    pub fn still(&self) -> usize {
        self.changes.iter().map(|change| self.short_of(change)).max().unwrap_or(0)
    }

    /// What is missing.
    pub fn missing(&self) -> Vec<Missing<'_>> {
        let unsigned = |role: &&RoleStatus| role.signed_by.is_none();
        let mut missing: Vec<_> =
            self.all_of.iter().filter(unsigned).map(Missing::Approval).collect();
        let short: Vec<_> =
            self.changes.iter().filter(|change| self.short_of(change) > 0).collect();
        let still = self.still();
        if still > 0 {
            let is_open = |role: &&RoleStatus| short.iter().any(|change| !role.signed(change));
            let open = self.any_of.iter().filter(is_open).collect();
            missing.push(Missing::Some { still, of: open });
        }
        let absent = self.evidence.iter().filter(|evidence| !evidence.present);
        missing.extend(absent.map(|evidence| Missing::Evidence(evidence.kind)));
        missing
    }
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq)]
pub enum Missing<'a> {
    /// The approval of a role.
    Approval(&'a RoleStatus),
    /// The approvals of some roles out of several.
    Some {
        /// How many more.
        still: usize,
        /// The roles that have not approved yet.
        of: Vec<&'a RoleStatus>,
    },
    /// Something that must be in the proposal.
    Evidence(&'static str),
}

/// In words that fit behind "missing: ".
impl fmt::Display for Missing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Approval(role) => write!(f, "the approval of {}", role.name),
            Self::Some { still, of } => {
                let names: Vec<&str> = of.iter().map(|role| role.name.as_str()).collect();
                f.write_str(&approval_of_some(*still, &names))
            }
            Self::Evidence(kind) => write!(f, "evidence: {kind}"),
        }
    }
}

/// How many approvals of some roles are missing, in words.
pub fn approval_of_some(still: usize, roles: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = roles.iter().map(AsRef::as_ref).collect();
    match (still, names.as_slice()) {
        (still, []) => format!("{still} more approvals than there are roles to give them"),
        (1, [only]) => format!("the approval of {only}"),
        (1, several) => format!("the approval of one of {}", several.join(", ")),
        (still, several) => format!("the approvals of {still} of {}", several.join(", ")),
    }
}

/// Whether a role has approved what a right is about.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleStatus {
    /// The role's address.
    pub role: String,
    /// The name people use for it.
    pub name: String,
    /// Who can sign for it: its holders who can act, or those of its deputy.
    pub holders: Vec<String>,
    /// Who signed for all the changes.
    pub signed_by: Option<Signature>,
    /// Who signed for some of them, and which are left.
    pub partly: Option<Partly>,
    /// What is special about who can sign: nobody can act, a deputy stands in.
    pub note: Option<String>,
}

impl RoleStatus {
    /// Whether it has approved a change.
    pub fn signed(&self, change: &Fingerprint) -> bool {
        let partly = self.partly.as_ref().is_some_and(|partly| !partly.uncovered.contains(change));
        self.signed_by.is_some() || partly
    }
}

/// A signature, or several that make up one together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signed.
    pub who: String,
    /// Where, in words that fit behind "by".
    pub source: String,
    /// When, as the source writes it.
    pub when: Option<String>,
}

/// Signatures that do not cover everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partly {
    /// What is signed.
    pub signed_by: Signature,
    /// The changes that nobody of the role signed.
    pub uncovered: Vec<Fingerprint>,
}

/// Whether something is in the proposal that must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceStatus {
    /// What: `records impact`, `rollback note`, `backtest` or `announcement`.
    pub kind: &'static str,
    /// Whether it is there.
    pub present: bool,
}

/// A change that an exception waives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// The change.
    pub change: Fingerprint,
    /// The exception's address.
    pub exception: Address,
    /// Why, in the exception's words.
    pub reason: String,
    /// The last day it holds.
    pub expires: Date,
}

/// Of which sort the reason is for which an approval does not count.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Its giver wrote the change.
    Own,
    /// Its giver did not hold the role on the day that is asked about.
    NotHolder,
    /// It is for something else, was taken back, or says too little.
    NotForThis,
}

/// An approval that does not count, or not for everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotCounted {
    /// The approval.
    pub approval: Approval,
    /// Of which sort the reason is.
    pub refusal: Refusal,
    /// Why, in words.
    pub reason: String,
    /// How many approvals the same giver gave in the same place, this one among them.
    pub among: usize,
}

/// Says for some changes what is asked for, by whom, and what is there.
pub fn plan(asked: &Asked<'_>) -> Plan {
    let people = People::of(asked.policy, asked.mailmap, asked.as_of);
    let authors = identities(&people, asked.authors);
    let (exceptions, mut findings) =
        Exceptions::of(asked.policy, asked.as_of).without_own(asked.changes, &people, &authors);
    findings.extend(exceptions.findings(asked.changes));
    let mut count = Count::new(asked, &people, &authors);
    let open = asked.changes.iter().filter(|change| change.level == Level::Approve);
    let (waived, open): (Vec<&Change>, Vec<&Change>) =
        open.partition(|change| exceptions.waiver(change).is_some());
    let rights = Rights::of(asked.policy);
    let mut claims = Claims::default();
    for change in open {
        claims.add(change, rights.matching(change));
    }
    let Claims { by_right, unclaimed } = claims;
    let informed: BTreeSet<String> =
        by_right.values().flat_map(|(right, _)| right.inform.iter().cloned()).collect();
    let asking = by_right.into_values().filter(|(right, _)| asks_for_anything(right));
    let requirements =
        asking.map(|(right, changes)| requirement(right, changes, asked, &mut count)).collect();
    let waived = waived
        .into_iter()
        .filter_map(|change| exceptions.waiver(change).map(|waiver| waived_by(change, waiver)));
    Plan {
        requirements,
        informed: informed.into_iter().collect(),
        unclaimed: unclaimed.into_iter().collect(),
        waived: waived.collect(),
        not_counted: count.not_counted(),
        findings,
    }
}

/// Which right is about which changes.
#[derive(Default)]
struct Claims<'r> {
    by_right: BTreeMap<&'r str, (&'r Right, BTreeSet<Fingerprint>)>,
    unclaimed: BTreeSet<Fingerprint>,
}

impl<'r> Claims<'r> {
    fn add(&mut self, change: &Change, rights: Vec<&'r Right>) {
        let fingerprint = &change.fingerprint;
        if !rights.iter().any(|right| right.asks_somebody()) {
            self.unclaimed.insert(fingerprint.clone());
        }
        for right in rights {
            let entry = self.by_right.entry(right.address.as_str());
            entry.or_insert((right, BTreeSet::new())).1.insert(fingerprint.clone());
        }
    }
}

fn asks_for_anything(right: &Right) -> bool {
    right.asks_somebody() || !right.evidence.is_empty()
}

fn requirement(
    right: &Right,
    changes: BTreeSet<Fingerprint>,
    asked: &Asked<'_>,
    count: &mut Count<'_>,
) -> Requirement {
    let mut statuses = |roles: &[String]| -> Vec<RoleStatus> {
        roles.iter().map(|role| count.status(right, role, &changes)).collect()
    };
    let (all_of, any_of) = (statuses(&right.approve), statuses(&right.any_of));
    let evidence = right.evidence.iter().map(|kind| {
        let present = asked.evidence.contains(kind);
        EvidenceStatus { kind, present }
    });
    Requirement {
        right: right.address.clone(),
        name: right.name.clone(),
        all_of,
        any_of,
        need: right.need,
        evidence: evidence.collect(),
        separation_of_duties: right.separation_of_duties,
        changes: changes.into_iter().collect(),
    }
}

fn waived_by(change: &Change, waiver: &Waiver) -> Waived {
    Waived {
        change: change.fingerprint.clone(),
        exception: waiver.address.clone(),
        reason: waiver.reason.clone(),
        expires: waiver.expires,
    }
}
