//! What exceptions waive, and what is said about those that do not.

use super::world::{Proposal, TODAY, model};
use crate::rights::{Exceptions, Plan};

const DEFAULT: &str = "[decision.default]\napprove = [\"role.cro\"]\n";

fn exception(waives: &str, role: &str, expires: &str) -> String {
    format!(
        "{DEFAULT}[exception.it]\n{waives}\nscope = \"true\"\nreason = \"agreed in May\"\n\
         approved_by = \"{role}\"\nexpires = {expires}\n"
    )
}

fn said(plan: &Plan) -> Vec<&'static str> {
    plan.findings.iter().map(|finding| finding.rule).collect()
}

const ONE: &str = "waives_finding = \"sla-loosened\"\nwaives = \"sla.touch\"";

#[test]
fn a_waived_change_asks_nobody_and_stays_visible() {
    let proposal = Proposal::under(&exception(ONE, "role.coo", "2026-06-30"));
    let plan = proposal.plan();
    assert_eq!(plan.requirements[0].changes, [proposal.fingerprint("sla.reply.within")]);
    assert_eq!(plan.waived.len(), 1);
    assert_eq!(plan.waived[0].change, proposal.fingerprint("sla.touch.within"));
    assert_eq!(plan.waived[0].reason, "agreed in May");
    assert!(plan.findings.is_empty());
    let all =
        Proposal::under(&exception("waives_finding = \"sla-loosened\"", "role.coo", "2026-07-30"));
    assert_eq!(all.plan().waived.len(), 2);
    let exceptions = Exceptions::of(&model(&all.policy), TODAY);
    assert_eq!(exceptions.waived(&all.changes).len(), 2);
    assert!(exceptions.unmatched(&all.changes).is_empty());
}

#[test]
fn a_fingerprint_waives_one_change_exactly_as_it_is() {
    let touch = Proposal::under(DEFAULT).fingerprint("sla.touch.within");
    let waives = format!("waives_finding = \"{touch}\"");
    let proposal = Proposal::under(&exception(&waives, "role.coo", "2026-07-30"));
    assert_eq!(proposal.plan().waived.len(), 1);
    let other = exception("waives_finding = \"om1:0123456789abcdef\"", "role.coo", "2026-07-30");
    let plan = Proposal::under(&other).plan();
    assert!(plan.waived.is_empty());
    assert_eq!(said(&plan), ["exception-unmatched"]);
}

#[test]
fn an_expired_exception_brings_the_change_back() {
    let plan = Proposal::under(&exception(ONE, "role.coo", "2026-06-29")).plan();
    assert!(plan.waived.is_empty());
    assert_eq!(plan.requirements[0].changes.len(), 2);
    assert_eq!(said(&plan), ["exception-expired"]);
}

#[test]
fn nobody_excepts_their_own_change() {
    let proposal = Proposal::under(&exception(ONE, "role.cro", "2026-07-30"));
    assert_eq!(proposal.plan().waived.len(), 1);
    let own = proposal.by("Ann Lee", "ann.lee@example.com").plan();
    assert!(own.waived.is_empty());
    assert_eq!(own.requirements[0].changes.len(), 2);
    assert_eq!(said(&own), ["exception-self-approved"]);
    // Another holder could have approved it.
    let sales = Proposal::under(&exception(ONE, "role.sales", "2026-07-30"));
    assert_eq!(sales.by("Bo Chen", "bo.chen@example.com").plan().waived.len(), 1);
}

#[test]
fn a_waived_criterion_waives_no_change() {
    let criterion = exception("waives = \"sla.touch\"", "role.coo", "2026-07-30");
    let plan = Proposal::under(&criterion).plan();
    assert!(plan.waived.is_empty() && plan.findings.is_empty());
}
