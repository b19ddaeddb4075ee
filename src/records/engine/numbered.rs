//! Words that are known beforehand, each with its number.

use super::memo::{Fast, Key, Slot};
use crate::records::stretch::Stretch;
use std::collections::{BTreeSet, HashMap};

/// Most words fit in so many words of the processor, most others in twice as many.
const SHORT: usize = 2;
const LONG: usize = 4;
/// There are so many slots for each word, so that most stand where they belong.
const SPARSE: usize = 2;

/// The numbers of some words, from one in the order of the alphabet.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    short: Slots<SHORT>,
    long: Slots<LONG>,
    longer: HashMap<Vec<u8>, u32, Fast>,
    count: u32,
}

impl Numbered {
    /// Numbers words.
    pub(super) fn new(words: BTreeSet<Vec<u8>>) -> Self {
        let mut numbered =
            Self { short: Slots::of(&words), long: Slots::of(&words), ..Self::default() };
        for (word, number) in words.into_iter().zip(1..) {
            numbered.count = number;
            let bytes: Stretch<'_> = word.as_slice().into();
            if let Some(key) = Key::<SHORT>::of(bytes) {
                numbered.short.put(Slot::new(key, number));
            } else if let Some(key) = Key::<LONG>::of(bytes) {
                numbered.long.put(Slot::new(key, number));
            } else {
                numbered.longer.insert(word, number);
            }
        }
        numbered
    }

    /// How many words there are.
    pub(super) fn len(&self) -> u64 {
        self.count.into()
    }

    /// The number of a word, or of its like in lower case where that is asked, as far as its letters are
    /// ASCII; none where it is not one of them.
    #[inline]
    pub(super) fn find(&self, word: Stretch<'_>, fold: bool) -> Option<u64> {
        if self.count == 0 {
            return None;
        }
        let number = match Key::of(word) {
            Some(key) => self.short.find(if fold { key.lower() } else { key }),
            None => self.find_long(word, fold),
        };
        number.map(u64::from)
    }

    #[inline(never)]
    fn find_long(&self, word: Stretch<'_>, fold: bool) -> Option<u32> {
        if let Some(key) = Key::of(word) {
            return self.long.find(if fold { key.lower() } else { key });
        }
        let word = word.bytes();
        let number =
            if fold { self.longer.get(&word.to_ascii_lowercase()) } else { self.longer.get(word) };
        number.copied()
    }
}

/// Slots, as many as a power of two, some of which are free; a word stands in the first that is free from
/// where it belongs.
#[derive(Debug, Default)]
struct Slots<const W: usize>(Vec<Slot<W>>);

impl<const W: usize> Slots<W> {
    /// Free slots for those of some words that fit.
    fn of(words: &BTreeSet<Vec<u8>>) -> Self {
        let fitting = words.iter().filter(|word| Key::<W>::of(word.as_slice().into()).is_some());
        match fitting.count() {
            0 => Self::default(),
            count => Self(vec![Slot::EMPTY; (SPARSE * count).next_power_of_two()]),
        }
    }

    fn put(&mut self, slot: Slot<W>) {
        let mut at = slot.key().home(self.0.len());
        while self.0.get(at).is_some_and(|slot| !slot.is_empty()) {
            at = self.next(at);
        }
        self.0.get_mut(at).into_iter().for_each(|free| *free = slot);
    }

    #[inline]
    fn find(&self, key: Key<W>) -> Option<u32> {
        let mut at = key.home(self.0.len());
        while let Some(slot) = self.0.get(at).filter(|slot| !slot.is_empty()) {
            if slot.has(&key) {
                return Some(slot.code);
            }
            at = self.next(at);
        }
        None
    }

    #[inline]
    fn next(&self, at: usize) -> usize {
        at.wrapping_add(1) & self.0.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_word_has_its_number(
            words in prop::collection::btree_set("[a-c]{0,5}|[ab]{15,18}|[ab]{30,36}", 0..200),
            others in prop::collection::vec("[a-c]{0,5}|[ab]{15,18}|[ab]{30,36}", 0..50),
        ) {
            let words: BTreeSet<Vec<u8>> = words.into_iter().map(String::into_bytes).collect();
            let numbered = Numbered::new(words.clone());
            prop_assert_eq!(numbered.len(), words.len() as u64);
            let others = others.into_iter().map(String::into_bytes);
            for word in words.iter().cloned().chain(others) {
                let place = words.iter().zip(1..).find(|(one, _)| **one == word);
                let number = place.map(|(_, number)| number);
                prop_assert_eq!(numbered.find(word.as_slice().into(), false), number);
                let mut longer = word.to_ascii_uppercase();
                longer.extend([b'x'; 80]);
                let stretch = Stretch::new(&longer, 0, u32::try_from(word.len()).unwrap());
                prop_assert_eq!(numbered.find(stretch, true), number);
            }
        }
    }
}
