//! The way from text to expression: `or`, `and`, `not`, parentheses and `at least … of`.

use super::condition::condition;
use super::cursor::Cursor;
use super::expr::{Expr, Node};
use super::fault::{Fault, FaultCode, shown};
use super::lex::Kind;
use super::many::{asked_of_several, several};
use crate::source::Span;
use rust_decimal::prelude::ToPrimitive;

/// A longer criterion than this is not read.
pub const MAX_BYTES: usize = 64 * 1024;

/// What [`parse`] understood and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What was understood: everything if there are no faults, otherwise perhaps only a part.
    pub expr: Option<Expr>,
    /// What is wrong, in the order of the text.
    pub faults: Vec<Fault>,
}

impl Parsed {
    /// The expression, if it is the whole of what was written.
    pub fn sound(self) -> Option<Expr> {
        if self.faults.is_empty() { self.expr } else { None }
    }
}

/// Reads a criterion. It goes on after a fault, so that one run names several.
pub fn parse(text: &str) -> Parsed {
    if text.len() > MAX_BYTES {
        let message = format!("the criterion is longer than {} KiB", MAX_BYTES / 1024);
        let fault = Fault::new(FaultCode::Syntax, Span::new(0, text.len()), message)
            .help("name parts of it as definitions, or its values as a list");
        return Parsed { expr: None, faults: vec![fault] };
    }
    let mut cursor = Cursor::new(text);
    if text.trim().is_empty() {
        let help = "write a condition, for example `employees >= 200`";
        cursor.fault(Span::new(0, text.len()), "the criterion is empty".to_owned(), help);
        return Parsed { expr: None, faults: cursor.into_faults() };
    }
    let mut understood = Vec::new();
    understood.extend(any(&mut cursor));
    while *cursor.kind() != Kind::End {
        stray(&mut cursor);
        if *cursor.kind() != Kind::End {
            understood.extend(any(&mut cursor));
        }
    }
    let expr = if understood.is_empty() { None } else { Some(Expr::all(understood)) };
    Parsed { expr, faults: cursor.into_faults() }
}

/// Names and passes what cannot stand where a condition has ended.
fn stray(cursor: &mut Cursor) {
    let (message, help) = match cursor.kind() {
        Kind::RightParen => ("`)` closes nothing".to_owned(), "remove it, or add `(` before it"),
        Kind::RightBracket => ("`]` closes nothing".to_owned(), "remove it, or add `[` before it"),
        Kind::Comma => {
            ("a comma does not join conditions".to_owned(), "join conditions with `and` or `or`")
        }
        _ => {
            (format!("{} cannot stand here", cursor.shown()), "join conditions with `and` or `or`")
        }
    };
    cursor.fault(cursor.span(), message, help);
    cursor.bump();
    if matches!(cursor.kind(), Kind::And | Kind::Or) {
        cursor.bump();
    }
}

fn any(cursor: &mut Cursor) -> Option<Expr> {
    let mut operands = Vec::new();
    loop {
        operands.extend(all(cursor));
        if !cursor.eat(&Kind::Or) {
            return chain(operands, Node::Or);
        }
    }
}

fn all(cursor: &mut Cursor) -> Option<Expr> {
    let mut operands = Vec::new();
    loop {
        operands.extend(one(cursor));
        if !cursor.eat(&Kind::And) && !goes_on(cursor) {
            return chain(operands, Node::And);
        }
    }
}

/// The operands as one expression; what could not be read is left out.
fn chain(mut operands: Vec<Expr>, wrap: fn(Vec<Expr>) -> Node) -> Option<Expr> {
    if operands.len() < 2 {
        return operands.pop();
    }
    let span = operands.iter().map(|operand| operand.span).reduce(Span::to).unwrap_or_default();
    Some(Expr { span, node: wrap(operands) })
}

/// Whether conditions go on after one that follows without a joint, which is said and passed.
fn goes_on(cursor: &mut Cursor) -> bool {
    let begins = matches!(cursor.kind(), Kind::Word | Kind::Not | Kind::LeftParen);
    let value = matches!(
        cursor.kind(),
        Kind::Text(_) | Kind::Number(_) | Kind::Date(_) | Kind::DateTime(_) | Kind::Op(_)
    );
    if !value && (!begins || cursor.listing) {
        return false;
    }
    let message = format!("expected `and` or `or` before {}", cursor.shown());
    cursor.fault(cursor.span(), message, "join conditions with `and` or `or`");
    if value {
        cursor.bump();
    } else {
        cursor.hushed(one);
    }
    cursor.skip();
    cursor.eat(&Kind::And)
}

fn one(cursor: &mut Cursor) -> Option<Expr> {
    let counted = cursor.is_word(0, "at") && cursor.is_word(1, "least");
    if let Some(asked) = asked_of_several(cursor) {
        return several(cursor, asked);
    }
    match cursor.kind() {
        Kind::Not => {
            let not = cursor.bump();
            let operand = cursor.nested(one)?;
            Some(Expr { span: not.to(operand.span), ..operand.negated() })
        }
        Kind::LeftParen => cursor.nested(parenthesised),
        Kind::Word if counted => cursor.nested(at_least),
        _ => condition(cursor),
    }
}

fn parenthesised(cursor: &mut Cursor) -> Option<Expr> {
    let open = cursor.bump();
    let inside = any(cursor);
    let end = cursor.span();
    if *cursor.kind() == Kind::Comma {
        let help = "join conditions with `and` or `or`, or write `at least 1 of (…)`";
        cursor.fault(end, "a comma does not join conditions".to_owned(), help);
        cursor.bump();
        cursor.nested(rest_of_group);
        return None;
    }
    close(cursor, open, "add `)` where the group ends");
    inside.map(|inside| Expr { span: open.to(cursor.previous().unwrap_or(open)), ..inside })
}

/// Passes what follows a comma in a group, looking at each condition.
fn rest_of_group(cursor: &mut Cursor) -> Option<()> {
    loop {
        any(cursor);
        if !cursor.eat(&Kind::Comma) {
            break;
        }
    }
    cursor.eat(&Kind::RightParen);
    None
}

fn close(cursor: &mut Cursor, open: Span, help: &str) {
    if !cursor.eat(&Kind::RightParen) {
        cursor.fault(open, "`(` is never closed".to_owned(), help);
    }
}

fn at_least(cursor: &mut Cursor) -> Option<Expr> {
    let start = cursor.bump();
    cursor.bump();
    let count = count(cursor);
    if !cursor.eat_word("of") {
        let before = cursor.previous().unwrap_or(start);
        let message = "`of` is missing after the number".to_owned();
        cursor.fault(before, message, "write `at least 2 of (a, b, c)`");
    }
    let open = cursor.span();
    match cursor.kind() {
        Kind::LeftParen => {}
        Kind::LeftBracket => {
            let message = "the conditions to count stand in parentheses".to_owned();
            cursor.fault(open, message, "write `at least 2 of (a, b, c)`");
            cursor.bump();
            cursor.skip();
            return None;
        }
        _ => {
            let before = cursor.previous().unwrap_or(start);
            let words = shown(before.of(cursor.text()));
            let message = format!("the conditions to count are missing after {words}");
            cursor.fault(before, message, "write `at least 2 of (a, b, c)`");
            cursor.skip();
            return None;
        }
    }
    cursor.bump();
    let of = counted(cursor);
    close(cursor, open, "add `)` after the last condition");
    let span = start.to(cursor.previous().unwrap_or(start));
    Some(Expr { span, node: Node::AtLeast { count: count?, of } })
}

/// The number after `at least`.
fn count(cursor: &mut Cursor) -> Option<u32> {
    let count = match cursor.kind() {
        Kind::Number(number) if number.is_integer() => number.to_u32(),
        _ => None,
    };
    if count.is_none() {
        let message = "`at least` asks for a number".to_owned();
        let span = cursor.previous().unwrap_or_default();
        cursor.fault(span, message, "write a whole number in digits: `at least 2 of (a, b, c)`");
    }
    let passed = matches!(cursor.kind(), Kind::Number(_) | Kind::Broken)
        || (*cursor.kind() == Kind::Word && !cursor.is_word(0, "of"));
    if passed {
        cursor.bump();
    }
    count
}

/// The conditions between the parentheses of `at least … of (…)`.
pub(super) fn counted(cursor: &mut Cursor) -> Vec<Expr> {
    cursor.listing = true;
    let mut of = Vec::new();
    while *cursor.kind() != Kind::RightParen && *cursor.kind() != Kind::End {
        of.extend(any(cursor));
        match cursor.kind() {
            Kind::RightParen | Kind::End => break,
            Kind::Comma => {
                cursor.bump();
            }
            Kind::Word | Kind::Not | Kind::LeftParen => {
                let message = format!("a comma is missing before {}", cursor.shown());
                cursor.fault(cursor.span(), message, "put a comma between two conditions");
            }
            _ => {
                let message = format!("{} cannot stand here", cursor.shown());
                cursor.fault(cursor.span(), message, "put a comma between two conditions");
                cursor.bump();
            }
        }
    }
    of
}
