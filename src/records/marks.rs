//! Where the signs of CSV stand, for sixty-four bytes at a time, as wide as the processor can look.
#![expect(clippy::inline_always, reason = "what is not inlined does not look as wide")]

use fearless_simd::prelude::*;
use fearless_simd::u8x64;

/// How many bytes are looked at together.
pub(super) const WIDTH: usize = 64;
const STEP: u32 = 64;

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

/// Bytes in pieces of sixty-four, each with where it starts; the last is filled up with zeroes, which
/// are no sign.
#[inline(always)]
pub(super) fn each_piece<S: Simd, E>(
    simd: S,
    bytes: &[u8],
    mut look: impl FnMut(u8x64<S>, u32) -> Result<(), E>,
) -> Result<(), E> {
    let (whole, rest) = bytes.as_chunks::<WIDTH>();
    let mut start = 0_u32;
    for piece in whole {
        look(u8x64::load_array_ref(simd, piece), start)?;
        start = start.wrapping_add(STEP);
    }
    if rest.is_empty() {
        return Ok(());
    }
    let mut last = [0; WIDTH];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    look(u8x64::load_array(simd, last), start)
}
