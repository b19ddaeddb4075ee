//! Small words that several pages share: counts, dates.

use crate::git::CommitTime;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// `1 change`, `2 changes`, `no change`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// `1 row`, `1,234 rows`.
pub fn counted(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", thousands(number)) }
}

/// `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `a`, `a and b`, `a, b and c`.
pub fn list_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// A word as a shell takes it: in quotes where it would be taken apart or expanded.
pub fn shell_word(word: &str) -> String {
    // Where folders are parted by `\`, shells take it as it is.
    let parts = |c: char| c == '\\' && std::path::is_separator(c);
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@".contains(c) || parts(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A commit's time as its committer's clock showed it: `2026-06-30 14:05 +0200`.
pub fn when(time: CommitTime) -> String {
    let Ok(timestamp) = Timestamp::from_second(time.seconds) else { return String::new() };
    let offset = Offset::from_seconds(time.offset_minutes.saturating_mul(60));
    let zone = TimeZone::fixed(offset.unwrap_or(Offset::UTC));
    timestamp.to_zoned(zone).strftime("%Y-%m-%d %H:%M %z").to_string()
}

/// An instant in UTC, as JSON carries it: `2026-06-30T12:05:00Z`.
pub fn instant(time: CommitTime) -> String {
    Timestamp::from_second(time.seconds).map(|t| t.to_string()).unwrap_or_default()
}
