//! Patterns over addresses that cover nothing there is, or could be.

use crate::check::Context;
use crate::finding::{Finding, did_you_mean};
use crate::model::{Entity, KINDS, Kind, Model, Pattern, Shape, is_id};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::str::Split;

/// The addresses of a model, gathered once some pattern may cover nothing.
pub(super) struct Patterns<'c, 'm> {
    context: &'c Context<'m>,
    addresses: Option<Addresses>,
    /// What to do about each pattern that was looked at.
    known: BTreeMap<String, Option<String>>,
}

impl<'c, 'm> Patterns<'c, 'm> {
    pub(super) fn of(context: &'c Context<'m>) -> Self {
        Self { context, addresses: None, known: BTreeMap::new() }
    }

    /// The finding about a pattern that covers nothing; none for one that does, or may one day.
    pub(super) fn empty(
        &mut self,
        rule: &'static str,
        (entity, about): (&Entity, String),
        (text, span): (&str, Span),
    ) -> Option<Finding> {
        if !self.known.contains_key(text) {
            let help = self.help(text);
            self.known.insert(text.to_owned(), help);
        }
        let help = self.known.get(text)?.clone()?;
        let finding = Finding::new(rule, format!("`{text}` covers nothing in this model"));
        Some(finding.at(entity.place(span)).about(about).help(help))
    }

    /// What to do about a pattern that covers nothing; none for one that does, or may one day.
    fn help(&mut self, text: &str) -> Option<String> {
        // What is no pattern at all has been told by the schema.
        let is_pattern = text.split('.').all(|step| step == "*" || is_id(step));
        if !is_pattern {
            return None;
        }
        let model = self.context.model;
        // What goes on behind a `*` may be anywhere: that is looked up.
        let is_anywhere = text.trim_end_matches(".*").contains('*');
        if !is_anywhere && covers_something(model, &Pattern::new(text)) {
            return None;
        }
        let addresses = self.addresses.get_or_insert_with(|| Addresses::of(self.context));
        if addresses.are_covered_by(text) {
            return None;
        }
        match model.renamed(text) {
            Some(now) => Some(format!("it is called `{now}` now")),
            None => addresses.nothing(text),
        }
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
#[derive(Debug, Default)]
struct Addresses {
    all: BTreeSet<String>,
    /// The same, step by step.
    steps: Steps,
    /// Those that are as long as a pattern, or longer and cut, by that length.
    cut: BTreeMap<usize, BTreeSet<String>>,
}

/// The steps that follow, each with those behind it.
#[derive(Debug, Default)]
struct Steps(BTreeMap<String, Self>);

impl Steps {
    fn are_covered_by(&self, mut wanted: Split<'_, char>) -> bool {
        match wanted.next() {
            None => true,
            Some("*") => self.0.values().any(|next| next.are_covered_by(wanted.clone())),
            Some(step) => self.0.get(step).is_some_and(|next| next.are_covered_by(wanted)),
        }
    }
}

impl Addresses {
    fn of(context: &Context<'_>) -> Self {
        let slots = context.scope.slots();
        let parts = slots.iter().map(|slot| slot.address.to_string());
        let wholes = context.model.entities().map(|entity| entity.address.to_string());
        parts.chain(wholes).collect()
    }

    /// Whether a pattern covers any of them.
    fn are_covered_by(&self, pattern: &str) -> bool {
        self.steps.are_covered_by(pattern.split('.'))
    }

    /// What to do about a pattern that covers none of them; none for one that may cover some one day.
    fn nothing(&mut self, text: &str) -> Option<String> {
        if names_no_one(text) {
            return None;
        }
        let near = kind_corrected(text).or_else(|| self.nearest(text));
        Some(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "write the address of something in the model, or `*` in place of a name".to_owned()
            }
        })
    }

    /// The address that was probably meant, as long as the pattern.
    fn nearest(&mut self, text: &str) -> Option<String> {
        let steps = text.split('.').count();
        let cut = |address: &String| address.split('.').take(steps).collect::<Vec<_>>().join(".");
        let as_long = self.cut.entry(steps).or_insert_with(|| self.all.iter().map(cut).collect());
        did_you_mean(text, as_long.iter().map(String::as_str)).map(str::to_owned)
    }
}

impl FromIterator<String> for Addresses {
    fn from_iter<I: IntoIterator<Item = String>>(addresses: I) -> Self {
        let all: BTreeSet<String> = addresses.into_iter().collect();
        let mut steps = Steps::default();
        for address in &all {
            let mut at = &mut steps;
            for step in address.split('.') {
                at = at.0.entry(step.to_owned()).or_default();
            }
        }
        Self { all, steps, cut: BTreeMap::new() }
    }
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

#[cfg(test)]
mod tests {
    use super::{Addresses, names_no_one};

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
        let mut addresses = Addresses::from_iter(["definition.mql.criteria.fit".to_owned()]);
        assert!(addresses.are_covered_by("definition.*.criteria"));
        assert!(!addresses.are_covered_by("definition.*.criteria.*.more"));
        let mut help = |text| addresses.nothing(text).unwrap_or_default();
        assert_eq!(help("definition.mqls"), "did you mean `definition.mql`?");
        assert_eq!(help("definitions.*"), "did you mean `definition.*`?");
        assert_eq!(help("definition.*"), "");
    }
}
