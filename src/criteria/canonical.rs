//! The normal form: two expressions with the same form hold for the same records.
//!
//! The reverse is not promised; that question belongs to the analysis.

use super::expr::{
    Atom, Comparison, DaysTest, Direction, Expr, FieldPath, Literal, Node, SetOf, Test, Value,
};
use super::join::{Joint, constant, equality, is_constant, join, member};
use crate::source::Span;

/// The form in which spellings of one meaning meet: negation at the leaves, chains flat, operands
/// and values in order and once each, `between` as two comparisons, `in` of one value as `=`.
///
/// A negated `<` or `starts with` keeps its `not`, because both sides refuse a field that is not
/// set. What always or never holds becomes a chain of no operands. Places are left out.
pub fn canonical(expr: &Expr) -> Expr {
    normal(expr, false)
}

/// The normal form of the expression, or of its opposite.
fn normal(expr: &Expr, negate: bool) -> Expr {
    let each = |operands: &[Expr]| operands.iter().map(|one| normal(one, negate)).collect();
    match &expr.node {
        Node::And(operands) => join(each(operands), Joint::And.flipped(negate)),
        Node::Or(operands) => join(each(operands), Joint::Or.flipped(negate)),
        Node::Not(operand) => normal(operand, !negate),
        Node::AtLeast { count, of } => {
            let (count, total) = (i64::from(*count), i64::try_from(of.len()).unwrap_or(i64::MAX));
            at_least(if negate { total - count + 1 } else { count }, each(of))
        }
        Node::Atom(atom) => normal_atom(atom, negate),
        Node::Reference(_) => leaf(expr.without_spans(), negate),
    }
}

fn leaf(expr: Expr, negate: bool) -> Expr {
    if negate { expr.negated() } else { expr }
}

fn at_least(mut needed: i64, mut of: Vec<Expr>) -> Expr {
    of.retain(|operand| {
        let always = is_constant(operand, true);
        needed -= i64::from(always);
        !always && !is_constant(operand, false)
    });
    let total = i64::try_from(of.len()).unwrap_or(i64::MAX);
    match needed {
        ..=0 => constant(true),
        _ if needed > total => constant(false),
        1 => join(of, Joint::Or),
        _ if needed == total => join(of, Joint::And),
        _ => {
            of.sort();
            // INVARIANT: `needed` lies between 2 and the number of operands here.
            let count = u32::try_from(needed).unwrap_or(u32::MAX);
            Expr::new(Node::AtLeast { count, of })
        }
    }
}

fn normal_atom(atom: &Atom, negate: bool) -> Expr {
    let field = FieldPath { span: Span::default(), ..atom.field.clone() };
    let with = |test: Test| Expr::new(Node::Atom(Atom { field: field.clone(), test }));
    let compare = |op, value: &Literal| with(Test::Compare { op, value: normal_literal(value) });
    match &atom.test {
        Test::IsTrue => compare(equality(negate), &Literal::new(Value::Bool(true))),
        Test::Compare { op, value } if op.is_ordering() => leaf(compare(*op, value), negate),
        Test::Compare { op, value } => {
            compare(equality(negate != (*op == Comparison::NotEqual)), value)
        }
        Test::Between { low, high } => range(
            compare(Comparison::GreaterOrEqual, low),
            compare(Comparison::LessOrEqual, high),
            negate,
        ),
        Test::In { set: SetOf::Values(values), negated } => {
            let values = values.iter().map(normal_literal).collect();
            member(field, values, negate != *negated)
        }
        Test::In { set, negated } => {
            with(Test::In { set: set.clone(), negated: negate != *negated }).without_spans()
        }
        Test::IsSet { negated } => with(Test::IsSet { negated: negate != *negated }),
        Test::Days { direction, test } => normal_days(&field, *direction, *test, negate),
        Test::Contains(part) => leaf(with(Test::Contains(normal_literal(part))), negate),
        Test::StartsWith(part) => leaf(with(Test::StartsWith(normal_literal(part))), negate),
        Test::EndsWith(part) => leaf(with(Test::EndsWith(normal_literal(part))), negate),
    }
}

fn normal_days(field: &FieldPath, direction: Direction, test: DaysTest, negate: bool) -> Expr {
    let compare = |op, days| {
        let test = Test::Days { direction, test: DaysTest::Compare { op, days } };
        Expr::new(Node::Atom(Atom { field: field.clone(), test }))
    };
    match test {
        DaysTest::Between { low, high } => range(
            compare(Comparison::GreaterOrEqual, low),
            compare(Comparison::LessOrEqual, high),
            negate,
        ),
        DaysTest::Compare { op, days } if op.is_ordering() => leaf(compare(op, days), negate),
        DaysTest::Compare { op, days } => {
            compare(equality(negate != (op == Comparison::NotEqual)), days)
        }
    }
}

/// Both bounds, or the opposite.
fn range(low: Expr, high: Expr, negate: bool) -> Expr {
    join(vec![leaf(low, negate), leaf(high, negate)], Joint::And.flipped(negate))
}

fn normal_literal(literal: &Literal) -> Literal {
    Literal::new(match &literal.value {
        Value::Number(number) => Value::Number(number.normalize()),
        other => other.clone(),
    })
}
