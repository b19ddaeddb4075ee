//! The days on which a comparison may come out otherwise: where of one field it is asked how many days ago
//! that was, and whether it was before a fixed day, what is the same today need not be so tomorrow.

use super::axis::days_between;
use crate::criteria::{self, Direction, Expr, Literal, SetOf, Test, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// No more days are tried than this; beyond it nobody claims to know.
const MOST: usize = 96;

/// Why nothing is known where there are more days than that.
pub(super) const MANY_DAYS: &str =
    "days before today and fixed dates meet on more days than are tried";

/// The years in which anybody asks what a model means.
const YEARS: std::ops::Range<i16> = 1970..2200;

/// The days on which fixed moments change places with those that lie so many days back, with the days
/// around them.
pub(super) struct OtherDays {
    pub(super) instants: Vec<Timestamp>,
    /// Whether there are more than are tried.
    pub(super) are_more: bool,
}

/// What is asked of one field.
#[derive(Default)]
struct Moments {
    /// By how many days the as-of day lies behind it where an answer changes.
    days: BTreeSet<i64>,
    /// The days that are named.
    fixed: BTreeSet<Date>,
}

impl OtherDays {
    /// Those that some criteria, with all references followed, depend on.
    pub(super) fn of<'e>(criteria: impl IntoIterator<Item = &'e Expr>) -> Self {
        let mut fields: BTreeMap<String, Moments> = BTreeMap::new();
        for atom in criteria.into_iter().flat_map(criteria::atoms) {
            let asked = fields.entry(atom.field.to_string()).or_default();
            if let Test::Days { direction, test } = &atom.test {
                let (low, high) = days_between(*test);
                let behind = |days: i64| match direction {
                    Direction::Since => days,
                    Direction::Until => days.saturating_neg(),
                };
                asked.days.extend([low, high].into_iter().flatten().map(behind));
            } else {
                asked.fixed.extend(literals(&atom.test).filter_map(|literal| day(&literal.value)));
            }
        }
        let mut instants = BTreeSet::new();
        for Moments { days, fixed } in fields.values() {
            for (days, fixed) in days.iter().flat_map(|days| fixed.iter().map(move |it| (days, it)))
            {
                let near = (-1..=2).filter_map(|by| behind(*fixed, days.checked_add(by)?));
                instants.extend(near);
            }
        }
        let are_more = instants.len() > MOST;
        Self { instants: instants.into_iter().take(MOST).collect(), are_more }
    }
}

/// The values that a test names.
fn literals(test: &Test) -> impl Iterator<Item = &Literal> {
    let (one, other, many): (_, _, &[Literal]) = match test {
        Test::Compare { value, .. } => (Some(value), None, &[]),
        Test::Between { low, high } => (Some(low), Some(high), &[]),
        Test::In { set: SetOf::Values(values), .. } => (None, None, values),
        _ => (None, None, &[]),
    };
    one.into_iter().chain(other).chain(many)
}

fn day(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::DateTime(instant) => Some(TimeZone::UTC.to_datetime(*instant).date()),
        _ => None,
    }
}

/// The beginning of the day that lies so many days behind another one.
fn behind(date: Date, days: i64) -> Option<Timestamp> {
    let days = jiff::Span::new().try_days(days).ok()?;
    let date = date.checked_add(days).ok()?;
    if !YEARS.contains(&date.year()) {
        return None;
    }
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
