//! What cells were found to mean, by their bytes, for as many as there is room.
#![expect(clippy::inline_always, reason = "a cell costs as little as a call")]

use crate::records::stretch::Stretch;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Most cells fit in so many words, most others in twice or four times as many.
const TINY: usize = 2;
const SHORT: usize = 4;
const LONG: usize = 8;
/// Cells of more bytes are not kept at all.
const LONGEST: usize = 512;
/// How many slots a cell may stand in.
const WAYS: usize = 4;
const FEWEST: usize = 64;
const MOST: usize = 8192;
const MOST_LONGER: usize = 512;
/// Up to so many slots there are so many for each key, where keys belong in the same.
const ROOMY: usize = 2048;
const SPARSE: usize = 32;
/// So few cells are not many.
const FEW: usize = 4;
/// Of so many cells that were not kept it is known that they were met.
const MET: usize = 4096;

/// The bytes of a cell, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key<const W: usize> {
    words: [u64; W],
    length: u32,
}

impl<const W: usize> Key<W> {
    /// The key of some bytes, which no others have; none where they are too many.
    #[inline]
    pub(super) fn of(cell: Stretch<'_>) -> Option<Self> {
        if cell.len() > 8 * W {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "it is a small number")]
        let length = cell.len() as u32;
        Some(Self { words: cell.words(), length })
    }

    /// The same with ASCII letters in lower case.
    #[inline]
    pub(super) fn lower(&self) -> Self {
        Self { words: self.words.map(lower), ..*self }
    }

    /// A hash of them.
    #[inline]
    fn hash(&self) -> u64 {
        let (fours, few) = self.words.as_chunks::<4>();
        let (twos, _) = few.as_chunks::<2>();
        let hash = fours.iter().fold(u64::from(self.length), |hash, [one, two, three, four]| {
            mixed(hash ^ one ^ three.rotate_left(23), two ^ four.rotate_left(41))
        });
        twos.iter().fold(hash, |hash, [one, two]| mixed(hash ^ one, *two))
    }

    /// Where it belongs among so many slots, as many as a power of two.
    #[inline]
    pub(super) fn home(&self, slots: usize) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are as good")]
        let hash = self.hash() as usize;
        hash & slots.wrapping_sub(1)
    }
}

/// Eight bytes with ASCII letters in lower case.
#[inline]
fn lower(word: u64) -> u64 {
    let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let plain = word & each(0x7f);
    let (from_a, behind_z) =
        (plain.wrapping_add(each(0x80 - b'A')), plain.wrapping_add(each(0x7f - b'Z')));
    // The highest bit of a byte, moved to where the two cases differ.
    word | (from_a & !behind_z & !word & each(0x80)) >> 2
}

#[inline]
fn mixed(one: u64, two: u64) -> u64 {
    let wide = u128::from(one ^ 0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(u128::from(two.rotate_left(29) ^ 0xbf58_476d_1ce4_e5b9));
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let (low, high) = (wide as u64, (wide >> 64) as u64);
    low ^ high
}

/// Codes by cells. Where there is no room, a cell takes the place of another.
#[derive(Debug, Default)]
pub(super) struct Memo {
    tiny: Slots<TINY>,
    short: Slots<SHORT>,
    long: Slots<LONG>,
    longer: HashMap<Vec<u8>, u32, Fast>,
    /// The least room that any cell is given: where cells differ much in length, to ask which of them
    /// is short costs more than to look at all alike.
    least: usize,
    /// Parts of the hashes of cells that were met, each where the rest of it says.
    met: Vec<u32>,
}

impl Memo {
    /// The code that is kept for a cell.
    #[inline(always)]
    pub(super) fn find(&self, cell: Stretch<'_>) -> Option<u32> {
        match self.least {
            0..=TINY => match Key::of(cell) {
                Some(key) => self.tiny.find(&key),
                None => self.find_longer(cell),
            },
            SHORT => self.find_longer(cell),
            _ => self.find_long(cell),
        }
    }

    #[inline(always)]
    fn find_longer(&self, cell: Stretch<'_>) -> Option<u32> {
        match Key::of(cell) {
            Some(key) => self.short.find(&key),
            None => self.find_long(cell),
        }
    }

    #[inline(never)]
    fn find_long(&self, cell: Stretch<'_>) -> Option<u32> {
        match Key::of(cell) {
            Some(key) => self.long.find(&key),
            None => self.longer.get(cell.bytes()).copied(),
        }
    }

    /// Keeps the code of a cell.
    pub(super) fn keep(&mut self, cell: Stretch<'_>, code: u32) {
        self.level();
        let room = cell.len().div_ceil(8).max(self.least);
        if let Some(key) = Key::<TINY>::of(cell).filter(|_| room <= TINY) {
            self.tiny.keep(key, code);
        } else if let Some(key) = Key::<SHORT>::of(cell).filter(|_| room <= SHORT) {
            self.short.keep(key, code);
        } else if let Some(key) = Key::<LONG>::of(cell) {
            self.long.keep(key, code);
        } else if cell.len() <= LONGEST {
            if self.longer.len() >= MOST_LONGER {
                self.longer.clear();
            }
            self.longer.insert(cell.bytes().to_vec(), code);
        }
    }

    /// Looks at whether cells differ much in length: those that are given more room are learnt anew.
    fn level(&mut self) {
        let (tiny, short, long) = (self.tiny.filled, self.short.filled, self.long.filled);
        let are_many = |some: usize| some > FEW && some > (tiny + short + long) / 4;
        if are_many(tiny) && are_many(short + long) {
            self.least = SHORT;
            self.tiny = Slots::default();
        } else if are_many(short) && are_many(long) {
            self.least = LONG;
            self.short = Slots::default();
        }
    }

    /// Keeps the code of a cell that was met before: one that never comes again would take the place of
    /// others.
    pub(super) fn keep_again(&mut self, cell: Stretch<'_>, code: u32) {
        if self.was_met(cell) {
            self.keep(cell, code);
        }
    }

    /// Whether a cell was met lately, or seems so; from now on it was.
    fn was_met(&mut self, cell: Stretch<'_>) -> bool {
        let Some(key) = Key::<LONG>::of(cell) else { return true };
        let hash = key.hash();
        self.met.resize(MET, 0);
        #[expect(clippy::cast_possible_truncation, reason = "each is a part of a hash")]
        let (place, rest) = (hash as usize % MET, (hash >> 32) as u32 | 1);
        self.met.get_mut(place).is_some_and(|met| std::mem::replace(met, rest) == rest)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A key and its code, without the room that would be between them: there is a table for each field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot<const W: usize> {
    words: [u64; W],
    length: u32,
    pub(super) code: u32,
}

impl<const W: usize> Slot<W> {
    /// A slot that no key finds: no cell is so long.
    pub(super) const EMPTY: Self = Self { words: [0; W], length: u32::MAX, code: 0 };

    pub(super) fn new(key: Key<W>, code: u32) -> Self {
        Self { words: key.words, length: key.length, code }
    }

    #[inline]
    pub(super) fn has(&self, key: &Key<W>) -> bool {
        let differ = self.words.iter().zip(&key.words).fold(0, |all, (own, of)| all | own ^ of);
        differ == 0 && self.length == key.length
    }

    pub(super) fn key(&self) -> Key<W> {
        Key { words: self.words, length: self.length }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == Self::EMPTY.length
    }
}

/// Codes by keys.
#[derive(Debug, Default)]
struct Slots<const W: usize> {
    slots: Vec<Slot<W>>,
    filled: usize,
}

impl<const W: usize> Slots<W> {
    #[inline]
    fn find(&self, key: &Key<W>) -> Option<u32> {
        let home = self.home(key);
        let slot = self.slots.get(home)?;
        if slot.has(key) {
            return Some(slot.code);
        }
        self.near(home).iter().find(|slot| slot.has(key)).map(|slot| slot.code)
    }

    #[inline]
    fn home(&self, key: &Key<W>) -> usize {
        key.home(self.slots.len())
    }

    /// The slots where a key may stand.
    #[inline]
    fn near(&self, home: usize) -> &[Slot<W>] {
        let start = home & !(WAYS - 1);
        self.slots.get(start..start.wrapping_add(WAYS)).unwrap_or_default()
    }

    /// Keeps the code of a key.
    fn keep(&mut self, key: Key<W>, code: u32) {
        let slot = Slot::new(key, code);
        while self.is_tight(&key) && self.slots.len() < MOST {
            let twice = vec![Slot::EMPTY; (self.slots.len() * 2).max(FEWEST)];
            let old = std::mem::replace(&mut self.slots, twice);
            self.filled = 0;
            old.into_iter().filter(|slot| !slot.is_empty()).for_each(|slot| self.put(slot));
        }
        self.put(slot);
    }

    /// Whether there is no room for a key, or so little that many would not stand where they belong.
    /// A few keys get so much room that each stands there.
    fn is_tight(&self, key: &Key<W>) -> bool {
        let home = self.home(key);
        let is_full = !self.near(home).iter().any(Slot::is_empty);
        let is_taken = self.slots.get(home).is_some_and(|slot| !slot.is_empty());
        let is_small = self.slots.len() < ROOMY.min(SPARSE * self.filled);
        is_full || self.filled >= self.slots.len() / 2 || is_taken && is_small
    }

    /// Puts a slot where it belongs or beside it, or in place of another.
    fn put(&mut self, slot: Slot<W>) {
        let home = self.home(&slot.key());
        let start = home & !(WAYS - 1);
        let beside = || Some(start + self.near(home).iter().position(Slot::is_empty)?);
        let free =
            self.slots.get(home).filter(|slot| slot.is_empty()).map(|_| home).or_else(beside);
        self.filled += usize::from(free.is_some());
        self.slots.get_mut(free.unwrap_or(home)).into_iter().for_each(|at| *at = slot);
    }
}

/// A quick hash for tables whose keys nobody outside chooses.
pub(super) type Fast = BuildHasherDefault<Mixing>;

#[derive(Debug, Default)]
pub(super) struct Mixing(u64);

impl Hasher for Mixing {
    fn finish(&self) -> u64 {
        self.0
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        // The last bytes of some may be hashed again: that is quicker than to put them together.
        let last = bytes.last_chunk::<8>().filter(|_| !rest.is_empty() || words.is_empty());
        let few = || rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        let last = last.map_or_else(few, |last| u64::from_le_bytes(*last));
        self.write_u64(last ^ (bytes.len() as u64) << 56);
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.0 = mixed(self.0, number as u64);
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.0 = mixed(self.0, number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn bytes_have_one_key_only(
            one in prop::collection::vec(0_u8..3, 0..40),
            two in prop::collection::vec(0_u8..3, 0..40),
        ) {
            let keys = (Key::<SHORT>::of((&*one).into()), Key::<SHORT>::of((&*two).into()));
            prop_assert_eq!(keys.0.is_some(), one.len() <= 32);
            if keys.0.is_some() {
                prop_assert_eq!(keys.0 == keys.1, one == two);
            }
        }

        #[test]
        fn letters_are_lowered_eight_at_a_time(bytes in any::<[u8; 8]>()) {
            let expected = u64::from_le_bytes(bytes.map(|byte| byte.to_ascii_lowercase()));
            prop_assert_eq!(lower(u64::from_le_bytes(bytes)), expected);
        }

        #[test]
        fn what_is_found_was_kept(cells in prop::collection::vec((0_u32..500, 0_usize..80), 0..4000)) {
            let cells = cells.into_iter().map(|(number, length)| format!("{number:0length$}"));
            let cells: Vec<String> = cells.collect();
            let (mut memo, mut kept) = (Memo::default(), BTreeMap::new());
            for (code, cell) in (0_u32..).zip(&cells) {
                if let Some(found) = memo.find(cell.as_bytes().into()) {
                    prop_assert_eq!(Some(&found), kept.get(cell));
                } else {
                    memo.keep(cell.as_bytes().into(), code);
                    kept.insert(cell.clone(), code);
                    prop_assert_eq!(memo.find(cell.as_bytes().into()), Some(code));
                }
            }
        }
    }
}
