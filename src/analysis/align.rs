//! Which rules of one list are those of another, in the same order.

use super::Region;
use std::collections::BTreeMap;

/// For each condition of the first list, the equal one of the second that it is, if any. The pairs keep
/// the order of both lists.
///
/// The first of several equal conditions is matched with the first, and so on; of these pairs the most that
/// keep the order are the longest increasing run.
pub(super) fn aligned(before: &[&[Region]], after: &[&[Region]]) -> Vec<Option<usize>> {
    let mut places: BTreeMap<&[Region], Vec<usize>> = BTreeMap::new();
    for (place, condition) in after.iter().enumerate().rev() {
        places.entry(condition).or_default().push(place);
    }
    let same = before
        .iter()
        .enumerate()
        .filter_map(|(place, condition)| Some((place, places.get_mut(condition)?.pop()?)));
    let mut aligned = vec![None; before.len()];
    for (before, after) in longest_run(&same.collect::<Vec<_>>()) {
        if let Some(place) = aligned.get_mut(before) {
            *place = Some(after);
        }
    }
    aligned
}

/// The most pairs, sorted by their first numbers, of which the second numbers rise too.
fn longest_run(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    /// A run that ends in a pair: the pair and where the run without it ends.
    struct Run {
        pair: (usize, usize),
        rest: Option<usize>,
    }
    let mut runs: Vec<Run> = Vec::with_capacity(pairs.len());
    // For each length, the run of that length that ends lowest: its last number and its place.
    let mut lowest: Vec<(usize, usize)> = Vec::new();
    for pair in pairs {
        let length = lowest.partition_point(|(last, _)| *last < pair.1);
        let rest =
            length.checked_sub(1).and_then(|shorter| lowest.get(shorter)).map(|(_, run)| *run);
        match lowest.get_mut(length) {
            Some(longer) => *longer = (pair.1, runs.len()),
            None => lowest.push((pair.1, runs.len())),
        }
        runs.push(Run { pair: *pair, rest });
    }
    let mut longest = Vec::with_capacity(lowest.len());
    let mut next = lowest.last().map(|(_, run)| *run);
    while let Some(run) = next.and_then(|run| runs.get(run)) {
        longest.push(run.pair);
        next = run.rest;
    }
    longest.reverse();
    longest
}
