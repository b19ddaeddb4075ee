//! Metrics over the records of an export: what each is computed from, what it comes to, and whether
//! somebody must act.
//!
//! A [`Metric`] is what is asked, a [`MetricTally`] what was added up, a [`Figure`] what it comes to.
//! A figure is never given where a column it needs is missing: it says which.

mod figure;
mod tally;
mod window;

pub use figure::{Figure, Parts, Verdict, figures};
pub use tally::{Added, MetricTally};
pub use window::Window;

use crate::measure::Clocks;
use crate::measure::question::Asking;
use crate::model::Entity;
use crate::model::measure::Metric as Declared;
use crate::model::{FieldPath, Target, measure::MetricTarget};
use crate::records::{Asked, Slot};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// A metric before records.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// How it is computed, in the words of the model.
    pub formula: Option<&'static str>,
    /// The unit it is shown in.
    pub unit: Option<String>,
    /// What it should be.
    pub target: Option<Decimal>,
    /// From here on somebody must act.
    pub alert: Option<Decimal>,
    /// Whether lower is better.
    pub lower_is_better: bool,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The stretch of time it looks back on, as written.
    pub window: Option<String>,
    /// How it is computed; or why it cannot be.
    pub basis: Result<Basis, String>,
    /// The fields it rests on.
    pub fields: Vec<String>,
    /// The fields it is broken down by; or why it cannot be.
    pub by: Vec<(String, Result<Slot, String>)>,
}

/// What a metric is computed from.
#[derive(Debug, Clone)]
pub enum Basis {
    /// Records that are counted.
    Records(Counted),
    /// Two other metrics.
    Ratio {
        /// The one above the line.
        numerator: String,
        /// The one below.
        denominator: String,
    },
}

/// Records that are counted.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The records it is computed over; all where none are given.
    pub population: Option<Asked>,
    /// The date field that says which stretch a record belongs to, and the stretch.
    pub dated: Option<(Slot, Window)>,
    /// What is counted of them.
    pub what: What,
}

/// What is counted of records.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// How many there are.
    Records,
    /// The share of those for which this holds.
    Share(Asked),
    /// The sum of a field.
    Sum(Slot),
    /// The average of a field.
    Average(Slot),
    /// The median of the days between two fields.
    Days {
        /// From here.
        from: Slot,
        /// To here.
        to: Slot,
    },
    /// The share of promises that were kept, of those of which it is decided: the promise by its place
    /// among the clocks that are read.
    Kept(usize),
}

/// What metrics are computed with, beside the records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Means<'w> {
    /// The instant for which records are judged.
    pub(super) as_of: Timestamp,
    /// The clocks of promises.
    pub(super) clocks: &'w Clocks,
}

impl Metric {
    pub(super) fn of(
        asking: &mut Asking<'_, '_, '_>,
        entity: &Entity,
        means: Means<'_>,
        by: Option<&str>,
    ) -> Self {
        let declared: Declared = entity.read();
        let own = declared.by.iter().flat_map(|by| by.iter()).map(|path| path.value.0.clone());
        let mut paths: Vec<String> = own.collect();
        paths.extend(by.map(str::to_owned).filter(|by| !paths.contains(by)));
        let by = paths.into_iter().map(|path| {
            let slot = asking.slot(&path);
            (path, slot)
        });
        let by = by.collect();
        asking.asked.clear();
        let basis = basis(asking, entity, &declared, means);
        let fields = std::mem::take(&mut asking.asked).into_iter().collect();
        Self {
            address: entity.address.to_string(),
            name: entity.name().to_owned(),
            formula: declared.formula.as_ref().map(|formula| formula.word),
            unit: declared.unit.as_ref().map(|unit| unit.value.0.clone()),
            target: declared.target.as_ref().map(|target| target.value),
            alert: declared.alert.as_ref().map(|alert| alert.value),
            lower_is_better: declared.better.as_ref().is_some_and(|is| is.word == "lower"),
            owner: entity.table.text("owner").map(str::to_owned),
            window: declared.window.as_ref().map(|window| window.value.canonical()),
            basis,
            fields,
            by,
        }
    }
}

fn basis(
    asking: &mut Asking<'_, '_, '_>,
    entity: &Entity,
    declared: &Declared,
    means: Means<'_>,
) -> Result<Basis, String> {
    let formula = declared.formula.as_ref().map(|formula| formula.word);
    let part = |of: Option<&Target<MetricTarget>>, property: &str| match of {
        Some(metric) => Ok(metric.address.clone()),
        None => Err(format!("it names no `{property}`")),
    };
    match formula {
        None => return Err("it does not say how it is computed: `formula` is missing".to_owned()),
        Some("ratio") => {
            return Ok(Basis::Ratio {
                numerator: part(declared.numerator.as_deref(), "numerator")?,
                denominator: part(declared.denominator.as_deref(), "denominator")?,
            });
        }
        Some(_) => {}
    }
    let at = |property: &str| entity.address.join(property);
    let population = asking.surely_at(at("population").as_str())?;
    let what = match formula {
        Some("share") => {
            let counts = asking.surely_at(at("counts").as_str())?;
            What::Share(counts.ok_or_else(|| "it does not say what `counts`".to_owned())?)
        }
        Some("kept promises") => {
            let sla = declared.sla.as_ref().ok_or_else(|| "it names no `sla`".to_owned())?;
            What::Kept(means.clocks.place(asking, &sla.address)?)
        }
        Some("sum") => What::Sum(field(asking, declared.of.as_deref(), "of")?),
        Some("average") => What::Average(field(asking, declared.of.as_deref(), "of")?),
        Some("median days") => What::Days {
            from: field(asking, declared.from.as_deref(), "from")?,
            to: field(asking, declared.to.as_deref(), "to")?,
        },
        _ => What::Records,
    };
    let dated = match (&declared.window, &declared.dated_by) {
        (None, _) => None,
        (Some(window), None) => {
            let window = window.value.canonical();
            return Err(format!("it looks back {window}, and `dated_by` names no field for that"));
        }
        (Some(window), Some(field)) => {
            let calendars = means.clocks.calendars();
            Some((asking.slot(field)?, Window::back_from(means.as_of, window.value, calendars)?))
        }
    };
    Ok(Basis::Records(Counted { population, dated, what }))
}

fn field(
    asking: &mut Asking<'_, '_, '_>,
    path: Option<&FieldPath>,
    property: &str,
) -> Result<Slot, String> {
    asking.slot(path.ok_or_else(|| format!("it names no field in `{property}`"))?)
}
