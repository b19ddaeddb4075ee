//! Records that are guessed and then tried.
//!
//! Whether a criterion can hold is mostly seen by a record for which it does, and such a record is
//! mostly found by taking the criterion at its word: a value for each field that does what is asked
//! of the field. What was guessed is put to the evaluator; a guess that fails says nothing.

use super::plain::is_one_of;
use super::prover::Wanted;
use super::universe::facts;
use crate::criteria::{
    self, DaysTest, Direction, Expr, FieldFacts, FieldKind, FieldPath, Node, Record, Reference,
    Scope, SetOf, Test, Value, midnight,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Criteria of more parts than this are not guessed at.
const MOST_PARTS: usize = 2_000;

/// Criteria that lead to more predicates than this are not guessed at.
const MOST_PREDICATES: usize = 200;

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
    guess_beside(object, scope, (wanted, &[]), as_of)
}

/// A record for which criteria do what is wanted, and that has some more fields with whatever value.
pub(super) fn guess_beside(
    object: &str,
    scope: &dyn Scope,
    (wanted, beside): (&[Wanted<'_>], &[FieldPath]),
    as_of: Timestamp,
) -> Option<Record> {
    let predicates = &Predicates::behind(wanted, scope)?;
    for turn in 0..TURNS {
        let fields = BTreeMap::new();
        let mut guess =
            Guess { object, scope, predicates, as_of, turn, parts: 0, is_free: false, fields };
        for wanted in wanted {
            guess.want(wanted.expr, wanted.holds)?;
        }
        for path in beside {
            guess.asks(path);
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

/// Whether a criterion that a record meets is failed by the record without one of its fields.
pub(super) fn fails_without_a_field(
    object: &str,
    scope: &dyn Scope,
    (expr, record): (&Expr, &Record),
    as_of: Timestamp,
) -> bool {
    record.iter().any(|(name, _)| {
        let is_part = |(other, _): (&str, _)| {
            other.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
        };
        let facts = facts(object, &FieldPath::new(name), scope);
        if facts.is_none_or(|(_, required)| required) || record.iter().any(is_part) {
            return false;
        }
        let mut fewer = record.clone();
        fewer.unset(name);
        criteria::evaluate(expr, &fewer, object, scope, as_of) == Ok(false)
    })
}

struct Guess<'a> {
    object: &'a str,
    scope: &'a dyn Scope,
    predicates: &'a Predicates,
    as_of: Timestamp,
    turn: usize,
    parts: usize,
    /// Whether there was anything to pick.
    is_free: bool,
    /// What is asked of each field.
    fields: BTreeMap<Cow<'a, str>, Asks<'a>>,
}

struct Asks<'a> {
    path: &'a FieldPath,
    tests: Vec<(&'a Test, bool)>,
}

/// The predicates that criteria lead to, each once.
struct Predicates(Vec<(Reference, Arc<Expr>)>);

impl Predicates {
    /// Those behind some criteria; none where one of them is not known.
    fn behind(wanted: &[Wanted<'_>], scope: &dyn Scope) -> Option<Self> {
        let mut found = Self(Vec::new());
        for wanted in wanted {
            found.add(wanted.expr, scope)?;
        }
        let mut next = 0;
        while let Some((_, expr)) = found.0.get(next) {
            let expr = Arc::clone(expr);
            found.add(&expr, scope)?;
            next += 1;
        }
        Some(found)
    }

    fn add(&mut self, expr: &Expr, scope: &dyn Scope) -> Option<()> {
        for reference in criteria::references(expr) {
            if reference.kind != "list" && self.of(reference).is_none() {
                let predicate = scope.predicate(&reference.kind, &reference.id)?;
                self.0.push((reference.clone(), predicate.expr));
                if self.0.len() > MOST_PREDICATES {
                    return None;
                }
            }
        }
        Some(())
    }

    fn of(&self, reference: &Reference) -> Option<&Expr> {
        let is_meant =
            |(one, _): &&(Reference, _)| one.id == reference.id && one.kind == reference.kind;
        self.0.iter().find(is_meant).map(|(_, expr)| &**expr)
    }
}

/// None of the values that were tried does what is asked of a field.
struct NothingFits;

impl<'a> Guess<'a> {
    /// Asks a criterion to hold or to fail; none where it cannot, or there is too much of it.
    fn want(&mut self, expr: &'a Expr, holds: bool) -> Option<()> {
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
                self.asks(&atom.field).tests.push((&atom.test, holds));
                Some(())
            }
            Node::Reference(reference) => self.want(self.predicates.of(reference)?, holds),
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
                && facts(self.object, asks.path, self.scope).is_some_and(|(f, _)| f.required);
        }
        seen.values().any(|(paths, longer)| *paths > 1 && *longer)
    }

    /// Asks so many of some criteria to hold, or so many to fail that fewer do.
    fn enough(&mut self, of: &'a [Expr], least: usize, holds: bool) -> Option<()> {
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
    fn mention(&mut self, expr: &'a Expr) -> Option<()> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return None;
        }
        match &expr.node {
            Node::Atom(atom) => {
                self.asks(&atom.field);
            }
            Node::Reference(reference) => {
                self.mention(self.predicates.of(reference)?)?;
            }
            _ => expr.operands().iter().try_for_each(|one| self.mention(one))?,
        }
        Some(())
    }

    fn asks(&mut self, path: &'a FieldPath) -> &mut Asks<'a> {
        self.fields.entry(path.name()).or_insert_with(|| Asks { path, tests: Vec::new() })
    }

    /// A record with a value for each field that is asked for one.
    fn record(&self) -> Option<Record> {
        let mut record = Record::new();
        // A part stands behind what it is a part of: what has a part must be there itself.
        for (name, asks) in self.fields.iter().rev() {
            let must = record.get(name).is_some();
            let Some(value) = self.value(asks, must).ok()? else { continue };
            record.set(&**name, value);
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
    fn value(&self, asks: &Asks<'_>, must: bool) -> Result<Option<Value>, NothingFits> {
        let found = facts(self.object, asks.path, self.scope);
        let (facts, required) = found.ok_or(NothingFits)?;
        let does = |value: Option<&Value>| {
            asks.tests.iter().all(|(test, holds)| {
                criteria::passes(test, value, facts.kind, self.scope, self.as_of) == Ok(*holds)
            })
        };
        if !required && !must && does(None) {
            return Ok(None);
        }
        let named = asks.tests.iter().flat_map(|asked| self.named(*asked, facts.kind));
        let any = self.any(&facts);
        let mut values = named.chain(any).filter(|value| is_possible(value, &facts));
        values.find(|value| does(Some(value))).map(Some).ok_or(NothingFits)
    }

    /// Values that a test names, and their neighbours.
    fn named<'t>(
        &self,
        (test, holds): (&'t Test, bool),
        kind: FieldKind,
    ) -> Box<dyn Iterator<Item = Value> + 't> {
        let several = |values: Vec<Value>| Box::new(values.into_iter());
        match test {
            Test::Compare { value, .. } => several(near(&value.value, kind)),
            Test::Between { low, high } => {
                several([near(&low.value, kind), near(&high.value, kind)].concat())
            }
            // Of values that are not wanted none needs to be tried.
            Test::In { negated, .. } if *negated == holds => several(Vec::new()),
            Test::In { set: SetOf::Values(values), .. } => {
                Box::new(values.iter().map(|value| value.value.clone()))
            }
            Test::In { set: SetOf::List(list), .. } => {
                let values = self.scope.list(&list.id).unwrap_or_default();
                let value =
                    move |at| values.get(at).map(|text: &String| Value::from(text.as_str()));
                Box::new((0..).map_while(value))
            }
            Test::Contains(part) if kind == FieldKind::Choices => match &part.value {
                Value::Text(text) => several(vec![Value::Values(vec![text.clone()])]),
                _ => several(Vec::new()),
            },
            Test::Contains(part) | Test::StartsWith(part) | Test::EndsWith(part) => {
                several(vec![part.value.clone()])
            }
            Test::Days { direction, test } => several(self.moments(*direction, *test, kind)),
            Test::IsTrue | Test::IsSet { .. } => several(Vec::new()),
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
