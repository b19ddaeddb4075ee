//! Numbers that are written plainly, held against the numbers that are asked for.

use super::logic::Ask;
use crate::criteria::{Literal, SetOf, Test, Value};
use rust_decimal::Decimal;

/// Amounts have two places, whatever they are compared with.
const PLACES: u32 = 2;
/// So many digits always fit.
const DIGITS: usize = 18;

/// The numbers that tests name, in order. What lies between two of them is the same to every test.
#[derive(Debug)]
pub(super) struct Numbers {
    cuts: Vec<i64>,
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
        let places = named.iter().map(Decimal::scale).fold(PLACES, u32::max);
        let counted = |number: &Decimal| {
            scaled(i64::try_from(number.mantissa()).ok()?, places - number.scale())
        };
        let mut cuts: Vec<i64> = named.iter().map(counted).collect::<Option<_>>()?;
        cuts.sort_unstable();
        cuts.dedup();
        Some(Self { cuts, places, whole })
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        classes(&self.cuts)
    }

    /// The class of a number that is written with digits alone, a sign and a point.
    #[inline]
    pub(super) fn class(&self, written: &[u8], point: u8) -> Option<usize> {
        let (number, places) = plain(written, point, self.whole)?;
        let number = scaled(number, self.places.checked_sub(places)?)?;
        Some(class(&self.cuts, number))
    }
}

/// How many classes some numbers cut all numbers into: themselves, and what lies between.
pub(super) fn classes(cuts: &[i64]) -> usize {
    2 * cuts.len() + 1
}

#[inline]
pub(super) fn class(cuts: &[i64], number: i64) -> usize {
    let below = cuts.partition_point(|cut| *cut < number);
    2 * below + usize::from(cuts.get(below) == Some(&number))
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

fn scaled(number: i64, places: u32) -> Option<i64> {
    number.checked_mul(10_i64.checked_pow(places)?)
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
