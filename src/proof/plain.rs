//! Criteria of which it is plain that some records pass and others do not.
//!
//! Most criteria ask one thing of each of a few fields that may be empty. Nothing needs to be laid
//! out to see that each condition can hold and fail whatever becomes of the others.

use super::universe::facts;
use crate::criteria::{
    Atom, Comparison, DaysTest, Expr, FieldFacts, FieldKind, FieldPath, Literal, Node, Scope,
    SetOf, Test, Value,
};
use jiff::tz::TimeZone;

/// More parts than this are not plain.
const MOST_PARTS: usize = 500;

/// Days further away than this may lie beyond the calendar.
const FAR: i64 = 100_000;

/// Whether each of some criteria plainly holds for some records and fails for others, whatever
/// the others of them do.
pub(super) fn are_free<'e>(
    object: &str,
    scope: &dyn Scope,
    criteria: impl IntoIterator<Item = &'e Expr>,
) -> bool {
    let mut walk = Walk::new(object, scope);
    criteria.into_iter().all(|expr| walk.is_free(expr))
}

/// What is plain about a criterion.
#[derive(Debug)]
pub(super) struct Plain {
    /// The fields it asks about, by the first step of their paths; none where it asks too much, or
    /// something is not known.
    fields: Option<Vec<String>>,
    /// Those of them that a record must have, as it is or beside what it has.
    needed: Vec<FieldPath>,
    /// Whether it plainly holds for some records and fails for others.
    is_free: bool,
}

impl Plain {
    /// What is plain about a criterion of an object.
    pub(super) fn of(object: &str, scope: &dyn Scope, expr: &Expr) -> Self {
        let mut asked = Asked { object, scope, fields: Vec::new(), needed: Vec::new(), parts: 0 };
        let fields = asked.add(expr).map(|()| asked.fields);
        let is_free = fields.is_some() && Walk::new(object, scope).is_free(expr);
        Self { fields, needed: asked.needed, is_free }
    }

    /// Whether one of two criteria plainly depends on a field that the other does not ask about: then
    /// some record meets one of them alone.
    pub(super) fn is_apart(&self, other: &Self) -> bool {
        let (Some(own), Some(theirs)) = (&self.fields, &other.fields) else { return false };
        (self.is_free && own.iter().any(|field| !theirs.contains(field)))
            || (other.is_free && theirs.iter().any(|field| !own.contains(field)))
    }

    /// Whether two criteria plainly ask about different fields.
    pub(super) fn shares_nothing(&self, other: &Self) -> bool {
        let (Some(own), Some(theirs)) = (&self.fields, &other.fields) else { return false };
        !own.iter().any(|field| theirs.contains(field))
    }

    /// The fields that a record must have so that it can be asked; none where not all are known.
    pub(super) fn needed(&self) -> Option<&[FieldPath]> {
        self.fields.is_some().then_some(self.needed.as_slice())
    }
}

/// The fields that a criterion asks about.
struct Asked<'a> {
    object: &'a str,
    scope: &'a dyn Scope,
    fields: Vec<String>,
    needed: Vec<FieldPath>,
    parts: usize,
}

impl Asked<'_> {
    /// Adds those of a criterion; nothing where it asks too much, or something is not known.
    fn add(&mut self, expr: &Expr) -> Option<()> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return None;
        }
        match &expr.node {
            Node::Atom(atom) => {
                let (path, first) = (&atom.field, atom.field.parts.first()?);
                let (facts, required) = facts(self.object, path, self.scope)?;
                if !self.fields.contains(first) {
                    self.fields.push(first.clone());
                }
                // Every account has a name, and perhaps a record has an account.
                let goes_along = path.parts.len() > 1 && facts.required;
                if (required || goes_along)
                    && !self.needed.iter().any(|own| own.parts == path.parts)
                {
                    self.needed.push(path.clone());
                }
                Some(())
            }
            Node::Reference(reference) => {
                let predicate = self.scope.predicate(&reference.kind, &reference.id)?;
                self.add(&predicate.expr)
            }
            _ => expr.operands().iter().try_for_each(|one| self.add(one)),
        }
    }
}

struct Walk<'a> {
    object: &'a str,
    scope: &'a dyn Scope,
    /// The fields that were asked for something, by the first step of their paths.
    seen: Vec<String>,
    parts: usize,
}

impl<'a> Walk<'a> {
    fn new(object: &'a str, scope: &'a dyn Scope) -> Self {
        Self { object, scope, seen: Vec::new(), parts: 0 }
    }

    fn is_free(&mut self, expr: &Expr) -> bool {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return false;
        }
        let mut each = |of: &[Expr]| of.iter().all(|one| self.is_free(one));
        match &expr.node {
            Node::And(of) | Node::Or(of) => !of.is_empty() && each(of),
            Node::AtLeast { count, of } => {
                *count > 0 && usize::try_from(*count).is_ok_and(|n| n <= of.len()) && each(of)
            }
            Node::Not(inner) => self.is_free(inner),
            Node::Atom(atom) => self.is_free_atom(atom),
            Node::Reference(reference) => {
                let predicate = self.scope.predicate(&reference.kind, &reference.id);
                predicate.is_some_and(|predicate| self.is_free(&predicate.expr))
            }
        }
    }

    /// A record without the field and one with a certain value of it answer differently.
    fn is_free_atom(&mut self, atom: &Atom) -> bool {
        let Some(first) = atom.field.parts.first() else { return false };
        if self.seen.contains(first) {
            return false;
        }
        self.seen.push(first.clone());
        match facts(self.object, &atom.field, self.scope) {
            Some((facts, false)) => self.names_a_value(&atom.test, &facts),
            _ => false,
        }
    }

    /// Whether some value of a field is on the other side of a test than no value.
    fn names_a_value(&self, test: &Test, facts: &FieldFacts<'_>) -> bool {
        if matches!(test, Test::IsSet { .. }) {
            return true;
        }
        match facts.kind {
            FieldKind::Bool => match test {
                Test::IsTrue => true,
                Test::Compare { op, value } => {
                    !op.is_ordering() && matches!(value.value, Value::Bool(_))
                }
                _ => false,
            },
            FieldKind::Choice | FieldKind::Reference => self.names_one(test, facts, false),
            FieldKind::Text => self.names_one(test, facts, true),
            FieldKind::Choices => {
                matches!(test, Test::Contains(part) if is_known(&part.value, facts))
            }
            kind => names_in_order(test, kind),
        }
    }

    fn names_one(&self, test: &Test, facts: &FieldFacts<'_>, parts: bool) -> bool {
        match test {
            Test::Compare { op: Comparison::Equal | Comparison::NotEqual, value } => {
                is_known(&value.value, facts)
            }
            Test::In { set: SetOf::Values(values), .. } => {
                values.iter().any(|value| is_known(&value.value, facts))
            }
            Test::In { set: SetOf::List(list), .. } => {
                let values = self.scope.list(&list.id).filter(|_| list.kind == "list");
                values.is_some_and(|values| values.iter().any(|text| is_one_of(text, facts)))
            }
            Test::Contains(part) | Test::StartsWith(part) | Test::EndsWith(part) => {
                parts && is_known(&part.value, facts)
            }
            _ => false,
        }
    }
}

fn is_known(value: &Value, facts: &FieldFacts<'_>) -> bool {
    matches!(value, Value::Text(text) if is_one_of(text, facts))
}

/// Whether a text is a value that a field may have.
pub(super) fn is_one_of(text: &str, facts: &FieldFacts<'_>) -> bool {
    let closed = matches!(facts.kind, FieldKind::Choice | FieldKind::Choices)
        && !facts.open
        && !facts.values.is_empty();
    !text.is_empty() && (!closed || facts.values.iter().any(|value| value == text))
}

/// Whether a field whose values have an order has one that a test names.
fn names_in_order(test: &Test, kind: FieldKind) -> bool {
    let fits = |literal: &Literal| fits(&literal.value, kind);
    let whole = |literal: &Literal| {
        kind != FieldKind::Integer || matches!(&literal.value, Value::Number(n) if n.is_integer())
    };
    match test {
        Test::Compare { op, value } => fits(value) && (op.is_ordering() || whole(value)),
        Test::Between { low, high } => {
            fits(low) && fits(high) && whole(low) && is_before(&low.value, &high.value)
        }
        Test::In { set: SetOf::Values(values), .. } => {
            values.iter().any(|value| fits(value) && whole(value))
        }
        Test::Days { test, .. } => kind.is_time() && names_days(*test),
        _ => false,
    }
}

fn fits(value: &Value, kind: FieldKind) -> bool {
    let near = |year: i16| (1000..9000).contains(&year);
    match value {
        Value::Number(_) => !kind.is_time(),
        Value::Date(date) => kind.is_time() && near(date.year()),
        Value::DateTime(instant) => {
            kind == FieldKind::DateTime && near(TimeZone::UTC.to_datetime(*instant).year())
        }
        _ => false,
    }
}

fn is_before(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Number(low), Value::Number(high)) => low <= high,
        (Value::Date(low), Value::Date(high)) => low <= high,
        (Value::DateTime(low), Value::DateTime(high)) => low <= high,
        _ => false,
    }
}

fn names_days(test: DaysTest) -> bool {
    let near = |days: i64| (-FAR..=FAR).contains(&days);
    match test {
        DaysTest::Compare { days, .. } => near(days),
        DaysTest::Between { low, high } => low <= high && near(low) && near(high),
    }
}
