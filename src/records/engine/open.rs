//! The clauses that records leave open, by the codes of their cells.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u64x8};

/// So many words are looked at together.
const TOGETHER: usize = 8;
/// So many times as many at most are held in registers.
const HELD: usize = 4;

/// Words that are looked at together: they never stand across what is fetched at once.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Eight([u64; TOGETHER]);

/// So many words are laid out where so many are needed: one that is left over stands alone.
pub(super) fn words_for(needed: usize) -> usize {
    if needed % TOGETHER == 1 { needed } else { needed.next_multiple_of(TOGETHER) }
}

/// The clauses that each code of a field leaves open, one code after the other.
#[derive(Debug, Default)]
pub(super) struct Open {
    eights: Vec<Eight>,
    single: Vec<u64>,
}

impl Open {
    /// Adds what another code leaves open.
    pub(super) fn add(&mut self, words: &[u64]) {
        let (eights, single) = words.as_chunks();
        self.eights.extend(eights.iter().map(|eight| Eight(*eight)));
        self.single.extend(single);
    }
}

/// A field that closes some clauses.
pub(in crate::records) struct Closes<'f> {
    pub(super) open: &'f Open,
    /// The codes of the records.
    pub(super) codes: &'f [u32],
}

/// Finds for each record the clauses that its codes all leave open, so many words of them, and which of
/// those words have any, one bit each.
pub(in crate::records) fn left_open(
    fields: &[Closes<'_>],
    words: usize,
    into: &mut [u64],
    some: &mut [u64],
) {
    if words == 0 {
        return;
    }
    some.fill(0);
    if words % TOGETHER == 1 {
        in_single(fields, words, into, some);
    }
    if words >= TOGETHER {
        dispatch!(Level::new(), simd => in_eights(simd, fields, words, into, some));
    }
}

/// The last of every so many words.
fn lasts(into: &mut [u64], words: usize) -> impl Iterator<Item = &mut u64> {
    into.chunks_exact_mut(words).filter_map(<[u64]>::last_mut)
}

fn in_single(fields: &[Closes<'_>], words: usize, into: &mut [u64], some: &mut [u64]) {
    lasts(into, words).for_each(|into| *into = u64::MAX);
    for Closes { open, codes } in fields {
        for (into, code) in lasts(into, words).zip(*codes) {
            *into &= open.single.get(*code as usize).copied().unwrap_or_default();
        }
    }
    let last = words - 1;
    let some = lasts(some, words.div_ceil(64));
    some.zip(lasts(into, words))
        .for_each(|(some, into)| *some |= u64::from(*into != 0) << (last % 64));
}

#[expect(clippy::inline_always, reason = "what is not inlined does not look as wide")]
#[inline(always)]
fn in_eights<S: Simd>(
    simd: S,
    fields: &[Closes<'_>],
    words: usize,
    into: &mut [u64],
    some: &mut [u64],
) {
    let eights = words / TOGETHER;
    for from in (0..eights).step_by(HELD) {
        let at = (from, words);
        match eights.wrapping_sub(from) {
            1 => held::<S, 1>(simd, fields, at, into, some),
            2 => held::<S, 2>(simd, fields, at, into, some),
            3 => held::<S, 3>(simd, fields, at, into, some),
            _ => held::<S, HELD>(simd, fields, at, into, some),
        }
    }
}

/// The same for so many times eight words from a place on.
#[expect(clippy::inline_always, reason = "what is not inlined does not look as wide")]
#[inline(always)]
fn held<S: Simd, const E: usize>(
    simd: S,
    fields: &[Closes<'_>],
    (from, words): (usize, usize),
    into: &mut [u64],
    some: &mut [u64],
) {
    let eights = words / TOGETHER;
    let rows = into.chunks_exact_mut(words).zip(some.chunks_exact_mut(words.div_ceil(64)));
    for (row, (into, some)) in rows.enumerate() {
        let mut left = [u64x8::splat(simd, u64::MAX); E];
        for Closes { open, codes } in fields {
            let code = codes.get(row).copied().unwrap_or_default() as usize;
            let open = open.eights.get(code.wrapping_mul(eights).wrapping_add(from)..);
            if let Some(open) = open.and_then(<[Eight]>::first_chunk::<E>) {
                for (left, Eight(open)) in left.iter_mut().zip(open) {
                    *left &= u64x8::load_array_ref(simd, open);
                }
            }
        }
        let (into, _) = into.as_chunks_mut::<TOGETHER>();
        let into = into.get_mut(from..).unwrap_or_default();
        for (place, (left, into)) in (from..).zip(left.iter().zip(into)) {
            left.store_array(into);
            let none = left.simd_eq(0).to_bitmask();
            if let Some(some) = some.get_mut(place / TOGETHER) {
                *some |= (!none & 0xff) << (place % TOGETHER * TOGETHER);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_all_codes_leave_open_is_left_open(
            needed in 0_usize..90,
            drawn in prop::collection::vec(any::<u64>(), 1..40),
            codes in prop::collection::vec(prop::collection::vec(0_u32..5, 1..7), 1..5),
        ) {
            let words = words_for(needed);
            prop_assert!(words >= needed && words < needed + TOGETHER);
            let rows = codes.iter().map(Vec::len).min().unwrap();
            // Few bits are set, so that whole words come out empty.
            let word = |field: usize, code: u32, word: usize| {
                let at = field * 31 + code as usize * 17 + word;
                drawn[at % drawn.len()] & drawn[(at + 1) % drawn.len()]
            };
            let tables: Vec<Open> = (0..codes.len())
                .map(|field| {
                    let mut open = Open::default();
                    for code in 0..5 {
                        let of: Vec<u64> = (0..words).map(|at| word(field, code, at)).collect();
                        open.add(&of);
                    }
                    open
                })
                .collect();
            let fields: Vec<Closes<'_>> =
                tables.iter().zip(&codes).map(|(open, codes)| Closes { open, codes }).collect();
            let each = words.div_ceil(64);
            let (mut into, mut some) = (vec![7; rows * words], vec![7; rows * each]);
            left_open(&fields, words, &mut into, &mut some);
            for row in 0..rows {
                let mut marks = vec![0_u64; each];
                for at in 0..words {
                    let all = (0..codes.len())
                        .fold(u64::MAX, |all, field| all & word(field, codes[field][row], at));
                    prop_assert_eq!(into[row * words + at], all, "row {}, word {}", row, at);
                    marks[at / 64] |= u64::from(all != 0) << (at % 64);
                }
                prop_assert_eq!(&some[row * each..(row + 1) * each], &*marks);
            }
        }
    }
}
