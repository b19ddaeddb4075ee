//! Digits of a cell, all of them looked at at once.

use crate::records::stretch::Stretch;

/// So many bytes are looked at at once.
pub(super) const MOST: usize = 16;
/// Of half as many that costs half as much.
pub(super) const HALF: usize = MOST / 2;

const ONES: u128 = u128::from_ne_bytes([0x01; MOST]);
const HIGHEST: u128 = u128::from_ne_bytes([0x80; MOST]);
/// What is added to a byte so that its highest bit is set where it is above nine.
const ABOVE_NINE: u128 = u128::from_ne_bytes([0x7f - 9; MOST]);
const ZEROES: u128 = u128::from_ne_bytes([b'0'; MOST]);

/// A day as it is written, with a zero for each digit, and where the signs between them stand.
const DAY: u128 = u128::from_le_bytes(*b"0000-00-00\0\0\0\0\0\0");
const DASHES: u128 = u128::from_le_bytes(*b"\0\0\0\0\xff\0\0\xff\0\0\0\0\0\0\0\0");

/// The first bytes of a cell, the first the lowest, and zeroes behind them.
#[inline]
pub(super) fn sixteen(cell: Stretch<'_>) -> u128 {
    let [low, high] = cell.words();
    u128::from(low) | u128::from(high) << 64
}

/// Where a sign, which is not the byte zero, first stands; beyond them all where it does not.
#[inline]
pub(super) fn first_of(bytes: u128, sign: u8) -> usize {
    let differ = bytes ^ u128::from_ne_bytes([sign; MOST]);
    // The lowest byte that is zero is the lowest that borrows; above it others may seem to.
    let zero = differ.wrapping_sub(ONES) & !differ & HIGHEST;
    zero.trailing_zeros() as usize / 8
}

/// The same of eight bytes.
#[inline]
pub(super) fn first_of_eight(bytes: u64, sign: u8) -> usize {
    let differ = bytes ^ u64::from_ne_bytes([sign; HALF]);
    let borrowed = differ.wrapping_sub(u64::from_ne_bytes([0x01; HALF]));
    let zero = borrowed & !differ & u64::from_ne_bytes([0x80; HALF]);
    zero.trailing_zeros() as usize / 8
}

/// The number that so many of eight bytes are the digits of, the first the highest.
#[inline]
pub(super) fn number_of_eight(bytes: u64, digits: usize) -> Option<u64> {
    let free = 8 * HALF.checked_sub(digits).filter(|free| *free < HALF)?;
    let values = (bytes ^ u64::from_ne_bytes([b'0'; HALF])) << free;
    let above = values.wrapping_add(u64::from_ne_bytes([0x7f - 9; HALF])) | values;
    (above & u64::from_ne_bytes([0x80; HALF]) == 0).then(|| eight(values))
}

/// The number that so many bytes are the digits of, the first the highest.
#[inline]
pub(super) fn number_of(bytes: u128, digits: usize) -> Option<u64> {
    let free = 8 * MOST.checked_sub(digits).filter(|free| *free < MOST)?;
    let values = (bytes ^ ZEROES) << free;
    if !are_digits(values) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let (first, last) = (values as u64, (values >> 64) as u64);
    Some(eight(first).wrapping_mul(100_000_000).wrapping_add(eight(last)))
}

#[inline]
fn are_digits(values: u128) -> bool {
    (values.wrapping_add(ABOVE_NINE) | values) & HIGHEST == 0
}

/// The number of eight digits: first in pairs, then the four pairs.
#[inline]
fn eight(values: u64) -> u64 {
    const EVERY_FOURTH: u64 = 0x0000_00ff_0000_00ff;
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let first = (pairs & EVERY_FOURTH).wrapping_mul(100 + (1_000_000 << 32));
    let second = (pairs >> 16 & EVERY_FOURTH).wrapping_mul(1 + (10_000 << 32));
    first.wrapping_add(second) >> 32
}

/// So many days have a place of their own: those of a hundred years, where each month has 31.
pub(super) const DAYS: usize = YEARS * MONTHS * MOST_DAYS;
const FIRST_YEAR: usize = 1970;
const YEARS: usize = 100;
const MONTHS: usize = 12;
const MOST_DAYS: usize = 31;

/// The place of a day that is written with its year first. No other cell has the same.
#[inline]
pub(super) fn place_of_day(cell: Stretch<'_>) -> Option<usize> {
    if cell.len() != 10 {
        return None;
    }
    let values = sixteen(cell) ^ DAY;
    if !are_digits(values) || values & DASHES != 0 {
        return None;
    }
    let [y1, y2, y3, y4, _, m1, m2, _, d1, d2, ..] = values.to_le_bytes().map(usize::from);
    let year = (1000 * y1 + 100 * y2 + 10 * y3 + y4).wrapping_sub(FIRST_YEAR);
    let (month, day) = ((10 * m1 + m2).wrapping_sub(1), (10 * d1 + d2).wrapping_sub(1));
    let is_there = year < YEARS && month < MONTHS && day < MOST_DAYS;
    is_there.then(|| (year * MONTHS + month) * MOST_DAYS + day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_day_has_a_place_of_its_own() {
        let (mut places, mut count) = (BTreeSet::new(), 0);
        for year in 1960..2080 {
            for month in 0..14 {
                for day in 0..33 {
                    let written = format!("{year}-{month:02}-{day:02}");
                    let place = place_of_day(written.as_bytes().into());
                    let is_there = (1970..2070).contains(&year)
                        && (1..=12).contains(&month)
                        && (1..=31).contains(&day);
                    assert_eq!(place.is_some(), is_there, "{written}");
                    count += usize::from(is_there);
                    places.extend(place);
                }
            }
        }
        assert_eq!((places.len(), places.last()), (count, Some(&(DAYS - 1))));
        for other in [
            "2026-11-2",
            "2026-11-200",
            "2026/11/20",
            "2026-1a-20",
            "20a6-11-20",
            "2026-11-2\u{ba}",
        ] {
            assert_eq!(place_of_day(other.as_bytes().into()), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_what_its_digits_say(written in "[0-9]{1,16}", other in any::<u8>(), at in 0_usize..16) {
            let of = |bytes: &[u8]| number_of(sixteen(bytes.into()), bytes.len());
            prop_assert_eq!(of(written.as_bytes()), written.parse().ok());
            let mut bytes = written.into_bytes();
            let at = at % bytes.len();
            bytes[at] = other;
            let expected = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok());
            prop_assert_eq!(of(&bytes), expected.filter(|_| other != b'+'));
        }

        #[test]
        fn the_first_of_a_sign_is_found(bytes in prop::collection::vec(0_u8..4, 0..=16), sign in 1_u8..4) {
            let first = bytes.iter().position(|byte| *byte == sign).unwrap_or(16);
            prop_assert_eq!(first_of(sixteen((&*bytes).into()), sign), first);
        }
    }
}
