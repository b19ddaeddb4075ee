//! An ordered list of rules, of which the first that matches a point takes it.

use super::align::aligned;
use super::index::{Index, Table};
use super::search::Found;
use super::{Budget, Description, Exhausted, Level, Point, Region, Space, bits};
use std::collections::BTreeSet;
use std::ops::Range;

/// An ordered list: a point is taken by the first rule with a region that holds it.
///
/// What later rules are asked about is found through an index by level and class, so that a question costs
/// what lies near it and not what the whole list holds.
#[derive(Debug, Clone)]
pub struct Rules {
    pub(super) space: Space,
    /// The regions of all rules in order, then the impossible regions.
    pub(super) index: Index,
    /// Which regions of the index are those of each rule.
    pub(super) spans: Vec<Range<usize>>,
    /// The rule of each region that is one's.
    owners: Vec<usize>,
    /// The set of the impossible regions.
    pub(super) impossible: Vec<u64>,
}

/// The rules that take the points that differ from one on a single level.
#[derive(Debug)]
pub struct Along<'a> {
    rules: &'a Rules,
    /// The level; none if no rule names it.
    level: Option<&'a Table>,
    /// The regions that hold the point on all other levels.
    others: Vec<u64>,
}

impl Along<'_> {
    /// The rule that takes the point with a class of the level, if any does.
    pub fn taken_by(&self, class: usize) -> Option<usize> {
        let first = match self.level {
            None => bits::ones(&self.others).next(),
            Some(level) => {
                let holding = self.others.iter().zip(level.row(class));
                bits::ones_of(holding.map(|(others, row)| others & row)).next()
            }
        };
        first.map(|region| self.rules.owner(region))
    }
}

impl Rules {
    /// A list of rules, each with the regions of its condition, of which any order is the same.
    pub fn new(space: &Space, conditions: &[Vec<Region>]) -> Self {
        let (mut regions, mut spans, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        for (rule, condition) in conditions.iter().enumerate() {
            let start = regions.len();
            let own = condition.iter().filter_map(|region| space.tidy(region));
            regions.extend(own.collect::<BTreeSet<_>>());
            spans.push(start..regions.len());
            owners.resize(regions.len(), rule);
        }
        let own = regions.len();
        regions.extend(space.gaps());
        let index = Index::new(space, regions);
        let impossible = index.range(own, index.regions().len());
        Self { space: space.clone(), index, spans, owners, impossible }
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// For each rule the one of another list that stands for it: the same condition, and all such rules
    /// in the same order.
    pub fn kept_in(&self, other: &Self) -> Vec<Option<usize>> {
        aligned(&self.conditions(), &other.conditions())
    }

    fn conditions(&self) -> Vec<&[Region]> {
        (0..self.len()).map(|rule| self.condition(rule)).collect()
    }

    /// The space of the rules.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// The regions of a rule.
    pub fn condition(&self, rule: usize) -> &[Region] {
        self.spans
            .get(rule)
            .and_then(|span| self.index.regions().get(span.clone()))
            .unwrap_or_default()
    }

    /// The rule that takes a point, if any does.
    pub fn taken_by(&self, point: &Point) -> Option<usize> {
        self.next_taker(point, 0)
    }

    /// The rules that take a point with other classes of a level.
    pub fn along(&self, point: &Point, level: Level) -> Along<'_> {
        let mut others = self.of(0..self.len());
        self.index.keep_holding(&mut others, point, Some(level));
        Along { rules: self, level: self.index.table(level), others }
    }

    /// A point of some regions that no rule takes. `None` is a proof that there is none.
    pub fn leftover(
        &self,
        within: &[Region],
        budget: &mut Budget,
    ) -> Result<Option<Point>, Exhausted> {
        let within: Vec<Region> =
            within.iter().filter_map(|region| self.space.tidy(region)).collect();
        match self.index.search_all(&within, &self.index.all(), budget)? {
            Found::Bare(point) => Ok(Some(point)),
            Found::Covered(_) => Ok(None),
        }
    }

    /// What no rule takes of some regions, in at most so many regions.
    pub fn describe_leftover(
        &self,
        within: &[Region],
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Description, Exhausted> {
        let rules = self.near(within, 0..self.len());
        self.space.describe(within, &rules, limit, budget)
    }

    /// What a rule takes, in at most so many regions: its condition without that of earlier rules.
    pub fn effective(
        &self,
        rule: usize,
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Description, Exhausted> {
        let earlier = self.near(self.condition(rule), 0..rule);
        self.space.describe(self.condition(rule), &earlier, limit, budget)
    }

    /// The first rule, from one on, that holds a point.
    pub(super) fn next_taker(&self, point: &Point, from: usize) -> Option<usize> {
        let mut holding = self.of(from..self.len());
        self.index.keep_holding(&mut holding, point, None);
        bits::ones(&holding).next().map(|region| self.owner(region))
    }

    /// The set of the regions of some rules in a row.
    pub(super) fn of(&self, rules: Range<usize>) -> Vec<u64> {
        let spans = self.spans.get(rules).unwrap_or_default();
        let (first, last) = (spans.first(), spans.last());
        self.index.range(first.map_or(0, |span| span.start), last.map_or(0, |span| span.end))
    }

    /// What a rule does not get: the regions of earlier rules, and the impossible ones.
    pub(super) fn before(&self, rule: usize) -> Vec<u64> {
        let mut set = self.of(0..rule);
        bits::add(&mut set, &self.impossible);
        set
    }

    /// The rule whose region this is.
    pub(super) fn owner(&self, region: usize) -> usize {
        self.owners.get(region).copied().unwrap_or(self.spans.len())
    }

    /// The rules of some in a row with a region that meets one of those regions.
    pub fn meeting(&self, regions: &[Region], rules: Range<usize>) -> Vec<usize> {
        let mut met = self.touching(regions, &self.of(rules));
        met.dedup_by_key(|region| self.owner(*region));
        met.into_iter().map(|region| self.owner(region)).collect()
    }

    /// The regions of some rules in a row that meet one of those regions.
    pub(super) fn near(&self, regions: &[Region], rules: Range<usize>) -> Vec<Region> {
        let met = self.touching(regions, &self.of(rules));
        met.into_iter().filter_map(|region| self.index.regions().get(region).cloned()).collect()
    }

    /// The regions of a set, by number, that meet one of those regions.
    fn touching(&self, regions: &[Region], of: &[u64]) -> Vec<usize> {
        let mut met = vec![0; of.len()];
        for region in regions {
            let mut meeting = of.to_vec();
            self.index.keep_meeting(&mut meeting, region);
            bits::add(&mut met, &meeting);
        }
        bits::ones(&met).collect()
    }
}
