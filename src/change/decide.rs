//! The question a change of a predicate asks, and whoever answers it.
//!
//! By form alone, two spellings of one canonical form are equivalent and anything else is
//! undecided. Where both models are at hand whole, the same question is decided exactly.

use super::base::Base;
use super::canonical;
use super::renames::Names;
use crate::criteria;
use crate::load::{Criterion, ModelScope};
use crate::model::{Entity, Pattern};
use crate::proof::{Asked, Prover, Verdict};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// One side of a question: a criterion and the revision it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The address of the criterion in that revision.
    pub address: &'a str,
    /// The criterion as written.
    pub text: &'a str,
    /// The criterion in canonical spelling, where that is at hand.
    pub form: Option<&'a str>,
}

/// How do these two criteria compare?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Before.
    pub before: Side<'a>,
    /// After.
    pub after: Side<'a>,
    /// What was renamed between the two.
    pub names: &'a Names,
}

/// Whoever answers.
pub trait Decide {
    /// The answer, honestly [`Verdict::Undecided`] where it is not known.
    fn decide(&self, question: Question<'_>) -> Verdict;

    /// Whether [`Self::meaning`] is ever known: where it is not, nothing is looked for that it would be
    /// asked about.
    fn knows_meaning(&self) -> bool {
        false
    }

    /// What one side of a criterion says with everything it refers to written out, where it refers to
    /// anything and that is known: whoever approves it approves that.
    fn meaning(&self, _side: Side<'_>, _is_after: bool) -> Option<String> {
        None
    }

    /// What an exception of one side waives, as far as that is known: whoever approves it approves that this
    /// does not count.
    fn waived(&self, _exception: &Entity, _is_after: bool) -> Option<Json> {
        None
    }
}

/// Decides by form alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByForm;

impl Decide for ByForm {
    fn decide(&self, question: Question<'_>) -> Verdict {
        let form = |side: Side<'_>| {
            side.form.map_or_else(|| canonical::predicate(side.text), str::to_owned)
        };
        if form(question.before) == form(question.after) {
            Verdict::Equivalent
        } else {
            Verdict::Undecided("the two criteria differ in more than form".to_owned())
        }
    }
}

/// Decides for all records there can be, with both models at hand.
#[derive(Debug, Clone, Copy)]
pub struct Exactly<'a, 'm> {
    /// How much work a question may take, and from which instant days are counted.
    pub prover: Prover,
    /// The whole model before.
    pub before: &'a ModelScope<'m>,
    /// The whole model after.
    pub after: &'a ModelScope<'m>,
}

impl Decide for Exactly<'_, '_> {
    fn knows_meaning(&self) -> bool {
        true
    }

    fn meaning(&self, side: Side<'_>, is_after: bool) -> Option<String> {
        let expr = criteria::parse(side.text).sound()?;
        if criteria::references(&expr).is_empty() {
            return None;
        }
        let scope = if is_after { self.after } else { self.before };
        canonical::written_out(&expr, scope)
    }

    fn waived(&self, exception: &Entity, is_after: bool) -> Option<Json> {
        if exception.table.get("waives_finding").is_some() {
            return None;
        }
        let scope = if is_after { self.after } else { self.before };
        let address = exception.table.text("waives")?;
        let says = |criterion: &Criterion<'_>| {
            let means = canonical::written_out(criterion.expr.as_deref()?, scope)?;
            Some((criterion.address.to_string(), means))
        };
        let covered = Pattern::new(address);
        let criteria: BTreeMap<String, String> =
            scope.criteria_covered(&covered).filter_map(says).collect();
        let limit = scope.model().part(address).and_then(|part| part.node);
        let limit = limit.filter(|_| criteria.is_empty()).map(canonical::plain);
        (!criteria.is_empty() || limit.is_some()).then(|| json!([criteria, limit]))
    }

    fn decide(&self, question: Question<'_>) -> Verdict {
        let Question { before, after, names } = question;
        let undecided = |why: &str| Verdict::Undecided(why.to_owned());
        let object = |scope: &'_ ModelScope<'_>, side: Side<'_>| {
            let mut found = scope.criteria_below(side.address);
            found.find(|criterion| criterion.address.as_str() == side.address)?.object.clone()
        };
        let objects = (object(self.before, before), object(self.after, after));
        let (Some(was), Some(object)) = objects else {
            return undecided("it is not said which type of record it is about");
        };
        if names.object_now(&was) != object {
            return undecided("it is about another type of record now");
        }
        let read = |side: Side<'_>| criteria::parse(side.text).sound();
        let (Some(old), Some(new)) = (read(before), read(after)) else {
            return undecided("it is not written in the criteria language on both sides");
        };
        let base = Base::new(self.before, names);
        let before = Asked { expr: &base.expr(&old, &was), scope: &base };
        let after = Asked { expr: &new, scope: self.after };
        self.prover.compare(&object, before, after)
    }
}
