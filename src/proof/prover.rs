//! Questions about criteria, answered for all records there can be.

use super::guess::{fails_without_a_field, guess};
use super::other_days::{MANY_DAYS, OtherDays};
use super::plain::{Plain, are_free};
use super::universe::{Universe, Unknown};
use super::verdict::{Extent, Verdict, Witness, in_words, witness};
use crate::analysis::{Budget, Exhausted, Point, Region};
use crate::criteria::{self, ExpandError, Expr, Record, Scope};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

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

/// A criterion, and what it is to do.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The criterion.
    pub expr: &'a Expr,
    /// Whether it is to hold, or to fail.
    pub holds: bool,
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

impl Undecided {
    /// Whether something that is written wrongly stands in the way, and not the work.
    pub fn is_fault(&self) -> bool {
        match self {
            Self::Lost(lost) => !matches!(lost, ExpandError::TooLarge { .. }),
            Self::Unknown(_) => true,
            Self::Exhausted => false,
        }
    }
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
        let today = match self.differences(object, before, after) {
            Ok((None, None)) => Verdict::Equivalent,
            Ok((Some(admits), None)) => Verdict::Looser { admits },
            Ok((None, Some(refuses))) => Verdict::Tighter { refuses },
            Ok((Some(admits), Some(refuses))) => return Verdict::Shifted { admits, refuses },
            Err(reason) => return Verdict::Undecided(reason.to_string()),
        };
        match self.unlike_on_other_days(object, (before, after), &today) {
            Some(why) => Verdict::Undecided(why),
            None => today,
        }
    }

    /// Why it is not known of two criteria that they compare on every day as they do on one: that they mean
    /// the same, or that nothing passes no more, or nothing more passes.
    fn unlike_on_other_days(
        &self,
        object: &str,
        (before, after): (Asked<'_>, Asked<'_>),
        today: &Verdict,
    ) -> Option<String> {
        let (old, new) = (before.expanded().ok()?, after.expanded().ok()?);
        if old.same(&new) {
            return None;
        }
        let (says, may_admit, may_refuse) = match today {
            Verdict::Looser { .. } => ("is looser", true, false),
            Verdict::Tighter { .. } => ("is tighter", false, true),
            _ => ("means the same", false, false),
        };
        let OtherDays { instants, are_more } = OtherDays::of([&old, &new]);
        for as_of in instants {
            let then = Self { as_of, ..*self };
            let (admits, refuses) = match then.differences(object, before, after) {
                Ok((admits, refuses)) => {
                    (admits.filter(|_| !may_admit), refuses.filter(|_| !may_refuse))
                }
                Err(why) => return Some(why.to_string()),
            };
            let does = if admits.is_some() { "passes now" } else { "passes no more" };
            if let Some(record) = admits.or(refuses) {
                let (day, then, record) = (self.day(), then.day(), in_words(&record));
                return Some(format!(
                    "it {says} on {day}, and something else on other days: on {then} {does}: {record}"
                ));
            }
        }
        are_more.then(|| MANY_DAYS.to_owned())
    }

    /// The day from which days are counted, in UTC.
    pub(super) fn day(&self) -> Date {
        TimeZone::UTC.to_datetime(self.as_of).date()
    }

    /// A record that passes only after, and one that passed only before.
    fn differences(
        &self,
        object: &str,
        before: Asked<'_>,
        after: Asked<'_>,
    ) -> Result<(Option<Witness>, Option<Witness>), Undecided> {
        let (old, new) = (before.expanded()?, after.expanded()?);
        let scopes = [before.scope, after.scope];
        if old.same(&new) {
            // What it asks of a record is the same, whatever its fields may hold.
            if !std::ptr::addr_eq(before.scope, after.scope) {
                Universe::can_be(object, &scopes, [&new])?;
            }
            return Ok((None, None));
        }
        let mut ground = self.ground(object, &scopes, [&old, &new])?;
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
    ///
    /// # Errors
    /// Why it is not known.
    pub fn extent(&self, object: &str, asked: Asked<'_>) -> Result<Extent, Undecided> {
        let Asked { expr, scope } = asked;
        if are_free(object, scope, [expr]) {
            return Ok(Extent::Sometimes);
        }
        let [holds, fails] = [true, false].map(|holds| [Wanted { expr, holds }]);
        let guessed = guess(object, scope, &holds, self.as_of);
        if guessed.is_none() && self.example(object, scope, &holds)?.is_none() {
            return Ok(Extent::Never);
        }
        let fails = guessed.is_some_and(|record| {
            fails_without_a_field(object, scope, (expr, &record), self.as_of)
        }) || self.is_there(object, scope, &fails)?;
        Ok(if fails { Extent::Sometimes } else { Extent::Always })
    }

    /// Whether there can be a record for which some criteria do what is wanted of each.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn possible(
        &self,
        object: &str,
        scope: &dyn Scope,
        wanted: &[Wanted<'_>],
    ) -> Result<bool, Undecided> {
        Ok(are_free(object, scope, wanted.iter().map(|wanted| wanted.expr))
            || self.is_there(object, scope, wanted)?)
    }

    /// Whether there is a record that is guessed or else found.
    fn is_there(
        &self,
        object: &str,
        scope: &dyn Scope,
        wanted: &[Wanted<'_>],
    ) -> Result<bool, Undecided> {
        Ok(guess(object, scope, wanted, self.as_of).is_some()
            || self.example(object, scope, wanted)?.is_some())
    }

    /// Whether two criteria hold for the same records.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn same(
        &self,
        object: &str,
        scope: &dyn Scope,
        [one, other]: [&Expr; 2],
    ) -> Result<bool, Undecided> {
        let [first, second] = [one, other].map(|expr| Plain::of(object, scope, expr));
        if first.is_apart(&second) {
            return Ok(false);
        }
        self.is_same(object, scope, [one, other])
    }

    /// Whether two criteria hold for the same records on every day, of which nothing is plain.
    pub(super) fn is_same(
        &self,
        object: &str,
        scope: &dyn Scope,
        both: [&Expr; 2],
    ) -> Result<bool, Undecided> {
        if !self.is_same_today(object, scope, both)? {
            return Ok(false);
        }
        let expanded = both.map(|expr| criteria::expand(expr, scope));
        let OtherDays { instants, are_more } = OtherDays::of(expanded.iter().flatten());
        for as_of in instants {
            if !(Self { as_of, ..*self }).is_same_today(object, scope, both)? {
                return Ok(false);
            }
        }
        Ok(!are_more)
    }

    fn is_same_today(
        &self,
        object: &str,
        scope: &dyn Scope,
        [one, other]: [&Expr; 2],
    ) -> Result<bool, Undecided> {
        let only = |holds, fails| {
            [Wanted { expr: holds, holds: true }, Wanted { expr: fails, holds: false }]
        };
        let ways = [only(one, other), only(other, one)];
        // Where one of the two follows from the other, a guess shows it sooner than a proof.
        if ways.iter().any(|wanted| guess(object, scope, wanted, self.as_of).is_some()) {
            return Ok(false);
        }
        for wanted in &ways {
            if self.example(object, scope, wanted)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A record for which some criteria do what is wanted of each; none is a proof that there is
    /// none.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn example(
        &self,
        object: &str,
        scope: &dyn Scope,
        wanted: &[Wanted<'_>],
    ) -> Result<Option<Witness>, Undecided> {
        let expanded = |wanted: &Wanted<'_>| {
            let expr = criteria::expand(wanted.expr, scope)?;
            Ok(if wanted.holds { expr } else { expr.negated() })
        };
        let parts: Result<Vec<Expr>, ExpandError> = wanted.iter().map(expanded).collect();
        let all = Expr::all(parts?);
        let mut ground = self.ground(object, &[scope], [&all])?;
        let regions = ground.regions(&all)?;
        let record = ground.difference(&regions, &[])?;
        Ok(record.map(|record| {
            for Wanted { expr, holds } in wanted {
                self.replay(object, Asked { expr, scope }, &record, *holds);
            }
            witness(&record)
        }))
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
