//! The levels there are, how many classes each has, and where no point lies.

use super::{Classes, Point, Region};

/// A level of a [`Space`]: what a region can be narrow on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u32);

impl Level {
    /// Its number: levels count from 0 in the order in which they were made.
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// The levels with their numbers of classes, and the impossible regions.
///
/// No point lies in an impossible region: every question takes it for covered. The classes of a level
/// are numbered by preference, the most natural one being 0: a witness has low classes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Space {
    counts: Vec<usize>,
    impossible: Vec<Region>,
    /// For each level the impossible regions, by number, of which it is the first that they name.
    starting: Vec<Vec<usize>>,
    /// For each level whether an impossible region names it.
    bounded: Vec<bool>,
}

impl Space {
    /// A space without levels. It has one point.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new level with so many classes, but at least one.
    pub fn level(&mut self, classes: usize) -> Level {
        let level = Level(u32::try_from(self.counts.len()).unwrap_or(u32::MAX));
        self.counts.push(classes.max(1));
        self.starting.push(Vec::new());
        self.bounded.push(false);
        level
    }

    /// How many classes a level has.
    pub fn classes(&self, level: Level) -> usize {
        self.counts.get(level.number()).copied().unwrap_or(1)
    }

    /// The levels, in the order in which they were made.
    pub fn levels(&self) -> impl ExactSizeIterator<Item = Level> + Clone + use<> {
        (0..u32::try_from(self.counts.len()).unwrap_or(u32::MAX)).map(Level)
    }

    /// Says that no point lies in a region.
    pub fn forbid(&mut self, region: Region) {
        let first = region.parts().next().map(|(level, _)| level.number());
        if let Some(starting) = first.and_then(|first| self.starting.get_mut(first)) {
            starting.push(self.impossible.len());
        }
        for (level, _) in region.parts() {
            self.bounded.get_mut(level.number()).into_iter().for_each(|bounded| *bounded = true);
        }
        self.impossible.push(region);
    }

    /// The regions in which no point lies.
    pub fn impossible(&self) -> &[Region] {
        &self.impossible
    }

    /// Whether a point lies in no impossible region.
    pub fn admits(&self, point: &Point) -> bool {
        !self.impossible.iter().any(|region| region.holds(point))
    }

    /// Whether its class of a level can make a point impossible.
    pub fn is_bounded(&self, level: Level) -> bool {
        self.bounded.get(level.number()).copied().unwrap_or_default()
    }

    /// Whether a region plainly holds no point: it lies in one impossible region.
    pub(super) fn excludes(&self, region: &Region) -> bool {
        let starting = region.parts().filter_map(|(level, _)| self.starting.get(level.number()));
        let mut near = starting.flatten().filter_map(|number| self.impossible.get(*number));
        near.any(|gap| gap.contains(region))
    }

    /// The point that has class 0 of every level.
    pub fn lowest(&self) -> Point {
        Point::lowest(self.counts.len())
    }

    /// All classes of a level.
    pub(super) fn all(&self, level: Level) -> Classes {
        Classes::all(self.classes(level))
    }

    /// A region without levels that allow everything; nothing if a level allows nothing that exists.
    pub(super) fn tidy(&self, region: &Region) -> Option<Region> {
        let mut tidy = Region::everything();
        for (level, classes) in region.parts() {
            if !classes.is_all(self.classes(level)) {
                tidy = tidy.with(level, &classes.intersection(&self.all(level)))?;
            }
        }
        Some(tidy)
    }
}
