//! Where the signs of CSV stand, for sixty-four bytes at a time.

use wide::u8x16;

/// How many bytes are looked at together.
pub(super) const WIDTH: usize = 64;

/// Which of some bytes are a sign: one bit a byte, the first the lowest.
#[inline]
pub(super) fn marks(bytes: &[u8; WIDTH], sign: u8) -> u64 {
    let sign = u8x16::splat(sign);
    let (quarters, _) = bytes.as_chunks::<16>();
    quarters.iter().rev().fold(0, |marks, quarter| {
        let found = u8x16::from(*quarter).simd_eq(sign).to_bitmask();
        marks << 16 | u64::from(found)
    })
}

/// For each bit, whether an odd number of bits up to it, itself included, is set.
#[inline]
pub(super) fn odd_so_far(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// The bits below the first so many.
pub(super) fn first(count: usize) -> u64 {
    if count >= WIDTH { u64::MAX } else { !(u64::MAX << count) }
}

/// Bytes in pieces of sixty-four; the last is filled up with zeroes, which are no sign.
pub(super) fn pieces(bytes: &[u8]) -> impl Iterator<Item = [u8; WIDTH]> {
    let (whole, rest) = bytes.as_chunks::<WIDTH>();
    let last = (!rest.is_empty()).then(|| {
        let mut last = [0; WIDTH];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        last
    });
    whole.iter().copied().chain(last)
}
