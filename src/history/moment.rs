//! Points in time as people write them, as instants of record time.
//!
//! Record time is the committer date on the main line. A day means its end, so that `2026-06-30`
//! asks for what was in force when that day was over.

use crate::git::CommitTime;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use std::fmt;

/// A calendar date written `2026-06-30`, if it is one.
pub fn parse_date(text: &str) -> Option<Date> {
    let looks_like_one = text.len() == 10 && text.bytes().filter(|b| *b == b'-').count() == 2;
    looks_like_one.then(|| text.parse().ok()).flatten()
}

/// The first second of a day, in seconds since 1970-01-01 UTC; record time is read in UTC.
pub fn day_start(date: Date) -> i64 {
    date.yesterday().map_or(i64::MIN, |before| day_end(before) + 1)
}

/// The last second of a day, in seconds since 1970-01-01 UTC.
///
/// Record time is read in UTC, so that everybody gets the same answer.
pub fn day_end(date: Date) -> i64 {
    Moment::Day(date).end(&Zone::utc())
}

/// No clock is further from UTC than this, in seconds; what is written beyond it is a slip.
const FURTHEST: i32 = 14 * 60 * 60;

/// The time zone in which dates are read and times are shown.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    name: String,
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, name: "UTC".to_owned() }
    }

    /// A zone that was looked up by its name.
    pub fn named(name: &str, zone: TimeZone) -> Self {
        Self { zone, name: name.to_owned() }
    }

    /// `UTC`, `Z`, or an offset such as `+02:00`; names of places are not known here.
    pub fn fixed(text: &str) -> Option<Self> {
        if ["utc", "z", "gmt"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
            return Some(Self::utc());
        }
        let digits = text.strip_prefix(['+', '-'])?;
        let (hours, minutes) = match digits.split_once(':') {
            Some(parts) => parts,
            None => digits.split_at_checked(2)?,
        };
        let two = |part: &str| {
            let whole = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            whole.then(|| part.parse::<i32>().ok()).flatten()
        };
        let minutes = if minutes.is_empty() { Some(0) } else { two(minutes) };
        let seconds = (two(hours)? * 60 + minutes.filter(|minutes| *minutes < 60)?) * 60;
        let seconds = if text.starts_with('-') { -seconds } else { seconds };
        let offset = Offset::from_seconds(seconds).ok().filter(|_| seconds.abs() <= FURTHEST)?;
        Some(Self { zone: TimeZone::fixed(offset), name: String::new() })
    }

    /// The zone itself.
    pub fn into_inner(self) -> TimeZone {
        self.zone
    }

    /// As it is called; an offset where it has no name.
    pub fn name(&self) -> String {
        match self.zone.to_fixed_offset() {
            Ok(offset) if self.name.is_empty() => offset_word(offset),
            _ => self.name.clone(),
        }
    }

    /// An instant to the second, with the zone: `2026-06-30 23:59:59 UTC`.
    pub fn second(&self, seconds: i64) -> String {
        self.written(seconds, "%Y-%m-%d %H:%M:%S")
    }

    /// The time of a commit to the minute, with the zone: `2026-06-28 14:02 UTC`.
    pub fn minute(&self, time: CommitTime) -> String {
        self.written(time.seconds, "%Y-%m-%d %H:%M")
    }

    fn written(&self, seconds: i64, form: &str) -> String {
        let Ok(timestamp) = Timestamp::from_second(seconds) else { return String::new() };
        let zoned = timestamp.to_zoned(self.zone.clone());
        let clock = zoned.strftime(form);
        match self.name.as_str() {
            "UTC" => format!("{clock} UTC"),
            "" => format!("{clock} {}", offset_word(zoned.offset())),
            // A clock that was put back shows an hour twice; the offset tells which.
            name => format!("{clock} {} {name}", offset_word(zoned.offset())),
        }
    }
}

/// `+02:00`.
fn offset_word(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// A point in time as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A day: its end, or its beginning where something starts with it.
    Day(Date),
    /// A time of a day, by the clock of some zone.
    Clock(DateTime),
    /// An instant, which is the same everywhere.
    Instant(Timestamp),
}

impl Moment {
    /// `2026-06-30`, `2026-06-30T12:00`, `2026-06-30T12:00+02:00` or `2026-06-30T12:00Z`; seconds
    /// may follow, and a space may stand for the `T`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(date) = parse_date(text) {
            return Some(Self::Day(date));
        }
        let (date, time) = text.split_once(['T', 't', ' '])?;
        let date = parse_date(date)?;
        let bare = time.bytes().all(|b| b.is_ascii_digit() || b":+-Zz".contains(&b));
        // Five characters at least: an hour alone could be anything.
        if !bare || time.get(2..3) != Some(":") {
            return None;
        }
        let text = format!("{date}T{time}");
        if let Some(offset) = time.find(['+', '-']).and_then(|at| time.get(at..)) {
            Zone::fixed(offset)?;
            return text.parse().ok().map(Self::Instant);
        }
        if time.contains(['Z', 'z']) {
            return text.parse().ok().map(Self::Instant);
        }
        text.parse().ok().map(Self::Clock)
    }

    /// The last second that belongs to it, in seconds since 1970-01-01 UTC.
    pub fn end(self, zone: &Zone) -> i64 {
        match self {
            Self::Day(date) => {
                let next = date.tomorrow().and_then(|next| next.to_zoned(zone.zone.clone()));
                // The last day there is ends where no clock goes on.
                next.map_or(Timestamp::MAX.as_second(), |next| next.timestamp().as_second() - 1)
            }
            _ => self.start(zone),
        }
    }

    /// The first second that belongs to it.
    pub fn start(self, zone: &Zone) -> i64 {
        match self {
            Self::Day(date) => midnight(date, zone),
            // Where a clock was put back the first of both hours counts, and where it was put
            // forward the hour that never was is read as if it had not been.
            Self::Clock(clock) => {
                let zoned = clock.to_zoned(zone.zone.clone());
                zoned.map_or(Timestamp::MAX.as_second(), |zoned| zoned.timestamp().as_second())
            }
            Self::Instant(instant) => instant.as_second(),
        }
    }
}

/// The first second of a day.
fn midnight(date: Date, zone: &Zone) -> i64 {
    let start = date.to_zoned(zone.zone.clone());
    start.map_or(Timestamp::MAX.as_second(), |zoned| zoned.timestamp().as_second())
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Clock(clock) => write!(f, "{clock}"),
            Self::Instant(instant) => write!(f, "{instant}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str, zone: &str) -> String {
        let zone = Zone::fixed(zone).unwrap();
        Zone::utc().second(Moment::parse(text).unwrap().end(&zone))
    }

    #[test]
    fn no_clock_is_further_from_utc_than_some_clock_is() {
        for (offset, fits) in
            [("+14:00", true), ("-12:00", true), ("+14:01", false), ("+25:00", false)]
        {
            assert_eq!(Zone::fixed(offset).is_some(), fits, "{offset}");
            let moment = Moment::parse(&format!("2026-06-30T12:00{offset}"));
            assert_eq!(moment.is_some(), fits, "{offset}");
        }
    }

    #[test]
    fn a_day_ends_where_its_zone_says() {
        assert_eq!(end("2026-06-30", "UTC"), "2026-06-30 23:59:59 UTC");
        assert_eq!(end("2026-06-30", "+02:00"), "2026-06-30 21:59:59 UTC");
        assert_eq!(end("2026-06-30", "-0530"), "2026-07-01 05:29:59 UTC");
        assert!(end("9999-12-31", "Z").starts_with("9999-12-3"), "as late as a clock can show");
    }

    #[test]
    fn an_instant_is_itself_whatever_the_zone() {
        assert_eq!(end("2026-06-30T12:00", "+02:00"), "2026-06-30 10:00:00 UTC");
        assert_eq!(end("2026-06-30 12:00:30", "UTC"), "2026-06-30 12:00:30 UTC");
        assert_eq!(end("2026-06-30T12:00+02:00", "-11"), "2026-06-30 10:00:00 UTC");
        assert_eq!(end("2026-06-30T12:00Z", "+05:00"), "2026-06-30 12:00:00 UTC");
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "2026-06",
            "2026-06-31",
            "2026-6-30",
            "2026-06-30T",
            "2026-06-30T12",
            "2026-06-30T25:00",
            "2026-06-30T12:00[Europe/Berlin]",
            "main",
            "20260630",
            "2026-06-30T12:00+",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        for text in ["+2", "02:00", "+02:60", "+99:00", "Europe/Berlin", "", "+0x:00"] {
            assert!(Zone::fixed(text).is_none(), "{text}");
        }
        assert_eq!(Zone::fixed("+0200").unwrap().name(), "+02:00");
    }
}
