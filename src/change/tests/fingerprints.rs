//! The name of a change by its meaning: what keeps it, what ends it.

use super::world::{diff, files, one};
use crate::change::{ChangeSet, Fingerprint};
use crate::model::Model;
use serde_json::json;
use std::collections::BTreeSet;

fn names(changes: &ChangeSet) -> BTreeSet<&str> {
    changes.meaningful().map(|change| change.fingerprint.as_str()).collect()
}

#[track_caller]
fn assert_kept(first: (&Model, &Model), second: (&Model, &Model)) {
    let (first, second) = (diff(first.0, first.1), diff(second.0, second.1));
    assert!(!names(&first).is_empty());
    assert_eq!(names(&first), names(&second));
}

#[track_caller]
fn assert_ended(base: &str, one_way: &str, other_way: &str) {
    let base = one(base);
    let (first, second) = (diff(&base, &one(one_way)), diff(&base, &one(other_way)));
    assert!(!names(&first).is_empty() && !names(&second).is_empty());
    assert!(names(&first).is_disjoint(&names(&second)), "{one_way}\n{other_way}");
}

#[test]
fn a_fingerprint_is_the_same_on_every_machine() {
    let print = Fingerprint::of("sla-loosened", "sla.a.within", Some(&json!("4 hours")), None);
    assert_eq!(print.as_str(), "om1:efc5cca6377555b6");
}

#[test]
fn layout_and_files_do_not_touch_it() {
    let base = one("[sla.a]\nwithin = '4h'\n[list.l]\nvalues = ['x']");
    let head = one("[sla.a]\nwithin = '5h'\n[list.l]\nvalues = ['x', 'y', 'z']");
    let elsewhere = files(&[
        ("model/sla.toml", "\u{feff}# late\r\n[sla]\r\na = { \"within\" = \"300 minutes\" }\r\n"),
        ("model/lists/l.toml", "list.l.values = [\n 'z', # new\n 'y', 'x',\n]\n"),
    ]);
    assert_kept((&base, &head), (&base, &elsewhere));
}

#[test]
fn words_that_only_explain_do_not_touch_it() {
    let base = one("");
    let head = one("[role.a]\nname = 'A'\nholder = [{ id = 'x' }]");
    let other =
        one("[role.a]\nname = 'B'\ndescription = 'c'\nholder = [{ id = 'x', description = 'd' }]");
    assert_kept((&base, &head), (&base, &other));
    let (base, head) = (one("[sla.a]\nwithin = '4h'"), one("[sla.a]\nwithin = '5h'"));
    let other = one("[sla.a]\nname = 'now'\nwithin = '5h'\ndescription = 'explained'");
    assert_kept((&base, &head), (&base, &other));
}

#[test]
fn another_value_is_another_change() {
    assert_ended("[sla.a]\nwithin = '4h'", "[sla.a]\nwithin = '5h'", "[sla.a]\nwithin = '6h'");
    assert_ended("[list.l]", "[list.l]\nvalues = ['x']", "[list.l]\nvalues = ['y']");
    assert_ended("", "[team.a]\nlead = 'role.x'", "[team.a]\nlead = 'role.y'");
    assert_ended("", "[definition.a]\ndescription = 'x'", "[definition.a]\ndescription = 'y'");
    let base = "[segment.a]\nwhen = 'x = 1'";
    assert_ended(base, "[segment.a]\nwhen = 'x = 2'", "[segment.a]\nwhen = 'x = 3'");
    let head = one("[sla.a]\nwithin = '9h'");
    let (first, second) = (one("[sla.a]\nwithin = '4h'"), one("[sla.a]\nwithin = '5h'"));
    assert_ne!(names(&diff(&first, &head)), names(&diff(&second, &head)));
}

#[test]
fn coming_and_going_are_not_one_change() {
    let (without, with) = (one("[cadence.a]"), one("[cadence.a]\nagenda = ['x']"));
    let (there, back) = (diff(&without, &with), diff(&with, &without));
    assert_ne!(there.changes[0].fingerprint, back.changes[0].fingerprint);
}
