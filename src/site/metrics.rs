//! The numbers a company steers by, the early signs, and the meetings at which they are looked at.

use super::known::{Known, Listed};
use super::layout::{Frame, Layout};
use super::prose::Text;
use super::said::scalar;
use crate::model::governance::Cadence;
use crate::model::measure::{Metric, Signal};
use crate::model::{At, Entity};
use rust_decimal::Decimal;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    metrics: Vec<MetricRow>,
    signals: Vec<SignalRow>,
    cadences: Vec<Meeting>,
    more: usize,
    contents: String,
}

/// A metric.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct MetricRow {
    it: Listed,
    computed: String,
    target: String,
    alert: String,
    better: String,
    window: String,
    owner: Text,
}

#[derive(Serialize)]
struct SignalRow {
    it: Listed,
    fires: String,
    announces: Text,
    tells: Text,
}

#[derive(Serialize)]
struct Meeting {
    it: Listed,
    frequency: String,
    length: String,
    decides: Text,
    attendees: Text,
    inputs: Text,
    outputs: String,
}

/// Tables have no more rows than this.
const ROWS: usize = 300;

/// The page of metrics, signals and meetings.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let frame = Frame { path: "metrics.html", title: "Metrics and meetings", ..Frame::default() };
    let model = known.model();
    let page = Page {
        metrics: model.each().take(ROWS).map(|(entity, it)| metric(known, entity, &it)).collect(),
        signals: model.each().take(ROWS).map(|(entity, it)| signal(known, entity, &it)).collect(),
        cadences: model.each().take(ROWS).map(|(entity, it)| meeting(known, entity, &it)).collect(),
        more: model.of_kind("metric").count().saturating_sub(ROWS),
        contents: known.contents("metric").to_owned(),
    };
    layout.page(&frame, "metrics.html", page)
}

/// The formulas of which the value is a share.
const SHARES: [&str; 2] = ["share", "kept promises"];

/// A metric as a row.
pub(in crate::site) fn metric(known: &Known<'_>, entity: &Entity, metric: &Metric) -> MetricRow {
    let unit = metric.unit.as_ref().map_or("", |unit| &*unit.value);
    let computed = metric.formula.as_ref().map(|it| it.word).unwrap_or_default();
    let is_share = unit == "share" || unit.is_empty() && SHARES.contains(&computed);
    let number = |key: &str, number: Option<&At<Decimal>>| {
        let percent = number.and_then(|number| number.value.checked_mul(Decimal::ONE_HUNDRED));
        if let Some(percent) = percent.filter(|_| is_share) {
            return Some(format!("{}%", percent.normalize()));
        }
        let number = entity.table.get(key).map(scalar)?;
        Some(match unit {
            "" | "ratio" => number,
            unit => format!("{number} {unit}"),
        })
    };
    MetricRow {
        it: Known::listed(entity),
        computed: computed.to_owned(),
        target: number("target", metric.target.as_ref()).unwrap_or_default(),
        alert: number("alert", metric.alert.as_ref()).unwrap_or_default(),
        better: metric.better.as_ref().map(|it| it.word.to_owned()).unwrap_or_default(),
        window: entity.table.get("window").map(scalar).unwrap_or_default(),
        owner: known.owner(entity),
    }
}

fn signal(known: &Known<'_>, entity: &Entity, signal: &Signal) -> SignalRow {
    let least = signal.threshold.as_ref().map(|it| format!("{} or more", it.value));
    let within = entity.table.get("window").map(|it| format!("within {}", scalar(it)));
    let tells = signal.tells.iter().flat_map(|tells| tells.iter());
    SignalRow {
        it: Known::listed(entity),
        fires: [least, within].into_iter().flatten().collect::<Vec<_>>().join(" "),
        announces: signal
            .announces
            .as_ref()
            .map(|it| known.names.link(&it.address))
            .unwrap_or_default(),
        tells: known.names.links(tells.map(|it| it.address.as_str()), ", "),
    }
}

fn meeting(known: &Known<'_>, entity: &Entity, cadence: &Cadence) -> Meeting {
    let attendees = cadence.attendees.iter().flat_map(|them| them.iter());
    let inputs = cadence.inputs.iter().flat_map(|them| them.iter());
    let outputs = cadence.outputs.iter().flat_map(|them| them.iter());
    let outputs: Vec<String> = outputs.map(|word| word.value.0.clone()).collect();
    Meeting {
        it: Known::listed(entity),
        frequency: cadence.frequency.as_ref().map(|it| it.word.to_owned()).unwrap_or_default(),
        length: entity.table.get("length").map(scalar).unwrap_or_default(),
        decides: cadence
            .decides
            .as_ref()
            .map(|it| known.names.link(&it.address))
            .unwrap_or_default(),
        attendees: known.names.links(attendees.map(|it| it.address.as_str()), ", "),
        inputs: known.names.links(inputs.map(|it| it.address.as_str()), ", "),
        outputs: outputs.join("; "),
    }
}
