//! The working days of a calendar, a year at a time and each year only once it is asked for.

use super::Hours;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Nothing before this year is working time, and nothing behind the last.
const FIRST: i16 = 1970;
const LAST: i16 = 2199;

/// A stretch of working time, in seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    /// The date on which it begins.
    pub(super) date: Date,
    pub(super) start: i64,
    pub(super) end: i64,
    /// The working time of its year before it.
    before: i64,
}

impl Shift {
    fn length(&self) -> i64 {
        self.end - self.start
    }
}

/// The working days of every year.
#[derive(Debug)]
pub(super) struct Years {
    zone: TimeZone,
    pub(super) works: [bool; 7],
    hours: Hours,
    pub(super) holidays: BTreeSet<Date>,
    by_year: Vec<OnceLock<Vec<Shift>>>,
}

impl Years {
    pub(super) fn new(
        zone: TimeZone,
        works: [bool; 7],
        hours: Hours,
        holidays: BTreeSet<Date>,
    ) -> Self {
        let by_year = (FIRST..=LAST).map(|_| OnceLock::new()).collect();
        Self { zone, works, hours, holidays, by_year }
    }

    /// The stretches that end behind an instant, in order.
    pub(super) fn from(&self, at: Timestamp) -> impl Iterator<Item = Shift> {
        let at = at.as_second();
        // A night's work of the last of December reaches into the year of the instant.
        let years = (self.year_of(at) - 1..=LAST).map(|year| self.year(year));
        years.flat_map(move |shifts| {
            let start = shifts.partition_point(|shift| shift.end <= at);
            shifts.get(start..).unwrap_or_default().iter().copied()
        })
    }

    /// The stretches that begin before an instant, the last of them first.
    pub(super) fn up_to(&self, at: Timestamp) -> impl Iterator<Item = Shift> {
        let at = at.as_second();
        let years = (FIRST..=self.year_of(at)).rev().map(|year| self.year(year));
        years.flat_map(move |shifts| {
            let end = shifts.partition_point(|shift| shift.start < at);
            shifts.get(..end).unwrap_or_default().iter().rev().copied()
        })
    }

    /// The working time between two instants.
    pub(super) fn worked(&self, from: i64, to: i64) -> i64 {
        let years = self.year_of(from) - 1..=self.year_of(to);
        years.map(|year| self.year(year)).map(|year| until(year, to) - until(year, from)).sum()
    }

    /// The instant at which so much working time has gone by; the instant itself where it is none.
    pub(super) fn after(&self, from: Timestamp, seconds: i64) -> Option<Timestamp> {
        if seconds <= 0 {
            return Some(from);
        }
        let (from, mut left) = (from.as_second(), seconds);
        for year in self.year_of(from) - 1..=LAST {
            let shifts = self.year(year);
            let gone = until(shifts, from);
            let wanted = gone + left;
            let at = shifts.partition_point(|shift| shift.before + shift.length() < wanted);
            if let Some(shift) = shifts.get(at) {
                return Timestamp::from_second(shift.start + wanted - shift.before).ok();
            }
            left -= shifts.last().map_or(0, |last| last.before + last.length()) - gone;
        }
        None
    }

    /// The last instant from which so much working time goes by up to another; that instant itself
    /// where it is none.
    pub(super) fn back(&self, to: Timestamp, seconds: i64) -> Option<Timestamp> {
        if seconds <= 0 {
            return Some(to);
        }
        let (to, mut left) = (to.as_second(), seconds);
        for year in (FIRST..=self.year_of(to)).rev() {
            let shifts = self.year(year);
            let gone = until(shifts, to);
            if let Some(wanted) = gone.checked_sub(left).filter(|wanted| *wanted >= 0) {
                let at = shifts.partition_point(|shift| shift.before + shift.length() <= wanted);
                let shift = shifts.get(at)?;
                return Timestamp::from_second(shift.start + wanted - shift.before).ok();
            }
            left -= gone;
        }
        None
    }

    fn year_of(&self, at: i64) -> i16 {
        let at = Timestamp::from_second(at);
        at.map_or(LAST, |at| self.zone.to_datetime(at).year().clamp(FIRST, LAST))
    }

    /// The stretches that begin in a year.
    pub(super) fn year(&self, year: i16) -> &[Shift] {
        let place = usize::try_from(year - FIRST).ok().and_then(|place| self.by_year.get(place));
        place.map_or(&[], |place| place.get_or_init(|| self.reckoned(year)))
    }

    fn reckoned(&self, year: i16) -> Vec<Shift> {
        let mut shifts = Vec::new();
        let mut before = 0;
        let Ok(first) = Date::new(year, 1, 1) else { return shifts };
        for date in first.series(Span::new().days(1)).take_while(|date| date.year() == year) {
            let weekday = date.weekday().to_monday_zero_offset();
            let works = usize::try_from(weekday).ok().and_then(|day| self.works.get(day));
            if works != Some(&true) || self.holidays.contains(&date) {
                continue;
            }
            let border = |minutes: u16| {
                let midnight = DateTime::from_parts(date, Time::midnight());
                let clock = midnight.checked_add(Span::new().minutes(minutes)).ok()?;
                instant_of(&self.zone, clock)
            };
            let Some((start, end)) = border(self.hours.start).zip(border(self.hours.end)) else {
                continue;
            };
            if start < end {
                shifts.push(Shift { date, start, end, before });
                before += end - start;
            }
        }
        shifts
    }
}

/// The working time of a year's stretches before an instant.
fn until(shifts: &[Shift], at: i64) -> i64 {
    let begun = shifts.partition_point(|shift| shift.start < at);
    let last = begun.checked_sub(1).and_then(|last| shifts.get(last));
    last.map_or(0, |last| last.before + at.min(last.end) - last.start)
}

/// The instant at which a clock shows a time: the first of two, and for a time that it skips the
/// instant of the jump.
pub fn shown_first(zone: &TimeZone, clock: DateTime) -> Option<Timestamp> {
    let shown = zone.to_ambiguous_timestamp(clock);
    if let AmbiguousOffset::Gap { .. } = shown.offset() {
        let before = zone.to_ambiguous_timestamp(clock).earlier().ok()?;
        return zone.following(before).next().map(|jump| jump.timestamp());
    }
    shown.earlier().ok()
}

pub(super) fn instant_of(zone: &TimeZone, clock: DateTime) -> Option<i64> {
    shown_first(zone, clock).map(Timestamp::as_second)
}
