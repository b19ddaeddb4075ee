//! Regions laid out for questions about all of them at once: for each level and class, which hold it.

use super::{Classes, Level, Point, Region, Space, bits};
use smallvec::SmallVec;

/// Many regions, with a row of bits for each class of each level that one of them names.
///
/// Bit `n` of a row stands for region `n`. This locality is what makes thousands of regions cheap: the
/// regions that meet a box are a few words, met level by level.
#[derive(Debug, Clone)]
pub(super) struct Index {
    regions: Vec<Region>,
    /// How many levels the space has.
    levels: usize,
    /// How many words a row has.
    words: usize,
    tables: Vec<Table>,
}

/// The rows of one level.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) level: Level,
    /// All classes of the level.
    pub(super) all: Classes,
    words: usize,
    /// A row for each class: the regions that hold it.
    rows: Vec<u64>,
    /// The regions that hold every class.
    pub(super) everywhere: Vec<u64>,
}

impl Index {
    /// Lays out regions, whose classes are all within the space.
    pub(super) fn new(space: &Space, regions: Vec<Region>) -> Self {
        let words = bits::words(regions.len());
        let mut tables: Vec<Option<Table>> = space.levels().map(|_| None).collect();
        for (number, region) in regions.iter().enumerate() {
            for (level, classes) in region.parts() {
                if let Some(table) = tables.get_mut(level.number()) {
                    let table =
                        table.get_or_insert_with(|| Table::new(level, space.all(level), words));
                    table.add(number, classes);
                }
            }
        }
        let tables = tables.into_iter().flatten().map(Table::complete).collect();
        Self { regions, levels: space.levels().len(), words, tables }
    }

    /// Puts another region, whose classes are all within the space, in the place of one.
    pub(super) fn replace(&mut self, number: usize, region: &Region, space: &Space) {
        for (level, _) in region.parts() {
            if let Err(at) = self.tables.binary_search_by_key(&level, |table| table.level) {
                let table = Table::new(level, space.all(level), self.words).complete();
                self.tables.insert(at, table);
            }
        }
        for table in &mut self.tables {
            table.replace(number, region.classes(table.level));
        }
        self.regions.get_mut(number).into_iter().for_each(|own| own.clone_from(region));
    }

    /// The regions, by number.
    pub(super) fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// How many words a set of its regions has.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The levels that are named, with their rows.
    pub(super) fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The set of all its regions.
    pub(super) fn all(&self) -> Vec<u64> {
        self.range(0, self.regions.len())
    }

    /// The set of the regions from one number up to, not including, another.
    pub(super) fn range(&self, from: usize, to: usize) -> Vec<u64> {
        bits::range(from, to, self.words)
    }

    /// Leaves in a set the regions that meet a region.
    pub(super) fn keep_meeting(&self, set: &mut [u64], region: &Region) {
        for (level, classes) in region.parts() {
            if let Some(table) = self.table(level) {
                table.keep_any(set, classes);
            }
        }
    }

    /// Whether any of its regions names a level.
    pub(super) fn names(&self, level: Level) -> bool {
        self.table(level).is_some()
    }

    /// Leaves in a set the regions that hold a point, whatever its class is of one level.
    pub(super) fn keep_holding(&self, set: &mut [u64], point: &Point, but: Option<Level>) {
        for table in self.tables.iter().filter(|table| Some(table.level) != but) {
            bits::keep(set, table.row(point.get(table.level)));
        }
    }

    /// The point with the first class of each level of a region.
    pub(super) fn corner(&self, region: &Region) -> Point {
        let mut point = Point::lowest(self.levels);
        for (level, classes) in region.parts() {
            point.set(level, classes.first().unwrap_or_default());
        }
        point
    }

    /// The classes that the covers name on a level.
    pub(super) fn part(&self, region: usize, level: Level) -> Option<&Classes> {
        self.regions.get(region)?.classes(level)
    }

    /// The rows of a level, if any region names it.
    pub(super) fn table(&self, level: Level) -> Option<&Table> {
        let at = self.tables.binary_search_by_key(&level, |table| table.level).ok()?;
        self.tables.get(at)
    }
}

impl Table {
    /// A table without regions.
    fn new(level: Level, all: Classes, words: usize) -> Self {
        let rows = vec![0; words * all.end()];
        Self { level, all, words, rows, everywhere: vec![u64::MAX; words] }
    }

    /// Adds a region with its classes on the level.
    fn add(&mut self, number: usize, classes: &Classes) {
        bits::remove(&mut self.everywhere, number);
        for class in classes.iter() {
            bits::insert(&mut self.rows, class * self.words * 64 + number);
        }
    }

    /// Gives a region other classes on the level, or all.
    fn replace(&mut self, number: usize, classes: Option<&Classes>) {
        let (set, words) = (classes.unwrap_or(&self.all), self.words);
        for (class, row) in self.rows.chunks_exact_mut(words).enumerate() {
            if set.contains(class) {
                bits::insert(row, number);
            } else {
                bits::remove(row, number);
            }
        }
        match classes {
            Some(_) => bits::remove(&mut self.everywhere, number),
            None => bits::insert(&mut self.everywhere, number),
        }
    }

    /// With all regions that were not added: they hold every class.
    fn complete(mut self) -> Self {
        let rows = self.rows.chunks_exact_mut(self.words);
        rows.for_each(|row| bits::add(row, &self.everywhere));
        let everywhere = self.every(&self.all, &vec![u64::MAX; self.words]);
        Self { everywhere, ..self }
    }

    /// The regions that hold a class.
    pub(super) fn row(&self, class: usize) -> &[u64] {
        let start = class * self.words;
        self.rows.get(start..start + self.words).unwrap_or_default()
    }

    /// The regions that hold at least one of some classes, in so many words.
    pub(super) fn any(&self, classes: &Classes, words: usize) -> Vec<u64> {
        let mut set = vec![0; words];
        for class in classes.iter() {
            bits::add(&mut set, self.row(class));
        }
        set
    }

    /// Leaves in a set the regions that hold at least one of some classes.
    pub(super) fn keep_any(&self, set: &mut [u64], classes: &Classes) {
        if classes.is_one() {
            return classes.iter().for_each(|class| bits::keep(set, self.row(class)));
        }
        let rows: SmallVec<[&[u64]; 32]> = classes.iter().map(|class| self.row(class)).collect();
        for (at, word) in set.iter_mut().enumerate().filter(|(_, word)| **word != 0) {
            *word &= rows.iter().filter_map(|row| row.get(at)).fold(0, |any, row| any | row);
        }
    }

    /// The regions of a set that hold every one of some classes.
    pub(super) fn every(&self, classes: &Classes, of: &[u64]) -> Vec<u64> {
        let mut set = of.to_vec();
        for class in classes.iter() {
            bits::keep(&mut set, self.row(class));
            if bits::is_empty(&set) {
                break;
            }
        }
        set
    }
}
