//! The base under the names of the head: a field that has another id by declaration is the same
//! field.

use super::renames::Names;
use crate::criteria::{Atom, Expr, FieldFacts, FieldPath, Node, Predicate, Scope};
use crate::load::ModelScope;
use std::borrow::Cow;
use std::sync::Arc;

/// A model of the base, its objects and fields called what the head calls them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base<'a, 'm> {
    scope: &'a ModelScope<'m>,
    names: &'a Names,
}

impl<'a, 'm> Base<'a, 'm> {
    pub(super) fn new(scope: &'a ModelScope<'m>, names: &'a Names) -> Self {
        Self { scope, names }
    }

    /// A criterion about an object of the base in the names of the head.
    pub(super) fn expr<'e>(&self, expr: &'e Expr, object: &str) -> Cow<'e, Expr> {
        if !self.names.have_fields() {
            return Cow::Borrowed(expr);
        }
        let target =
            |object: &str, field: &str| self.scope.field(object, field)?.target.map(str::to_owned);
        let now = |address: &str| Some(self.names.now(address));
        Cow::Owned(with_fields(expr, &|path| renamed(path, object, target, now)))
    }
}

impl Names {
    /// A criterion about an object of the base in the names of the head; its fields are told by the
    /// model of the base.
    pub fn expr<'e>(&self, expr: &'e Expr, object: &str, base: &ModelScope<'_>) -> Cow<'e, Expr> {
        Base::new(base, self).expr(expr, object)
    }

    /// What a path of the head is called in the base, from an object through references; none where
    /// one of its names was another's.
    pub fn path_then(&self, path: &str, object: &str, head: &ModelScope<'_>) -> Option<String> {
        if !self.have_fields() {
            return Some(path.to_owned());
        }
        let (mut object, mut then) = (Some(object.to_owned()), Vec::new());
        for part in path.split('.') {
            let of = object.take()?;
            let step = self.then(&format!("field.{of}.{part}"))?;
            then.push(step.rsplit_once('.')?.1.to_owned());
            object = head.field(&of, part).and_then(|facts| facts.target.map(str::to_owned));
        }
        Some(then.join("."))
    }
}

impl Scope for Base<'_, '_> {
    fn field(&self, object: &str, name: &str) -> Option<FieldFacts<'_>> {
        if !self.names.have_fields() {
            return self.scope.field(object, name);
        }
        let then = self.names.then(&format!("field.{object}.{name}"))?;
        let (object, name) = then.strip_prefix("field.")?.split_once('.')?;
        let facts = self.scope.field(object, name)?;
        let target = facts.target.map(|target| self.names.object_now(target));
        Some(FieldFacts { target, ..facts })
    }

    fn fields(&self, object: &str) -> Vec<String> {
        self.scope.fields(object)
    }

    fn predicate(&self, kind: &str, id: &str) -> Option<Predicate> {
        let predicate = self.scope.predicate(kind, id)?;
        let Some(object) = predicate.object.as_deref().filter(|_| self.names.have_fields()) else {
            return Some(predicate);
        };
        let expr = Arc::new(self.expr(&predicate.expr, object).into_owned());
        Some(Predicate { object: Some(self.names.object_now(object).to_owned()), expr })
    }

    fn is_there(&self, kind: &str, id: &str) -> bool {
        self.scope.is_there(kind, id)
    }

    fn predicates(&self, kind: &str) -> Vec<String> {
        self.scope.predicates(kind)
    }

    fn list(&self, id: &str) -> Option<Arc<[String]>> {
        self.scope.list(id)
    }
}

/// The same expression with its fields under the names that something gives them.
pub(super) fn with_fields(expr: &Expr, name: &dyn Fn(&[String]) -> Vec<String>) -> Expr {
    let each = |operands: &[Expr]| operands.iter().map(|one| with_fields(one, name)).collect();
    let node = match &expr.node {
        Node::Or(operands) => Node::Or(each(operands)),
        Node::And(operands) => Node::And(each(operands)),
        Node::Not(operand) => Node::Not(Box::new(with_fields(operand, name))),
        Node::AtLeast { count, of } => Node::AtLeast { count: *count, of: each(of) },
        Node::Reference(reference) => Node::Reference(reference.clone()),
        Node::Atom(Atom { field, test }) => {
            let field = FieldPath { parts: name(&field.parts), span: field.span };
            Node::Atom(Atom { field, test: test.clone() })
        }
    };
    Expr { span: expr.span, node }
}

/// A path from an object through fields, each under the name it has now.
pub(super) fn renamed(
    path: &[String],
    object: &str,
    target: impl Fn(&str, &str) -> Option<String>,
    now: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut object = Some(object.to_owned());
    let step = |part: &String| {
        let Some(of) = object.take() else { return part.clone() };
        object = target(&of, part);
        let now = now(&format!("field.{of}.{part}"));
        now.and_then(|now| Some(now.rsplit_once('.')?.1.to_owned())).unwrap_or_else(|| part.clone())
    };
    path.iter().map(step).collect()
}
