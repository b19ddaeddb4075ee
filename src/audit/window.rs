//! The last days before an end: of a period, and of every quarter within it.

use super::entry::{Entry, Standing};
use super::report::{Window, WindowChange};
use super::steps::day_of;
use jiff::Span;
use jiff::civil::Date;

/// The last day of the calendar quarter that a day lies in.
pub fn quarter_end(day: Date) -> Date {
    let month = (day.month() + 2) / 3 * 3;
    let first = Date::new(day.year(), month, 1).unwrap_or(day);
    first.last_of_month()
}

/// The ends of the calendar quarters from one day to another, both included.
pub fn quarter_ends(from: Date, to: Date) -> Vec<Date> {
    let mut ends = Vec::new();
    let mut end = quarter_end(from);
    while end <= to {
        ends.push(end);
        let Ok(next) = end.tomorrow() else { break };
        end = quarter_end(next);
    }
    ends
}

/// The changes that somebody wrote within so many days before an end; `to` is the last day of the
/// period.
pub(super) fn windows(register: &[Entry], to: Date, days: u32) -> Vec<Window> {
    let Some(oldest) = register.last() else { return Vec::new() };
    let mut ends: Vec<(Date, &str)> = quarter_ends(day_of(&oldest.record_time), to)
        .into_iter()
        .map(|end| (end, "quarter"))
        .collect();
    if ends.last().is_none_or(|(end, _)| *end != to) {
        ends.push((to, "period"));
    }
    let counts = |entry: &&Entry| entry.direct && entry.standing != Standing::Adopted;
    let counted = register.iter().rev().filter(counts);
    let dated: Vec<(Date, &Entry)> =
        counted.map(|entry| (day_of(&entry.record_time), entry)).collect();
    let windows = ends.into_iter().map(|(to, end_of)| window(&dated, to, end_of, days));
    windows.filter(|window| !window.changes.is_empty()).collect()
}

/// The changes within so many days before an end, of all with their days, oldest first.
fn window(dated: &[(Date, &Entry)], to: Date, end_of: &str, days: u32) -> Window {
    let before = i64::from(days).saturating_sub(1).max(0);
    let before = Span::new().try_days(before).ok().and_then(|days| to.checked_sub(days).ok());
    let from = before.unwrap_or(Date::MIN);
    let within = |(day, _): &&(Date, &Entry)| from <= *day && *day <= to;
    let change = |(_, entry): &(Date, &Entry)| WindowChange {
        commit: entry.commit.clone(),
        fingerprint: entry.fingerprint.clone(),
    };
    Window {
        from: from.to_string(),
        to: to.to_string(),
        end_of: end_of.to_owned(),
        changes: dated.iter().filter(within).map(change).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn quarters_end_with_their_last_month() {
        assert_eq!(quarter_end(date(2026, 1, 1)), date(2026, 3, 31));
        assert_eq!(quarter_end(date(2026, 6, 30)), date(2026, 6, 30));
        assert_eq!(quarter_end(date(2026, 7, 1)), date(2026, 9, 30));
        assert_eq!(quarter_end(date(2024, 12, 5)), date(2024, 12, 31));
        let ends = quarter_ends(date(2025, 12, 31), date(2026, 6, 29));
        assert_eq!(ends, [date(2025, 12, 31), date(2026, 3, 31)]);
        assert_eq!(quarter_ends(date(2026, 4, 1), date(2026, 4, 2)), []);
    }
}
