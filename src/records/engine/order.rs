//! The order of conditions: what stands in several lists of them is laid out once.

use super::logic::Logic;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How conditions are laid out.
#[derive(Debug)]
pub(super) struct Order {
    /// Those that are, in a row in which each list has its own in their order.
    pub(super) laid: Vec<usize>,
    /// For each condition the one that is laid out for it.
    pub(super) stands_for: Vec<usize>,
}

/// Orders conditions, of which lists have some each.
pub(super) fn order(conditions: &[Logic], lists: &[Range<usize>]) -> Order {
    let mut known = BTreeMap::new();
    let each = conditions.iter().enumerate();
    let same: Vec<usize> = each.map(|(at, one)| *known.entry(one).or_insert(at)).collect();
    let number = |at: &usize| same.get(*at).copied().unwrap_or(*at);
    let mut stands_for: Vec<usize> = (0..conditions.len()).collect();
    let mut row: Vec<usize> = Vec::new();
    for list in lists {
        let own: Vec<usize> = list.clone().collect();
        let (before, after): (Vec<_>, Vec<_>) =
            (row.iter().map(number).collect(), own.iter().map(number).collect());
        let mut merged = Vec::new();
        for step in capture_diff_slices(Algorithm::Patience, &before, &after) {
            let (tag, before, after) = step.as_tag_tuple();
            let (before, after) = (row.get(before), own.get(after));
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            merged.extend(before);
            if tag == DiffTag::Equal {
                for (kept, one) in before.iter().zip(after) {
                    stands_for.get_mut(*one).into_iter().for_each(|of| *of = *kept);
                }
            } else {
                merged.extend(after);
            }
        }
        row = merged;
    }
    let listed: BTreeSet<usize> = lists.iter().cloned().flatten().collect();
    let mut first = BTreeMap::new();
    let mut laid = Vec::new();
    for (at, of) in stands_for.iter_mut().enumerate().filter(|(at, _)| !listed.contains(at)) {
        *of = *first.entry(number(&at)).or_insert_with(|| {
            laid.push(at);
            at
        });
    }
    laid.extend(row);
    Order { laid, stands_for }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lists_keep_their_order_and_share_what_is_the_same(
            numbers in prop::collection::vec(0_usize..12, 0..60),
            cuts in (0_usize..60, 0_usize..60, 0_usize..60),
        ) {
            let conditions: Vec<Logic> = numbers.iter().map(|one| Logic::Ask(*one, true)).collect();
            let mut cuts = [cuts.0, cuts.1, cuts.2].map(|cut| cut.min(conditions.len()));
            cuts.sort_unstable();
            let lists = [cuts[0]..cuts[1], cuts[1]..cuts[2]];
            let Order { laid, stands_for } = order(&conditions, &lists);
            let distinct: BTreeSet<&usize> = laid.iter().collect();
            prop_assert_eq!(distinct.len(), laid.len());
            let place = |at: usize| laid.iter().position(|one| *one == stands_for[at]);
            for at in 0..conditions.len() {
                prop_assert!(place(at).is_some());
                prop_assert_eq!(&conditions[stands_for[at]], &conditions[at]);
            }
            for list in &lists {
                let places: Vec<_> = list.clone().map(place).collect();
                prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", places);
            }
            let whole = order(&conditions, &[0..conditions.len(), 0..0]);
            prop_assert_eq!(whole.laid, (0..conditions.len()).collect::<Vec<_>>());
        }

        #[test]
        fn what_did_not_change_is_laid_out_once(count in 1_usize..40, changed in 0_usize..40) {
            let old: Vec<Logic> = (0..count).map(|one| Logic::Ask(one, true)).collect();
            let mut both = old.clone();
            both.extend(old);
            let at = count + changed % count;
            both[at] = Logic::Ask(changed, false);
            let order = order(&both, &[0..count, count..2 * count]);
            prop_assert_eq!(order.laid.len(), count + 1);
        }
    }
}
