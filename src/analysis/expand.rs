//! A formula multiplied out into regions.

use super::absorb::Absorbed;
use super::{Budget, Classes, Exhausted, Formula, Level, Region, Space};
use std::collections::{BTreeMap, BTreeSet};

impl Space {
    /// The regions in which a formula holds: a point lies in one of them if and only if the formula holds
    /// for it, impossible points apart. No region lies in another; they are sorted.
    ///
    /// The number of regions can grow exponentially with the formula; the budget bounds it.
    pub fn regions(
        &self,
        formula: &Formula,
        budget: &mut Budget,
    ) -> Result<Vec<Region>, Exhausted> {
        let plain = self.plain(formula, true);
        if let Some(region) = only(&plain) {
            budget.spend(1 + region.named() as u64)?;
            return Ok(if self.excludes(&region) { Vec::new() } else { vec![region] });
        }
        let regions = self.within(&plain, vec![Region::everything()], budget)?;
        let mut absorbed = Absorbed::default();
        for region in self.joined(regions) {
            if !self.excludes(&region) {
                absorbed.add(region, budget)?;
            }
        }
        let mut regions = absorbed.list();
        regions.sort();
        Ok(regions)
    }

    /// A formula, or its negation, without `Not` and without parts that hold always or never.
    fn plain(&self, formula: &Formula, holds: bool) -> Formula {
        let each = |of: &[Formula]| of.iter().map(|one| self.plain(one, holds)).collect();
        match formula {
            Formula::Always => constant(holds),
            Formula::Never => constant(!holds),
            Formula::Is(level, classes) if holds => self.test(*level, classes),
            Formula::Is(level, classes) => {
                self.test(*level, &classes.complement(self.classes(*level)))
            }
            Formula::Not(inner) => self.plain(inner, !holds),
            Formula::And(of) => self.join(each(of), holds),
            Formula::Or(of) => self.join(each(of), !holds),
            Formula::AtLeast(least, of) if holds => self.at_least(*least, each(of)),
            // Fewer than so many hold when enough of the others do not.
            Formula::AtLeast(least, of) => match (of.len() + 1).checked_sub(*least) {
                Some(failing) => self.at_least(failing, each(of)),
                None => Formula::Always,
            },
        }
    }

    /// A test of a level, which may hold always or never.
    fn test(&self, level: Level, classes: &Classes) -> Formula {
        let classes = classes.intersection(&self.all(level));
        if classes.is_empty() || classes.is_all(self.classes(level)) {
            return constant(!classes.is_empty());
        }
        Formula::Is(level, classes)
    }

    /// Plain conditions joined by *and*, or else by *or*: one test for each level, and flat.
    fn join(&self, of: Vec<Formula>, all: bool) -> Formula {
        let mut tests: BTreeMap<Level, Classes> = BTreeMap::new();
        let mut rest = Vec::new();
        let flat = of.into_iter().flat_map(|one| match one {
            Formula::And(inner) if all => inner,
            Formula::Or(inner) if !all => inner,
            other => vec![other],
        });
        for one in flat {
            match one {
                Formula::Is(level, classes) => {
                    let joined = match tests.get(&level) {
                        None => classes,
                        Some(own) if all => own.intersection(&classes),
                        Some(own) => own.union(&classes),
                    };
                    tests.insert(level, joined);
                }
                other => rest.push(other),
            }
        }
        let tests = tests.into_iter().map(|(level, classes)| self.test(level, &classes));
        let mut joined: Vec<Formula> = tests.chain(rest).collect();
        joined.retain(|one| *one != constant(all));
        if joined.contains(&constant(!all)) {
            return constant(!all);
        }
        match (joined.pop(), joined.is_empty()) {
            (None, _) => constant(all),
            (Some(only), true) => only,
            (Some(last), false) => {
                joined.push(last);
                if all { Formula::And(joined) } else { Formula::Or(joined) }
            }
        }
    }

    /// At least so many of plain conditions.
    fn at_least(&self, least: usize, mut of: Vec<Formula>) -> Formula {
        let count = of.len();
        of.retain(|one| *one != Formula::Always);
        let least = least.saturating_sub(count - of.len());
        of.retain(|one| *one != Formula::Never);
        match least {
            0 => Formula::Always,
            1 => self.join(of, false),
            least if least == of.len() => self.join(of, true),
            least if least > of.len() => Formula::Never,
            least => Formula::AtLeast(least, of),
        }
    }

    /// Where a plain formula holds within some regions.
    fn within(
        &self,
        formula: &Formula,
        base: Vec<Region>,
        budget: &mut Budget,
    ) -> Result<Vec<Region>, Exhausted> {
        let mut absorbed = Absorbed::default();
        match formula {
            Formula::Never | Formula::Not(_) => {}
            Formula::Always => return Ok(base),
            Formula::Is(level, classes) => {
                for region in base.iter().filter_map(|region| region.with(*level, classes)) {
                    absorbed.add(region, budget)?;
                }
            }
            Formula::And(of) => {
                // The fewest alternatives first: what contradicts is gone before it is multiplied.
                let mut of: Vec<&Formula> = of.iter().collect();
                of.sort_by_key(|one| alternatives(one));
                return of.into_iter().try_fold(base, |base, one| self.within(one, base, budget));
            }
            Formula::Or(of) => {
                for one in of {
                    for region in self.within(one, base.clone(), budget)? {
                        absorbed.add(region, budget)?;
                    }
                }
            }
            Formula::AtLeast(least, of) => return self.counted(*least, of, base, budget),
        }
        Ok(absorbed.list())
    }

    /// Where at least so many of plain conditions hold within some regions.
    ///
    /// One condition after the other, with the regions in which at least 0, 1, 2, … of those so far hold:
    /// what the choices share is multiplied out once.
    fn counted(
        &self,
        least: usize,
        of: &[Formula],
        base: Vec<Region>,
        budget: &mut Budget,
    ) -> Result<Vec<Region>, Exhausted> {
        let mut holding: Vec<Absorbed> = (0..=least).map(|_| Absorbed::default()).collect();
        for region in base {
            holding.first_mut().map_or(Ok(()), |none| none.add(region, budget))?;
        }
        for (position, one) in of.iter().enumerate() {
            let to_come = of.len() - position - 1;
            for count in (least.saturating_sub(to_come).max(1)..=least).rev() {
                let fewer = holding.get(count - 1).map(Absorbed::to_list).unwrap_or_default();
                for region in self.within(one, fewer, budget)? {
                    holding.get_mut(count).map_or(Ok(()), |own| own.add(region, budget))?;
                }
            }
        }
        Ok(holding.pop().map(Absorbed::list).unwrap_or_default())
    }

    /// The same points in fewer regions: those that differ on a single level become one.
    fn joined(&self, mut regions: Vec<Region>) -> Vec<Region> {
        let levels = regions.iter().flat_map(Region::parts).map(|(level, _)| level);
        let levels: BTreeSet<Level> = levels.collect();
        loop {
            let before = regions.len();
            for level in &levels {
                if regions.len() > 1 {
                    regions = self.joined_on(*level, regions);
                }
            }
            if regions.len() == before {
                return regions;
            }
        }
    }

    fn joined_on(&self, level: Level, regions: Vec<Region>) -> Vec<Region> {
        let mut alike: BTreeMap<Region, Classes> = BTreeMap::new();
        let mut joined = Vec::new();
        for region in regions {
            match region.classes(level) {
                None => joined.push(region),
                Some(classes) => {
                    let own = alike.entry(region.opened(level)).or_default();
                    *own = own.union(classes);
                }
            }
        }
        joined.extend(alike.into_iter().map(|(open, classes)| {
            if classes.is_all(self.classes(level)) { open } else { open.replaced(level, classes) }
        }));
        joined
    }
}

/// The region of a plain formula that is one: some tests, one for each level and in their order.
fn only(plain: &Formula) -> Option<Region> {
    let test = |one: &Formula| match one {
        Formula::Is(level, classes) => Some((*level, classes.clone())),
        _ => None,
    };
    match plain {
        Formula::Is(..) => Some(Region::of([test(plain)?])),
        Formula::And(of) => Some(Region::of(of.iter().map(test).collect::<Option<Vec<_>>>()?)),
        _ => None,
    }
}

/// The formula that holds always, or never.
fn constant(holds: bool) -> Formula {
    if holds { Formula::Always } else { Formula::Never }
}

/// About how many regions a plain formula has.
fn alternatives(formula: &Formula) -> usize {
    match formula {
        Formula::Always | Formula::Never | Formula::Is(..) | Formula::Not(_) => 1,
        Formula::And(of) => of.iter().map(alternatives).fold(1, usize::saturating_mul),
        Formula::Or(of) => of.iter().map(alternatives).fold(0, usize::saturating_add),
        Formula::AtLeast(least, of) => {
            of.iter().map(alternatives).fold(0, usize::saturating_add).saturating_mul(*least)
        }
    }
}
