//! Questions about criteria, answered for all records there can be.

use super::universe::{Universe, Unknown};
use super::verdict::{Extent, Verdict, Witness, witness};
use crate::analysis::{Budget, Exhausted, Point, Region};
use crate::criteria::{self, ExpandError, Expr, Record, Scope};
use jiff::Timestamp;

/// The steps one question may take where nobody says otherwise: enough for every list of rules
/// that people wrote, and a matter of seconds where it is not.
pub const DEFAULT_BUDGET: u64 = 20_000_000;

/// Whoever answers: at an instant, with so much work for each question.
#[derive(Debug, Clone, Copy)]
pub struct Prover {
    /// The instant from which days are counted.
    pub as_of: Timestamp,
    /// The most steps for one question. Steps are not time: the same question gets the same answer
    /// everywhere.
    pub budget: u64,
}

/// A criterion as written, and the model that gives its names a meaning.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The criterion.
    pub expr: &'a Expr,
    /// The model.
    pub scope: &'a dyn Scope,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// A reference cannot be followed.
    #[error(transparent)]
    Lost(#[from] ExpandError),
    /// The two sides are not about the same things.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// The work was more than allowed.
    #[error("it was not decided within the steps allowed; `--budget` allows more")]
    Exhausted,
}

impl From<Exhausted> for Undecided {
    fn from(_: Exhausted) -> Self {
        Self::Exhausted
    }
}

/// What is where: points of a universe, as records.
pub(super) struct Ground {
    pub(super) universe: Universe,
    pub(super) budget: Budget,
}

impl Prover {
    /// How a criterion compares with what it was.
    pub fn compare(&self, object: &str, before: Asked<'_>, after: Asked<'_>) -> Verdict {
        let found = self.differences(object, before, after);
        match found {
            Ok((None, None)) => Verdict::Equivalent,
            Ok((Some(admits), None)) => Verdict::Looser { admits },
            Ok((None, Some(refuses))) => Verdict::Tighter { refuses },
            Ok((Some(admits), Some(refuses))) => Verdict::Shifted { admits, refuses },
            Err(reason) => Verdict::Undecided(reason.to_string()),
        }
    }

    /// A record that passes only after, and one that passed only before.
    fn differences(
        &self,
        object: &str,
        before: Asked<'_>,
        after: Asked<'_>,
    ) -> Result<(Option<Witness>, Option<Witness>), Undecided> {
        let (old, new) = (before.expanded()?, after.expanded()?);
        if old.same(&new) && std::ptr::addr_eq(before.scope, after.scope) {
            return Ok((None, None));
        }
        let mut ground = self.ground(object, &[before.scope, after.scope], [&old, &new])?;
        let (was, is) = (ground.regions(&old)?, ground.regions(&new)?);
        let admits = ground.difference(&is, &was)?;
        let refuses = ground.difference(&was, &is)?;
        let replayed = |record: Record, (old, new): (bool, bool)| {
            self.replay(object, before, &record, old);
            self.replay(object, after, &record, new);
            witness(&record)
        };
        Ok((
            admits.map(|record| replayed(record, (false, true))),
            refuses.map(|record| replayed(record, (true, false))),
        ))
    }

    /// What a criterion says of all records.
    pub fn extent(&self, object: &str, asked: Asked<'_>) -> Extent {
        match self.extent_of(object, asked) {
            Ok(extent) => extent,
            Err(reason) => Extent::Undecided(reason.to_string()),
        }
    }

    fn extent_of(&self, object: &str, asked: Asked<'_>) -> Result<Extent, Undecided> {
        let expr = asked.expanded()?;
        let mut ground = self.ground(object, &[asked.scope], [&expr])?;
        let holds = ground.regions(&expr)?;
        let all = [Region::everything()];
        let Some(passes) = ground.difference(&holds, &[])? else { return Ok(Extent::Never) };
        self.replay(object, asked, &passes, true);
        let Some(fails) = ground.difference(&all, &holds)? else { return Ok(Extent::Always) };
        self.replay(object, asked, &fails, false);
        Ok(Extent::Sometimes)
    }

    /// The ground on which questions about some expanded criteria are decided.
    pub(super) fn ground<'e>(
        &self,
        object: &str,
        scopes: &[&dyn Scope],
        criteria: impl IntoIterator<Item = &'e Expr>,
    ) -> Result<Ground, Undecided> {
        let universe = Universe::of(object, scopes, criteria, self.as_of)?;
        Ok(Ground { universe, budget: Budget::new(self.budget) })
    }

    /// Puts a record to a criterion as everybody else does: the answer must be the one that was
    /// worked out.
    pub(super) fn replay(&self, object: &str, asked: Asked<'_>, record: &Record, holds: bool) {
        let answer = criteria::evaluate(asked.expr, record, object, asked.scope, self.as_of);
        assert!(
            answer == Ok(holds),
            "`{}` should answer {holds} for {record:?}, not {answer:?}",
            asked.expr
        );
    }
}

impl Asked<'_> {
    /// The criterion with all references followed.
    pub(super) fn expanded(&self) -> Result<Expr, ExpandError> {
        criteria::expand(self.expr, self.scope)
    }
}

impl Ground {
    /// A new budget, for the next question.
    pub(super) fn refill(&mut self, steps: u64) {
        self.budget = Budget::new(steps);
    }

    /// Where a criterion holds.
    pub(super) fn regions(&mut self, expr: &Expr) -> Result<Vec<Region>, Exhausted> {
        self.universe.regions(expr, &mut self.budget)
    }

    /// A record that lies in some regions and outside of others.
    pub(super) fn difference(
        &mut self,
        inside: &[Region],
        outside: &[Region],
    ) -> Result<Option<Record>, Exhausted> {
        let point = self.universe.space.difference(inside, outside, &mut self.budget)?;
        Ok(point.map(|point: Point| self.universe.record(&point)))
    }
}
