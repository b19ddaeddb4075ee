//! One cell: what a field holds by what is written in it.

use super::field::Field;
use super::form::Form;
use super::number::{is_unsure, money, number};
use super::time::{day_of, instant};
use crate::criteria::{FieldKind, Value};
use crate::model::field::truth;

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

/// What a cell of true or false should have been.
pub const TRUTH: &str = "true or false";

/// Reads what is written in a cell of a field.
///
/// Room around it does not count. `true`, `yes` and `1` are true, `false`, `no` and `0` false, in any
/// case, and so are the words that labels give them; several values of a choice are parted by `;`;
/// numbers, days and instants are read in the form that was declared and in no other one, days with
/// the year first in any. Where no form was declared, `1.000` is no whole number and no amount of
/// money: it may be one, or a thousand.
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
        FieldKind::Bool => {
            let labelled = || field.labels.get(text).and_then(|value| truth(value));
            known(truth(text).or_else(labelled).map(Value::Bool), TRUTH)
        }
        FieldKind::Integer => {
            let whole = number(text, form.numbers)
                .filter(|number| number.fract().is_zero() && !is_unsure(text, form.numbers));
            known(whole.map(Value::Number), "a whole number")
        }
        FieldKind::Number => known(number(text, form.numbers).map(Value::Number), "a number"),
        FieldKind::Money => known(
            money(text, form).map(Value::Number),
            "an amount of money in the currency of the model",
        ),
        FieldKind::Date => known(day_of(text, form).map(Value::Date), "a date"),
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
