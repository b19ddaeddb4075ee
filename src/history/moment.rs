//! Dates people write, as instants of record time.

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A calendar date written `2026-06-30`, if it is one.
pub fn parse_date(text: &str) -> Option<Date> {
    let looks_like_one = text.len() == 10 && text.bytes().filter(|b| *b == b'-').count() == 2;
    looks_like_one.then(|| text.parse().ok()).flatten()
}

/// The last second of a day, in seconds since 1970-01-01 UTC.
///
/// Record time is read in UTC, so that everybody gets the same answer.
pub fn day_end(date: Date) -> i64 {
    let next = date.tomorrow().unwrap_or(date);
    let start = next.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_second());
    start.map_or(i64::MAX, |seconds| seconds - 1)
}
