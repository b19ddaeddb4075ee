//! `deviations`: what is new since an earlier list, more than allowed, and waived.

use super::{LEADS, MODEL, deviations, folder, found, write_leads};
use crate::cli::{folder_with, opmodel};
use crate::repo::Repo;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn what_was_there_yesterday_is_left_out() {
    let folder = folder(LEADS);
    let path = folder.path();
    for (format, name) in [("json", "old.json"), ("csv", "old.csv")] {
        let old = deviations(path, &["--format", format]).exits(0).out;
        fs::write(path.join(name), old).expect("a file");
    }
    deviations(path, &["--new-since", "old.json"]).exits(0).says("no new deviation");
    let mut today = LEADS[2..].to_vec();
    let new = "24,New,,DE,200,MQL,2026-11-23,,,2026-11-23,,";
    today.push(new);
    write_leads(path, "leads.csv", &today);
    for name in ["old.json", "old.csv"] {
        let report = deviations(path, &["--new-since", name, "--format", "json"]).exits(0).json();
        assert_eq!(found(&report)[0], "24 not-routed routing.inbound");
        assert_eq!(report["summary"]["deviations"], 1);
        assert_eq!(report["summary"]["earlier"]["gone"], 1);
    }
    deviations(path, &["--new-since", "old.csv", "--max", "0"])
        .exits(1)
        .says("1 new deviation from the model in 1 of 22 records")
        .says("of the 17 in `old.csv`, 16 are still there and 1 is gone")
        .says("more than allowed: 1 deviation of any kind, and at most 0 may be");
    // A list that holds only a part says so in every form, also where there is nothing in it.
    for (format, name) in [("json", "part.json"), ("csv", "part.csv")] {
        let since = ["--new-since", name];
        let written = |arguments: &[&str]| {
            let part = deviations(path, &[arguments, &["--format", format]].concat()).out;
            fs::write(path.join(name), part).expect("a file");
        };
        for earlier in ["old.csv", "new.csv"] {
            written(&["--new-since", earlier]);
            deviations(path, &since).exits(2).complains("only what was new then");
            let whole = deviations(path, &["--format", "csv"]).exits(0).out;
            fs::write(path.join("new.csv"), whole).expect("a file");
        }
        for (option, value, other) in [
            ("--kind", "sla-soon", "sla-late"),
            ("--kind", "stage-limit,sla-soon", "sla-late"),
            ("--owner", "ann@example.com", "ben@example.com"),
            ("--owner", "a,\"b\"", "ben@example.com"),
        ] {
            written(&[option, value]);
            let otherwise = format!("it was made with another `{option}`");
            deviations(path, &since).exits(2).complains(&otherwise);
            deviations(path, &[&since[..], &[option, other]].concat()).exits(2);
            deviations(path, &[&since[..], &[option, value]].concat()).exits(0);
        }
        fs::remove_file(path.join("new.csv")).expect("a file");
        fs::copy(path.join("old.csv"), path.join("new.csv")).expect("a file");
    }
    let owned = deviations(path, &["--owner", "ann@example.com", "--format", "csv"]).out;
    let widths: BTreeSet<usize> = owned
        .lines()
        .filter(|line| !line.contains('"'))
        .map(|line| line.matches(',').count())
        .collect();
    assert_eq!(widths, BTreeSet::from([16]), "{owned}");
    deviations(path, &["--new-since", "leads.csv"]).exits(2).complains("nothing that");
    deviations(path, &["--new-since", "none.json"]).exits(128);
}

#[test]
fn what_is_not_looked_for_now_is_not_gone() {
    let folder = folder(LEADS);
    let path = folder.path();
    for (format, name) in [("json", "old.json"), ("csv", "old.csv")] {
        let old = deviations(path, &["--format", format]).exits(0).out;
        fs::write(path.join(name), old).expect("a file");
    }
    let earlier = |arguments: &[&str]| {
        let all = [arguments, &["--format", "json"]].concat();
        let row = deviations(path, &all).exits(0).json()["summary"]["earlier"].clone();
        ["before", "still", "gone", "not_looked_for"].map(|key| row[key].as_u64().expect(key))
    };
    for name in ["old.json", "old.csv"] {
        let since = ["--new-since", name];
        assert_eq!(earlier(&since), [17, 17, 0, 0]);
        for part in [["--kind", "sla-late"], ["--owner", "ann@example.com"], ["--team", "sdr"]] {
            let [before, still, gone, rest] = earlier(&[&since[..], &part].concat());
            assert_eq!((before, gone, before + rest), (still, 0, 17), "{part:?}");
            assert!(still > 0 && rest > 0, "{part:?}");
        }
    }
    let whole = fs::read_to_string(path.join("leads.csv")).expect("a file");
    fs::write(path.join("leads.csv"), whole.replace("routed_at", "routed")).expect("a file");
    let [_, _, gone, rest] = earlier(&["--new-since", "old.json"]);
    assert!(gone == 0 && rest > 0, "{gone} gone, {rest} not judged");
    deviations(path, &["--new-since", "old.json"])
        .exits(0)
        .says("no new deviation from the model")
        .says("0 are gone; 3 were not looked for now");
}

#[test]
fn without_a_key_nothing_is_new_and_lines_are_named() {
    let folder = folder(&LEADS[1..2]);
    let path = folder.path();
    let unnamed = MODEL.replace("key_field = \"id\"\n", "");
    fs::write(path.join("model/all.toml"), unnamed).expect("a file");
    deviations(path, &[]).exits(0).says("line 2");
    let report = deviations(path, &["--format", "json"]).exits(0).json();
    assert_eq!(report["deviations"][0]["fingerprint"], Value::Null);
    assert_eq!(report["summary"]["without_key"], 1);
    deviations(path, &["--new-since", "x.json"])
        .exits(2)
        .complains("nothing tells which `lead` record is which")
        .complains("write `key_field = \"…\"` into `[object.lead]`");
}

#[test]
fn more_than_allowed_is_an_exit_code() {
    let folder = folder(LEADS);
    let path = folder.path();
    deviations(path, &["--max", "17", "--max", "sla-breached=1"])
        .exits(0)
        .says("within bounds: 1 `sla-breached`, and at most 1 may be");
    deviations(path, &["--max", "sla-breached=0", "--max", "17"])
        .exits(1)
        .says("more than allowed: 1 `sla-breached`, and at most 0 may be");
    let run = deviations(path, &["--max", "3", "--format", "json"]).exits(1);
    assert_eq!(run.json()["limits"][0]["exceeded"], true);
    deviations(path, &["--max", "sla-breached=0", "--kind", "sla-late"])
        .exits(2)
        .complains("`--max sla-breached=0` is about a kind that `--kind` leaves out");
}

#[test]
fn a_limit_on_what_was_not_judged_is_neither_kept_nor_exceeded() {
    let folder = folder(LEADS);
    let path = folder.path();
    let whole = fs::read_to_string(path.join("leads.csv")).expect("a file");
    fs::write(path.join("leads.csv"), whole.replace("touched_at", "touched")).expect("a file");
    for limit in ["sla-breached=0", "200"] {
        deviations(path, &["--max", limit]).exits(1).says("? cannot be said: ");
        let run = deviations(path, &["--max", limit, "--format", "json"]).exits(1);
        let row = &run.json()["limits"][0];
        assert_eq!(row["exceeded"], Value::Null);
        let why = row["not_judged"].to_string();
        assert!(why.contains("the file has no column for `touched_at`"), "{why}");
    }
    // An export that came empty is no good news.
    write_leads(path, "leads.csv", &[]);
    deviations(path, &["--max", "0"])
        .exits(1)
        .says("? cannot be said: ")
        .says("there is no record");
    // A row that nobody can read may be one that deviates.
    fs::write(path.join("leads.csv"), format!("{whole}a,b\n")).expect("a file");
    deviations(path, &["--max", "17"])
        .exits(1)
        .says("? cannot be said: ")
        .says("but not all is judged: 1 row");
    deviations(path, &["--max", "18"]).exits(0).says("✓ within bounds: ");
    deviations(path, &["--max", "16"]).exits(1).says("✗ more than allowed: ");
    fs::write(path.join("leads.csv"), whole.replace("touched_at", "touched")).expect("a file");
    // What is found is too much, whatever else there is.
    deviations(path, &["--max", "0"]).exits(1).says("✗ more than allowed: ");
    // Another kind than those that the column decides is as before, and one nobody looks for is not.
    deviations(path, &["--max", "undeclared-value=9"]).exits(0).says("✓ within bounds: ");
    deviations(path, &["--max", "older-revision=0"])
        .exits(1)
        .says("there is no history, so older revisions were not asked");
}

#[test]
fn what_records_are_held_to_can_be_waived_and_check_agrees() {
    let folder = folder(LEADS);
    let report = deviations(folder.path(), &["--format", "json"]).exits(0).json();
    let found = report["deviations"].as_array().expect("deviations");
    let data = ["undeclared-value", "unreadable-value"];
    let held = found.iter().filter(|row| !data.contains(&row["kind"].as_str().unwrap()));
    let held: BTreeSet<&str> = held.map(|row| row["address"].as_str().unwrap()).collect();
    assert!(held.len() >= 9, "{held:?}");
    for address in held {
        let exception = format!(
            "\n[exception.one]\nobject = \"lead\"\nwaives = \"{address}\"\n\
             scope = \"id is set\"\nreason = \"a trial\"\n\
             approved_by = \"role.ae\"\nexpires = 2026-12-31\n"
        );
        fs::write(folder.path().join("model/all.toml"), format!("{MODEL}{exception}"))
            .expect("a model");
        let checked =
            opmodel(folder.path(), &["check", "--as-of", "2026-11-23", "--format", "json"]);
        assert!(!checked.out.contains("exception-subject"), "{address}\n{}", checked.out);
        let report = deviations(folder.path(), &["--format", "json"]).exits(0).json();
        let rows = report["deviations"].as_array().expect("deviations").iter();
        let rows: Vec<_> = rows.filter(|row| row["address"] == address).collect();
        assert!(!rows.is_empty(), "{address}");
        let kept = rows.iter().filter(|row| !data.contains(&row["kind"].as_str().unwrap()));
        for row in kept {
            assert!(row["waived_by"].is_string(), "{address}: {row}");
        }
    }
}

const ONE_GATE: &str = "
[model]
format = 1
[object.lead]
key_field = \"id\"
[role.ae]
[field.lead]
id = { type = \"text\" }
touched = { type = \"date\" }
status = { type = \"choice\", values = [\"mql\", \"sql\"] }
[lifecycle.lead]
object = \"lead\"
stage_field = \"status\"
[[lifecycle.lead.stage]]
id = \"mql\"
next = [\"sql\"]
exit.touched = \"touched is set\"
[[lifecycle.lead.stage]]
id = \"sql\"
terminal = true
entry.touched = \"touched is set\"
";

/// What both sides of a gate ask for in the same words is told once, and waived where both are.
#[test]
fn an_exception_for_one_side_of_a_gate_leaves_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("model")).expect("a folder");
    fs::write(folder.path().join("leads.csv"), "id,status,touched\n1,sql,\n").expect("a file");
    let [exit, entry] =
        ["mql.exit", "sql.entry"].map(|gate| format!("lifecycle.lead.stage.{gate}.touched"));
    let told = |waived: &[(&str, &str)]| {
        let exception = |(at, (waives, expires)): (usize, &(&str, &str))| {
            format!(
                "[exception.e{at}]\nwaives = \"{waives}\"\nscope = \"id is set\"\nreason = \"a trial\"\n\
                 approved_by = \"role.ae\"\nexpires = {expires}\n"
            )
        };
        let exceptions: String = waived.iter().enumerate().map(exception).collect();
        fs::write(folder.path().join("model/all.toml"), format!("{ONE_GATE}{exceptions}"))
            .expect("a model");
        let report = deviations(folder.path(), &["--format", "json"]).exits(0).json();
        let rows = report["deviations"].as_array().expect("deviations").iter();
        let gates =
            rows.filter(|row| row["kind"].as_str().is_some_and(|it| it.ends_with("criteria")));
        let row = |row: &Value| {
            let by = row["waived_by"].as_str().unwrap_or("-");
            format!("{} {} {by}", row["kind"].as_str().unwrap(), row["address"].as_str().unwrap())
        };
        gates.map(row).collect::<Vec<_>>()
    };
    let (later, over) = ("2026-12-31", "2026-01-01");
    let at_entry = format!("entry-criteria {entry}");
    assert_eq!(told(&[]), [format!("{at_entry} -")]);
    assert_eq!(told(&[(&exit, later)]), [format!("{at_entry} -")]);
    assert_eq!(told(&[(&entry, later)]), [format!("exit-criteria {exit} -")]);
    assert_eq!(told(&[(&entry, over)]), [format!("{at_entry} -")]);
    assert_eq!(told(&[(&entry, later), (&exit, over)]), [format!("{at_entry} -")]);
    assert!(
        told(&[(&entry, later), (&exit, later)])[0].starts_with(&format!("{at_entry} exception.e"))
    );
    let both = "lifecycle.lead.stage.*.*.touched";
    assert_eq!(told(&[(both, later)]), [format!("{at_entry} exception.e0")]);
}

const GIVEN: &str = "
[model]
format = 1
[object.lead]
key_field = \"id\"
owner_field = \"owner\"
routed_field = \"routed_at\"
[field.lead]
id = { type = \"text\" }
owner = { type = \"text\" }
country = { type = \"text\" }
routed_at = { type = \"datetime\" }
[role.x]
holder = [{ id = \"ann\", name = \"Ann\" }]
[role.y]
holder = [{ id = \"bob\", name = \"Bob\" }]
[queue.a]
members = [\"role.x\"]
[queue.b]
members = [\"role.y\"]
[routing.r]
object = \"lead\"
default = \"queue.b\"
rule = [{ id = \"de\", when = \"country = 'DE' or status is set\", to = \"queue.a\" }]
";

/// Whether somebody gave a record away by hand is not known where nobody knows what routing said.
#[test]
fn what_routing_said_then_and_cannot_be_read_is_said() {
    let repo = Repo::new();
    repo.write("model/all.toml", GIVEN);
    repo.commit("first", 1_767_225_600);
    let later =
        GIVEN.replace(" or status is set", "").replace("to = \"queue.a\"", "to = \"queue.b\"");
    repo.write("model/all.toml", later);
    repo.commit("second", 1_769_904_000);
    let leads = "id,owner,country,routed_at\n1,Ann,DE,2026-01-11\n2,Ann,DE,2025-01-11\n3,Ann,DE,2026-02-11\n";
    repo.write("leads.csv", leads);
    let run = opmodel(
        repo.path(),
        &["deviations", "leads.csv", "--as-of", "2026-03-01", "--format", "json"],
    );
    let report = run.exits(0).json();
    let rows = report["deviations"].as_array().expect("deviations").iter();
    let told: Vec<String> = rows.map(ToString::to_string).collect();
    let of = |words: &str| told.iter().filter(|told| told.contains(words)).count();
    assert_eq!(of("said when it was routed cannot be read"), 1, "{told:?}");
    assert_eq!(of("the history does not reach back to when it was routed"), 1, "{told:?}");
    assert_eq!(told.len(), 3);
}

/// Two stages that lead to a third, with what each asks of those that leave it.
fn two_ways(a: &str, b: &str, c: &str) -> String {
    format!(
        "[model]\nformat = 1\n[object.lead]\nkey_field = \"id\"\n\
         [field.lead.id]\ntype = \"text\"\n[field.lead.st]\ntype = \"choice\"\n\
         values = [\"A\", \"B\", \"C\"]\n[field.lead.n]\ntype = \"integer\"\n\
         [field.lead.m]\ntype = \"integer\"\n[lifecycle.l]\nobject = \"lead\"\nstage_field = \"st\"\n\
         [[lifecycle.l.stage]]\nid = \"a\"\nvalue = \"A\"\nnext = [\"c\", \"b\"]\n{a}\n\
         [[lifecycle.l.stage]]\nid = \"b\"\nvalue = \"B\"\nnext = [\"c\"]\n{b}\n\
         [[lifecycle.l.stage]]\nid = \"c\"\nvalue = \"C\"\n{c}\n\
         [role.ae]\n[[role.ae.holder]]\nid = \"ann\"\n"
    )
}

#[test]
fn who_may_have_come_from_several_stages_deviates_where_none_would_have_let_them_go() {
    let records = "id,st,n,m\n1,C,,\n2,C,9,\n3,C,,9\n";
    let judged = |model: &str| {
        let folder = folder_with(&[("model/all.toml", model), ("leads.csv", records)]);
        let report = deviations(folder.path(), &["--format", "json"]).exits(0).json();
        let rows = report["deviations"].as_array().expect("deviations").clone();
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let told = rows.iter().map(|row| {
            let [record, what, by] = ["record", "what", "waived_by"].map(|key| text(row, key));
            format!("{record} {what}{by}")
        });
        (told.collect::<Vec<_>>(), deviations(folder.path(), &[]).unbroken())
    };
    let (n, m) = ("exit.n = \"n >= 5\"", "exit.m = \"m >= 5\"");
    let same = "in `C`, having left `A` or `B` without `n >= 5`";
    assert_eq!(judged(&two_ways(n, n, "")).0, [format!("1 {same}"), format!("3 {same}")]);
    let each = "1 in `C`, having left `A` without `n >= 5`, or `B` without `m >= 5`";
    assert_eq!(judged(&two_ways(n, m, "")).0, [each]);
    // What the stage itself asks for is told once.
    let (told, _) = judged(&two_ways(n, n, "entry.n = \"n >= 5\""));
    assert_eq!(told, ["1 in `C` without `n >= 5`", "3 in `C` without `n >= 5`"]);
    // By one of the ways everybody may come.
    let (told, page) = judged(&two_ways(n, "", ""));
    assert_eq!(told, Vec::<String>::new());
    let words = "records are in `C` from `A` or `B`, and nothing says which of them they left";
    assert!(page.contains(words), "{page}");
    // An exception for one of the ways makes it one by which the record may have come.
    let waiver = "[exception.b]\nwaives = \"lifecycle.l.stage.b.exit.m\"\nscope = \"n is not set\"\n\
                  reason = \"told\"\napproved_by = \"role.ae\"\nexpires = 2026-12-31\n";
    let (told, _) = judged(&(two_ways(n, m, "") + waiver));
    assert_eq!(told, [format!("{each}exception.b")]);
}
