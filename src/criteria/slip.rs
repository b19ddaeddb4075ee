//! Slips that take several words: comparisons in words, units, values without their field.

use super::cursor::Cursor;
use super::expr::{Atom, Comparison, FieldPath, Literal, Node, SetOf, Test, Value};
use super::fault::{advice, shown};
use super::lex::Kind;
use super::phrase::is_value;
use super::print::Quoted;
use super::stretch::{is_unit, measured};
use super::value::literal;
use crate::source::Span;

/// Names of currencies that are not written in capitals.
const CURRENCIES: [&str; 8] = ["eur", "usd", "gbp", "chf", "euro", "euros", "dollar", "dollars"];

/// Reads what follows `not` when it is a comparison, as in `not = 'NL'` and `not 'NL'`.
pub(super) fn not_compared(cursor: &mut Cursor, field: &FieldPath, not: Span) -> Option<Test> {
    let op = match cursor.kind() {
        Kind::Op(op) => *op,
        kind if is_value(kind) => Comparison::Equal,
        _ => return None,
    };
    let mut span = not;
    if matches!(cursor.kind(), Kind::Op(_)) {
        span = not.to(cursor.bump());
    }
    let value = literal(cursor)?;
    let message = format!("{} is not an operator", shown(span.of(cursor.text())));
    cursor.fault(span, message, advice(&sentence(field, op, &value, true)));
    Some(Test::Compare { op, value })
}

/// A comparison, or its opposite, as it is written.
pub(super) fn sentence(
    field: &FieldPath,
    op: Comparison,
    value: &Literal,
    negated: bool,
) -> String {
    match (op, negated) {
        (op, false) => format!("{field} {op} {value}"),
        (Comparison::Equal, true) => format!("{field} != {value}"),
        (Comparison::NotEqual, true) => format!("{field} = {value}"),
        (op, true) => format!("not ({field} {op} {value})"),
    }
}

/// Whether a word names a currency.
pub(super) fn is_currency(word: &str) -> bool {
    let code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    code || CURRENCIES.iter().any(|currency| currency.eq_ignore_ascii_case(word))
}

/// Names what is left of a condition after its value: a unit, or further values.
pub(super) fn leftover(cursor: &mut Cursor, node: &Node) {
    let Node::Atom(atom) = node else { return };
    unit(cursor, atom);
    values(cursor, atom);
}

fn unit(cursor: &mut Cursor, atom: &Atom) {
    let Some(word) = cursor.word_at(0) else { return };
    let number = cursor.previous().is_some_and(|span| {
        span.of(cursor.text()).starts_with(|c: char| c.is_ascii_digit() || c == '-')
    });
    let condition = matches!(cursor.kind_at(1), Kind::Op(_) | Kind::Not | Kind::Word);
    if !number || condition {
        return;
    }
    let time = is_unit(word);
    let shown_word = shown(word);
    let (message, help) = if time && matches!(atom.test, Test::Days { .. }) {
        let help = if word.to_ascii_lowercase().starts_with("day") {
            format!("leave {shown_word} out")
        } else {
            "write the number of days".to_owned()
        };
        (format!("{shown_word} follows a number of days"), help)
    } else if let (true, Test::Compare { op, value }) = (time, &atom.test) {
        let (message, span) = (format!("{shown_word} cannot follow a number"), cursor.span());
        if let Some(help) = measured(cursor, &atom.field, *op, value, None, false) {
            cursor.fault(span, message, help);
        }
        return;
    } else if is_currency(word) {
        (format!("{shown_word} cannot follow a number"), no_currency().to_owned())
    } else {
        return;
    };
    let span = cursor.bump();
    cursor.fault(span, message, help);
}

/// What to do about a currency.
pub(super) fn no_currency() -> &'static str {
    "leave the currency out; money takes the model's currency"
}

/// Names values that were joined as if they were conditions: `country = 'NL' or 'AT'`.
fn values(cursor: &mut Cursor, atom: &Atom) {
    let (Test::Compare { value: first, .. }
    | Test::Contains(first)
    | Test::StartsWith(first)
    | Test::EndsWith(first)) = &atom.test
    else {
        return;
    };
    let mut all = vec![first.clone()];
    while matches!(cursor.kind(), Kind::Or | Kind::And)
        && is_value(cursor.kind_at(1))
        && !matches!(cursor.kind_at(2), Kind::Op(_))
    {
        cursor.bump();
        all.extend(literal(cursor));
    }
    let Some(second) = all.get(1) else { return };
    let field = &atom.field;
    let equality = match &atom.test {
        Test::Compare { op: Comparison::Equal, .. } => Some("in"),
        Test::Compare { op: Comparison::NotEqual, .. } => Some("not in"),
        _ => None,
    };
    let help = if let Some(operator) = equality {
        let set = SetOf::Values(all.clone());
        advice(&format!("{field} {operator} {set}"))
    } else {
        let operator = Span::new(field.span.end, first.span.start).of(cursor.text()).trim();
        format!("name the field again: {}", shown(&format!("{field} {operator} {second}")))
    };
    let message = format!("{} has no field before it", shown(&second.to_string()));
    cursor.fault(second.span, message, help);
}

/// How a pattern of `like` is written, where a text has one.
pub(super) fn pattern(value: &Value) -> Option<String> {
    let Value::Text(text) = value else { return None };
    let operator = match (text.starts_with('%'), text.ends_with('%')) {
        (true, true) => "contains",
        (true, false) => "ends with",
        (false, true) => "starts with",
        (false, false) => return None,
    };
    Some(format!("{operator} {}", Quoted(text.trim_matches('%'))))
}
