//! Two lists of rules as one, in which what stands in both stands once.

use super::index::Index;
use super::reach::meets;
use super::search::Found;
use super::{Budget, Exhausted, Point, Region, Rules, bits};
use std::ops::Range;

/// Two lists as one that keeps the order of both.
pub(super) struct Merged<'a> {
    before: &'a Rules,
    after: &'a Rules,
    entries: Vec<Entry>,
    /// The regions of the entries in order, then the impossible regions.
    index: Index,
    /// The sets of regions that stand in the list before, in the list after, and of the impossible ones.
    old: Vec<u64>,
    new: Vec<u64>,
    impossible: Vec<u64>,
    /// The first region of each rule before, and after.
    start_before: Vec<usize>,
    start_after: Vec<usize>,
}

/// A rule of one list, or of both.
struct Entry {
    cell: Cell,
    /// Its regions in the index.
    span: Range<usize>,
}

/// A rule before and a rule after, none being the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) before: Option<usize>,
    pub(super) after: Option<usize>,
}

impl<'a> Merged<'a> {
    pub(super) fn new(before: &'a Rules, after: &'a Rules) -> Self {
        let (mut regions, mut entries) = (Vec::new(), Vec::new());
        let (mut start_before, mut start_after) = (Vec::new(), Vec::new());
        for cell in interleaved(before, after) {
            let start = regions.len();
            let (old, new) = (cell.before.map(|rule| before.condition(rule)), cell.after);
            let new = new.map(|rule| after.condition(rule));
            start_before.extend(old.map(|_| start));
            start_after.extend(new.map(|_| start));
            regions.extend(old.or(new).unwrap_or_default().iter().cloned());
            entries.push(Entry { cell, span: start..regions.len() });
        }
        let own = regions.len();
        regions.extend(before.space().gaps());
        let index = Index::new(before.space(), regions);
        let mut merged = Self {
            before,
            after,
            entries,
            old: vec![0; index.words()],
            new: vec![0; index.words()],
            impossible: index.range(own, index.regions().len()),
            index,
            start_before,
            start_after,
        };
        for Entry { cell, span } in &merged.entries {
            for region in span.clone() {
                cell.before.iter().for_each(|_| bits::insert(&mut merged.old, region));
                cell.after.iter().for_each(|_| bits::insert(&mut merged.new, region));
            }
        }
        merged
    }

    /// The cells of which one rule stands in one list alone, or that are one rule, or the default of both.
    /// Cells that plainly hold no point are left out.
    pub(super) fn cells(&self, budget: &mut Budget) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (place, Entry { cell, .. }) in self.entries.iter().enumerate() {
            match (cell.before, cell.after) {
                (Some(_), Some(_)) => cells.push(*cell),
                (Some(before), None) if self.takes_any(*cell, budget) => {
                    let partners = self.partners(place, &self.new, |other| other.before.is_some());
                    let partners = partners.into_iter().map(|other| other.after).chain([None]);
                    cells.extend(partners.map(|after| Cell { before: Some(before), after }));
                }
                (None, Some(after)) if self.takes_any(*cell, budget) => {
                    // Those with a rule that stands before alone are there already.
                    let aligned: Vec<u64> =
                        self.old.iter().zip(&self.new).map(|(old, new)| old & new).collect();
                    let partners = self.partners(place, &aligned, |_| true);
                    let partners = partners.into_iter().map(|other| other.before).chain([None]);
                    cells.extend(partners.map(|before| Cell { before, after: Some(after) }));
                }
                _ => {}
            }
        }
        cells.push(Cell { before: None, after: None });
        cells
    }

    /// Where the conditions of a cell meet in points that no earlier rule takes, and one of them.
    pub(super) fn decide(
        &self,
        cell: Cell,
        budget: &mut Budget,
    ) -> Result<Option<(Vec<Region>, Point)>, Exhausted> {
        let covers = self.earlier(cell);
        let (mut regions, mut witness, mut open) = (Vec::new(), None, false);
        for region in met(self.before, self.after, cell) {
            match self.index.search(&region, &covers, budget) {
                Ok(Found::Covered(_)) => continue,
                Ok(Found::Bare(point)) => witness = witness.or(Some(point)),
                Err(Exhausted) => open = true,
            }
            regions.push(region);
        }
        match witness {
            Some(witness) => Ok(Some((regions, witness))),
            None if open => Err(Exhausted),
            None => Ok(None),
        }
    }

    /// What both rules of a cell do not get.
    fn earlier(&self, cell: Cell) -> Vec<u64> {
        let end = self.index.regions().len();
        let start = |starts: &[usize], rule: Option<usize>| {
            rule.and_then(|rule| starts.get(rule)).copied().unwrap_or(end)
        };
        let mut covers = self.index.range(0, start(&self.start_before, cell.before));
        bits::keep(&mut covers, &self.old);
        let mut after = self.index.range(0, start(&self.start_after, cell.after));
        bits::keep(&mut after, &self.new);
        bits::add(&mut covers, &after);
        bits::add(&mut covers, &self.impossible);
        covers
    }

    /// Whether a rule that stands in one list alone takes a point there, or it is not known.
    fn takes_any(&self, cell: Cell, budget: &mut Budget) -> bool {
        let (rules, rule) = match (cell.before, cell.after) {
            (Some(rule), _) => (self.before, rule),
            (None, Some(rule)) => (self.after, rule),
            (None, None) => return true,
        };
        rules.index.are_covered(rules.condition(rule), &rules.before(rule), budget) != Ok(true)
    }

    /// The entries of a set of regions that meet an entry. Those that must stand later than it to share
    /// a point are left out if they stand earlier: both lists agree that they take the point first.
    fn partners(&self, place: usize, of: &[u64], later: impl Fn(&Cell) -> bool) -> Vec<Cell> {
        let Some(entry) = self.entries.get(place) else { return Vec::new() };
        let mut met = vec![0; of.len()];
        for region in self.index.regions().get(entry.span.clone()).unwrap_or_default() {
            let mut meeting = of.to_vec();
            self.index.keep_meeting(&mut meeting, region);
            bits::add(&mut met, &meeting);
        }
        let mut places: Vec<usize> = bits::ones(&met)
            .map(|region| self.entries.partition_point(|entry| entry.span.end <= region))
            .collect();
        places.dedup();
        let partners =
            places.into_iter().filter_map(|other| Some((other, self.entries.get(other)?)));
        partners
            .filter(|(other, entry)| *other > place || !later(&entry.cell))
            .map(|(_, entry)| entry.cell)
            .collect()
    }
}

/// Where the conditions of a cell meet.
pub(super) fn met(before: &Rules, after: &Rules, cell: Cell) -> Vec<Region> {
    let everything = [Region::everything()];
    let old = cell.before.map_or(&everything[..], |rule| before.condition(rule));
    let new = cell.after.map_or(&everything[..], |rule| after.condition(rule));
    meets(old, new)
}

/// The order in which the rules of two lists stand as one.
fn interleaved(before: &Rules, after: &Rules) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut next = 0;
    for (rule, same) in before.kept_in(after).into_iter().enumerate() {
        let until = same.unwrap_or(next);
        cells.extend((next..until).map(|rule| Cell { before: None, after: Some(rule) }));
        cells.push(Cell { before: Some(rule), after: same });
        next = same.map_or(next, |same| same + 1);
    }
    cells.extend((next..after.len()).map(|rule| Cell { before: None, after: Some(rule) }));
    cells
}
