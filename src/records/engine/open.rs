//! The clauses that records leave open, by the codes of their cells.

use super::plan::TOGETHER;
use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u64x8};

/// Finds for each record the clauses that its codes all leave open, so many words of them. Of each
/// field that closes some there is what each of its codes leaves open, and the codes of the records.
pub(in crate::records) fn left_open(fields: &[(&[u64], &[u32])], words: usize, into: &mut [u64]) {
    match words {
        0 => {}
        1 => in_one_word(fields, into),
        _ => dispatch!(Level::new(), simd => in_eights(simd, fields, words / TOGETHER, into)),
    }
}

fn in_one_word(fields: &[(&[u64], &[u32])], into: &mut [u64]) {
    into.fill(u64::MAX);
    for (open, codes) in fields {
        for (into, code) in into.iter_mut().zip(*codes) {
            *into &= open.get(*code as usize).copied().unwrap_or_default();
        }
    }
}

#[expect(clippy::inline_always, reason = "what is not inlined does not look as wide")]
#[inline(always)]
fn in_eights<S: Simd>(simd: S, fields: &[(&[u64], &[u32])], eights: usize, into: &mut [u64]) {
    let (into, _) = into.as_chunks_mut::<TOGETHER>();
    for (row, into) in into.chunks_exact_mut(eights).enumerate() {
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
        }
    }
}
