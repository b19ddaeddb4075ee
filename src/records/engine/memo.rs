//! What cells were found to mean, by their bytes, for as many as there is room.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Cells of more bytes are kept apart, and of many more not at all.
const LONGEST: usize = 32;
const MUCH_LONGER: usize = 512;
/// How many slots a cell may stand in.
const WAYS: usize = 4;
const FEWEST: usize = 64;
const MOST: usize = 8192;
const MOST_LONG: usize = 512;

/// The bytes of a short cell, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    words: [u64; 4],
    length: u32,
}

impl Key {
    /// The key of some bytes, which no others have; none where they are too many.
    #[inline]
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= LONGEST)?;
        let words = match bytes {
            [] => [0; 4],
            [one] => [u64::from(*one), 0, 0, 0],
            [one, two] => [u64::from(u16::from_le_bytes([*one, *two])), 0, 0, 0],
            [one, two, three] => [u64::from(u32::from_le_bytes([*one, *two, *three, 0])), 0, 0, 0],
            _ if bytes.len() < 8 => {
                let [start, end] = ends::<4>(bytes)?.map(u32::from_le_bytes);
                [u64::from(start) | u64::from(end) << 32, 0, 0, 0]
            }
            _ if bytes.len() <= 16 => {
                let [start, end] = ends::<8>(bytes)?.map(u64::from_le_bytes);
                [start, end, 0, 0]
            }
            _ => {
                let [start, end] = ends::<16>(bytes)?;
                let [one, two] = ends::<8>(&start)?.map(u64::from_le_bytes);
                let [three, four] = ends::<8>(&end)?.map(u64::from_le_bytes);
                [one, two, three, four]
            }
        };
        Some(Self { words, length })
    }

    #[inline]
    fn hash(&self) -> u64 {
        let [one, two, three, four] = self.words;
        let mut hash = mixed(one ^ u64::from(self.length), two);
        if self.length > 16 {
            hash = mixed(hash ^ three, four);
        }
        hash
    }
}

/// The first and the last bytes; they may overlap.
#[inline]
fn ends<const N: usize>(bytes: &[u8]) -> Option<[[u8; N]; 2]> {
    Some([*bytes.first_chunk::<N>()?, *bytes.last_chunk::<N>()?])
}

#[inline]
fn mixed(one: u64, two: u64) -> u64 {
    let wide = u128::from(one ^ 0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(u128::from(two.rotate_left(29) ^ 0xbf58_476d_1ce4_e5b9));
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let (low, high) = (wide as u64, (wide >> 64) as u64);
    low ^ high
}

/// A key and its code, without the room that would be between them: there is a table for each field.
#[derive(Debug, Clone, Copy)]
struct Slot {
    words: [u64; 4],
    length: u32,
    code: u32,
}

impl Slot {
    #[inline]
    fn key(&self) -> Key {
        Key { words: self.words, length: self.length }
    }

    fn is_empty(&self) -> bool {
        self.length == EMPTY.length
    }
}

/// Codes by cells. Where there is no room, a cell takes the place of another.
#[derive(Debug)]
pub(super) struct Memo {
    slots: Vec<Slot>,
    long: HashMap<Vec<u8>, u32, Fast>,
}

impl Default for Memo {
    fn default() -> Self {
        Self { slots: vec![EMPTY; FEWEST], long: HashMap::default() }
    }
}

/// A slot that no key finds: no cell is so long.
const EMPTY: Slot = Slot { words: [0; 4], length: u32::MAX, code: 0 };

impl Memo {
    /// The code that is kept for a cell.
    #[inline]
    pub(super) fn find(&self, cell: &[u8]) -> Option<u32> {
        let Some(key) = Key::of(cell) else { return self.long.get(cell).copied() };
        let found = self.near(&key).iter().find(|slot| slot.key() == key)?;
        Some(found.code)
    }

    /// Where the slots of a key start: there are as many as a power of two.
    #[inline]
    fn start(&self, key: &Key) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are as good")]
        let hash = key.hash() as usize;
        hash & self.slots.len().wrapping_sub(1) & !(WAYS - 1)
    }

    #[inline]
    fn near(&self, key: &Key) -> &[Slot] {
        let start = self.start(key);
        self.slots.get(start..start.wrapping_add(WAYS)).unwrap_or_default()
    }

    /// Keeps the code of a cell.
    pub(super) fn keep(&mut self, cell: &[u8], code: u32) {
        let Some(key) = Key::of(cell) else {
            if self.long.len() >= MOST_LONG {
                self.long.clear();
            }
            if cell.len() <= MUCH_LONGER {
                self.long.insert(cell.to_vec(), code);
            }
            return;
        };
        while !self.near(&key).iter().any(Slot::is_empty) && self.slots.len() < MOST {
            let twice = vec![EMPTY; self.slots.len() * 2];
            let old = std::mem::replace(&mut self.slots, twice);
            old.into_iter().filter(|slot| !slot.is_empty()).for_each(|slot| self.put(slot));
        }
        self.put(Slot { words: key.words, length: key.length, code });
    }

    /// Puts a slot where there is room, or in place of another.
    fn put(&mut self, slot: Slot) {
        let key = slot.key();
        let start = self.start(&key);
        let Some(near) = self.slots.get_mut(start..start + WAYS) else { return };
        let other = usize::try_from(key.hash() >> 62).unwrap_or(0);
        let at = near.iter().position(Slot::is_empty).unwrap_or(other);
        near.get_mut(at).into_iter().for_each(|near| *near = slot);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.slots.fill(EMPTY);
        self.long.clear();
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
        for piece in bytes.chunks(LONGEST) {
            let Some(key) = Key::of(piece) else { continue };
            self.0 = mixed(self.0, key.hash());
        }
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
            let keys = (Key::of(&one), Key::of(&two));
            prop_assert_eq!(keys.0.is_some(), one.len() <= LONGEST);
            if keys.0.is_some() {
                prop_assert_eq!(keys.0 == keys.1, one == two);
            }
        }

        #[test]
        fn what_is_found_was_kept(cells in prop::collection::vec((0_u32..500, 0_usize..40), 0..4000)) {
            let cells = cells.into_iter().map(|(number, length)| format!("{number:0length$}"));
            let cells: Vec<String> = cells.collect();
            let (mut memo, mut kept) = (Memo::default(), BTreeMap::new());
            for (code, cell) in (0_u32..).zip(&cells) {
                if let Some(found) = memo.find(cell.as_bytes()) {
                    prop_assert_eq!(Some(&found), kept.get(cell));
                } else {
                    memo.keep(cell.as_bytes(), code);
                    kept.insert(cell.clone(), code);
                    prop_assert_eq!(memo.find(cell.as_bytes()), Some(code));
                }
            }
        }
    }
}
