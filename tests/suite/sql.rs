//! The model as SQL: what the views answer is what the tool answers, on real databases.
//!
//! The comparison is not run by default: `bash .ci/run sql` installs what it needs and runs it;
//! `PROPTEST_CASES` says how many models, each with some two hundred criteria.

mod draw;
mod left_out;
mod promised;
mod truth;
mod written;

use draw::{Case, Draw, Row};
use opmodel::load::ModelScope;
use opmodel::sql::{Dialect, Package, Request, export};
use proptest::test_runner::TestRunner;
use serde_json::{Value as Json, json};
use std::process::Command;
use truth::Truth;

const AS_OF: &str = "2026-06-30T09:30:00Z";

/// The model of a case for a database.
fn exported(scope: &ModelScope<'_>, dialect: Dialect, dbt: bool) -> Package {
    export(
        scope,
        &Request {
            dialect,
            object: None,
            system: None,
            schema: None,
            key: None,
            as_of: Some(AS_OF.parse().unwrap()),
            dbt,
        },
    )
}

fn word(dialect: Dialect) -> String {
    dialect.name().to_lowercase().replace("postgresql", "postgres")
}

/// A table as warehouses have it: all texts with spaces and empty ones, or with types.
fn table(case: &Case, object: &str, rows: &[(String, Row)], typed: bool) -> Json {
    let fields: Vec<_> = case.world.fields.iter().filter(|f| f.object == object).collect();
    let mut columns = vec![json!(["id", "text"])];
    for field in &fields {
        let kind = match field.kind {
            "integer" | "number" | "money" => "number",
            kind @ ("bool" | "date" | "datetime") => kind,
            _ => "text",
        };
        columns.push(json!([field.name, if typed { kind } else { "text" }]));
    }
    let row = |(at, (id, row)): (usize, &(String, Row))| {
        let cell = |(place, field): (usize, &&crate::z3::world::Field)| {
            let text = row.get(field.name).cloned().flatten();
            match ((at + place) % 3, typed, text) {
                // What a field cannot hold is none, and so are several values of which none is there.
                (2, _, None) if field.kind == "integer" => Some("2.5".to_owned()),
                (2, _, None) if field.kind == "choices" => Some("; \t;".to_owned()),
                (0, false, None) => Some(String::new()),
                (1, false, None) => Some(" \u{a0}\t".to_owned()),
                (0, false, Some(text)) => {
                    Some(format!("\u{a0} {}\t\r\n", text.replace(';', "\t ;\n\u{a0}; ")))
                }
                (_, _, text) => text,
            }
        };
        let cells = fields.iter().enumerate().map(cell);
        [Some(id.clone())].into_iter().chain(cells).collect::<Vec<_>>()
    };
    json!({ "columns": columns, "rows": rows.iter().enumerate().map(row).collect::<Vec<_>>() })
}

#[test]
#[ignore = "needs DuckDB and PostgreSQL; `bash .ci/run sql` brings them"]
#[expect(clippy::print_stderr, reason = "how much was asked says how much a pass is worth")]
fn views_answer_as_the_tool_does() {
    let cases =
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let mut draw = Draw { runner: TestRunner::deterministic() };
    let (mut asked, mut expected, mut criteria) = (Vec::new(), Vec::new(), 0);
    for at in 0..cases {
        let case = draw.case();
        let model = case.world.model();
        let scope = ModelScope::new(&model);
        let faulty = scope.criteria().iter().find(|criterion| !criterion.faults.is_empty());
        assert!(faulty.is_none(), "{faulty:?}");
        let truth = Truth::of(&case, &scope);
        for dialect in Dialect::ALL {
            let package = exported(&scope, dialect, false);
            assert_eq!(package.omissions, []);
            asked.push(json!({
                "dialect": word(dialect),
                "files": package.files,
                "asks": truth.asks(),
                "settles": at % 10 != 0,
                "tables": {
                    "lead": table(&case, "lead", &case.leads, at % 2 == 1),
                    "account": table(&case, "account", &case.accounts, at % 2 == 1),
                    "user": table(&case, "user", &case.users, at % 2 == 1),
                },
            }));
            let text = truth.text();
            expected.push((word(dialect), truth.rows.clone(), text, package));
        }
        criteria += case.criteria;
    }
    let found = answers(&asked);
    let mut postgres = 0;
    for ((dialect, expected, text, package), found) in expected.iter().zip(found) {
        if found.is_null() {
            continue;
        }
        postgres += usize::from(dialect == "postgres");
        if let Err(why) = truth::compare(expected, &found) {
            let kept = tempfile::tempdir().unwrap().keep();
            std::fs::write(kept.join("model.toml"), text).unwrap();
            for (path, sql) in &package.files {
                std::fs::write(kept.join(path), sql).unwrap();
            }
            panic!("{dialect}: {why}; model and views are in {}", kept.display());
        }
    }
    eprintln!("{criteria} criteria in {cases} models, {postgres} of them on PostgreSQL");
    assert!(postgres == cases || std::env::var_os("CI").is_none(), "PostgreSQL was not asked");
}

/// What the databases answer.
fn answers(asked: &[Json]) -> Vec<Json> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.json");
    std::fs::write(&file, serde_json::to_vec(asked).unwrap()).unwrap();
    let python =
        std::env::var("SQL_PEERS").unwrap_or_else(|_| "target/ci/sql/bin/python".to_owned());
    let root = env!("CARGO_MANIFEST_DIR");
    let output = Command::new(python)
        .arg("tests/suite/sql/peers.py")
        .arg(&file)
        .current_dir(root)
        .output()
        .expect("python with duckdb, sqlglot and psycopg; `bash .ci/run sql` installs them");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}
