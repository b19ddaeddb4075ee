//! Sets of numbers as bits in words, for sets that are met word by word in great numbers.

/// Words that hold so many bits; at least one, so that a row always has a length.
pub(super) fn words(bits: usize) -> usize {
    bits.div_ceil(64).max(1)
}

/// The set of the numbers from one up to, not including, another.
pub(super) fn range(from: usize, to: usize, words: usize) -> Vec<u64> {
    let below = |bit: usize, word: usize| match bit.saturating_sub(word * 64) {
        bits @ 0..64 => (1 << bits) - 1,
        _ => u64::MAX,
    };
    (0..words).map(|word| below(to, word) & !below(from, word)).collect()
}

/// Adds a number.
pub(super) fn insert(set: &mut [u64], bit: usize) {
    if let Some(word) = set.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

/// Removes a number.
pub(super) fn remove(set: &mut [u64], bit: usize) {
    if let Some(word) = set.get_mut(bit / 64) {
        *word &= !(1 << (bit % 64));
    }
}

/// Whether a number is in the set.
pub(super) fn contains(set: &[u64], bit: usize) -> bool {
    set.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

/// Keeps what is in both.
pub(super) fn keep(set: &mut [u64], other: &[u64]) {
    set.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
}

/// Adds all of another set.
pub(super) fn add(set: &mut [u64], other: &[u64]) {
    set.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
}

/// Whether nothing is in the set.
pub(super) fn is_empty(set: &[u64]) -> bool {
    set.iter().all(|word| *word == 0)
}

/// Whether two sets share a number.
pub(super) fn meet(set: &[u64], other: &[u64]) -> bool {
    set.iter().zip(other).any(|(word, other)| word & other != 0)
}

/// The numbers, from the smallest.
pub(super) fn ones(set: &[u64]) -> impl Iterator<Item = usize> {
    ones_of(set.iter().copied())
}

/// The numbers of a set that is made word by word, from the smallest.
pub(super) fn ones_of(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(at, word)| Ones(word).map(move |bit| at * 64 + bit))
}

/// The places of the bits of one word.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}
