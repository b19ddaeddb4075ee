//! Records that are guessed and then tried.
//!
//! Whether a criterion can hold is mostly seen by a record for which it does, and such a record is
//! mostly found by taking the criterion at its word: a value for each field that does what is asked
//! of the field. What was guessed is put to the evaluator; a guess that fails says nothing.

use super::plain::is_one_of;
use super::prover::Wanted;
use super::universe::facts;
use crate::criteria::{
    self, Atom, DaysTest, Direction, Expr, FieldFacts, FieldKind, FieldPath, Node, Record, Scope,
    SetOf, Test, Value, midnight,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Criteria of more parts than this are not guessed at.
const MOST_PARTS: usize = 2_000;

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// How many ways to pick among alternatives are tried.
const TURNS: usize = 3;

/// A record for which criteria do what is wanted; none where none was guessed.
pub(super) fn guess(
    object: &str,
    scope: &dyn Scope,
    wanted: &[Wanted<'_>],
    as_of: Timestamp,
) -> Option<Record> {
    for turn in 0..TURNS {
        let mut guess =
            Guess { object, scope, as_of, turn, parts: 0, is_free: false, fields: BTreeMap::new() };
        for wanted in wanted {
            guess.want(wanted.expr, wanted.holds)?;
        }
        if guess.names_related() {
            return None;
        }
        let record = guess.record();
        let does = |record: &Record| {
            wanted.iter().all(|wanted| {
                criteria::evaluate(wanted.expr, record, object, scope, as_of) == Ok(wanted.holds)
            })
        };
        if let Some(record) = record.filter(does) {
            return Some(record);
        }
        if !guess.is_free {
            break;
        }
    }
    None
}

struct Guess<'a> {
    object: &'a str,
    scope: &'a dyn Scope,
    as_of: Timestamp,
    turn: usize,
    parts: usize,
    /// Whether there was anything to pick.
    is_free: bool,
    /// What is asked of each field.
    fields: BTreeMap<String, Asks>,
}

struct Asks {
    path: FieldPath,
    tests: Vec<(Atom, bool)>,
}

/// None of the values that were tried does what is asked of a field.
struct NothingFits;

impl Guess<'_> {
    /// Asks a criterion to hold or to fail; none where it cannot, or there is too much of it.
    fn want(&mut self, expr: &Expr, holds: bool) -> Option<()> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return None;
        }
        match &expr.node {
            Node::And(of) => self.enough(of, of.len(), holds),
            Node::Or(of) => self.enough(of, 1, holds),
            Node::AtLeast { count, of } => self.enough(of, usize::try_from(*count).ok()?, holds),
            Node::Not(inner) => self.want(inner, !holds),
            Node::Atom(atom) => {
                self.asks(&atom.field).tests.push((atom.clone(), holds));
                Some(())
            }
            Node::Reference(reference) => {
                let predicate = self.scope.predicate(&reference.kind, &reference.id)?;
                self.want(&predicate.expr, holds)
            }
        }
    }

    /// Whether several fields around one related record are named, one of which such a record must
    /// have: what goes with it is not guessed.
    fn names_related(&self) -> bool {
        let mut seen = BTreeMap::new();
        for asks in self.fields.values() {
            let Some(first) = asks.path.parts.first() else { continue };
            let (paths, longer) = seen.entry(first).or_insert((0, false));
            *paths += 1;
            *longer |= asks.path.parts.len() > 1
                && facts(self.object, &asks.path, self.scope).is_some_and(|(f, _)| f.required);
        }
        seen.values().any(|(paths, longer)| *paths > 1 && *longer)
    }

    /// Asks so many of some criteria to hold, or so many to fail that fewer do.
    fn enough(&mut self, of: &[Expr], least: usize, holds: bool) -> Option<()> {
        let needed = if holds { least } else { (of.len() + 1).checked_sub(least)? };
        if needed > of.len() {
            return None;
        }
        self.is_free |= needed > 0 && needed < of.len();
        for place in 0..of.len() {
            let one = of.get((place + self.turn) % of.len())?;
            if place < needed {
                self.want(one, holds)?;
            } else {
                self.mention(one)?;
            }
        }
        Some(())
    }

    /// Takes note of the fields of a criterion that may answer as it likes.
    fn mention(&mut self, expr: &Expr) -> Option<()> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return None;
        }
        match &expr.node {
            Node::Atom(atom) => {
                self.asks(&atom.field);
            }
            Node::Reference(reference) => {
                let predicate = self.scope.predicate(&reference.kind, &reference.id)?;
                self.mention(&predicate.expr)?;
            }
            _ => expr.operands().iter().try_for_each(|one| self.mention(one))?,
        }
        Some(())
    }

    fn asks(&mut self, path: &FieldPath) -> &mut Asks {
        let name = path.name().into_owned();
        self.fields.entry(name).or_insert_with(|| Asks { path: path.clone(), tests: Vec::new() })
    }

    /// A record with a value for each field that is asked for one.
    fn record(&self) -> Option<Record> {
        let mut record = Record::new();
        // A part stands behind what it is a part of: what has a part must be there itself.
        for (name, asks) in self.fields.iter().rev() {
            let must = record.get(name).is_some();
            let Some(value) = self.value(asks, must).ok()? else { continue };
            record.set(name.clone(), value);
            for (dot, _) in name.match_indices('.') {
                let above = name.get(..dot)?;
                if record.get(above).is_none() {
                    // Any id will do, unless the field itself is asked for one.
                    record.set(above, "Other");
                }
            }
        }
        Some(record)
    }

    /// A value that does what is asked of a field, or none if that does it.
    fn value(&self, asks: &Asks, must: bool) -> Result<Option<Value>, NothingFits> {
        let found = facts(self.object, &asks.path, self.scope);
        let (facts, required) = found.ok_or(NothingFits)?;
        let does = |value: Option<&Value>| {
            asks.tests.iter().all(|(atom, holds)| {
                criteria::passes(atom, value, self.object, self.scope, self.as_of) == Ok(*holds)
            })
        };
        if !required && !must && does(None) {
            return Ok(None);
        }
        let named = asks.tests.iter().flat_map(|(atom, _)| self.named(&atom.test, facts.kind));
        let any = self.any(&facts);
        let mut values = named.chain(any).filter(|value| is_possible(value, &facts));
        values.find(|value| does(Some(value))).map(Some).ok_or(NothingFits)
    }

    /// Values that a test names, and their neighbours.
    fn named(&self, test: &Test, kind: FieldKind) -> Vec<Value> {
        match test {
            Test::Compare { value, .. } => near(&value.value, kind),
            Test::Between { low, high } => {
                [near(&low.value, kind), near(&high.value, kind)].concat()
            }
            Test::In { set: SetOf::Values(values), .. } => {
                values.iter().map(|value| value.value.clone()).collect()
            }
            Test::In { set: SetOf::List(list), .. } => {
                let values = self.scope.list(&list.id);
                values
                    .iter()
                    .flat_map(|values| values.iter())
                    .map(|v| Value::from(v.as_str()))
                    .collect()
            }
            Test::Contains(part) if kind == FieldKind::Choices => match &part.value {
                Value::Text(text) => vec![Value::Values(vec![text.clone()])],
                _ => Vec::new(),
            },
            Test::Contains(part) | Test::StartsWith(part) | Test::EndsWith(part) => {
                vec![part.value.clone()]
            }
            Test::Days { direction, test } => self.moments(*direction, *test, kind),
            Test::IsTrue | Test::IsSet { .. } => Vec::new(),
        }
    }

    fn moments(&self, direction: Direction, test: DaysTest, kind: FieldKind) -> Vec<Value> {
        let bounds = match test {
            DaysTest::Compare { days, .. } => vec![days],
            DaysTest::Between { low, high } => vec![low, high],
        };
        let days = bounds
            .into_iter()
            .flat_map(|days| [days, days.saturating_add(1), days.saturating_sub(1)]);
        let days = days
            .map(|days| if direction == Direction::Since { days.saturating_neg() } else { days });
        days.filter_map(|days| later(&self.now(kind), days)).collect()
    }

    fn now(&self, kind: FieldKind) -> Value {
        match kind {
            FieldKind::Date => Value::Date(TimeZone::UTC.to_datetime(self.as_of).date()),
            _ => Value::DateTime(self.as_of),
        }
    }

    /// Some values of a field.
    fn any<'f>(&'f self, facts: &'f FieldFacts<'_>) -> Box<dyn Iterator<Item = Value> + 'f> {
        let declared = facts.values.iter();
        match facts.kind {
            FieldKind::Choices => Box::new(
                std::iter::once(facts.values.to_vec())
                    .chain(declared.cloned().map(|value| vec![value]))
                    .map(Value::Values),
            ),
            FieldKind::Bool => Box::new([true, false].map(Value::Bool).into_iter()),
            FieldKind::Date | FieldKind::DateTime => {
                Box::new(std::iter::once(self.now(facts.kind)))
            }
            FieldKind::Integer | FieldKind::Number | FieldKind::Money => {
                Box::new([100_i64, 0].map(Value::from).into_iter())
            }
            FieldKind::Text | FieldKind::Choice | FieldKind::Reference => {
                let others = ["Other", "Other 2"];
                Box::new(declared.map(String::as_str).chain(others).map(Value::from))
            }
        }
    }
}

/// Whether a field may hold a value.
fn is_possible(value: &Value, facts: &FieldFacts<'_>) -> bool {
    match (value, facts.kind) {
        (Value::Text(text), FieldKind::Choice | FieldKind::Reference | FieldKind::Text) => {
            is_one_of(text, facts)
        }
        (Value::Values(values), FieldKind::Choices) => {
            !values.is_empty() && values.iter().all(|value| is_one_of(value, facts))
        }
        (Value::Bool(_), FieldKind::Bool)
        | (Value::Number(_), FieldKind::Number | FieldKind::Money)
        | (Value::Date(_), FieldKind::Date)
        | (Value::DateTime(_), FieldKind::DateTime) => true,
        (Value::Number(number), FieldKind::Integer) => number.is_integer(),
        _ => false,
    }
}

/// A value and its neighbours.
fn near(value: &Value, kind: FieldKind) -> Vec<Value> {
    match value {
        Value::Number(number) => {
            let up = number.checked_add(Decimal::ONE);
            let down = number.checked_sub(Decimal::ONE);
            let whole = (kind == FieldKind::Integer).then(|| number.floor());
            [Some(*number), up, down, whole].into_iter().flatten().map(Value::Number).collect()
        }
        Value::Date(date) if kind == FieldKind::DateTime => {
            near(&Value::DateTime(midnight(*date)), kind)
        }
        Value::Date(_) | Value::DateTime(_) => {
            [0, 1, -1].into_iter().filter_map(|days| later(value, days)).collect()
        }
        other => vec![other.clone()],
    }
}

/// So many days later.
fn later(value: &Value, days: i64) -> Option<Value> {
    match value {
        Value::Date(date) => moved(*date, days).map(Value::Date),
        Value::DateTime(instant) => {
            let moved = instant.as_nanosecond() + i128::from(days) * NANOSECONDS_A_DAY;
            Timestamp::from_nanosecond(moved).ok().map(Value::DateTime)
        }
        _ => None,
    }
}

fn moved(date: Date, days: i64) -> Option<Date> {
    let span = Span::new().try_days(days).ok()?;
    date.checked_add(span).ok()
}
