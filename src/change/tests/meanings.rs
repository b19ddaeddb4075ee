//! What a fingerprint stands for, with both models at hand: it ends when that means something else,
//! and only then.

use super::exact::exactly;
use super::world::{files, one};
use crate::change::ChangeSet;
use crate::model::Model;

/// The fingerprints of a kind.
fn prints(changes: &ChangeSet, kind: &str) -> Vec<String> {
    let changes = changes.changes.iter().filter(|change| change.kind.id == kind);
    changes.map(|change| change.fingerprint.to_string()).collect()
}

#[track_caller]
fn of_kind(base: &Model, head: &Model, kind: &str) -> Vec<String> {
    let changes = exactly(base, head);
    let prints = prints(&changes, kind);
    assert!(!prints.is_empty(), "no {kind}: {:#?}", changes.changes);
    prints
}

/// Holds that a kind of change made in each of several ways is another change each time.
#[track_caller]
fn assert_apart(base: &str, heads: &[String], kind: &str) {
    let mut all: Vec<String> =
        heads.iter().flat_map(|head| of_kind(&one(base), &one(head), kind)).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "{kind}");
}

/// Holds that a kind of change made in two ways is one change.
#[track_caller]
fn assert_same(base: &str, [head, other]: [&Model; 2], kind: &str) {
    assert_eq!(of_kind(&one(base), head, kind), of_kind(&one(base), other, kind), "{kind}");
}

const LEADS: &str = "
[object.lead]
[field.lead.n]
type = 'integer'
[field.lead.t]
type = 'text'
[queue.q]
[queue.r]
[definition.mql]
object = 'lead'
criteria.fit = 'n >= 50'
";

/// What may come whole, with a criterion that only names a segment.
const WHOLES: &[(&str, &str)] = &[
    (
        "exception-added",
        "[exception.e]\nwaives = 'definition.mql.criteria.fit'\nscope = 'segment.s'",
    ),
    ("pilot-added", "[pilot.p]\nobject = 'lead'\nscope = 'segment.s'\nchanges = ['queue.q']"),
    (
        "routing-added",
        "[routing.r]\nobject = 'lead'\ndefault = 'queue.q'\nrule = [{ id = 'a', when = 'segment.s', to = 'queue.r' }]",
    ),
    ("sla-added", "[sla.s]\nobject = 'lead'\napplies_to = 'segment.s'\nwithin = '4h'"),
];

#[test]
fn what_comes_whole_is_known_by_what_its_criteria_refer_to() {
    for (kind, whole) in WHOLES {
        let with =
            |when: &str| format!("{LEADS}{whole}\n[segment.s]\nobject = 'lead'\nwhen = '{when}'\n");
        assert_apart(LEADS, &[with("n = 40"), with("n < 50 or n is not set")], kind);
        let parts = with("n = 40");
        let (before, segment) = parts.split_once("[segment.s]").unwrap();
        let elsewhere = files(&[
            ("model/a.toml", format!("[segment.s]{}", segment.replace("n = 40", "( n  =  40 )"))),
            ("model/b.toml", before.to_owned()),
        ]);
        assert_same(LEADS, [&one(&parts), &elsewhere], kind);
    }
}

#[test]
fn what_goes_whole_is_known_by_what_its_criteria_referred_to() {
    for (kind, whole) in WHOLES {
        let with =
            |when: &str| format!("{LEADS}{whole}\n[segment.s]\nobject = 'lead'\nwhen = '{when}'\n");
        let kind = kind.replace("-added", "-removed");
        let gone = |when: &str| {
            let base = with(when);
            of_kind(&one(&base), &one(&base.replace(whole, "")), &kind)
        };
        assert_ne!(gone("n = 40"), gone("n < 50"), "{kind}");
    }
}

#[test]
fn a_rule_and_a_stage_that_come_are_known_by_what_their_criteria_refer_to() {
    let base = format!(
        "{LEADS}[lifecycle.l]\nobject = 'lead'\nstage = [{{ id = 'a' }}]\n\
         [routing.x]\nobject = 'lead'\ndefault = 'queue.q'\n"
    );
    let stage = |when: &str| {
        base.replace("[{ id = 'a' }]", "[{ id = 'a' }, { id = 'b', exit.e = 'segment.s' }]")
            + &format!("[segment.s]\nobject = 'lead'\nwhen = '{when}'\n")
    };
    assert_apart(&base, &[stage("n = 1"), stage("n = 2")], "stage-added");
    let rule = |when: &str| {
        base.clone()
            + "rule = [{ id = 'a', when = 'segment.s', to = 'queue.r' }]\n"
            + &format!("[segment.s]\nobject = 'lead'\nwhen = '{when}'\n")
    };
    assert_apart(&base, &[rule("n = 1"), rule("n = 2")], "rule-added");
}

#[test]
fn a_row_is_known_by_the_conditions_of_the_rules_it_leaves_out() {
    let base = "
        [object.lead]
        [field.lead]
        employees = { type = 'integer' }
        arr = { type = 'integer' }
        budget = { type = 'bool' }
        need = { type = 'text' }
        country = { type = 'choice', values = ['DE', 'FR'] }
        [queue.key]
        [queue.pool]
        [queue.other]
        [segment.strategic]
        object = 'lead'
        when = 'at least 2 of (employees >= 1000, arr >= 500, budget, need is set)'
        [routing.inbound]
        object = 'lead'
        default = 'queue.other'
        rule = [
          { id = 'strategic', when = 'segment.strategic', to = 'queue.key' },
          { id = 'served', when = 'country is set', to = 'queue.pool' },
        ]";
    let few = "budget and need is set and arr >= 100_000 and employees >= 500_000";
    let all = "at least 2 of (employees >= 1000, arr >= 500, budget, need is set)";
    let heads = [base.replace("at least 2", "at least 3"), base.replace(all, few)];
    assert_apart(base, &heads, "route-changed");
    let other = heads[0].replace("need is set)", "need  is set,)");
    let other = other.replace(",)", ")");
    assert_same(base, [&one(&heads[0]), &one(&other)], "route-changed");
}

#[test]
fn what_is_not_decided_is_known_by_what_it_follows_from() {
    let base = format!(
        "{LEADS}[definition.d]\nobject = 'lead'\ncriteria.a = \"n > 3 and t = 'x'\"\n\
         [routing.x]\nobject = 'lead'\ndefault = 'queue.q'\n\
         rule = [{{ id = 'one', when = 'definition.d', to = 'queue.r' }}]\n"
    );
    let heads = [
        base.replace("'integer'", "'number'"),
        base.replace("'text'", "'choice'\nvalues = ['x']"),
        base.replace("'text'", "'bool'"),
        base.replace("[field.lead.t]\ntype = 'text'\n", ""),
    ];
    for kind in ["definition-undecided", "rule-condition-undecided", "route-undecided"] {
        assert_apart(&base, &heads, kind);
        // What a field is called in an export gives no criterion another meaning.
        let columns = "type = 'number'\ncolumns.crm = 'N'";
        let other = base.replace("type = 'integer'", columns);
        if kind != "route-undecided" {
            assert_same(&base, [&one(&heads[0]), &one(&other)], kind);
        }
    }
}

#[test]
fn a_rule_that_takes_nothing_any_more_is_known_by_what_decides_that() {
    let table = |a: &str, rules: [&str; 2]| {
        let [one, two] = rules;
        format!(
            "{LEADS}[routing.x]\nobject = 'lead'\ndefault = 'queue.q'\nrule = [\n\
             {{ id = 'a', when = '{a}', to = 'queue.r' }},\n{one},\n{two},\n]\n"
        )
    };
    let b = "{ id = 'b', when = 'n > 5', to = 'queue.q' }";
    let c = "{ id = 'c', when = \"t = 'x'\", to = 'queue.q' }";
    let (base, kind) = (table("n > 9", [b, c]), "rule-became-unreachable");
    assert_apart(&base, &[table("n > 5", [b, c]), table("n > 4", [b, c])], kind);
    // A rule that takes the same records in another place changes nothing.
    let heads = [table("n > 5", [b, c]), table("n > 5", [c, b])].map(|head| one(&head));
    assert_same(&base, heads.each_ref(), kind);
}

#[test]
fn overlaps_are_known_by_both_territories_and_by_what_they_say() {
    let base = "
        [object.lead]
        [field.lead.country]
        type = 'choice'
        values = ['DE', 'FR', 'NL', 'BE']
        [territory.a]
        object = 'lead'
        when = \"country = 'DE'\"
        exclusive = true
        [territory.b]
        object = 'lead'
        when = \"country in ['FR', 'BE']\"
        exclusive = true
        [territory.c]
        object = 'lead'
        when = \"country = 'NL'\"
        exclusive = true";
    let grown = |more: &str| base.replace("country = 'DE'", &format!("country in ['DE', {more}]"));
    let heads = [grown("'FR'"), grown("'NL'"), grown("'FR', 'BE'"), grown("'FR', 'NL'")];
    assert_apart(base, &heads, "territory-overlap-opened");
    let both = exactly(&one(base), &one(&heads[3]));
    let overlaps = both.changes.iter().filter(|it| it.kind.id == "territory-overlap-opened");
    let ends = overlaps.map(|it| (it.address.as_str(), it.previous.as_ref().unwrap().as_str()));
    let ends: Vec<_> = ends.collect();
    assert_eq!(ends, [("territory.a", "territory.b"), ("territory.a", "territory.c")]);
    let other = heads[0].replace("['DE', 'FR']", "[ 'FR', 'DE' ]");
    assert_same(base, [&one(&heads[0]), &one(&other)], "territory-overlap-opened");
}

#[test]
fn a_list_that_a_field_takes_its_values_from_is_a_cause() {
    let base = "
        [object.lead]
        [list.cc]
        values = ['A', 'B', 'C']
        [field.lead.country]
        type = 'choice'
        values_from = 'list.cc'
        [queue.q]
        [queue.r]
        [territory.t]
        object = 'lead'
        when = \"country = 'A'\"
        [definition.d]
        object = 'lead'
        criteria.c = \"country != 'B'\"
        [routing.r]
        object = 'lead'
        default = 'queue.q'
        rule = [{ id = 'one', when = 'territory.t', to = 'queue.r' }]";
    let without = |values: &str| base.replace("'A', 'B', 'C'", values);
    let changes = exactly(&one(base), &one(&without("'B', 'C'")));
    let found: Vec<String> =
        changes.changes.iter().map(|it| format!("{} at {}", it.kind.id, it.address)).collect();
    let expected = [
        "field-value-removed at field.lead.country.values_from",
        "list-value-removed at list.cc.values",
        "route-undecided at routing.r",
        "rule-condition-undecided at routing.r.rule.one.when",
        "territory-scope-undecided at territory.t.when",
    ];
    assert_eq!(found, expected);
    for kind in ["territory-scope-undecided", "route-undecided"] {
        assert_apart(base, &[without("'B', 'C'"), without("'C'")], kind);
    }
}

/// The kinds of some changes with what each does and says, but for those of rows.
fn said(changes: &ChangeSet) -> Vec<String> {
    let said =
        changes.changes.iter().map(|it| format!("{}: {}: {}", it.impact, it.kind.id, it.summary));
    said.collect()
}

#[test]
fn a_condition_that_takes_points_away_counts_the_other_way_round() {
    let base = format!(
        "{LEADS}[scoring.s]\nobject = 'lead'\nresets_when = 'n = 1'\n\
         rule = [{{ id = 'a', when = 'n < 5', points = -50 }}, {{ id = 'b', when = 'n > 5', points = 50 }}]\n"
    );
    let turned = |from: &str, to: &str| said(&exactly(&one(&base), &one(&base.replace(from, to))));
    assert_eq!(
        turned("n < 5", "n < 3"),
        ["loosening: score-rule-condition-loosened: `when` takes points from fewer records"]
    );
    assert_eq!(
        turned("n > 5", "n > 7"),
        ["tightening: score-rule-condition-tightened: `when` covers fewer records"]
    );
    assert_eq!(
        turned("n = 1", "n in [1, 2]"),
        ["tightening: scoring-reset-broadened: `resets_when` covers more records"]
    );
    assert_eq!(
        turned("points = -50", "points = 20").first().map(String::as_str),
        Some("loosening: score-rule-points-raised: `points` is higher")
    );
}

#[test]
fn a_window_that_is_stated_for_the_first_time_makes_another_figure() {
    let base = "[metric.m]\nformula = 'count'\ndated_by = 'made'";
    let changes = exactly(&one(base), &one(&format!("{base}\nwindow = '90 days'")));
    assert_eq!(said(&changes), ["breaking: metric-window-set: `window` is stated now"]);
}

#[test]
fn what_a_condition_refers_to_is_told_beside_a_value_that_is_handed_over() {
    let base = format!(
        "{LEADS}[segment.s]\nobject = 'lead'\nwhen = 'n > 5'\n\
         [territory.a]\nobject = 'lead'\nwhen = \"t in ['x', 'y'] and segment.s\"\n\
         [territory.b]\nobject = 'lead'\nwhen = \"t in ['z'] and segment.s\"\n"
    );
    let moved = base.replace("['x', 'y']", "['x']").replace("['z']", "['y', 'z']");
    let kinds = |head: &str| -> Vec<String> {
        let changes = exactly(&one(&base), &one(head));
        changes.changes.iter().map(|it| format!("{} at {}", it.kind.id, it.address)).collect()
    };
    assert_eq!(kinds(&moved), ["territory-scope-moved at territory.b"]);
    let also = moved.replace("n > 5", "n > 3");
    let kinds = kinds(&also);
    let told =
        |at: &str| kinds.iter().any(|it| it.starts_with("territory-scope-") && it.ends_with(at));
    assert!(told("at territory.a.when") && told("at territory.b.when"), "{kinds:#?}");
}

#[test]
fn nobody_is_asked_to_declare_what_is_declared() {
    let base = one("[policy.sla-loosened]\nlevel = 'forbid'");
    let head = one("[policy.promises]\nformerly = ['sla-loosened']\nlevel = 'forbid'");
    let changes = exactly(&base, &head);
    let added = changes.changes.iter().find(|it| it.kind.id == "policy-added").unwrap();
    assert_eq!(
        added.summary,
        "policy `promises` is new; its id says what it is about, so with another id it is something \
         new: `formerly` does not make it a rename of `sla-loosened`"
    );
}

/// Holds that a change of a kind is another one where what both revisions have besides it is another.
#[track_caller]
fn assert_known_by(first: [&str; 2], [one_way, other_way]: [&str; 2], kind: &str) {
    let [base, head] = first;
    let of = |text: &str| {
        let with = |model: &str| one(&model.replace("HERE", text));
        of_kind(&with(base), &with(head), kind)
    };
    assert_ne!(of(one_way), of(other_way), "{kind}");
    assert_eq!(of(one_way), of(&format!("( {one_way} )")), "{kind}");
}

#[test]
fn a_row_is_known_by_what_its_table_is_about() {
    let table = |to: &str, rest: &str| {
        format!(
            "{LEADS}[routing.x]\nobject = 'lead'\ndefault = 'queue.q'\n{rest}\n\
             rule = [{{ id = 'a', when = \"t = 'x'\", to = 'queue.{to}' }}]\n"
        )
    };
    let scope = "applies_to = 'HERE'";
    let (base, head) = (table("r", scope), table("q", scope));
    assert_known_by([&base, &head], ["n > 5", "n > 500"], "route-changed");
    let table = |to: &str| {
        let segment = "[segment.s]\nobject = 'lead'\nwhen = 'HERE'\n";
        table(to, "applies_to = 'segment.s'") + segment
    };
    assert_known_by([&table("r"), &table("q")], ["n > 5", "n > 500"], "route-changed");
}

#[test]
fn what_is_handed_over_is_known_by_the_rest_of_the_conditions() {
    let territories = |values: [&str; 2]| {
        let territory = |id: &str, values: &str| {
            format!("[territory.{id}]\nobject = 'lead'\nwhen = \"t in [{values}] and (HERE)\"\n")
        };
        let [a, b] = values;
        let segment = "[segment.s]\nobject = 'lead'\nwhen = 'n > 7'\n";
        format!("{LEADS}{segment}{}{}", territory("a", a), territory("b", b))
    };
    let (base, head) = (territories(["'x', 'y'", "'z'"]), territories(["'x'", "'z', 'y'"]));
    let kind = "territory-scope-moved";
    assert_known_by([&base, &head], ["n > 5", "n > 500"], kind);
    assert_known_by([&base, &head], ["segment.s", "n > 500"], kind);
    let with = |when: &str, segment: &str| {
        let with = |model: &str| one(&model.replace("HERE", when).replace("n > 7", segment));
        of_kind(&with(&base), &with(&head), kind)
    };
    assert_ne!(with("segment.s", "n > 7"), with("segment.s", "n > 8"));
}

#[test]
fn an_exception_is_known_by_what_it_waives() {
    let waived = |waives: &str| {
        format!(
            "[exception.e]\nwaives = '{waives}'\nscope = \"t = 'x'\"\nobject = 'lead'\n\
             expires = 2030-01-01\n"
        )
    };
    for (waives, base) in [
        ("definition.mql.criteria.fit", LEADS.replace("n >= 50", "HERE")),
        ("sla.s.within", format!("{LEADS}[sla.s]\nobject = 'lead'\nwithin = 'HERE hours'\n")),
    ] {
        let kinds = [
            ("exception-added", base.clone(), base.clone() + &waived(waives)),
            ("exception-removed", base.clone() + &waived(waives), base.clone()),
            (
                "exception-extended",
                base.clone() + &waived(waives),
                base.clone() + &waived(waives).replace("2030", "2031"),
            ),
        ];
        for (kind, base, head) in kinds {
            let of = |text: &str| {
                let with = |model: &str| one(&model.replace("HERE", text));
                of_kind(&with(&base), &with(&head), kind)
            };
            let (few, many) =
                if waives.starts_with("sla") { ("4", "9") } else { ("n > 1", "n > 9") };
            assert_ne!(of(few), of(many), "{kind} {waives}");
        }
    }
}

/// The kinds of what changed between territories whose conditions are given before and after.
fn handed_over(before: [&str; 2], after: [&str; 2]) -> Vec<String> {
    let model = |[a, b]: [&str; 2]| {
        let countries = "[field.lead.c]\ntype = 'choice'\nvalues = ['AT', 'DE', 'NL']\n";
        one(&format!(
            "{LEADS}{countries}[segment.s]\nobject = 'lead'\nwhen = \"c != 'DE'\"\n\
             [territory.a]\nobject = 'lead'\nwhen = \"{a}\"\n\
             [territory.b]\nobject = 'lead'\nwhen = \"{b}\"\n"
        ))
    };
    let changes = exactly(&model(before), &model(after));
    let told = changes.changes.iter().filter(|change| change.address.kind() == "territory");
    told.map(|change| format!("{} {}", change.kind.id, change.address.id())).collect()
}

#[test]
fn nothing_is_handed_over_where_no_record_is() {
    let is = handed_over(["t in ['x', 'Y']", "t in ['z']"], ["t in ['x']", "t in ['z', 'Y']"]);
    assert_eq!(is, ["territory-scope-moved b"]);
    // The same texts in other letters.
    let is = handed_over(
        ["t in ['Acme', 'q']", "t in ['Y', 'ACME']"],
        ["t in ['ACME', 'q']", "t in ['Y', 'Acme']"],
    );
    assert_eq!(is, ["territory-scope-rewritten a.when", "territory-scope-rewritten b.when"]);
    let is = handed_over(
        ["t in ['Acme', 'ACME']", "t in ['Y']"],
        ["t in ['Acme']", "t in ['Y', 'ACME']"],
    );
    assert_eq!(is, ["territory-scope-broadened b.when", "territory-scope-rewritten a.when"]);
    // The rest of the condition leaves none of them.
    let is = handed_over(
        ["c in ['NL', 'DE'] and segment.s", "c in ['AT'] and segment.s"],
        ["c in ['NL'] and segment.s", "c in ['AT', 'DE'] and segment.s"],
    );
    assert_eq!(is, ["territory-scope-rewritten a.when", "territory-scope-rewritten b.when"]);
}
