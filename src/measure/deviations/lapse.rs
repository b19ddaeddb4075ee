//! How long something took, as people say it.

use crate::measure::clock::Calendar;
use crate::model::Clock;
use jiff::Timestamp;
use std::fmt;

/// A length of time on a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lapse {
    /// How many seconds.
    pub seconds: i64,
    /// Whether they are those of working hours.
    pub business: bool,
    /// How many of them are a day.
    pub day: i64,
}

impl Lapse {
    /// The time of a clock between two instants.
    pub fn between(on: &Calendar, clock: Clock, from: Timestamp, to: Timestamp) -> Self {
        Self::of(on, clock, on.measured(clock, from, to))
    }

    /// So many seconds of a clock.
    pub fn of(on: &Calendar, clock: Clock, seconds: i64) -> Self {
        let business = clock == Clock::Business;
        let day = if business { on.working_day() } else { 24 * 60 * 60 };
        Self { seconds, business, day }
    }
}

/// The two largest units: `3 business days 2 h`, `25 min`.
impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day.max(1);
        let (days, rest) = (self.seconds / day, self.seconds % day);
        let (hours, minutes) = (rest / 3600, rest % 3600 / 60);
        let (business, s) = (if self.business { "business " } else { "" }, plural(days));
        match (days, hours, minutes) {
            (0, 0, 0) => write!(f, "under 1 {business}min"),
            (0, 0, minutes) => write!(f, "{minutes} {business}min"),
            (0, hours, 0) => write!(f, "{hours} {business}h"),
            (0, hours, minutes) => write!(f, "{hours} {business}h {minutes} min"),
            (days, 0, _) => write!(f, "{days} {business}day{s}"),
            (1..=6, hours, _) => write!(f, "{days} {business}day{s} {hours} h"),
            (days, ..) => write!(f, "{days} {business}days"),
        }
    }
}

fn plural(number: i64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// An instant as the clock of a calendar shows it: `Mon 2026-11-23 09:00 CET`.
pub(super) fn shown(on: &Calendar, at: Timestamp) -> String {
    at.to_zoned(on.zone().clone()).strftime("%a %Y-%m-%d %H:%M %Z").to_string()
}

/// The day of an instant by the clock of a calendar.
pub(super) fn day(on: &Calendar, at: Timestamp) -> String {
    on.zone().to_datetime(at).date().to_string()
}
