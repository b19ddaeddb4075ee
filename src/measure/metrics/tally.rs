//! What a metric's records come to, added up part by part.

use super::{Basis, Counted, Metric, What};
use crate::criteria::{Value, midnight};
use crate::measure::Clocks;
use crate::measure::groups::{Grouped, Groups};
use crate::measure::lengths::Lengths;
use crate::records::{Row, Slot};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// So many different lengths of time are told apart in a whole; the values of a breakdown share a room.
const LENGTHS: usize = 65_536;

/// What a metric's records come to.
#[derive(Debug, Clone)]
pub struct MetricTally {
    /// All of them.
    pub whole: Added,
    /// By the values of each field it is broken down by.
    pub by: Vec<Groups<Added>>,
}

/// What some records come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// How many belong to it: of the population, in the window.
    pub records: u64,
    /// How many of those count: for a share those that do, else those with the fields it needs.
    pub counted: u64,
    /// The sum of their values; nothing once it is too large to be written down.
    pub sum: Option<Decimal>,
    /// How many end before they begin, and are left out.
    pub reversed: u64,
    /// For kept promises: of how many it is not decided, and are left out; `records` are the others.
    pub undecided: u64,
    pub(super) lengths: Lengths,
}

impl MetricTally {
    pub(in crate::measure) fn new(metric: &Metric) -> Self {
        let by = metric.by.iter().map(|_| Groups::default()).collect();
        Self { whole: Added::new(LENGTHS), by }
    }

    pub(in crate::measure) fn add(&mut self, metric: &Metric, row: &Row<'_>, clocks: &Clocks) {
        let Ok(Basis::Records(counted)) = &metric.basis else { return };
        if !belongs(counted, row) {
            return;
        }
        let Some(worth) = Worth::of(counted.what, row, clocks) else { return };
        self.whole.add(&worth);
        for (groups, (_, slot)) in self.by.iter_mut().zip(&metric.by) {
            let Ok(slot) = slot else { continue };
            groups.add(row.value(*slot), || Added::new(usize::MAX), |added| added.add(&worth));
        }
    }

    pub(in crate::measure) fn merge(&mut self, other: Self) {
        self.whole.merge(&other.whole);
        for (groups, more) in self.by.iter_mut().zip(other.by) {
            groups.merge(more);
        }
    }
}

/// Whether a record is of the population and in the window.
fn belongs(counted: &Counted, row: &Row<'_>) -> bool {
    if counted.population.is_some_and(|population| !row.holds(population)) {
        return false;
    }
    let Some((slot, window)) = &counted.dated else { return true };
    row.value(*slot).is_some_and(|value| window.holds(&value))
}

impl Added {
    fn new(lengths: usize) -> Self {
        let lengths = Lengths::new(lengths);
        Self {
            records: 0,
            counted: 0,
            sum: Some(Decimal::ZERO),
            reversed: 0,
            undecided: 0,
            lengths,
        }
    }

    fn add(&mut self, worth: &Worth) {
        if matches!(worth, Worth::Undecided) {
            self.undecided += 1;
            return;
        }
        self.records += 1;
        match worth {
            Worth::Counts(counts) => self.counted += u64::from(*counts),
            Worth::Number(number) => {
                self.counted += 1;
                self.sum = self.sum.and_then(|sum| sum.checked_add(*number));
            }
            Worth::Seconds(seconds) if *seconds < 0 => self.reversed += 1,
            Worth::Seconds(seconds) => {
                self.counted += 1;
                self.lengths.add(*seconds);
            }
            Worth::Undecided | Worth::Nothing => {}
        }
    }
}

/// What a record of the population and the window adds to a metric.
enum Worth {
    /// One record, that counts or does not.
    Counts(bool),
    /// A number.
    Number(Decimal),
    /// So many seconds.
    Seconds(i64),
    /// A promise of which it is not decided whether it was kept.
    Undecided,
    /// A field it needs is not set.
    Nothing,
}

impl Worth {
    /// What a record adds; none where a promise is not about it.
    fn of(what: What, row: &Row<'_>, clocks: &Clocks) -> Option<Self> {
        Some(match what {
            What::Records => Self::Counts(true),
            What::Share(counts) => Self::Counts(row.holds(counts)),
            What::Sum(slot) | What::Average(slot) => match row.value(slot) {
                Some(Value::Number(number)) => Self::Number(number),
                _ => Self::Nothing,
            },
            What::Days { from, to } => seconds(row, from, to).map_or(Self::Nothing, Self::Seconds),
            What::Kept(promise) => {
                clocks.state(promise, row)?.kept().map_or(Self::Undecided, Self::Counts)
            }
        })
    }
}

impl Grouped for Added {
    fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.counted += other.counted;
        self.reversed += other.reversed;
        self.undecided += other.undecided;
        self.sum = self.sum.zip(other.sum).and_then(|(one, more)| one.checked_add(more));
        self.lengths.merge(&other.lengths);
    }

    fn room(&self) -> usize {
        self.lengths.different()
    }

    fn coarsen(&mut self) {
        self.lengths.coarsen();
    }
}

/// The seconds between two days or instants.
fn seconds(row: &Row<'_>, from: Slot, to: Slot) -> Option<i64> {
    Some(moment(&row.value(to)?)?.as_second() - moment(&row.value(from)?)?.as_second())
}

fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Date(date) => Some(midnight(*date)),
        Value::DateTime(instant) => Some(*instant),
        _ => None,
    }
}
