//! Where the signs of CSV stand, for sixty-four bytes at a time.

use wide::u8x16;

/// How many bytes are looked at together.
pub(super) const WIDTH: usize = 64;
const STEP: u32 = 64;

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

/// Whether any of some bytes is one of some signs, which is quicker to tell than which of them.
#[inline]
pub(super) fn any<const N: usize>(bytes: &[u8; WIDTH], signs: [u8; N]) -> bool {
    let (quarters, _) = bytes.as_chunks::<16>();
    let mut found = u8x16::splat(0);
    for quarter in quarters {
        for sign in signs {
            found |= u8x16::from(*quarter).simd_eq(u8x16::splat(sign));
        }
    }
    found.to_bitmask() != 0
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

/// Bytes in pieces of sixty-four, each with where it starts; the last is filled up with zeroes, which
/// are no sign.
#[inline]
pub(super) fn each_piece<E>(
    bytes: &[u8],
    mut look: impl FnMut(&[u8; WIDTH], u32) -> Result<(), E>,
) -> Result<(), E> {
    let (whole, rest) = bytes.as_chunks::<WIDTH>();
    let mut start = 0_u32;
    for piece in whole {
        look(piece, start)?;
        start = start.wrapping_add(STEP);
    }
    if rest.is_empty() {
        return Ok(());
    }
    let mut last = [0; WIDTH];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    look(&last, start)
}
