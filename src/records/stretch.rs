//! A stretch of a block: some bytes, and those that stand behind them, so that bytes can be loaded by
//! words whatever their number is.

/// Some bytes, with those behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'b> {
    block: &'b [u8],
    start: usize,
    length: usize,
}

/// So many bytes at most are loaded by words.
const MOST: usize = 64;

/// Bytes that stay, and bytes that go: the words of a window in it keep what is long enough.
static STAY: [[u8; MOST]; 2] = [[0xff; MOST], [0; MOST]];

impl<'b> Stretch<'b> {
    /// The bytes of a block from one place to another.
    #[inline]
    pub(super) fn new(block: &'b [u8], start: u32, end: u32) -> Self {
        Self { block, start: start as usize, length: end.saturating_sub(start) as usize }
    }

    /// So many of the bytes from a place on.
    #[inline]
    pub(super) fn part(&self, from: usize, length: usize) -> Self {
        Self { block: self.block, start: self.start.wrapping_add(from), length }
    }

    /// How many bytes they are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The bytes.
    #[inline]
    pub(super) fn bytes(&self) -> &'b [u8] {
        let from = self.block.get(self.start..).unwrap_or_default();
        from.get(..self.length).unwrap_or_default()
    }

    /// The first bytes in words, and zeroes behind them.
    #[inline]
    pub(super) fn words<const W: usize>(&self) -> [u64; W] {
        let (words, _) = self.block.get(self.start..).unwrap_or_default().as_chunks::<8>();
        let stay = STAY.as_flattened().get(MOST.saturating_sub(self.length)..);
        let (stay, _) = stay.unwrap_or_default().as_chunks::<8>();
        match (words.first_chunk::<W>(), stay.first_chunk::<W>()) {
            (Some(words), Some(stay)) => std::array::from_fn(|at| {
                let (word, stay) = (words.get(at).copied(), stay.get(at).copied());
                word.zip(stay)
                    .map_or(0, |(word, stay)| u64::from_le_bytes(word) & u64::from_le_bytes(stay))
            }),
            _ => self.last_words(),
        }
    }

    /// The same at the end of a block, where too few bytes stand behind.
    #[cold]
    #[inline(never)]
    fn last_words<const W: usize>(&self) -> [u64; W] {
        let mut words = [0; W];
        for (word, bytes) in words.iter_mut().zip(self.bytes().chunks(8)) {
            *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        words
    }
}

impl<'b> From<&'b [u8]> for Stretch<'b> {
    fn from(bytes: &'b [u8]) -> Self {
        Self { block: bytes, start: 0, length: bytes.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_are_those_of_the_bytes_alone(
            bytes in prop::collection::vec(any::<u8>(), 0..150),
            (one, two) in (0_usize..150, 0_usize..150),
        ) {
            let (start, end) = (one.min(two).min(bytes.len()), one.max(two).min(bytes.len()));
            let place = |at| u32::try_from(at).unwrap();
            let stretch = Stretch::new(&bytes, place(start), place(end));
            prop_assert_eq!(stretch.bytes(), &bytes[start..end]);
            prop_assert_eq!(stretch.words::<4>(), Stretch::from(stretch.bytes()).last_words::<4>());
            prop_assert_eq!(stretch.words::<8>(), Stretch::from(stretch.bytes()).last_words::<8>());
        }
    }
}
