//! How long things took: the median of any number of lengths of time, in bounded memory.
//!
//! Lengths are counted by the second. When there are more different ones than may be kept, they are
//! counted by two seconds, then by four, and so on: the step is the smallest at which all fit, and so
//! does not depend on their order, nor on how they were put together. A step is worth its middle.

use std::collections::BTreeMap;

/// Lengths of time, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lengths {
    most: usize,
    /// How many seconds a step has.
    step: i64,
    /// How many lengths there are of each step.
    counts: BTreeMap<i64, u64>,
    total: u64,
}

impl Lengths {
    /// No length yet; so many different ones are kept at most.
    pub(super) fn new(most: usize) -> Self {
        Self { most: most.max(1), step: 1, counts: BTreeMap::new(), total: 0 }
    }

    /// Adds a length, in seconds.
    pub(super) fn add(&mut self, seconds: i64) {
        *self.counts.entry(seconds.div_euclid(self.step)).or_default() += 1;
        self.total += 1;
        self.fit();
    }

    /// Adds all of another.
    pub(super) fn merge(&mut self, other: &Self) {
        while self.step < other.step {
            self.coarsen();
        }
        for (place, count) in &other.counts {
            let seconds = place.saturating_mul(other.step);
            *self.counts.entry(seconds.div_euclid(self.step)).or_default() += count;
        }
        self.total += other.total;
        self.fit();
    }

    /// Twice the median in seconds: of an even number it is the middle between two.
    pub(super) fn twice_the_median(&self) -> Option<i64> {
        let last = self.total.checked_sub(1)?;
        let edges = self.at(last / 2)?.saturating_add(self.at(last.div_ceil(2))?);
        Some(edges.saturating_add(self.step - 1))
    }

    /// Whether the median is known to some seconds only.
    pub(super) fn is_rounded(&self) -> bool {
        self.step > 1
    }

    /// How many different ones are kept.
    pub(super) fn different(&self) -> usize {
        self.counts.len()
    }

    /// The shortest length of the step at a place in their order.
    fn at(&self, place: u64) -> Option<i64> {
        let mut before = 0;
        for (step, count) in &self.counts {
            before += count;
            if before > place {
                return Some(step.saturating_mul(self.step));
            }
        }
        None
    }

    fn fit(&mut self) {
        while self.counts.len() > self.most {
            self.coarsen();
        }
    }

    /// Counts by steps twice as long.
    pub(super) fn coarsen(&mut self) {
        self.step = self.step.saturating_mul(2);
        let mut coarser = BTreeMap::new();
        for (place, count) in &self.counts {
            *coarser.entry(place.div_euclid(2)).or_default() += count;
        }
        self.counts = coarser;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(most: usize, seconds: &[i64]) -> Lengths {
        let mut lengths = Lengths::new(most);
        for seconds in seconds {
            lengths.add(*seconds);
        }
        lengths
    }

    #[test]
    fn of_nothing_there_is_no_median() {
        assert_eq!(all(8, &[]).twice_the_median(), None);
        assert_eq!(all(8, &[7]).twice_the_median(), Some(14));
        assert_eq!(all(8, &[7, 8]).twice_the_median(), Some(15));
    }

    proptest! {
        #[test]
        fn the_median_is_the_middle_and_order_and_parts_do_not_matter(
            seconds in prop::collection::vec(0_i64..100_000, 1..80),
            cut in 0_usize..80,
            most in 1_usize..40,
        ) {
            let mut sorted = seconds.clone();
            sorted.sort_unstable();
            let middle = sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2];
            prop_assert_eq!(all(200, &seconds).twice_the_median(), Some(middle));
            let whole = all(most, &seconds);
            prop_assert_eq!(&whole, &all(most, &sorted));
            let (one, two) = seconds.split_at(cut.min(seconds.len()));
            let mut parts = all(most, two);
            parts.merge(&all(most, one));
            prop_assert_eq!(&whole, &parts);
            prop_assert!(whole.counts.len() <= most);
            let off = middle - whole.twice_the_median().unwrap();
            prop_assert!(off.abs() < whole.step, "{} {}", off, whole.step);
            prop_assert_eq!(whole.is_rounded(), whole.step > 1);
        }
    }
}
