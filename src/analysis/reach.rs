//! Whether a rule ever fires, and whether it matters.

use super::search::Found;
use super::{Budget, Exhausted, Point, Region, Rules, bits};

/// Whether a rule takes any point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// It takes this point.
    Fires(Point),
    /// No point meets its condition.
    Contradiction,
    /// Earlier rules take every point that meets its condition.
    Shadowed {
        /// Rules that suffice, in order: one if one does, and none that could be left out.
        blockers: Vec<usize>,
    },
}

/// Two rules with different outcomes whose conditions meet in a point, so that their order decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The earlier rule, which takes the point.
    pub first: usize,
    /// The later rule, which would take it otherwise.
    pub second: usize,
    /// The point.
    pub witness: Point,
}

/// Pairs of rules whose order decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlaps {
    /// The pairs, in the order of the first and then the second rule.
    pub pairs: Vec<Overlap>,
    /// Whether these are all.
    pub complete: bool,
}

impl Rules {
    /// Whether a rule takes a point, or why it takes none. What so many rules at the front take goes
    /// without saying: they are no blockers.
    pub fn reach(
        &self,
        rule: usize,
        given: usize,
        budget: &mut Budget,
    ) -> Result<Reach, Exhausted> {
        let condition = self.condition(rule);
        if let Found::Bare(point) = self.index.search_all(condition, &self.before(rule), budget)? {
            return Ok(Reach::Fires(point));
        }
        if let Found::Covered(_) = self.index.search_all(condition, &self.impossible, budget)? {
            return Ok(Reach::Contradiction);
        }
        let mut always = self.of(0..given.min(rule));
        bits::add(&mut always, &self.impossible);
        if let Some(blocker) = self.blocker(rule, given, &always, budget)? {
            return Ok(Reach::Shadowed { blockers: vec![blocker] });
        }
        let earlier = self.spans.get(given..rule).unwrap_or_default();
        Ok(match self.index.minimal(condition, earlier, &always, budget)? {
            Found::Bare(point) => Reach::Fires(point),
            Found::Covered(used) => {
                let mut regions: Vec<usize> = bits::ones(&used).collect();
                regions.retain(|region| !bits::contains(&always, *region));
                let mut blockers: Vec<_> =
                    regions.into_iter().map(|region| self.owner(region)).collect();
                blockers.dedup();
                Reach::Shadowed { blockers }
            }
        })
    }

    /// Whether a rule takes points, but every one of them would have the same outcome without it.
    ///
    /// `outcomes` has one for each rule, `default` is that of what no rule takes.
    pub fn redundant(
        &self,
        rule: usize,
        outcomes: &[u32],
        default: u32,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        let before = self.before(rule);
        match self.index.search_all(self.condition(rule), &before, budget)? {
            Found::Bare(point) => self.redundant_beyond(rule, &point, outcomes, default, budget),
            Found::Covered(_) => Ok(false),
        }
    }

    /// The same for a rule of which a point is known that it takes.
    pub fn redundant_beyond(
        &self,
        rule: usize,
        point: &Point,
        outcomes: &[u32],
        default: u32,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        let outcome = |rule: usize| outcomes.get(rule).copied().unwrap_or(default);
        let condition = self.condition(rule);
        let before = self.before(rule);
        let next = self.next_taker(point, rule + 1).map_or(default, outcome);
        if next != outcome(rule) {
            return Ok(false);
        }
        let end = self.len();
        let mut covers = before.clone();
        let mut passed = rule + 1;
        for later in rule + 1..end {
            if outcome(later) == outcome(rule) {
                continue;
            }
            let met = meets(condition, self.condition(later));
            if met.is_empty() {
                continue;
            }
            bits::add(&mut covers, &self.of(passed..later));
            passed = later;
            if !self.index.are_covered(&met, &covers, budget)? {
                return Ok(false);
            }
        }
        if default == outcome(rule) {
            return Ok(true);
        }
        let mut covers = before;
        bits::add(&mut covers, &self.of(rule + 1..end));
        self.index.are_covered(condition, &covers, budget)
    }

    /// Pairs of rules with different outcomes whose conditions meet in a point that the earlier one takes;
    /// at most so many.
    ///
    /// `outcomes` has one for each rule; a rule without one is left out.
    pub fn overlaps(
        &self,
        outcomes: &[u32],
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Overlaps, Exhausted> {
        let mut pairs = Vec::new();
        for (first, outcome) in outcomes.iter().enumerate().take(self.len()) {
            let (condition, before) = (self.condition(first), self.before(first));
            for second in self.meeting(condition, first + 1..self.len()) {
                if outcomes.get(second).is_none_or(|other| other == outcome) {
                    continue;
                }
                let met = meets(condition, self.condition(second));
                if let Found::Bare(witness) = self.index.search_all(&met, &before, budget)? {
                    if pairs.len() == limit {
                        return Ok(Overlaps { pairs, complete: false });
                    }
                    pairs.push(Overlap { first, second, witness });
                }
            }
        }
        Ok(Overlaps { pairs, complete: true })
    }

    /// The first earlier rule that alone takes every point of a rule's condition that is not in a set
    /// anyway; none where all of them are.
    ///
    /// Each candidate that fails leaves a point, and whoever does not hold that point need not be tried.
    fn blocker(
        &self,
        rule: usize,
        given: usize,
        always: &[u64],
        budget: &mut Budget,
    ) -> Result<Option<usize>, Exhausted> {
        let condition = self.condition(rule);
        if given > 0 && self.index.are_covered(condition, always, budget)? {
            return Ok(None);
        }
        let mut candidates = self.meeting(condition, given..rule);
        while let Some(first) = candidates.first().copied() {
            let mut covers = self.of(first..first + 1);
            bits::add(&mut covers, always);
            let Found::Bare(point) = self.index.search_all(condition, &covers, budget)? else {
                return Ok(Some(first));
            };
            let holds =
                |rule: usize| self.condition(rule).iter().any(|region| region.holds(&point));
            candidates.retain(|rule| holds(*rule));
        }
        Ok(None)
    }
}

/// Where regions of two conditions meet.
pub(super) fn meets(one: &[Region], other: &[Region]) -> Vec<Region> {
    one.iter().flat_map(|one| other.iter().filter_map(|other| one.meet(other))).collect()
}
