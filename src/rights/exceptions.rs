//! Exceptions: which changes are waived, which exceptions do nothing, and who approved their own.

use super::approval::Signer;
use super::people::{Identity, People};
use super::right::{holds_before, touches};
use crate::change::{Change, Fingerprint};
use crate::finding::{Finding, Place, Severity};
use crate::model::exception::Exception;
use crate::model::{Address, Entity, Model, Pattern};
use jiff::civil::Date;

/// What of a proposal an exception is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    /// One change, exactly as it is.
    Change(Fingerprint),
    /// The changes of a kind, at some addresses or anywhere.
    Kind(String, Option<Pattern>),
}

/// An exception that waives a finding.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// Its address.
    pub address: Address,
    /// The name people use.
    pub name: String,
    /// Why.
    pub reason: String,
    /// The role that approved it.
    pub approved_by: Option<String>,
    /// The last day it holds.
    pub expires: Date,
    /// Where it stands.
    pub place: Place,
    subject: Subject,
}

impl Waiver {
    /// What an exception of a model waives; none for one that waives a criterion, or that says
    /// neither why nor until when.
    fn of(entity: &Entity, exception: &Exception) -> Option<Self> {
        let waived = exception.waives_finding.as_ref()?;
        let subject = match Fingerprint::parse(waived) {
            Some(fingerprint) => Subject::Change(fingerprint),
            None => Subject::Kind(
                waived.value.0.clone(),
                exception.waives.as_ref().map(|pattern| Pattern::new(pattern.value.0.clone())),
            ),
        };
        Some(Self {
            address: entity.address.clone(),
            name: entity.name().to_owned(),
            reason: exception.reason.as_ref()?.value.0.clone(),
            approved_by: exception.approved_by.as_ref().map(|role| role.address.clone()),
            expires: exception.expires.as_ref()?.value,
            place: entity.place(waived.span),
            subject,
        })
    }

    /// Whether it is about a change, expired or not.
    pub fn is_about(&self, change: &Change) -> bool {
        match &self.subject {
            Subject::Change(fingerprint) => *fingerprint == change.fingerprint,
            Subject::Kind(kind, at) => {
                *kind == change.kind.id
                    && at.as_ref().is_none_or(|at| touches(at, change) && holds_before(at, change))
            }
        }
    }

    /// The author who is the only one that could have approved it.
    fn self_approved<'p>(&self, people: &'p People, authors: &[Identity]) -> Option<&'p str> {
        let role = people.role(self.approved_by.as_deref()?)?;
        let mut holders = role.in_office().peekable();
        let first = holders.peek()?.name.as_str();
        let wrote = |identity: &Identity, by: &Identity| identity.may_be(by);
        let all = holders.all(|holder| {
            let identity = people.identity(&holder.signer());
            authors.iter().any(|author| wrote(&identity, author))
        });
        all.then_some(first)
    }
}

/// The exceptions of a model that waive findings, on a day.
#[derive(Debug, Clone, Default)]
pub struct Exceptions {
    in_force: Vec<Waiver>,
    expired: Vec<Waiver>,
}

impl Exceptions {
    /// The exceptions of a model: of the base, never of the revision that is judged.
    pub fn of(model: &Model, as_of: Date) -> Self {
        let all = model.each::<Exception>().filter_map(|(entity, it)| Waiver::of(entity, &it));
        let (in_force, expired) = all.partition(|waiver| waiver.expires >= as_of);
        Self { in_force, expired }
    }

    /// The exceptions in force, by address.
    pub fn in_force(&self) -> &[Waiver] {
        &self.in_force
    }

    /// The exception that waives a change.
    pub fn waiver(&self, change: &Change) -> Option<&Waiver> {
        self.in_force.iter().find(|waiver| waiver.is_about(change))
    }

    /// The changes that are waived, each with the exception that does it.
    pub fn waived<'a>(&'a self, changes: &'a [Change]) -> Vec<(&'a Change, &'a Waiver)> {
        let waived = |change: &'a Change| Some((change, self.waiver(change)?));
        changes.iter().filter_map(waived).collect()
    }

    /// The exceptions in force that are about none of some changes.
    pub fn unmatched<'a>(&'a self, changes: &[Change]) -> Vec<&'a Waiver> {
        let idle = |waiver: &&Waiver| !changes.iter().any(|change| waiver.is_about(change));
        self.in_force.iter().filter(idle).collect()
    }

    /// The same without those that only an author of the changes could have approved, and a
    /// finding about each of them.
    pub(super) fn without_own(
        mut self,
        changes: &[Change],
        people: &People,
        authors: &[Identity],
    ) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        self.in_force.retain(|waiver| {
            let Some(change) = changes.iter().find(|change| waiver.is_about(change)) else {
                return true;
            };
            let Some(author) = waiver.self_approved(people, authors) else { return true };
            findings.push(own(waiver, change, author));
            false
        });
        (self, findings)
    }

    /// What there is to say about exceptions beside some changes: those that have expired and
    /// would have waived one, and those that are about nothing.
    pub fn findings(&self, changes: &[Change]) -> Vec<Finding> {
        let back = self.expired.iter().filter_map(|waiver| {
            let change = changes.iter().find(|change| waiver.is_about(change))?;
            Some(expired(waiver, change))
        });
        back.chain(self.unmatched(changes).into_iter().map(unmatched)).collect()
    }
}

fn finding(rule: &'static str, severity: Severity, waiver: &Waiver, message: String) -> Finding {
    let found = Finding::new(rule, message).at(waiver.place.clone());
    Finding { severity, ..found.about(waiver.address.as_str()) }
}

fn own(waiver: &Waiver, change: &Change, author: &str) -> Finding {
    let role = waiver.approved_by.as_deref().unwrap_or_default();
    let message = format!(
        "`{}` waives `{}` at `{}` and was approved by `{role}`, which only its author {author} holds",
        waiver.address, change.kind.id, change.address
    );
    finding("exception-self-approved", Severity::Error, waiver, message)
        .help("have the exception approved by somebody else; until then it waives nothing here")
}

fn expired(waiver: &Waiver, change: &Change) -> Finding {
    let message = format!(
        "`{}` expired on {}: `{}` at `{}` asks for approval again",
        waiver.address, waiver.expires, change.kind.id, change.address
    );
    finding("exception-expired", Severity::Warning, waiver, message)
        .help("have the change approved, or have the exception approved again with a new date")
}

fn unmatched(waiver: &Waiver) -> Finding {
    let message = format!("`{}` waives nothing among these changes", waiver.address);
    finding("exception-unmatched", Severity::Note, waiver, message)
        .help("delete the exception when what it was made for is done")
}

/// Everybody's identity.
pub(super) fn identities(people: &People, authors: &[crate::git::Person]) -> Vec<Identity> {
    authors.iter().map(|author| people.identity(&Signer::from(author))).collect()
}
