//! Values and sets of values, as they are written in a criterion.

use super::cursor::Cursor;
use super::expr::{Literal, REFERENCE_KINDS, Reference, SetOf, Value};
use super::fault::{advice, shown};
use super::lex::Kind;
use super::phrase::is_value;
use super::print::Quoted;
use super::slip::{is_currency, no_currency};
use crate::source::Span;

/// Words that people write for a field without a value.
pub(super) const EMPTY_WORDS: [&str; 10] = [
    "null",
    "empty",
    "blank",
    "unset",
    "missing",
    "none",
    "nil",
    "unknown",
    "undefined",
    "nothing",
];

/// Words that people write for the as-of instant.
pub(super) const TIME_WORDS: [&str; 4] = ["today", "now", "yesterday", "tomorrow"];

/// Reads one value; `None` means that there is none and that this has been said.
pub(super) fn literal(cursor: &mut Cursor) -> Option<Literal> {
    let span = cursor.span();
    let value = match cursor.kind() {
        Kind::Text(text) => Value::Text(text.clone()),
        Kind::Number(number) => Value::Number(*number),
        Kind::Date(date) => Value::Date(*date),
        Kind::DateTime(instant) => Value::DateTime(*instant),
        Kind::Word if cursor.is_word(0, "true") => Value::Bool(true),
        Kind::Word if cursor.is_word(0, "false") => Value::Bool(false),
        Kind::Word => return unquoted(cursor, false),
        Kind::Broken => return None,
        _ => {
            missing(cursor);
            return None;
        }
    };
    cursor.bump();
    Some(Literal { span, value })
}

/// Reads one value of those that have an order, among which a word can only be a field.
pub(super) fn ordered(cursor: &mut Cursor) -> Option<Literal> {
    let truth = cursor.is_word(0, "true") || cursor.is_word(0, "false");
    if *cursor.kind() == Kind::Word && !truth { unquoted(cursor, true) } else { literal(cursor) }
}

/// Says that a value should stand here.
fn missing(cursor: &mut Cursor) {
    let before = cursor.previous().unwrap_or_default();
    let message = format!("a value is missing after {}", shown(before.of(cursor.text())));
    match cursor.kind() {
        Kind::Op(_) => {
            let both = before.to(cursor.span());
            let words = both.of(cursor.text());
            let joined: String = words.chars().filter(|c| !c.is_whitespace()).collect();
            let message = format!("{} is not an operator", shown(words));
            cursor.fault(both, message, format!("write one operator, perhaps {}", shown(&joined)));
        }
        Kind::LeftBracket => {
            let help = "use `in` before a list of values";
            cursor.fault(cursor.span(), "a list cannot stand here".to_owned(), help);
        }
        _ => cursor.fault(before, message, "write a value, such as 'text', 100 or 2026-01-31"),
    }
}

/// Reads words that should have stood in quotes, and takes them as the text they spell.
fn unquoted(cursor: &mut Cursor, ordered: bool) -> Option<Literal> {
    let first = cursor.span();
    let currency = cursor.word_at(0).is_some_and(is_currency);
    if currency && matches!(cursor.kind_at(1), Kind::Number(_)) {
        let message = format!("{} cannot stand before a number", cursor.shown());
        cursor.bump();
        cursor.fault(first, message, no_currency());
        return literal(cursor);
    }
    let mut last = cursor.bump();
    while *cursor.kind() == Kind::Word && !matches!(cursor.kind_at(1), Kind::Op(_)) {
        last = cursor.bump();
    }
    let span = first.to(last);
    let words = span.of(cursor.text());
    let (help, value) = if TIME_WORDS.iter().any(|word| word.eq_ignore_ascii_case(words)) {
        ("measure from the as-of instant: `days since field < 7`".to_owned(), None)
    } else if words.starts_with("list.") {
        (format!("write {}", shown(&format!("in {words}"))), None)
    } else if ordered || words.contains(['_', '.']) {
        let help = "compare with a value; fields cannot be compared with each other";
        (help.to_owned(), Some(words.to_owned()))
    } else {
        (format!("put quotes around text: {}", Quoted(words)), Some(words.to_owned()))
    };
    cursor.fault(span, format!("{} is not a value", shown(words)), help);
    value.map(|text| Literal { span, value: Value::Text(text) })
}

/// Reads what stands after `in`.
pub(super) fn set(cursor: &mut Cursor) -> Option<SetOf> {
    match cursor.kind() {
        Kind::LeftBracket => values(cursor, &Kind::RightBracket),
        Kind::LeftParen => {
            let message = "a list of values has square brackets".to_owned();
            cursor.fault(cursor.span(), message, "write `in ['a', 'b']`");
            values(cursor, &Kind::RightParen)
        }
        Kind::Word if !cursor.is_word(0, "true") && !cursor.is_word(0, "false") => named(cursor),
        Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_) | Kind::Word => {
            let only = literal(cursor)?;
            let mut span = only.span;
            let mut values = vec![only];
            while *cursor.kind() == Kind::Comma && !cursor.listing && is_value(cursor.kind_at(1)) {
                cursor.bump();
                values.extend(literal(cursor));
                span = span.to(cursor.previous().unwrap_or(span));
            }
            let set = SetOf::Values(values);
            let message = "`in` asks for a list of values".to_owned();
            cursor.fault(span, message, advice(&set.to_string()));
            Some(set)
        }
        Kind::Broken => None,
        _ => {
            let before = cursor.previous().unwrap_or_default();
            let message = format!("a list is missing after {}", shown(before.of(cursor.text())));
            cursor.fault(
                before,
                message,
                "write values in brackets or a list: `in list.countries`",
            );
            None
        }
    }
}

fn named(cursor: &mut Cursor) -> Option<SetOf> {
    let word = cursor.word_at(0)?;
    let span = cursor.bump();
    if let Some(reference) = reference(word, span) {
        return Some(SetOf::List(reference));
    }
    if word.contains('.') {
        let message = format!("{} is not a list", shown(word));
        cursor.fault(span, message, "write values in brackets or a list: `in list.countries`");
        return None;
    }
    let message = format!("{} is neither a list nor values in brackets", shown(word));
    let help =
        format!("write {} for a list, or ['{word}'] for one value", shown(&format!("list.{word}")));
    cursor.fault(span, message, help);
    None
}

/// The reference a name spells, if it is one.
pub(super) fn reference(word: &str, span: Span) -> Option<Reference> {
    let (kind, id) = word.split_once('.')?;
    let known = REFERENCE_KINDS.contains(&kind) && !id.contains('.');
    known.then(|| Reference { kind: kind.to_owned(), id: id.to_owned(), span })
}

/// Reads values between brackets, the opening one included.
fn values(cursor: &mut Cursor, close: &Kind) -> Option<SetOf> {
    let open = cursor.bump();
    let mut values = Vec::new();
    let mut unquoted_before = false;
    loop {
        match cursor.kind() {
            kind if kind == close => break,
            Kind::Comma => {
                cursor.fault(
                    cursor.span(),
                    "a value is missing before `,`".into(),
                    "remove the comma",
                );
                cursor.bump();
                continue;
            }
            Kind::Broken => {
                cursor.bump();
            }
            Kind::Word if unquoted_before => values.extend(cursor.hushed(literal)),
            Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_) | Kind::Word => {
                let faults = cursor.fault_count();
                values.extend(literal(cursor));
                unquoted_before = cursor.fault_count() > faults;
            }
            _ => break,
        }
        separator(cursor, close);
    }
    if !cursor.eat(close) {
        let message = format!("{} is never closed", shown(open.of(cursor.text())));
        let sign = if *close == Kind::RightBracket { "`]`" } else { "`)`" };
        cursor.fault(open, message, format!("add {sign} after the last value"));
        return None;
    }
    Some(SetOf::Values(values))
}

/// Passes the comma between two values, or says that it is missing.
fn separator(cursor: &mut Cursor, close: &Kind) {
    let value_follows = matches!(
        cursor.kind(),
        Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_) | Kind::Word
    );
    if !cursor.eat(&Kind::Comma) && value_follows && cursor.kind() != close {
        let message = format!("a comma is missing before {}", cursor.shown());
        cursor.fault(cursor.span(), message, "put a comma between two values");
    }
}
