//! Which approvals count: for which changes, of which people, under which duties.

use super::world::{Proposal, TODAY, entry, person, review, signed, trailer};
use crate::git::Mailmap;

const CRO: &str = "[decision.default]\napprove = [\"role.cro\"]\nseparation_of_duties = true\n";
const SALES: &str = "[decision.default]\napprove = [\"role.sales\"]\nseparation_of_duties = true\n";

#[test]
fn an_approval_counts_wherever_it_is_found() {
    let proposal = Proposal::under(CRO);
    assert_eq!(signed(&proposal.plan()), ["role.cro -"]);
    let all: Vec<_> = proposal.changes.iter().map(|change| change.fingerprint.clone()).collect();
    let by = |by| all.iter().map(|change| entry(by, "role.cro", change)).collect::<Vec<_>>();
    for approvals in [
        vec![review("AnnLee", 1)],
        vec![trailer("Ann Lee <Ann.Lee@Example.com>", 1)],
        vec![trailer("A. <77+annlee@users.noreply.github.com>", 1)],
        by("Ann Lee <ann.lee@example.com>"),
        by("@annlee"),
        by("ann-lee"),
        by("Ann  Lee"),
    ] {
        let plan = proposal.clone().with(approvals.clone()).plan();
        assert_eq!(signed(&plan), ["role.cro Ann Lee"], "{approvals:?}");
        assert!(plan.is_met() && plan.not_counted.is_empty(), "{approvals:?}");
    }
}

#[test]
fn an_approval_counts_for_what_the_proposal_was_when_it_was_given() {
    let proposal = Proposal::under(CRO);
    let partly = proposal.clone().with([review("annlee", 2)]).plan();
    let status = &partly.requirements[0].all_of[0];
    let uncovered = &status.partly.as_ref().expect("a part").uncovered;
    assert_eq!(*uncovered, [proposal.fingerprint("sla.reply.within")]);
    assert!(status.signed_by.is_none() && !partly.is_met());
    let rest = entry("@annlee", "role.cro", &uncovered[0]);
    assert!(proposal.clone().with([review("annlee", 2), rest]).plan().is_met());
    assert_eq!(
        proposal.clone().with([review("annlee", 3)]).reasons(),
        ["at commit 0303030303 none of the changes that ask for approval was as it is now"]
    );
    assert_eq!(
        proposal.clone().with([review("annlee", 9)]).reasons(),
        ["it was given at commit 0909090909, which is not known here any more; ask for it again"]
    );
}

#[test]
fn who_wrote_the_change_does_not_approve_it() {
    let why = "whoever wrote the change cannot approve it under `decision.default`";
    for (name, email) in [
        ("Bo Chen", "bo.chen@example.com"),
        ("somebody", "BO.CHEN@example.com"),
        ("Bo Chen", "bo@home.example"),
        ("x", "1+bochen@users.noreply.github.com"),
        ("Ｂｏ\u{a0}Chen", "bo@home.example"),
    ] {
        let proposal = Proposal::under(SALES).by(name, email).with([review("bochen", 1)]);
        assert_eq!(signed(&proposal.plan()), ["role.sales -"], "{name} {email}");
        assert_eq!(proposal.reasons(), [why], "{name} {email}");
        let other = proposal.with([review("cydiaz", 1)]);
        assert_eq!(signed(&other.plan()), ["role.sales Cy Diaz"]);
        assert_eq!(other.plan().requirements[0].all_of[0].holders, ["Cy Diaz"]);
    }
    let lax = SALES.replace("separation_of_duties = true", "");
    let own = Proposal::under(&lax).by("Bo Chen", "bo.chen@example.com");
    assert!(own.with([review("bochen", 1)]).plan().is_met());
}

#[test]
fn the_mailmap_says_who_is_who() {
    let mut proposal = Proposal::under(SALES).by("old", "bc@old.example");
    proposal.mailmap = Mailmap::parse(b"Bo Chen <bo.chen@example.com> <bc@old.example>\n");
    let own = proposal.clone().with([review("bochen", 1)]);
    assert_eq!(signed(&own.plan()), ["role.sales -"]);
    proposal.authors = vec![person("Gus Hall", "gus.hall@example.com")];
    let signed_as_before = proposal.with([trailer("B. C. <bc@old.example>", 1)]);
    assert_eq!(signed(&signed_as_before.plan()), ["role.sales Bo Chen"]);
}

#[test]
fn a_deputy_stands_in_where_no_holder_can_act() {
    let proposal = Proposal::under(CRO).with([review("olu", 1)]);
    assert_eq!(signed(&proposal.plan()), ["role.cro -"]);
    assert_eq!(proposal.reasons(), ["no decision right asks for `role.coo` there"]);
    let own = proposal.clone().by("Ann Lee", "ann.lee@example.com");
    let plan = own.plan();
    assert_eq!(signed(&plan), ["role.cro Olu Ade (Chief operating officer, standing in)"]);
    assert_eq!(
        plan.requirements[0].all_of[0].note.as_deref(),
        Some("nobody who holds `role.cro` can act: Ann Lee wrote the change; `role.coo` stands in")
    );
    let mut away = proposal.clone();
    let absent = "login = \"annlee\"\nabsent_until = 2026-06-30";
    away.policy = away.policy.replace("login = \"annlee\"", absent);
    assert!(away.plan().is_met());
    let both = away.with([review("annlee", 1)]);
    assert!(signed(&both.plan())[0].contains("Ann Lee"), "who is away may sign all the same");
}

#[test]
fn who_has_left_or_not_begun_signs_nothing() {
    let rights = "[decision.default]\napprove = [\"role.marketing\"]\n";
    let proposal = Proposal::under(rights).with([
        trailer("Di Evans <di.evans@example.com>", 1),
        trailer("Eve Fox <eve.fox@example.com>", 1),
        trailer("Ivy Jones <ivy.jones@example.com>", 1),
    ]);
    let plan = proposal.plan();
    assert_eq!(signed(&plan), ["role.marketing -"]);
    let note = "nobody who holds `role.marketing` can act: Di Evans left on 2026-05-31, \
                Eve Fox begins on 2026-08-01";
    assert_eq!(plan.requirements[0].all_of[0].note.as_deref(), Some(note));
    assert_eq!(
        proposal.reasons(),
        [
            "Di Evans left on 2026-05-31, for `role.marketing`",
            "Eve Fox begins on 2026-08-01, for `role.marketing`",
            "nobody who holds a role in the model is known by this name",
        ]
    );
}

#[test]
fn who_leaves_today_signs_today() {
    let rights = "[decision.default]\napprove = [\"role.marketing\"]\n";
    let mut proposal =
        Proposal::under(rights).with([trailer("Di Evans <di.evans@example.com>", 1)]);
    proposal.policy = proposal.policy.replace("left = 2026-05-31", &format!("left = {TODAY}"));
    assert_eq!(signed(&proposal.plan()), ["role.marketing Di Evans"]);
}

#[test]
fn an_approval_in_a_role_counts_for_that_role_only() {
    let rights = "[decision.default]\napprove = [\"role.cro\", \"role.sales\"]\n";
    let both = "[[role.sales.holder]]\nid = \"al\"\nlogin = \"annlee\"\n";
    let mut proposal = Proposal::under(rights);
    proposal.policy = format!("{}\n{both}", proposal.policy);
    let all: Vec<_> = proposal.changes.iter().map(|change| change.fingerprint.clone()).collect();
    let sales = all.iter().map(|change| entry("@annlee", "role.sales", change));
    let plan = proposal.clone().with(sales).plan();
    assert_eq!(signed(&plan), ["role.cro -", "role.sales al"]);
    let coo = all.iter().map(|change| entry("@annlee", "role.coo", change));
    assert_eq!(proposal.clone().with(coo).reasons()[0], "the signer does not hold `role.coo`");
    assert!(proposal.with([review("annlee", 1)]).plan().is_met());
}

#[test]
fn of_several_roles_some_suffice_and_evidence_is_asked_for() {
    let rights = "[decision.default]\nany_of = [\"role.cro\", \"role.coo\", \"role.sales\"]\n\
                  need = 2\nevidence = [\"rollback note\"]\ninform = [\"role.marketing\"]\n";
    let mut proposal = Proposal::under(rights).with([review("olu", 1)]);
    let missing = |proposal: &Proposal| -> Vec<String> {
        let plan = proposal.plan();
        plan.requirements[0].missing().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        missing(&proposal),
        ["the approval of one of Chief revenue officer, Head of sales", "evidence: rollback note"]
    );
    proposal.evidence.push("rollback note");
    proposal.approvals.push(review("cydiaz", 1));
    assert_eq!(missing(&proposal), [""; 0]);
    assert_eq!(proposal.plan().informed, ["role.marketing"]);
}

#[test]
fn of_several_roles_each_change_may_have_others() {
    let rights = "[decision.default]\nany_of = [\"role.cro\", \"role.coo\", \"role.sales\"]\n";
    let proposal = Proposal::under(rights);
    let all: Vec<_> = proposal.changes.iter().map(|change| change.fingerprint.clone()).collect();
    let (first, rest) = all.split_first().expect("several changes");
    assert!(!rest.is_empty());
    let one = entry("@olu", "role.coo", first);
    let others: Vec<_> = rest.iter().map(|change| entry("@cydiaz", "role.sales", change)).collect();
    let missing = |proposal: &Proposal| -> Vec<String> {
        let plan = proposal.plan();
        plan.requirements[0].missing().iter().map(ToString::to_string).collect()
    };
    let half = proposal.clone().with([one.clone()]);
    assert_eq!(missing(&half).len(), 1, "{:?}", missing(&half));
    assert_eq!(missing(&half.with(others.clone())), [""; 0]);
    // Two of them are two for each change.
    let two = Proposal::under(&format!("{rights}need = 2\n")).with([one]).with(others);
    assert_eq!(missing(&two).len(), 1);
    assert!(missing(&two)[0].starts_with("the approval of one of "), "{:?}", missing(&two));
}
