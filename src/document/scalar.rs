//! Numbers and dates as TOML writes them, as what they mean.

use super::node::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::value::Datetime;

/// A whole number, digits and sign alone; `None` where it is too large.
pub(super) fn integer(digits: &str, radix: u32) -> Option<i64> {
    i64::from_str_radix(digits, radix).ok()
}

/// A number with a fraction or an exponent; `None` where it cannot be held exactly.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// The day or the moment that a text spells as TOML would write it; a moment without a zone is one of
/// UTC, as it is in a file.
pub fn time(text: &str) -> Option<Value> {
    let value = text.parse::<Datetime>().ok().and_then(|moment| when(&moment))?;
    matches!(value, Value::Date(_) | Value::DateTime(_)).then_some(value)
}

/// A day, a moment or a time of day; `None` where the calendar has no such day.
pub(super) fn when(moment: &Datetime) -> Option<Value> {
    let text = moment.to_string();
    match (moment.date, moment.offset) {
        (None, _) => Some(Value::Time(text)),
        (Some(_), _) if moment.time.is_none() => text.parse::<Date>().ok().map(Value::Date),
        (Some(_), Some(_)) => text.parse::<Timestamp>().ok().map(Value::DateTime),
        (Some(_), None) => format!("{text}Z").parse::<Timestamp>().ok().map(Value::DateTime),
    }
}
