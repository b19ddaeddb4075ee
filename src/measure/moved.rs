//! Records that are counted together: how many, how much of a field, and some of them by name.

use crate::criteria::Value;
use crate::records::{Row, Slot};
use rust_decimal::Decimal;

/// So many records are named of each group.
const MOST_SAMPLES: usize = 3;

/// Digits behind the point that are kept of an amount: sums are exact then, in any order.
const DIGITS: u32 = 6;

/// Records that are counted together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub records: u64,
    /// The sum of the field that is added up.
    pub sum: Decimal,
    /// How many have no amount in it.
    pub without: u64,
    /// The first of them.
    pub samples: Vec<Sample>,
}

/// A record, so that it can be found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// What the field says that tells it from every other, where there is one and it is set.
    pub key: Option<String>,
    /// The input it stands in, from zero.
    pub input: usize,
    /// The line it starts on, from one.
    pub line: u64,
}

/// What of every record a tally needs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told {
    /// The field that tells it from every other.
    pub key: Option<Slot>,
    /// The field that is added up.
    pub sum: Option<Slot>,
}

impl Told {
    /// The record, so that it can be found again.
    pub fn sample(&self, row: &Row<'_>) -> Sample {
        let key = self.key.map(|slot| row.text(slot).trim().to_owned());
        let key = key.filter(|key| !key.is_empty());
        Sample { key, input: row.input(), line: row.line() }
    }
}

impl Tally {
    /// Counts one more record.
    pub fn add(&mut self, row: &Row<'_>, told: &Told) {
        self.records += 1;
        if let Some(slot) = told.sum {
            match row.value(slot) {
                Some(Value::Number(amount)) => {
                    self.sum = self.sum.saturating_add(amount.round_dp(DIGITS));
                }
                _ => self.without += 1,
            }
        }
        if self.samples.len() < MOST_SAMPLES {
            self.samples.push(told.sample(row));
        }
    }

    /// Counts the records of another one too; the first of both are named.
    pub fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.sum = self.sum.saturating_add(other.sum);
        self.without += other.without;
        self.samples.extend(other.samples.iter().cloned());
        self.samples.sort_by_key(|sample| (sample.input, sample.line));
        self.samples.truncate(MOST_SAMPLES);
    }
}
