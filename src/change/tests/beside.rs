//! Changes that do what they do because of what stands beside them.

use super::exact::exactly;
use super::world::{files, one};
use crate::change::{CATALOGUE, ChangeKind, ChangeSet, Impact, Level};

/// The impacts and kinds of what changes, in order.
pub(super) fn told(changes: &ChangeSet) -> Vec<String> {
    let all = changes.changes.iter();
    let mut told: Vec<String> =
        all.map(|change| format!("{} {}", change.impact, change.kind.id)).collect();
    told.sort();
    told
}

/// Holds what the way there does, and that the way back does the opposite.
#[track_caller]
pub(super) fn assert_told(before: &str, after: &str, expected: &[&str]) {
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
    ("level = 'off'\ncovers = ['sla.a']", "level = 'off'", &["loosening policy-scope-unset"]),
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
        &["loosening policy-scope-added"],
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
        ("note", "loosening"),
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

#[test]
fn an_exception_that_names_the_object_it_is_for_anyway_says_the_same() {
    let model = |exception: &str| {
        format!(
            "[object.lead]\n[object.account]\n[field.lead.a]\ntype = 'integer'\n[field.account.a]\ntype = 'integer'\n\
             [definition.d]\nobject = 'lead'\ncriteria.c = 'a > 1'\n[exception.e]\n{exception}"
        )
    };
    let waives = "waives = 'definition.d.criteria.c'\nscope = 'a = 1'\n";
    let other = "waives_finding = 'sla-loosened'\nwaives = 'sla.s'\n";
    let unknown = "waives = 'definition.gone'\nscope = 'a = 1'\n";
    for (says, object, impact) in [
        (waives, "lead", "cosmetic"),
        (waives, "account", "additive"),
        (other, "lead", "cosmetic"),
        (unknown, "lead", "additive"),
    ] {
        let (without, with) = (model(says), model(&format!("{says}object = '{object}'")));
        let changes = exactly(&one(&without), &one(&with));
        assert_eq!(told(&changes), [format!("{impact} exception-object-set")], "{says}");
        let back = if impact == "cosmetic" { impact } else { "breaking" };
        let changes = exactly(&one(&with), &one(&without));
        assert_eq!(told(&changes), [format!("{back} exception-object-unset")], "{says}");
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

#[test]
fn a_new_name_is_one_more_only_where_the_former_one_is_known() {
    let holder = |rest: &str| format!("[role.a]\n[[role.a.holder]]\nid = 'ann'\n{rest}");
    let changed = |kind: &str, cases: &[(&str, &str, &[&str])], model: &dyn Fn(&str) -> String| {
        for (before, after, expected) in cases {
            let changes = exactly(&one(&model(before)), &one(&model(after)));
            let expected: Vec<String> =
                expected.iter().map(|it| it.replace("NAME", &format!("{kind}-name"))).collect();
            assert_eq!(told(&changes), expected, "{before} → {after}");
        }
    };
    let alias = "name = 'Ann Moss'\nknown_as = ['ann lee']";
    changed(
        "role-holder",
        &[
            ("name = 'Ann Lee'", "name = 'Ann Moss'", &["breaking NAME-changed"]),
            (
                "name = 'Ann Lee'",
                alias,
                &["additive role-holder-alias-added", "additive NAME-changed"],
            ),
            (
                alias,
                "name = 'Ann Lee'\nknown_as = ['Ann Moss']",
                &[
                    "additive role-holder-alias-added",
                    "additive NAME-changed",
                    "breaking role-holder-alias-removed",
                ],
            ),
            ("name = 'Ann Lee'", "name = 'ann lee'", &["cosmetic NAME-changed"]),
            ("name = 'Ann'", "", &["additive NAME-unset"]),
            ("", "name = 'Ann Lee'", &["additive NAME-set"]),
            ("name = 'Ann Lee'", "", &["breaking NAME-unset"]),
        ],
        &holder,
    );
    let queue = |rest: &str| format!("[queue.q]\n{rest}");
    changed(
        "pool",
        &[
            ("name = 'Desk'", "name = 'Front desk'", &["breaking NAME-changed"]),
            ("name = 'Desk'", "", &["breaking NAME-unset"]),
            (
                "name = 'Desk'",
                "name = 'Front'\nformerly = ['desk']",
                &["additive pool-former-id-added", "additive NAME-changed"],
            ),
        ],
        &queue,
    );
    let levels = exactly(&one(&holder("name = 'Ann Lee'")), &one(&holder(alias)));
    let names = levels.changes.iter().filter(|change| change.kind.id.ends_with("name-changed"));
    assert!(names.clone().count() == 1 && names.into_iter().all(|it| it.level == Level::Note));
}

#[test]
fn what_stands_beside_says_which_way_it_goes() {
    let cases: [(&str, &str, &str, &[&str]); 9] = [
        // Another right asks somebody anyway, or there is no default.
        (
            "[decision.default]\napprove = ['role.a']\n[decision.all]\ncovers = ['sla.*']\napprove = ['role.b']\n",
            "",
            "[decision.one]\ncovers = ['sla.s']\napprove = ['role.c']",
            &["tightening decision-added"],
        ),
        (
            "[decision.default]\napprove = ['role.a']\n[decision.all]\ncovers = ['sla.*']\nkinds = ['sla-*']\n\
             approve = ['role.b']\n",
            "",
            "[decision.one]\ncovers = ['sla.s']\napprove = ['role.c']",
            &["shifting decision-added"],
        ),
        (
            "",
            "",
            "[decision.one]\ncovers = ['sla.s']\napprove = ['role.c']",
            &["tightening decision-added"],
        ),
        // Entries about the same.
        (
            "[policy.p]\nrule = 'sla-loosened'\nlevel = 'forbid'\n",
            "",
            "[policy.q]\nrule = 'sla-loosened'\nlevel = 'warn'\ncovers = ['sla.s']",
            &["loosening policy-added"],
        ),
        ("", "", "[policy.q]\nrule = 'sla-loosened'\nlevel = 'warn'", &["loosening policy-added"]),
        ("", "", "[policy.q]\nrule = 'rule-moved'\nlevel = 'approve'", &["shifting policy-added"]),
        ("", "", "[policy.q]\nrule = 'owner-unset'\nlevel = 'approve'", &["shifting policy-added"]),
        (
            "",
            "[policy.q]\nrule = 'sla-loosened'\nlevel = 'off'\ncovers = ['sla.s']",
            "[policy.q]\nrule = 'sla-loosened'\nlevel = 'off'",
            &["loosening policy-scope-unset"],
        ),
        (
            "[policy.p]\nrule = 'sla-loosened'\nlevel = 'warn'\n",
            "[policy.q]\nrule = 'sla-loosened'\nlevel = 'off'\ncovers = ['sla.s']",
            "[policy.q]\nrule = 'sla-loosened'\nlevel = 'off'",
            &["shifting policy-scope-unset"],
        ),
    ];
    for (beside, before, after, expected) in cases {
        assert_told(&[beside, before].concat(), &[beside, after].concat(), expected);
    }
}

#[test]
fn what_a_rename_brings_under_an_entry_goes_its_way() {
    let model = |level: &str, sla: &str| {
        format!(
            "{sla}\nwithin = '4 hours'\n[policy.p]\nrule = 'sla-loosened'\nlevel = '{level}'\n\
             covers = ['*.free.within']\n"
        )
    };
    let (away, there) = ("[sla.s]\nformerly = ['free']", "[sla.free]\nformerly = ['s']");
    for (level, into, out) in
        [("off", "loosening", "tightening"), ("forbid", "tightening", "loosening")]
    {
        for (before, after, impact) in [("[sla.s]", there, into), ("[sla.free]", away, out)] {
            let changes = exactly(&one(&model(level, before)), &one(&model(level, after)));
            let told = told(&changes);
            assert!(
                told.iter().any(|it| it.starts_with(&format!("{impact} policy-scope-"))),
                "{told:?}"
            );
        }
    }
}

#[test]
fn a_former_id_that_finds_records_is_no_mere_word() {
    let field = |rest: &str| format!("[object.lead]\n[field.lead.emp]\ntype = 'integer'\n{rest}");
    let queue = |rest: &str| format!("[queue.q]\n{rest}");
    let former = "formerly = ['x']";
    for (before, after, expected) in [
        (field(former), field(""), "breaking field-former-id-removed"),
        (field(""), field(former), "additive field-former-id-added"),
        (
            field(&format!("{former}\ncolumns = {{ crm = 'X' }}")),
            field("columns = { crm = 'X' }"),
            "cosmetic field-former-id-removed",
        ),
        (queue(former), queue(""), "breaking pool-former-id-removed"),
    ] {
        let changes = exactly(&one(&before), &one(&after));
        assert_eq!(told(&changes), [expected], "{before} → {after}");
    }
    let renamed = exactly(&one("[queue.x]"), &one(&queue(former)));
    assert_eq!(told(&renamed), ["cosmetic entity-id-renamed"]);
}
