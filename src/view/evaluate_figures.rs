//! Metrics and signals over records, as JSON.

use super::evaluate::UnreadableRow;
use crate::measure::evaluate::{Evaluation, Tally};
use crate::measure::metrics::{Basis, Figure, Metric, MetricTally, Parts, Verdict, figures};
use crate::measure::signals::Signal;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// What a metric comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MetricRow {
    /// The metric.
    pub metric: String,
    /// What people call it.
    pub name: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// How it is computed.
    pub formula: Option<String>,
    /// The unit it is shown in.
    pub unit: Option<String>,
    /// The stretch of time it looks back on.
    pub window: Option<String>,
    /// The value; of a share a number between 0 and 1.
    pub value: Option<Amount>,
    /// Whether it is rounded, as there are more different lengths of time than are kept apart.
    pub rounded: bool,
    /// Why there is none.
    pub not_computed: Option<String>,
    /// How many records it rests on; for a ratio those of the metric below the line.
    pub records: u64,
    /// How many of those count: for a share or for kept promises those that do, for a ratio the records of the metric above
    /// the line, else those with the fields it needs.
    pub counted: u64,
    /// How many end before they begin, and are left out.
    pub reversed: u64,
    /// For `kept promises`: of how many it is not decided whether the promise was kept; they are left
    /// out, as a clock that still runs never counts as kept.
    pub undecided: u64,
    /// How many cells of all records, in the fields it rests on, cannot be read and count as empty.
    pub unreadable: u64,
    /// What it should be.
    pub target: Option<Amount>,
    /// From here on somebody must act.
    pub alert: Option<Amount>,
    /// Whether `higher` or `lower` is better.
    pub better: String,
    /// `met`, `missed` or `act`; nothing where there is neither a target nor a threshold.
    pub verdict: Option<String>,
    /// For a ratio, the metrics above and below the line.
    pub parts: Vec<String>,
    /// The same by the values of fields.
    pub by: Vec<BreakdownRow>,
}

/// What a metric comes to by the values of a field.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BreakdownRow {
    /// The field.
    pub field: String,
    /// Why it is not broken down.
    pub not_computed: Option<String>,
    /// The values, in order.
    pub values: Vec<BreakdownValueRow>,
}

/// What a metric comes to for one value of a field.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BreakdownValueRow {
    /// The value; nothing for records that hold none.
    pub value: Option<String>,
    /// What the metric comes to.
    pub figure: Option<Amount>,
    /// Whether that is rounded, as there are more different lengths of time than are kept apart.
    pub rounded: bool,
    /// How many records it rests on.
    pub records: u64,
    /// How many of those count.
    pub counted: u64,
}

/// What a signal says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignalRow {
    /// The signal.
    pub signal: String,
    /// What people call it.
    pub name: String,
    /// Whether it fires; nothing where nobody knows.
    pub fires: Option<bool>,
    /// How many records would make it fire.
    pub records: u64,
    /// So many of them make it fire.
    pub threshold: u64,
    /// The stretch of time in which they count.
    pub window: Option<String>,
    /// Whether they count whenever they were: there is a window, and `dated_by` names no field for it.
    pub undated: bool,
    /// Who is told.
    pub tells: Vec<String>,
    /// The metric it announces.
    pub announces: Option<String>,
    /// What whoever is told should do.
    pub response: Option<String>,
    /// Why nobody knows.
    pub not_computed: Option<String>,
}

/// A number, exact as far as JSON carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.normalize() {
            whole if whole.scale() == 0 && whole.to_i64().is_some() => {
                serializer.serialize_i64(whole.to_i64().unwrap_or_default())
            }
            number => serializer.serialize_f64(number.to_f64().unwrap_or_default()),
        }
    }
}

impl JsonSchema for Amount {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        f64::json_schema(generator)
    }
}

pub(super) fn metric_rows(
    metrics: &[Metric],
    tallies: &[MetricTally],
    unreadable: &[UnreadableRow],
    shows: impl Fn(&str) -> bool,
) -> Vec<MetricRow> {
    let figures = figures(metrics, tallies);
    let all = metrics.iter().zip(figures).filter(|(metric, _)| shows(&metric.address));
    let row = |(metric, figure): (&Metric, Figure)| {
        let rests_on = |row: &&UnreadableRow| metric.fields.contains(&row.field);
        let unreadable = unreadable.iter().filter(rests_on).map(|row| row.cells).sum();
        MetricRow { unreadable, ..metric_row(metric, figure) }
    };
    all.map(row).collect()
}

fn metric_row(metric: &Metric, figure: Figure) -> MetricRow {
    let parts = match &metric.basis {
        Ok(Basis::Ratio { numerator, denominator }) => vec![numerator.clone(), denominator.clone()],
        _ => Vec::new(),
    };
    let verdict = figure.verdict.map(|verdict| match verdict {
        Verdict::Met => "met".to_owned(),
        Verdict::Missed => "missed".to_owned(),
        Verdict::Act => "act".to_owned(),
    });
    MetricRow {
        metric: metric.address.clone(),
        name: metric.name.clone(),
        owner: metric.owner.clone(),
        formula: metric.formula.map(str::to_owned),
        unit: metric.unit.clone(),
        window: metric.window.clone(),
        value: figure.value.map(Amount),
        rounded: figure.is_rounded,
        not_computed: figure.why,
        records: figure.records,
        counted: figure.counted,
        reversed: figure.reversed,
        undecided: figure.undecided,
        unreadable: 0,
        target: metric.target.map(Amount),
        alert: metric.alert.map(Amount),
        better: if metric.lower_is_better { "lower" } else { "higher" }.to_owned(),
        verdict,
        parts,
        by: figure.by.into_iter().map(breakdown).collect(),
    }
}

fn breakdown((field, parts): (String, Parts)) -> BreakdownRow {
    let value = |(value, figure): (Option<String>, Figure)| BreakdownValueRow {
        value,
        figure: figure.value.map(Amount),
        rounded: figure.is_rounded,
        records: figure.records,
        counted: figure.counted,
    };
    match parts {
        Ok(parts) => {
            let values = parts.into_iter().map(value).collect();
            BreakdownRow { field, not_computed: None, values }
        }
        Err(why) => BreakdownRow { field, not_computed: Some(why), values: Vec::new() },
    }
}

pub(super) fn signal_rows(evaluation: &Evaluation, tally: &Tally) -> Vec<SignalRow> {
    let row = |(signal, records): (&Signal, &u64)| SignalRow {
        signal: signal.address.clone(),
        name: signal.name.clone(),
        fires: signal.when.is_ok().then(|| signal.fires(*records)),
        records: *records,
        threshold: signal.threshold,
        window: signal.window.clone(),
        undated: signal.is_undated(),
        tells: signal.tells.clone(),
        announces: signal.announces.clone(),
        response: signal.response.clone(),
        not_computed: signal.when.as_ref().err().cloned(),
    };
    evaluation.signals.iter().zip(&tally.signals).map(row).collect()
}
