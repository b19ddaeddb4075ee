//! What the language knows of a model: fields, predicates and lists, by name.

use super::expr::{Expr, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// The model as the checker, the expander and the evaluator see it.
pub trait Scope {
    /// What is known of a field of an object; `None` if there is no such field.
    fn field(&self, object: &str, name: &str) -> Option<FieldFacts<'_>>;

    /// The names of an object's fields, for did-you-mean.
    fn fields(&self, object: &str) -> Vec<String>;

    /// The predicate behind a reference such as `icp.core`; never one for the kind `list`.
    fn predicate(&self, kind: &str, id: &str) -> Option<Predicate>;

    /// Whether something goes by the name of a predicate or, for the kind `field`, of a field with
    /// its object, be it readable or not.
    fn is_there(&self, kind: &str, id: &str) -> bool {
        self.predicate(kind, id).is_some()
    }

    /// What an address of before a rename is called now.
    fn renamed(&self, _address: &str) -> Option<String> {
        None
    }

    /// The ids of a kind, lists included, for did-you-mean.
    fn predicates(&self, kind: &str) -> Vec<String>;

    /// The values of a list.
    fn list(&self, id: &str) -> Option<Arc<[String]>>;
}

/// What is known of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFacts<'a> {
    /// What it holds.
    pub kind: FieldKind,
    /// The declared values of a choice or a multi-select; none if they are not declared.
    pub values: Cow<'a, [String]>,
    /// Whether values outside the declared ones may occur.
    pub open: bool,
    /// The object a reference field leads to.
    pub target: Option<&'a str>,
    /// Whether every record has it.
    pub required: bool,
    /// Values as real records have them.
    pub examples: Cow<'a, [Value]>,
}

impl FieldFacts<'_> {
    /// A field of a kind, without declared values and without a target.
    pub fn new(kind: FieldKind) -> Self {
        Self {
            kind,
            values: Cow::Borrowed(&[]),
            open: false,
            target: None,
            required: false,
            examples: Cow::Borrowed(&[]),
        }
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKind {
    /// One of its declared values.
    Choice,
    /// Any number of its declared values.
    Choices,
    /// Text, compared without regard to case.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A number in the model's currency.
    Money,
    /// A day.
    Date,
    /// An instant.
    DateTime,
    /// The id of a record of another object.
    Reference,
}

impl FieldKind {
    /// The word of the model format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Reference => "reference",
        }
    }

    /// Whether its values have an order that `<` and `between` ask for.
    pub fn is_ordered(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Money | Self::Date | Self::DateTime)
    }

    /// Whether it is a day or an instant.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::DateTime)
    }
}

/// The expression a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicate {
    /// The object it is about; `None` if it fits any.
    pub object: Option<String>,
    /// What it asks for.
    pub expr: Arc<Expr>,
}
