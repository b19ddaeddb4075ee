//! The type checker: every name and value of an expression held against the model.

use super::expr::{Expr, FieldPath, Node, REFERENCE_KINDS, Reference};
use super::fault::{Fault, FaultCode, shown};
use super::fit::{Fit, unknown_reference};
use super::path::follow;
use super::scope::{FieldFacts, Scope};
use crate::source::Span;

/// The other kinds of the model, which people try to refer to as well.
const OTHER_KINDS: [&str; 23] = [
    "persona",
    "lifecycle",
    "routing",
    "sla",
    "handoff",
    "enrichment",
    "scoring",
    "team",
    "role",
    "queue",
    "calendar",
    "system",
    "source",
    "campaign",
    "metric",
    "signal",
    "view",
    "cadence",
    "decision",
    "exception",
    "pilot",
    "playbook",
    "example",
];

/// What is wrong with an expression about `object`; all of it, in the order of the text.
pub fn check(expr: &Expr, object: &str, scope: &dyn Scope) -> Vec<Fault> {
    let mut checker = Checker { object, scope, faults: Vec::new() };
    checker.expr(expr);
    checker.faults
}

struct Checker<'a> {
    object: &'a str,
    scope: &'a dyn Scope,
    faults: Vec<Fault>,
}

impl<'a> Checker<'a> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.node {
            Node::Atom(atom) => {
                if let Some(facts) = self.resolve(&atom.field) {
                    let field = &atom.field;
                    let mut fit = Fit {
                        span: expr.span,
                        field,
                        facts,
                        scope: self.scope,
                        faults: Vec::new(),
                    };
                    fit.test(&atom.test);
                    self.faults.append(&mut fit.faults);
                }
            }
            Node::Reference(reference) => self.reference(reference),
            Node::AtLeast { count, of } => self.count(expr.span, *count, of.len()),
            _ => {}
        }
        for operand in expr.operands() {
            self.expr(operand);
        }
    }

    fn count(&mut self, span: Span, count: u32, total: usize) {
        let fault = if count == 0 {
            Fault::new(FaultCode::AlwaysHolds, span, "`at least 0` always holds")
                .help("ask for at least one")
        } else if usize::try_from(count).is_ok_and(|count| count > total) {
            let message = format!("`at least {count}` of {total} can never hold");
            let help = format!("ask for at most {total}, or add conditions");
            Fault::new(FaultCode::NeverHolds, span, message).help(help)
        } else {
            return;
        };
        self.faults.push(fault);
    }

    /// Follows a path to its field; what is in the way is reported.
    fn resolve(&mut self, path: &FieldPath) -> Option<FieldFacts<'a>> {
        match follow(path, self.object, self.scope) {
            Ok(facts) => Some(facts),
            Err(astray) => {
                let otherwise = self.meant_otherwise(path).filter(|_| !astray.is_sure);
                self.faults.push(otherwise.unwrap_or(astray.fault));
                None
            }
        }
    }

    /// What a person may have meant that is no field at all.
    fn meant_otherwise(&self, path: &FieldPath) -> Option<Fault> {
        let first = path.parts.first()?;
        if self.scope.field(self.object, first).is_some() {
            return None;
        }
        if let [kind, _] = path.parts.as_slice()
            && OTHER_KINDS.contains(&kind.as_str())
        {
            let message = format!("{} is neither a field nor a condition", shown(&path.name()));
            let help =
                "refer to an `icp`, a `segment`, a `territory` or a `definition`, or name a field";
            return Some(Fault::new(FaultCode::WrongKind, path.span, message).help(help));
        }
        let message = format!("{} has no field {}", shown(self.object), shown(first));
        let fault = Fault::new(FaultCode::UnknownField, path.part_span(0), message);
        self.meant_reference(path).map(|help| fault.help(help))
    }

    /// The reference a person may have meant by an unknown field: `mql`, or `definitions.mql`.
    fn meant_reference(&self, path: &FieldPath) -> Option<String> {
        let predicates = || REFERENCE_KINDS.iter().copied().filter(|kind| *kind != "list");
        match path.parts.as_slice() {
            [id] => predicates()
                .find(|kind| self.scope.predicate(kind, id).is_some())
                .map(|kind| format!("did you mean {}?", shown(&format!("{kind}.{id}")))),
            [kind, id] => {
                let near = crate::finding::did_you_mean(kind, predicates())?;
                self.scope.predicate(near, id)?;
                Some(format!("did you mean {}?", shown(&format!("{near}.{id}"))))
            }
            _ => None,
        }
    }

    fn reference(&mut self, reference: &Reference) {
        let name = shown(&reference.to_string());
        let fault = |code, message| Fault::new(code, reference.span, message);
        if reference.kind == "list" {
            let message = format!("{name} is a list of values, not a condition");
            let help = format!("write {}", shown(&format!("field in {reference}")));
            self.faults.push(fault(FaultCode::WrongKind, message).help(help));
            return;
        }
        let Some(predicate) = self.scope.predicate(&reference.kind, &reference.id) else {
            self.faults.push(unknown_reference(reference, self.scope));
            return;
        };
        if let Some(object) = predicate.object.filter(|object| object != self.object) {
            let message =
                format!("{name} is about {}, not about {}", shown(&object), shown(self.object));
            let help = format!("refer to a predicate about {}", shown(self.object));
            self.faults.push(fault(FaultCode::WrongKind, message).help(help));
        }
    }
}
