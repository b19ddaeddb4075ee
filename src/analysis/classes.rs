//! A set of the classes of one level.

use super::bits;
use smallvec::SmallVec;

/// A set of classes, by number. Up to 64 classes take no allocation.
///
/// INVARIANT: the last word is not zero, so that equal sets are equal words.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Classes {
    words: SmallVec<[u64; 1]>,
}

impl Clone for Classes {
    /// Copies the words as they are, which the vector itself would do one by one.
    fn clone(&self) -> Self {
        Self { words: SmallVec::from_slice(&self.words) }
    }
}

impl Classes {
    /// No class.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every class of a level that has so many.
    pub fn all(count: usize) -> Self {
        let mut words: SmallVec<[u64; 1]> = SmallVec::from_elem(u64::MAX, count / 64);
        if !count.is_multiple_of(64) {
            words.push((1 << (count % 64)) - 1);
        }
        Self { words }
    }

    /// One class.
    pub fn one(class: usize) -> Self {
        Self::of([class])
    }

    /// The classes of a list.
    pub fn of(classes: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::none();
        classes.into_iter().for_each(|class| set.insert(class));
        set
    }

    /// Adds a class.
    pub fn insert(&mut self, class: usize) {
        if self.words.len() <= class / 64 {
            self.words.resize(class / 64 + 1, 0);
        }
        bits::insert(&mut self.words, class);
    }

    /// Whether a class is in the set.
    pub fn contains(&self, class: usize) -> bool {
        bits::contains(&self.words, class)
    }

    /// The classes of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (long, short) =
            if self.words.len() < other.words.len() { (other, self) } else { (self, other) };
        let mut set = long.clone();
        bits::add(&mut set.words, &short.words);
        set
    }

    /// The classes of both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(one, other)| one & other);
        Self { words: words.collect() }.trimmed()
    }

    /// The classes of this set that are not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut set = self.clone();
        set.remove(other);
        set
    }

    /// Removes the classes of another set.
    pub(super) fn remove(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
        self.trim();
    }

    /// The classes that are not in the set, of a level that has so many.
    #[must_use]
    pub fn complement(&self, count: usize) -> Self {
        Self::all(count).without(self)
    }

    /// Whether there is no class in the set.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether every class of a level that has so many is in the set.
    pub fn is_all(&self, count: usize) -> bool {
        Self::all(count).is_subset(self)
    }

    /// Whether every class of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words.len() <= other.words.len()
            && self.words.iter().zip(&other.words).all(|(word, other)| word & !other == 0)
    }

    /// Whether the sets share a class.
    pub fn meets(&self, other: &Self) -> bool {
        bits::meet(&self.words, &other.words)
    }

    /// How many classes are in the set.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The class with the smallest number.
    pub fn first(&self) -> Option<usize> {
        self.iter().next()
    }

    /// The classes, from the smallest number.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        bits::ones(&self.words)
    }

    /// One more than the largest number in the set, or 0.
    pub(super) fn end(&self) -> usize {
        let unused = self.words.last().map_or(0, |word| word.leading_zeros() as usize);
        self.words.len() * 64 - unused
    }

    /// Whether there is exactly one class in the set.
    pub(super) fn is_one(&self) -> bool {
        self.len() == 1
    }

    fn trimmed(mut self) -> Self {
        self.trim();
        self
    }

    fn trim(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }
}
