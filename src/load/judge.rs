//! Criteria put to one record: whether they hold, and what stands in the way.

use super::criteria::Criterion;
use super::scope::{Condition, ModelScope};
use crate::criteria::{self, ExpandError, Expr, Node, Record, Reference};
use crate::finding::Place;
use crate::model::Address;
use jiff::Timestamp;

/// References are followed no deeper than this to the words that decide.
const MAX_LEVELS: usize = 16;

/// Past this many obstacles no more are looked for.
const MAX_OBSTACLES: usize = 64;

/// A record of an object, at an instant, before the criteria of a model.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a, 'm> {
    /// The model.
    pub scope: &'a ModelScope<'m>,
    /// The id of the object.
    pub object: &'a str,
    /// The record.
    pub record: &'a Record,
    /// The instant from which days are counted.
    pub as_of: Timestamp,
}

/// Why a criterion has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unjudged {
    /// It is not written in the criteria language.
    #[error("the criterion cannot be read")]
    Unread,
    /// What it refers to cannot be followed.
    #[error(transparent)]
    Lost(#[from] ExpandError),
}

/// Words of a criterion that keep a record out.
#[derive(Debug, Clone)]
pub struct Obstacle<'a> {
    /// The criterion they are of.
    pub criterion: &'a Address,
    /// How many references lead to it: what stands behind one has one more.
    pub level: usize,
    /// Where they are written.
    pub place: Place,
    /// What they say.
    pub expr: &'a Expr,
    /// Whether they hold and must not: a disqualifier.
    pub inverted: bool,
}

impl<'a> Judge<'a, '_> {
    /// Whether a criterion holds.
    ///
    /// # Errors
    /// Why it has no answer.
    pub fn holds(&self, criterion: &Criterion<'_>) -> Result<bool, Unjudged> {
        self.admits(sound(criterion)?)
    }

    fn admits(&self, expr: &Expr) -> Result<bool, Unjudged> {
        Ok(criteria::evaluate(expr, self.record, self.object, self.scope, self.as_of)?)
    }

    /// What keeps the record from meeting all conditions, by the words that decide it; nothing if
    /// it meets them. A reference is followed by what stands in the way behind it.
    ///
    /// # Errors
    /// Why a condition has no answer.
    pub fn obstacles<'m: 'a>(
        &self,
        conditions: impl IntoIterator<Item = Condition<'a, 'm>>,
    ) -> Result<Vec<Obstacle<'a>>, Unjudged> {
        let mut found = Vec::new();
        for condition in conditions {
            self.condition(condition, 0, &mut found)?;
        }
        Ok(found)
    }

    fn condition<'m: 'a>(
        &self,
        condition: Condition<'a, 'm>,
        level: usize,
        found: &mut Vec<Obstacle<'a>>,
    ) -> Result<(), Unjudged> {
        if found.len() >= MAX_OBSTACLES {
            return Ok(());
        }
        let Condition { criterion, inverted } = condition;
        let expr = sound(criterion)?;
        match self.admits(expr)? {
            holds if holds != inverted => {}
            true => found.push(obstacle(criterion, level, (expr, inverted))),
            false => self.words(criterion, expr, level, found)?,
        }
        Ok(())
    }

    /// The words of an expression that does not hold by which it does not.
    fn words<'m: 'a>(
        &self,
        criterion: &'a Criterion<'m>,
        expr: &'a Expr,
        level: usize,
        found: &mut Vec<Obstacle<'a>>,
    ) -> Result<(), Unjudged> {
        if let Node::And(operands) = &expr.node {
            for operand in operands {
                if !self.admits(operand)? {
                    self.words(criterion, operand, level, found)?;
                }
            }
            return Ok(());
        }
        found.push(obstacle(criterion, level, (expr, false)));
        match &expr.node {
            Node::Reference(reference) if level < MAX_LEVELS => {
                self.behind(reference, level + 1, found)
            }
            _ => Ok(()),
        }
    }

    /// What stands in the way within the entity that a reference names.
    fn behind(
        &self,
        reference: &Reference,
        level: usize,
        found: &mut Vec<Obstacle<'a>>,
    ) -> Result<(), Unjudged> {
        let Some(entity) = self.scope.model().get(&reference.to_string()) else { return Ok(()) };
        for condition in self.scope.conditions(entity) {
            self.condition(condition, level, found)?;
        }
        Ok(())
    }
}

fn obstacle<'a>(
    criterion: &'a Criterion<'_>,
    level: usize,
    (expr, inverted): (&'a Expr, bool),
) -> Obstacle<'a> {
    let place = criterion.place(expr.span);
    Obstacle { criterion: &criterion.address, level, place, expr, inverted }
}

/// What a criterion says, where nothing is wrong with it.
fn sound<'a>(criterion: &'a Criterion<'_>) -> Result<&'a Expr, Unjudged> {
    let expr = criterion.expr.as_deref().filter(|_| criterion.faults.is_empty());
    expr.ok_or(Unjudged::Unread)
}
