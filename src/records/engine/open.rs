//! The clauses that records leave open, by the codes of their cells.

use super::plan::TOGETHER;
use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u64x8};

/// Finds for each record the clauses that its codes all leave open, so many words of them, and which of
/// those words have any, one bit each. Of each field that closes some there is what each of its codes
/// leaves open, and the codes of the records.
pub(in crate::records) fn left_open(
    fields: &[(&[u64], &[u32])],
    words: usize,
    into: &mut [u64],
    some: &mut [u64],
) {
    match words {
        0 => {}
        1 => in_one_word(fields, into, some),
        _ => dispatch!(Level::new(), simd => in_eights(simd, fields, words, into, some)),
    }
}

fn in_one_word(fields: &[(&[u64], &[u32])], into: &mut [u64], some: &mut [u64]) {
    into.fill(u64::MAX);
    for (open, codes) in fields {
        for (into, code) in into.iter_mut().zip(*codes) {
            *into &= open.get(*code as usize).copied().unwrap_or_default();
        }
    }
    some.iter_mut().zip(into).for_each(|(some, into)| *some = u64::from(*into != 0));
}

#[expect(clippy::inline_always, reason = "what is not inlined does not look as wide")]
#[inline(always)]
fn in_eights<S: Simd>(
    simd: S,
    fields: &[(&[u64], &[u32])],
    words: usize,
    into: &mut [u64],
    some: &mut [u64],
) {
    let eights = words / TOGETHER;
    let (into, _) = into.as_chunks_mut::<TOGETHER>();
    some.fill(0);
    let rows = into.chunks_exact_mut(eights).zip(some.chunks_exact_mut(words.div_ceil(64)));
    for (row, (into, some)) in rows.enumerate() {
        for (place, into) in into.iter_mut().enumerate() {
            let mut left = u64x8::splat(simd, u64::MAX);
            for (open, codes) in fields {
                let code = codes.get(row).copied().unwrap_or_default() as usize;
                let (open, _) = open.as_chunks::<TOGETHER>();
                if let Some(open) = open.get(code.wrapping_mul(eights).wrapping_add(place)) {
                    left &= u64x8::load_array_ref(simd, open);
                }
            }
            left.store_array(into);
            let none = left.simd_eq(0).to_bitmask();
            if let Some(some) = some.get_mut(place / TOGETHER) {
                *some |= (!none & 0xff) << (place % TOGETHER * TOGETHER);
            }
        }
    }
}
