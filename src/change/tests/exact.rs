//! One edit each of a small model, with everything that follows from it.

use super::world::{files, one};
use crate::change::{ChangeSet, Exactly, Impact, Level, Policies, compare};
use crate::load::ModelScope;
use crate::model::Model;
use crate::proof::Prover;

/// Fields, predicates, a routing table and a lifecycle that hang together.
pub(super) const MODEL: &str = "
[object.lead]
[queue.dach]
[queue.west]
[queue.key]
[queue.triage]
[field.lead.country]
type = 'choice'
values = ['AT', 'CH', 'DE', 'FR', 'NL']
[field.lead.employees]
type = 'integer'
[field.lead.score]
type = 'number'
[list.west]
values = ['FR', 'NL']
[territory.dach]
object = 'lead'
when = \"country in ['AT', 'CH', 'DE']\"
[territory.west]
object = 'lead'
when = 'country in list.west'
[icp.core]
object = 'lead'
criteria.size = 'employees >= 200'
[definition.mql]
object = 'lead'
criteria.fit = 'icp.core'
criteria.score = 'score >= 60'
[metric.mql]
object = 'lead'
counts = 'definition.mql'
[lifecycle.lead]
object = 'lead'
[[lifecycle.lead.stage]]
id = 'new'
next = ['mql']
exit.sized = 'employees >= 100'
[[lifecycle.lead.stage]]
id = 'mql'
entry.qualified = 'definition.mql'
[routing.inbound]
object = 'lead'
default = 'queue.triage'
[[routing.inbound.rule]]
id = 'key'
when = 'employees >= 5000'
to = 'queue.key'
[[routing.inbound.rule]]
id = 'dach'
when = 'territory.dach'
to = 'queue.dach'
[[routing.inbound.rule]]
id = 'west'
when = 'territory.west'
to = 'queue.west'
";

pub(super) fn exactly(before: &Model, after: &Model) -> ChangeSet {
    let scopes = (ModelScope::new(before), ModelScope::new(after));
    let as_of = "2026-06-30T12:00:00Z".parse().unwrap();
    let prover = Prover { as_of, budget: 1_000_000 };
    let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
    let policies = Policies::default();
    let mut changes = compare(before, after, &policies, &exactly);
    changes.add_indirect(&exactly, &policies);
    changes
}

/// The changes that turning some words into others makes: impact, kind, address, and what caused it.
fn made(from: &str, to: &str) -> (ChangeSet, Vec<String>) {
    assert_eq!(MODEL.matches(from).count(), 1, "{from}");
    let (before, after) = (one(MODEL), one(&MODEL.replace(from, to)));
    for scope in [ModelScope::new(&before), ModelScope::new(&after)] {
        for criterion in scope.criteria() {
            assert_eq!(criterion.faults, [], "{}", criterion.text);
        }
    }
    let changes = exactly(&before, &after);
    let line = |change: &crate::change::Change| {
        let causes: Vec<&str> =
            change.caused_by.iter().map(crate::model::Address::as_str).collect();
        let by = if causes.is_empty() { String::new() } else { format!(" < {}", causes.join(" ")) };
        format!("{} {} {}{by}", change.impact, change.kind.id, change.address)
    };
    let mut lines: Vec<String> = changes.changes.iter().map(line).collect();
    lines.sort();
    (changes, lines)
}

#[test]
fn a_softer_icp_shows_wherever_it_has_an_effect() {
    let (_, lines) = made("employees >= 200", "employees >= 150");
    assert_eq!(
        lines,
        [
            "breaking metric-counted-broadened metric.mql.counts < icp.core",
            "loosening definition-broadened definition.mql.criteria.fit < icp.core",
            "loosening icp-broadened icp.core.criteria.size",
            "loosening pipeline-gate-weakened lifecycle.lead.stage.new.next.mql < icp.core",
            "loosening stage-entry-weakened lifecycle.lead.stage.mql.entry.qualified < icp.core",
        ]
    );
}

#[test]
fn a_softer_exit_that_the_next_entry_still_stops_is_said_to_be_that() {
    let (changes, lines) = made("employees >= 100", "employees >= 50");
    assert_eq!(lines, ["loosening stage-exit-weakened lifecycle.lead.stage.new.exit.sized"]);
    assert_eq!(
        changes.changes[0].summary,
        "exit criterion `sized` lets more records pass, but the whole gate to `mql` lets the same \
         records pass"
    );
}

#[test]
fn a_list_that_shrinks_is_a_row_of_the_routing_table() {
    let (changes, lines) = made("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory");
    assert_eq!(
        lines,
        [
            "shifting route-fell-to-default routing.inbound.default < list.west",
            "tightening list-value-removed list.west.values",
            "tightening territory-scope-narrowed territory.west.when < list.west",
        ]
    );
    assert!(changes.routes[0].is_exact());
}

#[test]
fn a_value_between_two_territories_is_one_row() {
    let from = "when = \"country in ['AT', 'CH', 'DE']\"";
    let (changes, lines) = made(from, "when = \"country in ['AT', 'CH', 'DE', 'NL']\"");
    assert_eq!(
        lines,
        [
            "loosening territory-scope-broadened territory.dach.when",
            "shifting route-changed routing.inbound.rule.dach < territory.dach",
        ]
    );
    let row = changes.changes.iter().find_map(|change| change.row.as_ref()).unwrap();
    assert_eq!((row.before.name(), row.after.name()), ("west", "dach"));
    assert_eq!(row.include, "country = 'NL'");
    assert_eq!(row.except, ["key"]);
}

#[test]
fn a_rule_that_moves_past_others_of_other_records_is_proved_to_change_nothing() {
    let west =
        "[[routing.inbound.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n";
    let dach =
        "[[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n";
    let (changes, lines) = made(&format!("{dach}{west}"), &format!("{west}{dach}"));
    assert_eq!(lines, ["cosmetic rule-reordered-no-effect routing.inbound.rule.west"]);
    assert_eq!(changes.changes[0].level, Level::Note);
    assert_eq!(changes.meaningful().count(), 0);
}

#[test]
fn a_rule_that_moves_past_rules_of_the_same_records_moves_them() {
    let key =
        "[[routing.inbound.rule]]\nid = 'key'\nwhen = 'employees >= 5000'\nto = 'queue.key'\n";
    let dach =
        "[[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n";
    let (changes, lines) = made(&format!("{key}{dach}"), &format!("{dach}{key}"));
    assert_eq!(
        lines,
        [
            "shifting route-changed routing.inbound.rule.dach < routing.inbound",
            "shifting rule-moved routing.inbound.rule.dach",
        ]
    );
    assert!(changes.changes.iter().all(|change| change.impact == Impact::Shifting));
}

#[test]
fn a_gap_is_another_place_than_the_queue_it_leads_to() {
    let gap =
        MODEL.replace("default = 'queue.triage'", "default = 'queue.west'\ndefault_is = 'gap'");
    let narrower = gap.replace("'territory.west'\nto", "'territory.west and employees >= 10'\nto");
    let (falls, comes) =
        (exactly(&one(&gap), &one(&narrower)), exactly(&one(&narrower), &one(&gap)));
    let row = |changes: &ChangeSet| {
        let row = changes.changes.iter().find(|change| change.row.is_some()).expect("a row");
        (row.kind.id.clone(), row.summary.clone(), row.level)
    };
    let (kind, summary, level) = row(&falls);
    assert_eq!((kind.as_str(), level), ("route-lost", Level::Forbid));
    let says = "records of rule `west` fall into the gap, `queue.west` as before, because no rule takes \
                them";
    assert_eq!(summary, says);
    assert_eq!(row(&comes).0, "route-gained");
    // What the default counts as is told once, as that.
    let home = gap.replace("default_is = 'gap'", "default_is = 'home'");
    assert!(exactly(&one(&home), &one(&gap)).changes.iter().all(|change| change.row.is_none()));
}

#[test]
fn a_mark_that_records_get_otherwise_is_not_form() {
    let rule = |id: &str, when: &str| {
        format!("[[routing.inbound.rule]]\nid = '{id}'\nwhen = \"{when}\"\nto = 'queue.west'\n")
    };
    let (one_rule, two) = (rule("one", "employees >= 10"), rule("two", "country = 'FR'"));
    let renamed = one_rule.replace("'one'", "'uno'\nformerly = ['one']");
    let apart = rule("apart", "employees < 5");
    let mark = "shifting route-mark-changed";
    let cases: [(String, String, &[&str]); 4] = [
        (
            format!("{one_rule}{two}"),
            format!("{two}{one_rule}"),
            &[&format!("{mark} two"), "shifting rule-moved two"],
        ),
        (one_rule.clone(), renamed, &[&format!("{mark} uno"), "cosmetic item-id-renamed uno"]),
        (
            format!("{one_rule}{apart}"),
            format!("{apart}{one_rule}"),
            &["cosmetic rule-reordered-no-effect apart"],
        ),
        (
            one_rule.clone(),
            format!("{one_rule}{}", rule("idle", "employees >= 20")),
            &["cosmetic rule-added idle"],
        ),
    ];
    let dach =
        "[[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n";
    let west =
        "[[routing.inbound.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n";
    for (before, after, expected) in cases {
        for marks in [true, false] {
            let marking = if marks {
                "default = 'queue.west'\nmarks = 'rule'"
            } else {
                "default = 'queue.west'"
            };
            let model = MODEL.replace("default = 'queue.triage'", marking).replace(dach, "");
            let with = |rules: &str| one(&model.replace(west, rules));
            let changes = exactly(&with(&before), &with(&after));
            let mut told: Vec<String> = changes
                .changes
                .iter()
                .map(|it| format!("{} {} {}", it.impact, it.kind.id, it.address.last()))
                .collect();
            told.sort_by_key(|line| line.contains("rule-moved") || line.contains("renamed"));
            if marks {
                assert_eq!(told, expected, "{before} {after}");
            } else {
                assert!(told.iter().all(|it| it.starts_with("cosmetic")), "{told:?}");
            }
        }
    }
}

#[test]
fn protection_that_records_lose_is_not_form() {
    let rule = |id: &str, countries: &str, more: &str| {
        format!(
            "[[routing.inbound.rule]]\nid = '{id}'\nwhen = \"country in [{countries}]\"\nto = 'queue.west'\n{more}"
        )
    };
    let west =
        "[[routing.inbound.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n";
    let plain = rule("plain", "'DE', 'FR'", "");
    let kept = rule("kept", "'FR', 'NL'", "protects = '90 days'\n");
    let apart = rule("apart", "'CH'", "protects = '30 days'\n");
    let idle = rule("idle", "'FR'", "");
    for (before, after, expected) in [
        (format!("{kept}{plain}"), format!("{plain}{kept}"), ["shifting rule-moved plain"]),
        (plain.clone(), format!("{kept}{plain}"), ["shifting rule-added kept"]),
        (format!("{kept}{plain}"), plain.clone(), ["shifting rule-removed kept"]),
        (
            format!("{kept}{apart}"),
            format!("{apart}{kept}"),
            ["cosmetic rule-reordered-no-effect apart"],
        ),
        (plain.clone(), format!("{idle}{plain}"), ["cosmetic rule-added idle"]),
        (format!("{idle}{plain}"), plain.clone(), ["cosmetic rule-removed idle"]),
    ] {
        // Whatever the rules take goes where the default goes, so that only protection differs.
        let model = MODEL.replace("default = 'queue.triage'", "default = 'queue.west'");
        let dach =
            "[[routing.inbound.rule]]\nid = 'dach'\nwhen = 'territory.dach'\nto = 'queue.dach'\n";
        let with = |rules: &str| one(&model.replace(dach, "").replace(west, rules));
        let changes = exactly(&with(&before), &with(&after));
        let told = changes.changes.iter().map(|change| {
            let id = change.address.last();
            format!("{} {} {id}", change.impact, change.kind.id)
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
        let level = if expected[0].starts_with("cosmetic") { Level::Note } else { Level::Approve };
        assert!(changes.changes.iter().all(|change| change.level == level), "{expected:?}");
    }
}

#[test]
fn a_rule_that_is_renamed_and_moved_is_told_with_the_records_it_moves() {
    let rule = |id: &str, when: &str, to: &str, more: &str| {
        format!(
            "[[routing.inbound.rule]]\nid = '{id}'\nwhen = \"{when}\"\nto = 'queue.{to}'\n{more}"
        )
    };
    let west =
        "[[routing.inbound.rule]]\nid = 'west'\nwhen = 'territory.west'\nto = 'queue.west'\n";
    let (x, y) =
        (rule("x", "country = 'NL'", "key", ""), rule("y", "country in ['NL', 'FR']", "west", ""));
    let z = rule("z", "country = 'NL'", "key", "formerly = ['x']\n");
    let with = |rules: &str| one(&MODEL.replace(west, rules));
    let changes = exactly(&with(&format!("{x}{y}")), &with(&format!("{y}{z}")));
    let moved = changes.changes.iter().find(|change| change.kind.id == "rule-moved");
    assert_eq!(moved.map(|change| change.impact), Some(Impact::Shifting), "{changes:?}");
}

#[test]
fn rules_that_die_are_named() {
    let (_, lines) =
        made("when = 'employees >= 5000'", "when = 'employees >= 0 or not (employees >= 0)'");
    assert!(
        lines.contains(
            &"shifting rule-became-unreachable routing.inbound.rule.dach < routing.inbound"
                .to_owned()
        ),
        "{lines:?}"
    );
    let (_, lines) = made("when = 'employees >= 5000'", "when = 'employees > 9 and employees < 5'");
    assert!(
        lines.contains(
            &"breaking rule-never-matches routing.inbound.rule.key < routing.inbound".to_owned()
        ),
        "{lines:?}"
    );
}

#[test]
fn a_gate_that_nobody_can_pass_any_more_is_forbidden() {
    let (changes, lines) = made("employees >= 100", "employees < 100");
    assert_eq!(
        lines,
        [
            "shifting stage-exit-shifted lifecycle.lead.stage.new.exit.sized",
            "tightening pipeline-gate-impossible lifecycle.lead.stage.new.next.mql < \
             lifecycle.lead.stage.new.exit.sized",
        ]
    );
    assert_eq!(changes.by_level().get(&Level::Forbid), Some(&1));
}

#[test]
fn a_queue_under_another_name_moves_nobody() {
    let after = MODEL.replace("[queue.west]", "[queue.france]\nformerly = ['west']");
    let after = after.replace("'queue.west'", "'queue.france'");
    let changes = exactly(&one(MODEL), &one(&after));
    let kinds: Vec<&str> = changes.changes.iter().map(|change| change.kind.id.as_str()).collect();
    assert_eq!(kinds, ["entity-id-renamed"]);
}

#[test]
fn where_a_table_cannot_be_read_nothing_is_claimed() {
    let before = one(MODEL);
    let after =
        files(&[("model/all.toml", MODEL.replace("'territory.west'\nto", "'territory.wset'\nto"))]);
    let scopes = (ModelScope::new(&before), ModelScope::new(&after));
    let as_of = "2026-06-30T12:00:00Z".parse().unwrap();
    let prover = Prover { as_of, budget: 1_000_000 };
    let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
    let mut changes = compare(&before, &after, &Policies::default(), &exactly);
    changes.add_indirect(&exactly, &Policies::default());
    let kinds: Vec<&str> = changes.changes.iter().map(|change| change.kind.id.as_str()).collect();
    assert_eq!(kinds, ["route-undecided", "rule-condition-undecided"]);
    assert!(!changes.routes[0].is_exact());
}

#[test]
fn the_way_back_mirrors_every_change() {
    for (from, to) in [
        ("employees >= 200", "employees >= 150"),
        ("employees >= 100", "employees < 100"),
        ("when = 'employees >= 5000'", "when = 'employees > 9 and employees < 5'"),
        ("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory"),
    ] {
        let (before, after) = (one(MODEL), one(&MODEL.replace(from, to)));
        let kinds = |changes: &ChangeSet, mirrored: bool| {
            let id = |change: &crate::change::Change| {
                let kind = change.kind;
                let id = if mirrored { kind.mirror.clone() } else { kind.id.clone() };
                // What goes from one rule to another stands at the rule it goes to.
                let routed = change.row.is_some();
                (id, (!routed).then(|| change.address.to_string()))
            };
            let mut ids: Vec<_> = changes.changes.iter().map(id).collect();
            ids.sort();
            ids
        };
        let (there, back) = (exactly(&before, &after), exactly(&after, &before));
        assert_eq!(kinds(&there, true), kinds(&back, false), "{from}");
    }
}

#[test]
fn exclusive_territories_that_come_to_share_a_record_say_so() {
    let exclusive = MODEL
        .replace("[territory.dach]\n", "[territory.dach]\nexclusive = true\n")
        .replace("[territory.west]\n", "[territory.west]\nexclusive = true\n");
    let kinds = |before: &str, after: &str| {
        let changes = exactly(&one(before), &one(after));
        let kinds = changes.changes.iter().map(|change| change.kind.id.clone());
        kinds.filter(|kind| kind.starts_with("territory-")).collect::<Vec<_>>()
    };
    let both = exclusive.replace("['AT', 'CH', 'DE']\"", "['AT', 'CH', 'DE', 'NL']\"");
    assert_eq!(kinds(&exclusive, &both), ["territory-scope-broadened", "territory-overlap-opened"]);
    assert_eq!(kinds(&both, &exclusive), ["territory-scope-narrowed", "territory-overlap-closed"]);
    let whole =
        exclusive.replace("'country in list.west'", "'country in list.west or country is not set'");
    let torn = whole.replace("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory");
    assert_eq!(kinds(&whole, &torn), ["territory-gap-opened", "territory-scope-narrowed"]);
    assert_eq!(kinds(&torn, &whole), ["territory-scope-broadened", "territory-gap-closed"]);
}

/// What turning some words makes, in one go: impact, kind, address, and what caused it.
fn made_at_once(turns: &[(&str, &str)]) -> Vec<String> {
    let mut after = MODEL.to_owned();
    for (from, to) in turns {
        assert_eq!(after.matches(from).count(), 1, "{from}");
        after = after.replace(from, to);
    }
    let line = |change: &crate::change::Change| {
        let by: Vec<&str> = change.caused_by.iter().map(crate::model::Address::as_str).collect();
        format!("{} {} < {}", change.kind.id, change.address, by.join(" "))
    };
    let changes = exactly(&one(MODEL), &one(&after)).changes;
    let mut lines: Vec<String> = changes.iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn a_criterion_that_is_respelled_says_what_it_means_now() {
    let lines =
        made_at_once(&[("'icp.core'", "'(icp.core)'"), ("employees >= 200", "employees >= 150")]);
    let definition = "definition-broadened definition.mql.criteria.fit < icp.core";
    assert!(lines.iter().any(|line| line == definition), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("rewritten")), "{lines:#?}");
}

#[test]
fn a_rename_hides_nothing_that_changes_with_it() {
    let lines = made_at_once(&[
        ("[icp.core]", "[icp.centre]\nformerly = ['core']"),
        ("'icp.core'", "'icp.centre'"),
        ("next = ['mql']", "next = ['qualified']"),
        ("id = 'mql'\n", "id = 'qualified'\nformerly = ['mql']\n"),
        ("employees >= 200", "employees >= 150"),
    ]);
    assert_eq!(
        lines,
        [
            "definition-broadened definition.mql.criteria.fit < icp.centre",
            "entity-id-renamed icp.centre < ",
            "icp-broadened icp.centre.criteria.size < ",
            "item-id-renamed lifecycle.lead.stage.qualified < ",
            "metric-counted-broadened metric.mql.counts < icp.centre",
            "pipeline-gate-weakened lifecycle.lead.stage.new.next.qualified < icp.centre",
            "stage-entry-weakened lifecycle.lead.stage.qualified.entry.qualified < icp.centre",
        ]
    );
}

#[test]
fn a_rename_adds_nothing_to_what_changes_with_it() {
    let shrinks = ("values = ['FR', 'NL']\n[territory", "values = ['FR']\n[territory");
    let rename = [
        ("[territory.west]", "[territory.far]\nformerly = ['west']"),
        ("when = 'territory.west'", "when = 'territory.far'"),
    ];
    let alone = made_at_once(&[shrinks]);
    let mut both = made_at_once(&[&rename[..], &[shrinks]].concat());
    both.retain(|line| !line.starts_with("entity-id-renamed"));
    assert_eq!(both.join("\n").replace("territory.far", "territory.west"), alone.join("\n"));
    // Where nothing changes with it, other words are form.
    assert!(made_at_once(&rename).iter().any(|line| line.starts_with("rule-condition-rewritten")));
}

#[test]
fn a_field_of_another_name_is_the_same_field() {
    let turns = [
        ("[field.lead.score]", "[field.lead.points]\nformerly = ['score']"),
        ("'score >= 60'", "'points >= 60'"),
    ];
    assert_eq!(
        made_at_once(&turns),
        [
            "definition-rewritten definition.mql.criteria.score < ",
            "entity-id-renamed field.lead.points < ",
        ]
    );
}
