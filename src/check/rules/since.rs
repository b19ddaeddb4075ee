//! How long ago a day was, in words.

use jiff::civil::Date;

/// `today`, `1 day ago`, `12 days ago`; none for a day that is still to come.
pub(super) fn ago(day: Date, as_of: Date) -> Option<String> {
    match day.duration_until(as_of).as_hours() / 24 {
        _ if day > as_of => None,
        0 => Some("today".to_owned()),
        1 => Some("1 day ago".to_owned()),
        days => Some(format!("{days} days ago")),
    }
}
