//! A company of few people, a change to two of its promises, and the plan for it.

use crate::change::{ByForm, Change, Fingerprint, Policies, compare};
use crate::document::Limits;
use crate::git::{Mailmap, ObjectId, Person};
use crate::load;
use crate::model::Model;
use crate::rights::{Approval, ApprovalSource, Asked, CountsFor, Plan, RoleStatus, Signer, plan};
use crate::source::{RawContent, RawFile};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

/// Roles, their holders and the promises; decision rights are for each test.
pub(super) const COMPANY: &str = r#"
[role.cro]
name = "Chief revenue officer"
deputy = "role.coo"
[[role.cro.holder]]
id = "ann-lee"
name = "Ann Lee"
email = "ann.lee@example.com"
login = "annlee"

[role.coo]
name = "Chief operating officer"
[[role.coo.holder]]
id = "olu-ade"
name = "Olu Ade"
email = "olu.ade@example.com"
login = "olu"

[role.sales]
name = "Head of sales"
[[role.sales.holder]]
id = "bo-chen"
name = "Bo Chen"
email = "bo.chen@example.com"
login = "bochen"
[[role.sales.holder]]
id = "cy-diaz"
name = "Cy Diaz"
email = "cy.diaz@example.com"
login = "cydiaz"

[role.marketing]
name = "Head of marketing"
[[role.marketing.holder]]
id = "di-evans"
name = "Di Evans"
email = "di.evans@example.com"
left = 2026-05-31
[[role.marketing.holder]]
id = "eve-fox"
name = "Eve Fox"
email = "eve.fox@example.com"
since = 2026-08-01
"#;

/// Two promises; the words stand for how long each takes.
fn promises(first: &str, second: &str) -> String {
    let promise = |id: &str, within: &str| format!("[sla.{id}]\nwithin = \"{within}\"\n");
    format!("{}{}", promise("touch", first), promise("reply", second))
}

/// The day on which everything is judged.
pub(super) const TODAY: Date = date(2026, 6, 30);

/// The model of a text.
pub(super) fn model(text: &str) -> Model {
    let content = RawContent::Bytes(text.as_bytes().to_vec());
    let file = RawFile { path: "model/all.toml".to_owned(), content };
    load::read(vec![file], Limits::default()).model
}

/// The changes between two texts, with the policy of the first.
pub(super) fn changes(before: &str, after: &str) -> Vec<Change> {
    let (before, after) = (model(before), model(after));
    compare(&before, &after, &Policies::of(&before), &ByForm).changes
}

/// A commit that the proposal went through.
pub(super) fn commit(number: u8) -> ObjectId {
    ObjectId::from_hex(&format!("{number:02x}").repeat(20)).expect("forty digits")
}

/// A proposal: the company's rights, what changes, who wrote it, what was approved.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) policy: String,
    pub(super) changes: Vec<Change>,
    pub(super) approvals: Vec<Approval>,
    pub(super) authors: Vec<Person>,
    pub(super) evidence: Vec<&'static str>,
    pub(super) mailmap: Mailmap,
}

impl Proposal {
    /// Both promises get longer, under some rights, by somebody without a role.
    pub(super) fn under(rights: &str) -> Self {
        let policy = format!("{COMPANY}{rights}\n{}", promises("4 hours", "2 hours"));
        let after = format!("{COMPANY}{rights}\n{}", promises("6 hours", "3 hours"));
        Self {
            changes: changes(&policy, &after),
            policy,
            approvals: Vec::new(),
            authors: vec![person("Gus Hall", "gus.hall@example.com")],
            evidence: Vec::new(),
            mailmap: Mailmap::default(),
        }
    }

    pub(super) fn with(mut self, approvals: impl IntoIterator<Item = Approval>) -> Self {
        self.approvals.extend(approvals);
        self
    }

    pub(super) fn by(mut self, name: &str, email: &str) -> Self {
        self.authors = vec![person(name, email)];
        self
    }

    /// The fingerprint of the change to a promise.
    pub(super) fn fingerprint(&self, address: &str) -> Fingerprint {
        let mut found = self.changes.iter().filter(|change| change.address.as_str() == address);
        found.next().expect("a change at the address").fingerprint.clone()
    }

    /// What the proposal had at a commit: at the first all that it has now, at the second only
    /// the change of one promise, at the third neither; other commits are not known.
    fn at(&self, commit: &ObjectId) -> Option<BTreeSet<Fingerprint>> {
        let all = self.changes.iter().map(|change| change.fingerprint.clone());
        match commit.as_bytes()[0] {
            1 => Some(all.collect()),
            2 => Some(BTreeSet::from([self.fingerprint("sla.touch.within")])),
            3 => Some(BTreeSet::new()),
            _ => None,
        }
    }

    pub(super) fn plan(&self) -> Plan {
        let policy = model(&self.policy);
        plan(&Asked {
            changes: &self.changes,
            policy: &policy,
            approvals: &self.approvals,
            authors: &self.authors,
            mailmap: &self.mailmap,
            as_of: TODAY,
            at: &|commit| self.at(commit),
            evidence: &self.evidence,
        })
    }

    /// Why approvals do not count, in their order.
    pub(super) fn reasons(&self) -> Vec<String> {
        self.plan().not_counted.into_iter().map(|not| not.reason).collect()
    }
}

pub(super) fn person(name: &str, email: &str) -> Person {
    Person { name: name.to_owned(), email: email.to_owned() }
}

/// A review by a login at a commit.
pub(super) fn review(login: &str, at: u8) -> Approval {
    let by = Signer { login: Some(login.to_owned()), ..Signer::default() };
    Approval::new(by, ApprovalSource::Review, CountsFor::At(commit(at)))
}

/// A trailer at a commit.
pub(super) fn trailer(by: &str, at: u8) -> Approval {
    let source = ApprovalSource::Trailer(commit(at));
    Approval::new(Signer::parse(by), source, CountsFor::At(commit(at)))
}

/// An entry of the ledger for one change.
pub(super) fn entry(by: &str, role: &str, fingerprint: &Fingerprint) -> Approval {
    let source = ApprovalSource::Ledger("approvals/x.toml".to_owned());
    let only = CountsFor::Only(BTreeSet::from([fingerprint.clone()]));
    let mut approval = Approval::new(Signer::parse(by), source, only);
    approval.role = Some(role.to_owned());
    approval
}

/// Who signed for all changes of the only requirement, role by role; `-` where nobody did.
pub(super) fn signed(plan: &Plan) -> Vec<String> {
    assert_eq!(plan.requirements.len(), 1, "{:#?}", plan.requirements);
    let requirement = &plan.requirements[0];
    let who = |status: &RoleStatus| {
        let signed = status.signed_by.as_ref().map(|signature| signature.who.as_str());
        format!("{} {}", status.role, signed.unwrap_or("-"))
    };
    requirement.all_of.iter().chain(&requirement.any_of).map(who).collect()
}
