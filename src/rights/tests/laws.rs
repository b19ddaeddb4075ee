//! What holds of every plan, whoever approves what.

use super::world::{Proposal, entry, review, trailer};
use crate::rights::{Approval, Plan, RoleStatus};
use proptest::prelude::*;
use std::collections::BTreeSet;

const RIGHTS: [&str; 4] = [
    "[decision.default]\napprove = [\"role.cro\", \"role.sales\"]\n",
    "[decision.default]\napprove = [\"role.cro\"]\nseparation_of_duties = true\n",
    "[decision.a]\ncovers = [\"sla.touch\"]\nany_of = [\"role.cro\", \"role.coo\", \"role.sales\"]\nneed = 2\n\
     separation_of_duties = true\n[decision.default]\napprove = [\"role.coo\"]\n",
    "[decision.a]\nkinds = [\"sla-*\"]\napprove = [\"role.sales\"]\nseparation_of_duties = true\n",
];

const PEOPLE: [(&str, &str, &str); 5] = [
    ("Ann Lee", "ann.lee@example.com", "annlee"),
    ("Olu Ade", "olu.ade@example.com", "olu"),
    ("Bo Chen", "bo.chen@example.com", "bochen"),
    ("Cy Diaz", "cy.diaz@example.com", "cydiaz"),
    ("Gus Hall", "gus.hall@example.com", "gushall"),
];

/// An approval by one of the people, in one of the ways there are.
fn approval(proposal: &Proposal, who: usize, how: usize, at: u8) -> Approval {
    let (name, email, login) = PEOPLE[who % PEOPLE.len()];
    let change = &proposal.changes[usize::from(at) % proposal.changes.len()].fingerprint;
    match how % 6 {
        0 => review(login, at),
        1 => trailer(&format!("{name} <{email}>"), at),
        2 => entry(&format!("{name} <{email}>"), "role.cro", change),
        3 => entry(&format!("@{login}"), "role.sales", change),
        4 => entry(name, "role.coo", change),
        _ => Approval { withdrawn: Some("the review was dismissed"), ..review(login, at) },
    }
}

fn proposal() -> impl Strategy<Value = Proposal> {
    let approvals = prop::collection::vec((0..5_usize, 0..6_usize, 1..5_u8), 0..6);
    (0..RIGHTS.len(), 0..PEOPLE.len(), approvals).prop_map(|(rights, author, approvals)| {
        let (name, email, _) = PEOPLE[author];
        let proposal = Proposal::under(RIGHTS[rights]).by(name, email);
        let approvals = approvals.iter().map(|it| approval(&proposal, it.0, it.1, it.2));
        let approvals: Vec<_> = approvals.collect();
        proposal.with(approvals)
    })
}

/// What is signed: each requirement, role and change.
fn signed(plan: &Plan) -> BTreeSet<String> {
    let mut signed = BTreeSet::new();
    for requirement in &plan.requirements {
        for status in requirement.all_of.iter().chain(&requirement.any_of) {
            for change in &requirement.changes {
                if is_signed(status, change) {
                    signed.insert(format!("{} {} {change}", requirement.right, status.role));
                }
            }
        }
    }
    signed
}

fn is_signed(status: &RoleStatus, change: &crate::change::Fingerprint) -> bool {
    let partly = status.partly.as_ref();
    status.signed_by.is_some() || partly.is_some_and(|part| !part.uncovered.contains(change))
}

fn who(plan: &Plan) -> String {
    format!("{:?}", plan.requirements)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn one_more_approval_never_makes_it_worse(
        proposal in proposal(), more in (0..5_usize, 0..6_usize, 1..5_u8)
    ) {
        let before = proposal.plan();
        let more = approval(&proposal, more.0, more.1, more.2);
        let after = proposal.with([more]).plan();
        prop_assert!(signed(&before).is_subset(&signed(&after)));
        prop_assert!(!before.is_met() || after.is_met());
    }

    #[test]
    fn their_order_does_not_matter(proposal in proposal(), by in 0..6_usize) {
        let mut other = proposal.clone();
        other.approvals.reverse();
        let turns = by % other.approvals.len().max(1);
        other.approvals.rotate_left(turns);
        other.approvals.extend(proposal.approvals.first().cloned());
        let (one, two) = (proposal.plan(), other.plan());
        prop_assert_eq!(&one.requirements, &two.requirements);
        prop_assert_eq!(&one.not_counted, &two.not_counted);
    }

    #[test]
    fn nobody_signs_their_own_change(proposal in proposal()) {
        let author = &proposal.authors[0].name;
        for requirement in proposal.plan().requirements {
            if !requirement.separation_of_duties {
                continue;
            }
            for status in requirement.all_of.iter().chain(&requirement.any_of) {
                prop_assert!(!status.holders.contains(author));
                let signatures = format!("{:?}{:?}", status.signed_by, status.partly);
                prop_assert!(!signatures.contains(author), "{}", signatures);
            }
        }
    }

    #[test]
    fn another_meaning_needs_another_approval(proposal in proposal()) {
        let mut changed = proposal.clone();
        let policy = proposal.policy.clone();
        let after = policy.replace("4 hours", "7 hours").replace("2 hours", "5 hours");
        changed.changes = super::world::changes(&policy, &after);
        // What was approved by its fingerprint, or at a commit that had other changes.
        changed.approvals.retain(|it| {
            let known = matches!(&it.counts_for, crate::rights::CountsFor::At(commit)
                if commit.as_bytes()[0] < 3);
            !known
        });
        prop_assert!(signed(&changed.plan()).is_empty(), "{}", who(&changed.plan()));
    }

    #[test]
    fn every_approval_is_used_or_explained(proposal in proposal()) {
        let plan = proposal.plan();
        let shown = who(&plan);
        for approval in &proposal.approvals {
            let explained = plan.not_counted.iter().any(|not| not.approval == *approval);
            let used = shown.contains(&approval.source.to_string());
            prop_assert!(explained || used, "{approval:?}\n{shown}");
        }
    }
}
