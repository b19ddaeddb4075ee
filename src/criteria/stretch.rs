//! Stretches of time as people say them, and the days that a criterion counts instead.

use super::cursor::Cursor;
use super::expr::{Comparison, DaysTest, Direction, FieldPath, Literal, Value};
use super::fault::{advice, shown};
use super::lex::Kind;
use super::value::literal;
use crate::source::Span;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Which way somebody looks from the as-of instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Past,
    Future,
}

/// Words for a stretch of time, and how many days it has where that is sure.
const UNITS: [(&[&str], Option<i64>); 6] = [
    (&["day", "days", "d"], Some(1)),
    (&["week", "weeks"], Some(7)),
    (&["hour", "hours", "minute", "minutes", "second", "seconds"], None),
    (&["month", "months", "quarter", "quarters"], None),
    (&["year", "years"], None),
    (&["workday", "workdays", "weekday", "weekdays"], None),
];

/// Words before a unit that make it one of working time.
const WORKING: [&str; 2] = ["business", "working"];

/// What to do about a stretch that is no number of days.
const COUNTED: &str = "criteria count whole days of the calendar: write a number of them";

/// A unit at a place: how many words it takes, and its days.
#[derive(Clone, Copy)]
struct UnitHere {
    words: usize,
    days: Option<i64>,
}

/// Whether a word names a stretch of time.
pub(super) fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|(words, _)| words.iter().any(|unit| unit.eq_ignore_ascii_case(word)))
}

fn unit(cursor: &Cursor, ahead: usize) -> Option<UnitHere> {
    let working = WORKING.iter().any(|word| cursor.is_word(ahead, word));
    let word = cursor.word_at(ahead + usize::from(working))?;
    let (_, days) =
        UNITS.iter().find(|(words, _)| words.iter().any(|unit| unit.eq_ignore_ascii_case(word)))?;
    Some(UnitHere { words: 1 + usize::from(working), days: days.filter(|_| !working) })
}

/// Whether the words ahead name a stretch of time.
pub(super) fn begins_unit(cursor: &Cursor, ahead: usize) -> bool {
    unit(cursor, ahead).is_some()
}

/// A number of days, of a number of units.
fn days(count: &Literal, unit: UnitHere) -> Option<i64> {
    let Value::Number(number) = count.value else { return None };
    let days = number.checked_mul(Decimal::from(unit.days?))?;
    if days.is_integer() { days.to_i64() } else { None }
}

/// What to write for a number with a unit behind a comparison, as in `less than 7 days ago`; none
/// where no unit follows.
pub(super) fn measured(
    cursor: &mut Cursor,
    field: &FieldPath,
    op: Comparison,
    count: &Literal,
    side: Option<Side>,
    negated: bool,
) -> Option<String> {
    let unit = unit(cursor, 0).filter(|_| matches!(count.value, Value::Number(_)))?;
    for _ in 0..unit.words {
        cursor.bump();
    }
    let said = said_side(cursor);
    let not = |test: String| if negated { format!("not ({test})") } else { test };
    let side = said.or(side);
    let Some(days) = days(count, unit) else {
        let which = if side == Some(Side::Future) { "until" } else { "since" };
        return Some(format!(
            "{COUNTED}, as in {}",
            shown(&format!("days {which} {field} {op} 30"))
        ));
    };
    let past = || not(counted("days since", field, op, days));
    let future = || not(counted("days until", field, op, days));
    Some(match side {
        Some(Side::Past) => advice(&past()),
        Some(Side::Future) => advice(&future()),
        None => format!("measure time with {} or {}", shown(&past()), shown(&future())),
    })
}

/// A number of days behind or ahead; what lies on the other side is not within it.
fn counted(direction: &str, field: &FieldPath, op: Comparison, days: i64) -> String {
    match op {
        Comparison::Less if days > 0 => format!("{direction} {field} between 0 and {}", days - 1),
        Comparison::LessOrEqual if days >= 0 => format!("{direction} {field} between 0 and {days}"),
        _ => format!("{direction} {field} {op} {days}"),
    }
}

/// Reads `ago`, `from now` and the like.
fn said_side(cursor: &mut Cursor) -> Option<Side> {
    let words: [(&[&str], Side); 9] = [
        (&["ago"], Side::Past),
        (&["old"], Side::Past),
        (&["back"], Side::Past),
        (&["in", "the", "past"], Side::Past),
        (&["from", "now"], Side::Future),
        (&["from", "today"], Side::Future),
        (&["ahead"], Side::Future),
        (&["away"], Side::Future),
        (&["in", "the", "future"], Side::Future),
    ];
    let (words, side) = words.iter().find(|(words, _)| {
        words.iter().enumerate().all(|(ahead, word)| cursor.is_word(ahead, word))
    })?;
    for _ in *words {
        cursor.bump();
    }
    Some(*side)
}

/// What to write for `in the last 7 days`.
pub(super) fn window(
    cursor: &mut Cursor,
    field: &FieldPath,
    side: Side,
    negated: bool,
) -> Option<String> {
    if !matches!(cursor.kind(), Kind::Number(_)) {
        cursor.skip();
        return Some(format!("{COUNTED}, as in {}", shown(&format!("days since {field} < 30"))));
    }
    let count = literal(cursor)?;
    let op = match side {
        Side::Past => Comparison::Less,
        Side::Future => Comparison::LessOrEqual,
    };
    if unit(cursor, 0).is_some() {
        return measured(cursor, field, op, &count, Some(side), negated);
    }
    None
}

/// `weeks since` and its like, where the language knows only `days`.
pub(super) fn other_unit(cursor: &Cursor) -> Option<usize> {
    let unit = unit(cursor, 0)?;
    let follows = ["since", "until"].iter().any(|word| cursor.is_word(unit.words, word));
    (follows && *cursor.kind_at(unit.words + 1) == Kind::Word).then_some(unit.words)
}

/// What to write for `weeks since f > 2`, after it was read as a number of days.
pub(super) fn converted(
    cursor: &Cursor,
    words: Span,
    direction: Direction,
    field: &FieldPath,
    test: Option<DaysTest>,
) -> String {
    let text = words.of(cursor.text());
    let unit = text.split_whitespace().next_back().unwrap_or_default();
    let factor = UNITS
        .iter()
        .find(|(names, _)| names.iter().any(|name| name.eq_ignore_ascii_case(unit)))
        .and_then(|(_, days)| *days)
        .filter(|_| !text.contains(char::is_whitespace));
    let times = |days: i64| days.checked_mul(factor?);
    let test = match test {
        Some(DaysTest::Compare { op, days }) => times(days).map(|days| format!("{op} {days}")),
        Some(DaysTest::Between { low, high }) => match (times(low), times(high)) {
            (Some(low), Some(high)) => Some(format!("between {low} and {high}")),
            _ => None,
        },
        None => None,
    };
    match test {
        Some(test) => advice(&format!("{direction} {field} {test}")),
        None => format!("{COUNTED}, as in {}", shown(&format!("{direction} {field} > 30"))),
    }
}
