//! `opmodel export sql`: what is written where, and what is left alone.

use super::{T, opmodel};
use crate::repo::Repo;
use std::fs;

const MODEL: &str = r#"[model]
name = "Small"

[object.lead]
systems = { crm = "Lead" }

[object.user]

[field.lead.employees]
type = "integer"
columns = { crm = "NumberOfEmployees" }

[field.lead.seen_at]
type = "datetime"

[definition.mql]
object = "lead"
criteria.size = "employees >= 200"
criteria.recent = "days since seen_at <= 30"
"#;

fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("model/all.toml", MODEL);
    repo.commit("the model", T);
    repo
}

#[test]
fn a_folder_of_views_is_written_and_kept_up_to_date() {
    let repo = repo();
    let export =
        |more: &[&str]| opmodel(repo.path(), &[&["export", "sql", "--out", "sql"], more].concat());
    export(&[]).exits(0).says("wrote 6 views for PostgreSQL, 6 files in sql");
    let read = |path: &str| fs::read_to_string(repo.path().join("sql").join(path)).unwrap();
    assert!(
        read("30_definition_mql.sql").contains("-- definition.mql.criteria.size: employees >= 200")
    );
    assert!(read("00_model_as_of.sql").contains("CURRENT_TIMESTAMP"));
    let crm = ["--system", "crm", "--schema", "raw.crm", "--key", "Id", "--as-of", "2026-06-30"];
    export(&crm)
        .exits(0)
        .complains("fields without a column in `crm`")
        .complains("`field.lead.seen_at`");
    let records = read("10_lead_records.sql");
    assert!(records.contains("FROM \"raw\".\"crm\".\"Lead\" AS s"), "{records}");
    assert!(
        records.contains("s.\"NumberOfEmployees\"") && records.contains("s.\"Id\""),
        "{records}"
    );
    assert!(read("00_model_as_of.sql").contains("CAST('2026-06-30T00:00:00Z' AS TIMESTAMPTZ)"));
    repo.write("model/all.toml", MODEL.replace("definition.mql", "definition.sql"));
    export(&[]).exits(0).says("removed 30_definition_mql.sql");
    export(&["--dbt"]).exits(0);
    export(&[])
        .exits(0)
        .says("removed dbt_project.yml, which an earlier export wrote and this one does not");
    assert!(!repo.path().join("sql/30_definition_mql.sql").exists());
    // One object's views leave those of others.
    export(&["--object", "user"]).exits(0);
    assert!(repo.path().join("sql/30_definition_sql.sql").exists());
    export(&["--at", "HEAD"]).exits(0);
    assert!(repo.path().join("sql/30_definition_mql.sql").exists());
}

#[test]
fn a_dbt_package_stands_alone() {
    let repo = repo();
    let run = opmodel(
        repo.path(),
        &["export", "sql", "--dbt", "--dialect", "snowflake", "--out", "a/b", "--object", "lead"],
    );
    run.exits(0).says(" views as a dbt package for Snowflake, ");
    let read = |path: &str| fs::read_to_string(repo.path().join("a/b").join(path)).unwrap();
    assert!(read("dbt_project.yml").contains("name: opmodel"));
    assert!(read("models/sources.yml").contains("identifier: \"lead\""));
    assert!(read("models/schema.yml").contains("- name: \"RECORD_ID\""));
    assert!(read("models/lead_judged.sql").contains("FROM {{ ref('lead_records') }} AS s"));
    assert!(read("models/lead_records.sql").contains("FROM {{ source('records', 'lead') }} AS s"));
    assert!(read("models/model_as_of.sql").contains("var('as_of', none)"));
}

#[test]
fn what_somebody_else_wrote_is_left_alone() {
    let repo = repo();
    repo.write("sql/30_definition_mql.sql", "SELECT 1;\n");
    let run = opmodel(repo.path(), &["export", "sql", "--out", "sql"]);
    run.exits(128)
        .complains("`sql/30_definition_mql.sql` was not written by this command")
        .silent();
    assert!(!repo.path().join("sql/00_model_as_of.sql").exists(), "nothing is written then");
    repo.write("sql/30_definition_mql.sql", "");
    repo.remove("sql/30_definition_mql.sql");
    repo.write("sql/mine.sql", "SELECT 1;\n");
    opmodel(repo.path(), &["export", "sql", "--out", "sql"]).exits(0).hides("removed");
    assert!(repo.path().join("sql/mine.sql").exists());
    repo.write("file", "");
    opmodel(repo.path(), &["export", "sql", "--out", "file"]).exits(128).complains("not a folder");
}

#[test]
fn what_cannot_be_written_is_named() {
    let repo = repo();
    let broken = "[definition.odd]\nobject = 'lead'\ncriteria.one = 'emploees > 1'\n";
    repo.write("model/odd.toml", broken);
    let run = opmodel(repo.path(), &["export", "sql", "--out", "sql"]).exits(1);
    let run = run.says("left out definition.odd: ").says("`lead` has no field `emploees`");
    run.says("wrote 6 views");
    assert!(repo.path().join("sql/30_definition_mql.sql").exists());
    let undated = "[metric.lately]\nobject = 'lead'\nformula = 'count'\nwindow = '1 month'\n";
    repo.write("model/odd.toml", undated);
    let run = opmodel(repo.path(), &["export", "sql", "--out", "sql"]).exits(1);
    run.says("left out metric.lately: it looks back 1 month, and `dated_by` names no field");
    assert!(!repo.path().join("sql/60_metric_lately.sql").exists());
    repo.write("model/odd.toml", "[definition.odd\n");
    let run = opmodel(repo.path(), &["export", "sql", "--out", "other"]).exits(128);
    run.complains("cannot read `model/odd.toml`");
    assert!(!repo.path().join("other").exists());
}

#[test]
fn slips_are_answered() {
    let repo = repo();
    let export =
        |more: &[&str]| opmodel(repo.path(), &[&["export", "sql", "--out", "sql"], more].concat());
    export(&["--object", "laed"]).exits(2).complains("did you mean `lead`?");
    export(&["--system", "crn"]).exits(2).complains("did you mean `crm`?");
    export(&["--as-of", "June"]).exits(2).complains("neither a date nor an instant");
    export(&["--dialect", "oracle"]).exits(2);
    opmodel(repo.path(), &["export", "sql"]).exits(2).complains("--out");
    assert!(!repo.path().join("sql").exists());
}
