//! Which right is about which change.

use super::world::{COMPANY, Proposal, changes, model};
use crate::rights::Rights;

/// The addresses of the rights that are about each change between two texts.
fn rights_of(rights: &str, before: &str, after: &str) -> Vec<(String, Vec<String>)> {
    let policy = format!("{COMPANY}{rights}{before}");
    let after = format!("{COMPANY}{rights}{after}");
    let model = model(&policy);
    let rights = Rights::of(&model);
    let named = |change: &crate::change::Change| {
        let found = rights.matching(change).into_iter();
        (change.kind.id.clone(), found.map(|right| right.address.to_string()).collect())
    };
    changes(&policy, &after).iter().map(named).collect()
}

fn one(rights: &str, before: &str, after: &str) -> Vec<String> {
    let mut found = rights_of(rights, before, after);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0).1
}

const LONG: &str = "[sla.touch]\nwithin = \"6 hours\"\n";
const SHORT: &str = "[sla.touch]\nwithin = \"4 hours\"\n";
const DEFAULT: &str = "[decision.default]\napprove = [\"role.cro\"]\n";

#[test]
fn address_kind_and_impact_narrow_a_right() {
    for (conditions, is_about) in [
        ("", true),
        ("covers = [\"sla.*\"]", true),
        ("covers = [\"sla.touch.within\"]", true),
        ("covers = [\"sla.reply\", \"routing.*\"]", false),
        ("kinds = [\"sla-*\"]", true),
        ("kinds = [\"sla-loosened\"]", true),
        ("kinds = [\"sla-tightened\"]", false),
        ("impact = [\"loosening\"]", true),
        ("impact = [\"tightening\"]", false),
        ("covers = [\"sla.*\"]\nimpact = [\"tightening\"]", false),
    ] {
        let right = format!("[decision.it]\napprove = [\"role.sales\"]\n{conditions}\n");
        let wanted = if is_about { "decision.it" } else { "decision.default" };
        assert_eq!(one(&format!("{right}{DEFAULT}"), SHORT, LONG), [wanted], "{conditions}");
    }
}

#[test]
fn what_goes_as_a_whole_takes_its_guarded_parts_with_it() {
    let right = "[decision.it]\ncovers = [\"sla.touch.within\"]\napprove = [\"role.sales\"]\n";
    assert_eq!(one(right, SHORT, ""), ["decision.it"]);
    assert_eq!(one(right, "", SHORT), ["decision.it"]);
}

#[test]
fn what_had_another_address_is_guarded_under_both() {
    let right = "[decision.it]\ncovers = [\"sla.touch\"]\napprove = [\"role.sales\"]\n";
    let renamed = "[sla.first]\nformerly = [\"touch\"]\nwithin = \"6 hours\"\n";
    let mut found = rights_of(right, SHORT, renamed);
    // That the right itself no longer covers the promise is a change of the right, and another's.
    let left = found.iter().position(|(kind, _)| kind == "decision-scope-removed");
    assert_eq!(found.remove(left.expect("the pattern is left behind")).1, [] as [String; 0]);
    assert!(found.len() > 1, "{found:#?}");
    for (kind, rights) in found {
        assert_eq!(rights, ["decision.it"], "{kind}");
    }
}

#[test]
fn a_right_that_only_tells_people_leaves_the_approval_to_the_default() {
    let tells = "[decision.it]\ncovers = [\"sla.*\"]\ninform = [\"role.sales\"]\n";
    assert_eq!(one(&format!("{tells}{DEFAULT}"), SHORT, LONG), ["decision.it", "decision.default"]);
    let plan = Proposal::under(tells).plan();
    assert_eq!(plan.unclaimed.len(), 2);
    assert_eq!(plan.informed, ["role.sales"]);
    assert!(plan.requirements.is_empty() && !plan.is_met());
}

#[test]
fn without_a_default_some_changes_are_nobodys() {
    let rights = "[decision.it]\ncovers = [\"sla.touch\"]\napprove = [\"role.sales\"]\n";
    let proposal = Proposal::under(rights);
    let plan = proposal.plan();
    assert_eq!(plan.unclaimed, [proposal.fingerprint("sla.reply.within")]);
    assert_eq!(plan.requirements[0].changes, [proposal.fingerprint("sla.touch.within")]);
}

#[test]
fn only_changes_at_the_level_approve_ask_for_anything() {
    let noted = "[policy.sla-loosened]\nlevel = \"note\"\nreason = \"small\"\n";
    assert!(Proposal::under(&format!("{noted}{DEFAULT}")).plan().is_empty());
}
