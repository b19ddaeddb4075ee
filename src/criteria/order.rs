//! How two values compare.

use super::expr::{Comparison, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Whether a record's value is the one a criterion names.
pub(super) fn equal(actual: &Value, named: &Value, fold_case: bool) -> bool {
    match (actual, named) {
        (Value::Text(actual), Value::Text(named)) => equal_text(actual, named, fold_case),
        (Value::Bool(actual), Value::Bool(named)) => actual == named,
        _ => order(actual, named) == Some(Ordering::Equal),
    }
}

/// Whether two texts are the same, if need be without regard to case.
pub(super) fn equal_text(actual: &str, named: &str, fold_case: bool) -> bool {
    if !fold_case || actual == named {
        return actual == named;
    }
    if actual.is_ascii() && named.is_ascii() {
        return actual.eq_ignore_ascii_case(named);
    }
    lower_case(actual) == lower_case(named)
}

/// A text in lower case, which most are already: what compares without regard to case. The sigma that ends
/// a Greek word is the letter that it is elsewhere, so that a part of a text compares as it does within it.
pub fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    let lower = text.to_lowercase();
    Cow::Owned(if lower.contains(LAST_SIGMA) { lower.replace(LAST_SIGMA, SIGMA) } else { lower })
}

/// The small sigma as it is written at the end of a word.
pub const LAST_SIGMA: &str = "ς";
/// The small sigma as it is written elsewhere.
pub const SIGMA: &str = "σ";

/// The order of two numbers, days or instants; a day stands for its first instant in UTC.
pub(super) fn order(actual: &Value, named: &Value) -> Option<Ordering> {
    match (actual, named) {
        (Value::Number(actual), Value::Number(named)) => Some(actual.cmp(named)),
        (Value::Date(actual), Value::Date(named)) => Some(actual.cmp(named)),
        (Value::DateTime(actual), Value::DateTime(named)) => Some(actual.cmp(named)),
        (Value::DateTime(actual), Value::Date(named)) => Some(actual.cmp(&midnight(*named))),
        _ => None,
    }
}

/// The first instant of a day in UTC.
pub fn midnight(date: Date) -> Timestamp {
    // The calendar reaches a day further than the instants do, on both ends.
    let beyond = if date.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
    TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).unwrap_or(beyond)
}

impl Comparison {
    /// Whether two values in this order satisfy the operator.
    pub(super) fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
