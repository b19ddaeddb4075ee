//! The same views as a dbt package: models, sources, descriptions and tests.

use super::plan::Plan;
use super::view::{Column, View};
use super::{Dialect, GENERATED, pen::inert};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The files of the package.
pub(super) fn files(plan: &Plan<'_, '_>, views: &[View]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    files.insert("dbt_project.yml".to_owned(), project());
    files.insert("models/sources.yml".to_owned(), sources(plan, views));
    files.insert("models/schema.yml".to_owned(), schema(plan, views));
    for view in views {
        let about: Vec<&str> = view.about.iter().map(String::as_str).chain([GENERATED]).collect();
        let head = plan.pen.remarks(0, &about);
        files.insert(format!("models/{}.sql", view.name), head + &view.sql);
        for (name, never) in &view.never {
            let rows = format!("{{{{ ref('{}') }}}}", view.name);
            let head = plan
                .pen
                .remarks(0, &[&format!("{}: each row is one too many.", view.name), GENERATED]);
            let head = format!("{{{{ config(severity='warn') }}}}\n{head}");
            let sql = format!("{head}SELECT *\nFROM {rows}\nWHERE {never}\n");
            files.insert(format!("tests/{}_{name}.sql", view.name), sql);
        }
    }
    files
}

fn project() -> String {
    format!(
        "# {GENERATED}\n\
         # Days are counted from the moment of the run, or from the variable `as_of`:\n\
         #   dbt run --vars '{{as_of: \"2026-06-30T00:00:00Z\"}}'\n\
         name: opmodel\n\
         version: \"1.0.0\"\n\
         config-version: 2\n\
         require-dbt-version: \">=1.10.5\"\n\
         profile: opmodel\n\
         model-paths: [models]\n\
         test-paths: [tests]\n\
         models:\n  opmodel:\n    +materialized: view\n"
    )
}

/// The tables the records come from.
fn sources(plan: &Plan<'_, '_>, views: &[View]) -> String {
    let mut out = format!("# {GENERATED}\nversion: 2\nsources:\n");
    let _ = writeln!(out, "  - name: {}", text(&plan.source_name()));
    if let Some(schema) = plan.request.schema {
        let (database, schema) = match schema.rsplit_once('.') {
            Some((database, schema)) => (Some(database), schema),
            None => (None, schema),
        };
        if let Some(database) = database {
            let _ = writeln!(out, "    database: {}", text(database));
        }
        let _ = writeln!(out, "    schema: {}", text(schema));
    }
    let _ = writeln!(out, "    quoting:\n      identifier: true\n    tables:");
    let objects = plan.scope.model().of_kind("object").map(|object| object.address.id());
    for object in objects {
        let records = plan.views.get(&format!("records.{object}"));
        if records.is_some_and(|name| views.iter().any(|view| view.name == name)) {
            let _ = writeln!(out, "      - name: {}", text(object));
            let _ = writeln!(out, "        identifier: {}", text(&plan.table(object)));
        }
    }
    out
}

/// What each model and column is, and what must hold of it.
fn schema(plan: &Plan<'_, '_>, views: &[View]) -> String {
    let mut out = format!("# {GENERATED}\nversion: 2\nmodels:\n");
    for view in views {
        let _ = writeln!(out, "  - name: {}", text(&view.name));
        let _ = writeln!(out, "    description: {}", text(&view.description));
        let _ = writeln!(out, "    columns:");
        for column in &view.columns {
            described(plan.pen.dialect, column, &mut out);
        }
    }
    out
}

fn described(dialect: Dialect, column: &Column, out: &mut String) {
    let _ = writeln!(out, "      - name: {}", text(&dialect.own(&column.name)));
    let _ = writeln!(out, "        description: {}", text(&column.description));
    let literals: Option<Vec<String>> =
        column.values.iter().map(|value| dialect.text(value)).collect();
    let literals = literals.filter(|literals| !literals.is_empty());
    if !column.required && literals.is_none() {
        return;
    }
    out.push_str("        data_tests:\n");
    // What somebody left empty or wrote otherwise is worth a warning, and keeps nobody from an answer.
    let warns = "              config:\n                severity: warn\n";
    match (column.required, column.unique) {
        (true, true) => out.push_str("          - not_null\n          - unique\n"),
        (true, false) => {
            let _ = write!(out, "          - not_null:\n{warns}");
        }
        _ => {}
    }
    if let Some(literals) = literals {
        // Written as literals of the database, so that a quote in a value ends nothing.
        let values: Vec<String> = literals.iter().map(|literal| text(literal)).collect();
        out.push_str("          - accepted_values:\n              arguments:\n");
        let _ = writeln!(out, "                values: [{}]", values.join(", "));
        let _ = write!(out, "                quote: false\n{warns}");
    }
}

/// A text in YAML that no template touches.
fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in inert(text).chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\t' => out.push(' '),
            letter if letter.is_control() || is_odd(letter) => {
                let _ = write!(out, "\\U{:08x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out + "\""
}

/// Letters that YAML takes for ends of lines, or not at all.
fn is_odd(letter: char) -> bool {
    matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
