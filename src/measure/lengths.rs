//! How long things took: the median of any number of lengths of time, in bounded memory.
//!
//! Lengths are counted by the minute. When there are more different ones than may be kept, they are
//! counted by two minutes, then by four, and so on: the step is the smallest at which all fit, and so
//! does not depend on their order, nor on how they were put together.

use std::collections::BTreeMap;

/// Lengths of time, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lengths {
    most: usize,
    /// How many minutes a step has.
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

    /// Adds a length, in minutes.
    pub(super) fn add(&mut self, minutes: i64) {
        *self.counts.entry(minutes.div_euclid(self.step)).or_default() += 1;
        self.total += 1;
        self.fit();
    }

    /// Adds all of another.
    pub(super) fn merge(&mut self, other: &Self) {
        while self.step < other.step {
            self.coarsen();
        }
        for (place, count) in &other.counts {
            let minutes = place.saturating_mul(other.step);
            *self.counts.entry(minutes.div_euclid(self.step)).or_default() += count;
        }
        self.total += other.total;
        self.fit();
    }

    /// Twice the median in minutes: of an even number it is the middle between two.
    pub(super) fn twice_the_median(&self) -> Option<i64> {
        let last = self.total.checked_sub(1)?;
        Some(self.at(last / 2)?.saturating_add(self.at(last.div_ceil(2))?))
    }

    /// The length at a place in their order.
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

    fn coarsen(&mut self) {
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

    fn all(most: usize, minutes: &[i64]) -> Lengths {
        let mut lengths = Lengths::new(most);
        for minutes in minutes {
            lengths.add(*minutes);
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
            minutes in prop::collection::vec(0_i64..100_000, 1..80),
            cut in 0_usize..80,
            most in 1_usize..40,
        ) {
            let mut sorted = minutes.clone();
            sorted.sort_unstable();
            let middle = sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2];
            prop_assert_eq!(all(200, &minutes).twice_the_median(), Some(middle));
            let whole = all(most, &minutes);
            prop_assert_eq!(&whole, &all(most, &sorted));
            let (one, two) = minutes.split_at(cut.min(minutes.len()));
            let mut parts = all(most, two);
            parts.merge(&all(most, one));
            prop_assert_eq!(&whole, &parts);
            prop_assert!(whole.counts.len() <= most);
            let off = middle - whole.twice_the_median().unwrap();
            prop_assert!((0..2 * whole.step).contains(&off), "{} {}", off, whole.step);
        }
    }
}
