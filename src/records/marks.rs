//! Where the signs of CSV stand, for sixty-four bytes at a time, as wide as the processor can look.
#![expect(clippy::inline_always, reason = "what is not inlined does not look as wide")]

use fearless_simd::prelude::*;
use fearless_simd::u8x64;

/// How many bytes are looked at together.
pub(super) const WIDTH: usize = 64;

/// Which of some bytes are a sign: one bit a byte, the first the lowest.
#[inline(always)]
pub(super) fn marks<S: Simd>(bytes: u8x64<S>, sign: u8) -> u64 {
    bytes.simd_eq(sign).to_bitmask()
}

/// For each bit, whether an odd number of bits up to it, itself included, is set.
#[inline(always)]
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

/// Bytes in pieces of sixty-four, each with the bits of those that are there: all but in the last, which
/// is filled up with zeroes.
#[inline(always)]
pub(super) fn each_piece<S: Simd>(simd: S, bytes: &[u8], mut look: impl FnMut(u8x64<S>, u64)) {
    let (whole, rest) = bytes.as_chunks::<WIDTH>();
    for piece in whole {
        look(u8x64::load_array_ref(simd, piece), u64::MAX);
    }
    if !rest.is_empty() {
        let mut last = [0; WIDTH];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        look(u8x64::load_array(simd, last), first(rest.len()));
    }
}
