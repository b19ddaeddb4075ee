//! One cell: what a field holds by what is written in it.

use super::field::Field;
use super::form::{Dates, Form};
use crate::criteria::{FieldKind, Value};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Unset,
    /// A value of the field's kind; one of a choice may be undeclared.
    Value(Value),
    /// Something that the field cannot hold; what it should have been, in words.
    Unreadable(&'static str),
}

/// Reads what is written in a cell of a field.
pub fn read_cell(text: &str, field: &Field, form: &Form) -> Cell {
    let text = text.trim();
    if text.is_empty() {
        return Cell::Unset;
    }
    let known = |value: Option<Value>, wanted| value.map_or(Cell::Unreadable(wanted), Cell::Value);
    match field.kind {
        FieldKind::Text | FieldKind::Reference => Cell::Value(Value::Text(text.to_owned())),
        FieldKind::Choice => Cell::Value(Value::Text(declared(text, field))),
        FieldKind::Choices => choices(text, field),
        FieldKind::Bool => known(truth(text).map(Value::Bool), "true or false"),
        FieldKind::Integer => {
            let whole = number(text, form).filter(|number| number.fract().is_zero());
            known(whole.map(Value::Number), "a whole number")
        }
        FieldKind::Number => known(number(text, form).map(Value::Number), "a number"),
        FieldKind::Money => known(money(text, form).map(Value::Number), "an amount of money"),
        FieldKind::Date => known(day(text, form).map(Value::Date), "a date"),
        FieldKind::DateTime => known(instant(text, form), "a date with a time"),
    }
}

/// The declared value a word stands for, or the word.
fn declared(text: &str, field: &Field) -> String {
    field.labels.get(text).map_or(text, String::as_str).to_owned()
}

fn choices(text: &str, field: &Field) -> Cell {
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    let values: Vec<String> = parts.map(|part| declared(part, field)).collect();
    if values.is_empty() { Cell::Unset } else { Cell::Value(Value::Values(values)) }
}

fn truth(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["true", "1", "yes"]) {
        return Some(true);
    }
    is(&["false", "0", "no"]).then_some(false)
}

fn number(text: &str, form: &Form) -> Option<Decimal> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            letter if Some(letter) == form.numbers.group => {}
            letter if letter == char::from(form.numbers.point) => plain.push('.'),
            '0'..='9' | '-' | '+' => plain.push(letter),
            _ => return None,
        }
    }
    Decimal::from_str_exact(&plain).ok()
}

fn money(text: &str, form: &Form) -> Option<Decimal> {
    let mark = |letter: char| letter.is_alphabetic() || "€$£¥ \u{a0}".contains(letter);
    number(text.trim_matches(mark), form)
}

fn day(text: &str, form: &Form) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let format = match form.dates {
        Dates::YearFirst => return None,
        Dates::DayFirstDots => "%d.%m.%Y",
        Dates::DayFirstSlashes => "%d/%m/%Y",
        Dates::MonthFirst => "%m/%d/%Y",
    };
    Date::strptime(format, text).ok()
}

fn instant(text: &str, form: &Form) -> Option<Value> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(Value::DateTime(instant));
    }
    if let Some(date) = day(text, form) {
        return Some(Value::Date(date));
    }
    let written = text.parse::<DateTime>().ok()?;
    let zoned = form.zone.to_ambiguous_zoned(written).compatible().ok()?;
    Some(Value::DateTime(zoned.timestamp()))
}
