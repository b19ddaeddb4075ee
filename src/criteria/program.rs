//! Criteria made ready to be put to many records: references followed once, field names looked up once, and
//! all parts in one row, so that a list of thousands of conditions is walked in a breath.

use super::evaluate::{answer, kind_of};
use super::expand::{ExpandError, Trail};
use super::expr::{Atom, Expr, Literal, Node, SetOf, Test, Value};
use super::record::Record;
use super::scope::{FieldKind, Scope};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ops::Range;

/// Criteria about records of one object, in an order, ready for any record.
///
/// LAW: a criterion holds for a record exactly where [`super::evaluate`] says so.
pub struct Program<'a> {
    scope: &'a dyn Scope,
    as_of: Timestamp,
    /// The fields that are asked about, and what they hold.
    fields: Vec<(String, Option<FieldKind>)>,
    /// The parts of all criteria, each before its own parts.
    parts: Vec<Part>,
    /// Where each criterion starts.
    starts: Vec<usize>,
}

/// A part of a criterion.
struct Part {
    asks: Asks,
    /// Where its own parts end.
    end: usize,
}

enum Asks {
    /// At least so many hold of so many parts.
    Enough { needed: usize, of: usize },
    /// Its part does not hold.
    Opposite,
    /// The field with this number passes.
    Field(usize, Test),
}

/// A record as a program reads it: the value of each field that is asked about.
pub struct Reading<'r> {
    values: Vec<Option<&'r Value>>,
}

impl<'a> Program<'a> {
    /// Makes criteria about records of `object` ready.
    ///
    /// # Errors
    /// A reference that cannot be followed, even if no answer depended on it.
    pub fn new<'e>(
        criteria: impl IntoIterator<Item = &'e Expr>,
        object: &str,
        scope: &'a dyn Scope,
        as_of: Timestamp,
    ) -> Result<Self, ExpandError> {
        let program =
            Self { scope, as_of, fields: Vec::new(), parts: Vec::new(), starts: Vec::new() };
        let (numbers, trail) = (BTreeMap::new(), Trail::default());
        let mut making = Making { program, object, numbers, trail };
        for criterion in criteria {
            making.program.starts.push(making.program.parts.len());
            making.trail = Trail::default();
            making.add(criterion, 0)?;
        }
        Ok(making.program)
    }

    /// How many criteria there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is no criterion.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Reads a record.
    pub fn read<'r>(&self, record: &'r Record) -> Reading<'r> {
        Reading { values: self.fields.iter().map(|(name, _)| record.get(name)).collect() }
    }

    /// Whether a criterion, by its place, holds for a record; one that there is not never does.
    ///
    /// # Errors
    /// As for [`super::evaluate`].
    pub fn holds(&self, criterion: usize, record: &Reading<'_>) -> Result<bool, ExpandError> {
        self.starts.get(criterion).map_or(Ok(false), |start| self.part(*start, record))
    }

    /// The first criterion, of some in a row, that holds for a record.
    ///
    /// # Errors
    /// As for [`super::evaluate`].
    pub fn first(
        &self,
        among: Range<usize>,
        record: &Reading<'_>,
    ) -> Result<Option<usize>, ExpandError> {
        for criterion in among {
            if self.holds(criterion, record)? {
                return Ok(Some(criterion));
            }
        }
        Ok(None)
    }

    fn part(&self, at: usize, record: &Reading<'_>) -> Result<bool, ExpandError> {
        let Some(part) = self.parts.get(at) else { return Ok(false) };
        match &part.asks {
            Asks::Field(number, test) => {
                let value = record.values.get(*number).copied().flatten();
                let kind = || self.fields.get(*number).and_then(|(_, kind)| *kind);
                let trail = Trail::default();
                answer(test, value, kind, self.as_of, |list| trail.list(list, self.scope))
            }
            Asks::Opposite => Ok(!self.part(at + 1, record)?),
            Asks::Enough { needed, of } => {
                let (mut found, mut next) = (0, at + 1);
                for asked in 0..*of {
                    if found >= *needed || found + (of - asked) < *needed {
                        break;
                    }
                    found += usize::from(self.part(next, record)?);
                    next = self.parts.get(next).map_or(part.end, |part| part.end);
                }
                Ok(found >= *needed)
            }
        }
    }
}

/// A program that is being made.
struct Making<'m, 'a> {
    program: Program<'a>,
    object: &'m str,
    /// The number of each field.
    numbers: BTreeMap<String, usize>,
    /// The references on the way to the part that is being added.
    trail: Trail,
}

impl Making<'_, '_> {
    fn add(&mut self, expr: &Expr, depth: usize) -> Result<(), ExpandError> {
        self.trail.step(depth, expr.span)?;
        match &expr.node {
            Node::Or(of) => self.enough(1, of, depth),
            Node::And(of) => self.enough(of.len(), of, depth),
            Node::AtLeast { count, of } => {
                self.enough(usize::try_from(*count).unwrap_or(usize::MAX), of, depth)
            }
            Node::Not(operand) => {
                let at = self.open(Asks::Opposite);
                self.add(operand, depth + 1)?;
                self.close(at);
                Ok(())
            }
            Node::Atom(atom) => self.test(atom),
            Node::Reference(reference) => {
                let predicate = self.trail.enter(reference, self.program.scope)?;
                self.add(&predicate.expr, depth + 1)?;
                self.trail.leave();
                Ok(())
            }
        }
    }

    fn enough(&mut self, needed: usize, of: &[Expr], depth: usize) -> Result<(), ExpandError> {
        let at = self.open(Asks::Enough { needed, of: of.len() });
        of.iter().try_for_each(|operand| self.add(operand, depth + 1))?;
        self.close(at);
        Ok(())
    }

    fn test(&mut self, atom: &Atom) -> Result<(), ExpandError> {
        let mut test = atom.test.clone();
        if let Test::In { set, .. } = &mut test
            && let SetOf::List(list) = set
        {
            let values = self.trail.list(list, self.program.scope)?;
            let literal = |text: &String| Literal::new(Value::Text(text.clone()));
            *set = SetOf::Values(values.iter().map(literal).collect());
        }
        let name = atom.field.name();
        let fields = &mut self.program.fields;
        let number = self.numbers.get(&*name).copied().unwrap_or(fields.len());
        if number == fields.len() {
            let kind = kind_of(&atom.field, self.object, self.program.scope);
            fields.push((name.clone().into_owned(), kind));
            self.numbers.insert(name.into_owned(), number);
        }
        let at = self.open(Asks::Field(number, test));
        self.close(at);
        Ok(())
    }

    /// Begins a part.
    fn open(&mut self, asks: Asks) -> usize {
        self.program.parts.push(Part { asks, end: 0 });
        self.program.parts.len() - 1
    }

    /// Ends the part that begins at a place.
    fn close(&mut self, at: usize) {
        let end = self.program.parts.len();
        self.program.parts.get_mut(at).into_iter().for_each(|part| part.end = end);
    }
}
