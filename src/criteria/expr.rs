//! The expression tree of a criterion, with the place in the text that each part came from.

use crate::source::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// The kinds a two-part name may start with to be a reference instead of a field.
pub const REFERENCE_KINDS: [&str; 5] = ["icp", "segment", "territory", "definition", "list"];

/// The words that cannot be the name of a field, in any letter case.
const RESERVED: [&str; 9] =
    ["and", "or", "not", "in", "is", "between", "contains", "true", "false"];

/// Whether a word has a meaning of its own and so cannot name a field.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// A criterion, or a part of one.
///
/// Equality, order and hash include the spans; [`Expr::same`] leaves them out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expr {
    /// Where it stands in the text, with its parentheses.
    pub span: Span,
    /// What it says.
    pub node: Node,
}

/// What an expression says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// At least one holds; of none: never.
    Or(Vec<Expr>),
    /// Each holds; of none: always.
    And(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// At least `count` of the expressions hold.
    AtLeast {
        /// How many have to hold.
        count: u32,
        /// The expressions that are counted.
        of: Vec<Expr>,
    },
    /// One field, one test.
    Atom(Atom),
    /// The predicate of a named part of the model.
    Reference(Reference),
}

/// One field and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom {
    /// The field.
    pub field: FieldPath,
    /// The question.
    pub test: Test,
}

/// A field, or a field of a related object (`account.industry`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    /// The names between the dots; never none.
    pub parts: Vec<String>,
    /// Where it stands in the text.
    pub span: Span,
}

/// What is asked of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// The bare field: it is true.
    IsTrue,
    /// `= != < <= > >=`
    Compare {
        /// The operator.
        op: Comparison,
        /// What the field is compared with.
        value: Literal,
    },
    /// `between low and high`, both included.
    Between {
        /// The least value that satisfies it.
        low: Literal,
        /// The greatest value that satisfies it.
        high: Literal,
    },
    /// `in` and `not in`
    In {
        /// The values.
        set: SetOf,
        /// Whether it is `not in`.
        negated: bool,
    },
    /// `is set` and `is not set`
    IsSet {
        /// Whether it is `is not set`.
        negated: bool,
    },
    /// `contains`: a part of a text, or one value of a multi-select.
    Contains(Literal),
    /// `starts with`
    StartsWith(Literal),
    /// `ends with`
    EndsWith(Literal),
    /// `days since f …` and `days until f …`
    Days {
        /// Which way is counted.
        direction: Direction,
        /// What is asked of the number of days.
        test: DaysTest,
    },
}

/// Which way days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the field's moment to the as-of instant.
    Since,
    /// From the as-of instant to the field's moment.
    Until,
}

/// What is asked of a number of whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DaysTest {
    /// `= != < <= > >=`
    Compare {
        /// The operator.
        op: Comparison,
        /// The days it is compared with.
        days: i64,
    },
    /// `between low and high`, both included.
    Between {
        /// The least number of days that satisfies it.
        low: i64,
        /// The greatest number of days that satisfies it.
        high: i64,
    },
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it asks for an order, not for equality.
    pub fn is_ordering(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// The operator that says the same with the two sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }
}

/// The values `in` looks among.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetOf {
    /// Written in brackets.
    Values(Vec<Literal>),
    /// A list of the model.
    List(Reference),
}

/// A value with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Literal {
    /// Where it stands, with its quotes.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A value, of a criterion or of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Text, the value of a choice, or the id a reference field holds.
    Text(String),
    /// Any number, money included.
    Number(Decimal),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// An instant.
    DateTime(Timestamp),
    /// The values of a multi-select; only records hold it.
    Values(Vec<String>),
}

/// A reference to a named part of the model, such as `icp.core`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// One of [`REFERENCE_KINDS`].
    pub kind: String,
    /// The id within its kind.
    pub id: String,
    /// Where it stands in the text.
    pub span: Span,
}

impl Expr {
    /// An expression without a place in a text.
    pub fn new(node: Node) -> Self {
        Self { span: Span::default(), node }
    }

    /// Each of the expressions; a single one stands for itself.
    pub fn all(operands: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(operands, Node::And)
    }

    /// At least one of the expressions; a single one stands for itself.
    pub fn any(operands: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(operands, Node::Or)
    }

    fn joined(operands: impl IntoIterator<Item = Self>, wrap: fn(Vec<Self>) -> Node) -> Self {
        let mut operands: Vec<Self> = operands.into_iter().collect();
        match (operands.len(), operands.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                operands.extend(last);
                let span = operands.iter().map(|operand| operand.span).reduce(Span::to);
                Self { span: span.unwrap_or_default(), node: wrap(operands) }
            }
        }
    }

    /// The opposite, at the same place.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { span: self.span, node: Node::Not(Box::new(self)) }
    }

    /// One field and its test, without a place in a text.
    pub fn atom(field: &str, test: Test) -> Self {
        Self::new(Node::Atom(Atom { field: FieldPath::new(field), test }))
    }
}

impl FieldPath {
    /// A path from its spelling, without a place in a text.
    pub fn new(path: &str) -> Self {
        Self { parts: path.split('.').map(str::to_owned).collect(), span: Span::default() }
    }

    /// The path as it is written, which is also its name in a record.
    pub fn name(&self) -> Cow<'_, str> {
        match self.parts.as_slice() {
            [only] => Cow::Borrowed(only),
            parts => Cow::Owned(parts.join(".")),
        }
    }

    /// Where the part at `index` stands in the text.
    pub fn part_span(&self, index: usize) -> Span {
        let start: usize = self.parts.iter().take(index).map(|part| part.len() + 1).sum();
        let length = self.parts.get(index).map_or(0, String::len);
        Span::new(self.span.start + start, self.span.start + start + length)
    }
}

impl Literal {
    /// A value without a place in a text.
    pub fn new(value: Value) -> Self {
        Self { span: Span::default(), value }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}
