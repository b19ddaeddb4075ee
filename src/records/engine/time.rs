//! Days and instants that are written plainly, held against those that are asked for.

use super::cuts::Cuts;
use super::logic::Ask;
use super::number::literals;
use crate::criteria::{DaysTest, Direction, Test, Value, midnight};
use crate::records::form::Form;
use jiff::Timestamp;
use jiff::tz::TimeZone;

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// The instants that tests name, in nanoseconds. What lies between two of them is the same
/// to every test.
#[derive(Debug)]
pub(super) struct Times {
    cuts: Cuts,
    /// Whether only days are told: which day an instant is depends on the zone.
    days: bool,
}

/// What is written plainly in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// A day, by the class of its first instant.
    Day(usize),
    /// An instant, by its class.
    Instant(usize),
}

impl Times {
    /// The instants of some tests.
    pub(super) fn of<'a>(
        asks: impl Iterator<Item = &'a Ask>,
        as_of: Timestamp,
        days: bool,
    ) -> Self {
        let today = midnight(TimeZone::UTC.to_datetime(as_of).date());
        let mut cuts = Vec::new();
        for ask in asks {
            for literal in literals(&ask.test) {
                match literal.value {
                    Value::Date(date) => cuts.push(counted(midnight(date))),
                    Value::DateTime(instant) => cuts.push(counted(instant)),
                    _ => {}
                }
            }
            let Test::Days { direction, test } = ask.test else { continue };
            let named = match test {
                DaysTest::Compare { days, .. } => vec![days],
                DaysTest::Between { low, high } => vec![low, high],
            };
            // A number of days begins at one end of a span and ends at the other.
            for days in named.into_iter().flat_map(|days| [days, days.saturating_add(1)]) {
                let span = days.saturating_mul(DAY);
                let from = |now: i64| match direction {
                    Direction::Since => now.saturating_sub(span),
                    Direction::Until => now.saturating_add(span),
                };
                cuts.extend([from(counted(as_of)), from(counted(today))]);
            }
        }
        Self { cuts: Cuts::new(cuts), days }
    }

    /// How many classes there are of days, and as many of instants.
    pub(super) fn classes(&self) -> usize {
        self.cuts.classes()
    }

    /// What is written plainly: a day with its year first, or an instant in UTC, the one that is meant
    /// where no zone is named.
    #[inline]
    pub(super) fn class(&self, written: &[u8], form: &Form) -> Option<Written> {
        let (day, rest) = written.split_first_chunk::<10>()?;
        let day = day_of(*day)?.checked_mul(DAY)?;
        if rest.is_empty() {
            return Some(Written::Day(self.cuts.class(day)));
        }
        if self.days {
            return None;
        }
        let in_day = time_of(rest, form)?;
        Some(Written::Instant(self.cuts.class(day.checked_add(in_day)?)))
    }
}

/// An instant in nanoseconds; those that are too far off lie beyond all that are written plainly.
fn counted(instant: Timestamp) -> i64 {
    let beyond = if instant > Timestamp::UNIX_EPOCH { i64::MAX } else { i64::MIN };
    i64::try_from(instant.as_nanosecond()).unwrap_or(beyond)
}

#[inline]
fn digits<const N: usize>(bytes: [u8; N]) -> Option<i64> {
    let mut number = 0_i64;
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(number)
}

/// The days from the first of 1970 to a day that is written.
#[inline]
fn day_of(written: [u8; 10]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = written else { return None };
    let (year, month, day) = (digits([y1, y2, y3, y4])?, digits([m1, m2])?, digits([d1, d2])?);
    if !(1700..2200).contains(&year) || !(1..=12).contains(&month) || !(1..=28).contains(&day) {
        let date = jiff::civil::Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        date.ok().filter(|_| (1700..2200).contains(&year))?;
    }
    // Years begin in March here, so that the day that is not in every year is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468)
}

/// The nanoseconds of a day that have passed at a time that is written, such as `T12:30:00Z`.
#[inline]
fn time_of(written: &[u8], form: &Form) -> Option<i64> {
    let ([b'T' | b' ', h1, h2, b':', m1, m2, b':', s1, s2], rest) =
        written.split_first_chunk::<9>()?
    else {
        return None;
    };
    let (hour, minute, second) = (digits([*h1, *h2])?, digits([*m1, *m2])?, digits([*s1, *s2])?);
    let fraction = match rest {
        [b'Z'] => 0,
        [b'.', f1, f2, f3, b'Z'] => digits([*f1, *f2, *f3])?,
        [] if form.zone == TimeZone::UTC => 0,
        _ => return None,
    };
    let valid = hour < 24 && minute < 60 && second < 60;
    valid.then_some(((hour * 60 + minute) * 60 + second) * SECOND + fraction * 1_000_000)
}
