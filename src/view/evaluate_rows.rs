//! What came out for each record: a line of CSV, or of JSON.

use crate::load::DEFAULT;
use crate::measure::evaluate::{Evaluation, Fit, Gate, Judged, JudgedFit, JudgedRoute, Stages};
use crate::measure::evaluate::{JudgedStage, Routes};
use crate::records::Row;
use crate::report::{csv_line, json_line};
use schemars::JsonSchema;
use serde::Serialize;

/// What came out for a record, as `evaluate --format json-lines` prints it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordRow {
    /// The file it stands in.
    pub file: String,
    /// The line it starts on, from one.
    pub line: u64,
    /// What tells it from every other record, where the model declares a field for that.
    pub key: Option<String>,
    /// Each ICP.
    pub icps: Vec<RecordFit>,
    /// Each definition.
    pub definitions: Vec<RecordFit>,
    /// The segments, territories and personas it is in.
    pub member_of: Vec<String>,
    /// The segments, territories and personas of which nobody knows.
    pub member_not_answered: Vec<String>,
    /// Each routing table that is about it.
    pub routes: Vec<RecordRoute>,
    /// Each lifecycle.
    pub lifecycles: Vec<RecordStage>,
    /// The signals it makes fire.
    pub signals: Vec<String>,
}

/// An ICP or a definition before a record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordFit {
    /// Its address.
    pub address: String,
    /// Whether the record passes; nothing where nobody knows.
    pub pass: Option<bool>,
    /// The criteria it fails.
    pub fails: Vec<String>,
    /// The criteria without an answer.
    pub not_answered: Vec<String>,
    /// The tier it is of.
    pub tier: Option<String>,
}

/// Where a routing table sends a record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordRoute {
    /// The table.
    pub routing: String,
    /// The rule that takes it; `default` where none does.
    pub rule: String,
    /// Where it goes.
    pub to: Option<String>,
    /// Whether it goes there whatever stood in missing columns.
    pub sure: bool,
}

/// Where a record stands in a lifecycle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecordStage {
    /// The lifecycle.
    pub lifecycle: String,
    /// The stage; nothing where it stands in none.
    pub stage: Option<String>,
    /// Whether it meets what lets a record in there.
    pub meets_entry: Option<bool>,
    /// The entry criteria it fails.
    pub entry_fails: Vec<String>,
    /// Whether it may leave.
    pub may_leave: Option<bool>,
    /// The exit criteria it fails.
    pub exit_fails: Vec<String>,
    /// The next stages it may enter now.
    pub may_enter: Vec<String>,
    /// The stage the recycle rule takes it back to.
    pub back: Option<String>,
}

/// A line of JSON for a record.
pub fn record_json(
    evaluation: &Evaluation,
    files: &[String],
    row: &Row<'_>,
    judged: &Judged,
) -> String {
    json_line(&record(evaluation, files, row, judged))
}

fn record(evaluation: &Evaluation, files: &[String], row: &Row<'_>, judged: &Judged) -> RecordRow {
    let fits = |fits: &[Fit], judged: &[JudgedFit]| fits.iter().zip(judged).map(fit).collect();
    let routes = evaluation.tables.iter().zip(&judged.routes);
    let signals = evaluation.signals.iter().zip(&judged.signals);
    RecordRow {
        file: files.get(row.input()).cloned().unwrap_or_default(),
        line: row.line(),
        key: key(evaluation, row),
        icps: fits(&evaluation.icps, &judged.icps),
        definitions: fits(&evaluation.definitions, &judged.definitions),
        member_of: members(evaluation, judged, Some(true)),
        member_not_answered: members(evaluation, judged, None),
        routes: routes.filter_map(|(routes, judged)| route(routes, (*judged)?)).collect(),
        lifecycles: evaluation.lifecycles.iter().zip(&judged.stages).map(stage).collect(),
        signals: signals
            .filter(|(_, holds)| **holds == Some(true))
            .map(|(signal, _)| signal.address.clone())
            .collect(),
    }
}

fn key(evaluation: &Evaluation, row: &Row<'_>) -> Option<String> {
    let text = row.text(evaluation.key?).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The criteria of a gate with some answer.
fn named(gate: &Gate, answers: &[Option<bool>], wanted: Option<bool>) -> Vec<String> {
    let all = gate.clauses.iter().zip(answers);
    all.filter(|(_, answer)| **answer == wanted).map(|(clause, _)| clause.name.clone()).collect()
}

fn fit((fit, judged): (&Fit, &JudgedFit)) -> RecordFit {
    let tier = judged.tier.and_then(|place| fit.tiers.get(place));
    RecordFit {
        address: fit.address.clone(),
        pass: judged.fits,
        fails: named(&fit.gate, &judged.answers, Some(false)),
        not_answered: named(&fit.gate, &judged.answers, None),
        tier: tier.map(|tier| tier.id.clone()),
    }
}

fn members(evaluation: &Evaluation, judged: &Judged, wanted: Option<bool>) -> Vec<String> {
    let families = evaluation.families.iter().zip(&judged.families);
    let all = families.flat_map(|(family, answers)| family.members.iter().zip(answers));
    all.filter(|(_, answer)| **answer == wanted).map(|(member, _)| member.address.clone()).collect()
}

fn route(routes: &Routes, judged: JudgedRoute) -> Option<RecordRoute> {
    let (rule, to) = routes.told(judged.taken)?;
    Some(RecordRoute {
        routing: routes.address.clone(),
        rule: rule.to_owned(),
        to: to.map(str::to_owned),
        sure: judged.sure,
    })
}

fn stage((stages, judged): (&Stages, &JudgedStage)) -> RecordStage {
    let lifecycle = stages.address.clone();
    let Some(here) = judged.stage.and_then(|place| stages.stages.get(place)) else {
        return RecordStage {
            lifecycle,
            stage: None,
            meets_entry: None,
            entry_fails: Vec::new(),
            may_leave: None,
            exit_fails: Vec::new(),
            may_enter: Vec::new(),
            back: None,
        };
    };
    let ways = here.ways.iter().zip(&judged.ways);
    let back = here.back.as_ref().filter(|_| judged.back == Some(true));
    RecordStage {
        lifecycle,
        stage: Some(here.id.clone()),
        meets_entry: judged.entry,
        entry_fails: named(&here.entry, &judged.entry_answers, Some(false)),
        may_leave: judged.leave,
        exit_fails: named(&here.exit, &judged.exit_answers, Some(false)),
        may_enter: ways
            .filter(|(_, open)| **open == Some(true))
            .map(|(way, _)| way.to.clone())
            .collect(),
        back: back.map(|(to, _)| to.clone()),
    }
}

/// The head of the CSV: a column for each ICP and definition, so that a spreadsheet can filter.
pub fn record_csv_head(evaluation: &Evaluation) -> String {
    let mut head = vec!["file".to_owned(), "line".to_owned(), "key".to_owned()];
    for fit in evaluation.icps.iter().chain(&evaluation.definitions) {
        head.push(fit.address.clone());
        head.push(format!("{} fails", fit.address));
        if !fit.tiers.is_empty() {
            head.push(format!("{} tier", fit.address));
        }
    }
    head.extend(evaluation.families.iter().map(|family| family.kind.to_owned()));
    for routes in &evaluation.tables {
        head.push(format!("{} rule", routes.address));
        head.push(format!("{} to", routes.address));
    }
    for stages in &evaluation.lifecycles {
        for word in ["stage", "meets entry", "may leave", "may enter"] {
            head.push(format!("{} {word}", stages.address));
        }
    }
    if !evaluation.signals.is_empty() {
        head.push("signals".to_owned());
    }
    csv_line(&head)
}

/// A line of CSV for a record. `?` stands where nobody knows, and behind a rule that could be another
/// if no column were missing.
pub fn record_csv(
    evaluation: &Evaluation,
    files: &[String],
    row: &Row<'_>,
    judged: &Judged,
) -> String {
    let mut cells = vec![
        files.get(row.input()).cloned().unwrap_or_default(),
        row.line().to_string(),
        key(evaluation, row).unwrap_or_default(),
    ];
    let icps = evaluation.icps.iter().zip(&judged.icps);
    for (fit, judged) in icps.chain(evaluation.definitions.iter().zip(&judged.definitions)) {
        cells.push(answer(judged.fits));
        let mut fails = named(&fit.gate, &judged.answers, Some(false));
        let unknown = named(&fit.gate, &judged.answers, None);
        fails.extend(unknown.into_iter().map(|name| format!("{name}?")));
        cells.push(fails.join(", "));
        if !fit.tiers.is_empty() {
            let tier = judged.tier.and_then(|place| fit.tiers.get(place));
            let unknown = if judged.tier_unknown { "?" } else { "" };
            cells.push(tier.map_or_else(|| unknown.to_owned(), |tier| tier.id.clone()));
        }
    }
    for (family, answers) in evaluation.families.iter().zip(&judged.families) {
        let members = family.members.iter().zip(answers);
        let inside = members.filter_map(|(member, answer)| match answer {
            Some(true) => Some(bare(&member.address).to_owned()),
            Some(false) => None,
            None => Some(format!("{}?", bare(&member.address))),
        });
        cells.push(inside.collect::<Vec<_>>().join(", "));
    }
    for (routes, judged) in evaluation.tables.iter().zip(&judged.routes) {
        cells.extend(route_cells(routes, *judged));
    }
    for (stages, judged) in evaluation.lifecycles.iter().zip(&judged.stages) {
        cells.extend(stage_cells(stages, judged));
    }
    if !evaluation.signals.is_empty() {
        let signals = evaluation.signals.iter().zip(&judged.signals);
        let fired = signals.filter(|(_, holds)| **holds == Some(true));
        let fired: Vec<&str> = fired.map(|(signal, _)| bare(&signal.address)).collect();
        cells.push(fired.join(", "));
    }
    csv_line(&cells)
}

fn route_cells(routes: &Routes, judged: Option<JudgedRoute>) -> [String; 2] {
    let Some(judged) = judged else { return ["?".to_owned(), String::new()] };
    let doubt = if judged.sure { "" } else { "?" };
    match routes.told(judged.taken) {
        None => [doubt.to_owned(), String::new()],
        Some((rule, to)) => {
            let rule = if rule.is_empty() { DEFAULT } else { rule };
            [format!("{rule}{doubt}"), to.unwrap_or_default().to_owned()]
        }
    }
}

fn stage_cells(stages: &Stages, judged: &JudgedStage) -> [String; 4] {
    let Some(here) = judged.stage.and_then(|place| stages.stages.get(place)) else {
        let unknown = if stages.field.is_err() { "?" } else { "" };
        return [unknown.to_owned(), String::new(), String::new(), String::new()];
    };
    let ways = here.ways.iter().zip(&judged.ways).filter_map(|(way, open)| match open {
        Some(true) => Some(way.to.clone()),
        Some(false) => None,
        None => Some(format!("{}?", way.to)),
    });
    let ways = ways.collect::<Vec<_>>().join(", ");
    [here.id.clone(), answer(judged.entry), answer(judged.leave), ways]
}

fn answer(answer: Option<bool>) -> String {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
    .to_owned()
}

/// An address without its kind.
fn bare(address: &str) -> &str {
    address.split_once('.').map_or(address, |(_, id)| id)
}
