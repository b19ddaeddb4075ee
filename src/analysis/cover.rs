//! What regions leave uncovered of others.

use super::index::Index;
use super::search::Found;
use super::{Budget, Exhausted, Point, Region, Space, bits};
use std::borrow::Borrow;
use std::cmp::Reverse;
use std::ops::Range;

/// Whether covers leave anything of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// A point of the region in none of the covers.
    Bare(Point),
    /// Covers that suffice, by number and in order; without any one of them something is bare.
    Covered(Vec<usize>),
}

impl Space {
    /// A point of a region that lies in no cover and in no impossible region. `None` is a proof that
    /// there is none.
    pub fn uncovered(
        &self,
        query: &Region,
        covers: &[impl Borrow<Region>],
        budget: &mut Budget,
    ) -> Result<Option<Point>, Exhausted> {
        let Some(query) = self.tidy(query) else { return Ok(None) };
        let index = self.lay_out(&query, covers.iter().map(Borrow::borrow));
        index.bare(&query, &index.all(), budget)
    }

    /// A point of a region that lies in no cover, as [`Space::uncovered`]; if there is none, a minimal set
    /// of covers that suffices. Broad and early covers are preferred.
    pub fn core(
        &self,
        query: &Region,
        covers: &[impl Borrow<Region>],
        budget: &mut Budget,
    ) -> Result<Coverage, Exhausted> {
        let Some(query) = self.tidy(query) else { return Ok(Coverage::Covered(Vec::new())) };
        let regions = covers.iter().map(|cover| self.tidy(cover.borrow()));
        let (numbers, regions): (Vec<usize>, Vec<Region>) = regions
            .enumerate()
            .filter_map(|(number, cover)| cover.map(|cover| (number, cover)))
            .unzip();
        let count = regions.len();
        let index = Index::new(self, [regions, self.gaps()].concat());
        let units: Vec<_> = (0..count).map(|at| at..at + 1).collect();
        let always = index.range(count, index.regions().len());
        Ok(match index.minimal(std::slice::from_ref(&query), &units, &always, budget)? {
            Found::Bare(point) => Coverage::Bare(point),
            Found::Covered(used) => {
                let used = numbers.iter().enumerate().filter(|(at, _)| bits::contains(&used, *at));
                Coverage::Covered(used.map(|(_, number)| *number).collect())
            }
        })
    }

    /// A point in one of the first regions, in none of the second, and in no impossible region. `None` is
    /// a proof that there is none.
    pub fn difference(
        &self,
        regions: &[Region],
        without: &[Region],
        budget: &mut Budget,
    ) -> Result<Option<Point>, Exhausted> {
        let everything = Region::everything();
        let index = self.lay_out(&everything, without.iter());
        let all = index.all();
        for query in regions.iter().filter_map(|query| self.tidy(query)) {
            if let Some(point) = index.bare(&query, &all, budget)? {
                return Ok(Some(point));
            }
        }
        Ok(None)
    }

    /// The impossible regions, as regions of an index.
    pub(super) fn gaps(&self) -> Vec<Region> {
        self.impossible().iter().filter_map(|region| self.tidy(region)).collect()
    }

    /// The covers and impossible regions that meet a region, laid out.
    fn lay_out<'a>(&'a self, query: &Region, covers: impl Iterator<Item = &'a Region>) -> Index {
        let near = covers.chain(self.impossible()).filter(|cover| cover.meets(query));
        Index::new(self, near.filter_map(|cover| self.tidy(cover)).collect())
    }
}

impl Index {
    /// A point of a region that is in none of the covers of a set.
    pub(super) fn bare(
        &self,
        query: &Region,
        covers: &[u64],
        budget: &mut Budget,
    ) -> Result<Option<Point>, Exhausted> {
        match self.search(query, covers, budget)? {
            Found::Bare(point) => Ok(Some(point)),
            Found::Covered(_) => Ok(None),
        }
    }

    /// A point of one of several regions that is in none of the covers of a set; otherwise the covers used.
    pub(super) fn search_all(
        &self,
        queries: &[Region],
        covers: &[u64],
        budget: &mut Budget,
    ) -> Result<Found, Exhausted> {
        let mut all = vec![0; self.words()];
        for query in queries {
            match self.search(query, covers, budget)? {
                Found::Covered(used) => bits::add(&mut all, &used),
                bare @ Found::Bare(_) => return Ok(bare),
            }
        }
        Ok(Found::Covered(all))
    }

    /// Whether every point of some regions is in one of the covers of a set.
    pub(super) fn are_covered(
        &self,
        queries: &[Region],
        covers: &[u64],
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        for query in queries {
            if !self.is_covered(query, covers, budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As [`Index::search_all`] with covers that come in units, each a range of regions, and covers that
    /// count always. What is covered is covered by units of which none can be left out.
    ///
    /// Units are tried for leaving out from the narrow and late end, so that catch-alls survive.
    pub(super) fn minimal(
        &self,
        queries: &[Region],
        units: &[Range<usize>],
        always: &[u64],
        budget: &mut Budget,
    ) -> Result<Found, Exhausted> {
        let whole = |used: &[u64]| {
            let mut set = always.to_vec();
            let touched =
                units.iter().filter(|unit| (**unit).clone().any(|bit| bits::contains(used, bit)));
            touched.flat_map(Clone::clone).for_each(|bit| bits::insert(&mut set, bit));
            set
        };
        let everything =
            units.iter().flat_map(Clone::clone).fold(always.to_vec(), |mut set, bit| {
                bits::insert(&mut set, bit);
                set
            });
        let mut kept = match self.search_all(queries, &everything, budget)? {
            Found::Covered(used) => whole(&used),
            bare @ Found::Bare(_) => return Ok(bare),
        };
        for unit in self.narrow_first(units, &kept) {
            if !unit.clone().any(|bit| bits::contains(&kept, bit)) {
                continue;
            }
            let mut fewer = kept.clone();
            unit.for_each(|bit| bits::remove(&mut fewer, bit));
            if let Found::Covered(used) = self.search_all(queries, &fewer, budget)? {
                let used = whole(&used);
                bits::keep(&mut kept, &used);
            }
        }
        Ok(Found::Covered(kept))
    }

    /// The units in a set from the narrowest and, of equally narrow ones, the latest.
    fn narrow_first(&self, units: &[Range<usize>], set: &[u64]) -> Vec<Range<usize>> {
        let named = |bit: usize| self.regions().get(bit).map_or(0, Region::named);
        let touched = units.iter().filter(|unit| unit.start < unit.end);
        let touched = touched.filter(|unit| bits::contains(set, unit.start));
        let mut sorted: Vec<_> = touched.cloned().collect();
        sorted.sort_by_key(|unit| {
            Reverse((unit.clone().map(named).min().unwrap_or_default(), unit.start))
        });
        sorted
    }
}
