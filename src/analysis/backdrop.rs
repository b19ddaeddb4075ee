//! Covers laid out once, against which many regions are described.

use super::index::Index;
use super::{Budget, Classes, Exhausted, Level, Point, Region, Space, bits};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::ops::Range;

/// Conditions, each with the regions it covers, and the impossible regions.
///
/// Who describes many regions that meet the same few conditions lays these out once.
#[derive(Debug)]
pub struct Backdrop<'a> {
    pub(super) space: &'a Space,
    /// Places for the regions of a description, then the covers, then the impossible regions.
    pub(super) index: Index,
    /// How many regions a description has at most.
    pub(super) limit: usize,
    /// The covers of each condition.
    spans: Vec<Range<usize>>,
    /// The set of the impossible regions.
    pub(super) impossible: Vec<u64>,
    /// The impossible regions alone.
    pub(super) gaps: Index,
}

impl<'a> Backdrop<'a> {
    /// Lays out conditions for descriptions of at most so many regions.
    pub fn new<'r>(
        space: &'a Space,
        conditions: impl IntoIterator<Item = &'r [Region]>,
        limit: usize,
    ) -> Self {
        let mut regions = vec![Region::everything(); limit];
        let mut spans = Vec::new();
        for condition in conditions {
            let start = regions.len();
            regions.extend(condition.iter().filter_map(|region| space.tidy(region)));
            spans.push(start..regions.len());
        }
        let (own, gaps) = (regions.len(), space.gaps());
        regions.extend(gaps.iter().cloned());
        let index = Index::new(space, regions);
        let impossible = index.range(own, index.regions().len());
        Self { space, index, limit, spans, impossible, gaps: Index::new(space, gaps) }
    }

    /// The covers of some conditions, by number, that meet one of those regions.
    pub(super) fn near(&self, regions: &[Region], conditions: &[usize]) -> Vec<u64> {
        let mut of = vec![0; self.index.words()];
        let spans = conditions.iter().filter_map(|condition| self.spans.get(*condition));
        spans.cloned().flatten().for_each(|cover| bits::insert(&mut of, cover));
        let mut near = vec![0; of.len()];
        for region in regions {
            let mut meeting = of.clone();
            self.index.keep_meeting(&mut meeting, region);
            bits::add(&mut near, &meeting);
        }
        near
    }

    /// The levels that anything near names, from the one that the fewest covers name.
    pub(super) fn order(&self, queries: &[Region], near: &[u64]) -> Vec<Level> {
        let mut uses: Vec<Option<usize>> = vec![None; self.space.levels().len()];
        let mut name = |region: &Region, more: usize| {
            for (level, _) in region.parts() {
                if let Some(uses) = uses.get_mut(level.number()) {
                    *uses = Some(uses.unwrap_or_default() + more);
                }
            }
        };
        queries.iter().chain(self.gaps.regions()).for_each(|region| name(region, 0));
        let covers = bits::ones(near).filter_map(|cover| self.index.regions().get(cover));
        covers.for_each(|cover| name(cover, 1));
        let named = self.space.levels().zip(uses);
        let mut order: Vec<(usize, Level)> =
            named.filter_map(|(level, uses)| Some((uses?, level))).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, level)| level).collect()
    }

    /// Whether a region holds a possible point, of which the classes of each level are known. A possible
    /// point is known that differs from one of the region on a level, if not on others.
    pub(super) fn is_possible<'c>(
        &self,
        classes: impl Fn(Level) -> Option<&'c Classes>,
        near: &Point,
        level: Level,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        budget.spend(1)?;
        let all = || Cow::Owned(self.space.all(level));
        let own = classes(level).map_or_else(all, Cow::Borrowed);
        if own.iter().any(self.possible(&classes, near, level)) {
            return Ok(true);
        }
        let named = |level| classes(level).map(|classes| (level, classes.clone()));
        let region = Region::of(self.space.levels().filter_map(named));
        Ok(!self.gaps.is_covered(&region, &self.gaps.all(), budget)?)
    }

    /// Whether a class of a level plainly makes a possible point of one, which is as near as can be to the
    /// region whose classes of the other levels are known.
    pub(super) fn possible<'c>(
        &self,
        classes: impl Fn(Level) -> Option<&'c Classes>,
        near: &Point,
        level: Level,
    ) -> impl Fn(usize) -> bool {
        let mut holding: SmallVec<[u64; 4]> = SmallVec::from_elem(u64::MAX, self.gaps.words());
        let mut own = None;
        for table in self.gaps.tables() {
            if table.level == level {
                own = Some(table);
                continue;
            }
            let (class, set) = (near.get(table.level), classes(table.level));
            let set = set.filter(|set| !set.contains(class)).and_then(Classes::first);
            bits::keep(&mut holding, table.row(set.unwrap_or(class)));
        }
        bits::keep(&mut holding, &self.gaps.all());
        let free = bits::is_empty(&holding);
        move |class| free || own.is_some_and(|own| !bits::meet(&holding, own.row(class)))
    }
}
