//! Whole gates: what a record is asked for that goes from one stage to the next, all of it.

use super::exact::exactly;
use super::world::one;
use crate::change::Change;

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
        let by: Vec<&str> = change.caused_by.iter().map(|cause| cause.last()).collect();
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
