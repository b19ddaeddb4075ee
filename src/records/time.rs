//! Days and instants as exports write them, read strictly: the year has four digits, and a form that
//! was not declared is not tried.

use super::form::{Dates, Form};
use crate::criteria::{Value, midnight};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// The day a text is.
pub(super) fn day(text: &str, dates: Dates) -> Option<Date> {
    let separator = text.chars().find(|letter| !letter.is_ascii_digit())?;
    if !matches!(separator, '-' | '.' | '/') {
        return None;
    }
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match (first.len(), dates, separator) {
        (4, ..) => (first, second, third),
        (_, Dates::DayFirstDots, '.') | (_, Dates::DayFirstSlashes, '/') => (third, second, first),
        (_, Dates::MonthFirst, '/') => (third, first, second),
        _ => return None,
    };
    let part = |text: &str| digits(text, 1..=2).and_then(|part| i8::try_from(part).ok());
    let year = i16::try_from(digits(year, 4..=4)?).ok()?;
    Date::new(year, part(month)?, part(day)?).ok()
}

/// What a text stands for in a field of instants; a day where no time is written is its first instant in
/// UTC, as it is beside such a field in a criterion.
pub(super) fn instant(text: &str, form: &Form) -> Option<Value> {
    let (date, zone) = match parted(text, form.dates)? {
        Written::Day(date) => return Some(Value::DateTime(midnight(date))),
        Written::Local(date) => (date, form.zone.clone()),
        Written::At(date, offset) => (date, TimeZone::fixed(offset)),
    };
    let zoned = zone.to_ambiguous_zoned(date).compatible().ok()?;
    Some(Value::DateTime(zoned.timestamp()))
}

/// What a text stands for in a field of days: the day, or the day of an instant in the zone of the
/// form. Midnight in the zone that is written is how many systems write a day: it is that day.
pub(super) fn day_of(text: &str, form: &Form) -> Option<Date> {
    match parted(text, form.dates)? {
        Written::Day(date) => Some(date),
        Written::Local(date) => Some(date.date()),
        Written::At(date, _) if date.time() == Time::midnight() => Some(date.date()),
        Written::At(date, offset) => {
            let instant = offset.to_timestamp(date).ok()?;
            Some(form.zone.to_datetime(instant).date())
        }
    }
}

/// A day, with or without a time, with or without a zone.
enum Written {
    Day(Date),
    Local(DateTime),
    At(DateTime, Offset),
}

fn parted(text: &str, dates: Dates) -> Option<Written> {
    let Some((date, rest)) = text.split_once(['T', 't', ' ', ',']) else {
        return day(text, dates).map(Written::Day);
    };
    let date = day(date, dates)?;
    let rest = rest.trim_start();
    let end = rest.find(|letter: char| !(letter.is_ascii_digit() || ":.,".contains(letter)));
    let (clock, rest) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    let rest = rest.trim_start();
    let (half, rest) = match rest.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("am") => (Some(0), rest.get(2..)?),
        Some("pm") => (Some(12), rest.get(2..)?),
        _ => (None, rest),
    };
    let local = date.to_datetime(time(clock, half)?);
    match rest.trim_start() {
        "" => Some(Written::Local(local)),
        zone => Some(Written::At(local, offset(zone)?)),
    }
}

/// `14:05`, `14:05:00`, `14:05:00.123`, and the same by halves of the day.
fn time(text: &str, half: Option<i8>) -> Option<Time> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let part = |text: &str| digits(text, 1..=2).and_then(|part| i8::try_from(part).ok());
    let hour = match (part(hour)?, half) {
        (hour, None) => hour,
        (hour @ 1..=12, Some(half)) => hour % 12 + half,
        _ => return None,
    };
    let minute = part(Some(minute).filter(|minute| minute.len() == 2)?)?;
    let (second, nanosecond) = match second {
        None => (0, 0),
        Some(second) => {
            let (whole, fraction) = second.split_once(['.', ',']).unwrap_or((second, "0"));
            (part(Some(whole).filter(|whole| whole.len() == 2)?)?, nanoseconds(fraction)?)
        }
    };
    Time::new(hour, minute, second, nanosecond).ok()
}

/// A fraction of a second; what is finer than a nanosecond is left out.
fn nanoseconds(fraction: &str) -> Option<i32> {
    const DIGITS: usize = 9;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = fraction.get(..DIGITS.min(fraction.len()))?;
    format!("{kept:0<DIGITS$}").parse().ok()
}

/// No clock is further from UTC than this, in seconds; what is written beyond it is a slip.
const FURTHEST: i32 = 14 * 60 * 60;

/// `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02`; the names of zones are too often those of several.
fn offset(text: &str) -> Option<Offset> {
    if ["z", "utc", "gmt"].iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Some(Offset::UTC);
    }
    let (minus, rest) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+')?),
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "00"),
    };
    let (hours, minutes) = (digits(hours, 2..=2)?, digits(minutes, 2..=2)?);
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    if minutes >= 60 || seconds > FURTHEST {
        return None;
    }
    Offset::from_seconds(if minus { -seconds } else { seconds }).ok()
}

/// A number of so many digits.
fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let sound = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_its_form_or_with_the_year_first() {
        for (text, example, date) in [
            ("2026-06-30", "2026-12-31", Some("2026-06-30")),
            ("2026-6-3", "2026-12-31", Some("2026-06-03")),
            ("2026/06/30", "31.12.2026", Some("2026-06-30")),
            ("30.06.2026", "31.12.2026", Some("2026-06-30")),
            ("30.06.2026", "2026-12-31", None),
            ("30/06/2026", "31/12/2026", Some("2026-06-30")),
            ("6/30/2026", "12/31/2026", Some("2026-06-30")),
            ("30/6/2026", "12/31/2026", None),
            ("6/30/26", "12/31/2026", None),
            ("20260630", "2026-12-31", None),
            ("2026-02-30", "2026-12-31", None),
            ("2026-06-30-1", "2026-12-31", None),
            ("30-06-2026", "31/12/2026", None),
            ("٣/٦/2026", "31/12/2026", None),
            ("45000", "2026-12-31", None),
        ] {
            let dates = Dates::of(example).unwrap();
            let found = day(text, dates).map(|date| date.to_string());
            assert_eq!(found.as_deref(), date, "{text} in {example}");
        }
    }

    #[test]
    fn an_instant_has_the_zone_it_names_or_that_of_the_form() {
        let zone = TimeZone::fixed(Offset::constant(2));
        for (text, example, want) in [
            ("2026-06-30T14:05:00Z", "2026-12-31", Some("2026-06-30T14:05:00Z")),
            ("2026-06-30T14:05:00.000+0000", "2026-12-31", Some("2026-06-30T14:05:00Z")),
            ("2026-06-30 14:05:00", "2026-12-31", Some("2026-06-30T12:05:00Z")),
            ("2026-06-30 14:05", "2026-12-31", Some("2026-06-30T12:05:00Z")),
            ("6/30/2026 2:05 PM", "12/31/2026", Some("2026-06-30T12:05:00Z")),
            ("6/30/2026, 12:05 AM", "12/31/2026", Some("2026-06-29T22:05:00Z")),
            ("30.06.2026 14:05:01,5", "31.12.2026", Some("2026-06-30T12:05:01.5Z")),
            ("2026-06-30 14:05:00 UTC", "2026-12-31", Some("2026-06-30T14:05:00Z")),
            ("2026-06-30 14:05:00 -05:30", "2026-12-31", Some("2026-06-30T19:35:00Z")),
            ("2026-06-30 14:05:00 CET", "2026-12-31", None),
            ("2026-06-30 14:05:00+14:00", "2026-12-31", Some("2026-06-30T00:05:00Z")),
            ("2026-06-30 14:05:00+25:00", "2026-12-31", None),
            ("2026-06-30 13:05 PM", "2026-12-31", None),
            ("2026-06-30 0:05 PM", "2026-12-31", None),
            ("2026-06-30 25:05", "2026-12-31", None),
            ("2026-06-30 14", "2026-12-31", None),
            ("2026-06-30 14:5", "2026-12-31", None),
            ("2026-06-30T", "2026-12-31", None),
            ("1719756300000", "2026-12-31", None),
        ] {
            let dates = Dates::of(example).unwrap();
            let form = Form { dates, zone: zone.clone(), ..Form::default() };
            let found = match instant(text, &form) {
                Some(Value::DateTime(instant)) => Some(instant.to_string()),
                _ => None,
            };
            assert_eq!(found.as_deref(), want, "{text} in {example}");
        }
    }

    #[test]
    fn the_day_of_an_instant_is_the_one_of_the_zone() {
        let form = Form { zone: TimeZone::fixed(Offset::constant(2)), ..Form::default() };
        let read = |text| day_of(text, &form).map(|date| date.to_string());
        assert_eq!(read("2026-06-30T22:30:00Z").as_deref(), Some("2026-07-01"));
        assert_eq!(read("2026-06-30 22:30:00").as_deref(), Some("2026-06-30"));
    }
}
