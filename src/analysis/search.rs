//! The search for a point of a box that no region covers.
//!
//! Regions that miss the box are dropped; one that contains it covers it; one that is narrower on a single
//! level cuts that level; a class that no narrower region touches is kept alone, for what is bare at all is
//! bare there. What is left is split on a level, and both halves are searched. A point found is a witness;
//! finding none is a proof.

use super::index::{Index, Table};
use super::{Budget, Classes, Exhausted, Level, Point, Region, bits};
use std::cmp::Reverse;

/// What a search ends with.
#[derive(Debug)]
pub(super) enum Found {
    /// A point of the box in no cover.
    Bare(Point),
    /// The covers that a proof of the contrary used, as a set.
    Covered(Vec<u64>),
}

/// What looking at a part ends with.
pub(super) enum Sought {
    /// Classes of the levels of a bare point.
    Bare(Vec<(Level, usize)>),
    /// The covers that were needed, as a set.
    Covered(Vec<u64>),
}

/// After so many boxes a question is left to the solver. Among thousands of random rules that all fire, a
/// question takes about twenty; conditions made to be hard take more without end.
const PATIENCE: u64 = 2_000;

/// A box within the question, and how the covers lie to it.
#[derive(Clone)]
pub(super) struct Part {
    /// The classes of the box, for each table of the index.
    sets: Vec<Classes>,
    /// For each table, the covers that hold all of those classes.
    full: Vec<u64>,
    /// The covers that meet the box.
    pub(super) active: Vec<u64>,
}

/// What is known of a part when nothing more follows without a choice.
enum Settled {
    Bare,
    Covered,
    /// A table on which to split, and the classes of one half.
    Split(usize, Classes),
}

/// A search under way.
struct Search<'a> {
    index: &'a Index,
    /// The covers that the proof has used so far.
    used: Vec<u64>,
    /// The covers that are narrower than the part on at least one, two, three and four levels.
    narrower: [Vec<u64>; 4],
}

impl Index {
    /// Looks for a point of a region that is in none of the covers of a set. Spends a step for each point
    /// and box that is looked at.
    pub(super) fn search(
        &self,
        query: &Region,
        covers: &[u64],
        budget: &mut Budget,
    ) -> Result<Found, Exhausted> {
        let active = self.active(query, covers);
        Ok(match self.look_for(query, &active, budget)? {
            Found::Bare(point) => Found::Bare(self.lowered(point, query, &active)),
            covered @ Found::Covered(_) => covered,
        })
    }

    /// Whether every point of a region is in one of the covers of a set.
    pub(super) fn is_covered(
        &self,
        query: &Region,
        covers: &[u64],
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        let found = self.look_for(query, &self.active(query, covers), budget)?;
        Ok(matches!(found, Found::Covered(_)))
    }

    /// The covers of a set that meet a region.
    fn active(&self, query: &Region, covers: &[u64]) -> Vec<u64> {
        let mut active = covers.to_vec();
        self.keep_meeting(&mut active, query);
        // What comes first has few covers before it, and so short sets.
        active.truncate(active.iter().rposition(|word| *word != 0).map_or(1, |last| last + 1));
        active
    }

    /// Some point of a region that is in none of the covers of a set, all of which meet it.
    fn look_for(
        &self,
        query: &Region,
        active: &[u64],
        budget: &mut Budget,
    ) -> Result<Found, Exhausted> {
        if let Some(point) = self.guess(query, active, budget)? {
            return Ok(Found::Bare(point));
        }
        let start = Part::new(self, query, active.to_vec());
        let sought = match self.seek(start.clone(), budget)? {
            Some(sought) => sought,
            None => self.solve(&start, budget)?,
        };
        match sought {
            Sought::Covered(used) => Ok(Found::Covered(used)),
            Sought::Bare(classes) => {
                let mut point = self.corner(query);
                for (level, class) in classes {
                    point.set(level, class);
                }
                Ok(Found::Bare(point))
            }
        }
    }

    /// Searches a part; nothing if that takes too long.
    fn seek(&self, start: Part, budget: &mut Budget) -> Result<Option<Sought>, Exhausted> {
        let words = self.words();
        let narrower = std::array::from_fn(|_| vec![0; words]);
        let mut search = Search { index: self, used: vec![0; words], narrower };
        let mut open = vec![start];
        for looked_at in 0..PATIENCE {
            let Some(mut part) = open.pop() else {
                return Ok(Some(Sought::Covered(search.used)));
            };
            budget.spend(1)?;
            let (at, inside) = match search.settle(&mut part) {
                Settled::Covered => continue,
                Settled::Bare => return Ok(Some(part.first(self))),
                Settled::Split(at, inside) => (at, inside),
            };
            if looked_at == 0
                && let Some(part) = search.dive(part.clone(), at, &inside, budget)?
            {
                return Ok(Some(part.first(self)));
            }
            let mut outer = part.clone();
            part.narrow(self, at, |set| set.intersection(&inside));
            outer.narrow(self, at, |set| set.without(&inside));
            open.extend([part, outer]);
        }
        Ok(None)
    }
}

impl Part {
    /// A region as a part, with the covers that meet it.
    pub(super) fn new(index: &Index, query: &Region, active: Vec<u64>) -> Self {
        let words = active.len();
        let tables = index.tables().len();
        let (mut sets, mut full) = (Vec::with_capacity(tables), Vec::with_capacity(tables * words));
        for table in index.tables() {
            match query.classes(table.level) {
                None => {
                    sets.push(table.all.clone());
                    full.extend(table.everywhere.iter().take(words));
                }
                Some(set) => {
                    sets.push(set.clone());
                    full.extend(table.every(set, &active));
                }
            }
        }
        Self { sets, full, active }
    }

    /// The sets with the covers that are full on them and the tables behind both.
    pub(super) fn levels<'a>(
        &'a self,
        index: &'a Index,
    ) -> impl Iterator<Item = (&'a Table, &'a Classes, &'a [u64])> {
        let full = self.full.chunks_exact(self.active.len());
        index
            .tables()
            .iter()
            .zip(&self.sets)
            .zip(full)
            .map(|((table, set), full)| (table, set, full))
    }

    /// Replaces the classes of a level by fewer.
    fn narrow(&mut self, index: &Index, at: usize, fewer: impl FnOnce(&Classes) -> Classes) {
        let full = self.full.chunks_exact_mut(self.active.len()).nth(at);
        let (Some(table), Some(set), Some(full)) =
            (index.tables().get(at), self.sets.get_mut(at), full)
        else {
            return;
        };
        let fewer = fewer(set);
        let gone = set.without(&fewer);
        // Only covers that were narrower here can miss the box now, or be as wide as it.
        let mut narrower: Vec<u64> =
            self.active.iter().zip(&*full).map(|(active, full)| active & !full).collect();
        if fewer.len() <= gone.len() {
            table.keep_any(&mut self.active, &fewer);
        } else {
            let mut losing = table.any(&gone, self.active.len());
            bits::keep(&mut losing, &narrower);
            let meets = |cover| index.part(cover, table.level).is_some_and(|own| own.meets(&fewer));
            let missing: Vec<usize> = bits::ones(&losing).filter(|cover| !meets(*cover)).collect();
            for cover in missing {
                bits::remove(&mut self.active, cover);
            }
        }
        bits::keep(&mut narrower, &self.active);
        let narrower = table.every(&fewer, &narrower);
        bits::add(full, &narrower);
        *set = fewer;
    }

    /// The first class of each set, for a part in which everything is bare.
    fn first(&self, index: &Index) -> Sought {
        let sets = index.tables().iter().zip(&self.sets);
        Sought::Bare(
            sets.map(|(table, set)| (table.level, set.first().unwrap_or_default())).collect(),
        )
    }

    /// The covers that meet the box and are narrower than it on a level, word by word.
    pub(super) fn narrower_on(&self, full: &[u64]) -> impl Iterator<Item = u64> {
        self.active.iter().zip(full).map(|(active, full)| active & !full)
    }
}

impl Search<'_> {
    /// Narrows a part to what may still be bare, as far as that follows without a choice.
    fn settle(&mut self, part: &mut Part) -> Settled {
        loop {
            if bits::is_empty(&part.active) {
                return Settled::Bare;
            }
            self.count(part);
            if let Some(cover) = self.containing(part) {
                bits::insert(&mut self.used, cover);
                return Settled::Covered;
            }
            match self.cut(part) {
                None => return Settled::Covered,
                Some(true) => {}
                Some(false) => break,
            }
        }
        while self.isolate(part) {}
        if bits::is_empty(&part.active) { Settled::Bare } else { self.split(part) }
    }

    /// A bare part that is found by keeping, on the level on which to split, the class that the fewest
    /// covers touch, and so on. Most questions with a witness end here; the search proper is for the others.
    fn dive(
        &mut self,
        mut part: Part,
        mut at: usize,
        inside: &Classes,
        budget: &mut Budget,
    ) -> Result<Option<Part>, Exhausted> {
        let mut taken = inside.clone();
        loop {
            budget.spend(1)?;
            let class = self.quietest(&part, at, &taken);
            part.narrow(self.index, at, |_| class.map(Classes::one).unwrap_or_default());
            match self.settle(&mut part) {
                Settled::Bare => return Ok(Some(part)),
                Settled::Covered => return Ok(None),
                Settled::Split(next, inside) => (at, taken) = (next, inside),
            }
        }
    }

    /// The class of a level, other than some, that the fewest covers touch.
    fn quietest(&self, part: &Part, at: usize, other_than: &Classes) -> Option<usize> {
        let (table, set, full) = part.levels(self.index).nth(at)?;
        let touching = |class: &usize| -> u32 {
            let touching = part.narrower_on(full).zip(table.row(*class));
            touching.map(|(narrower, row)| (narrower & row).count_ones()).sum()
        };
        set.without(other_than).iter().min_by_key(touching)
    }

    /// Counts on how many levels each cover is narrower than the part.
    fn count(&mut self, part: &Part) {
        let [one, two, three, four] = &mut self.narrower;
        for counter in [&mut *one, two, three, four] {
            counter.fill(0);
        }
        for (_, set, full) in part.levels(self.index) {
            if set.is_one() {
                continue;
            }
            let counters = one.iter_mut().zip(two.iter_mut()).zip(three.iter_mut()).zip(&mut *four);
            let words = part.active.iter().zip(full).zip(counters);
            for ((active, full), (((one, two), three), four)) in words {
                let narrower = active & !full;
                *four |= *three & narrower;
                *three |= *two & narrower;
                *two |= *one & narrower;
                *one |= narrower;
            }
        }
    }

    /// The first cover that is nowhere narrower than the part.
    fn containing(&self, part: &Part) -> Option<usize> {
        let [one, ..] = &self.narrower;
        bits::ones_of(part.narrower_on(one)).next()
    }

    /// Takes away what covers that are narrower on a single level cover. Nothing if that is all;
    /// otherwise whether it was anything.
    fn cut(&mut self, part: &mut Part) -> Option<bool> {
        let [one, two, ..] = &self.narrower;
        if one.iter().zip(two).all(|(one, two)| one & !two == 0) {
            return Some(false);
        }
        let mut cuts = Vec::new();
        for (at, (table, set, full)) in part.levels(self.index).enumerate() {
            let mut left = set.clone();
            let single = one.iter().zip(two).map(|(one, two)| one & !two);
            let cutting = part.narrower_on(full).zip(single).map(|(narrower, one)| narrower & one);
            for cover in bits::ones_of(cutting) {
                if let Some(taken) = self.index.part(cover, table.level)
                    && taken.meets(&left)
                {
                    left = left.without(taken);
                    bits::insert(&mut self.used, cover);
                }
            }
            if left.is_empty() {
                return None;
            }
            if left != *set {
                cuts.push((at, left));
            }
        }
        let any = !cuts.is_empty();
        for (at, left) in cuts {
            part.narrow(self.index, at, |_| left);
        }
        Some(any)
    }

    /// Keeps alone, on each level, the first class that no narrower cover touches. Whether there was any.
    fn isolate(&self, part: &mut Part) -> bool {
        let mut any = false;
        let full = part.full.chunks_exact(part.active.len());
        for ((table, set), full) in self.index.tables().iter().zip(&mut part.sets).zip(full) {
            if set.is_one() {
                continue;
            }
            let touching = || part.active.iter().zip(full).map(|(active, full)| active & !full);
            if touching().all(|word| word == 0) {
                continue;
            }
            let touched = |class| touching().zip(table.row(class)).any(|(one, row)| one & row != 0);
            let alone = set.iter().find(|class| !touched(*class));
            if let Some(class) = alone {
                *set = Classes::one(class);
                bits::keep(&mut part.active, full);
                any = true;
            }
        }
        any
    }

    /// Where to split: the most used of the levels on which the tightest cover is narrower.
    fn split(&self, part: &Part) -> Settled {
        let [_, two, three, four] = &self.narrower;
        let first = |count: &[u64], more: &[u64]| {
            let tight = count.iter().zip(more).zip(&part.active);
            bits::ones_of(tight.map(|((count, more), active)| count & !more & active)).next()
        };
        let tightest = first(two, three)
            .or_else(|| first(three, four))
            .or_else(|| bits::ones(&part.active).next());
        let use_of = |(_, (_, set, full)): &(usize, (&Table, &Classes, &[u64]))| {
            let narrower = tightest.is_some_and(|cover| !bits::contains(full, cover));
            let covers: u32 = part.narrower_on(full).map(u64::count_ones).sum();
            Reverse(if set.is_one() || !narrower { 0 } else { covers })
        };
        let most = part.levels(self.index).enumerate().min_by_key(use_of);
        let split = most.zip(tightest).and_then(|((at, (table, set, _)), cover)| {
            Some((at, set.intersection(self.index.part(cover, table.level)?)))
        });
        split.map_or(Settled::Covered, |(at, inside)| Settled::Split(at, inside))
    }
}
