//! References replaced by what they stand for, safe against cycles and against blow-up.

use super::expr::{Atom, Expr, FieldPath, Literal, Node, Reference, SetOf, Test, Value};
use super::scope::{Predicate, Scope};
use crate::source::Span;
use std::sync::Arc;

/// More parts than this in one expanded criterion are refused.
const MAX_PARTS: usize = 200_000;

/// Deeper nesting than this, references included, is refused.
const MAX_LEVELS: usize = 256;

/// Why a reference cannot be followed. The span is that of the reference in the criterion itself,
/// also where the trouble lies behind it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// A name stands for itself, by way of others.
    #[error("{}", circle(chain))]
    Cycle {
        /// The names on the way round; the first is also the last.
        chain: Vec<String>,
        /// The reference that leads into the cycle.
        span: Span,
    },
    /// Nothing goes by the name.
    #[error("there is no `{name}`")]
    Unknown {
        /// The reference as it is written.
        name: String,
        /// The reference, or the one that leads to it.
        span: Span,
    },
    /// What goes by the name says nothing that can be followed.
    #[error("`{name}`, which it refers to, cannot be read")]
    Unreadable {
        /// The reference as it is written.
        name: String,
        /// The reference, or the one that leads to it.
        span: Span,
    },
    /// The whole is larger than the tool is willing to look at.
    #[error("with its references expanded the criterion is too large")]
    TooLarge {
        /// The reference that goes too far.
        span: Span,
    },
}

impl ExpandError {
    /// The place in the criterion that was expanded.
    pub fn span(&self) -> Span {
        match self {
            Self::Cycle { span, .. }
            | Self::Unknown { span, .. }
            | Self::Unreadable { span, .. }
            | Self::TooLarge { span } => *span,
        }
    }
}

fn circle(chain: &[String]) -> String {
    let first = chain.first().map_or("", String::as_str);
    format!("`{first}` leads back to itself: {}", chain.join(" → "))
}

/// The expression with every reference replaced by its predicate and every list by its values.
///
/// What a reference brings in has the reference's place.
pub fn expand(expr: &Expr, scope: &dyn Scope) -> Result<Expr, ExpandError> {
    Expander { scope, trail: Trail::default() }.expr(expr, 0)
}

/// The references that are being followed, and the work done so far.
#[derive(Debug, Default)]
pub(super) struct Trail {
    names: Vec<String>,
    /// Where the outermost reference stands.
    origin: Option<Span>,
    parts: usize,
}

impl Trail {
    /// Counts one more part.
    pub(super) fn step(&mut self, depth: usize, span: Span) -> Result<(), ExpandError> {
        self.parts += 1;
        if self.parts > MAX_PARTS || depth > MAX_LEVELS {
            return Err(ExpandError::TooLarge { span: self.place(span) });
        }
        Ok(())
    }

    /// Where a part stands as seen from the criterion itself.
    fn place(&self, span: Span) -> Span {
        self.origin.unwrap_or(span)
    }

    /// Follows a reference to a predicate.
    pub(super) fn enter(
        &mut self,
        reference: &Reference,
        scope: &dyn Scope,
    ) -> Result<Predicate, ExpandError> {
        let name = [reference.kind.as_str(), ".", reference.id.as_str()].concat();
        let span = self.place(reference.span);
        if let Some(first) = self.names.iter().position(|known| *known == name) {
            let mut chain: Vec<String> = self.names.iter().skip(first).cloned().collect();
            chain.push(name);
            return Err(ExpandError::Cycle { chain, span });
        }
        let Some(predicate) = scope.predicate(&reference.kind, &reference.id) else {
            return Err(if scope.is_there(&reference.kind, &reference.id) {
                ExpandError::Unreadable { name, span }
            } else {
                ExpandError::Unknown { name, span }
            });
        };
        self.origin = Some(span);
        self.names.push(name);
        Ok(predicate)
    }

    /// Returns from a reference.
    pub(super) fn leave(&mut self) {
        self.names.pop();
        if self.names.is_empty() {
            self.origin = None;
        }
    }

    /// The values of a list.
    pub(super) fn list(
        &self,
        list: &Reference,
        scope: &dyn Scope,
    ) -> Result<Arc<[String]>, ExpandError> {
        let values = if list.kind == "list" { scope.list(&list.id) } else { None };
        values.ok_or_else(|| ExpandError::Unknown {
            name: list.to_string(),
            span: self.place(list.span),
        })
    }
}

struct Expander<'a> {
    scope: &'a dyn Scope,
    trail: Trail,
}

impl Expander<'_> {
    fn expr(&mut self, expr: &Expr, depth: usize) -> Result<Expr, ExpandError> {
        self.trail.step(depth, expr.span)?;
        let node = match &expr.node {
            Node::Or(operands) => Node::Or(self.each(operands, depth)?),
            Node::And(operands) => Node::And(self.each(operands, depth)?),
            Node::Not(operand) => Node::Not(Box::new(self.expr(operand, depth + 1)?)),
            Node::AtLeast { count, of } => {
                Node::AtLeast { count: *count, of: self.each(of, depth)? }
            }
            Node::Atom(atom) => Node::Atom(self.atom(atom)?),
            Node::Reference(reference) => {
                let predicate = self.trail.enter(reference, self.scope)?;
                let inside = self.expr(&predicate.expr, depth + 1)?;
                self.trail.leave();
                return Ok(Expr { span: self.trail.place(expr.span), ..inside });
            }
        };
        Ok(Expr { span: self.trail.place(expr.span), node })
    }

    fn each(&mut self, operands: &[Expr], depth: usize) -> Result<Vec<Expr>, ExpandError> {
        operands.iter().map(|operand| self.expr(operand, depth + 1)).collect()
    }

    fn atom(&mut self, atom: &Atom) -> Result<Atom, ExpandError> {
        if let Test::In { set: SetOf::List(list), negated } = &atom.test {
            let span = self.trail.place(list.span);
            let values = self.trail.list(list, self.scope)?;
            self.trail.parts += values.len();
            self.trail.step(0, span)?;
            let literal = |text: &String| Literal { span, value: Value::Text(text.clone()) };
            let set = SetOf::Values(values.iter().map(literal).collect());
            let span = self.trail.place(atom.field.span);
            let field = FieldPath { parts: atom.field.parts.clone(), span };
            return Ok(Atom { field, test: Test::In { set, negated: *negated } });
        }
        Ok(match self.trail.origin {
            Some(origin) => atom.placed(origin),
            None => atom.clone(),
        })
    }
}
