//! Criteria in words: what must hold, a step at a time.

use super::prose::{Names, Text};
use crate::criteria::{
    Atom, Comparison, DaysTest, Direction, Expr, FieldPath, Literal, Node, Reference, SetOf, Test,
    Value,
};
use crate::load::Criterion;
use crate::view::thousands;
use serde::Serialize;

/// Of more values than this the first are told; all of them stand where it is written.
const VALUES: usize = 12;

/// More parts than this stand below each other, not in one line.
const IN_LINE: usize = 2;

/// What must hold, and of what it is made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(in crate::site) struct Clause {
    words: Text,
    below: Vec<Self>,
}

impl Clause {
    fn leaf(words: Text) -> Self {
        Self { words, below: Vec::new() }
    }

    fn of(words: &str, below: Vec<Self>) -> Self {
        Self { words: Text::of(words), below }
    }

    /// The words of a clause that is one line; none for one with parts.
    pub(in crate::site) fn line(&self) -> Option<&Text> {
        self.below.is_empty().then_some(&self.words)
    }
}

/// Puts criteria into words.
#[derive(Clone, Copy)]
pub(in crate::site) struct Teller<'a, 'm> {
    pub(in crate::site) names: Names<'m>,
    pub(in crate::site) object: Option<&'a str>,
}

/// What a criterion asks, in words; as it is written where it cannot be read.
pub(in crate::site) fn clause(names: Names<'_>, criterion: &Criterion<'_>) -> Clause {
    match criterion.expr.as_deref() {
        Some(expr) => Teller { names, object: criterion.object.as_deref() }.clause(expr),
        None => Clause::leaf(Text::default().code(criterion.text)),
    }
}

impl Teller<'_, '_> {
    /// What an expression asks.
    pub(in crate::site) fn clause(&self, expr: &Expr) -> Clause {
        match &expr.node {
            Node::And(all) => self.of_all("all of these:", " and ", all),
            Node::Or(all) => self.of_all("one of these, or more:", " or ", all),
            Node::AtLeast { count, of } => {
                let below = of.iter().map(|part| self.clause(part)).collect();
                Clause::of(&format!("at least {count} of these:"), below)
            }
            Node::Not(inner) => self.not(inner),
            Node::Atom(atom) => Clause::leaf(self.atom(atom)),
            Node::Reference(reference) => Clause::leaf(self.reference(reference, false)),
        }
    }

    fn of_all(&self, head: &str, between: &str, all: &[Expr]) -> Clause {
        let mut parts: Vec<Clause> = all.iter().map(|part| self.clause(part)).collect();
        if let (1, Some(only)) = (parts.len(), parts.pop_if(|_| all.len() == 1)) {
            return only;
        }
        let plain = all.iter().all(is_short);
        let lines: Option<Vec<Text>> = parts.iter().map(|part| part.line().cloned()).collect();
        match lines {
            Some(lines) if plain && lines.len() <= IN_LINE && !lines.is_empty() => {
                Clause::leaf(Text::joined(lines, between))
            }
            _ => Clause::of(head, parts),
        }
    }

    fn not(&self, inner: &Expr) -> Clause {
        match &inner.node {
            Node::Reference(reference) => Clause::leaf(self.reference(reference, true)),
            Node::Atom(Atom { field, test: Test::IsTrue }) => {
                Clause::leaf(self.field(field).plain(" is not true"))
            }
            _ => match self.clause(inner) {
                Clause { words, below } if below.is_empty() => {
                    Clause::leaf(Text::of("it does not hold that ").then(words))
                }
                whole => Clause::of("this does not hold:", vec![whole]),
            },
        }
    }

    fn reference(&self, reference: &Reference, negated: bool) -> Text {
        let (is, is_not) = match reference.kind.as_str() {
            "icp" => ("fits ", "does not fit "),
            "segment" => ("is in the segment ", "is not in the segment "),
            "territory" => ("lies in the territory ", "does not lie in the territory "),
            "persona" => ("is of the persona ", "is not of the persona "),
            _ => ("counts as ", "does not count as "),
        };
        let words = if negated { is_not } else { is };
        Text::of(words).then(self.names.link(&reference.to_string()))
    }

    fn field(&self, path: &FieldPath) -> Text {
        self.names.field(self.object, path)
    }

    fn atom(&self, atom: &Atom) -> Text {
        let field = self.field(&atom.field);
        match &atom.test {
            Test::IsTrue => field.plain(" is true"),
            Test::Compare { op, value } => {
                let text = field.plain(compared(*op, value)).then(told(value));
                if *op == Comparison::NotEqual { text.dim(" (or it is not set)") } else { text }
            }
            Test::Between { low, high } => {
                field.plain(" is from ").then(told(low)).plain(" to ").then(told(high))
            }
            Test::In { set, negated } => {
                let words = if *negated { " is none of " } else { " is one of " };
                let text = match set {
                    SetOf::Values(values) => field.plain(words).then(one_of(values)),
                    SetOf::List(list) => {
                        let words =
                            if *negated { " is not in the list " } else { " is in the list " };
                        field.plain(words).then(self.names.link(&list.to_string()))
                    }
                };
                if *negated { text.dim(" (or it is not set)") } else { text }
            }
            Test::IsSet { negated: false } => field.plain(" is set"),
            Test::IsSet { negated: true } => field.plain(" is not set"),
            Test::Contains(value) => field.plain(" contains ").then(told(value)),
            Test::StartsWith(value) => field.plain(" starts with ").then(told(value)),
            Test::EndsWith(value) => field.plain(" ends with ").then(told(value)),
            Test::Days { direction, test } => field.plain(days(*direction, *test)),
        }
    }
}

/// Some values, of which any will do; of many the first.
fn one_of(values: &[Literal]) -> Text {
    let more = values.len().saturating_sub(VALUES);
    if more < 2 {
        return Text::joined(values.iter().map(told).collect(), " or ");
    }
    let first = values.iter().take(VALUES).map(told).collect();
    Text::joined(first, ", ").dim(format!(" or {more} more"))
}

/// Whether an expression is one test, so that two of them fit into a line.
fn is_short(expr: &Expr) -> bool {
    match &expr.node {
        Node::Not(inner) => is_short(inner),
        Node::Atom(Atom { test: Test::In { set: SetOf::Values(values), .. }, .. }) => {
            values.len() <= IN_LINE
        }
        Node::Atom(_) | Node::Reference(_) => true,
        _ => false,
    }
}

fn compared(op: Comparison, value: &Literal) -> &'static str {
    let is_time = matches!(value.value, Value::Date(_) | Value::DateTime(_));
    match op {
        Comparison::Equal => " is ",
        Comparison::NotEqual => " is not ",
        Comparison::Less if is_time => " is before ",
        Comparison::LessOrEqual if is_time => " is no later than ",
        Comparison::Greater if is_time => " is after ",
        Comparison::GreaterOrEqual if is_time => " is no earlier than ",
        Comparison::Less => " is below ",
        Comparison::LessOrEqual => " is at most ",
        Comparison::Greater => " is above ",
        Comparison::GreaterOrEqual => " is at least ",
    }
}

fn told(literal: &Literal) -> Text {
    let text = match &literal.value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number_in_words(&number.to_string()),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(instant) => instant.to_string(),
        Value::Values(values) => values.join(", "),
    };
    Text::default().strong(text)
}

/// A number as people write it: `1,234,567.5`.
pub(in crate::site) fn number_in_words(number: &str) -> String {
    let (whole, rest) = match number.split_once('.') {
        Some((whole, rest)) => (whole, format!(".{rest}")),
        None => (number, String::new()),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let digits = digits.parse::<u64>().map_or_else(|_| digits.to_owned(), thousands);
    format!("{sign}{digits}{rest}")
}

fn days(direction: Direction, test: DaysTest) -> String {
    let (was, there) = match direction {
        Direction::Since => ("was", "ago"),
        Direction::Until => ("is", "ahead"),
    };
    let length = |days: i64| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    match test {
        DaysTest::Between { low, high } => {
            format!(" {was} from {low} to {} {there}", length(high))
        }
        DaysTest::Compare { op, days } => {
            let words = match op {
                Comparison::Equal => "exactly",
                Comparison::NotEqual => "not exactly",
                Comparison::Less => "less than",
                Comparison::LessOrEqual => "at most",
                Comparison::Greater => "more than",
                Comparison::GreaterOrEqual => "at least",
            };
            format!(" {was} {words} {} {there}", length(days))
        }
    }
}
