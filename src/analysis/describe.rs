//! What is left of regions, as few readable regions.

use super::index::Index;
use super::{Budget, Classes, Exhausted, Level, Point, Region, Space};

/// Some points as a list of regions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// Regions of those points; they may overlap, and hold impossible points too.
    pub regions: Vec<Region>,
    /// Whether the regions hold all of the points.
    pub complete: bool,
}

/// What regions may be raised to: inside the queries and outside the covers, impossible points apart.
struct Bounds<'a> {
    space: &'a Space,
    queries: Vec<Region>,
    covers: Index,
    /// The queries and the impossible regions.
    within: Index,
    impossible: Index,
    /// The levels that anything names, from the one that the fewest covers name.
    order: Vec<Level>,
}

impl Space {
    /// The points of some regions that lie in no cover, in at most so many regions.
    ///
    /// Each region grows from a point that is still missing: level by level to the most classes that stay
    /// outside the covers, impossible points apart. When the budget is spent after the first region, the
    /// description is returned as incomplete.
    pub fn describe(
        &self,
        queries: &[Region],
        covers: &[Region],
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Description, Exhausted> {
        let queries: Vec<Region> = queries.iter().filter_map(|query| self.tidy(query)).collect();
        let near = covers.iter().filter_map(|cover| self.tidy(cover));
        let near = near.filter(|cover| queries.iter().any(|query| query.meets(cover))).collect();
        let bounds = Bounds::new(self, queries, near);
        let mut regions = Vec::new();
        loop {
            let grown = match bounds.missing(&regions, budget) {
                Ok(None) => return Ok(Description { regions, complete: true }),
                Ok(Some(_)) if regions.len() >= limit => Ok(None),
                Ok(Some(point)) => bounds.raised(&point, budget).map(Some),
                Err(exhausted) => Err(exhausted),
            };
            match grown {
                Ok(Some(region)) => regions.push(region),
                Err(exhausted) if regions.is_empty() => return Err(exhausted),
                Ok(None) | Err(_) => return Ok(Description { regions, complete: false }),
            }
        }
    }
}

impl<'a> Bounds<'a> {
    fn new(space: &'a Space, queries: Vec<Region>, covers: Vec<Region>) -> Self {
        let gaps = space.gaps();
        let covers = Index::new(space, covers);
        let within = Index::new(space, [queries.clone(), gaps.clone()].concat());
        let uses =
            |level| covers.regions().iter().filter(|cover| cover.classes(level).is_some()).count();
        let named = |level: &Level| {
            let tables = within.tables().iter().chain(covers.tables());
            tables.into_iter().any(|table| table.level == *level)
        };
        let mut order: Vec<_> = space.levels().filter(named).collect();
        order.sort_by_cached_key(|level| uses(*level));
        Self { space, queries, covers, within, impossible: Index::new(space, gaps), order }
    }

    /// A point of the queries outside the covers that lies in none of the regions.
    fn missing(&self, regions: &[Region], budget: &mut Budget) -> Result<Option<Point>, Exhausted> {
        let taken = [regions, self.covers.regions(), self.impossible.regions()].concat();
        let index = Index::new(self.space, taken);
        let all = index.all();
        for query in &self.queries {
            if let Some(point) = index.bare(query, &all, budget)? {
                return Ok(Some(point));
            }
        }
        Ok(None)
    }

    /// A region around a point that cannot be raised on any level.
    fn raised(&self, point: &Point, budget: &mut Budget) -> Result<Region, Exhausted> {
        let alone = |region: Region, level: &Level| {
            region.replaced(*level, Classes::one(point.get(*level)))
        };
        let mut region = self.order.iter().fold(Region::everything(), alone);
        let holding = self.queries.iter().filter(|query| query.holds(point));
        let broad = holding.min_by_key(|query| query.named());
        for level in &self.order {
            // A condition less, or else no more of one than the query says.
            let opened = region.opened(*level);
            if self.allow(&opened, budget)? {
                region = opened;
            } else if let Some(classes) = broad.and_then(|query| query.classes(*level)) {
                let said = region.replaced(*level, classes.clone());
                region = if self.allow(&said, budget)? { said } else { region };
            }
        }
        for level in &self.order {
            region = self.widened(region, *level, budget)?;
        }
        Ok(region)
    }

    /// A region with every class of a level that it may have.
    fn widened(
        &self,
        region: Region,
        level: Level,
        budget: &mut Budget,
    ) -> Result<Region, Exhausted> {
        let Some(own) = region.classes(level) else { return Ok(region) };
        let mut classes = own.clone();
        let missing = own.complement(self.space.classes(level));
        let open = region.opened(level);
        let queried = self.named(self.queries.iter().filter(|query| query.meets(&open)), level);
        let covered = self.named(self.covers.meeting(&open), level);
        // No cover is in the way of these.
        let free = missing.intersection(&queried).without(&covered);
        if !free.is_empty() && self.is_within(&region.replaced(level, free.clone()), budget)? {
            classes = classes.union(&free);
        }
        // No query holds these: at best nothing can lie in them, and if no impossible region names
        // the level, that is so for all or none.
        let foreign = missing.without(&queried);
        if !foreign.is_empty() && self.allow(&region.replaced(level, foreign.clone()), budget)? {
            classes = classes.union(&foreign);
        }
        let alike = if self.impossible.names(level) { Classes::none() } else { foreign };
        for class in missing.without(&classes).without(&alike).iter() {
            if self.allow(&region.replaced(level, Classes::one(class)), budget)? {
                classes.insert(class);
            }
        }
        Ok(if classes.is_all(self.space.classes(level)) {
            region.opened(level)
        } else {
            region.replaced(level, classes)
        })
    }

    /// Whether all possible points of a region lie in the queries and in no cover.
    fn allow(&self, region: &Region, budget: &mut Budget) -> Result<bool, Exhausted> {
        let anything = self.impossible.all();
        for cover in self.covers.meeting(region) {
            let Some(meet) = cover.meet(region) else { continue };
            if !self.impossible.is_covered(&meet, &anything, budget)? {
                return Ok(false);
            }
        }
        self.is_within(region, budget)
    }

    /// Whether all possible points of a region lie in the queries.
    fn is_within(&self, region: &Region, budget: &mut Budget) -> Result<bool, Exhausted> {
        if self.queries.iter().any(|query| query.contains(region)) {
            return Ok(true);
        }
        if !self.queries.iter().any(|query| query.meets(region)) {
            return self.impossible.is_covered(region, &self.impossible.all(), budget);
        }
        self.within.is_covered(region, &self.within.all(), budget)
    }

    /// The classes of a level that any of some regions allows.
    fn named<'r>(&self, regions: impl IntoIterator<Item = &'r Region>, level: Level) -> Classes {
        let mut named = Classes::none();
        for region in regions {
            match region.classes(level) {
                Some(classes) => named = named.union(classes),
                None => return Classes::all(self.space.classes(level)),
            }
        }
        named
    }
}
