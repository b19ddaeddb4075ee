//! Calls and counts that other languages have, `AND(a, b)`, `all of (a, b)`, `ISBLANK(field)`, and
//! what is written instead of each.

use super::cursor::Cursor;
use super::expr::{Atom, Comparison, Expr, FieldPath, Literal, Node, SetOf, Test};
use super::fault::{advice, shown};
use super::group::counted;
use super::lex::Kind;
use super::phrase::spread;
use super::value::literal;
use rust_decimal::prelude::ToPrimitive;

/// What is asked of several conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    All,
    Any,
    None,
    AtMost(u32),
    Exactly(u32),
}

/// Reads `AND(a, b)`, `any of (a, b)` and the like, and says how they are written.
pub(super) fn several(cursor: &mut Cursor, (asks, words): (Asks, usize)) -> Option<Expr> {
    let start = cursor.span();
    let mut last = start;
    for _ in 0..words {
        last = cursor.bump();
    }
    let said = start.to(last);
    let faults = cursor.fault_count();
    let of = cursor.nested(|cursor| {
        let open = cursor.bump();
        let of = counted(cursor);
        let closed = cursor.eat(&Kind::RightParen);
        if !closed {
            let help = "add `)` after the last condition";
            cursor.fault(open, "`(` is never closed".to_owned(), help);
        }
        Some(of)
    });
    let Some(of) = of.filter(|of| !of.is_empty()) else {
        let message = format!("{} is not written like this", shown(said.of(cursor.text())));
        cursor.fault(said, message, example(asks));
        return None;
    };
    let span = start.to(cursor.previous().unwrap_or(start));
    let sound = cursor.fault_count() == faults;
    let node = wanted(asks, of);
    let words = shown(said.of(cursor.text()));
    let (place, help) = if sound {
        (span, advice(&within_a_chain(&node)))
    } else {
        (said, example(asks).to_owned())
    };
    cursor.fault(place, format!("{words} is not written like this"), help);
    Some(Expr { span, node })
}

/// What is asked here of several conditions, and the words before the parenthesis.
pub(super) fn asked_of_several(cursor: &Cursor) -> Option<(Asks, usize)> {
    let opens = |ahead: usize| *cursor.kind_at(ahead) == Kind::LeftParen;
    let number = |ahead: usize| match cursor.kind_at(ahead) {
        Kind::Number(number) if number.is_integer() => number.to_u32(),
        _ => None,
    };
    let called = opens(1) && cursor.span().end == cursor.span_at(1).start;
    let spelt = cursor.span().of(cursor.text()).to_ascii_lowercase();
    let asks = match spelt.as_str() {
        "and" | "all" | "both" | "each" => Asks::All,
        "or" | "any" | "either" => Asks::Any,
        "none" | "neither" | "nor" => Asks::None,
        "exactly" if cursor.is_word(2, "of") && opens(3) => {
            return Some((Asks::Exactly(number(1)?), 3));
        }
        "at" if cursor.is_word(1, "most") && cursor.is_word(3, "of") && opens(4) => {
            return Some((Asks::AtMost(number(2)?), 4));
        }
        _ => return None,
    };
    if called {
        return Some((asks, 1));
    }
    let of = *cursor.kind() == Kind::Word && cursor.is_word(1, "of") && opens(2);
    of.then_some((asks, 2))
}

/// The same in the language.
fn wanted(asks: Asks, mut of: Vec<Expr>) -> Node {
    let not = |node: Node| Node::Not(Box::new(Expr::new(node)));
    let more = |count: u32, of: Vec<Expr>| Node::AtLeast { count: count.saturating_add(1), of };
    match asks {
        Asks::All | Asks::Any if of.len() == 1 => of.remove(0).node,
        Asks::All => Node::And(of),
        Asks::Any => Node::Or(of),
        Asks::None if of.len() == 1 => not(of.remove(0).node),
        Asks::None => not(Node::Or(of)),
        Asks::AtMost(count) => not(more(count, of)),
        Asks::Exactly(count) => Node::And(vec![
            Expr::new(Node::AtLeast { count, of: of.clone() }),
            Expr::new(not(more(count, of))),
        ]),
    }
}

/// A condition as it can stand anywhere among others.
fn within_a_chain(node: &Node) -> String {
    let written = Expr::new(node.clone()).to_string();
    match node {
        Node::And(_) | Node::Or(_) => format!("({written})"),
        _ => written,
    }
}

fn example(asks: Asks) -> &'static str {
    match asks {
        Asks::All => "join conditions with `and`: `(a and b)`",
        Asks::Any => "join conditions with `or`: `(a or b)`",
        Asks::None => "join conditions with `or` and turn them round: `not (a or b)`",
        Asks::AtMost(_) => "turn one more than that round: `not (at least 2 of (a, b))`",
        Asks::Exactly(_) => "write `at least 1 of (a, b) and not (at least 2 of (a, b))`",
    }
}

/// What a function of a field asks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Set,
    Unset,
    Equal,
    In,
    Between,
    Part(&'static str),
    /// The field itself in other letters.
    Same,
}

/// Functions of other languages that a condition of this one can replace.
const FUNCTIONS: [(&[&str], Function); 9] = [
    (
        &[
            "isset",
            "isnotblank",
            "isnotnull",
            "notblank",
            "notnull",
            "isnotempty",
            "hasvalue",
            "has_value",
            "exists",
            "isknown",
        ],
        Function::Set,
    ),
    (
        &["isblank", "isnull", "isempty", "is_null", "is_blank", "blankvalue", "isunknown"],
        Function::Unset,
    ),
    (&["ispickval", "exact", "equals", "eq"], Function::Equal),
    (&["in"], Function::In),
    (&["between"], Function::Between),
    (&["contains", "includes"], Function::Part("contains")),
    (&["begins", "beginswith", "startswith", "starts_with"], Function::Part("starts with")),
    (&["endswith", "ends_with"], Function::Part("ends with")),
    (&["lower", "upper", "trim", "text", "proper"], Function::Same),
];

/// What a function call at the beginning of a condition comes to.
pub(super) enum Called {
    /// A whole condition, where it could be read.
    Condition(Option<Node>),
    /// A field, whose test follows.
    Field(FieldPath),
}

/// Names a function call, which no condition may begin with, and what is written instead.
pub(super) fn call(cursor: &mut Cursor) -> Option<Called> {
    let start = cursor.span();
    let called = *cursor.kind_at(1) == Kind::LeftParen && cursor.span_at(1).start == start.end;
    if !called {
        return None;
    }
    let word = cursor.lower()?;
    let message = format!("{} is a function, and there are no functions", cursor.shown());
    let function = FUNCTIONS.iter().find(|(names, _)| names.contains(&word.as_str()));
    let faults = cursor.fault_count();
    let read = function.and_then(|(_, function)| Some((*function, arguments(cursor)?)));
    if cursor.fault_count() > faults {
        return Some(Called::Condition(None));
    }
    let span = start.to(cursor.previous().unwrap_or(start));
    if let Some((function, (field, values))) = read {
        if let (Function::Same, true) = (function, values.is_empty()) {
            let help = format!("{}: text compares without regard to case", advice(&field.name()));
            cursor.fault(span, message, help);
            return Some(Called::Field(field));
        }
        if let Some(written) = condition(function, &field, &values) {
            cursor.fault(span, message, advice(&written));
            let atom = Atom { field, test: Test::IsSet { negated: false } };
            return Some(Called::Condition(Some(Node::Atom(atom))));
        }
    }
    cursor.fault(start, message, "compare a field with a value, as in `employees >= 200`");
    Some(Called::Condition(None))
}

/// The field and the values between the parentheses of a call.
fn arguments(cursor: &mut Cursor) -> Option<(FieldPath, Vec<Literal>)> {
    let word = cursor.word_at(2)?;
    let ends = matches!(cursor.kind_at(3), Kind::Comma | Kind::RightParen);
    if !ends {
        return None;
    }
    cursor.bump();
    cursor.bump();
    let span = cursor.bump();
    let field = FieldPath { parts: word.split('.').map(str::to_owned).collect(), span };
    let mut values = Vec::new();
    while cursor.eat(&Kind::Comma) {
        values.push(literal(cursor)?);
    }
    cursor.eat(&Kind::RightParen).then_some((field, values))
}

fn condition(function: Function, field: &FieldPath, values: &[Literal]) -> Option<String> {
    Some(match (function, values) {
        (Function::Set, []) => format!("{field} is set"),
        (Function::Unset, []) => format!("{field} is not set"),
        (Function::Equal, [value]) => format!("{field} {} {value}", Comparison::Equal),
        (Function::In, [_, ..]) => format!("{field} in {}", SetOf::Values(values.to_vec())),
        (Function::Between, [low, high]) => format!("{field} between {low} and {high}"),
        (Function::Part(operator), [_, ..]) => spread(field, operator, values, " or ", false)?,
        _ => return None,
    })
}
