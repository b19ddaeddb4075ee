//! What metrics come to: a value or why there is none, and whether somebody must act.

use super::tally::{Added, MetricTally};
use super::{Basis, Metric, What};
use crate::measure::groups::Groups;
use rust_decimal::Decimal;

/// Seconds of a day.
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// Digits that are kept behind the point where a division does not come out even.
const DIGITS: u32 = 12;

/// What a metric comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The value.
    pub value: Option<Decimal>,
    /// Whether it is rounded, as there are more different lengths of time than are kept.
    pub is_rounded: bool,
    /// Why there is none.
    pub why: Option<String>,
    /// How many records it rests on.
    pub records: u64,
    /// How many of those count: for a share those that do, else those with the fields it needs.
    pub counted: u64,
    /// How many end before they begin, and are left out.
    pub reversed: u64,
    /// For kept promises: of how many it is not decided, and are left out.
    pub undecided: u64,
    /// How it stands to target and threshold, where there is one.
    pub verdict: Option<Verdict>,
    /// By the values of each field it is broken down by.
    pub by: Vec<(String, Parts)>,
}

/// What a metric comes to by the values of a field, of records that hold none under nothing; or why
/// it is not broken down.
pub type Parts = Result<Vec<(Option<String>, Figure)>, String>;

/// How a metric stands to what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is what it should be.
    Met,
    /// It is not.
    Missed,
    /// Somebody must act.
    Act,
}

/// What each metric comes to, in their order.
pub fn figures(metrics: &[Metric], tallies: &[MetricTally]) -> Vec<Figure> {
    let mut all: Vec<Figure> =
        metrics.iter().zip(tallies).map(|(metric, tally)| whole(metric, tally)).collect();
    for (at, metric) in metrics.iter().enumerate() {
        if matches!(metric.basis, Ok(Basis::Ratio { .. })) {
            let figure = ratio(metrics, &all, at, &mut vec![at]);
            all.get_mut(at).into_iter().for_each(|known| *known = figure.clone());
        }
    }
    for (figure, metric) in all.iter_mut().zip(metrics) {
        figure.verdict = figure.value.and_then(|value| verdict(metric, value));
    }
    all
}

fn whole(metric: &Metric, tally: &MetricTally) -> Figure {
    let counted = match &metric.basis {
        Err(why) => return Figure::none(why.clone()),
        Ok(Basis::Ratio { .. }) => return Figure::none(String::new()),
        Ok(Basis::Records(counted)) => counted,
    };
    let mut figure = Figure::of(counted.what, &tally.whole);
    for ((field, slot), groups) in metric.by.iter().zip(&tally.by) {
        let parts = match slot {
            Err(why) => Err(why.clone()),
            Ok(_) if groups.too_many => {
                Err(format!("`{field}` has more than {} values", Groups::<Added>::MOST))
            }
            Ok(_) => Ok(groups
                .values
                .iter()
                .map(|(value, added)| (value.clone(), Figure::of(counted.what, added)))
                .collect()),
        };
        figure.by.push((field.clone(), parts));
    }
    figure
}

impl Figure {
    fn none(why: String) -> Self {
        Self {
            value: None,
            is_rounded: false,
            why: Some(why),
            records: 0,
            counted: 0,
            reversed: 0,
            undecided: 0,
            verdict: None,
            by: Vec::new(),
        }
    }

    fn of(what: What, added: &Added) -> Self {
        let value = match what {
            What::Records => Ok(Decimal::from(added.counted)),
            What::Share(_) => divided(Decimal::from(added.counted), Decimal::from(added.records))
                .ok_or("no record belongs to it"),
            What::Kept(_) => divided(Decimal::from(added.counted), Decimal::from(added.records))
                .ok_or("of no record is it decided whether the promise was kept"),
            What::Sum(_) => added.sum.ok_or(TOO_LARGE),
            What::Average(_) => match added.sum {
                Some(sum) => {
                    divided(sum, Decimal::from(added.counted)).ok_or("no record has a value")
                }
                None => Err(TOO_LARGE),
            },
            What::Days { .. } => {
                added.lengths.twice_the_median().ok_or("no record has both dates").map(|twice| {
                    let days = Decimal::from(2 * SECONDS_A_DAY);
                    divided(Decimal::from(twice), days).unwrap_or_default()
                })
            }
        };
        let (value, why) = match value {
            Ok(value) => (Some(value), None),
            Err(why) => (None, Some(why.to_owned())),
        };
        let Added { records, counted, reversed, undecided, .. } = *added;
        let (verdict, by) = (None, Vec::new());
        let is_rounded = value.is_some() && added.lengths.is_rounded();
        Self { value, is_rounded, why, records, counted, reversed, undecided, verdict, by }
    }
}

const TOO_LARGE: &str = "the sum is too large";

fn divided(above: Decimal, below: Decimal) -> Option<Decimal> {
    above.checked_div(below).map(|value| value.round_dp(DIGITS).normalize())
}

/// One metric for each of another; `above` are the ratios it is a part of.
fn ratio(metrics: &[Metric], known: &[Figure], at: usize, above: &mut Vec<usize>) -> Figure {
    let Some(Ok(Basis::Ratio { numerator, denominator })) = metrics.get(at).map(|m| &m.basis)
    else {
        return known.get(at).cloned().unwrap_or_else(|| Figure::none(String::new()));
    };
    let mut part = |address: &str| -> Result<Figure, String> {
        let Some(place) = metrics.iter().position(|metric| metric.address == address) else {
            return Err(format!("`{address}` is not about these records"));
        };
        if above.contains(&place) {
            return Err(format!("`{address}` is computed from itself"));
        }
        above.push(place);
        let figure = ratio(metrics, known, place, above);
        above.pop();
        match &figure.why {
            Some(why) => Err(format!("`{address}` has no value: {why}")),
            None => Ok(figure),
        }
    };
    let sides = part(numerator).and_then(|above| Ok((above, part(denominator)?)));
    let (above, below) = match sides {
        Ok(sides) => sides,
        Err(why) => return Figure::none(why),
    };
    let value = above.value.zip(below.value).and_then(|(above, below)| divided(above, below));
    Figure {
        why: value.is_none().then(|| format!("`{denominator}` is 0")),
        value,
        is_rounded: above.is_rounded || below.is_rounded,
        records: below.records,
        counted: above.records,
        reversed: 0,
        undecided: 0,
        verdict: None,
        by: Vec::new(),
    }
}

/// How a value stands to target and threshold: whoever is at the target has met it, and whoever is
/// at the threshold must act.
fn verdict(metric: &Metric, value: Decimal) -> Option<Verdict> {
    let at_least =
        |wanted: Decimal| if metric.lower_is_better { value <= wanted } else { value >= wanted };
    let must_act = |from: Decimal| at_least(from) && value != from;
    match (metric.target, metric.alert) {
        (Some(target), _) if at_least(target) => Some(Verdict::Met),
        (_, Some(alert)) if !must_act(alert) => Some(Verdict::Act),
        (Some(_), _) => Some(Verdict::Missed),
        (None, Some(_)) => Some(Verdict::Met),
        (None, None) => None,
    }
}
