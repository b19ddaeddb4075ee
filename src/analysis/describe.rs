//! What is left of regions, as few readable regions.

use super::index::Index;
use super::{Backdrop, Budget, Classes, Exhausted, Level, Point, Region, Space, bits};
use smallvec::SmallVec;
use std::cell::OnceCell;

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
    backdrop: &'a Backdrop<'a>,
    queries: &'a [Region],
    /// The set of the covers.
    near: &'a [u64],
    /// The queries and the impossible regions, once it is asked for.
    within: &'a OnceCell<Index>,
    order: &'a [Level],
}

/// A region that is raised.
struct Growth<'a> {
    bounds: Bounds<'a>,
    /// The point it grows from, which is possible.
    seed: &'a Point,
    /// By number of level the classes it has; none where it is open.
    classes: Vec<Option<Classes>>,
    /// For each level in order the covers that miss the region there.
    misses: Vec<Covers>,
    /// A query in which all of it lies, if one is known.
    home: Option<&'a Region>,
}

/// A set of covers. Those near a description are few.
type Covers = SmallVec<[u64; 4]>;

impl Space {
    /// The points of some regions that lie in no cover, in at most so many regions.
    ///
    /// As [`Backdrop::describe`], with covers that nobody else asks about.
    pub fn describe(
        &self,
        queries: &[Region],
        covers: &[Region],
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Description, Exhausted> {
        let near = covers.iter().filter(|cover| queries.iter().any(|query| query.meets(cover)));
        let near: Vec<&[Region]> = near.map(std::slice::from_ref).collect();
        let all: Vec<usize> = (0..near.len()).collect();
        Backdrop::new(self, near, limit).describe(queries, &all, budget)
    }
}

impl Backdrop<'_> {
    /// The points of some regions that lie in none of some conditions, by number.
    ///
    /// Each region grows from a point that is still missing: level by level to the most classes that stay
    /// outside the covers, impossible points apart. When the budget is spent after the first region, the
    /// description is returned as incomplete.
    pub fn describe(
        &mut self,
        queries: &[Region],
        conditions: &[usize],
        budget: &mut Budget,
    ) -> Result<Description, Exhausted> {
        let queries: Vec<Region> =
            queries.iter().filter_map(|query| self.space.tidy(query)).collect();
        let near = self.near(&queries, conditions);
        let order = self.order(&queries, &near);
        let within = OnceCell::new();
        let mut taken = near.clone();
        bits::add(&mut taken, &self.impossible);
        let mut regions = Vec::new();
        loop {
            let bounds = Bounds {
                backdrop: self,
                queries: &queries,
                near: &near,
                within: &within,
                order: &order,
            };
            let grown = match bounds.missing(&taken, budget) {
                Ok(None) => return Ok(Description { regions, complete: true }),
                Ok(Some(_)) if regions.len() >= self.limit => Ok(None),
                Ok(Some(point)) => bounds.raised(&point, budget).map(Some),
                Err(exhausted) => Err(exhausted),
            };
            match grown {
                Ok(Some(region)) => {
                    self.index.replace(regions.len(), &region, self.space);
                    bits::insert(&mut taken, regions.len());
                    regions.push(region);
                }
                Err(exhausted) if regions.is_empty() => return Err(exhausted),
                Ok(None) | Err(_) => return Ok(Description { regions, complete: false }),
            }
        }
    }
}

impl Bounds<'_> {
    /// A point of the queries that lies in none of the regions of a set.
    fn missing(&self, taken: &[u64], budget: &mut Budget) -> Result<Option<Point>, Exhausted> {
        for query in self.queries {
            if let Some(point) = self.backdrop.index.bare(query, taken, budget)? {
                return Ok(Some(point));
            }
        }
        Ok(None)
    }

    /// A region around a point that cannot be raised on any level.
    fn raised(self, point: &Point, budget: &mut Budget) -> Result<Region, Exhausted> {
        let (queries, order) = (self.queries, self.order);
        let holding = queries.iter().filter(|query| query.holds(point));
        let broad = holding.min_by_key(|query| query.named());
        let mut growth = Growth::new(self, point, broad);
        for (at, level) in order.iter().enumerate() {
            // A condition less, or else no more of one than the query says.
            if growth.allows(at, None, budget)? {
                growth.set(at, None);
            } else if let Some(classes) = broad.and_then(|query| query.classes(*level))
                && growth.allows(at, Some(classes), budget)?
            {
                growth.set(at, Some(classes));
            }
        }
        for at in 0..order.len() {
            growth.widen(at, budget)?;
        }
        Ok(growth.region())
    }
}

impl<'a> Growth<'a> {
    /// The region of one point, and a query in which it lies.
    fn new(bounds: Bounds<'a>, seed: &'a Point, home: Option<&'a Region>) -> Self {
        let classes = vec![None; bounds.backdrop.space.levels().len()];
        let misses = vec![Covers::new(); bounds.order.len()];
        let order = bounds.order;
        let mut growth = Self { bounds, seed, classes, misses, home };
        for (at, level) in order.iter().enumerate() {
            growth.set(at, Some(&Classes::one(seed.get(*level))));
        }
        growth
    }

    /// The region as it is.
    fn region(&self) -> Region {
        let levels = self.bounds.backdrop.space.levels().zip(&self.classes);
        Region::of(levels.filter_map(|(level, classes)| Some((level, classes.clone()?))))
    }

    fn of(&self, level: Level) -> Option<&Classes> {
        self.classes.get(level.number())?.as_ref()
    }

    /// Gives it other classes of a level of the order.
    fn set(&mut self, at: usize, classes: Option<&Classes>) {
        let Some(level) = self.bounds.order.get(at).copied() else { return };
        let near = self.bounds.near;
        let mut misses = Covers::from_elem(0, near.len());
        if let (Some(classes), Some(table)) = (classes, self.bounds.backdrop.index.table(level)) {
            misses.copy_from_slice(near);
            table.keep_any(&mut misses, classes);
            misses.iter_mut().zip(near).for_each(|(misses, near)| *misses = near & !*misses);
        }
        let inside = |home: &&Region| match (home.classes(level), classes) {
            (Some(home), Some(classes)) => classes.is_subset(home),
            (home, None) => home.is_none(),
            (None, Some(_)) => true,
        };
        self.home = self.home.filter(inside);
        if let Some(own) = self.misses.get_mut(at) {
            *own = misses;
        }
        if let Some(own) = self.classes.get_mut(level.number()) {
            *own = classes.cloned();
        }
    }

    /// The covers that the region meets on all other levels than one of the order.
    fn beside(&self, at: usize) -> Covers {
        let mut met = Covers::from_slice(self.bounds.near);
        for (_, misses) in self.misses.iter().enumerate().filter(|(other, _)| *other != at) {
            met.iter_mut().zip(misses).for_each(|(met, misses)| *met &= !misses);
        }
        met
    }

    /// Whether all possible points of the region, with other classes of a level of the order, lie in the
    /// queries and in no cover.
    fn allows(
        &self,
        at: usize,
        classes: Option<&Classes>,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        Ok(self.is_within(at, classes, budget)?
            && self.is_clear(at, classes, self.beside(at), budget)?)
    }

    /// Whether no possible point of the region, with other classes of a level of the order, lies in a
    /// cover of those that meet it on all other levels.
    fn is_clear(
        &self,
        at: usize,
        classes: Option<&Classes>,
        mut beside: Covers,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        let Bounds { backdrop, order, .. } = self.bounds;
        let Some(changed) = order.get(at).copied() else { return Ok(true) };
        if let (Some(classes), Some(table)) = (classes, backdrop.index.table(changed)) {
            table.keep_any(&mut beside, classes);
        }
        for cover in bits::ones(&beside).filter_map(|at| backdrop.index.regions().get(at)) {
            let meet = self.meet(cover, changed, classes);
            let view = |level: Level| {
                let own = || if level == changed { classes } else { self.of(level) };
                meet.classes(level).or_else(own)
            };
            if backdrop.is_possible(view, self.seed, changed, budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the region, with other classes of a level, asks of the levels that a cover names beside what
    /// the cover asks.
    fn meet(&self, cover: &Region, changed: Level, classes: Option<&Classes>) -> Region {
        Region::of(cover.parts().map(|(level, other)| {
            let own = if level == changed { classes } else { self.of(level) };
            (level, own.map_or_else(|| other.clone(), |own| own.intersection(other)))
        }))
    }

    /// Whether all possible points of the region, with other classes of a level of the order, lie in the
    /// queries.
    fn is_within(
        &self,
        at: usize,
        classes: Option<&Classes>,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        let Bounds { backdrop, queries, order, within, .. } = self.bounds;
        let Some(changed) = order.get(at).copied() else { return Ok(true) };
        let view = |level| if level == changed { classes } else { self.of(level) };
        if let Some(home) = self.home {
            // On all other levels the region lies in that query.
            let Some(set) = home.classes(changed) else { return Ok(true) };
            let all = || set.complement(backdrop.space.classes(changed));
            let beyond = classes.map_or_else(all, |classes| classes.without(set));
            let there = |other| if other == changed { Some(&beyond) } else { view(other) };
            if beyond.is_empty() {
                return Ok(true);
            }
            if queries.len() == 1 {
                return Ok(!backdrop.is_possible(there, self.seed, changed, budget)?);
            }
        }
        let holds = |query: &&Region| {
            let inside =
                |(level, set): (_, &Classes)| view(level).is_some_and(|c| c.is_subset(set));
            query.parts().all(inside)
        };
        if queries.iter().any(|query| holds(&query)) {
            return Ok(true);
        }
        let meets = |query: &&Region| {
            query.parts().all(|(level, set)| view(level).is_none_or(|own| own.meets(set)))
        };
        let met: Vec<&Region> = queries.iter().filter(meets).collect();
        let Some((first, others)) = met.split_first() else {
            return Ok(!backdrop.is_possible(view, self.seed, changed, budget)?);
        };
        // What lies beside all queries on one level is in none of them.
        for (level, set) in first.parts() {
            let mut beyond = view(level).map_or_else(|| backdrop.space.all(level), Classes::clone);
            beyond.remove(set);
            for other in others {
                match other.classes(level) {
                    Some(set) => beyond.remove(set),
                    None => beyond = Classes::none(),
                }
            }
            let there = |other| if other == level { Some(&beyond) } else { view(other) };
            if !beyond.is_empty() && backdrop.is_possible(there, self.seed, level, budget)? {
                return Ok(false);
            }
        }
        if others.is_empty() {
            return Ok(true);
        }
        let gaps = backdrop.gaps.regions();
        let within =
            within.get_or_init(|| Index::new(backdrop.space, [self.bounds.queries, gaps].concat()));
        let named = |level: Level| Some((level, view(level)?.clone()));
        let region = Region::of(backdrop.space.levels().filter_map(named));
        within.is_covered(&region, &within.all(), budget)
    }

    /// Of some classes of a level those with which no cover, of some that the region meets on all other
    /// levels, plainly takes a possible point from it.
    fn not_taken(&self, level: Level, mut open: Classes, beside: &[u64]) -> Classes {
        let backdrop = self.bounds.backdrop;
        for cover in bits::ones(beside).filter_map(|at| backdrop.index.regions().get(at)) {
            let taken =
                cover.classes(level).map_or_else(|| open.clone(), |own| own.intersection(&open));
            if taken.is_empty() {
                continue;
            }
            let meet = self.meet(cover, level, None);
            let view = |other| meet.classes(other).or_else(|| self.of(other));
            let possible = backdrop.possible(view, self.seed, level);
            open.remove(&Classes::of(taken.iter().filter(|class| possible(*class))));
        }
        open
    }

    /// Gives the region every class of a level that it may have.
    fn widen(&mut self, at: usize, budget: &mut Budget) -> Result<(), Exhausted> {
        let Bounds { backdrop, queries, order, .. } = self.bounds;
        let Some(level) = order.get(at).copied() else { return Ok(()) };
        let Some(own) = self.of(level) else { return Ok(()) };
        let mut classes = own.clone();
        let missing = own.complement(backdrop.space.classes(level));
        let beside = self.beside(at);
        let meets = |query: &&Region| {
            let mut parts = query.parts().filter(|(other, _)| *other != level);
            parts.all(|(other, set)| self.of(other).is_none_or(|own| own.meets(set)))
        };
        let queried = backdrop.named(queries.iter().filter(meets), level);
        let covers = bits::ones(&beside).filter_map(|cover| backdrop.index.regions().get(cover));
        let covered = backdrop.named(covers, level);
        // No cover is in the way of these.
        let free = missing.intersection(&queried).without(&covered);
        if !free.is_empty() && self.is_within(at, Some(&free), budget)? {
            classes = classes.union(&free);
        }
        // No query holds these: at best nothing can lie in them, and if no impossible region names
        // the level, that is so for all or none.
        let foreign = missing.without(&queried);
        if !foreign.is_empty() && self.allows(at, Some(&foreign), budget)? {
            classes = classes.union(&foreign);
        }
        let hopeless = if backdrop.gaps.names(level) {
            let possible = backdrop.possible(|level| self.of(level), self.seed, level);
            Classes::of(foreign.iter().filter(|class| possible(*class)))
        } else {
            foreign
        };
        let open = missing.without(&classes).without(&hopeless);
        let open = self.not_taken(level, open, &beside);
        for class in open.iter() {
            let one = Classes::one(class);
            if self.is_within(at, Some(&one), budget)?
                && self.is_clear(at, Some(&one), beside.clone(), budget)?
            {
                classes.insert(class);
            }
        }
        let all = classes.is_all(backdrop.space.classes(level));
        self.set(at, (!all).then_some(&classes));
        Ok(())
    }
}

impl Backdrop<'_> {
    /// The classes of a level that any of some regions allows.
    fn named<'r>(&self, regions: impl IntoIterator<Item = &'r Region>, level: Level) -> Classes {
        let mut named = Classes::none();
        for region in regions {
            match region.classes(level) {
                Some(classes) => named = named.union(classes),
                None => return self.space.all(level),
            }
        }
        named
    }
}
