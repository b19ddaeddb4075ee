//! The answer of an expression for one record, two-valued: a field that is not set satisfies
//! no comparison, and every negation is the opposite of what it negates.

use super::expand::{ExpandError, Trail};
use super::expr::{
    Atom, Comparison, DaysTest, Direction, Expr, FieldPath, Node, Reference, SetOf, Test, Value,
};
use super::order::{equal, equal_text, lower_case, midnight, order};
use super::record::Record;
use super::scope::{FieldKind, Scope};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::sync::Arc;

const NANOSECONDS_A_DAY: i128 = 24 * 60 * 60 * 1_000_000_000;

/// Whether the expression holds for a record of `object` at an instant.
///
/// A reference that cannot be followed is an error only if the answer depends on it.
pub fn evaluate(
    expr: &Expr,
    record: &Record,
    object: &str,
    scope: &dyn Scope,
    as_of: Timestamp,
) -> Result<bool, ExpandError> {
    let mut evaluation = Evaluation { record, object, scope, as_of, trail: Trail::default() };
    evaluation.holds(expr, 0)
}

/// Whether a test holds for a value of a field of some kind, or for none.
pub fn passes(
    test: &Test,
    value: Option<&Value>,
    kind: FieldKind,
    scope: &dyn Scope,
    as_of: Timestamp,
) -> Result<bool, ExpandError> {
    answer(test, value, || Some(kind), as_of, |list| Trail::default().list(list, scope))
}

struct Evaluation<'a> {
    record: &'a Record,
    object: &'a str,
    scope: &'a dyn Scope,
    as_of: Timestamp,
    trail: Trail,
}

impl Evaluation<'_> {
    fn holds(&mut self, expr: &Expr, depth: usize) -> Result<bool, ExpandError> {
        self.trail.step(depth, expr.span)?;
        match &expr.node {
            Node::Or(operands) => self.enough(operands, 1, depth),
            Node::And(operands) => self.enough(operands, operands.len(), depth),
            Node::Not(operand) => Ok(!self.holds(operand, depth + 1)?),
            Node::AtLeast { count, of } => {
                self.enough(of, usize::try_from(*count).unwrap_or(usize::MAX), depth)
            }
            Node::Atom(atom) => self.test(atom),
            Node::Reference(reference) => {
                let predicate = self.trail.enter(reference, self.scope)?;
                let holds = self.holds(&predicate.expr, depth + 1)?;
                self.trail.leave();
                Ok(holds)
            }
        }
    }

    /// Whether at least `needed` of the expressions hold; it asks no more of them than it must.
    fn enough(&mut self, of: &[Expr], needed: usize, depth: usize) -> Result<bool, ExpandError> {
        let mut found = 0;
        for (index, operand) in of.iter().enumerate() {
            if found >= needed || found + (of.len() - index) < needed {
                break;
            }
            found += usize::from(self.holds(operand, depth + 1)?);
        }
        Ok(found >= needed)
    }

    fn test(&self, atom: &Atom) -> Result<bool, ExpandError> {
        let value = self.record.get(&atom.field.name());
        let kind = || kind_of(&atom.field, self.object, self.scope);
        answer(&atom.test, value, kind, self.as_of, |list| self.trail.list(list, self.scope))
    }
}

/// Whether a value of a field, or none, passes a test. What the field holds is asked only where it
/// matters, and so are the values of a list.
pub(super) fn answer(
    test: &Test,
    value: Option<&Value>,
    kind: impl FnOnce() -> Option<FieldKind>,
    as_of: Timestamp,
    values_of: impl FnOnce(&Reference) -> Result<Arc<[String]>, ExpandError>,
) -> Result<bool, ExpandError> {
    let Some(value) = value else { return Ok(holds_unset(test)) };
    if let Test::IsSet { negated } = *test {
        return Ok(!negated);
    }
    let kind = match value {
        Value::Text(_) | Value::Date(_) | Value::DateTime(_) => kind(),
        Value::Number(_) | Value::Bool(_) | Value::Values(_) => None,
    };
    let fold_case = kind == Some(FieldKind::Text);
    let value = typed(value, kind);
    let value = &*value;
    Ok(match test {
        Test::IsTrue => *value == Value::Bool(true),
        Test::Compare { op: Comparison::Equal, value: named } => {
            equal(value, &named.value, fold_case)
        }
        Test::Compare { op: Comparison::NotEqual, value: named } => {
            !equal(value, &named.value, fold_case)
        }
        Test::Compare { op, value: named } => {
            order(value, &named.value).is_some_and(|order| op.admits(order))
        }
        Test::Between { low, high } => {
            order(value, &low.value).is_some_and(std::cmp::Ordering::is_ge)
                && order(value, &high.value).is_some_and(std::cmp::Ordering::is_le)
        }
        Test::In { set: SetOf::Values(values), negated } => {
            values.iter().any(|named| equal(value, &named.value, fold_case)) != *negated
        }
        Test::In { set: SetOf::List(list), negated } => {
            let values = values_of(list)?;
            let is = |text: &str| values.iter().any(|named| equal_text(text, named, fold_case));
            matches!(value, Value::Text(text) if is(text)) != *negated
        }
        Test::Contains(part) => {
            in_text(value, &part.value, fold_case, |text, part| text.contains(part))
                || is_one_of(value, &part.value)
        }
        Test::StartsWith(part) => {
            in_text(value, &part.value, fold_case, |text, part| text.starts_with(part))
        }
        Test::EndsWith(part) => {
            in_text(value, &part.value, fold_case, |text, part| text.ends_with(part))
        }
        Test::Days { direction, test: asked } => match days(value, *direction, as_of) {
            Some(actual) => holds_days(*asked, actual),
            None => is_not_equal(test),
        },
        Test::IsSet { .. } => true,
    })
}

/// What the field at the end of a path holds, which decides how its text compares.
pub(super) fn kind_of(path: &FieldPath, object: &str, scope: &dyn Scope) -> Option<FieldKind> {
    let mut object = Some(object);
    let mut kind = None;
    for part in &path.parts {
        let facts = scope.field(object?, part)?;
        object = facts.target;
        kind = Some(facts.kind);
    }
    kind
}

/// Whole days between the value and the as-of instant, rounded down.
fn days(value: &Value, direction: Direction, as_of: Timestamp) -> Option<i64> {
    let (now, then) = match value {
        Value::Date(date) => (midnight(TimeZone::UTC.to_datetime(as_of).date()), midnight(*date)),
        Value::DateTime(instant) => (as_of, *instant),
        _ => return None,
    };
    let elapsed = match direction {
        Direction::Since => now.as_nanosecond() - then.as_nanosecond(),
        Direction::Until => then.as_nanosecond() - now.as_nanosecond(),
    };
    i64::try_from(elapsed.div_euclid(NANOSECONDS_A_DAY)).ok()
}

/// The value as its field means it, where a source gave a day for an instant or the reverse.
fn typed(value: &Value, kind: Option<FieldKind>) -> Cow<'_, Value> {
    match (value, kind) {
        (Value::Date(date), Some(FieldKind::DateTime)) => {
            Cow::Owned(Value::DateTime(midnight(*date)))
        }
        (Value::DateTime(instant), Some(FieldKind::Date)) => {
            Cow::Owned(Value::Date(TimeZone::UTC.to_datetime(*instant).date()))
        }
        _ => Cow::Borrowed(value),
    }
}

/// Only the negated tests hold for a field that is not set.
fn holds_unset(test: &Test) -> bool {
    match test {
        Test::In { negated, .. } | Test::IsSet { negated } => *negated,
        _ => is_not_equal(test),
    }
}

fn is_not_equal(test: &Test) -> bool {
    matches!(
        test,
        Test::Compare { op: Comparison::NotEqual, .. }
            | Test::Days { test: DaysTest::Compare { op: Comparison::NotEqual, .. }, .. }
    )
}

fn holds_days(test: DaysTest, actual: i64) -> bool {
    match test {
        DaysTest::Compare { op, days } => op.admits(actual.cmp(&days)),
        DaysTest::Between { low, high } => (low..=high).contains(&actual),
    }
}

fn in_text(value: &Value, part: &Value, fold_case: bool, found: fn(&str, &str) -> bool) -> bool {
    match (value, part) {
        (Value::Text(text), Value::Text(part)) if fold_case => {
            found(&lower_case(text), &lower_case(part))
        }
        (Value::Text(text), Value::Text(part)) => found(text, part),
        _ => false,
    }
}

fn is_one_of(value: &Value, named: &Value) -> bool {
    match (value, named) {
        (Value::Values(values), Value::Text(named)) => values.contains(named),
        _ => false,
    }
}
