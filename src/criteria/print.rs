//! The canonical spelling of an expression: what it prints parses to the same expression.

use super::expr::{
    Atom, Comparison, DaysTest, Direction, Expr, FieldPath, Literal, Node, Reference, SetOf, Test,
    Value,
};
use std::fmt::{self, Display, Formatter, Write as _};

/// How tightly the words around an expression bind; a looser expression needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Word,
}

/// Chains of no operands, which nobody can write, print as `always` and `never`.
impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_within(self, Binding::Or, f)
    }
}

/// Writes `expr` where at least `least` is asked for, in parentheses if it binds more loosely.
fn write_within(expr: &Expr, least: Binding, f: &mut Formatter<'_>) -> fmt::Result {
    if binding(expr) >= least {
        return write_bare(expr, f);
    }
    f.write_char('(')?;
    write_bare(expr, f)?;
    f.write_char(')')
}

fn binding(expr: &Expr) -> Binding {
    match &expr.node {
        Node::Or(operands) | Node::And(operands) if operands.len() < 2 => {
            operands.first().map_or(Binding::Word, binding)
        }
        Node::Or(_) => Binding::Or,
        Node::And(_) => Binding::And,
        // A comparison after `not` would be read as `(not field) …` by a person.
        Node::Not(_) | Node::Atom(_) if !is_bare_field(expr) => Binding::Not,
        _ => Binding::Word,
    }
}

fn is_bare_field(expr: &Expr) -> bool {
    matches!(&expr.node, Node::Atom(Atom { test: Test::IsTrue, .. }))
}

fn write_bare(expr: &Expr, f: &mut Formatter<'_>) -> fmt::Result {
    match &expr.node {
        Node::Or(operands) if operands.is_empty() => f.write_str("never"),
        Node::And(operands) if operands.is_empty() => f.write_str("always"),
        Node::Or(operands) => write_joined(operands, " or ", Binding::And, f),
        Node::And(operands) => write_joined(operands, " and ", Binding::Not, f),
        Node::Not(operand) => {
            f.write_str("not ")?;
            write_within(operand, Binding::Word, f)
        }
        Node::AtLeast { count, of } => {
            write!(f, "at least {count} of (")?;
            write_joined(of, ", ", Binding::Or, f)?;
            f.write_char(')')
        }
        Node::Atom(atom) => write!(f, "{atom}"),
        Node::Reference(reference) => write!(f, "{reference}"),
    }
}

fn write_joined(
    operands: &[Expr],
    joint: &str,
    least: Binding,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            f.write_str(joint)?;
        }
        // A single operand is no chain, so it keeps the binding it has.
        write_within(operand, if operands.len() == 1 { Binding::Or } else { least }, f)?;
    }
    Ok(())
}

impl Display for Atom {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { field, test } = self;
        match test {
            Test::IsTrue => write!(f, "{field}"),
            Test::Compare { op, value } => write!(f, "{field} {op} {value}"),
            Test::Between { low, high } => write!(f, "{field} between {low} and {high}"),
            Test::In { set, negated: false } => write!(f, "{field} in {set}"),
            Test::In { set, negated: true } => write!(f, "{field} not in {set}"),
            Test::IsSet { negated: false } => write!(f, "{field} is set"),
            Test::IsSet { negated: true } => write!(f, "{field} is not set"),
            Test::Contains(value) => write!(f, "{field} contains {value}"),
            Test::StartsWith(value) => write!(f, "{field} starts with {value}"),
            Test::EndsWith(value) => write!(f, "{field} ends with {value}"),
            Test::Days { direction, test } => write!(f, "{direction} {field} {test}"),
        }
    }
}

impl Display for Direction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Since => "days since",
            Self::Until => "days until",
        })
    }
}

impl Display for DaysTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare { op, days } => write!(f, "{op} {days}"),
            Self::Between { low, high } => write!(f, "between {low} and {high}"),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

impl Display for SetOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values(values) => write_list(values, f),
            Self::List(list) => write!(f, "{list}"),
        }
    }
}

impl Display for FieldPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.id)
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", Quoted(text)),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::DateTime(instant) => write!(f, "{instant}"),
            Self::Values(values) => write_list(values.iter().map(|value| Quoted(value)), f),
        }
    }
}

fn write_list(
    values: impl IntoIterator<Item = impl Display>,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    f.write_char('[')?;
    for (index, value) in values.into_iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{value}")?;
    }
    f.write_char(']')
}

/// Text in single quotes, a quote inside it doubled.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.0.replace('\'', "''"))
    }
}
