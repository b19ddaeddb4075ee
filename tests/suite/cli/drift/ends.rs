//! What the two ends of a period come to, whatever names things had in between and whatever could be
//! read of them.

use super::{DAY, START, entry, flags, net, opmodel, report};
use crate::repo::Repo;
use serde_json::Value as Json;

/// A definition by its id and the score it asks for.
fn asks(id: &str, score: u32, formerly: &str) -> String {
    let formerly =
        if formerly.is_empty() { String::new() } else { format!("formerly = [{formerly}]\n") };
    format!("[definition.{id}]\nobject = \"lead\"\n{formerly}criteria.x = \"score >= {score}\"\n")
}

/// A repository whose commits, a day apart, each write and remove some files.
fn history(commits: &[&[(&str, Option<String>)]]) -> (Repo, Vec<String>) {
    let repo = Repo::new();
    repo.write("model/o.toml", "[object.lead]\n[field.lead.score]\ntype = \"integer\"\n");
    let mut ids = Vec::new();
    for (day, files) in (0..).zip(commits) {
        for (path, text) in *files {
            match text {
                Some(text) => repo.write(&format!("model/{path}"), text),
                None => repo.remove(&format!("model/{path}")),
            }
        }
        ids.push(repo.commit("a commit", START + day * DAY));
    }
    (repo, ids)
}

/// What everything comes to: `verdict address (former names)`.
fn verdicts(report: &Json) -> Vec<String> {
    let nets = report["net"].as_array().unwrap().iter();
    let former = |net: &Json| {
        let names: Vec<&str> =
            net["former"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        names.join(" ")
    };
    nets.map(|net| {
        let text = |name: &str| net[name].as_str().unwrap();
        format!("{} {} ({})", text("verdict"), text("address"), former(net))
    })
    .collect()
}

#[test]
fn a_name_that_was_taken_is_not_taken_for_what_had_it_before() {
    // `b` goes, `a` takes its name, and then another one.
    for (score, last) in
        [(10, None), (20, Some("tighter definition.c (definition.a definition.b)"))]
    {
        let (repo, _) = history(&[
            &[("a.toml", Some(asks("a", 10, ""))), ("b.toml", Some(asks("b", 20, "")))],
            &[("b.toml", None)],
            &[("a.toml", Some(asks("b", 10, "\"a\"")))],
            &[("a.toml", Some(asks("c", score, "\"a\", \"b\"")))],
        ]);
        let told = report(&repo, &[]);
        let expected: Vec<&str> = ["gone definition.b ()"].into_iter().chain(last).collect();
        assert_eq!(verdicts(&told), expected);
    }
    // The name is still its own in the end: both are told.
    let (repo, _) = history(&[
        &[("a.toml", Some(asks("a", 10, ""))), ("b.toml", Some(asks("b", 20, "")))],
        &[("b.toml", None)],
        &[("a.toml", Some(asks("b", 20, "\"a\"")))],
    ]);
    let told = report(&repo, &[]);
    assert_eq!(verdicts(&told), ["gone definition.b ()", "tighter definition.b (definition.a)"]);
}

#[test]
fn an_id_that_was_renamed_away_or_freed_before_the_period_is_used_again() {
    let first = asks("b", 10, "");
    let renamed = asks("c", 10, "\"b\"");
    let (repo, ids) = history(&[
        &[("a.toml", Some(first.clone()))],
        &[("a.toml", Some(renamed))],
        &[("b.toml", Some(asks("b", 50, "")))],
    ]);
    let told = report(&repo, &[]);
    let came = entry(&told, &ids[2], "definition.b");
    assert!(flags(came).contains(&"id-reused"), "{came:#}");
    assert_eq!(came["id_freed_by"], Json::from(ids[1].as_str()));
    assert_eq!(told["summary"]["ids_reused"], 1);
    opmodel(repo.path(), &["log"]).exits(0).says("id reused").says("definition.b");
    let csv = opmodel(repo.path(), &["log", "--format", "csv"]).exits(0).out;
    assert_eq!(csv.matches(ids[2].as_str()).count(), 2, "its own row, and that of the rename");
    // What takes its own name again is no other thing, whatever it says by then.
    let (repo, _) = history(&[
        &[("a.toml", Some(first.clone()))],
        &[("a.toml", Some(asks("c", 10, "\"b\"")))],
        &[("a.toml", Some(asks("c", 30, "\"b\"")))],
        &[("a.toml", Some(asks("b", 30, "\"c\"")))],
    ]);
    assert_eq!(report(&repo, &[])["summary"]["ids_reused"], 0);
    opmodel(repo.path(), &["log"]).exits(0).hides("id reused");
    // What freed the id lies before the period.
    let (repo, ids) = history(&[
        &[("a.toml", Some(first))],
        &[("a.toml", None)],
        &[("a.toml", Some(asks("b", 30, "")))],
    ]);
    for since in ["2026-01-05", "2026-01-06", "2026-01-07"] {
        let told = report(&repo, &["--since", since]);
        let came = entry(&told, &ids[2], "definition.b");
        assert_eq!(came["id_freed_by"], Json::from(ids[1].as_str()), "since {since}");
    }
}

#[test]
fn what_could_not_be_read_at_an_end_is_not_called_the_same() {
    let broken = || Some("[x\n".to_owned());
    let (repo, _) = history(&[
        &[("a.toml", Some(asks("a", 10, "")))],
        &[("a.toml", broken())],
        &[("a.toml", Some(asks("a", 20, "")))],
    ]);
    let told = report(&repo, &["--since", "2026-01-07"]);
    assert_eq!(verdicts(&told), ["undecided definition.a ()"]);
    let says = net(&told, "definition.a")["says"][0].as_str().unwrap();
    assert_eq!(says, "what it meant at the start is not known: `model/a.toml` could not be read");
    assert_eq!(told["summary"]["only_oscillated"], 0);
    // At the end: it changed before its file broke.
    let (repo, _) = history(&[
        &[("a.toml", Some(asks("a", 10, "")))],
        &[("a.toml", Some(asks("a", 20, "")))],
        &[("a.toml", broken())],
    ]);
    assert_eq!(verdicts(&report(&repo, &[])), ["undecided definition.a ()"]);
    // It is there, in another file: then it is known what it says.
    let (repo, _) = history(&[
        &[("a.toml", Some(asks("a", 10, "")))],
        &[("a.toml", broken()), ("b.toml", Some(asks("a", 20, "")))],
        &[("b.toml", Some(asks("a", 30, "")))],
    ]);
    assert_eq!(verdicts(&report(&repo, &["--since", "2026-01-07"])), ["tighter definition.a ()"]);
}

#[test]
fn a_file_that_is_gone_or_counts_again_is_unreadable_no_more() {
    let (repo, ids) = history(&[
        &[("a.toml", Some(asks("a", 10, ""))), ("o2.toml", Some(asks("d", 10, "")))],
        &[("a.toml", Some("[x\n".to_owned())), ("z.toml", Some(asks("d", 10, "")))],
        &[("a.toml", None), ("b.toml", Some(asks("a", 20, "")))],
        &[("o2.toml", None)],
    ]);
    let told = report(&repo, &[]);
    let stretches = told["unreadable"].as_array().unwrap();
    let until = |path: &str| {
        let mut found = stretches.iter().filter(|stretch| stretch["path"] == path);
        found.next().map(|stretch| stretch["to"].clone())
    };
    assert_eq!(until("model/a.toml"), Some(ids[2].as_str().into()), "{stretches:#?}");
    assert_eq!(until("model/z.toml"), Some(ids[3].as_str().into()), "{stretches:#?}");
}

#[test]
fn what_stood_elsewhere_by_then_is_not_told_when_its_file_is_mended() {
    let (repo, ids) = history(&[
        &[("a.toml", Some(asks("a", 10, "") + &asks("b", 5, "")))],
        &[("a.toml", Some("[x\n".to_owned()))],
        &[("c.toml", Some(asks("a", 20, "")))],
        &[("a.toml", Some(asks("b", 5, "")))],
    ]);
    let told = report(&repo, &[]);
    let register = told["register"].as_array().unwrap();
    assert!(register.iter().all(|entry| entry["commit"] != ids[3].as_str()), "{register:#?}");
    let log = opmodel(repo.path(), &["log", "definition.a"]).exits(0).out;
    assert!(!log.contains(&ids[3][..7]), "{log}");
}

#[test]
fn the_last_change_is_told_as_the_log_tells_it() {
    let route = "[queue.q]\n[queue.p]\n[routing.r]\nobject = \"lead\"\ndefault = \"queue.q\"\n[[routing.r.rule]]\nid = \"x\"\nwhen = \"definition.a\"\nto = \"queue.p\"\n";
    let (repo, ids) = history(&[
        &[("a.toml", Some(asks("a", 10, ""))), ("r.toml", Some(route.to_owned()))],
        &[("a.toml", Some("[x\n".to_owned()))],
        &[("a.toml", Some(asks("a", 20, "")))],
    ]);
    let told = report(&repo, &[]);
    let fingerprint = &entry(&told, &ids[2], "definition.a.criteria.x")["fingerprint"];
    let shown = opmodel(repo.path(), &["show", "definition.a", "--format", "json"]).exits(0).json();
    let change = &shown["last_changed"]["changes"][0];
    assert_eq!(
        (&change["fingerprint"], &change["kind"]),
        (fingerprint, &"definition-narrowed".into())
    );
    let arguments = ["trace", "{\"score\":15}", "--all", "--format", "json"];
    let traced = opmodel(repo.path(), &arguments).exits(0).json();
    let cause = &traced["history"]["turns"][0]["causes"][0];
    assert_eq!(&cause["fingerprint"], fingerprint, "{traced:#}");
    // The file could not be read from the second commit until the third.
    let unreadable = &traced["history"]["unreadable"];
    assert_eq!(unreadable.as_array().unwrap().len(), 1);
    assert_eq!(
        (&unreadable[0]["commit"], &unreadable[0]["until"]),
        (&ids[1].as_str().into(), &ids[2].as_str().into())
    );
    // What is on disk and not committed has no commit to be laid to.
    let show = || opmodel(repo.path(), &["show", "definition.a"]).exits(0);
    assert!(!show().err.contains("not committed"));
    repo.write("model/a.toml", asks("a", 30, ""));
    show().complains("`definition.a` was changed since, and that is not committed yet");
    // A table that cannot be read is not a table that is not there.
    repo.write("model/r.toml", "[x\n");
    opmodel(repo.path(), &["trace", "{\"score\":5}", "--object", "lead"])
        .exits(2)
        .complains("`model/r.toml` can be read only in part");
}

#[test]
fn what_is_no_criterion_and_means_something_differs_in_the_end() {
    let model = |moment: &str, quota: u32, next: &str| {
        format!(
            "[field.lead.mql_at]\ntype = \"date\"\n[field.lead.sql_at]\ntype = \"date\"\n[field.lead.stage]\ntype = \"choice\"\nvalues = [\"n\", \"q\", \"x\"]\n[definition.a]\nobject = \"lead\"\nhappens_at = \"{moment}\"\nowner = \"{moment}\"\ncriteria.x = \"score >= 5\"\n[territory.t]\nobject = \"lead\"\nwhen = \"score >= 5\"\nquota = {quota}\n[lifecycle.l]\nobject = \"lead\"\nstage_field = \"stage\"\n[[lifecycle.l.stage]]\nid = \"n\"\nnext = [{next}]\n[[lifecycle.l.stage]]\nid = \"q\"\nnext = [\"x\"]\n[[lifecycle.l.stage]]\nid = \"x\"\nterminal = true\n"
        )
    };
    let (repo, _) = history(&[
        &[("a.toml", Some(model("mql_at", 100, "\"q\"")))],
        &[("a.toml", Some(model("sql_at", 50, "\"q\", \"x\"")))],
    ]);
    let told = report(&repo, &[]);
    let expected =
        ["broken definition.a ()", "looser lifecycle.l.stage.n ()", "looser territory.t ()"];
    assert_eq!(verdicts(&told), expected);
    assert_eq!(told["summary"]["drifted"], 3);
}

#[test]
fn a_change_near_two_ends_is_counted_once() {
    let (repo, _) = history(&[&[("a.toml", Some(asks("a", 10, "")))]]);
    repo.write("model/a.toml", asks("a", 20, ""));
    // The 30th of March.
    repo.commit("late", START + 84 * DAY);
    let told = opmodel(repo.path(), &["drift", "--until", "2026-04-05", "--format", "json"]);
    let told = told.exits(0).json();
    assert_eq!(told["windows"].as_array().unwrap().len(), 2);
    assert_eq!(told["summary"]["near_period_end"], 1);
}
