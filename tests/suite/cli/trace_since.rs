//! `trace` through ICPs and stages, and back through history.

use super::{DAY, Run, T, opmodel};
use crate::repo::Repo;
use serde_json::Value;
use std::path::Path;

const FIELDS: &str = r#"
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
[field.lead.rival]
type = "bool"
[field.lead.status]
type = "choice"
values = ["New", "MQL", "SQL", "Lost"]
[field.lead.touched_at]
type = "date"
"#;

const SEGMENTS: &str = r#"
[segment.large]
object = "lead"
when = "employees >= 1000"
[territory.dach]
object = "lead"
when = "country in ['AT', 'DE']"
[icp.core]
object = "lead"
criteria.size = "employees >= 200"
criteria.place = "territory.dach"
disqualifiers.rival = "rival"
[[icp.core.tier]]
id = "a"
when = "segment.large"
[[icp.core.tier]]
id = "b"
when = "employees is set"
"#;

const ROUTING: &str = r#"
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "dach-large"
when = "territory.dach and segment.large"
to = "queue.dach"
"#;

const STAGES: &str = r#"
[lifecycle.lead]
object = "lead"
stage_field = "status"
[[lifecycle.lead.stage]]
id = "new"
value = "New"
next = ["mql"]
[[lifecycle.lead.stage]]
id = "mql"
value = "MQL"
entry.fit = "icp.core"
exit.touched = "touched_at is set"
next = ["sql", "lost", "new"]
recycle = { to = "new", when = "days since touched_at > 30" }
[[lifecycle.lead.stage]]
id = "sql"
value = "SQL"
entry.large = "segment.large"
required_fields = ["touched_at"]
[[lifecycle.lead.stage]]
id = "lost"
value = "Lost"
[[lifecycle.lead.forbidden]]
id = "never-back"
from = "mql"
to = "new"
"#;

const LEAD: &str = r#"{"country": "DE", "employees": 1200, "status": "MQL"}"#;

/// The model in files of its own, committed.
fn repo() -> Repo {
    let repo = Repo::new();
    for (path, text) in
        [("fields", FIELDS), ("segments", SEGMENTS), ("routing", ROUTING), ("stages", STAGES)]
    {
        repo.write(&format!("model/{path}.toml"), text);
    }
    repo.commit("the model", T);
    repo
}

fn trace(folder: &Path, arguments: &[&str]) -> Run {
    let mut all = vec!["trace"];
    all.extend(arguments);
    opmodel(folder, &all)
}

#[test]
fn icps_segments_and_stages_are_asked() {
    let repo = repo();
    trace(repo.path(), &[LEAD])
        .exits(0)
        .says("icp.core: the record fits, tier a\n")
        .says("segments: `segment.large`\n")
        .says("territories: `territory.dach`\n")
        .says("lifecycle.lead: the record stands in mql\n")
        .says("  may enter `new`, `mql` and `lost`\n  may not enter `sql`\n")
        .says("  may not leave mql\n    not stage.mql.exit.touched model/stages.toml:13\n")
        .says("      touched_at is set\n      ^^^^^^^^^^^^^^^^^\n")
        .says("  on to sql: closed\n    not set: touched_at\n")
        .says("  on to new: forbidden by never-back\n");
    let small = r#"{"country": "NL", "employees": 250, "status": "Won", "rival": true}"#;
    let run = trace(repo.path(), &[small]);
    run.exits(2).complains("`status`");
    let small = r#"{"country": "NL", "employees": 150, "rival": true}"#;
    trace(repo.path(), &[small])
        .exits(0)
        .says("icp.core: the record does not fit\n  not criteria.size model/segments.toml:10\n")
        .says("    employees >= 200\n    ^^^^^^^^^^^^^^^^\n")
        .says("since not: country in ['AT', 'DE'] model/segments.toml:7")
        .says("  is barred by disqualifiers.rival model/segments.toml:12\n    rival\n    ^^^^^\n")
        .says("where it stands is not known, status is not set");
    let old =
        r#"{"country": "DE", "employees": 1200, "status": "MQL", "touched_at": "2023-09-01"}"#;
    trace(repo.path(), &[old, "--as-of", "2023-11-14"])
        .exits(0)
        .says("  may leave mql\n  on to sql: open\n  on to lost: open\n")
        .says("may go back to new, its recycle rule holds");
    trace(repo.path(), &[LEAD, "--routing", "inbound"])
        .exits(0)
        .hides("icp.core")
        .hides("lifecycle");
}

#[test]
fn the_data_is_as_its_schema_says() {
    let repo = repo();
    repo.write("model/segments.toml", SEGMENTS.replace("1000", "2000"));
    repo.commit("larger", T + DAY);
    let traced = trace(repo.path(), &[LEAD, "--all", "--format", "json"]).exits(0).json();
    let schema = opmodel(repo.path(), &["schema", "trace"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema that compiles");
    let faults: Vec<_> = validator.iter_errors(&traced).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{traced:#}");
    assert_eq!(traced["icps"][0]["fits"], true);
    assert_eq!(traced["icps"][0]["tier"], "b");
    assert_eq!(traced["lifecycles"][0]["stage"], "mql");
    assert_eq!(traced["lifecycles"][0]["may_leave"], false);
    let next = &traced["lifecycles"][0]["next"];
    assert_eq!((&next[2]["to"], &next[2]["forbidden"]), (&"new".into(), &"never-back".into()));
    assert_eq!(traced["history"]["turns"][0]["causes"][0]["address"], "segment.large.when");
    let plain = trace(repo.path(), &[LEAD, "--format", "json"]).exits(0).json();
    assert!(plain["history"].is_null());
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("model")).unwrap();
    let all = [FIELDS, SEGMENTS, STAGES].concat();
    std::fs::write(folder.path().join("model/all.toml"), all).unwrap();
    trace(folder.path(), &[LEAD]).exits(0).says("icp.core: the record fits");
    trace(folder.path(), &[LEAD, "--all"]).exits(128).complains("not inside a Git repository");
}

#[test]
fn each_commit_that_sent_it_elsewhere_is_named_with_its_cause() {
    let repo = repo();
    repo.write("readme.md", "nothing of the model");
    repo.commit("beside the model", T + DAY);
    repo.write("model/segments.toml", SEGMENTS.replace("employees >= 1000", "employees >= 2000"));
    let away = repo.commit("only the very large", T + 2 * DAY);
    let rule = "[[routing.inbound.rule]]\nid = \"austria\"\nwhen = \"country = 'AT'\"\nto = \"queue.dach\"\n";
    repo.write("model/routing.toml", format!("{ROUTING}{rule}"));
    repo.commit("another country", T + 3 * DAY);
    repo.write("model/segments.toml", SEGMENTS);
    let back = repo.commit("back", T + 4 * DAY);
    let run = trace(repo.path(), &[LEAD, "--all", "--routing", "inbound"]).exits(0);
    let (_, moves) = run.out.split_once("since commit").expect("a history");
    assert!(moves.contains("4 commits, 3 changed the model"), "{moves}");
    let words: Vec<&str> = moves.split_whitespace().collect();
    let words = words.join(" ");
    assert!(
        words.contains("days are counted up to 2023-11-18 22:13 UTC at every commit"),
        "{words}"
    );
    let expected = format!(
        "{} 2023-11-18 22:13 UTC Ada Author back routing.inbound: queue.triage by default → queue.dach by \
         rule dach-large because of segment.large.when: employees >= 2000 → employees >= 1000 \
         {} 2023-11-16 22:13 UTC Ada Author only the very large routing.inbound: queue.dach by rule \
         dach-large → queue.triage by default because of segment.large.when: employees >= 1000 → \
         employees >= 2000",
        &back[..10],
        &away[..10]
    );
    assert!(words.ends_with(&expected), "{words}\n{expected}");
    let since = |spec: &str| {
        let run = trace(repo.path(), &[LEAD, "--since", spec, "--format", "json"]).exits(0);
        run.json()["history"]["turns"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|turn| turn["about"] == "routing.inbound")
            .count()
    };
    assert_eq!(
        [since("2023-11-16"), since("2023-11-17"), since("HEAD~1"), since("2023-12-01")],
        [2, 1, 1, 0]
    );
    assert_eq!(
        [since("2000-01-01"), since("2023-11-16T22:13:20"), since("2023-11-16T22:13:21")],
        [2, 2, 1]
    );
    trace(repo.path(), &[LEAD, "--since", "2023-12-01"])
        .exits(0)
        .says("nothing of what the model makes");
    repo.git(&["branch", "side", "HEAD~2"]);
    trace(repo.path(), &[LEAD, "--all", "--branch", "side"]).exits(0).says("as of side: commit");
    trace(repo.path(), &[LEAD, "--since", "main", "--branch", "side"])
        .exits(2)
        .complains("`main` is not on the main line of `side`");
    // What came after it bears an earlier date, because a clock was slow.
    repo.write("readme.md", "nothing of the model either");
    repo.commit("by a slow clock", T);
    assert_eq!([since("2023-11-16"), since("2023-11-18"), since("2023-11-19")], [2, 1, 0]);
    trace(repo.path(), &["--all"]).exits(2);
    trace(repo.path(), &[LEAD, "--at", "2023-11-16"])
        .exits(0)
        .says("as of 2023-11-16 23:59:59 UTC");
}

#[test]
fn names_that_changed_by_declaration_are_no_other_way() {
    let repo = repo();
    let text = ROUTING
        .replace("[routing.inbound]", "[routing.leads]\nformerly = ['inbound']")
        .replace("routing.inbound.rule", "routing.leads.rule")
        .replace("id = \"dach-large\"", "id = \"dach\"\nformerly = ['dach-large']")
        .replace("queue.dach", "queue.central");
    repo.write("model/routing.toml", text);
    let fields = FIELDS
        .replace("[queue.dach]", "[queue.central]\nformerly = ['dach']")
        .replace("[field.lead.employees]", "[field.lead.headcount]\nformerly = ['employees']");
    repo.write("model/fields.toml", fields);
    repo.write("model/segments.toml", SEGMENTS.replace("employees", "headcount"));
    repo.commit("other names", T + DAY);
    let lead = LEAD.replace("employees", "headcount");
    trace(repo.path(), &[&lead, "--all"])
        .exits(0)
        .says("1 commit, 1 changed the model")
        .says("nothing of what the model makes of this record changed");
}

#[test]
fn a_record_of_another_name_is_followed() {
    let repo = repo();
    let rename = |text: &str| {
        let text = text.replace("object = \"lead\"", "object = \"prospect\"");
        let text = text.replace("[object.lead]", "[object.prospect]\nformerly = ['lead']");
        let rename = |text: String, field: &str| {
            let now = format!("[field.prospect.{field}]\nformerly = ['lead.{field}']");
            text.replace(&format!("[field.lead.{field}]"), &now)
        };
        ["country", "employees", "rival", "status", "touched_at"].into_iter().fold(text, rename)
    };
    let routing = ROUTING.replace("to = \"queue.dach\"", "to = \"queue.triage\"");
    let files =
        [("fields", FIELDS), ("segments", SEGMENTS), ("routing", &routing), ("stages", STAGES)];
    for (path, text) in files {
        repo.write(&format!("model/{path}.toml"), rename(text));
    }
    repo.commit("another name", T + DAY);
    trace(repo.path(), &[LEAD, "--all"])
        .exits(0)
        .says("routing.inbound: queue.dach by rule dach-large → queue.triage by rule dach-large")
        .hides("(not there)");
}

#[test]
fn what_older_revisions_did_not_know_is_said_once() {
    let repo = repo();
    repo.write("model/budget.toml", "[field.lead.budget]\ntype = \"integer\"\n");
    let knows = repo.commit("a budget", T + DAY);
    repo.write("model/segments.toml", SEGMENTS.replace("employees >= 1000", "budget > 10"));
    repo.commit("by budget", T + 2 * DAY);
    let lead = r#"{"country": "DE", "employees": 10, "budget": 50}"#;
    let run = trace(repo.path(), &[lead, "--all"]).exits(0);
    run.says(&format!("before commit {} of 2023-11-15 22:13 UTC: ", &knows[..10]))
        .says("`budget`")
        .says("queue.triage by default → queue.dach by rule dach-large");
}

#[test]
fn a_stretch_that_cannot_be_read_is_said_and_passed_over() {
    let repo = repo();
    repo.write("model/segments.toml", SEGMENTS.replace("[segment.large]", "[segment.large"));
    let broken = repo.commit("broken", T + DAY);
    repo.write("model/routing.toml", ROUTING.replace("dach-large", "dach-big"));
    repo.commit("another id", T + 2 * DAY);
    repo.write("model/segments.toml", SEGMENTS.replace("1000", "5000"));
    let mended = repo.commit("mended, and larger", T + 3 * DAY);
    let run = trace(repo.path(), &[LEAD, "--all", "--format", "json"]).exits(0).json();
    let turns = run["history"]["turns"].as_array().unwrap();
    let routes: Vec<[&Value; 3]> = turns
        .iter()
        .filter(|turn| turn["about"] == "routing.inbound")
        .map(|turn| [&turn["commit"], &turn["before"]["rule"], &turn["after"]["rule"]])
        .collect();
    assert_eq!(routes[0], [mended.as_str(), "dach-big", "default"]);
    assert_eq!(routes[1][1..], ["dach-large", "dach-big"]);
    assert_eq!(run["history"]["unreadable"][0]["commit"], broken.as_str());
    // A history that begins with the broken file takes what it said before.
    trace(repo.path(), &[LEAD, "--since", "HEAD~2", "--routing", "inbound"])
        .exits(0)
        .says("not readable model/segments.toml from commit")
        .says("queue.dach by rule dach-large → queue.dach by rule dach-big");
}

#[test]
fn a_shallow_clone_says_how_far_it_goes() {
    let repo = repo();
    repo.write("model/segments.toml", SEGMENTS.replace("1000", "2000"));
    repo.commit("larger", T + DAY);
    repo.write("model/segments.toml", SEGMENTS);
    repo.commit("back", T + 2 * DAY);
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, &shallow.to_string_lossy()]);
    let run = trace(&shallow, &[LEAD, "--since", "2020-01-01"]).exits(0);
    run.says("not fetched").says("queue.triage by default → queue.dach");
    let bare = repo.beside("bare");
    repo.git(&["clone", "--quiet", "--bare", &url, &bare.to_string_lossy()]);
    trace(&bare, &[LEAD, "--all"]).exits(0).says("queue.dach by rule dach-large → queue.triage");
}

/// A number in a row that looks like chance and is the same every time.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// What a trace at one commit says, as the history would say it.
fn naive(folder: &Path, commit: &str) -> Vec<(String, Value)> {
    let traced =
        trace(folder, &[LEAD, "--at", commit, "--as-of", "2024-01-01", "--format", "json"]);
    if traced.code != 0 {
        return Vec::new();
    }
    let traced = traced.json();
    let mut answers = Vec::new();
    for route in traced["routes"].as_array().unwrap() {
        let about = route["routing"].as_str().unwrap().to_owned();
        answers.push((about, Value::from(vec![route["to"].clone(), route["rule"].clone()])));
    }
    for icp in traced["icps"].as_array().unwrap() {
        answers.push((icp["icp"].as_str().unwrap().to_owned(), icp["fits"].clone()));
    }
    for lifecycle in traced["lifecycles"].as_array().unwrap() {
        let name = lifecycle["lifecycle"].as_str().unwrap();
        for stage in lifecycle["stages"].as_array().unwrap() {
            let about = format!("{name}.stage.{}.entry", stage["stage"].as_str().unwrap());
            answers.push((about, stage["may_enter"].clone()));
        }
        if let Some(stage) = lifecycle["stage"].as_str() {
            answers.push((format!("{name}.stage.{stage}.exit"), lifecycle["may_leave"].clone()));
        }
    }
    answers.sort_by(|a, b| a.0.cmp(&b.0));
    answers
}

fn answer(row: &Value) -> Value {
    if row["rule"].is_null() && row["not_judged"].is_null() {
        return row["passes"].clone();
    }
    Value::from(vec![row["to"].clone(), row["rule"].clone()])
}

#[test]
fn the_history_is_what_asking_every_commit_gives() {
    let mut seed = 7;
    let repo = repo();
    let edits: [(&str, &str, &[&str]); 7] = [
        (
            "segments",
            "employees >= 1000",
            &["employees >= 1500", "employees > 900", "country = 'AT'"],
        ),
        (
            "segments",
            "employees >= 200",
            &["employees >= 2000", "segment.large", "not segment.large"],
        ),
        ("segments", "['AT', 'DE']", &["['AT']", "['NL', 'DE']"]),
        ("routing", "territory.dach and segment.large", &["icp.core", "rival", "segment.large"]),
        ("routing", "default = \"queue.triage\"", &["default = \"queue.dach\""]),
        ("stages", "touched_at is set", &["icp.core", "segment.large"]),
        ("stages", "entry.large = \"segment.large\"", &["", "entry.large = \"icp.core\""]),
    ];
    let texts = |file: &str| match file {
        "segments" => SEGMENTS,
        "routing" => ROUTING,
        _ => STAGES,
    };
    let mut commits = vec![repo.git(&["rev-parse", "HEAD"])];
    for number in 1..=24_i64 {
        for file in ["segments", "routing", "stages"] {
            let mut text = texts(file).to_owned();
            for (_, from, to) in edits.iter().filter(|edit| edit.0 == file) {
                let choice = usize::try_from(next(&mut seed)).unwrap() % (to.len() + 3);
                text = to.get(choice).map_or(text.clone(), |to| text.replace(from, to));
            }
            let moved = next(&mut seed).is_multiple_of(4);
            for place in ["", "moved/"] {
                let path = format!("model/{place}{file}.toml");
                if (place == "moved/") == moved {
                    repo.write(&path, &text);
                } else if repo.path().join(&path).exists() {
                    repo.remove(&path);
                }
            }
        }
        commits.push(repo.commit("another", T + number * DAY));
    }
    let history =
        trace(repo.path(), &[LEAD, "--all", "--as-of", "2024-01-01", "--format", "json"]).exits(0);
    let history = history.json();
    let mut told: Vec<(String, String, Value, Value)> = history["history"]["turns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|turn| {
            let word = |key: &str| turn[key].as_str().unwrap().to_owned();
            (word("commit"), word("about"), answer(&turn["before"]), answer(&turn["after"]))
        })
        .collect();
    let mut expected = Vec::new();
    let mut before = naive(repo.path(), &commits[0]);
    for commit in &commits[1..] {
        let after = naive(repo.path(), commit);
        assert_eq!(before.len(), after.len(), "the same questions at every commit");
        for (old, new) in before.iter().zip(&after).filter(|(old, new)| old != new) {
            expected.push((commit.clone(), new.0.clone(), old.1.clone(), new.1.clone()));
        }
        before = after;
    }
    assert!(expected.len() > 20, "there is something to find");
    let order = |turn: &(String, String, Value, Value)| {
        (commits.iter().position(|commit| *commit == turn.0), turn.1.clone())
    };
    told.sort_by_key(order);
    expected.sort_by_key(order);
    assert_eq!(told, expected);
    let causes = history["history"]["turns"].as_array().unwrap().iter();
    assert!(causes.into_iter().all(|turn| !turn["causes"].as_array().unwrap().is_empty()));
}
