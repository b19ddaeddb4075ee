//! `trace`: why a record goes where it goes.

use super::{command, opmodel, ran};
use std::path::Path;

const MODEL: &str = r#"
[model]
format = 1
[object.lead]
[queue.dach]
[queue.triage]
[field.lead.country]
type = "choice"
values = ["AT", "DE", "NL"]
[field.lead.employees]
type = "integer"
[territory.dach]
object = "lead"
when = "country in ['AT', 'DE']"
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "dach-enterprise"
when = "territory.dach and employees >= 1000"
to = "queue.dach"
[example.small]
object = "lead"
record = { country = "AT", employees = 12 }
routes.inbound = "queue.triage"
"#;

fn model(folder: &Path) {
    std::fs::create_dir(folder.join("model")).expect("a folder");
    std::fs::write(folder.join("model/all.toml"), MODEL).expect("a file");
}

#[test]
fn the_words_that_kept_a_record_out_are_underlined() {
    let folder = tempfile::tempdir().expect("a folder");
    model(folder.path());
    opmodel(folder.path(), &["trace", r#"{"country": "NL", "employees": 2000}"#])
        .exits(0)
        .says("routing.inbound: no rule takes it; it goes to queue.triage")
        .says("    territory.dach and employees >= 1000\n    ^^^^^^^^^^^^^^\n")
        .says("since not: country in ['AT', 'DE'] model/all.toml:14");
    opmodel(folder.path(), &["trace", "example.small"])
        .exits(0)
        .says("                       ^^^^^^^^^^^^^^^^^\n");
    std::fs::write(folder.path().join("lead.json"), r#"{"country":"AT","employees":1000}"#)
        .expect("a file");
    let traced =
        opmodel(folder.path(), &["trace", "lead.json", "--format", "json"]).exits(0).json();
    let route = &traced["routes"][0];
    assert_eq!(route["rule"], "dach-enterprise");
    assert_eq!(route["to"], "queue.dach");
    assert_eq!(route["because"][0]["holds"], true);
}

#[test]
fn what_is_underlined_stays_so_in_a_narrow_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("model")).expect("a folder");
    let text = MODEL.replace("dach and employees", "dach and country is set and employees");
    std::fs::write(folder.path().join("model/all.toml"), text).expect("a file");
    let record = r#"{"country": "AT", "employees": 12}"#;
    let narrow = ran(command(folder.path(), &["trace", record]).env("COLUMNS", "40")).exits(0);
    let [above, below] = ["    territory.dach and country is set\n", "    and employees >= 1000\n"];
    narrow.says(&format!("{above}{below}        ^^^^^^^^^^^^^^^^^\n"));
}

#[test]
fn a_model_without_tables_is_told_kindly() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("model")).expect("a folder");
    std::fs::write(folder.path().join("model/a.toml"), "[model]\nformat = 1\n[object.lead]\n")
        .expect("a file");
    opmodel(folder.path(), &["trace"]).exits(2).complains("the model has no routing table");
    std::fs::write(folder.path().join("model/a.toml"), MODEL).expect("a file");
    opmodel(folder.path(), &["trace", "--routing", "x"])
        .exits(2)
        .complains("there is no routing table `x`");
}

#[test]
fn what_cannot_be_traced_is_told_kindly() {
    let folder = tempfile::tempdir().expect("a folder");
    model(folder.path());
    for (arguments, words) in [
        (vec!["trace", r#"{"country": "de"}"#], "write `'DE'`"),
        (vec!["trace", r#"{"contry": "DE"}"#], "did you mean `country`?"),
        (vec!["trace", r#"{"employees": "many"}"#], "is an integer field"),
        (vec!["trace", "{oops"], "no JSON object"),
        (vec!["trace", "{"], "no JSON object: it ends before it is whole"),
        (vec!["trace", "[1]"], "no JSON object"),
        (vec!["trace", "-"], "no JSON object"),
        (vec!["trace", "small"], "there is no file `small`\nhelp: did you mean `example.small`?"),
        (vec!["trace", "nothing"], "`-` for standard input"),
        (vec!["trace", "example.smal"], "did you mean `example.small`?"),
        (vec!["trace", "{}", "--object", "deal"], "the model has no object `deal`"),
        (vec!["trace", "{}", "--routing", "inbund"], "did you mean `inbound`?"),
        (vec!["trace", "{}", "--as-of", "soon"], "`soon` is not a date"),
        (vec!["trace", "--routing", "inbund"], "did you mean `inbound`?"),
    ] {
        let run = opmodel(folder.path(), &arguments);
        assert!(run.code == 2 || run.code == 128, "{arguments:?}");
        run.complains(words);
    }
}

#[test]
fn without_a_record_it_says_what_each_rule_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    model(folder.path());
    let text = MODEL.replace(
        "[example.small]",
        "[[routing.inbound.rule]]\nid = \"all\"\nwhen = \"employees > 10\"\nto = \"queue.triage\"\n[example.small]",
    );
    std::fs::write(folder.path().join("model/all.toml"), text).expect("a file");
    opmodel(folder.path(), &["trace"])
        .exits(0)
        .says("takes those with country in ['AT', 'DE'] and employees >= 1000")
        .says("some of them only because it stands before `all`");
    let tables = opmodel(folder.path(), &["trace", "--format", "json"]).exits(0).json();
    let rule = &tables["tables"][0]["rules"][0];
    assert_eq!(rule["ahead_of"][0]["rule"], "all");
    assert_eq!(rule["witness"]["country"], "AT");
}

#[test]
fn a_moment_without_a_zone_keeps_its_time_and_a_key_says_one_thing() {
    let folder = tempfile::tempdir().expect("a folder");
    model(folder.path());
    let more = "[field.lead.created_at]\ntype = \"datetime\"\n[field.lead.due]\ntype = \"date\"\n";
    std::fs::write(folder.path().join("model/more.toml"), more).expect("a file");
    let trace = |record: &str| opmodel(folder.path(), &["trace", record]);
    for moment in ["2026-02-01T23:59:00", "2026-02-01 23:59:00", "2026-02-02T00:59:00+01:00"] {
        let record = format!(r#"{{"created_at": "{moment}"}}"#);
        trace(&record).exits(0).says("created_at = 2026-02-01T23:59:00Z");
    }
    trace(r#"{"created_at": "2026-02-01", "due": "2026-02-01"}"#).exits(0).says("due = 2026-02-01");
    for odd in ["20260201", "+002026-02-01", "2026-02-01T10:00:00", "2026-02-01[Europe/Berlin]"] {
        let record = format!(r#"{{"due": "{odd}"}}"#);
        trace(&record).exits(2).complains("`due` is a date field, and");
    }
    trace(r#"{"country": "AT", "country": "NL"}"#)
        .exits(2)
        .complains("it says two things of `country`");
}

#[test]
fn a_promise_that_does_not_cover_the_record_is_said_not_to() {
    let model = "[object.lead]\n[field.lead.email]\ntype = \"text\"\n[field.lead.at]\ntype = \"datetime\"\n\
        [team.sales]\n[routing.in]\nobject = \"lead\"\ndefault = \"team.sales\"\ndefault_sla = \"sla.first\"\n\
        [sla.first]\nobject = \"lead\"\napplies_to = \"email is set\"\nstarts = \"at\"\nstops = \"at\"\nwithin = \"4 hours\"\n";
    let folder = super::folder_with(&[("model/all.toml", model)]);
    opmodel(folder.path(), &["trace", "{}"])
        .exits(0)
        .says("it goes to team.sales, and not under sla.first")
        .says("sla.first does not cover it: model/all.toml:13\n    email is set\n    ^^^^^^^^^^^^");
    opmodel(folder.path(), &["trace", "{\"email\":\"a@b.example\"}"])
        .exits(0)
        .says("it goes to team.sales under sla.first");
    let row = opmodel(folder.path(), &["trace", "{}", "--format", "json"]).json();
    assert_eq!(row["routes"][0]["sla_covers"], false);
}
