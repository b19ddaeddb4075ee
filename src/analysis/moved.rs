//! Which points have another outcome under another list of rules.
//!
//! Every point lies in one *cell*: the rule that takes it before, and the rule that takes it after. If
//! both rules stand in both lists, and the lists agree on the order of such rules, the two are one rule:
//! were the second one another, it would stand before the first in one list and so in both, and would have
//! taken the point in both. So a cell can differ only if one of its rules stands in one list alone, or if
//! it is one rule with two outcomes. Those cells are decided one by one.

use super::merged::{Cell, Merged, met};
use super::{Budget, Description, Exhausted, Point, Region, Rules};

/// A list of rules with what it does to points.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// The outcome of each rule.
    pub outcomes: &'a [u32],
    /// The outcome of points that no rule takes.
    pub default: u32,
}

/// Points that one rule takes before and another after, with different outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The rule that takes them before; none if they have the default outcome.
    pub before: Option<usize>,
    /// The rule that takes them after; none if they have the default outcome.
    pub after: Option<usize>,
    /// Where both conditions meet. The points are those of these regions that no earlier rule of either
    /// list takes.
    pub regions: Vec<Region>,
    /// One of the points.
    pub witness: Point,
}

/// What is known of the points that two lists treat differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    /// The cells that hold points, by rule before and after, a missing rule last. A point lies in one cell.
    pub moved: Vec<Moved>,
    /// The cells for which the budget did not suffice.
    pub undecided: Vec<(Option<usize>, Option<usize>)>,
}

/// The points that have different outcomes under two lists over one space.
///
/// If the budget does not suffice, what was decided is returned, and which cells were not.
pub fn moved(before: &Side<'_>, after: &Side<'_>, budget: &mut Budget) -> Moves {
    let merged = Merged::new(before.rules, after.rules);
    let mut moves = Moves::default();
    let differs = |cell: &Cell| before.outcome(cell.before) != after.outcome(cell.after);
    for cell in merged.cells(budget).into_iter().filter(differs) {
        match merged.decide(cell, budget) {
            Ok(None) => {}
            Ok(Some((regions, witness))) => {
                moves.moved.push(Moved {
                    before: cell.before,
                    after: cell.after,
                    regions,
                    witness,
                });
            }
            Err(Exhausted) => moves.undecided.push((cell.before, cell.after)),
        }
    }
    let last = |rule: Option<usize>| rule.unwrap_or(usize::MAX);
    moves.moved.sort_by_key(|moved| (last(moved.before), last(moved.after)));
    moves.undecided.sort_by_key(|(before, after)| (last(*before), last(*after)));
    moves
}

impl Side<'_> {
    fn outcome(&self, rule: Option<usize>) -> u32 {
        rule.and_then(|rule| self.outcomes.get(rule)).copied().unwrap_or(self.default)
    }
}

impl Moved {
    /// Where both conditions meet, with what earlier rules take of it. The lists are those that were
    /// compared.
    pub fn met(&self, before: &Rules, after: &Rules) -> Vec<Region> {
        met(before, after, Cell { before: self.before, after: self.after })
    }

    /// The points, in at most so many regions. The sides are those that were compared.
    pub fn describe(
        &self,
        before: &Side<'_>,
        after: &Side<'_>,
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Description, Exhausted> {
        let earlier = |rules: &Rules, rule: Option<usize>| {
            rules.near(&self.regions, 0..rule.unwrap_or(rules.len()))
        };
        let covers =
            [earlier(before.rules, self.before), earlier(after.rules, self.after)].concat();
        before.rules.space().describe(&self.regions, &covers, limit, budget)
    }
}
