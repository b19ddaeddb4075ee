//! Every criterion of a model, parsed and typed, with places in the file.

use super::scope::ModelScope;
use crate::criteria::{self, Expr, Fault, FaultCode, Scope};
use crate::document::place_in_string;
use crate::finding::{Finding, Place};
use crate::model::{Address, Entity, Model, Shape, Slot};
use crate::source::Span;
use std::sync::Arc;

/// One criterion of a model.
#[derive(Debug, Clone)]
pub struct Criterion<'m> {
    /// Its address.
    pub address: Address,
    /// The stage, rule, … or entity it stands in.
    pub item: Address,
    /// The entity it stands in.
    pub entity: &'m Entity,
    /// The text as decoded.
    pub text: &'m str,
    /// Where the string is written, quotes included.
    pub span: Span,
    /// The id of the object it is typed against.
    pub object: Option<String>,
    /// What it says, as far as it could be read.
    pub expr: Option<Arc<Expr>>,
    /// What is wrong with how it is written, and with what it says of the model.
    pub faults: Vec<Fault>,
}

impl Criterion<'_> {
    /// The place of some words of the criterion in the file, escapes counted.
    pub fn place(&self, words: Span) -> Place {
        let source = &self.entity.source;
        Place::new(source, place_in_string(source.text(), self.span, words))
    }
}

/// The text of a criterion, read.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub(super) expr: Option<Arc<Expr>>,
    faults: Vec<Fault>,
}

impl Parsed {
    pub(super) fn of(text: &str) -> Self {
        let parsed = criteria::parse(text);
        Self { expr: parsed.expr.map(Arc::new), faults: parsed.faults }
    }
}

/// The criteria among some values, with their texts.
pub(super) fn written<'s, 'm>(
    slots: &'s [Slot<'m>],
) -> impl Iterator<Item = (&'s Slot<'m>, &'m str)> {
    let predicates = slots.iter().filter(|slot| *slot.shape == Shape::Predicate);
    predicates.filter_map(|slot| Some((slot, slot.node.as_text()?)))
}

/// All criteria of a model, in order of address.
pub(super) fn criteria<'m>(model: &'m Model, slots: &[Slot<'m>]) -> Vec<Criterion<'m>> {
    let all = written(slots);
    all.map(|(slot, text)| of_slot(model, slot, text, Parsed::of(text))).collect()
}

/// The same where the texts have been read already, in the same order.
pub(super) fn criteria_parsed<'m>(
    model: &'m Model,
    slots: &[Slot<'m>],
    parsed: &[Parsed],
) -> Vec<Criterion<'m>> {
    let all = written(slots).zip(parsed);
    all.map(|((slot, text), parsed)| of_slot(model, slot, text, parsed.clone())).collect()
}

fn of_slot<'m>(model: &'m Model, slot: &Slot<'m>, text: &'m str, parsed: Parsed) -> Criterion<'m> {
    Criterion {
        object: slot.object.map(str::to_owned).or_else(|| object_of(model, slot.entity)),
        address: slot.address.clone(),
        item: slot.item.clone(),
        entity: slot.entity,
        text,
        span: slot.node.span,
        expr: parsed.expr,
        faults: parsed.faults,
    }
}

/// The object an entity's criteria are typed against: its own, or for an exception that of the
/// criterion it waives.
pub fn object_of(model: &Model, entity: &Entity) -> Option<String> {
    if let Some(object) = entity.object() {
        return Some(object.to_owned());
    }
    let waived = entity.table.text("waives")?;
    let (above, _) = model.entity_above(waived)?;
    above.object().map(str::to_owned)
}

/// What is wrong with a criterion: how it is written, and what it says of the model's fields. What is
/// wrong with a field itself is told where it is declared.
pub fn criterion_findings(criterion: &Criterion<'_>) -> Vec<Finding> {
    let own = criterion.faults.iter().filter(|fault| fault.code != FaultCode::FieldAtFault);
    own.map(|fault| finding(criterion, fault.clone())).collect()
}

/// What a criterion says wrongly of the model's fields and predicates, as a scope has them.
pub(super) fn typed(
    criterion: &Criterion<'_>,
    model: &ModelScope<'_>,
    scope: &dyn Scope,
) -> Vec<Fault> {
    match (&criterion.expr, &criterion.object) {
        (Some(expr), Some(object)) if model.has_object(object) => {
            criteria::check(expr, object, scope)
        }
        _ => Vec::new(),
    }
}

fn finding(criterion: &Criterion<'_>, fault: Fault) -> Finding {
    let finding = Finding::new(rule(fault.code), fault.message)
        .at(criterion.place(fault.span))
        .about(criterion.address.as_str());
    match fault.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// The rule of `check` that reports a sort of fault.
pub fn rule(code: FaultCode) -> &'static str {
    match code {
        FaultCode::Syntax => "criterion-syntax",
        FaultCode::UnknownField | FaultCode::FieldAtFault => "unknown-field",
        FaultCode::UnknownValue => "unknown-value",
        FaultCode::UnknownReference => "unknown-reference",
        FaultCode::WrongKind => "wrong-kind",
        FaultCode::TypeMismatch => "type-mismatch",
        FaultCode::NeverHolds => "never-holds",
        FaultCode::AlwaysHolds => "always-holds",
    }
}
