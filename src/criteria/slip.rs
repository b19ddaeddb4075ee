//! Slips that take several words: comparisons in words, units, values without their field.

use super::cursor::Cursor;
use super::expr::{Atom, Comparison, FieldPath, Literal, Node, SetOf, Test, Value};
use super::fault::shown;
use super::lex::Kind;
use super::print::Quoted;
use super::value::literal;
use crate::source::Span;

/// Comparisons in words, longer ones first.
const SPOKEN: [(&[&str], Comparison); 21] = [
    (&["greater", "than", "or", "equal", "to"], Comparison::GreaterOrEqual),
    (&["less", "than", "or", "equal", "to"], Comparison::LessOrEqual),
    (&["greater", "or", "equal", "to"], Comparison::GreaterOrEqual),
    (&["less", "or", "equal", "to"], Comparison::LessOrEqual),
    (&["greater", "than"], Comparison::Greater),
    (&["more", "than"], Comparison::Greater),
    (&["higher", "than"], Comparison::Greater),
    (&["larger", "than"], Comparison::Greater),
    (&["bigger", "than"], Comparison::Greater),
    (&["less", "than"], Comparison::Less),
    (&["fewer", "than"], Comparison::Less),
    (&["lower", "than"], Comparison::Less),
    (&["smaller", "than"], Comparison::Less),
    (&["at", "least"], Comparison::GreaterOrEqual),
    (&["at", "most"], Comparison::LessOrEqual),
    (&["equal", "to"], Comparison::Equal),
    (&["above"], Comparison::Greater),
    (&["over"], Comparison::Greater),
    (&["after"], Comparison::Greater),
    (&["below"], Comparison::Less),
    (&["under"], Comparison::Less),
];

/// Words for a stretch of time.
const TIME_UNITS: [&str; 8] =
    ["days", "day", "weeks", "week", "months", "month", "hours", "minutes"];

/// Names of currencies that are not written in capitals.
const CURRENCIES: [&str; 8] = ["eur", "usd", "gbp", "chf", "euro", "euros", "dollar", "dollars"];

/// The comparison that the words here spell and how many words it takes; a value has to follow.
fn spoken(cursor: &Cursor) -> Option<(Comparison, usize)> {
    let (words, op) = SPOKEN.iter().find(|(words, _)| {
        words.iter().enumerate().all(|(ahead, word)| match *word {
            "or" => *cursor.kind_at(ahead) == Kind::Or,
            word => cursor.is_word(ahead, word),
        })
    })?;
    let counted = cursor.is_word(0, "at") && cursor.is_word(words.len() + 1, "of");
    (is_value(cursor.kind_at(words.len())) && !counted).then_some((*op, words.len()))
}

/// Reads `greater than 5`, says how it is written, and takes it for that.
pub(super) fn spoken_test(
    cursor: &mut Cursor,
    field: &FieldPath,
    start: Span,
    negated: bool,
) -> Option<Test> {
    let (op, words) = spoken(cursor)?;
    let mut end = start;
    for _ in 0..words {
        end = cursor.bump();
    }
    let value = literal(cursor)?;
    let span = start.to(end);
    let message = format!("{} is not an operator", shown(span.of(cursor.text())));
    cursor.fault(span, message, format!("write {}", shown(&sentence(field, op, &value, negated))));
    Some(Test::Compare { op, value })
}

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
    cursor.fault(span, message, format!("write {}", shown(&sentence(field, op, &value, true))));
    Some(Test::Compare { op, value })
}

/// A comparison, or its opposite, as it is written.
fn sentence(field: &FieldPath, op: Comparison, value: &Literal, negated: bool) -> String {
    match (op, negated) {
        (op, false) => format!("{field} {op} {value}"),
        (Comparison::Equal, true) => format!("{field} != {value}"),
        (Comparison::NotEqual, true) => format!("{field} = {value}"),
        (op, true) => format!("not ({field} {op} {value})"),
    }
}

/// Whether a token is a value by itself.
pub(super) fn is_value(kind: &Kind) -> bool {
    matches!(kind, Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_))
}

/// Whether a word names a currency.
pub(super) fn is_currency(word: &str) -> bool {
    let code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    code || CURRENCIES.iter().any(|currency| currency.eq_ignore_ascii_case(word))
}

/// Names a function call, which no condition may begin with.
pub(super) fn function(cursor: &mut Cursor) -> bool {
    let span = cursor.span();
    let call = *cursor.kind_at(1) == Kind::LeftParen && cursor.span_at(1).start == span.end;
    if call {
        let message = format!("{} is a function, and there are no functions", cursor.shown());
        cursor.fault(span, message, "compare a field with a value, as in `employees >= 200`");
    }
    call
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
    let time = TIME_UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word));
    let shown_word = shown(word);
    let (message, help) = if time && matches!(atom.test, Test::Days { .. }) {
        let help = if word.to_ascii_lowercase().starts_with("day") {
            format!("leave {shown_word} out")
        } else {
            "write the number of days".to_owned()
        };
        (format!("{shown_word} follows a number of days"), help)
    } else if time {
        let help = "measure time with `days since field` or `days until field`".to_owned();
        (format!("{shown_word} cannot follow a number"), help)
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
        format!("write {}", shown(&format!("{field} {operator} {set}")))
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
