//! Words that are known beforehand, each with its number.

use super::memo::{Fast, Key, Slot};
use crate::records::stretch::Stretch;
use std::collections::{BTreeSet, HashMap};

/// Words of more bytes than so many words of the processor hold are looked up otherwise.
const WORDS: usize = 4;
/// There are so many slots for each word, so that most stand where they belong.
const SPARSE: usize = 2;

/// The numbers of some words, from one in the order of the alphabet.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    /// As many as a power of two; a word stands in the first that is free from where it belongs.
    slots: Vec<Slot<WORDS>>,
    longer: HashMap<Vec<u8>, u32, Fast>,
    count: u32,
}

impl Numbered {
    /// Numbers words.
    pub(super) fn new(words: BTreeSet<Vec<u8>>) -> Self {
        let mut numbered = Self::default();
        if !words.is_empty() {
            numbered.slots = vec![Slot::EMPTY; (SPARSE * words.len()).next_power_of_two()];
        }
        for (word, number) in words.into_iter().zip(1..) {
            numbered.count = number;
            match Key::of(word.as_slice().into()) {
                Some(key) => numbered.put(Slot::new(key, number)),
                None => {
                    numbered.longer.insert(word, number);
                }
            }
        }
        numbered
    }

    fn put(&mut self, slot: Slot<WORDS>) {
        let mut at = self.home(&slot.key());
        while self.slots.get(at).is_some_and(|slot| !slot.is_empty()) {
            at = self.next(at);
        }
        self.slots.get_mut(at).into_iter().for_each(|free| *free = slot);
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
        let Some(key) = Key::of(word) else { return self.find_longer(word, fold) };
        let key = if fold { key.lower() } else { key };
        let mut at = self.home(&key);
        while let Some(slot) = self.slots.get(at).filter(|slot| !slot.is_empty()) {
            if slot.has(&key) {
                return Some(slot.code.into());
            }
            at = self.next(at);
        }
        None
    }

    #[cold]
    fn find_longer(&self, word: Stretch<'_>, fold: bool) -> Option<u64> {
        let word = word.bytes();
        let number =
            if fold { self.longer.get(&word.to_ascii_lowercase()) } else { self.longer.get(word) };
        number.copied().map(u64::from)
    }

    #[inline]
    fn home(&self, key: &Key<WORDS>) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are as good")]
        let hash = key.hash() as usize;
        hash & self.slots.len().wrapping_sub(1)
    }

    #[inline]
    fn next(&self, at: usize) -> usize {
        at.wrapping_add(1) & self.slots.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_word_has_its_number(
            words in prop::collection::btree_set("[a-c]{0,5}|[ab]{30,36}", 0..200),
            others in prop::collection::vec("[a-c]{0,5}|[ab]{30,36}", 0..50),
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
