//! Cuts: the numbers that tests name, which cut all numbers into classes.

/// Numbers in order, with a table of where to look for one.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// The numbers, each once.
    sorted: Vec<i64>,
    /// For each stretch of equal length, from the first number on, how many lie before it.
    before: Vec<u32>,
    /// The length of a stretch, as a power of two.
    shift: u32,
    /// The class of each number from the first to the last, where they are few.
    each: Vec<u16>,
}

/// So many stretches for each number, so that most hold one or none; and so many in all.
const STRETCHES: usize = 4;
const MOST: usize = 1 << 13;
/// The classes of so many numbers are written down one by one.
const FEW: u64 = 1 << 14;

impl Cuts {
    /// The cuts at some numbers.
    pub(super) fn new(mut numbers: Vec<i64>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
            return Self::default();
        };
        let (first, span) = (*first, last.abs_diff(*first));
        if span < FEW {
            let class = |offset| {
                let below = numbers.partition_point(|number| number.abs_diff(first) < offset);
                let is_cut = numbers.get(below).is_some_and(|cut| cut.abs_diff(first) == offset);
                u16::try_from(2 * below + usize::from(is_cut)).unwrap_or(u16::MAX)
            };
            let each = (0..=span).map(class).collect();
            return Self { sorted: numbers, each, ..Self::default() };
        }
        let wanted = (STRETCHES * numbers.len()).next_power_of_two().min(MOST) as u64;
        let mut shift = 0;
        while span >> shift >= wanted {
            shift += 1;
        }
        let stretch = |number: &i64| number.abs_diff(first) >> shift;
        let before = (0..=span >> shift).map(|at| {
            let before = numbers.partition_point(|number| stretch(number) < at);
            u32::try_from(before).unwrap_or(u32::MAX)
        });
        let before = before.collect();
        Self { sorted: numbers, before, shift, each: Vec::new() }
    }

    /// How many classes there are: the numbers themselves, and what lies before, between and behind.
    pub(super) fn classes(&self) -> usize {
        2 * self.sorted.len() + 1
    }

    /// The class of a number.
    #[inline]
    pub(super) fn class(&self, number: i64) -> usize {
        let Some(first) = self.sorted.first().filter(|first| **first <= number) else { return 0 };
        let stretch = number.abs_diff(*first) >> self.shift;
        let stretch = usize::try_from(stretch).unwrap_or(usize::MAX);
        if let Some(class) = self.each.get(stretch) {
            return usize::from(*class);
        }
        let Some(from) = self.before.get(stretch) else { return self.classes().wrapping_sub(1) };
        let mut below = *from as usize;
        let smaller = |below: usize| self.sorted.get(below).is_some_and(|cut| *cut < number);
        below = below.wrapping_add(usize::from(smaller(below)));
        if smaller(below) {
            below = self.searched(below, number);
        }
        let is_cut = self.sorted.get(below) == Some(&number);
        (2 * below).wrapping_add(usize::from(is_cut))
    }

    /// How many numbers lie below one, of which so many are known to.
    #[cold]
    fn searched(&self, known: usize, number: i64) -> usize {
        let rest = self.sorted.get(known..).unwrap_or_default();
        known.wrapping_add(rest.partition_point(|cut| *cut < number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_class_is_what_a_search_says(
            spread in prop::sample::select(vec![1, 3, 100, 10_000, i64::MAX / 4]),
            (drawn, asked) in (prop::collection::vec(-40_i64..40, 0..60), prop::collection::vec(any::<i64>(), 20)),
            extreme in any::<bool>(),
        ) {
            let mut numbers: Vec<i64> = drawn.iter().map(|one| one.saturating_mul(spread)).collect();
            if extreme {
                numbers.extend([i64::MIN, i64::MAX]);
            }
            let cuts = Cuts::new(numbers.clone());
            numbers.sort_unstable();
            numbers.dedup();
            prop_assert_eq!(cuts.classes(), 2 * numbers.len() + 1);
            let near = numbers.iter().flat_map(|one| [one.saturating_sub(1), *one, one.saturating_add(1)]);
            for number in near.chain(asked.clone()).chain([i64::MIN, 0, i64::MAX]) {
                let below = numbers.partition_point(|cut| *cut < number);
                let class = 2 * below + usize::from(numbers.get(below) == Some(&number));
                prop_assert_eq!(cuts.class(number), class, "{} among {:?}", number, numbers);
            }
        }
    }
}
