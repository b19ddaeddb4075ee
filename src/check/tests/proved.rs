//! What is proved of all records: where it is said, what is pointed at, and that it is said once.

use super::{checked, said};
use crate::check::Example;
use crate::finding::Finding;

const LEAD: &str = "[object.lead]\n[team.a]\n[team.b]\n\
    [field.lead.country]\ntype = \"choice\"\nvalues = [\"AT\", \"DE\", \"NL\"]\n\
    [field.lead.status]\ntype = \"choice\"\nvalues = [\"new\", \"won\"]\n\
    [field.lead.employees]\ntype = \"integer\"\n";

fn example(text: &str) -> Example {
    Example {
        fails: true,
        is_latin1: false,
        budget: None,
        as_of: None,
        text: format!("{LEAD}{text}"),
    }
}

/// What is found by some rules: the message, then the further places with their words.
fn told(rules: &[&str], text: &str) -> Vec<String> {
    let labels = |finding: &Finding| -> String {
        let label = |label: &crate::finding::Label| {
            let place = &label.place;
            let words = place.source.text().get(place.span.start..place.span.end);
            format!("\n  {}: {}", words.unwrap_or_default(), label.text)
        };
        finding.labels.iter().map(label).collect()
    };
    let report = checked(&example(text));
    let found = report.findings.iter().filter(|finding| rules.contains(&finding.rule));
    found.map(|finding| format!("{}{}", finding.message, labels(finding))).collect()
}

/// A routing table of rules: an id, a condition, and the rest.
fn table(more: &str, rules: &[(&str, &str, &str)]) -> String {
    let rule = |(id, when, rest): &(&str, &str, &str)| {
        format!("[[routing.r.rule]]\nid = \"{id}\"\nwhen = \"{when}\"\n{rest}\n")
    };
    let rules: String = rules.iter().map(rule).collect();
    format!("[routing.r]\nobject = \"lead\"\ndefault = \"team.a\"\n{more}\n{rules}")
}

const A: &str = "to = \"team.a\"";
const B: &str = "to = \"team.b\"";

#[test]
fn a_rule_that_never_fires_points_at_those_that_take_its_records() {
    let never = |text: &str| told(&["rule-never-fires"], text);
    let one = [("at", "country in ['AT', 'DE']", A), ("x", "country = 'AT'", B)];
    assert_eq!(
        never(&table("", &one)),
        ["rule `x` never fires: `at` takes every record first\n  \
          \"country in ['AT', 'DE']\": `at` takes them, to `team.a`"]
    );
    let two = [
        ("other", "country = 'NL'", A),
        ("small", "employees < 100", B),
        ("large", "employees >= 100", A),
        ("x", "employees is set and country != 'NL'", B),
    ];
    assert_eq!(
        never(&table("", &two)),
        ["rule `x` never fires: `small` and `large` take every record first\n  \
          \"employees < 100\": `small` takes some of them, to the same place\n  \
          \"employees >= 100\": `large` takes some of them, to `team.a`"]
    );
    let help = said(&format!("{LEAD}{}", table("", &two)));
    assert!(
        help.iter()
            .any(|line| line
                .ends_with("move it before `large`, make `large` narrower, or delete it")),
        "{help:#?}"
    );
    let promised =
        [("at", "country is set", A), ("x", "country = 'AT'", "to = \"team.a\"\nsla = \"sla.s\"")];
    assert_eq!(
        never(&table("", &promised)),
        ["rule `x` never fires: `at` takes every record first\n  \
          \"country is set\": `at` takes them, without a promise of time"]
    );
    assert_eq!(
        never(&table("applies_to = \"country = 'NL'\"", &[("x", "country = 'AT'", B)])),
        ["rule `x` never fires: `routing.r` is not about any record that meets its condition\n  \
          \"country = 'NL'\": only these records are routed"]
    );
}

#[test]
fn a_rule_that_does_more_than_to_send_is_not_redundant() {
    let redundant = |rest: &str| {
        let first = format!("{B}\n{rest}");
        let rules = [("x", "country = 'AT'", first.as_str()), ("at", "country is set", B)];
        told(&["rule-redundant"], &table("", &rules)).len()
    };
    let home = [("x", "country = 'AT'", A)];
    assert_eq!(told(&["rule-redundant"], &table("", &home)).len(), 1);
    // It saves records from the gap.
    assert!(told(&["rule-redundant"], &table("default_is = \"gap\"", &home)).is_empty());
    assert_eq!(redundant(""), 1);
    assert_eq!(redundant("protects = \"30 days\""), 0);
    assert_eq!(redundant("marks = \"status\""), 0);
    assert_eq!(redundant("sla = \"sla.s\""), 0);
}

#[test]
fn a_table_that_cannot_be_read_whole_is_left_alone() {
    let rules =
        [("at", "country is set", A), ("x", "country = 'AT'", B), ("y", "countr = 'AT'", B)];
    assert!(told(&["rule-never-fires"], &table("", &rules)).is_empty());
    assert_eq!(told(&["rule-never-fires"], &table("", &rules[..2])).len(), 1);
}

#[test]
fn what_follows_from_a_finding_is_not_another_one() {
    let rules = [
        "criterion-never-true",
        "criterion-always-true",
        "rule-contradicts-itself",
        "sla-covers-nothing",
        "gate-impossible",
        "icp-empty",
    ];
    let text = "[definition.none]\nobject = \"lead\"\n\
         criteria.a = \"employees > 9\"\ncriteria.b = \"employees < 5\"\ncriteria.c = \"status = 'new'\"\n\
         [segment.more]\nobject = \"lead\"\nwhen = \"not definition.none\"\n\
         [icp.i]\nobject = \"lead\"\ncriteria.d = \"definition.none\"\ncriteria.e = \"status = 'new'\"\n\
         [sla.s]\nobject = \"lead\"\napplies_to = \"definition.none and country = 'AT'\"\n";
    let routed = table("", &[("x", "definition.none", B)]);
    assert_eq!(
        told(&rules, &format!("{text}{routed}")),
        ["no record meets all criteria of `definition.none`\n  \
          \"employees > 9\": this must hold\n  \"employees < 5\": this must hold"]
    );
}

#[test]
fn what_is_wrong_by_itself_is_said_whatever_it_names_besides() {
    let rules = ["criterion-never-true", "criterion-always-true", "rule-contradicts-itself"];
    let text = "[segment.all]\nobject = \"lead\"\nwhen = \"employees is set or employees is not set\"\n\
         [segment.none]\nobject = \"lead\"\nwhen = \"employees > 9 and employees < 5\"\n";
    let own = ["every record meets `segment.all.when`", "no record meets `segment.none.when`"];
    let besides = |when: &str| {
        let segment = format!("[segment.x]\nobject = \"lead\"\nwhen = \"{when}\"\n");
        let routed = table("", &[("y", when, B)]);
        let mut told = told(&rules, &format!("{text}{segment}{routed}"));
        told.retain(|message| !own.contains(&message.as_str()));
        told
    };
    let never = ["no record meets `segment.x.when`", "no record meets the condition of rule `y`"];
    assert_eq!(besides("employees > 5 and employees < 3 and segment.all"), never);
    assert_eq!(besides("employees > 5 and employees < 3 and not segment.none"), never);
    assert_eq!(besides("employees > 5 and employees < 3 and segment.none"), never);
    let always = ["every record meets `segment.x.when`"];
    assert_eq!(besides("country is set or country is not set or segment.none"), always);
    for follows in ["country = 'AT' and segment.none", "segment.all or country = 'AT'"] {
        assert!(besides(follows).is_empty(), "{follows}");
    }
}

#[test]
fn an_icp_is_empty_where_everybody_is_kept_out() {
    let rules = ["criterion-never-true", "criterion-always-true", "icp-empty"];
    let text = "[icp.i]\nobject = \"lead\"\ncriteria.a = \"employees > 9\"\n\
         disqualifiers.b = \"country = 'AT' or country != 'AT'\"\n";
    assert_eq!(
        told(&rules, text),
        ["no record can fit `icp.i`\n  \"country = 'AT' or country != 'AT'\": this must not hold"]
    );
    let text = "[icp.i]\nobject = \"lead\"\ncriteria.a = \"employees > 9\"\n\
         disqualifiers.b = \"country = 'AT' and country = 'DE'\"\n";
    assert_eq!(told(&rules, text), ["no record meets `icp.i.disqualifiers.b`"]);
}

/// A lifecycle of two stages with what lets a record out of the first and into the second.
fn stages(exit: &str, entry: &str) -> String {
    format!(
        "[lifecycle.l]\nobject = \"lead\"\nstage_field = \"status\"\n\
         [[lifecycle.l.stage]]\nid = \"new\"\nowner = \"team.a\"\nnext = [\"won\"]\n{exit}\n\
         [[lifecycle.l.stage]]\nid = \"won\"\nterminal = true\n{entry}\n"
    )
}

#[test]
fn a_gate_is_impossible_by_both_sides_or_by_one() {
    let gates = |exit: &str, entry: &str| told(&["gate-impossible"], &stages(exit, entry));
    assert_eq!(
        gates(
            "exit.a = \"employees < 5\"\nexit.b = \"country is set\"",
            "entry.c = \"employees > 9\""
        ),
        [
            "no record can go from stage `new` to `won`: what may leave the one may not enter the other\n  \
          \"employees < 5\": to leave `new`\n  \"employees > 9\": to enter `won`"
        ]
    );
    assert_eq!(
        gates(
            "exit.a = \"employees < 5\"\nexit.b = \"employees > 9\"",
            "entry.c = \"employees > 9\""
        ),
        ["no record can leave stage `new`: its exit criteria exclude each other\n  \
          \"employees < 5\": to leave `new`\n  \"employees > 9\": to leave `new`"]
    );
    // The stage is another one on the other side.
    assert!(gates("exit.a = \"status = 'new'\"", "entry.c = \"status = 'won'\"").is_empty());
    assert!(gates("exit.a = \"employees < 5\"", "entry.c = \"employees < 9\"").is_empty());
}

/// Territories by id, condition, and the rest.
fn territories(all: &[(&str, &str, &str)]) -> String {
    let one = |(id, when, rest): &(&str, &str, &str)| {
        format!("[territory.{id}]\nobject = \"lead\"\nwhen = \"{when}\"\n{rest}\n")
    };
    all.iter().map(one).collect()
}

#[test]
fn a_territory_may_share_with_what_it_is_part_of() {
    let overlaps = |all: &[(&str, &str, &str)]| told(&["territory-overlap"], &territories(all));
    let own = "exclusive = true";
    let part = "exclusive = true\npart_of = \"territory.eu\"";
    let within = "exclusive = true\npart_of = \"territory.dach\"";
    let nested = [
        ("eu", "country is set", own),
        ("dach", "country in ['AT', 'DE']", part),
        ("at", "country = 'AT'", within),
    ];
    assert!(overlaps(&nested).is_empty());
    let apart = [nested[0], nested[1], ("at", "country = 'AT'", part)];
    assert_eq!(
        overlaps(&apart),
        ["`territory.dach` shares records with `territory.at`, and both are exclusive\n  \
          \"country = 'AT'\": `territory.at` has it too"]
    );
    assert!(overlaps(&[("a", "country = 'AT'", own), ("b", "country is set", "")]).is_empty());
}

#[test]
fn territories_leave_a_gap_only_where_all_are_exclusive() {
    let gaps = |all: &[(&str, &str, &str)]| told(&["territory-gap"], &territories(all)).len();
    let own = "exclusive = true";
    let (at, de) = (("at", "country = 'AT'", own), ("de", "country = 'DE'", own));
    assert_eq!(gaps(&[at, de]), 1);
    assert_eq!(gaps(&[at]), 0);
    assert_eq!(gaps(&[at, de, ("rest", "country not in ['AT', 'DE']", own)]), 0);
    assert_eq!(gaps(&[at, de, ("key", "employees > 999", "")]), 0);
    // The sum of the others is none of them.
    let part = "exclusive = true\npart_of = \"territory.all\"";
    let sum = ("all", "country in ['AT', 'DE']", "");
    assert_eq!(gaps(&[("at", at.1, part), ("de", de.1, part), sum]), 1);
}

#[test]
fn segments_of_other_families_or_objects_may_share() {
    let overlaps = |one: &str, other: &str| {
        let segment = |id: &str, rest: &str| {
            format!("[segment.{id}]\nobject = \"lead\"\nwhen = \"employees > 5\"\n{rest}\n")
        };
        told(&["segment-overlap"], &(segment("a", one) + &segment("b", other))).len()
    };
    assert_eq!(overlaps("exclusive = \"size\"", "exclusive = \"size\""), 1);
    assert_eq!(overlaps("exclusive = \"size\"", "exclusive = \"sort\""), 0);
    assert_eq!(overlaps("exclusive = \"size\"", ""), 0);
}

#[test]
fn only_criteria_side_by_side_are_duplicates() {
    let text = "[icp.i]\nobject = \"lead\"\ncriteria.a = \"employees > 9\"\n\
         criteria.b = \"not (employees <= 9) and employees is set\"\ncriteria.c = \"country = 'AT'\"\n\
         disqualifiers.a = \"employees > 99\"\ndisqualifiers.b = \"employees >= 100\"\n\
         [segment.s]\nobject = \"lead\"\nwhen = \"employees > 9\"\n";
    assert_eq!(
        told(&["duplicate-criterion"], text),
        [
            "`icp.i.criteria.b` says the same as `icp.i.criteria.a`\n  \
             \"employees > 9\": the same records meet this",
            "`icp.i.disqualifiers.b` says the same as `icp.i.disqualifiers.a`\n  \
             \"employees > 99\": the same records meet this",
        ]
    );
}

#[test]
fn policy_cannot_make_an_undecided_question_decided() {
    let rules = [("x", "country = 'AT'", B)];
    let off = "[policy.not-decided]\nlevel = \"off\"\nreason = \"x\"\n";
    let asked = Example {
        budget: Some(1),
        ..example(&format!("{}{off}", table("default_is = \"gap\"", &rules)))
    };
    let report = checked(&asked);
    assert_eq!((report.undecided, report.silenced.get("not-decided")), (1, Some(&1)));
    assert_eq!(checked(&Example { budget: None, ..asked }).undecided, 0);
}
