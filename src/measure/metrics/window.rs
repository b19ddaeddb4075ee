//! The stretch of time a metric looks back on.
//!
//! It ends at the instant for which records are judged, that instant included, and begins so long
//! before it, that instant left out; days are those of UTC, as everywhere in criteria.

use crate::criteria::Value;
use crate::model::{Clock, Duration, Unit};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start: Timestamp,
    end: Timestamp,
}

impl Window {
    /// The stretch of a length that ends at an instant.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn back_from(end: Timestamp, length: Duration) -> Result<Self, String> {
        if length.clock == Clock::Business {
            let length = length.canonical();
            return Err(format!("it looks back {length}, and windows run on the wall clock here"));
        }
        let start = start(end, length);
        let start = start.ok_or_else(|| "it looks back further than calendars go".to_owned())?;
        Ok(Self { start, end })
    }

    /// Whether a day or an instant lies in it.
    pub fn holds(&self, value: &Value) -> bool {
        match value {
            Value::Date(date) => {
                let day = |instant| TimeZone::UTC.to_datetime(instant).date();
                *date > day(self.start) && *date <= day(self.end)
            }
            Value::DateTime(instant) => *instant > self.start && *instant <= self.end,
            _ => false,
        }
    }
}

fn start(end: Timestamp, length: Duration) -> Option<Timestamp> {
    let count = i64::from(length.count);
    let span = Span::new();
    let span = match length.unit {
        Unit::Minute => span.try_minutes(count),
        Unit::Hour => span.try_hours(count),
        Unit::Day => span.try_days(count),
        Unit::Week => span.try_weeks(count),
        Unit::Month => span.try_months(count),
    };
    let zoned = end.to_zoned(TimeZone::UTC).checked_sub(span.ok()?).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month() -> Window {
        let end = "2026-03-31T12:00:00Z".parse().unwrap();
        Window::back_from(end, Duration::parse("1 month").unwrap()).unwrap()
    }

    #[test]
    fn a_month_back_from_the_last_of_march_begins_in_february() {
        let instant = |text: &str| Value::DateTime(text.parse().unwrap());
        let date = |text: &str| Value::Date(text.parse().unwrap());
        assert!(!month().holds(&instant("2026-02-28T12:00:00Z")));
        assert!(month().holds(&instant("2026-02-28T12:00:01Z")));
        assert!(month().holds(&instant("2026-03-31T12:00:00Z")));
        assert!(!month().holds(&instant("2026-03-31T12:00:01Z")));
        assert!(!month().holds(&date("2026-02-28")) && month().holds(&date("2026-03-01")));
        assert!(month().holds(&date("2026-03-31")) && !month().holds(&date("2026-04-01")));
    }

    #[test]
    fn business_time_and_times_before_all_calendars_are_refused() {
        let end: Timestamp = "2026-03-31T12:00:00Z".parse().unwrap();
        for length in ["5 business days", "999999 months"] {
            assert!(Window::back_from(end, Duration::parse(length).unwrap()).is_err(), "{length}");
        }
    }
}
