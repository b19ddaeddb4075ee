//! One condition: a field and its test, or a reference; common slips are named and understood.

use super::cursor::Cursor;
use super::expr::{
    Atom, Comparison, DaysTest, Direction, Expr, FieldPath, Literal, Node, REFERENCE_KINDS, SetOf,
    Test, Value, is_reserved,
};
use super::fault::{Fault, FaultCode, advice, nearest, shown};
use super::lex::Kind;
use super::many::{Called, call};
use super::numeral::without_groups;
use super::phrase::{Asked, phrase, phrased};
use super::print::Quoted;
use super::slip::{leftover, not_compared};
use super::stretch::{converted, other_unit};
use super::value::{EMPTY_WORDS, TIME_WORDS, literal, ordered, reference, set};
use crate::source::Span;
use rust_decimal::prelude::ToPrimitive;

/// The operators that are words, for did-you-mean.
const OPERATORS: [&str; 6] = ["in", "is", "between", "contains", "starts", "ends"];

/// Reads one condition; on a fault it goes on to where the next one may begin.
pub(super) fn condition(cursor: &mut Cursor) -> Option<Expr> {
    let (start, faults) = (cursor.span(), cursor.fault_count());
    let node = match cursor.kind() {
        Kind::Word => worded(cursor),
        Kind::Broken => None,
        _ => {
            missing(cursor);
            None
        }
    };
    match &node {
        Some(node) => leftover(cursor, node),
        None => cursor.skip(),
    }
    let span = start.to(cursor.previous().unwrap_or(start));
    let doubtful = cursor.fault_count() > faults || cursor.blames_value(span, faults);
    let node = node.map(|node| if doubtful { without_test(node) } else { node });
    node.map(|node| Expr { span, node })
}

/// A condition of which only the field is still held against the model, since the test is at
/// fault already; a named list stays.
fn without_test(node: Node) -> Node {
    match node {
        Node::Atom(Atom { test: Test::In { set: SetOf::List(_), .. }, .. }) => node,
        Node::Atom(Atom { field, .. }) => {
            Node::Atom(Atom { field, test: Test::IsSet { negated: false } })
        }
        Node::Not(inner) => {
            let node = without_test(inner.node);
            Node::Not(Box::new(Expr { span: inner.span, node }))
        }
        node => node,
    }
}

/// Says that a condition should begin here.
fn missing(cursor: &mut Cursor) {
    let (span, shown_here) = (cursor.span(), cursor.shown());
    let example = "write a condition, for example `employees >= 200`";
    let message = match cursor.kind() {
        Kind::End => {
            let before = cursor.previous().unwrap_or_default();
            let words = shown(before.of(cursor.text()));
            let help = format!("remove {words} or write the condition that follows it");
            return cursor.fault(before, format!("nothing follows {words}"), help);
        }
        Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_) => {
            let help = turned_round(cursor).unwrap_or_else(|| example.to_owned());
            let message = format!("a condition starts with a field, not with {shown_here}");
            return cursor.fault(span, message, help);
        }
        Kind::Op(_) | Kind::LeftBracket => format!("a field is missing before {shown_here}"),
        _ => format!("a condition is missing before {shown_here}"),
    };
    cursor.fault(span, message, example);
}

/// How `200 <= employees` is written.
fn turned_round(cursor: &Cursor) -> Option<String> {
    let Kind::Op(op) = cursor.kind_at(1) else { return None };
    let field = cursor.word_at(2)?;
    let value = cursor.span().of(cursor.text());
    Some(format!("write the field first: {}", shown(&format!("{field} {} {value}", op.mirrored()))))
}

fn worded(cursor: &mut Cursor) -> Option<Node> {
    if cursor.is_word(0, "days") && (cursor.is_word(1, "since") || cursor.is_word(1, "until")) {
        cursor.bump();
        return days(cursor);
    }
    if let Some(words) = other_unit(cursor) {
        return other_days(cursor, words);
    }
    let span = cursor.span();
    if let Some(called) = call(cursor) {
        return match called {
            Called::Condition(node) => node,
            Called::Field(field) => asked_of(cursor, field, span),
        };
    }
    let word = cursor.word_at(0)?;
    if is_reserved(word) {
        let message = if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") {
            format!("a condition starts with a field, not with {}", shown(word))
        } else {
            format!("a field is missing before {}", shown(word))
        };
        cursor.fault(span, message, "write a condition, for example `employees >= 200`");
        return None;
    }
    if let Some(reference) = reference(word, span) {
        cursor.bump();
        return after_reference(cursor, word, span).map(|()| Node::Reference(reference));
    }
    let field = field(cursor)?;
    asked_of(cursor, field, span)
}

/// Reads what is asked of a field that was read, in a condition that begins at `span`.
fn asked_of(cursor: &mut Cursor, field: FieldPath, span: Span) -> Option<Node> {
    let (test, negated) = test(cursor, &field)?;
    let atom = Node::Atom(Atom { field, test });
    if !negated {
        return Some(atom);
    }
    let span = span.to(cursor.previous().unwrap_or(span));
    Some(Node::Not(Box::new(Expr { span, node: atom })))
}

/// Refuses an operator after a reference, which is a whole condition already.
fn after_reference(cursor: &mut Cursor, word: &str, span: Span) -> Option<()> {
    let operator = matches!(cursor.kind(), Kind::Op(_) | Kind::Not)
        || OPERATORS.iter().any(|operator| cursor.is_word(0, operator));
    if !operator {
        return Some(());
    }
    let message = format!("{} is a whole condition and takes no operator", shown(word));
    let help = format!("write {} alone, or name a field instead", shown(word));
    cursor.report(Fault::new(FaultCode::WrongKind, span, message).help(help));
    None
}

fn field(cursor: &mut Cursor) -> Option<FieldPath> {
    let word = cursor.word_at(0)?;
    let span = cursor.bump();
    let parts: Vec<String> = word.split('.').map(str::to_owned).collect();
    let kind = parts.first().filter(|first| REFERENCE_KINDS.contains(&first.as_str()));
    if let (Some(kind), true) = (kind, parts.len() > 1) {
        let message = format!("{} has too many parts for a reference", shown(word));
        cursor.fault(span, message, format!("write `{kind}.` and one id"));
        return None;
    }
    Some(FieldPath { parts, span })
}

/// Reads what is asked of a field.
fn test(cursor: &mut Cursor, field: &FieldPath) -> Option<Asked> {
    if matches!(cursor.kind(), Kind::Word | Kind::Not)
        && let Some(said) = phrase(cursor)
    {
        return phrased(cursor, field, said);
    }
    match cursor.kind() {
        Kind::Op(op) => {
            let op = *op;
            cursor.bump();
            compare(cursor, field, op)
        }
        Kind::Not => negated(cursor, field),
        Kind::Word => worded_test(cursor, field),
        _ => Some((Test::IsTrue, false)),
    }
}

fn compare(cursor: &mut Cursor, field: &FieldPath, op: Comparison) -> Option<Asked> {
    if *cursor.kind() == Kind::LeftBracket && !op.is_ordering() {
        let negated = op == Comparison::NotEqual;
        let operator = if negated { "not in" } else { "in" };
        let sign = cursor.previous().unwrap_or_default();
        let message = format!("`{op}` compares with one value, not with a list");
        cursor.fault(sign, message, format!("write {}", shown(&format!("{field} {operator} […]"))));
        return set(cursor).map(|set| (Test::In { set, negated }, false));
    }
    if !op.is_ordering() && is_empty_word(cursor) {
        return Some(unset(cursor, field, op == Comparison::Equal));
    }
    let value = if op.is_ordering() { ordered(cursor)? } else { literal(cursor)? };
    thousands(cursor, &value);
    Some((Test::Compare { op, value }, false))
}

/// Names a comma inside a number, where no list could have one.
fn thousands(cursor: &mut Cursor, value: &Literal) {
    let comma = *cursor.kind() == Kind::Comma && matches!(cursor.kind_at(1), Kind::Number(_));
    if cursor.listing || !comma || !matches!(value.value, Value::Number(_)) {
        return;
    }
    let mut span = value.span;
    while *cursor.kind() == Kind::Comma && matches!(cursor.kind_at(1), Kind::Number(_)) {
        cursor.bump();
        span = span.to(cursor.bump());
    }
    let words = span.of(cursor.text());
    let help = match without_groups(words) {
        Some(number) => advice(&number),
        None => "write a number such as 1_500.50".to_owned(),
    };
    cursor.fault(span, format!("{} has a comma between its digits", shown(words)), help);
}

fn is_empty_word(cursor: &Cursor) -> bool {
    cursor.lower().is_some_and(|word| EMPTY_WORDS.contains(&word.as_str()))
}

/// Takes a word such as `null` for what it means.
fn unset(cursor: &mut Cursor, field: &FieldPath, negated: bool) -> Asked {
    let message = format!("{} is not a value", cursor.shown());
    let words = if negated { "is not set" } else { "is set" };
    let span = cursor.bump();
    cursor.fault(span, message, format!("write {}", shown(&format!("{field} {words}"))));
    (Test::IsSet { negated }, false)
}

/// Reads `not in`, and names other operators after `not`.
fn negated(cursor: &mut Cursor, field: &FieldPath) -> Option<Asked> {
    let not = cursor.bump();
    if cursor.eat_word("in") {
        return set(cursor).map(|set| (Test::In { set, negated: true }, false));
    }
    let faults = cursor.fault_count();
    if let Some(test) = not_compared(cursor, field, not) {
        return Some((test, true));
    }
    if cursor.fault_count() > faults {
        return None;
    }
    if *cursor.kind() != Kind::Word || is_reserved_start(cursor) {
        let message = format!("expected `in` after {}", shown(not.of(cursor.text())));
        cursor.fault(not, message, format!("write {}", shown(&format!("not {field}"))));
        return None;
    }
    let start = cursor.span();
    let (test, inner) = test(cursor, field)?;
    let said = start.to(cursor.previous().unwrap_or(start)).of(cursor.text());
    if cursor.fault_count() > faults {
        return Some((test, !inner));
    }
    let help = format!("write {}", shown(&format!("not ({field} {said})")));
    cursor.fault(not, "`not` stands before a whole condition".to_owned(), help);
    Some((test, !inner))
}

fn is_reserved_start(cursor: &Cursor) -> bool {
    ["true", "false"].iter().any(|word| cursor.is_word(0, word))
}

fn worded_test(cursor: &mut Cursor, field: &FieldPath) -> Option<Asked> {
    match cursor.lower()?.as_str() {
        "is" => is(cursor, field),
        "in" => {
            cursor.bump();
            set(cursor).map(|set| (Test::In { set, negated: false }, false))
        }
        "between" => {
            cursor.bump();
            let (low, high) = bounds(cursor)?;
            Some((Test::Between { low, high }, false))
        }
        "contains" => {
            cursor.bump();
            literal(cursor).map(|value| (Test::Contains(value), false))
        }
        "starts" if cursor.is_word(1, "with") => with(cursor, Test::StartsWith),
        "ends" if cursor.is_word(1, "with") => with(cursor, Test::EndsWith),
        _ => other(cursor),
    }
}

fn with(cursor: &mut Cursor, wrap: fn(Literal) -> Test) -> Option<Asked> {
    cursor.bump();
    cursor.eat_word("with");
    literal(cursor).map(|value| (wrap(value), false))
}

/// Reads `low and high`; both are looked at, so that one fault does not hide the other.
pub(super) fn bounds(cursor: &mut Cursor) -> Option<(Literal, Literal)> {
    let broken = *cursor.kind() == Kind::Broken;
    let low = ordered(cursor);
    if low.is_none() {
        cursor.skip();
    }
    let between_word = ["to", "bis"].iter().any(|word| cursor.is_word(0, word));
    if *cursor.kind() == Kind::Comma || between_word {
        let message = format!("{} stands where `between` has `and`", cursor.shown());
        cursor.fault(cursor.span(), message, "write `between 10 and 20`");
        cursor.bump();
    } else if broken && *cursor.kind() != Kind::And {
        return None;
    } else if !cursor.eat(&Kind::And) {
        let before = cursor.previous().unwrap_or_default();
        let message = "`between` has a lower bound and no upper one".to_owned();
        cursor.fault(before, message, "write `between 10 and 20`");
        return None;
    }
    let high = ordered(cursor)?;
    Some((low?, high))
}

fn is(cursor: &mut Cursor, field: &FieldPath) -> Option<Asked> {
    let is = cursor.bump();
    let negated = cursor.eat(&Kind::Not);
    if cursor.eat_word("set") {
        return Some((Test::IsSet { negated }, false));
    }
    if is_empty_word(cursor) {
        return Some(unset(cursor, field, !negated));
    }
    let sign = if negated { "!=" } else { "=" };
    let value = matches!(cursor.kind(), Kind::Text(_) | Kind::Number(_) | Kind::Date(_))
        || is_reserved_start(cursor);
    if value {
        let (op, value) = (equality(negated), literal(cursor)?);
        let help = format!("write {}", shown(&format!("{field} {sign} {value}")));
        cursor.fault(is, "`is` only asks whether a field is set".to_owned(), help);
        return Some((Test::Compare { op, value }, false));
    }
    let after = cursor.previous().unwrap_or(is);
    let message = format!("expected `set` after {}", shown(is.to(after).of(cursor.text())));
    let help = match cursor.word_at(0) {
        Some(word) if TIME_WORDS.iter().any(|time| time.eq_ignore_ascii_case(word)) => {
            format!("measure from the as-of instant, as in `days since {field} < 7`")
        }
        Some(word) => format!(
            "write {} to compare with a value, and `is set` to ask whether there is one",
            shown(&format!("{field} {sign} {}", Quoted(word)))
        ),
        None => "write `is set` or `is not set`".to_owned(),
    };
    cursor.fault(is.to(after), message, help);
    None
}

fn equality(negated: bool) -> Comparison {
    if negated { Comparison::NotEqual } else { Comparison::Equal }
}

/// A word after a field that is no operator: a slip, a misspelling, or the next condition.
fn other(cursor: &mut Cursor) -> Option<Asked> {
    let word = cursor.lower()?;
    let value_follows = matches!(
        cursor.kind_at(1),
        Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_) | Kind::LeftBracket
    );
    let message = format!("{} is not an operator", cursor.shown());
    let guess = nearest(&word, OPERATORS);
    if guess.is_some() || value_follows || word == "does" {
        let help = guess.unwrap_or_else(|| {
            "use =, !=, <, <=, >, >=, in, between, contains, starts with or ends with".to_owned()
        });
        cursor.fault(cursor.span(), message, help);
        return None;
    }
    Some((Test::IsTrue, false))
}

/// Reads `days since field …` or `days until field …`.
fn days(cursor: &mut Cursor) -> Option<Node> {
    let direction = if cursor.is_word(0, "since") { Direction::Since } else { Direction::Until };
    let words = cursor.bump();
    if *cursor.kind() != Kind::Word {
        let message = format!("a field is missing after {}", shown(words.of(cursor.text())));
        cursor.fault(words, message, "name a date field: `days since last_activity_at > 30`");
        return None;
    }
    let field = field(cursor)?;
    let test = if let Kind::Op(op) = *cursor.kind() {
        cursor.bump();
        let value = literal(cursor)?;
        DaysTest::Compare { op, days: whole_days(cursor, &value)? }
    } else if cursor.eat_word("between") {
        let (low, high) = bounds(cursor)?;
        let (low, high) = (whole_days(cursor, &low), whole_days(cursor, &high));
        DaysTest::Between { low: low?, high: high? }
    } else {
        let message =
            format!("the days since or until {} are compared with nothing", shown(&field.name()));
        cursor.fault(field.span, message, "add a comparison, for example `> 30`");
        return None;
    };
    Some(Node::Atom(Atom { field, test: Test::Days { direction, test } }))
}

/// Reads `weeks since field …`, and says how that is asked.
fn other_days(cursor: &mut Cursor, words: usize) -> Option<Node> {
    let start = cursor.span();
    let mut unit = start;
    for _ in 0..words {
        unit = start.to(cursor.bump());
    }
    let direction = if cursor.is_word(0, "since") { Direction::Since } else { Direction::Until };
    let faults = cursor.fault_count();
    let node = days(cursor)?;
    let Node::Atom(Atom { field, test: Test::Days { test, .. } }) = &node else {
        return Some(node);
    };
    let test = (cursor.fault_count() == faults).then_some(*test);
    let help = converted(cursor, unit, direction, field, test);
    let message = format!("criteria count days, not {}", shown(unit.of(cursor.text())));
    cursor.fault(unit, message, help);
    Some(node)
}

fn whole_days(cursor: &mut Cursor, value: &Literal) -> Option<i64> {
    let days = match &value.value {
        Value::Number(number) if number.is_integer() => number.to_i64(),
        _ => None,
    };
    if days.is_none() {
        let words = shown(value.span.of(cursor.text()));
        let message = format!("{words} is not a number of whole days");
        cursor.fault(value.span, message, "write a whole number, for example 30");
    }
    days
}
