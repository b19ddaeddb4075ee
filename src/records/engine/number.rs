//! Numbers that are written plainly, held against the numbers that are asked for.

use super::cuts::Cuts;
use super::digits::{HALF, MOST, first_of, first_of_eight, number_of, number_of_eight, sixteen};
use super::logic::Ask;
use crate::criteria::{Literal, SetOf, Test, Value};
use crate::records::stretch::Stretch;
use rust_decimal::Decimal;

/// Amounts have two places, whatever they are compared with.
const PLACES: u32 = 2;
/// So many digits are a group of thousands.
const GROUP: u32 = 3;
/// So many digits always fit.
const DIGITS: usize = 18;

/// The numbers that tests name. What lies between two of them is the same to every test.
#[derive(Debug)]
pub(super) struct Numbers {
    cuts: Cuts,
    places: u32,
    whole: bool,
}

impl Numbers {
    /// The numbers of some tests; none where they are too large or too fine to be counted.
    pub(super) fn of<'a>(asks: impl Iterator<Item = &'a Ask>, whole: bool) -> Option<Self> {
        let named: Vec<Decimal> = asks
            .flat_map(|ask| literals(&ask.test))
            .filter_map(|literal| match literal.value {
                Value::Number(number) => Some(number.normalize()),
                _ => None,
            })
            .collect();
        let least = if whole { 0 } else { PLACES };
        let places = named.iter().map(Decimal::scale).fold(least, u32::max);
        let counted = |number: &Decimal| {
            scaled(i64::try_from(number.mantissa()).ok()?, places - number.scale())
        };
        let cuts = Cuts::new(named.iter().map(counted).collect::<Option<_>>()?);
        Some(Self { cuts, places, whole })
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.cuts.classes()
    }

    /// The class of a number that is written with digits alone, a sign and a point.
    #[inline]
    pub(super) fn class(&self, written: Stretch<'_>, point: u8) -> Option<usize> {
        let few = if self.whole { whole_in_words(written) } else { plain_in_words(written, point) };
        let (number, places) =
            few.map_or_else(|| plain(written.bytes(), point, self.whole), Some)?;
        // What stands before three digits may stand between thousands: that is not for here to say.
        let behind = self.places.checked_sub(places).filter(|_| places != GROUP)?;
        let number = scaled(number, behind)?;
        Some(self.cuts.class(number))
    }
}

/// The values that a test names.
pub(super) fn literals(test: &Test) -> Vec<&Literal> {
    match test {
        Test::Compare { value, .. } => vec![value],
        Test::Between { low, high } => vec![low, high],
        Test::In { set: SetOf::Values(values), .. } => values.iter().collect(),
        Test::Contains(part) | Test::StartsWith(part) | Test::EndsWith(part) => vec![part],
        Test::In { .. } | Test::IsTrue | Test::IsSet { .. } | Test::Days { .. } => Vec::new(),
    }
}

#[inline]
fn scaled(number: i64, places: u32) -> Option<i64> {
    const POWERS: [i64; 19] = [
        1,
        10,
        100,
        1_000,
        10_000,
        100_000,
        1_000_000,
        10_000_000,
        100_000_000,
        1_000_000_000,
        10_000_000_000,
        100_000_000_000,
        1_000_000_000_000,
        10_000_000_000_000,
        100_000_000_000_000,
        1_000_000_000_000_000,
        10_000_000_000_000_000,
        100_000_000_000_000_000,
        1_000_000_000_000_000_000,
    ];
    number.checked_mul(*POWERS.get(places as usize)?)
}

/// The same as [`plain`] of a whole number of few digits without a sign, all of them at once; none where
/// that is not what is written.
#[inline]
fn whole_in_words(written: Stretch<'_>) -> Option<(i64, u32)> {
    let [low] = written.words();
    let number = number_of_eight(low, written.len())?;
    Some((i64::try_from(number).ok()?, 0))
}

/// The same as [`plain`] of few bytes without a sign, all of them at once; none where that is not what
/// is written.
#[inline]
fn plain_in_words(written: Stretch<'_>, point: u8) -> Option<(i64, u32)> {
    let length = written.len();
    if !(1..=MOST).contains(&length) {
        return None;
    }
    let [low, high] = written.words();
    let place = first_of_eight(low, point);
    let (number, places) = if place < HALF && length <= HALF + 1 {
        let places = behind(place, length)?;
        // What stands behind the point moves to where it stands.
        let before = !(u64::MAX << (8 * place));
        let packed = low & before | (low >> 8 | high << 56) & !before;
        (number_of_eight(packed, length.wrapping_sub(1))?, places)
    } else if length <= HALF {
        (number_of_eight(low, length)?, 0)
    } else {
        let bytes = sixteen(written);
        match first_of(bytes, point) {
            place if place < length => {
                let places = behind(place, length)?;
                let before = !(u128::MAX << (8 * place));
                let packed = bytes & before | bytes >> 8 & !before;
                (number_of(packed, length.wrapping_sub(1))?, places)
            }
            _ => (number_of(bytes, length)?, 0),
        }
    };
    Some((i64::try_from(number).ok()?, u32::try_from(places).ok()?))
}

/// How many of so many bytes stand behind a point; none where it is the first or the last of them.
#[inline]
fn behind(point: usize, length: usize) -> Option<usize> {
    let behind = length.wrapping_sub(point).wrapping_sub(1);
    (point > 0 && behind > 0).then_some(behind)
}

/// A number as its digits, and how many of them stand behind the point.
#[inline]
fn plain(written: &[u8], point: u8, whole: bool) -> Option<(i64, u32)> {
    let (negative, digits) = match written {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > DIGITS {
        return None;
    }
    let (mut number, mut places, mut behind) = (0_i64, 0, false);
    for (at, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
            places += u32::from(behind);
        } else if *byte == point && !behind && !whole && at > 0 && at + 1 < digits.len() {
            behind = true;
        } else {
            return None;
        }
    }
    Some((if negative { number.wrapping_neg() } else { number }, places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_say_what_digits_say(written in "-?[0-9]{0,10}[.,]?[0-9]{0,9}[ .,;x]?", behind in "[0-9.]{0,20}") {
            for point in *b".," {
                let all = format!("{written}{behind}");
                let end = u32::try_from(written.len()).unwrap();
                for written in [Stretch::new(all.as_bytes(), 0, end), written.as_bytes().into()] {
                    let by_digits = plain(written.bytes(), point, false);
                    if let Some(whole) = whole_in_words(written) {
                        prop_assert_eq!(Some(whole), plain(written.bytes(), point, true));
                    }
                    match plain_in_words(written, point) {
                        Some(by_words) => prop_assert_eq!(Some(by_words), by_digits),
                        None => prop_assert!(
                            by_digits.is_none_or(|(number, _)| written.len() > MOST || number <= 0),
                        ),
                    }
                }
            }
        }
    }
}
