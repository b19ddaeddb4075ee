//! The stretch of time a metric looks back on.
//!
//! It ends at the instant for which records are judged, that instant included, and begins so long
//! before it, that instant left out; days are those of UTC, as everywhere in criteria. Business time is
//! that of the model's own calendar, whoever the records belong to.

use crate::criteria::Value;
use crate::measure::Calendars;
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
    pub(in crate::measure) fn back_from(
        end: Timestamp,
        length: Duration,
        calendars: &Calendars,
    ) -> Result<Self, String> {
        let start = match length.clock {
            Clock::Wall => start(end, length),
            Clock::Business => {
                let own = calendars.own().map_err(|why| {
                    format!("it looks back {}, and {}", length.canonical(), why.reason)
                })?;
                own.looking_back(end, length)
            }
        };
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
    use crate::model::Model;
    use crate::source::{RawContent, RawFile};

    /// The calendars of a model that says this.
    fn calendars(text: &str) -> Calendars {
        let content = RawContent::Bytes(text.as_bytes().to_vec());
        let file = RawFile { path: "model.toml".to_owned(), content };
        let model: Model = crate::load::read(vec![file], crate::document::Limits::default()).model;
        Calendars::of(&model)
    }

    fn back(end: &str, length: &str, calendars: &Calendars) -> Result<Window, String> {
        Window::back_from(end.parse().unwrap(), Duration::parse(length).unwrap(), calendars)
    }

    fn month() -> Window {
        back("2026-03-31T12:00:00Z", "1 month", &calendars("")).unwrap()
    }

    fn instant(text: &str) -> Value {
        Value::DateTime(text.parse().unwrap())
    }

    fn date(text: &str) -> Value {
        Value::Date(text.parse().unwrap())
    }

    #[test]
    fn a_month_back_from_the_last_of_march_begins_in_february() {
        assert!(!month().holds(&instant("2026-02-28T12:00:00Z")));
        assert!(month().holds(&instant("2026-02-28T12:00:01Z")));
        assert!(month().holds(&instant("2026-03-31T12:00:00Z")));
        assert!(!month().holds(&instant("2026-03-31T12:00:01Z")));
        assert!(!month().holds(&date("2026-02-28")) && month().holds(&date("2026-03-01")));
        assert!(month().holds(&date("2026-03-31")) && !month().holds(&date("2026-04-01")));
    }

    #[test]
    fn business_time_is_that_of_the_models_own_calendar() {
        let text = "[model]\nformat = 1\n[model.calendar]\nhours = \"09:00-17:00\"\n";
        // A Monday.
        let week = back("2026-03-30T12:00:00Z", "2 business days", &calendars(text)).unwrap();
        assert!(!week.holds(&instant("2026-03-26T12:00:00Z")));
        assert!(week.holds(&instant("2026-03-26T12:00:01Z")));
        assert!(!week.holds(&date("2026-03-26")) && week.holds(&date("2026-03-27")));
        let none = back("2026-03-30T12:00:00Z", "2 business days", &calendars(""));
        let why = "it looks back 2 business days, and the model has no business calendar";
        assert_eq!(none.unwrap_err(), why);
    }

    #[test]
    fn times_before_all_calendars_are_refused() {
        let own = calendars("[model]\nformat = 1\n[model.calendar]\nhours = \"09:00-17:00\"\n");
        for length in ["999999 months", "999999 business days"] {
            assert!(back("2026-03-31T12:00:00Z", length, &own).is_err(), "{length}");
        }
    }
}
