//! A bare point by local search: from the most natural point of a box, out of one cover after the other.
//!
//! Nearly every question about a list that people wrote has a witness a few steps from there. What is not
//! found here is left to the search, which alone can say that there is none.

use super::index::{Index, Table};
use super::{Budget, Classes, Exhausted, Level, Point, Region, bits};

/// After so many steps a guess is given up.
const STEPS: usize = 24;
/// For so many steps a level that was changed stays as it is.
const KEPT: usize = 4;

/// How the covers lie to a point.
struct Surroundings<'a> {
    index: &'a Index,
    /// The covers asked about.
    active: &'a [u64],
    /// The covers that do not hold the point on at least one level, and on at least two.
    missing: Vec<u64>,
    remote: Vec<u64>,
}

impl Index {
    /// A point of a region in none of the covers of a set, all of which meet it, if one is near at hand.
    /// Spends a step for each point that is looked at.
    pub(super) fn guess(
        &self,
        query: &Region,
        active: &[u64],
        budget: &mut Budget,
    ) -> Result<Option<Point>, Exhausted> {
        let mut point = self.corner(query);
        if bits::is_empty(active) {
            return Ok(Some(point));
        }
        let mut around = Surroundings::new(self, active);
        let mut kept: [Option<Level>; KEPT] = [None; KEPT];
        for _ in 0..STEPS {
            budget.spend(1)?;
            around.look(&point);
            let Some(cover) = around.holding() else {
                return Ok(Some(point));
            };
            let Some((level, class)) = around.way_out(query, &point, cover, &kept) else {
                return Ok(None);
            };
            point.set(level, class);
            kept.rotate_right(1);
            kept[0] = Some(level);
        }
        Ok(None)
    }

    /// The point with the lowest classes that is reached from a point of a region without entering one of
    /// the covers of a set, which the point is not in.
    pub(super) fn lowered(&self, mut point: Point, query: &Region, active: &[u64]) -> Point {
        let mut around = Surroundings::new(self, active);
        around.look(&point);
        around.lower(&mut point, query);
        point
    }
}

impl<'a> Surroundings<'a> {
    fn new(index: &'a Index, active: &'a [u64]) -> Self {
        let none = vec![0; active.len()];
        Self { index, active, missing: none.clone(), remote: none }
    }

    /// Looks around a point.
    fn look(&mut self, point: &Point) {
        self.missing.fill(0);
        self.remote.fill(0);
        for table in self.index.tables() {
            let counters = self.missing.iter_mut().zip(&mut self.remote);
            let rows = table.row(point.get(table.level)).iter();
            for ((missing, remote), row) in counters.zip(rows) {
                *remote |= *missing & !row;
                *missing |= !row;
            }
        }
    }

    /// The first cover that holds the point.
    fn holding(&self) -> Option<usize> {
        let holding = self.active.iter().zip(&self.missing);
        bits::ones_of(holding.map(|(active, missing)| active & !missing)).next()
    }

    /// The covers that hold the point on all other levels than that of a table.
    fn elsewhere(&self, table: &Table, point: &Point) -> Vec<usize> {
        let row = table.row(point.get(table.level));
        let far = self.missing.iter().zip(&self.remote).zip(row);
        let far = far.map(|((missing, remote), row)| remote | (missing & row));
        bits::ones_of(self.active.iter().zip(far).map(|(active, far)| active & !far)).collect()
    }

    /// The level and class that take the point out of a cover and into the fewest others, and to the
    /// lowest class of these.
    fn way_out(
        &self,
        query: &Region,
        point: &Point,
        cover: usize,
        kept: &[Option<Level>],
    ) -> Option<(Level, usize)> {
        let ways = self.index.tables().iter().filter_map(|table| {
            let inside = self.index.part(cover, table.level)?;
            if kept.contains(&Some(table.level)) {
                return None;
            }
            let elsewhere = self.elsewhere(table, point);
            let into = |class: usize| {
                let row = table.row(class);
                elsewhere.iter().filter(|cover| bits::contains(row, **cover)).count()
            };
            let outside = allowed(query, table).without(inside);
            outside.iter().map(|class| (into(class), class, table.level)).min()
        });
        ways.min().map(|(_, class, level)| (level, class))
    }

    /// Lowers the class of each level as far as the point stays within a region and outside the covers.
    fn lower(&mut self, point: &mut Point, query: &Region) {
        let mut any = true;
        while any {
            any = false;
            for table in self.index.tables() {
                let below = || {
                    let own = point.get(table.level);
                    allowed(query, table).iter().take_while(move |class| *class < own)
                };
                if below().next().is_none() {
                    continue;
                }
                let elsewhere = self.elsewhere(table, point);
                let is_free = |class: &usize| {
                    let row = table.row(*class);
                    !elsewhere.iter().any(|cover| bits::contains(row, *cover))
                };
                if let Some(lowest) = below().find(is_free) {
                    point.set(table.level, lowest);
                    self.look(point);
                    any = true;
                }
            }
        }
    }
}

/// The classes of the level of a table within a region.
fn allowed<'a>(query: &'a Region, table: &'a Table) -> &'a Classes {
    query.classes(table.level).unwrap_or(&table.all)
}
