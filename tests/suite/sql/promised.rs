//! Promises whose clocks start anew, and the share of them that was kept, over records as tables have
//! them: without a key, with one that others have too, and of years that no calendar covers.

use super::written::{SMALL, model, package};
use super::{answers, word};
use opmodel::sql::Dialect;
use serde_json::{Value as Json, json};

const ANEW: &str = r#"[model]
format = 1
name = "Anew"

[model.calendar]
time_zone = "Europe/Berlin"
hours = "09:00-17:00"
holidays = [2015-01-01, 2016-01-01]

[object.lead]
routed_field = "given_at"

[field.lead.country]
type = "choice"
values = ["DE", "NL"]

[field.lead.stage]
type = "choice"
values = ["open", "done", "lost"]

[field.lead.made_at]
type = "datetime"

[field.lead.given_at]
type = "datetime"

[field.lead.seen_at]
type = "datetime"

[field.lead.opened_on]
type = "date"

[field.lead.signed_at]
type = "datetime"

[lifecycle.lead]
object = "lead"
stage_field = "stage"

[[lifecycle.lead.stage]]
id = "open"
entered = "opened_on"

[[lifecycle.lead.stage]]
id = "done"

[sla.given]
object = "lead"
applies_to = "made_at is set"
starts = "made_at"
stops = "seen_at"
within = "1 day"
restart = "owner change"

[sla.staged]
object = "lead"
applies_to = "made_at is set"
starts = "made_at"
stops = "seen_at"
within = "1 day"
restart = "stage change"

[sla.worked]
object = "lead"
applies_to = "made_at is set"
starts = "signed_at"
stops = "seen_at"
within = "2 business hours"

[metric.given]
object = "lead"
formula = "kept promises"
sla = "sla.given"
population = "country is set"
by = ["country"]

[metric.staged]
object = "lead"
formula = "kept promises"
sla = "sla.staged"

[metric.worked]
object = "lead"
formula = "kept promises"
sla = "sla.worked"
by = ["country"]

[metric.worked-there]
object = "lead"
formula = "kept promises"
sla = "sla.worked"
population = "country = 'DE'"
"#;

/// Key, country, stage, and the instants of a record in June 2026, but for the last: when it was made,
/// given away, seen, moved to `open`, and signed.
const ROWS: [[&str; 8]; 7] = [
    ["1", "DE", "open", "01T00", "03T00", "03T10", "2026-06-03", "2026-06-03T07:00Z"],
    ["2", "DE", "done", "01T00", "01T01", "01T10", "2026-06-01", "2026-06-01T08:30Z"],
    // Given away on this very day: there is time left.
    ["3", "NL", "open", "01T00", "30T00", "", "2026-06-30", ""],
    // What comes after the end starts nothing anew.
    ["4", "NL", "open", "01T00", "04T00", "03T00", "2026-06-04", "1999-06-01T07:00Z"],
    // The key of another record, and none.
    ["1", "DE", "lost", "01T00", "03T00", "03T10", "2026-06-03", "2026-06-03T07:00Z"],
    ["", "DE", "open", "01T00", "03T00", "03T10", "2026-06-03", "2026-06-03T07:00Z"],
    ["7", "", "open", "01T00", "", "03T10", "", ""],
];

fn table() -> Json {
    let names =
        ["id", "country", "stage", "made_at", "given_at", "seen_at", "opened_on", "signed_at"];
    let columns: Vec<Json> = names.iter().map(|name| json!([name, "text"])).collect();
    let cell = |(at, text): (usize, &&str)| match (at, *text) {
        (_, "") => Json::Null,
        (3..=5, text) => json!(format!("2026-06-{text}:00:00Z")),
        (_, text) => json!(text),
    };
    let rows = ROWS.iter().map(|row| row.iter().enumerate().map(cell).collect::<Json>());
    json!({ "columns": columns, "rows": rows.collect::<Json>() })
}

#[test]
#[ignore = "needs DuckDB and PostgreSQL; `bash .ci/run sql` brings them"]
fn clocks_start_anew_and_each_record_counts_once() {
    let model = model(ANEW);
    let case = |dialect| {
        let package = package(&model, dialect, false);
        assert_eq!(package.omissions, []);
        json!({
            "dialect": word(dialect), "settles": false, "files": package.files,
            "asks": {
                "sla_given": ["record_id", "state"],
                "sla_staged": ["record_id", "state"],
                "sla_worked": ["record_id", "state"],
                "metric_given": ["value"],
                "metric_staged": ["value"],
                "metric_worked": ["value"],
                "metric_worked_there": ["value"],
                "metric_given_by": ["field_value", "value"],
                "metric_worked_by": ["field_value", "value"],
            },
            "tables": { "lead": table() },
        })
    };
    let cases: Vec<Json> = Dialect::ALL.into_iter().map(case).collect();
    for (dialect, found) in Dialect::ALL.into_iter().zip(answers(&cases)) {
        if found.is_null() {
            continue;
        }
        let states = |view: &str| {
            let rows = found[view].as_array().unwrap();
            let mut rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    format!("{} {}", row[0].as_str().unwrap_or("-"), row[1].as_str().unwrap())
                })
                .collect();
            rows.sort();
            rows.join(", ")
        };
        let given = "- kept, 1 kept, 1 kept, 2 kept, 3 open, 4 broken, 7 broken";
        assert_eq!(states("sla_given"), given, "{dialect:?}");
        // Only who is in `open` says since when.
        let staged = "- kept, 1 broken, 1 kept, 2 kept, 3 open, 4 broken, 7 broken";
        assert_eq!(states("sla_staged"), staged, "{dialect:?}");
        let worked =
            "- broken, 1 broken, 1 broken, 2 kept, 3 not started, 4 unknown, 7 not started";
        assert_eq!(states("sla_worked"), worked, "{dialect:?}");
        let value = |cell: &Json| -> Option<f64> {
            cell.as_f64().or_else(|| cell.as_str().map(|text| text.parse().unwrap()))
        };
        let is = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
            (found, expected) => found.is_none() && expected.is_none(),
        };
        for (view, expected) in [
            ("metric_given", Some(0.8)),
            ("metric_staged", Some(0.5)),
            ("metric_worked", None),
            ("metric_worked_there", Some(0.25)),
        ] {
            let found = value(&found[view][0][0]);
            assert!(is(found, expected), "{dialect:?}, {view}: {found:?}");
        }
        for (view, expected) in [
            ("metric_given_by", &[("DE", Some(1.0)), ("NL", Some(0.0))][..]),
            ("metric_worked_by", &[("DE", Some(0.25)), ("NL", None)]),
        ] {
            let rows = found[view].as_array().unwrap();
            for (country, expected) in expected {
                let row = rows.iter().find(|row| row[0] == json!(country)).unwrap();
                assert!(is(value(&row[1]), *expected), "{dialect:?}, {view}: {row}");
            }
        }
    }
}

#[test]
fn a_metric_of_promises_looks_for_no_record_by_its_key() {
    let model = model(ANEW);
    for dialect in Dialect::ALL {
        let package = package(&model, dialect, false);
        for name in ["60_metric_given.sql", "60_metric_given_by.sql", "60_metric_worked.sql"] {
            let text = package.files[name].to_lowercase();
            assert!(!text.contains("record_id = ") && !text.contains(".record_id\" = "), "{text}");
        }
        assert_eq!(package.notes, Vec::<String>::new());
    }
}

const UNSEEN: &str = r#"
[lifecycle.lead]
object = "lead"
stage_field = "country"

[[lifecycle.lead.stage]]
id = "DE"

[sla.owned]
object = "lead"
applies_to = "company is set"
starts = "seen_at"
stops = "seen_at"
within = "2 hours"
restart = "owner change"

[sla.staged]
object = "lead"
applies_to = "company is set"
starts = "seen_at"
stops = "seen_at"
within = "2 hours"
restart = "stage change"

[metric.owned]
object = "lead"
formula = "kept promises"
sla = "sla.owned"

[metric.staged]
object = "lead"
formula = "kept promises"
sla = "sla.staged"
"#;

#[test]
fn a_clock_of_which_nobody_sees_that_it_starts_anew_stays_unknown() {
    let model = model(&format!("{SMALL}{UNSEEN}"));
    for dialect in Dialect::ALL {
        let package = package(&model, dialect, false);
        let omitted: Vec<String> =
            package.omissions.iter().map(|o| format!("{}: {}", o.address, o.reason)).collect();
        let said = |id: &str, what: &str| {
            format!(
                "metric.{id}: it needs `sla.{id}`, which stays `unknown`: its clock starts anew with \
                 another {what}, and no date says when that was"
            )
        };
        assert_eq!(omitted, [said("owned", "owner"), said("staged", "stage")]);
        let text = &package.files["50_sla_owned.sql"];
        assert!(text.contains("WHEN NULL IS NULL THEN 'unknown'"), "{text}");
    }
}
