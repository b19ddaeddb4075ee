//! Wholes: what a record is asked for that goes from one stage to the next, all of it, and what several
//! criteria come to together.

use super::exact::exactly;
use super::world::one;
use crate::change::Change;
use crate::model::Address;

/// A lifecycle whose first stage has an exit criterion, with what else is said of both stages.
fn model(exit: &str, next: &str, forbidden: &str) -> String {
    format!(
        "[object.lead]\n[field.lead.x]\ntype = 'integer'\n[field.lead.last]\ntype = 'date'\n\
         [definition.large]\nobject = 'lead'\ncriteria.x = 'x >= 35'\n\
         [lifecycle.lead]\nobject = 'lead'\n\
         [[lifecycle.lead.stage]]\nid = 'new'\nnext = ['mid']\nexit.e = '{exit}'\n\
         [[lifecycle.lead.stage]]\nid = 'mid'\n{next}\n{forbidden}"
    )
}

/// The kinds that are about whole gates, and the sentences of direct changes that speak of them.
fn told(before: &str, after: &str) -> Vec<String> {
    let changes = exactly(&one(before), &one(after));
    let said = |change: &Change| {
        let by: Vec<&str> = change.caused_by.iter().map(Address::last).collect();
        let remark = change.summary.find(", but").and_then(|at| change.summary.get(at..));
        match (change.kind.id.strip_prefix("pipeline-gate-"), remark) {
            (Some(what), _) => Some(format!("{what} < {}", by.join(" "))),
            (None, remark) => remark.map(|remark| format!("{}{remark}", change.address.last())),
        }
    };
    let mut told: Vec<String> = changes.changes.iter().filter_map(said).collect();
    told.sort();
    told
}

const RULE: &str = "[[lifecycle.lead.forbidden]]\nid = 'no'\nto = 'mid'\n";

#[test]
fn a_gate_asks_for_all_that_a_record_needs_that_goes_this_way() {
    let unless = |criterion: &str| format!("{RULE}unless = '{criterion}'\n");
    let set = "entry.l = 'last is set'";
    let required = "required_fields = ['last']";
    let same = ", but the whole gate to `mid` lets the same records pass";
    let cases: [(String, String, Vec<String>); 10] = [
        // A field that is required keeps a record out as an entry criterion does.
        (
            model("x >= 10", set, ""),
            model("x >= 10", required, ""),
            vec![format!("l{same}"), format!("required_fields{same}")],
        ),
        (
            model("x >= 10", "", ""),
            model("x >= 10", required, ""),
            vec!["strengthened < required_fields".to_owned()],
        ),
        (
            model("x >= 10 and last is set", required, ""),
            model("x >= 10", required, ""),
            vec![format!("e{same}")],
        ),
        // What waives a rule is asked for, and what it refers to counts.
        (
            model("x >= 10", "", &unless("x >= 35")),
            model("x >= 5", "", &unless("x >= 35")),
            vec![format!("e{same}")],
        ),
        (
            model("x >= 10", "", &unless("x >= 35")),
            model("x >= 10", "", &unless("x >= 20")),
            vec!["weakened < no".to_owned()],
        ),
        (
            model("x >= 10", "", ""),
            model("x >= 10", "", &unless("x >= 8")),
            vec![format!("no{same}")],
        ),
        (
            model("x >= 10", "", &unless("definition.large")),
            model("x >= 10", "", &unless("definition.large")).replace(">= 35", ">= 40"),
            vec!["strengthened < large".to_owned()],
        ),
        // What is forbidden outright nobody passes.
        (model("x >= 10", "", ""), model("x >= 10", "", RULE), vec!["impossible < no".to_owned()]),
        (model("x >= 10", "", RULE), model("x >= 5", "", RULE), vec![format!("e{same}")]),
        // A rule of another way is none of this one.
        (
            model("x >= 10", "", &format!("{RULE}from = 'mid'\n")),
            model("x >= 5", "", &format!("{RULE}from = 'mid'\n")),
            vec!["weakened < e".to_owned()],
        ),
    ];
    for (before, after, expected) in cases {
        assert_eq!(told(&before, &after), expected, "{before}\n{after}");
    }
}

#[test]
fn a_field_under_another_name_is_required_all_the_same() {
    let before = model("x >= 10", "required_fields = ['last']", "");
    let after = before
        .replace("field.lead.last]", "field.lead.contacted]\nformerly = ['last']")
        .replace("['last']\n", "['contacted']\n");
    let after = after.replace("formerly = ['contacted']", "formerly = ['last']");
    assert_eq!(told(&before, &after), [""; 0]);
    let softer = after.replace("x >= 10", "x >= 5");
    assert_eq!(told(&before, &softer), ["weakened < e"]);
}

#[test]
fn a_required_field_that_holds_something_else_makes_another_gate() {
    let before = model("x >= 10", "required_fields = ['last']", "");
    let after = before.replace("type = 'date'", "type = 'datetime'");
    assert_eq!(told(&before, &after), ["undecided < last"]);
}

#[test]
fn a_gate_is_known_by_what_is_another_beside_its_criteria() {
    let gate = |before: &str, after: &str| {
        let changes = exactly(&one(before), &one(after)).changes;
        let gate = changes.into_iter().find(|it| it.kind.id.starts_with("pipeline-gate-")).unwrap();
        gate.fingerprint
    };
    let plain = model("x >= 10", "", "");
    let requires = |fields: &str| model("x >= 10", &format!("required_fields = [{fields}]"), "");
    assert_ne!(gate(&plain, &requires("'last'")), gate(&plain, &requires("'last', 'x'")));
    // What stays as it was does not count.
    let softer = |next: &str| gate(&model("x >= 10", next, ""), &model("x >= 5", next, ""));
    assert_eq!(softer(""), softer("required_fields = ['last']"));
}

#[test]
fn criteria_that_change_a_whole_in_nothing_say_so() {
    let model = |definition: &str, icp: &str, handoff: &str| {
        format!(
            "[object.lead]\n[field.lead.x]\ntype = 'integer'\n[field.lead.y]\ntype = 'integer'\n\
             [definition.d]\nobject = 'lead'\n{definition}\n[icp.i]\nobject = 'lead'\n{icp}\n\
             [handoff.h]\nobject = 'lead'\n{handoff}\n"
        )
    };
    let base = model(
        "criteria.c = 'x >= 10'",
        "criteria.c = 'x >= 10'\ndisqualifiers.b = 'y < 3'",
        "acceptance.a = 'x >= 10'\nacceptance.b = 'y >= 1'",
    );
    let of = |whose: &str| format!(", but `{whose}` lets the same records pass");
    let accepts = ", but `handoff.h` accepts the same records as a whole";
    let cases: [(&str, &str, Vec<String>); 9] = [
        // Another name, one that follows, one that is split.
        (
            "d]\nobject = 'lead'\ncriteria.c",
            "d]\nobject = 'lead'\ncriteria.z",
            vec![format!("c{}", of("definition.d")), format!("z{}", of("definition.d"))],
        ),
        (
            "criteria.c = 'x >= 10'\n[icp",
            "criteria.c = 'x >= 10'\ncriteria.z = 'x >= 5'\n[icp",
            vec![format!("z{}", of("definition.d"))],
        ),
        ("criteria.c = 'x >= 10'\n[icp", "criteria.c = 'x >= 9'\n[icp", vec![]),
        (
            "criteria.c = 'x >= 10'\n[icp",
            "criteria.c = 'x >= 10'\ncriteria.z = 'y >= 5'\n[icp",
            vec![],
        ),
        (
            "disqualifiers.b = 'y < 3'",
            "disqualifiers.b = 'y < 3'\ndisqualifiers.n = 'x < 4'",
            vec![format!("n{}", of("icp.i"))],
        ),
        (
            "disqualifiers.b = 'y < 3'",
            "disqualifiers.b = 'y < 3 or x < 4'",
            vec![format!("b{}", of("icp.i"))],
        ),
        (
            "acceptance.a = 'x >= 10'",
            "acceptance.a = 'x >= 10 and y >= 1'",
            vec![format!("a{accepts}")],
        ),
        ("acceptance.b = 'y >= 1'", "acceptance.b = 'y >= 2'", vec![]),
        (
            "acceptance.a = 'x >= 10'\nacceptance.b = 'y >= 1'",
            "acceptance.a = 'x >= 10 and y >= 1'",
            vec![format!("a{accepts}"), format!("b{accepts}")],
        ),
    ];
    for (from, to, expected) in cases {
        assert_eq!(base.matches(from).count(), 1, "{from}");
        assert_eq!(told(&base, &base.replace(from, to)), expected, "{from} {to}");
    }
}
