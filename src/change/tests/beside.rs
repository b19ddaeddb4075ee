//! Changes that do what they do because of what stands beside them.

use super::exact::exactly;
use super::world::{files, one};
use crate::change::{CATALOGUE, ChangeKind, ChangeSet, Impact};

/// The impacts and kinds of what changes, in order.
fn told(changes: &ChangeSet) -> Vec<String> {
    let all = changes.changes.iter();
    let mut told: Vec<String> =
        all.map(|change| format!("{} {}", change.impact, change.kind.id)).collect();
    told.sort();
    told
}

/// Holds what the way there does, and that the way back does the opposite.
#[track_caller]
fn assert_told(before: &str, after: &str, expected: &[&str]) {
    let (base, head) = (one(before), one(after));
    let (there, back) = (exactly(&base, &head), exactly(&head, &base));
    assert_eq!(told(&there), expected, "\n{before}\n→\n{after}");
    let mirrored = there.changes.iter().map(|change| {
        let kind = CATALOGUE.get(&change.kind.mirror).expect("a mirror");
        let impact = match (change.impact, kind.impact) {
            (Impact::Additive | Impact::Breaking, back) => back,
            (impact, _) => impact.mirrored(),
        };
        format!("{impact} {}", kind.id)
    });
    let mut mirrored: Vec<String> = mirrored.collect();
    mirrored.sort();
    assert_eq!(told(&back), mirrored, "\n{after}\n→\n{before}");
}

const DEFAULT: &str = "[decision.default]\napprove = ['role.a', 'role.b']\n";

/// A decision right before and after, beside `decision.default`.
const RIGHTS: &[(&str, &str, &[&str])] = &[
    // Somebody else is asked.
    ("", "[decision.s]\ncovers = ['sla.*']\nany_of = ['role.c']", &["shifting decision-added"]),
    ("", "[decision.s]\napprove = ['role.a', 'role.c']", &["shifting decision-added"]),
    (
        "[decision.s]\ncovers = ['icp.*']\napprove = ['role.c']",
        "[decision.s]\ncovers = ['icp.*', 'sla.*']\napprove = ['role.c']",
        &["shifting decision-scope-added"],
    ),
    (
        "[decision.s]\nimpact = ['loosening']\napprove = ['role.c']",
        "[decision.s]\napprove = ['role.c']",
        &["shifting decision-impact-unset"],
    ),
    (
        "[decision.s]\ninform = ['role.c']",
        "[decision.s]\ninform = ['role.c']\nany_of = ['role.d']",
        &["shifting decision-alternative-set"],
    ),
    (
        "[decision.s]\ninform = ['role.c']",
        "[decision.s]\ninform = ['role.c']\napprove = ['role.d']",
        &["shifting decision-approver-added"],
    ),
    // Perhaps somebody who is asked anyway.
    ("", "[decision.s]\napprove = ['role.b', 'role.a']", &["shifting decision-added"]),
    // Nobody is asked, so that the default still is.
    ("", "[decision.s]\ninform = ['role.c']", &["tightening decision-added"]),
    // Who was asked before is asked still.
    (
        "[decision.s]\napprove = ['role.c']",
        "[decision.s]\napprove = ['role.c']\nany_of = ['role.d']",
        &["tightening decision-alternative-set"],
    ),
];

#[test]
fn a_right_that_takes_changes_from_the_default_asks_somebody_else() {
    for (before, after, expected) in RIGHTS {
        assert_told(&[DEFAULT, before].concat(), &[DEFAULT, after].concat(), expected);
    }
    assert_told("", DEFAULT, &["tightening decision-added"]);
    let scoped = |covers: &str| format!("{DEFAULT}covers = [{covers}]");
    assert_told(
        &scoped("'sla.*'"),
        &scoped("'sla.*', 'icp.*'"),
        &["tightening decision-scope-added"],
    );
}

/// A policy entry before and after.
const POLICIES: &[(&str, &str, &[&str])] = &[
    ("level = 'forbid'", "level = 'off'", &["loosening policy-level-lowered"]),
    ("level = 'warn'", "level = 'approve'", &["tightening policy-level-raised"]),
    ("level = 'warn'", "level = 'warning'", &[]),
    ("level = 'forbid'", "level = 'error'", &[]),
    ("level = 'off'", "level = 'off'\ncovers = ['*']", &[]),
    ("level = 'off'\ncovers = ['sla.a']", "level = 'off'", &["shifting policy-scope-unset"]),
    (
        "level = 'off'\ncovers = ['sla.a', 'sla.b']",
        "level = 'off'\ncovers = ['sla.a']",
        &["tightening policy-scope-removed"],
    ),
    (
        "level = 'forbid'\ncovers = ['sla.a']",
        "level = 'forbid'\ncovers = ['sla.a', 'sla.b']",
        &["tightening policy-scope-added"],
    ),
    (
        "level = 'note'\ncovers = ['sla.a']",
        "level = 'note'\ncovers = ['sla.a', 'sla.b']",
        &["shifting policy-scope-added"],
    ),
    (
        "level = 'approve'\ncovers = ['sla.a']",
        "level = 'approve'\ncovers = ['sla.a', 'sla.b']",
        &["shifting policy-scope-added"],
    ),
];

#[test]
fn policy_is_looser_where_it_judges_more_kindly() {
    for (before, after, expected) in POLICIES {
        let entry = |says: &str| format!("[policy.sla-loosened]\n{says}\n");
        assert_told(&entry(before), &entry(after), expected);
    }
    let sla = |level: &str| format!("[policy.sla-loosened]\nlevel = '{level}'\n");
    // What stands between the ends may be more or less than what another entry says.
    for (level, impact) in [
        ("forbid", "tightening"),
        ("error", "tightening"),
        ("approve", "shifting"),
        ("note", "shifting"),
        ("off", "loosening"),
    ] {
        assert_told("", &sla(level), &[&format!("{impact} policy-added")]);
    }
}

#[test]
fn policy_that_leaves_the_models_own_folder_is_gone() {
    let text = "[policy.sla-loosened]\nlevel = 'forbid'";
    let (own, below) = ([("model/a.toml", text)], [("model/gov/a.toml", text)]);
    let (own, below) = (files(&own), files(&below));
    let gone = exactly(&own, &below);
    assert_eq!(told(&gone), ["loosening policy-removed"]);
    assert_eq!(
        gone.changes[0].summary,
        "`policy.sla-loosened` counts no more: it stands in a folder below the model's own, where \
         policy does not count"
    );
    assert_eq!(told(&exactly(&below, &own)), ["tightening policy-added"]);
    let other = files(&[("model/b.toml", text)]);
    assert_eq!(told(&exactly(&own, &other)), ["cosmetic entity-file-moved"]);
}

#[test]
fn an_exception_that_waives_more_is_looser() {
    let waives = |what: &str| format!("[exception.e]\nwaives = '{what}'");
    let cases = [
        ("sla.s", "sla.*", "loosening"),
        ("sla.s.within", "sla.s", "loosening"),
        ("sla.s", "sla.t", "shifting"),
    ];
    for (before, after, impact) in cases {
        let expected = format!("{impact} exception-subject-changed");
        assert_told(&waives(before), &waives(after), &[&expected]);
    }
}

/// The first limit of a lifecycle, what stands behind it, and what a wider scope of it does.
const LIMITS: &[(&str, &str, &str)] = &[
    ("270 days", "{ id = 'rest', within = '150 days' }", "loosening"),
    ("100 days", "{ id = 'rest', within = '150 days' }", "tightening"),
    ("270 days", "", "tightening"),
    ("270 days", "{ id = 'rest', when = 'a > 5', within = '150 days' }", "shifting"),
    ("100 days", "{ id = 'rest', when = 'a > 5', within = '150 days' }", "tightening"),
    (
        "100 days",
        "{ id = 'b', when = 'a > 5', within = '50 days' }, { id = 'c', within = '150 days' }",
        "shifting",
    ),
    (
        "300 days",
        "{ id = 'b', when = 'a > 5', within = '50 days' }, { id = 'c', within = '150 days' }, \
         { id = 'd', within = '900 days' }",
        "loosening",
    ),
];

#[test]
fn a_limit_of_a_wider_scope_is_looser_where_it_gives_records_longer() {
    for (within, rest, impact) in LIMITS {
        let model = |limits: &str| {
            format!(
                "[object.lead]\n[field.lead.a]\ntype = 'integer'\n\
                 [lifecycle.l]\nobject = 'lead'\ncycle = [{limits}]"
            )
        };
        let scoped =
            |when: &str| model(&format!("{{ id = 'x', {when}within = '{within}' }}, {rest}"));
        let (small, large) = (scoped("when = 'a > 100', "), scoped("when = 'a > 10', "));
        assert_told(&small, &large, &[&format!("{impact} cycle-limit-scope-broadened")]);
        assert_told(&small, &scoped(""), &[&format!("{impact} cycle-limit-scope-unset")]);
        assert_told(&model(rest), &small, &[&format!("{impact} cycle-limit-added")]);
    }
}

#[test]
fn what_depends_on_others_says_so() {
    for kind in ["decision-added", "policy-scope-unset", "cycle-limit-scope-narrowed"] {
        assert!(CATALOGUE.get(kind).is_some_and(ChangeKind::depends_on_others), "{kind}");
    }
    for kind in ["decision-quorum-raised", "policy-level-lowered", "cycle-limit-moved"] {
        assert!(CATALOGUE.get(kind).is_some_and(|kind| !kind.depends_on_others()), "{kind}");
    }
}
