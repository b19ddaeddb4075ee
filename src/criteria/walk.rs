//! Walks over an expression: its references, its fields, and itself with other places.

use super::expr::{Atom, Expr, FieldPath, Literal, Node, Reference, SetOf, Test};
use crate::source::Span;

impl Expr {
    /// The expressions directly inside.
    pub fn operands(&self) -> &[Self] {
        match &self.node {
            Node::Or(operands) | Node::And(operands) | Node::AtLeast { of: operands, .. } => {
                operands
            }
            Node::Not(operand) => std::slice::from_ref(operand),
            Node::Atom(_) | Node::Reference(_) => &[],
        }
    }

    /// The same words without their places.
    #[must_use]
    pub fn without_spans(&self) -> Self {
        self.placed(Span::default())
    }

    /// The same words, each part at one place: how a predicate looks from where it is named.
    #[must_use]
    pub fn placed(&self, span: Span) -> Self {
        let each = |operands: &[Self]| operands.iter().map(|one| one.placed(span)).collect();
        let node = match &self.node {
            Node::Or(operands) => Node::Or(each(operands)),
            Node::And(operands) => Node::And(each(operands)),
            Node::Not(operand) => Node::Not(Box::new(operand.placed(span))),
            Node::AtLeast { count, of } => Node::AtLeast { count: *count, of: each(of) },
            Node::Atom(atom) => Node::Atom(atom.placed(span)),
            Node::Reference(reference) => Node::Reference(place_reference(reference, span)),
        };
        Self { span, node }
    }
}

impl Expr {
    /// Whether both say the same in the same words, wherever they stand.
    pub fn same(&self, other: &Self) -> bool {
        let each = |some: &[Self], others: &[Self]| {
            some.len() == others.len() && some.iter().zip(others).all(|(one, two)| one.same(two))
        };
        match (&self.node, &other.node) {
            (Node::Or(some), Node::Or(others)) | (Node::And(some), Node::And(others)) => {
                each(some, others)
            }
            (Node::Not(one), Node::Not(two)) => one.same(two),
            (Node::AtLeast { count, of }, Node::AtLeast { count: other_count, of: others }) => {
                count == other_count && each(of, others)
            }
            (Node::Atom(one), Node::Atom(two)) => one.same(two),
            (Node::Reference(one), Node::Reference(two)) => same_reference(one, two),
            _ => false,
        }
    }
}

impl Atom {
    /// Whether both say the same in the same words, wherever they stand.
    fn same(&self, other: &Self) -> bool {
        let same = |one: &Literal, two: &Literal| one.value == two.value;
        self.field.parts == other.field.parts
            && match (&self.test, &other.test) {
                (
                    Test::Compare { op, value },
                    Test::Compare { op: other_op, value: other_value },
                ) => op == other_op && same(value, other_value),
                (
                    Test::Between { low, high },
                    Test::Between { low: other_low, high: other_high },
                ) => same(low, other_low) && same(high, other_high),
                (
                    Test::In { set, negated },
                    Test::In { set: other_set, negated: other_negated },
                ) => negated == other_negated && same_set(set, other_set),
                (Test::Contains(one), Test::Contains(two))
                | (Test::StartsWith(one), Test::StartsWith(two))
                | (Test::EndsWith(one), Test::EndsWith(two)) => same(one, two),
                (one, two) => one == two,
            }
    }

    /// The same words at one place.
    #[must_use]
    pub fn placed(&self, span: Span) -> Self {
        let literal = |literal: &Literal| Literal { span, value: literal.value.clone() };
        let test = match &self.test {
            Test::Compare { op, value } => Test::Compare { op: *op, value: literal(value) },
            Test::Between { low, high } => Test::Between { low: literal(low), high: literal(high) },
            Test::In { set: SetOf::Values(values), negated } => Test::In {
                set: SetOf::Values(values.iter().map(literal).collect()),
                negated: *negated,
            },
            Test::In { set: SetOf::List(list), negated } => {
                Test::In { set: SetOf::List(place_reference(list, span)), negated: *negated }
            }
            Test::Contains(value) => Test::Contains(literal(value)),
            Test::StartsWith(value) => Test::StartsWith(literal(value)),
            Test::EndsWith(value) => Test::EndsWith(literal(value)),
            Test::IsTrue | Test::IsSet { .. } | Test::Days { .. } => self.test.clone(),
        };
        Self { field: FieldPath { parts: self.field.parts.clone(), span }, test }
    }
}

fn same_set(one: &SetOf, two: &SetOf) -> bool {
    match (one, two) {
        (SetOf::Values(some), SetOf::Values(others)) => {
            some.iter().map(|it| &it.value).eq(others.iter().map(|it| &it.value))
        }
        (SetOf::List(one), SetOf::List(two)) => same_reference(one, two),
        _ => false,
    }
}

fn same_reference(one: &Reference, two: &Reference) -> bool {
    (&one.kind, &one.id) == (&two.kind, &two.id)
}

fn place_reference(reference: &Reference, span: Span) -> Reference {
    Reference { span, ..reference.clone() }
}

/// The same expression with some references under another id.
pub fn renamed(expr: &Expr, new_id: &dyn Fn(&Reference) -> Option<String>) -> Expr {
    let each = |operands: &[Expr]| operands.iter().map(|one| renamed(one, new_id)).collect();
    let reference = |reference: &Reference| match new_id(reference) {
        Some(id) => Reference { id, ..reference.clone() },
        None => reference.clone(),
    };
    let node = match &expr.node {
        Node::Or(operands) => Node::Or(each(operands)),
        Node::And(operands) => Node::And(each(operands)),
        Node::Not(operand) => Node::Not(Box::new(renamed(operand, new_id))),
        Node::AtLeast { count, of } => Node::AtLeast { count: *count, of: each(of) },
        Node::Reference(name) => Node::Reference(reference(name)),
        Node::Atom(Atom { field, test: Test::In { set: SetOf::List(list), negated } }) => {
            let set = SetOf::List(reference(list));
            Node::Atom(Atom { field: field.clone(), test: Test::In { set, negated: *negated } })
        }
        Node::Atom(atom) => Node::Atom(atom.clone()),
    };
    Expr { span: expr.span, node }
}

/// Every reference in the order of the text, lists included, repeated as often as it is named.
pub fn references(expr: &Expr) -> Vec<&Reference> {
    let mut found = Vec::new();
    visit(expr, &mut |expr| match &expr.node {
        Node::Reference(reference) => found.push(reference),
        Node::Atom(Atom { test: Test::In { set: SetOf::List(list), .. }, .. }) => found.push(list),
        _ => {}
    });
    found
}

/// Every field in the order of the text, repeated as often as it is named.
pub fn fields(expr: &Expr) -> Vec<&FieldPath> {
    atoms(expr).into_iter().map(|atom| &atom.field).collect()
}

/// Every question to a field in the order of the text.
pub fn atoms(expr: &Expr) -> Vec<&Atom> {
    let mut found = Vec::new();
    visit(expr, &mut |expr| {
        if let Node::Atom(atom) = &expr.node {
            found.push(atom);
        }
    });
    found
}

fn visit<'a>(expr: &'a Expr, found: &mut impl FnMut(&'a Expr)) {
    found(expr);
    for operand in expr.operands() {
        visit(operand, found);
    }
}
