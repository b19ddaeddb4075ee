//! Lengths of time as people write them, and how they are written here.

use rust_decimal::Decimal;

/// The words for a unit, the one it is written with, and how often it holds the smallest of its scale:
/// seconds, or months.
type Unit = (&'static [&'static str], &'static str, Scale, i64);

const UNITS: [Unit; 8] = [
    (&["s", "sec", "secs", "second", "seconds"], "second", Scale::Time, 1),
    (&["m", "min", "mins", "minute", "minutes"], "minute", Scale::Time, 60),
    (&["h", "hr", "hrs", "hour", "hours"], "hour", Scale::Time, 3_600),
    (&["d", "day", "days"], "day", Scale::Days, 86_400),
    (&["w", "wk", "wks", "week", "weeks"], "week", Scale::Days, 604_800),
    (&["mo", "mos", "month", "months"], "month", Scale::Months, 1),
    (&["quarter", "quarters"], "month", Scale::Months, 3),
    (&["y", "yr", "yrs", "year", "years"], "month", Scale::Months, 12),
];

/// Words for the time in which people work.
const BUSINESS: [&str; 4] = ["business", "working", "work", "office"];

/// The units that a length can be written in, the largest first, with their seconds.
const WRITTEN: [(&str, i64); 4] =
    [("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)];

/// What can be added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Time,
    /// Days, which are no number of hours where only business days count.
    Days,
    Months,
}

/// What to do about a text that is no length of time.
pub(super) fn length_help(text: &str) -> String {
    match meant(text) {
        Some(Meant::Length(length)) => format!("write `{length}`"),
        Some(Meant::TooLong) => "write at most six digits".to_owned(),
        Some(Meant::TooShort) => "write whole minutes: nothing shorter is measured".to_owned(),
        None => {
            "write a whole number and a unit in small letters: `30 minutes`, `4 business hours`, \
                 `5 days`, `2 weeks` or `1 month`"
                .to_owned()
        }
    }
}

enum Meant {
    Length(String),
    TooLong,
    TooShort,
}

fn meant(text: &str) -> Option<Meant> {
    let mut total = Decimal::ZERO;
    let mut seen: Option<(Scale, bool)> = None;
    let mut smallest = "";
    let mut least = i64::MAX;
    let text = text.to_lowercase().replace([',', '+'], " ").replace(" and ", " ");
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let number: Decimal = number.parse().ok()?;
        let tail = tail.trim_start_matches([' ', '-']);
        let next = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (words, tail) = tail.split_at(next);
        let (business, unit) = unit(words.trim())?;
        let (_, name, scale, size) = unit;
        // A business day is no number of hours.
        let scale = if *scale == Scale::Days && !business { Scale::Time } else { *scale };
        if *seen.get_or_insert((scale, business)) != (scale, business) {
            return None;
        }
        total = total.checked_add(number.checked_mul(Decimal::from(*size))?)?;
        if *size < least {
            (least, smallest) = (*size, name);
        }
        rest = tail.trim_start();
    }
    let (scale, business) = seen?;
    if scale == Scale::Months {
        return written(total, "month", business);
    }
    let whole = |(unit, size): &&(&str, i64)| {
        let fits = *unit == smallest || *size <= least.max(60);
        let days = scale == Scale::Time || *size >= 86_400;
        fits && days && (total / Decimal::from(*size)).is_integer()
    };
    match WRITTEN.iter().find(whole) {
        Some((unit, size)) => written(total / Decimal::from(*size), unit, business),
        None if scale == Scale::Time => Some(Meant::TooShort),
        None => None,
    }
}

/// A unit, and whether it is one of business time.
fn unit(words: &str) -> Option<(bool, &'static Unit)> {
    let find = |word: &str| UNITS.iter().find(|(names, ..)| names.contains(&word));
    if let Some(unit) = find(words) {
        return Some((false, unit));
    }
    if matches!(words, "workday" | "workdays" | "weekday" | "weekdays") {
        return Some((true, find("days")?));
    }
    let (first, unit) = words.split_once(' ')?;
    Some((true, find(unit.trim())?)).filter(|_| BUSINESS.contains(&first))
}

fn written(count: Decimal, unit: &str, business: bool) -> Option<Meant> {
    if !count.is_integer() {
        return None;
    }
    if count > Decimal::from(999_999) {
        return Some(Meant::TooLong);
    }
    let business = if business { "business " } else { "" };
    let s = if count == Decimal::ONE { "" } else { "s" };
    Some(Meant::Length(format!("{} {business}{unit}{s}", count.normalize())))
}

#[cfg(test)]
mod tests {
    use super::length_help;

    #[test]
    fn what_was_meant_is_written_as_it_can_be_read() {
        for (text, help) in [
            ("1.5 hours", "write `90 minutes`"),
            ("1 hour 30 minutes", "write `90 minutes`"),
            ("1h30m", "write `90 minutes`"),
            ("1 day and 2 hours", "write `26 hours`"),
            ("4 working hours", "write `4 business hours`"),
            ("2 workdays", "write `2 business days`"),
            ("4 hrs", "write `4 hours`"),
            ("4 Business Hours", "write `4 business hours`"),
            ("1 year", "write `12 months`"),
            ("2 quarters", "write `6 months`"),
            ("1.5 days", "write `36 hours`"),
            ("120 seconds", "write `2 minutes`"),
            ("30 seconds", "write whole minutes: nothing shorter is measured"),
            ("9999999 hours", "write at most six digits"),
        ] {
            assert_eq!(length_help(text), help, "{text}");
        }
        for text in ["1.5 business days", "soon", "1 month 2 days", "4", ""] {
            assert!(length_help(text).starts_with("write a whole number and a unit"), "{text}");
        }
    }
}
