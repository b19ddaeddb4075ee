//! Chains in normal form: flat, ordered, each operand once, tests of one field gathered.

use super::expr::{Atom, Comparison, Expr, FieldPath, Literal, Node, SetOf, Test};
use std::collections::BTreeMap;

/// What joins the operands of a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Or,
}

impl Joint {
    /// The other joint, if asked for it: what a negation turns this one into.
    pub(super) fn flipped(self, flip: bool) -> Self {
        match (self, flip) {
            (Self::And, false) | (Self::Or, true) => Self::And,
            _ => Self::Or,
        }
    }

    fn wrap(self, operands: Vec<Expr>) -> Expr {
        Expr::new(match self {
            Self::And => Node::And(operands),
            Self::Or => Node::Or(operands),
        })
    }

    fn operands(self, expr: &Expr) -> Option<&[Expr]> {
        match (self, &expr.node) {
            (Self::And, Node::And(operands)) | (Self::Or, Node::Or(operands)) => Some(operands),
            _ => None,
        }
    }
}

/// What always or never holds: a chain of no operands.
pub(super) fn constant(truth: bool) -> Expr {
    Joint::And.flipped(!truth).wrap(Vec::new())
}

/// Whether an expression in normal form is the constant.
pub(super) fn is_constant(expr: &Expr, truth: bool) -> bool {
    Joint::And.flipped(!truth).operands(expr).is_some_and(<[Expr]>::is_empty)
}

/// `=`, or `!=` where the opposite is meant.
pub(super) fn equality(negated: bool) -> Comparison {
    if negated { Comparison::NotEqual } else { Comparison::Equal }
}

/// Joins operands that are in normal form.
pub(super) fn join(operands: Vec<Expr>, joint: Joint) -> Expr {
    let neutral = joint == Joint::And;
    let mut flat = Vec::with_capacity(operands.len());
    for operand in operands {
        match joint.operands(&operand) {
            Some(inner) => flat.extend_from_slice(inner),
            None => flat.push(operand),
        }
    }
    if flat.iter().any(|operand| is_constant(operand, !neutral)) {
        return constant(!neutral);
    }
    let mut flat = gathered(flat, joint);
    flat.sort();
    flat.dedup();
    match (flat.len(), flat.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            flat.extend(last);
            joint.wrap(flat)
        }
    }
}

/// Makes one `in` of the values that a field may have in an `or`, and one `not in` of those that
/// it may not have in an `and`.
fn gathered(operands: Vec<Expr>, joint: Joint) -> Vec<Expr> {
    let negated = joint == Joint::And;
    let mut others = Vec::with_capacity(operands.len());
    let mut by_field: BTreeMap<FieldPath, Vec<Literal>> = BTreeMap::new();
    for operand in operands {
        match named_values(&operand, negated) {
            Some((field, values)) => {
                by_field.entry(field.clone()).or_default().extend_from_slice(values);
            }
            None => others.push(operand),
        }
    }
    others.extend(by_field.into_iter().map(|(field, values)| member(field, values, negated)));
    others
}

/// The field and the values that a test of membership, or of its opposite, names.
fn named_values(expr: &Expr, negated: bool) -> Option<(&FieldPath, &[Literal])> {
    let Node::Atom(Atom { field, test }) = &expr.node else { return None };
    match test {
        Test::Compare { op, value } if *op == equality(negated) => {
            Some((field, std::slice::from_ref(value)))
        }
        Test::In { set: SetOf::Values(values), negated: not } if *not == negated => {
            Some((field, values))
        }
        _ => None,
    }
}

/// `field in values` in normal form, or its opposite.
pub(super) fn member(field: FieldPath, mut values: Vec<Literal>, negated: bool) -> Expr {
    values.sort();
    values.dedup();
    let test = match (values.len(), values.pop()) {
        (_, None) => return constant(negated),
        (1, Some(value)) => Test::Compare { op: equality(negated), value },
        (_, last) => {
            values.extend(last);
            Test::In { set: SetOf::Values(values), negated }
        }
    };
    Expr::new(Node::Atom(Atom { field, test }))
}
