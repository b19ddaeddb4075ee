//! Business calendars: how much working time lies between two instants, and when a limit runs out.
//!
//! LAW: working time is what a clock on the wall of the office would count if it ran in working hours
//! only. A working day belongs to the date on which it begins; a holiday takes the whole of it away,
//! also what of it lies behind midnight. Where the clock is put forward a border that it skips lies at
//! the jump; where it is put back, the first of the two counts.

mod calendars;
mod year;

pub use calendars::{Calendars, NoCalendar};
pub use year::shown_first;

use crate::model::calendar::{
    Calendar as Declared, Hours, RegionalCalendar, WEEK, WORKING_DAYS, Weekday,
};
use crate::model::{At, Clock, Code, Duration, Listed, Unit, Word};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use year::Years;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The working time of a region, made ready for reckoning.
#[derive(Debug)]
pub struct Calendar {
    /// The address at which it is declared.
    pub address: String,
    zone: TimeZone,
    hours: Hours,
    years: Years,
}

impl Calendar {
    /// The calendar of the model itself.
    ///
    /// # Errors
    /// Why nobody can reckon with it.
    pub fn of_model(address: &str, declared: &Declared) -> Result<Self, String> {
        let Declared { time_zone, days, hours, holidays } = declared;
        Self::of(address, [time_zone.as_ref(), hours.as_ref()], days.as_ref(), holidays.as_ref())
    }

    /// A calendar of its own.
    ///
    /// # Errors
    /// Why nobody can reckon with it.
    pub fn of_region(address: &str, declared: &RegionalCalendar) -> Result<Self, String> {
        let RegionalCalendar { time_zone, days, hours, holidays } = declared;
        Self::of(address, [time_zone.as_ref(), hours.as_ref()], days.as_ref(), holidays.as_ref())
    }

    fn of(
        address: &str,
        [zone, hours]: [Option<&At<Word>>; 2],
        days: Option<&At<Listed<Code<Weekday>>>>,
        holidays: Option<&At<Listed<Date>>>,
    ) -> Result<Self, String> {
        let zone = match zone {
            Some(name) => TimeZone::get(name)
                .map_err(|_| format!("`{address}` names the time zone `{}`", name.value.0))?,
            None => TimeZone::UTC,
        };
        let hours = match hours {
            Some(text) => Hours::parse(text)
                .ok_or_else(|| format!("`{address}` has the hours `{}`", text.value.0))?,
            None => Hours::ALL,
        };
        let words = days.map(|days| days.iter().map(|day| day.word).collect::<Vec<_>>());
        let words = words.unwrap_or_else(|| WORKING_DAYS.to_vec());
        if words.is_empty() {
            return Err(format!("`{address}` has no working day"));
        }
        let works = WEEK.map(|day| words.contains(&day));
        let holidays = holidays.iter().flat_map(|days| days.iter().map(|day| day.value));
        let years = Years::new(zone.clone(), works, hours, holidays.collect());
        Ok(Self { address: address.to_owned(), zone, hours, years })
    }

    /// Every hour of every day, in UTC: for clocks that need no calendar.
    pub fn plain() -> Self {
        let hours = Hours::ALL;
        let years = Years::new(TimeZone::UTC, [true; 7], hours, BTreeSet::new());
        Self { address: String::new(), zone: TimeZone::UTC, hours, years }
    }

    /// The zone its clock shows.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// How long a working day is by its hours, in seconds.
    pub fn working_day(&self) -> i64 {
        let Hours { start, end } = self.hours;
        i64::from(end - start) * MINUTE
    }

    /// The words of the days on which work begins.
    pub fn days(&self) -> Vec<&'static str> {
        let week = WEEK.into_iter().zip(self.years.works);
        week.filter_map(|(day, works)| works.then_some(day)).collect()
    }

    /// Days on which nobody works.
    pub fn holidays(&self) -> &BTreeSet<Date> {
        &self.years.holidays
    }

    /// The working stretches that begin in some years, in order.
    pub fn stretches(
        &self,
        years: RangeInclusive<i16>,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let shifts = years.flat_map(|year| self.years.year(year));
        shifts.filter_map(|shift| instant(shift.start).zip(instant(shift.end)))
    }

    /// Whether an instant lies in working hours.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.years.from(at).next().is_some_and(|shift| shift.start <= at.as_second())
    }

    /// The instant itself in working hours, else the one at which the next of them begin.
    pub fn next_open(&self, at: Timestamp) -> Option<Timestamp> {
        let shift = self.years.from(at).next()?;
        if shift.start <= at.as_second() { Some(at) } else { instant(shift.start) }
    }

    /// The working time between two instants, in seconds; none where the second comes first.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> i64 {
        if to <= from { 0 } else { self.years.worked(from.as_second(), to.as_second()) }
    }

    /// The instant at which a limit runs out that begins to run at another. Hours and minutes of
    /// business are working time; a business day ends at the time of day at which it began, on the
    /// next working day; five of them are a business week. Days of the wall have 24 hours; months
    /// are those of the calendar. None where it lies past what can be reckoned.
    pub fn due(&self, from: Timestamp, limit: Duration) -> Option<Timestamp> {
        let count = i64::from(limit.count);
        match (limit.clock, limit.unit) {
            (Clock::Wall, Unit::Month) => self.month_after(from, count),
            (Clock::Wall, _) => wall(from, limit),
            (Clock::Business, Unit::Minute) => self.years.after(from, count * MINUTE),
            (Clock::Business, Unit::Hour) => self.years.after(from, count * HOUR),
            (Clock::Business, Unit::Day) => self.day_after(from, count),
            (Clock::Business, Unit::Week) => self.day_after(from, count * 5),
            (Clock::Business, Unit::Month) => self.next_open(self.month_after(from, count)?),
        }
    }

    /// The instant from which a length of business runs up to another: what [`Calendar::due`] says, the
    /// other way round. It is the last such instant, so that the stretch is no longer than it must be.
    /// None where the length is none of business, or the instant lies before what can be reckoned.
    pub fn looking_back(&self, from: Timestamp, length: Duration) -> Option<Timestamp> {
        let count = i64::from(length.count);
        match (length.clock, length.unit) {
            (Clock::Wall, _) => None,
            (Clock::Business, Unit::Minute) => self.years.back(from, count * MINUTE),
            (Clock::Business, Unit::Hour) => self.years.back(from, count * HOUR),
            (Clock::Business, Unit::Day) => self.day_before(from, count),
            (Clock::Business, Unit::Week) => self.day_before(from, count * 5),
            (Clock::Business, Unit::Month) => self.last_open(self.month_after(from, -count)?),
        }
    }

    /// The instant itself in working hours, else the one at which the last of them ended.
    fn last_open(&self, at: Timestamp) -> Option<Timestamp> {
        let shift = self.years.up_to(at).next()?;
        instant(shift.end).map(|end| end.min(at))
    }

    /// How much of a limit's own time lies between two instants, in seconds.
    pub fn measured(&self, clock: Clock, from: Timestamp, to: Timestamp) -> i64 {
        match clock {
            Clock::Wall => (to.as_second() - from.as_second()).max(0),
            Clock::Business => self.elapsed(from, to),
        }
    }

    /// Whether any time of a clock lies between the instant at which it runs out and another.
    pub fn is_past(&self, clock: Clock, due: Timestamp, until: Timestamp) -> bool {
        match clock {
            Clock::Wall => until > due,
            Clock::Business => self.elapsed(due, until) > 0,
        }
    }

    fn month_after(&self, from: Timestamp, count: i64) -> Option<Timestamp> {
        let span = Span::new().try_months(count).ok()?;
        from.to_zoned(self.zone.clone()).checked_add(span).ok().map(|zoned| zoned.timestamp())
    }

    fn day_after(&self, from: Timestamp, count: i64) -> Option<Timestamp> {
        let mut shifts = self.years.from(from);
        let first = shifts.next()?;
        let begins = from.max(instant(first.start)?);
        let behind = usize::try_from(count).ok()?.checked_sub(1);
        let last = behind.map_or(Some(first), |behind| shifts.nth(behind))?;
        let days = last.date.since(first.date).ok()?;
        let clock = self.zone.to_datetime(begins).checked_add(days).ok()?;
        let at = year::instant_of(&self.zone, clock)?;
        instant(at.clamp(last.start, last.end))
    }

    fn day_before(&self, from: Timestamp, count: i64) -> Option<Timestamp> {
        let mut shifts = self.years.up_to(from);
        let last = shifts.next()?;
        let ends = from.min(instant(last.end)?);
        let ahead = usize::try_from(count).ok()?.checked_sub(1);
        let first = ahead.map_or(Some(last), |ahead| shifts.nth(ahead))?;
        let days = last.date.since(first.date).ok()?;
        let clock = self.zone.to_datetime(ends).checked_sub(days).ok()?;
        let at = year::instant_of(&self.zone, clock)?;
        instant(at.clamp(first.start, first.end))
    }
}

/// A limit of minutes, hours, days or weeks by the clock on the wall.
fn wall(from: Timestamp, limit: Duration) -> Option<Timestamp> {
    let unit = match limit.unit {
        Unit::Minute => MINUTE,
        Unit::Hour => HOUR,
        Unit::Day => DAY,
        Unit::Week => 7 * DAY,
        Unit::Month => return None,
    };
    from.checked_add(SignedDuration::from_secs(unit * i64::from(limit.count))).ok()
}

fn instant(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
}

#[cfg(test)]
mod tests;
