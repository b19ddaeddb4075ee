//! Exact answers on the command line: what is proved, what is not, and what follows.

use super::opmodel;
use crate::repo::Repo;

const MODEL: &str = r#"
[object.lead]
[queue.key]
[queue.dach]
[queue.triage]
[field.lead.country]
type = "choice"
values = ["AT", "DE", "NL"]
[field.lead.employees]
type = "integer"
[field.lead.score]
type = "number"
[definition.mql]
object = "lead"
criteria.size = "employees >= 200 or score > 5"
[definition.sql]
object = "lead"
criteria.mql = "definition.mql"
[routing.inbound]
object = "lead"
default = "queue.triage"
[[routing.inbound.rule]]
id = "key"
when = "employees >= 5000"
to = "queue.key"
[[routing.inbound.rule]]
id = "dach"
when = "country in ['AT', 'DE']"
to = "queue.dach"
"#;

fn repository(edits: &[(&str, &str)]) -> Repo {
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL);
    repo.commit("first", super::T);
    for (at, (from, to)) in (1..).zip(edits) {
        assert!(MODEL.contains(from), "{from}");
        repo.write("model/all.toml", MODEL.replace(from, to));
        repo.commit("edit", super::T + at * super::DAY);
    }
    repo
}

#[test]
fn a_criterion_and_what_follows_from_it_are_decided_with_records() {
    let repo = repository(&[("employees >= 200", "employees >= 100")]);
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "--strict"])
        .exits(0)
        .says("loosening definition.mql.criteria.size")
        .says("passes now, for example: employees = 150\n")
        .says("so loosening definition.sql.criteria.mql")
        .hides("undecided");
    let report =
        opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "--format", "json"]).exits(0).json();
    let evidence = &report["changes"][0]["evidence"];
    assert_eq!(evidence["exact"], true);
    assert_eq!(evidence["verdict"], "looser");
    assert_eq!(evidence["admits"], serde_json::json!({ "employees": 150 }));
    assert_eq!(report["changes"][1]["caused_by"], serde_json::json!(["definition.mql"]));
    assert_eq!(report["changes"][1]["direct"], false);
}

#[test]
fn what_is_not_decided_is_said_and_fails_only_where_it_is_asked_to() {
    let repo = repository(&[("employees >= 200", "employees >= 100")]);
    let little = ["diff", "HEAD~1", "HEAD", "--budget", "1"];
    opmodel(repo.path(), &little).exits(0).says("undecided definition.mql").says("--budget");
    opmodel(repo.path(), &[&little[..], &["--strict"]].concat()).exits(4);
    let by_form = ["diff", "HEAD~1", "HEAD", "--by-form"];
    opmodel(repo.path(), &by_form).exits(0).says("undecided definition.mql").hides("so ");
    let report = [&by_form[..], &["--format", "json"]].concat();
    let report = opmodel(repo.path(), &report).exits(0).json();
    assert_eq!(report["changes"][0]["evidence"]["exact"], false);
    assert_eq!(report["routes"], serde_json::json!([]));
}

#[test]
fn records_that_go_elsewhere_are_rows_and_no_others_do() {
    let repo = repository(&[("['AT', 'DE']", "['AT', 'DE', 'NL']")]);
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD"])
        .exits(0)
        .says("records that no rule took go from `queue.triage` to")
        .says("those with country = 'NL', except what `key` takes")
        .says("no other record goes elsewhere in `routing.inbound`: proved");
    let report =
        opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "--format", "json"]).exits(0).json();
    let table = &report["routes"][0];
    assert_eq!(table["no_other_changes"], true);
    assert_eq!(table["rows"][0]["include"], "country = 'NL'");
    assert_eq!(table["rows"][0]["from"]["rule"], "default");
    assert_eq!(table["rows"][0]["witness"], serde_json::json!({ "country": "NL" }));
}

#[test]
fn the_work_tree_is_compared_exactly_too() {
    let repo = repository(&[]);
    let softer = MODEL.replace("employees >= 200", "employees >= 100");
    repo.write("model/all.toml", &softer);
    opmodel(repo.path(), &["diff"]).exits(0).says("loosening definition.mql.criteria.size");
    repo.git(&["add", "-A"]);
    opmodel(repo.path(), &["diff", "--staged"]).exits(0).says("employees = 150");
}

#[test]
fn history_is_compared_exactly_where_it_is_asked_for() {
    let repo = repository(&[("employees >= 200", "employees >= 100")]);
    opmodel(repo.path(), &["log"]).exits(0).says("broadened    definition.mql.criteria.size");
    opmodel(repo.path(), &["log", "--exact"])
        .exits(0)
        .says("broadened    definition.mql.criteria.size")
        .says("  so 1 change follows");
    opmodel(repo.path(), &["log", "--expand"]).exits(0).says(
        "  so broadened    definition.sql.criteria.mql  criterion `mql` lets more records pass",
    );
    opmodel(repo.path(), &["log", "--exact", "definition.sql"])
        .exits(0)
        .says("broadened    definition.sql.criteria.mql")
        .says("because of `definition.mql`");
    opmodel(repo.path(), &["log", "--full"]).exits(0).says("loosening definition.mql.criteria");
    opmodel(repo.path(), &["log", "--full", "--exact"])
        .exits(0)
        .says("loosening definition.mql.criteria.size")
        .says("1 change follows from this");
    opmodel(repo.path(), &["log", "--full", "--expand"])
        .exits(0)
        .says("loosening definition.sql.criteria.mql");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let repo = repository(&[("['AT', 'DE']", "['AT', 'DE', 'NL']")]);
    let run = || opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "--format", "json"]).out;
    let first = run();
    assert!((0..3).all(|_| run() == first));
}

#[test]
fn what_follows_is_shown_without_its_cause_where_only_that_is_asked_for() {
    let repo = repository(&[("employees >= 200", "employees >= 100")]);
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "definition.sql"])
        .exits(0)
        .says("1 change: 1 loosening")
        .says("criterion `mql` lets more records pass, because of `definition.mql`")
        .says("passes now, for example: employees = 150");
}

#[test]
fn nothing_is_proved_by_a_file_that_is_read_only_in_part() {
    let repo = Repo::new();
    let (fields, rules) = MODEL.split_once("[definition.mql]").expect("two halves");
    repo.write("model/fields.toml", fields);
    repo.write("model/rules.toml", format!("[definition.mql]{rules}"));
    repo.commit("first", super::T);
    // The list of values is lost, and with it what a record can be.
    repo.write("model/fields.toml", fields.replace("values = [\"AT\"", "values = = [\"AT\""));
    let softer = rules.replace("employees >= 200", "employees >= 100");
    repo.write("model/rules.toml", format!("[definition.mql]{softer}"));
    opmodel(repo.path(), &["diff"])
        .exits(1)
        .says("not compared: model/fields.toml")
        .says("undecided definition.mql.criteria.size")
        .hides("proved");
}

#[test]
fn a_criterion_that_cannot_be_read_any_more_is_told_with_what_needs_it() {
    let gone = "[field.lead.employees]\ntype = \"integer\"\n";
    let repo = repository(&[(gone, "")]);
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "definition.mql"])
        .exits(0)
        .says("undecided definition.mql.criteria.size")
        .says("not decided: it cannot be read any more: `lead` has no field `employees`");
    opmodel(repo.path(), &["diff", "HEAD~1", "HEAD", "definition.sql"])
        .exits(0)
        .says("not decided: `definition.mql`, which it refers to, cannot be read")
        .hides("there is no");
}
