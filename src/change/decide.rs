//! The question a change of a predicate asks, and whoever answers it.
//!
//! The answer given here is by form alone: two spellings of one canonical form are equivalent,
//! anything else is undecided. Exact analysis answers the same question better.

use super::canonical;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How two predicates compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same records pass.
    Equivalent,
    /// Everything that passed still does, and more.
    Looser {
        /// A record that passes now and did not before.
        admits: Witness,
    },
    /// Nothing new passes, and less than before.
    Tighter {
        /// A record that passed and does not any more.
        refuses: Witness,
    },
    /// Some records pass that did not, some do not that did.
    Shifted {
        /// A record that passes now and did not before.
        admits: Witness,
        /// A record that passed and does not any more.
        refuses: Witness,
    },
    /// Not decided, and why.
    Undecided(String),
}

/// A record that shows a difference: field names and values; a field left out is not set.
pub type Witness = BTreeMap<String, Json>;

/// One side of a question: a criterion and the revision it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The criterion as written.
    pub text: &'a str,
    /// The id of the object it is about, where it is known.
    pub object: Option<&'a str>,
}

/// How do these two criteria compare?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The address of the criterion.
    pub address: &'a str,
    /// Before.
    pub before: Side<'a>,
    /// After.
    pub after: Side<'a>,
}

/// Whoever answers.
pub trait Decide {
    /// The answer, honestly [`Verdict::Undecided`] where it is not known.
    fn decide(&self, question: Question<'_>) -> Verdict;
}

/// Decides by form alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByForm;

impl Decide for ByForm {
    fn decide(&self, question: Question<'_>) -> Verdict {
        let form = |side: Side<'_>| canonical::predicate(side.text);
        if form(question.before) == form(question.after) {
            Verdict::Equivalent
        } else {
            Verdict::Undecided("the two criteria differ in more than form".to_owned())
        }
    }
}
