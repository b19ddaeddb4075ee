//! What the tool itself says of the records of a case, and for promises and metrics what a plain count
//! says.

use super::AS_OF;
use super::draw::{BY, Case, METRICS, PROMISES, SIGNALS};
use jiff::civil::time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use opmodel::criteria::{Record, Value};
use opmodel::load::{Gate, Gates, Judge, ModelScope, Router};
use opmodel::measure::{Calendars, Promise, Soon, State, Times, instant_of};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// The rows that each view must have, by its name.
pub(super) struct Truth {
    pub(super) rows: BTreeMap<String, (Vec<String>, Vec<Vec<Json>>)>,
    model: String,
}

fn instant(value: Option<&Value>) -> Option<Timestamp> {
    match value? {
        Value::DateTime(at) => Some(*at),
        Value::Date(day) => Some(opmodel::criteria::midnight(*day)),
        _ => None,
    }
}

/// The ids of what keeps a record out, in the order of the criteria.
fn failing(gate: &Gate<'_, '_>) -> Json {
    let id = |address: &str| address.rsplit('.').next().unwrap().to_owned();
    let asked = gate.asked.iter().filter(|asked| !asked.passes());
    let ids = asked.map(|asked| id(asked.condition.criterion.address.as_str()));
    let ids: Vec<String> = ids.chain(gate.missing.iter().cloned()).collect();
    if ids.is_empty() { Json::Null } else { json!(ids.join(", ")) }
}

impl Truth {
    pub(super) fn of(case: &Case, scope: &ModelScope<'_>) -> Self {
        let mut truth = Self { rows: BTreeMap::new(), model: case.world.routing.clone() };
        let as_of: Timestamp = AS_OF.parse().unwrap();
        let model = scope.model();
        let router = Router::of(scope, model.get("routing.all").unwrap());
        let records: Vec<(&str, Record)> =
            case.leads.iter().map(|(id, row)| (id.as_str(), case.record(row))).collect();
        for (id, record) in &records {
            let judge = Judge { scope, object: "lead", record, as_of };
            let gates = Gates::of(&judge);
            truth.gates(id, &gates);
            for entity in model.of_kind("definition") {
                let conditions: Vec<_> = scope.conditions(entity).collect();
                let held: Vec<bool> =
                    conditions.iter().map(|c| judge.holds(c.criterion).unwrap()).collect();
                let view = entity.address.as_str().replace('.', "_");
                let row = vec![json!(id), json!(held.iter().all(|held| *held))];
                truth.add(&view, &["record_id", "holds"], row);
            }
            let outcome = router.route(record, as_of).unwrap();
            let row = match outcome {
                Some(out) => vec![json!(id), json!(out.rule), json!(out.to), json!(out.sla)],
                None => vec![json!(id), Json::Null, Json::Null, Json::Null],
            };
            truth.add("routing_all", &["record_id", "rule", "destination", "sla"], row);
            for (at, promise) in PROMISES.iter().enumerate() {
                let state = promised(&judge, at, promise);
                let row = vec![json!(id), json!(state)];
                truth.add(&format!("sla_s{at}"), &["record_id", "state"], row);
            }
        }
        for (id, formula) in METRICS {
            let measure = Measure { scope, records: &records, as_of, of: format!("metric.{id}") };
            let counted = measure.counted("population", formula);
            let view = format!("metric_{}", id.replace('-', "_"));
            truth.add(&view, &["value"], vec![measure.value(formula, &counted)]);
            for field in BY.iter().filter(|_| !formula.contains("median")) {
                let mut groups: BTreeMap<Option<String>, Vec<&Record>> = BTreeMap::new();
                for record in &counted {
                    let group = record.get(field).map(|value| match value {
                        Value::Text(text) => text.clone(),
                        Value::Values(values) => {
                            let each: BTreeSet<&str> = values.iter().map(String::as_str).collect();
                            each.into_iter().collect::<Vec<_>>().join(";")
                        }
                        other => panic!("{other}"),
                    });
                    groups.entry(group).or_default().push(record);
                }
                for (group, of_it) in groups {
                    let row = vec![json!(group), json!(field), measure.value(formula, &of_it)];
                    truth.add(&format!("{view}_by"), &["field_value", "field", "value"], row);
                }
            }
        }
        for (id, asks) in SIGNALS {
            let measure = Measure { scope, records: &records, as_of, of: format!("signal.{id}") };
            let counted = measure.counted("when", asks).len();
            let least = if asks.contains("= 2") { 2 } else { 9 };
            let row = vec![json!(counted), json!(counted >= least)];
            truth.add(&format!("signal_{id}"), &["records", "fires"], row);
        }
        truth
    }

    fn gates(&mut self, id: &str, gates: &Gates<'_, '_>) {
        let fit = &gates.icps[0];
        let row = vec![json!(id), json!(fit.gate.is_open().unwrap()), failing(&fit.gate)];
        self.add("icp_fit", &["record_id", "holds", "failing"], row);
        for (view, column, found) in [
            ("lead_segments", "segments", &gates.segments),
            ("lead_territories", "territories", &gates.territories),
        ] {
            let ids: Vec<&str> = found.iter().map(|address| address.id()).collect();
            let ids = if ids.is_empty() { Json::Null } else { json!(ids.join(", ")) };
            self.add(view, &["record_id", column], vec![json!(id), ids]);
        }
        let standing = &gates.lifecycles[0];
        let mut columns = vec!["record_id".to_owned(), "stage".to_owned()];
        let mut row = vec![json!(id), json!(standing.stage)];
        for (stage, entry) in &standing.stages {
            columns.extend([format!("may_enter_{stage}"), format!("fails_enter_{stage}")]);
            row.extend([json!(entry.is_open().unwrap()), failing(entry)]);
            columns.push(format!("may_leave_{stage}"));
            // What lets a record out is asked only where it stands.
            let exit = standing.exit.as_ref().filter(|_| standing.stage.as_ref() == Some(stage));
            row.push(exit.map_or(json!("?"), |exit| json!(exit.is_open().unwrap())));
        }
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        self.add("lifecycle_lead", &columns, row);
    }

    fn add(&mut self, view: &str, columns: &[&str], row: Vec<Json>) {
        let columns = || columns.iter().map(|name| (*name).to_owned()).collect();
        self.rows.entry(view.to_owned()).or_insert_with(|| (columns(), Vec::new())).1.push(row);
    }

    pub(super) fn asks(&self) -> BTreeMap<&str, &[String]> {
        self.rows.iter().map(|(view, (columns, _))| (view.as_str(), columns.as_slice())).collect()
    }

    pub(super) fn text(&self) -> String {
        self.model.clone()
    }
}

/// How a promise stands, by counting the hours of each day.
fn promised(
    judge: &Judge<'_, '_>,
    at: usize,
    (starts, stops, within): &(&str, &str, &str),
) -> &'static str {
    let holds = |name: &str| {
        let address = format!("sla.s{at}.{name}");
        let mut criteria = judge.scope.criteria_below(&address);
        criteria.next().map(|criterion| judge.holds(criterion).unwrap())
    };
    let now = judge.as_of;
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    // The days of a promise are those of its calendar. A column of instants holds no days: what is
    // written in it without a time has the midnight that the database gives it.
    let held = |path: &str| match (path, judge.record.get(path)?) {
        ("seen_at", Value::Date(day)) => Some(Value::DateTime(opmodel::criteria::midnight(*day))),
        (_, value) => Some(value.clone()),
    };
    let come = |path: &str| instant_of(&held(path)?, &berlin).filter(|at| *at <= now);
    let (started, stopped) = (come(starts), come(stops));
    if holds("applies_to") == Some(false) {
        return "not covered";
    }
    let Some(started) = started else { return "not started" };
    if stopped.is_none() && holds("stops_when") == Some(true) {
        return "stopped";
    }
    let until = stopped.unwrap_or(now);
    if until < started {
        return "unclear";
    }
    let seconds = until.as_second() - started.as_second();
    let far = started.as_second() < 0 || until.as_second() < 0;
    let in_time = match *within {
        "2 days" => seconds <= 2 * 86_400,
        "1 month" => {
            let due = started.to_zoned(berlin).checked_add(1.month()).unwrap();
            until <= due.timestamp()
        }
        _ if far => return "unknown",
        "5 business hours" => worked(started, until) <= 5 * 3_600,
        "1 business day" => worked(started, until) <= 8 * 3_600 + 1_800,
        other => panic!("{other}"),
    };
    let state = match (stopped.is_some(), in_time) {
        (true, true) => "kept",
        (true, false) => "broken",
        (false, true) => "open",
        (false, false) => "overdue",
    };
    let times = Times { starts: held(starts), stops: held(stops), ..Times::default() };
    let reading = read(judge, at, &times);
    assert_eq!(reading, state, "sla.s{at}: the count and the clock of the tool differ");
    state
}

/// How a promise stands by the clock of the tool.
fn read(judge: &Judge<'_, '_>, at: usize, times: &Times) -> &'static str {
    let model = judge.scope.model();
    let promise = Promise::of(model.get(&format!("sla.s{at}")).unwrap()).unwrap();
    let calendars = Calendars::of(model);
    let on = calendars.own().unwrap();
    match promise.read(times, on, judge.as_of, Soon::Hundredths(0)).state {
        State::Kept => "kept",
        State::Late => "broken",
        State::Overdue => "overdue",
        State::Open | State::Soon => "open",
        other => panic!("{other:?}"),
    }
}

/// Seconds of working time, day by day.
fn worked(from: Timestamp, until: Timestamp) -> i64 {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let mut day = from.to_zoned(berlin.clone()).date();
    let mut sum = 0;
    while day <= until.to_zoned(berlin.clone()).date() {
        let is_holiday = day == jiff::civil::date(2026, 6, 29);
        let weekend = day.weekday().to_monday_zero_offset() >= 5;
        if !is_holiday && !weekend {
            let at = |hour, minute| -> Zoned {
                day.to_datetime(time(hour, minute, 0, 0)).to_zoned(berlin.clone()).unwrap()
            };
            let (open, close) = (at(9, 0).timestamp(), at(17, 30).timestamp());
            sum += (close.min(until).as_second() - open.max(from).as_second()).max(0);
        }
        day = day.tomorrow().unwrap();
    }
    sum
}

/// Metrics and signals, record by record.
struct Measure<'t, 'm> {
    scope: &'t ModelScope<'m>,
    records: &'t [(&'t str, Record)],
    as_of: Timestamp,
    /// What is measured.
    of: String,
}

/// What stands behind a key in lines of a model.
fn word(lines: &str, key: &str) -> Option<String> {
    let line = lines.lines().find(|line| line.starts_with(&format!("{key} =")))?;
    line.split('"').nth(1).map(str::to_owned)
}

impl<'t> Measure<'t, '_> {
    fn holds(&self, record: &Record, name: &str) -> bool {
        let judge = Judge { scope: self.scope, object: "lead", record, as_of: self.as_of };
        let address = format!("{}.{name}", self.of);
        let criterion = self.scope.criteria_below(&address).next().unwrap();
        judge.holds(criterion).unwrap()
    }

    /// The records that meet a criterion, within the window where there is one.
    fn counted(&self, name: &str, lines: &str) -> Vec<&'t Record> {
        let as_of = self.as_of;
        let since = word(lines, "window").map(|window| match window.as_str() {
            "2 days" => as_of - 48.hours(),
            _ => as_of.to_zoned(TimeZone::UTC).checked_sub(1.month()).unwrap().timestamp(),
        });
        let within = |record: &Record| {
            let (Some(since), Some(path)) = (since, word(lines, "dated_by")) else { return true };
            instant(record.get(&path)).is_some_and(|at| at > since && at <= as_of)
        };
        let records = self.records.iter().map(|(_, record)| record);
        records.filter(|record| self.holds(record, name) && within(record)).collect()
    }

    fn value(&self, formula: &str, counted: &[&Record]) -> Json {
        let numbers = |path: &str| -> Vec<f64> {
            let number = |record: &&&Record| match record.get(path) {
                Some(Value::Number(number)) => number.to_string().parse().ok(),
                _ => None,
            };
            counted.iter().filter_map(|record| number(&record)).collect()
        };
        let mean = |sum: f64, count: f64| if count > 0.0 { json!(sum / count) } else { Json::Null };
        let count = |number: usize| f64::from(u32::try_from(number).unwrap());
        match word(formula, "formula").unwrap().as_str() {
            "count" => json!(counted.len()),
            "share" => {
                let ones = counted.iter().filter(|record| self.holds(record, "counts")).count();
                mean(count(ones), count(counted.len()))
            }
            "sum" => {
                let all = numbers("budget");
                json!(all.iter().sum::<f64>())
            }
            "average" => {
                let all = numbers("score");
                mean(all.iter().sum(), count(all.len()))
            }
            "median days" => {
                let days = |record: &&&Record| {
                    let from = instant(record.get("signed_on"))?.as_second();
                    let to = instant(record.get("seen_at"))?.as_second();
                    let seconds = format!("{}", to - from).parse::<f64>().ok();
                    seconds.filter(|seconds| *seconds >= 0.0).map(|seconds| seconds / 86_400.0)
                };
                let mut all: Vec<f64> = counted.iter().filter_map(|record| days(&record)).collect();
                all.sort_by(f64::total_cmp);
                let half = all.len() / 2;
                match all.len() {
                    0 => Json::Null,
                    odd if odd % 2 == 1 => json!(all[half]),
                    _ => json!(f64::midpoint(all[half - 1], all[half])),
                }
            }
            other => panic!("{other}"),
        }
    }
}

/// Holds what a database answers against what it should.
pub(super) fn compare(
    expected: &BTreeMap<String, (Vec<String>, Vec<Vec<Json>>)>,
    found: &Json,
) -> Result<(), String> {
    for (view, (columns, rows)) in expected {
        let answers = found[view].as_array().ok_or_else(|| format!("{view} has no answer"))?;
        if answers.len() != rows.len() {
            return Err(format!("{view} has {} rows, not {}", answers.len(), rows.len()));
        }
        let (mut rows, mut answers) = (rows.clone(), answers.clone());
        if view.ends_with("_by") {
            // Databases have orders of their own for texts.
            rows.sort_by_key(|row| format!("{} {}", row[1], row[0]));
            answers.sort_by_key(|row| format!("{} {}", row[1], row[0]));
        }
        for (row, answer) in rows.iter().zip(&answers) {
            for ((column, is), answer) in columns.iter().zip(row).zip(answer.as_array().unwrap()) {
                if !same(is, answer) {
                    return Err(format!("{view}.{column} of {} is {answer}, not {is}", row[0]));
                }
            }
        }
    }
    Ok(())
}

fn same(expected: &Json, found: &Json) -> bool {
    let number = |json: &Json| match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    };
    if *expected == json!("?") || expected == found {
        return true;
    }
    match (expected, number(expected), number(found)) {
        (Json::Number(_), Some(one), Some(other)) => (one - other).abs() < 1e-6,
        _ => false,
    }
}
