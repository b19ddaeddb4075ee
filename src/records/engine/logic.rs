//! Conditions with their references followed: tests of fields, joined by how many must hold.

use crate::criteria::{
    Atom, Expr, FieldFacts, FieldKind, Literal, Node, Predicate, Scope, SetOf, Test, Value, passes,
};
use crate::load::ModelScope;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One test of one field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::records) struct Ask {
    /// The field, by its place; none where records have no such field.
    pub(super) field: Option<usize>,
    /// What the model holds the field for, which may be another than the one asked.
    pub(super) kind: FieldKind,
    pub(super) test: Test,
}

impl Ask {
    /// The answer for a value, or for none.
    pub(super) fn passes(&self, value: Option<&Value>, as_of: Timestamp) -> bool {
        passes(&self.test, value, self.kind, &Nowhere, as_of).unwrap_or(false)
    }
}

/// A condition over tests, by their number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::records) enum Logic {
    /// A test passes, or does not.
    Ask(usize, bool),
    /// At least so many hold.
    Enough(usize, Vec<Logic>),
}

impl Logic {
    /// What always holds, or never.
    pub(super) fn constant(holds: bool) -> Self {
        Self::Enough(usize::from(!holds), Vec::new())
    }

    /// Whether it holds, by the answers to the tests.
    pub(super) fn holds(&self, answer: &impl Fn(usize) -> bool) -> bool {
        match self {
            Self::Ask(ask, wanted) => answer(*ask) == *wanted,
            Self::Enough(needed, of) => {
                of.iter().filter(|one| one.holds(answer)).take(*needed).count() >= *needed
            }
        }
    }
}

/// The tests of all conditions, each once.
#[derive(Debug, Default)]
pub(in crate::records) struct Making {
    numbers: BTreeMap<Ask, usize>,
    pub(in crate::records) asks: Vec<Ask>,
}

impl Making {
    /// A condition whose references are replaced, or its opposite, as a model understands it.
    pub(in crate::records) fn logic(
        &mut self,
        expr: &Expr,
        holds: bool,
        known: &Known<'_, '_>,
    ) -> Logic {
        let mut each = |of: &[Expr]| of.iter().map(|one| self.logic(one, holds, known)).collect();
        match &expr.node {
            Node::And(of) => Self::enough(of.len(), each(of), holds),
            Node::Or(of) => Self::enough(1, each(of), holds),
            Node::AtLeast { count, of } => {
                let needed = usize::try_from(*count).unwrap_or(usize::MAX);
                Self::enough(needed, each(of), holds)
            }
            Node::Not(inner) => self.logic(inner, !holds, known),
            Node::Atom(atom) => self.ask(atom, holds, known),
            // There is none once they are replaced.
            Node::Reference(_) => Logic::constant(!holds),
        }
    }

    /// At least so many, or, of opposites, so many that fewer than that are left.
    fn enough(needed: usize, of: Vec<Logic>, holds: bool) -> Logic {
        if holds {
            return Logic::Enough(needed, of);
        }
        match (of.len() + 1).checked_sub(needed) {
            Some(failing) => Logic::Enough(failing, of),
            None => Logic::constant(true),
        }
    }

    fn ask(&mut self, atom: &Atom, holds: bool, known: &Known<'_, '_>) -> Logic {
        let name = atom.field.name();
        let field = known.fields.get(&*name).copied();
        let kind = known.scope.field_at(known.object, &name).map(|(_, facts)| facts.kind);
        // A field that the model does not know is compared as it stands, and so is a choice.
        let kind = kind.unwrap_or(FieldKind::Choice);
        let ask = Ask { field, kind, test: plain(&atom.test) };
        if field.is_none() {
            return Logic::constant(ask.passes(None, known.as_of) == holds);
        }
        let next = self.asks.len();
        let number = *self.numbers.entry(ask).or_insert_with_key(|ask| {
            self.asks.push(ask.clone());
            next
        });
        Logic::Ask(number, holds)
    }
}

/// What conditions are about.
pub(in crate::records) struct Known<'k, 'm> {
    pub(in crate::records) object: &'k str,
    pub(in crate::records) scope: &'k ModelScope<'m>,
    pub(in crate::records) as_of: Timestamp,
    /// The place of each field, by its path.
    pub(in crate::records) fields: &'k BTreeMap<&'k str, usize>,
}

/// A test without places in a text, so that two spellings of one are the same.
fn plain(test: &Test) -> Test {
    let bare = |literal: &Literal| Literal::new(literal.value.clone());
    match test {
        Test::Compare { op, value } => Test::Compare { op: *op, value: bare(value) },
        Test::Between { low, high } => Test::Between { low: bare(low), high: bare(high) },
        Test::In { set: SetOf::Values(values), negated } => {
            Test::In { set: SetOf::Values(values.iter().map(bare).collect()), negated: *negated }
        }
        Test::Contains(part) => Test::Contains(bare(part)),
        Test::StartsWith(part) => Test::StartsWith(bare(part)),
        Test::EndsWith(part) => Test::EndsWith(bare(part)),
        other => other.clone(),
    }
}

/// A model of which nothing is asked: lists are replaced before a test is kept.
struct Nowhere;

impl Scope for Nowhere {
    fn field(&self, _: &str, _: &str) -> Option<FieldFacts<'_>> {
        None
    }

    fn fields(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn predicate(&self, _: &str, _: &str) -> Option<Predicate> {
        None
    }

    fn predicates(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn list(&self, _: &str) -> Option<Arc<[String]>> {
        None
    }
}
