//! What is said of a change, read aloud.

use super::exact::{MODEL, exactly};
use super::world::one;

/// The sentence of each change of a kind.
fn said(before: &str, after: &str, kind: &str) -> Vec<String> {
    let changes = exactly(&one(before), &one(after)).changes;
    let of_kind = changes.into_iter().filter(|change| change.kind.id == kind);
    of_kind.map(|change| change.summary).collect()
}

#[test]
fn every_change_reads_aloud() {
    let tiers = |ids: &str| {
        let items = ids.chars().map(|id| format!("[[icp.core.tier]]\nid = '{id}'\n"));
        format!("[icp.core]\n{}", items.collect::<String>())
    };
    let metric = |when: &str| {
        format!(
            "[object.lead]\n[field.lead.a]\ntype = 'integer'\n\
             [metric.m]\nobject = 'lead'\npopulation = 'a > {when}'\n"
        )
    };
    for (before, after, kind, expected) in [
        (
            tiers("abc"),
            tiers("cba"),
            "icp-tier-moved",
            &["icp tier `b` moved behind `c`", "icp tier `c` moved to the top (from place 3 to 1)"]
                [..],
        ),
        (
            metric("10"),
            metric("5"),
            "metric-population-broadened",
            &["`population` covers more records"],
        ),
        (
            "[model]\nformat = 1".to_owned(),
            String::new(),
            "model-removed",
            &["the table `model` is gone"],
        ),
        (
            "[queue.q]\nname = 'Desk'".to_owned(),
            "[queue.q]\nname = 'Front'".to_owned(),
            "pool-name-changed",
            &[
                "`name` changed; an owner field that says `Desk` names nobody now: `known_as` can keep it",
            ],
        ),
        (String::new(), "[thing.q]".to_owned(), "entity-added", &["`thing.q` is new"]),
        (
            "[decision.a]\ncovers = ['*']".to_owned(),
            "[decision.a]\ncovers = ['sla.*']".to_owned(),
            "decision-scope-set",
            &["`covers`: only `sla.*`, not all any more"],
        ),
    ] {
        assert_eq!(said(&before, &after, kind), expected, "{kind}");
    }
}

#[test]
fn where_records_go_reads_aloud() {
    let default = "default = 'queue.triage'";
    let turned = |to: &str| MODEL.replace(default, &format!("{default}\n{to}"));
    let promise = |sla: &str| turned(&format!("default_sla = 'sla.{sla}'"));
    assert_eq!(
        said(&promise("slow"), &promise("fast"), "default-route-sla-changed"),
        [
            "records that no rule took go to `queue.triage` as before, under `sla.fast` now and under \
             `sla.slow` before",
            "`default_sla` changed"
        ]
    );
    let lost = said(MODEL, &turned("applies_to = 'employees >= 6000'"), "route-lost");
    let west = "records of rule `west`, which went to `queue.west` without a promise, are not routed \
                any more";
    assert!(lost.iter().any(|one| one == west), "{lost:?}");
}

#[test]
fn what_it_looks_like_is_said_where_there_is_one_answer() {
    let model = |object: &str, ids: &[&str]| {
        let fields = ids.iter().map(|id| format!("[field.{object}.{id}]\ntype = 'date'\n"));
        format!("[object.{object}]\n{}", fields.collect::<String>())
    };
    let hints = |before: &[&str], after: &[&str]| -> Vec<String> {
        let found = said(&model("lead", before), &model("person", after), "field-added");
        let hint =
            |one: String| Some(one.split_once("looks like `")?.1.split_once('`')?.0.to_owned());
        found.into_iter().filter_map(hint).collect()
    };
    assert_eq!(hints(&["at", "done"], &["at", "done"]), ["lead.at", "lead.done"]);
    assert_eq!(hints(&["at", "done"], &["done", "since"]), ["lead.done", "lead.at"]);
    assert_eq!(hints(&["at", "done"], &["since", "until"]), [""; 0]);
    assert_eq!(hints(&["at"], &["since"]), ["lead.at"]);
}
