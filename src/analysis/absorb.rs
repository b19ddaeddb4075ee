//! Regions of which none lies in another.

use super::{Budget, Exhausted, Level, Region};
use std::collections::BTreeMap;

/// A growing list of regions that keeps only those that lie in no other.
///
/// A region can only contain what names all its levels, so in a long list candidates are found by level.
#[derive(Debug, Default)]
pub(super) struct Absorbed {
    regions: Vec<Option<Region>>,
    /// The regions by the first level they name.
    by_first: BTreeMap<Option<Level>, Vec<usize>>,
    /// The regions by every level they name.
    by_level: BTreeMap<Level, Vec<usize>>,
    /// How many regions are found by level.
    indexed: usize,
}

/// A list that is no longer than this is looked through.
const SHORT: usize = 12;

impl Absorbed {
    /// Adds a region unless it lies in one that is there; what lies in it leaves.
    pub(super) fn add(&mut self, region: Region, budget: &mut Budget) -> Result<(), Exhausted> {
        let mut looked_at = 0;
        if self.absorbs(&region, &mut looked_at) {
            return budget.spend(1 + looked_at / 64);
        }
        for at in self.candidates(&region) {
            looked_at += 1;
            if let Some(own) = self.regions.get_mut(at)
                && own.as_ref().is_some_and(|own| region.contains(own))
            {
                *own = None;
            }
        }
        self.regions.push(Some(region));
        if self.regions.len() > SHORT {
            self.index();
        }
        budget.spend(1 + looked_at / 64)
    }

    /// Enters the regions that are not yet found by level.
    fn index(&mut self) {
        for (at, region) in self.regions.iter().enumerate().skip(self.indexed) {
            let levels = || region.iter().flat_map(Region::parts).map(|(level, _)| level);
            self.by_first.entry(levels().next()).or_default().push(at);
            levels().for_each(|level| self.by_level.entry(level).or_default().push(at));
        }
        self.indexed = self.regions.len();
    }

    /// The regions, in the order in which they came.
    pub(super) fn list(self) -> Vec<Region> {
        self.regions.into_iter().flatten().collect()
    }

    /// A copy of the regions, in the order in which they came.
    pub(super) fn to_list(&self) -> Vec<Region> {
        self.regions.iter().flatten().cloned().collect()
    }

    /// Whether a region lies in one that is there.
    fn absorbs(&self, region: &Region, looked_at: &mut u64) -> bool {
        if self.indexed == 0 {
            *looked_at += self.regions.len() as u64;
            return self.regions.iter().flatten().any(|own| own.contains(region));
        }
        let firsts = std::iter::once(None).chain(region.parts().map(|(level, _)| Some(level)));
        let near = firsts.filter_map(|first| self.by_first.get(&first)).flatten();
        near.filter_map(|at| self.regions.get(*at)?.as_ref()).any(|own| {
            *looked_at += 1;
            own.contains(region)
        })
    }

    /// Regions among which are all those that lie in a region.
    fn candidates(&self, region: &Region) -> Vec<usize> {
        if self.indexed == 0 {
            return (0..self.regions.len()).collect();
        }
        let lists = region.parts().map(|(level, _)| self.by_level.get(&level));
        match lists.min_by_key(|list| list.map_or(0, Vec::len)) {
            None => (0..self.regions.len()).collect(),
            Some(shortest) => shortest.cloned().unwrap_or_default(),
        }
    }
}
