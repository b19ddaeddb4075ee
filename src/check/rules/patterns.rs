//! Patterns over addresses that cover nothing there is, or could be.

use crate::check::Context;
use crate::finding::{Finding, did_you_mean};
use crate::model::{Entity, KINDS, Kind, Model, Pattern, Shape, is_id};
use crate::source::Span;
use std::collections::BTreeSet;

/// The addresses of a model, gathered once some pattern covers nothing.
pub(super) struct Patterns<'c, 'm> {
    context: &'c Context<'m>,
    addresses: Option<BTreeSet<String>>,
}

impl<'c, 'm> Patterns<'c, 'm> {
    pub(super) fn of(context: &'c Context<'m>) -> Self {
        Self { context, addresses: None }
    }

    /// The finding about a pattern that covers nothing; none for one that does, or may one day.
    pub(super) fn empty(
        &mut self,
        rule: &'static str,
        (entity, about): (&Entity, String),
        (text, span): (&str, Span),
    ) -> Option<Finding> {
        // What is no pattern at all has been told by the schema.
        let is_pattern = text.split('.').all(|step| step == "*" || is_id(step));
        if !is_pattern || covers_something(self.context.model, &Pattern::new(text)) {
            return None;
        }
        let addresses = self.addresses.get_or_insert_with(|| addresses_of(self.context));
        let help = match self.context.model.renamed(text) {
            Some(now) => format!("it is called `{now}` now"),
            None => nothing(text, addresses)?,
        };
        let finding = Finding::new(rule, format!("`{text}` covers nothing in this model"));
        Some(finding.at(entity.place(span)).about(about).help(help))
    }
}

/// Whether a pattern covers an entity, or a part of one.
pub(super) fn covers_something(model: &Model, pattern: &Pattern) -> bool {
    let covers_part =
        |entity: &Entity| entity.slots().iter().any(|slot| pattern.covers(slot.address.as_str()));
    model
        .entities_near(pattern)
        .any(|entity| pattern.covers(entity.address.as_str()) || covers_part(entity))
}

/// Everything that has an address.
fn addresses_of(context: &Context<'_>) -> BTreeSet<String> {
    let slots = context.scope.slots();
    let parts = slots.iter().map(|slot| slot.address.to_string());
    let wholes = context.model.entities().map(|entity| entity.address.to_string());
    parts.chain(wholes).collect()
}

/// What to do about a pattern that covers nothing; none for one that does, or may one day.
fn nothing(text: &str, addresses: &BTreeSet<String>) -> Option<String> {
    let pattern = Pattern::new(text);
    if addresses.iter().any(|address| pattern.covers(address)) || names_no_one(text) {
        return None;
    }
    let near = kind_corrected(text).or_else(|| nearest(text, addresses));
    Some(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the address of something in the model, or `*` in place of a name".to_owned(),
    })
}

/// Whether a pattern speaks of a kind and its properties, and of nothing by its name: it covers
/// what may be added one day.
fn names_no_one(text: &str) -> bool {
    let mut steps = text.split('.');
    let Some(kind) = steps.next() else { return false };
    let Some(kind) = Kind::of(kind) else { return kind == "*" };
    if !steps.by_ref().take(kind.depth).all(|step| step == "*") {
        return false;
    }
    let mut shape = Some(Shape::Record(kind.declaration()));
    while let Some(step) = steps.next() {
        shape = match shape {
            _ if step == "*" => None,
            Some(Shape::Record(declaration)) => match declaration.property(step) {
                Some(property) => Some(property.shape.clone()),
                None => return false,
            },
            Some(Shape::Items(_) | Shape::Named(_)) => return false,
            other => other,
        };
        if let Some(Shape::Items(declaration)) = &shape
            && steps.clone().next() == Some("*")
        {
            shape = Some(Shape::Record(declaration));
            steps.next();
        }
    }
    true
}

/// The pattern with the kind that was probably meant, where there is no such kind.
fn kind_corrected(text: &str) -> Option<String> {
    let kind = text.split('.').next()?;
    let near = did_you_mean(kind, KINDS.iter().map(|kind| kind.id)).filter(|near| *near != kind)?;
    Some(text.replacen(kind, near, 1))
}

/// The address that was probably meant, as long as the pattern.
fn nearest(text: &str, addresses: &BTreeSet<String>) -> Option<String> {
    let steps = text.split('.').count();
    let cut = |address: &String| address.split('.').take(steps).collect::<Vec<_>>().join(".");
    let as_long: BTreeSet<String> = addresses.iter().map(cut).collect();
    did_you_mean(text, as_long.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{names_no_one, nothing};
    use std::collections::BTreeSet;

    #[test]
    fn a_pattern_may_speak_of_what_is_to_come() {
        for text in ["*", "pilot.*", "exception", "lifecycle.*.stage.*.exit", "field.*.*.values"] {
            assert!(names_no_one(text), "{text}");
        }
        for text in ["pilots.*", "pilot.apac", "lifecycle.*.stage.sql", "lifecycle.*.stgae.*"] {
            assert!(!names_no_one(text), "{text}");
        }
    }

    #[test]
    fn the_help_names_what_is_near() {
        let addresses = BTreeSet::from(["definition.mql.criteria.fit".to_owned()]);
        let help = |text| nothing(text, &addresses).unwrap_or_default();
        assert_eq!(help("definition.mqls"), "did you mean `definition.mql`?");
        assert_eq!(help("definitions.*"), "did you mean `definition.*`?");
        assert_eq!(help("definition.mql"), "");
    }
}
