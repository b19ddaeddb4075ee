//! How a system writes numbers, days and instants.

use crate::model::system::System;
use jiff::tz::TimeZone;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// What stands before the fraction.
    pub point: u8,
    /// What may stand between thousands.
    pub group: Option<char>,
    /// Whether nobody said so: a point with three digits behind it may stand between thousands.
    pub assumed: bool,
}

/// In which order days are written where they do not start with the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// `2026-12-31` alone.
    YearFirst,
    /// `31.12.2026`
    DayFirstDots,
    /// `31/12/2026`
    DayFirstSlashes,
    /// `12/31/2026`
    MonthFirst,
}

/// How what stands in an export is to be read.
#[derive(Debug, Clone)]
pub struct Form {
    /// Numbers and money.
    pub numbers: Numbers,
    /// Days, and the days of instants.
    pub dates: Dates,
    /// The zone of instants that name none.
    pub zone: TimeZone,
    /// The currency of amounts, as an ISO 4217 code, where it is known: an amount marked with another
    /// one is not read.
    pub currency: Option<String>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            numbers: Numbers { assumed: true, ..Numbers::PLAIN },
            dates: Dates::YearFirst,
            zone: TimeZone::UTC,
            currency: None,
        }
    }
}

impl Numbers {
    /// `1234.56`
    pub const PLAIN: Self = Self { point: b'.', group: None, assumed: false };

    /// The examples that stand for a form.
    pub const EXAMPLES: [&str; 5] = ["1234.56", "1,234.56", "1.234,56", "1 234,56", "1'234.56"];

    /// The form that an example stands for.
    pub fn of(example: &str) -> Option<Self> {
        let (point, group) = match example {
            "1234.56" => return Some(Self::PLAIN),
            "1,234.56" => (b'.', ','),
            "1.234,56" => (b',', '.'),
            "1 234,56" => (b',', ' '),
            "1'234.56" => (b'.', '\''),
            _ => return None,
        };
        Some(Self { point, group: Some(group), assumed: false })
    }
}

impl Form {
    /// The same for what knows numbers from texts, where no number is written in two ways.
    #[must_use]
    pub(super) fn of_numbers(mut self) -> Self {
        self.numbers.assumed = false;
        self
    }
}

impl Dates {
    /// The examples that stand for a form.
    pub const EXAMPLES: [&str; 4] = ["2026-12-31", "31.12.2026", "31/12/2026", "12/31/2026"];

    /// The form that an example stands for.
    pub fn of(example: &str) -> Option<Self> {
        Some(match example {
            "2026-12-31" => Self::YearFirst,
            "31.12.2026" => Self::DayFirstDots,
            "31/12/2026" => Self::DayFirstSlashes,
            "12/31/2026" => Self::MonthFirst,
            _ => return None,
        })
    }
}

impl Form {
    /// The form a system declares; a zone that is not known is handed back.
    ///
    /// # Errors
    /// The name of the zone.
    pub fn of(system: &System) -> Result<Self, String> {
        let mut form = Self::default();
        let Some(declared) = &system.exports else { return Ok(form) };
        if let Some(numbers) = declared.numbers.as_ref().and_then(|n| Numbers::of(n.word)) {
            form.numbers = numbers;
        }
        if let Some(dates) = declared.dates.as_ref().and_then(|d| Dates::of(d.word)) {
            form.dates = dates;
        }
        if let Some(zone) = &declared.time_zone {
            form.zone = TimeZone::get(zone).map_err(|_| zone.value.0.clone())?;
        }
        Ok(form)
    }
}
