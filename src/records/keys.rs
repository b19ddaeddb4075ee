//! Keys that stand in more than one record, found in bounded memory.
//!
//! Keys are kept by their hash. Where there are too many, only those of every second hash are kept,
//! then of every fourth, and so on: whoever has such a key is compared with all others that have it, so
//! that what is said of the keys that are left is exact, and does not depend on the order of records.

/// So many different keys are kept.
const MOST: usize = 1 << 18;

/// So many pairs of records with the same key are shown.
const PAIRS: usize = 5;

/// What the keys of records say.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// The path of the key field.
    pub field: String,
    /// How many were compared.
    pub counted: u64,
    /// Of how many keys one was compared: 1 where all were.
    pub one_of: u64,
    /// How many records have none.
    pub unset: u64,
    /// How many records have the key of an earlier one, of those that were compared.
    pub repeated: u64,
    /// Some records with the same key, each by input and line.
    pub pairs: Vec<[(usize, u64); 2]>,
}

/// A key by its hash, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) hash: u64,
    pub(super) input: usize,
    pub(super) line: u64,
}

/// A key that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    hash: u64,
    /// The first place at which it stands.
    place: Place,
    /// At how many others it stands.
    more: u32,
}

/// An input and a line, in the order of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u64);

/// The bits of a place that are its line.
const LINE: u32 = 40;

impl Place {
    fn of(key: &Key) -> Self {
        Self((key.input as u64) << LINE | key.line & ((1 << LINE) - 1))
    }

    fn told(self) -> (usize, u64) {
        let input = usize::try_from(self.0 >> LINE).unwrap_or(usize::MAX);
        (input, self.0 & ((1 << LINE) - 1))
    }
}

/// The keys of records, in their order.
pub(super) struct Kin {
    most: usize,
    keys: Vec<Kept>,
    /// How many of the first bits of a hash are zero in all keys that are kept.
    zeros: u32,
    pairs: Vec<[Place; 2]>,
}

impl Default for Kin {
    fn default() -> Self {
        // All the room at once: what is not written yet takes none, and nothing is copied to grow.
        let keys = Vec::with_capacity(MOST);
        Self { most: MOST, keys, zeros: 0, pairs: Vec::new() }
    }
}

impl Kin {
    /// Adds a key.
    pub(super) fn add(&mut self, key: &Key) {
        if key.hash.leading_zeros() < self.zeros {
            return;
        }
        self.keys.push(Kept { hash: key.hash, place: Place::of(key), more: 0 });
        if self.keys.len() >= self.most {
            self.join();
            // Half of the room is free again afterwards, or soon.
            while self.keys.len() > self.most / 2 {
                self.zeros += 1;
                self.keys.retain(|key| key.hash.leading_zeros() >= self.zeros);
            }
        }
    }

    /// Makes one of those that are the same.
    fn join(&mut self) {
        self.keys.sort_unstable();
        let pairs = &mut self.pairs;
        self.keys.dedup_by(|later, first| {
            let same = later.hash == first.hash;
            if same {
                first.more = first.more.saturating_add(later.more).saturating_add(1);
                pairs.push([first.place, later.place]);
                if pairs.len() > 1_000 {
                    first_of(pairs);
                }
            }
            same
        });
        first_of(pairs);
    }

    /// What they say.
    pub(super) fn told(mut self, field: &str, unset: u64) -> Keys {
        self.join();
        let repeated: u64 = self.keys.iter().map(|key| u64::from(key.more)).sum();
        Keys {
            field: field.to_owned(),
            counted: self.keys.len() as u64 + repeated,
            one_of: 1 << self.zeros.min(63),
            unset,
            // A pair that was seen is told, whatever became of its key.
            repeated: repeated.max(self.pairs.len() as u64),
            pairs: self.pairs.iter().map(|pair| pair.map(Place::told)).collect(),
        }
    }
}

/// Keeps the first in the order of the file; the order of hashes says nothing.
fn first_of(pairs: &mut Vec<[Place; 2]>) {
    pairs.sort_unstable_by_key(|[first, later]| (*later, *first));
    pairs.truncate(PAIRS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn mixed(key: u64) -> u64 {
        key.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn told(keys: &[u64], most: usize) -> Keys {
        let mut kin = Kin { most, ..Kin::default() };
        for (line, key) in (1..).zip(keys) {
            kin.add(&Key { hash: mixed(*key), input: 0, line });
        }
        assert!(kin.keys.len() < most);
        kin.told("id", 0)
    }

    proptest! {
        #[test]
        fn what_is_said_of_keys_is_so(
            keys in prop::collection::vec(0_u64..300, 0..600),
            most in prop::sample::select(vec![8_usize, 64, 10_000]),
        ) {
            let found = told(&keys, most);
            let of_those = |key: &&u64| found.one_of == 1
                || mixed(**key).leading_zeros() >= found.one_of.trailing_zeros();
            let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
            for key in keys.iter().filter(of_those) {
                *counts.entry(*key).or_default() += 1;
            }
            prop_assert_eq!(found.counted, counts.values().sum::<u64>());
            let repeated = found.counted - counts.len() as u64;
            prop_assert_eq!(found.repeated, repeated.max(found.pairs.len() as u64));
            // No more is left out than must be: half as many leave too many different keys.
            let half = |key: &&u64| mixed(**key).leading_zeros() + 1 >= found.one_of.trailing_zeros();
            let different = keys.iter().filter(half).collect::<BTreeSet<_>>().len();
            prop_assert!(found.one_of == 1 || different > most / 2);
            if most > 600 {
                prop_assert_eq!(found.one_of, 1);
            }
            let at = |line: u64| keys[usize::try_from(line).unwrap() - 1];
            for [(_, first), (_, later)] in &found.pairs {
                prop_assert!(first < later && at(*first) == at(*later));
            }
        }
    }

    #[test]
    fn one_key_everywhere_is_kept() {
        let found = told(&[7; 1_000], 10);
        assert_eq!((found.counted, found.repeated, found.one_of), (1_000, 999, 1));
        assert_eq!(found.pairs.first(), Some(&[(0, 1), (0, 2)]));
    }
}
