//! The search for a point of a box that no region covers.
//!
//! Regions that miss the box are dropped; one that contains it covers it; one that is narrower on a single
//! level cuts that level; a class that no narrower region touches is kept alone, for what is bare at all is
//! bare there. What is left is split on a level, and both halves are searched. A point found is a witness;
//! finding none is a proof.

use super::index::{Index, Table};
use super::{Budget, Classes, Exhausted, Point, Region, bits};
use std::cmp::Reverse;

/// What a search ends with.
#[derive(Debug)]
pub(super) enum Found {
    /// A point of the box in no cover.
    Bare(Point),
    /// The covers that a proof of the contrary used, as a set.
    Covered(Vec<u64>),
}

/// A box within the question, and how the covers lie to it.
#[derive(Clone)]
struct Part {
    /// The classes of the box, for each table of the index.
    sets: Vec<Classes>,
    /// For each table, the covers that hold all of those classes.
    full: Vec<u64>,
    /// The covers that meet the box.
    active: Vec<u64>,
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
    /// Looks for a point of a region that is in none of the covers of a set. Spends a step for each box
    /// that is looked at.
    pub(super) fn search(
        &self,
        query: &Region,
        covers: &[u64],
        budget: &mut Budget,
    ) -> Result<Found, Exhausted> {
        let words = self.words();
        let narrower = std::array::from_fn(|_| vec![0; words]);
        let mut search = Search { index: self, used: vec![0; words], narrower };
        let start = Part::new(self, query, covers);
        let (sets, active) = (start.sets.clone(), start.active.clone());
        let mut open = vec![start];
        while let Some(mut part) = open.pop() {
            budget.spend(1)?;
            match search.settle(&mut part) {
                Settled::Covered => {}
                Settled::Bare => {
                    let mut point = self.corner(query);
                    part.place(self, &mut point);
                    while self.lower(&mut point, &sets, &active) {}
                    return Ok(Found::Bare(point));
                }
                Settled::Split(at, inside) => {
                    let mut outer = part.clone();
                    part.narrow(self, at, |set| set.intersection(&inside));
                    outer.narrow(self, at, |set| set.without(&inside));
                    open.extend([part, outer]);
                }
            }
        }
        Ok(Found::Covered(search.used))
    }

    /// Lowers the class of each level as far as the point stays within the sets and outside the covers.
    /// Whether there was anything to lower.
    fn lower(&self, point: &mut Point, sets: &[Classes], covers: &[u64]) -> bool {
        let before = point.clone();
        let mut after = vec![covers.to_vec()];
        for table in self.tables().iter().rev() {
            let mut holding = after.last().cloned().unwrap_or_default();
            bits::keep(&mut holding, table.row(point.get(table.level)));
            after.push(holding);
        }
        let mut others = after.pop().map(|words| vec![u64::MAX; words.len()]).unwrap_or_default();
        for (table, set) in self.tables().iter().zip(sets) {
            let mut holding = after.pop().unwrap_or_default();
            bits::keep(&mut holding, &others);
            let lowest = set.iter().find(|class| !bits::meet(&holding, table.row(*class)));
            point.set(table.level, lowest.unwrap_or_else(|| point.get(table.level)));
            bits::keep(&mut others, table.row(point.get(table.level)));
        }
        *point != before
    }
}

impl Part {
    fn new(index: &Index, query: &Region, covers: &[u64]) -> Self {
        let mut part = Self { sets: Vec::new(), full: Vec::new(), active: covers.to_vec() };
        for table in index.tables() {
            match query.classes(table.level) {
                None => {
                    part.full.extend(&table.everywhere);
                    part.sets.push(table.all.clone());
                }
                Some(set) => {
                    part.full.extend(table.every(set));
                    bits::keep(&mut part.active, &table.any(set));
                    part.sets.push(set.clone());
                }
            }
        }
        part
    }

    /// The sets with the covers that are full on them and the tables behind both.
    fn levels<'a>(
        &'a self,
        index: &'a Index,
    ) -> impl Iterator<Item = (&'a Table, &'a Classes, &'a [u64])> {
        let full = self.full.chunks_exact(index.words());
        index
            .tables()
            .iter()
            .zip(&self.sets)
            .zip(full)
            .map(|((table, set), full)| (table, set, full))
    }

    /// Replaces the classes of a level by fewer.
    fn narrow(&mut self, index: &Index, at: usize, fewer: impl FnOnce(&Classes) -> Classes) {
        let full = self.full.chunks_exact_mut(index.words()).nth(at);
        let (Some(table), Some(set), Some(full)) =
            (index.tables().get(at), self.sets.get_mut(at), full)
        else {
            return;
        };
        *set = fewer(set);
        bits::keep(&mut self.active, &table.any(set));
        full.copy_from_slice(&table.every(set));
    }

    /// Gives a point the first class of each set.
    fn place(&self, index: &Index, point: &mut Point) {
        for (table, set) in index.tables().iter().zip(&self.sets) {
            point.set(table.level, set.first().unwrap_or_default());
        }
    }

    /// The covers that meet the box and are narrower than it on a level.
    fn narrower_on(&self, full: &[u64]) -> Vec<u64> {
        self.active.iter().zip(full).map(|(active, full)| active & !full).collect()
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
        bits::ones(&part.narrower_on(one)).next()
    }

    /// Takes away what covers that are narrower on a single level cover. Nothing if that is all;
    /// otherwise whether it was anything.
    fn cut(&mut self, part: &mut Part) -> Option<bool> {
        let [one, two, ..] = &self.narrower;
        let single: Vec<u64> = one.iter().zip(two).map(|(one, two)| one & !two).collect();
        if bits::is_empty(&single) {
            return Some(false);
        }
        let mut cuts = Vec::new();
        for (at, (table, set, full)) in part.levels(self.index).enumerate() {
            let mut left = set.clone();
            let mut cutting = part.narrower_on(full);
            bits::keep(&mut cutting, &single);
            for cover in bits::ones(&cutting) {
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
        let full = part.full.chunks_exact(self.index.words());
        for ((table, set), full) in self.index.tables().iter().zip(&mut part.sets).zip(full) {
            if set.is_one() {
                continue;
            }
            let touching: Vec<u64> =
                part.active.iter().zip(full).map(|(active, full)| active & !full).collect();
            if bits::is_empty(&touching) {
                continue;
            }
            let alone = set.iter().find(|class| !bits::meet(&touching, table.row(*class)));
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
            let tight: Vec<u64> =
                tight.map(|((count, more), active)| count & !more & active).collect();
            bits::ones(&tight).next()
        };
        let tightest = first(two, three)
            .or_else(|| first(three, four))
            .or_else(|| bits::ones(&part.active).next());
        let use_of = |(_, (_, set, full)): &(usize, (&Table, &Classes, &[u64]))| {
            let narrower = tightest.is_some_and(|cover| !bits::contains(full, cover));
            let covers = bits::shared(&part.narrower_on(full), &part.active);
            Reverse(if set.is_one() || !narrower { 0 } else { covers })
        };
        let most = part.levels(self.index).enumerate().min_by_key(use_of);
        let split = most.zip(tightest).and_then(|((at, (table, set, _)), cover)| {
            Some((at, set.intersection(self.index.part(cover, table.level)?)))
        });
        split.map_or(Settled::Covered, |(at, inside)| Settled::Split(at, inside))
    }
}
