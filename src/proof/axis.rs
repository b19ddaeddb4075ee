//! A field whose values have an order, cut at the constants that are asked of it.
//!
//! Between two neighbouring cuts no condition tells one value from another. Whole numbers, days and
//! instants know their neighbours: nothing lies between 199 and 200.

use crate::criteria::{
    Comparison, DaysTest, Direction, FieldKind, Literal, SetOf, Test, Value, midnight,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// The day from which days are counted here.
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// A place between two values: just before one, or just behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    at: Decimal,
    behind: bool,
}

/// The values from one cut to another; without one, all on that side.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: Option<Cut>,
    to: Option<Cut>,
}

/// The values of an ordered field, as far as conditions tell them apart.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    kind: FieldKind,
    as_of: Timestamp,
    /// In order; between two neighbours lies a cell, and one on either side of all.
    cuts: Vec<Cut>,
    /// Cuts that are not among those, as nothing lies between them and one that is.
    same: BTreeMap<Cut, Cut>,
    /// The cuts that were asked for by days from the as-of instant, to be said in the same way.
    by_days: BTreeMap<Cut, DaysCut>,
}

/// A cut between two whole numbers of days: from this number on, and fewer.
#[derive(Debug, Clone, Copy)]
struct DaysCut {
    direction: Direction,
    from: i64,
}

impl Axis {
    /// The axis of a field, cut by all tests that are put to it.
    pub(super) fn new<'t>(
        kind: FieldKind,
        as_of: Timestamp,
        tests: impl IntoIterator<Item = &'t Test>,
    ) -> Self {
        let (same, by_days) = (BTreeMap::new(), BTreeMap::new());
        let mut axis = Self { kind, as_of, cuts: Vec::new(), same, by_days };
        let (least, most) = axis.reach();
        let mut cuts: Vec<Cut> = Vec::new();
        for test in tests {
            if let Test::Days { direction, test } = test {
                axis.note_days(*direction, *test);
            }
            let stretches = axis.stretches(test).unwrap_or_default();
            cuts.extend(stretches.iter().flat_map(|stretch| [stretch.from, stretch.to]).flatten());
        }
        cuts.retain(|cut| {
            least.is_none_or(|least| *cut > least) && most.is_none_or(|most| *cut < most)
        });
        cuts.sort_unstable();
        cuts.dedup();
        if !axis.is_discrete() {
            axis.same = without_room(&cuts);
            cuts.retain(|cut| !axis.same.contains_key(cut));
        }
        axis.cuts = cuts;
        axis
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        self.cuts.len() + 1
    }

    /// The cells whose values pass a test, and whether it is rather the others that do, unset
    /// included; none for a test that asks for no order.
    pub(super) fn passing(&self, test: &Test) -> Option<(Vec<usize>, bool)> {
        let (least, most) = self.reach();
        let cells = self.stretches(test)?.into_iter().flat_map(|Stretch { from, to }| {
            let beyond = from.zip(most).is_some_and(|(from, most)| from >= most)
                || to.zip(least).is_some_and(|(to, least)| to <= least);
            let kept = |cut: Cut| self.same.get(&cut).copied().unwrap_or(cut);
            let (from, to) = (from.map(kept), to.map(kept));
            let empty = beyond || from.zip(to).is_some_and(|(from, to)| from >= to);
            let first = from.map_or(0, |from| self.cuts.partition_point(|cut| *cut <= from));
            let last = to.map_or(self.cuts.len(), |to| self.cuts.partition_point(|cut| *cut < to));
            if empty { 0..0 } else { first..last + 1 }
        });
        Some((cells.collect(), is_not(test)))
    }

    /// Whether a value lies in a cell.
    pub(super) fn holds(&self, cell: usize, value: &Value) -> bool {
        self.number(value).is_some_and(|number| self.contains(cell, number))
    }

    /// The values of a cell that lie nearest to its two ends, where it has an end.
    pub(super) fn ends(&self, cell: usize) -> (Option<Value>, Option<Value>) {
        let (from, to) = self.bounds(cell);
        let up = |at: Decimal| at.checked_add(self.unit(at));
        let down = |at: Decimal| at.checked_sub(self.unit(at));
        let low = from.and_then(|cut| if cut.behind { up(cut.at) } else { Some(cut.at) });
        let high = to.and_then(|cut| if cut.behind { Some(cut.at) } else { down(cut.at) });
        let inside = |number: Option<Decimal>| {
            number.filter(|number| self.contains(cell, *number)).and_then(|n| self.value(n))
        };
        (inside(low), inside(high))
    }

    /// The tests that together hold for the values of some cells in a row: one, two, or none.
    pub(super) fn words(&self, first: usize, last: usize) -> Option<Vec<Test>> {
        let (from, to) = (self.bounds(first).0, self.bounds(last).1);
        let compare =
            |op, at| self.value(at).map(|value| Test::Compare { op, value: Literal::new(value) });
        let days = |cut: Option<Cut>| cut.and_then(|cut| self.by_days.get(&cut));
        if days(from).is_some() || days(to).is_some() {
            return self.words_by_days(from, to);
        }
        if let (Some(from), Some(to)) = (from, to)
            && !from.behind
            && (to == Cut { at: from.at, behind: true }
                || (self.is_discrete() && from.at.checked_add(Decimal::ONE) == Some(to.at)))
        {
            return Some(vec![compare(Comparison::Equal, from.at)?]);
        }
        let [low, high] = [from.map(|cut| self.above(cut)), to.map(|cut| self.below(cut))];
        low.into_iter().chain(high).collect()
    }

    /// The test that holds for the values above a cut.
    fn above(&self, cut: Cut) -> Option<Test> {
        let op = if cut.behind { Comparison::Greater } else { Comparison::GreaterOrEqual };
        self.value(cut.at).map(|value| Test::Compare { op, value: Literal::new(value) })
    }

    /// The test that holds for the values below a cut.
    fn below(&self, cut: Cut) -> Option<Test> {
        let op = if cut.behind { Comparison::LessOrEqual } else { Comparison::Less };
        self.value(cut.at).map(|value| Test::Compare { op, value: Literal::new(value) })
    }

    /// The same in days, as far as the cuts were asked for in days.
    fn words_by_days(&self, from: Option<Cut>, to: Option<Cut>) -> Option<Vec<Test>> {
        let days = |cut: Option<Cut>| cut.and_then(|cut| self.by_days.get(&cut)).copied();
        let test =
            |direction, op, days| Test::Days { direction, test: DaysTest::Compare { op, days } };
        // Later moments are fewer days since, and more days until.
        let (low, high) = (days(from), days(to));
        if let (Some(low), Some(high)) = (low, high)
            && low.direction == high.direction
        {
            let (first, last) = match low.direction {
                Direction::Since => (high.from, low.from - 1),
                Direction::Until => (low.from, high.from - 1),
            };
            let within = if first == last {
                DaysTest::Compare { op: Comparison::Equal, days: first }
            } else {
                DaysTest::Between { low: first, high: last }
            };
            return Some(vec![Test::Days { direction: low.direction, test: within }]);
        }
        let (most, least) = (Comparison::LessOrEqual, Comparison::GreaterOrEqual);
        let above = match (low, from) {
            (Some(DaysCut { direction: Direction::Since, from }), _) => {
                Some(Some(test(Direction::Since, most, from - 1)))
            }
            (Some(DaysCut { from, .. }), _) => Some(Some(test(Direction::Until, least, from))),
            (None, from) => from.map(|cut| self.above(cut)),
        };
        let below = match (high, to) {
            (Some(DaysCut { direction: Direction::Since, from }), _) => {
                Some(Some(test(Direction::Since, least, from)))
            }
            (Some(DaysCut { from, .. }), _) => Some(Some(test(Direction::Until, most, from - 1))),
            (None, to) => to.map(|cut| self.below(cut)),
        };
        above.into_iter().chain(below).collect()
    }

    /// On both sides of the cut behind a cell, how many days they are away, if the cut is one of
    /// days: which way is counted, the days below, and those above.
    pub(super) fn days_at(&self, cell: usize) -> Option<(Direction, i64, i64)> {
        let DaysCut { direction, from } = self.by_days.get(self.cuts.get(cell)?).copied()?;
        Some(match direction {
            Direction::Since => (direction, from, from - 1),
            Direction::Until => (direction, from - 1, from),
        })
    }

    /// Remembers that cuts are asked for in days.
    fn note_days(&mut self, direction: Direction, test: DaysTest) {
        let stretch = self.days(direction, test);
        let (low, high) = days_between(test);
        let more = high.map(|high| high.saturating_add(1));
        let (first, last) = match direction {
            Direction::Since => (more, low),
            Direction::Until => (low, more),
        };
        for (cut, from) in [(stretch.from, first), (stretch.to, last)] {
            if let (Some(cut), Some(from)) = (cut, from) {
                self.by_days.insert(cut, DaysCut { direction, from });
            }
        }
    }

    /// A value of a cell that looks like one of a real record: round, and not at the edge.
    pub(super) fn natural(&self, cell: usize) -> Option<Value> {
        if self.kind.is_time() { self.natural_time(cell) } else { self.natural_number(cell) }
    }

    /// Whether every value of the cell is below or at zero, so that another one is more natural.
    pub(super) fn is_odd(&self, cell: usize) -> bool {
        let one_more = Cut { at: Decimal::ONE, behind: false };
        !self.kind.is_time() && self.bounds(cell).1.is_some_and(|to| to <= one_more)
    }

    fn natural_number(&self, cell: usize) -> Option<Value> {
        let two = Decimal::TWO;
        let room = |at: Decimal| (at.abs() / two).max(Decimal::TEN);
        let middle = match self.bounds(cell) {
            (Some(from), Some(to)) => (from.at / two).checked_add(to.at / two),
            (Some(from), None) => from.at.checked_add(room(from.at)),
            (None, Some(to)) if to.at > Decimal::ZERO => Some(to.at / two),
            (None, Some(to)) => to.at.checked_sub(room(to.at)),
            (None, None) => Some(Decimal::ONE_HUNDRED),
        };
        let whole = |number: Decimal| {
            if self.kind == FieldKind::Integer { number.round() } else { number }
        };
        let rounded = middle.into_iter().flat_map(|middle| {
            (1..=28).filter_map(move |digits| middle.round_sf(digits)).map(whole)
        });
        let ends = self.ends(cell);
        let (from, to) = self.bounds(cell);
        // Where there is hardly any room: the numbers that are nearest to the ends.
        let nearest = from.and_then(|from| next(from.at)).into_iter();
        let nearest = nearest.chain(to.and_then(|to| next(-to.at)).map(|number| -number));
        let mut candidates = rounded.chain(middle).chain(nearest);
        let found = candidates.find(|number| self.contains(cell, *number));
        found.and_then(|number| self.value(number)).or(ends.0).or(ends.1)
    }

    fn natural_time(&self, cell: usize) -> Option<Value> {
        let month = if self.kind == FieldKind::Date {
            Decimal::from(30)
        } else {
            Decimal::from_i128_with_scale(30 * NANOSECONDS_A_DAY, 0)
        };
        let now = match self.kind {
            FieldKind::Date => {
                self.number(&Value::Date(TimeZone::UTC.to_datetime(self.as_of).date()))?
            }
            _ => self.number(&Value::DateTime(self.as_of))?,
        };
        let middle = match self.bounds(cell) {
            (Some(from), Some(to)) => (from.at + (to.at - from.at) / Decimal::TWO).floor(),
            (Some(from), None) => from.at + month,
            (None, Some(to)) => to.at - month,
            (None, None) => now,
        };
        let inside = |number: &Decimal| self.contains(cell, *number);
        let ends = self.ends(cell);
        let rounded = self.round_times(middle);
        let found = rounded.into_iter().chain([middle]).find(inside);
        found.and_then(|number| self.value(number)).or(ends.0).or(ends.1)
    }

    /// Instants near one that read well: nine in the morning, then full hours, minutes, seconds.
    fn round_times(&self, number: Decimal) -> Vec<Decimal> {
        if self.kind == FieldKind::Date {
            return Vec::new();
        }
        let down = |nanoseconds: i64| {
            let step = Decimal::from(nanoseconds);
            (number / step).floor() * step
        };
        let second = 1_000_000_000;
        let morning = down(86_400 * second) + Decimal::from(9 * 3_600 * second);
        vec![morning, down(3_600 * second), down(60 * second), down(second)]
    }

    /// The cuts on either side of a cell.
    fn bounds(&self, cell: usize) -> (Option<Cut>, Option<Cut>) {
        let before = cell.checked_sub(1).and_then(|before| self.cuts.get(before)).copied();
        (before, self.cuts.get(cell).copied())
    }

    fn contains(&self, cell: usize, number: Decimal) -> bool {
        let (from, to) = self.bounds(cell);
        let place = Cut { at: number, behind: false };
        let fits = self.kind != FieldKind::Integer || number.is_integer();
        fits && from.is_none_or(|from| from <= place) && to.is_none_or(|to| place < to)
    }

    fn is_discrete(&self) -> bool {
        self.kind == FieldKind::Integer || self.kind.is_time()
    }

    /// The least step between two values; for numbers one that people would write.
    fn unit(&self, near: Decimal) -> Decimal {
        if self.is_discrete() { Decimal::ONE } else { Decimal::new(1, near.scale().max(2)) }
    }

    /// The least and the greatest value there is, as the cuts around all.
    fn reach(&self) -> (Option<Cut>, Option<Cut>) {
        let ends = match self.kind {
            FieldKind::Date => [Value::Date(Date::MIN), Value::Date(Date::MAX)],
            FieldKind::DateTime => {
                [Value::DateTime(Timestamp::MIN), Value::DateTime(Timestamp::MAX)]
            }
            _ => [Value::Number(Decimal::MIN), Value::Number(Decimal::MAX)],
        };
        let [least, most] = ends.map(|end| self.number(&end));
        let cut = |at, behind| self.cut(at, behind);
        (least.map(|at| cut(at, false)), most.map(|at| cut(at, true)))
    }

    /// A place between two values; behind a whole value is before the next.
    fn cut(&self, at: Decimal, behind: bool) -> Cut {
        match (self.is_discrete(), behind) {
            (true, true) => match at.floor().checked_add(Decimal::ONE) {
                Some(at) => Cut { at, behind: false },
                // Nothing lies behind the greatest number there is.
                None => Cut { at, behind: true },
            },
            (true, false) => Cut { at: at.ceil(), behind: false },
            (false, behind) => Cut { at, behind },
        }
    }

    /// A value as a number: days, nanoseconds, or itself.
    fn number(&self, value: &Value) -> Option<Decimal> {
        match (value, self.kind) {
            (Value::Number(number), _) if !self.kind.is_time() => Some(*number),
            (Value::Date(date), FieldKind::Date) => Some(Decimal::from(days(*date))),
            (Value::Date(date), FieldKind::DateTime) => {
                Some(nanoseconds(midnight(*date).as_nanosecond()))
            }
            (Value::DateTime(instant), FieldKind::DateTime) => {
                Some(nanoseconds(instant.as_nanosecond()))
            }
            _ => None,
        }
    }

    fn value(&self, number: Decimal) -> Option<Value> {
        match self.kind {
            FieldKind::Date => {
                let days = i32::try_from(i128::try_from(number).ok()?).ok()?;
                EPOCH.checked_add(days.days()).ok().map(Value::Date)
            }
            FieldKind::DateTime => {
                let nanoseconds = i128::try_from(number).ok()?;
                Timestamp::from_nanosecond(nanoseconds).ok().map(Value::DateTime)
            }
            _ => Some(Value::Number(number.normalize())),
        }
    }

    /// The stretches of values that a test names, its negation apart.
    fn stretches(&self, test: &Test) -> Option<Vec<Stretch>> {
        let cut = |value: &Value, behind| self.number(value).map(|at| self.cut(at, behind));
        let between = |low: &Value, high: &Value| {
            Some(Stretch { from: Some(cut(low, false)?), to: Some(cut(high, true)?) })
        };
        let only = |value: &Value| between(value, value);
        match test {
            Test::Compare { op, value } => {
                let value = &value.value;
                let stretch = match op {
                    Comparison::Equal | Comparison::NotEqual => only(value)?,
                    Comparison::Less => Stretch { from: None, to: Some(cut(value, false)?) },
                    Comparison::LessOrEqual => Stretch { from: None, to: Some(cut(value, true)?) },
                    Comparison::Greater => Stretch { from: Some(cut(value, true)?), to: None },
                    Comparison::GreaterOrEqual => {
                        Stretch { from: Some(cut(value, false)?), to: None }
                    }
                };
                Some(vec![stretch])
            }
            Test::Between { low, high } => Some(vec![between(&low.value, &high.value)?]),
            Test::In { set: SetOf::Values(values), .. } => {
                values.iter().map(|value| only(&value.value)).collect()
            }
            Test::Days { direction, test } => Some(vec![self.days(*direction, *test)]),
            _ => None,
        }
    }

    /// The moments that lie so many whole days from the as-of instant.
    fn days(&self, direction: Direction, test: DaysTest) -> Stretch {
        let (low, high) = days_between(test);
        if self.kind == FieldKind::Date {
            let today = i128::from(days(TimeZone::UTC.to_datetime(self.as_of).date()));
            let at = |days: Option<i64>, sign: i128, behind: bool| {
                days.map(|days| self.cut(nanoseconds(today + sign * i128::from(days)), behind))
            };
            return match direction {
                Direction::Since => Stretch { from: at(high, -1, false), to: at(low, -1, true) },
                Direction::Until => Stretch { from: at(low, 1, false), to: at(high, 1, true) },
            };
        }
        let now = self.as_of.as_nanosecond();
        let at = |days: Option<i128>, sign: i128, behind: bool| {
            days.map(|d| self.cut(nanoseconds(now + sign * d * NANOSECONDS_A_DAY), behind))
        };
        // A day is full when its last nanosecond has passed: hence the one more.
        let (low, more) = (low.map(i128::from), high.map(|high| i128::from(high) + 1));
        match direction {
            Direction::Since => Stretch { from: at(more, -1, true), to: at(low, -1, true) },
            Direction::Until => Stretch { from: at(low, 1, false), to: at(more, 1, false) },
        }
    }
}

/// The least and the greatest number of days that a test names, its negation apart.
pub(super) fn days_between(test: DaysTest) -> (Option<i64>, Option<i64>) {
    match test {
        DaysTest::Between { low, high } => (Some(low), Some(high)),
        DaysTest::Compare { op, days } => match op {
            Comparison::Equal | Comparison::NotEqual => (Some(days), Some(days)),
            Comparison::Less => (None, Some(days.saturating_sub(1))),
            Comparison::LessOrEqual => (None, Some(days)),
            Comparison::Greater => (Some(days.saturating_add(1)), None),
            Comparison::GreaterOrEqual => (Some(days), None),
        },
    }
}

/// Whether a test holds where the values it names are not.
pub(super) fn is_not(test: &Test) -> bool {
    match test {
        Test::Compare { op, .. } | Test::Days { test: DaysTest::Compare { op, .. }, .. } => {
            *op == Comparison::NotEqual
        }
        Test::In { negated, .. } => *negated,
        _ => false,
    }
}

fn days(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

/// The least number above another that can be written; none above the greatest.
fn next(number: Decimal) -> Option<Decimal> {
    let mut finest = number;
    finest.rescale(Decimal::MAX_SCALE);
    let (digits, scale) = (finest.mantissa(), finest.scale());
    let written = |digits, scale| Decimal::try_from_i128_with_scale(digits, scale).ok();
    // Nearer to zero there may be room for one more digit, farther away for one less.
    let finer = written(Decimal::MIN.mantissa(), scale + 1).filter(|finer| *finer > number);
    let coarser = || written(digits / 10 + 1, scale.checked_sub(1)?);
    let above = written(digits + 1, scale).or_else(coarser);
    finer.into_iter().chain(above).min()
}

/// The cuts behind a number and before the next one that can be written: each with the other one.
fn without_room(cuts: &[Cut]) -> BTreeMap<Cut, Cut> {
    let pairs = cuts.iter().zip(cuts.iter().skip(1));
    let joined = pairs.filter(|(one, other)| {
        one.behind && !other.behind && next(one.at).is_some_and(|next| next >= other.at)
    });
    joined.map(|(one, other)| (*one, *other)).collect()
}

/// A count far beyond every calendar stands for its end.
fn nanoseconds(count: i128) -> Decimal {
    let most = i128::from(i64::MAX) * 1_000_000_000;
    Decimal::from_i128_with_scale(count.clamp(-most, most), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_number_lies_between_one_and_the_next(
            digits in prop_oneof![
                -1_000_i128..1_000,
                -(1_i128 << 96) + 1..(1_i128 << 96),
                (1_i128 << 96) - 200..(1_i128 << 96),
            ],
            scale in 0..=Decimal::MAX_SCALE,
        ) {
            let number = Decimal::from_i128_with_scale(digits, scale);
            if let Some(above) = next(number) {
                prop_assert!(number < above);
                let middle = number / Decimal::TWO + above / Decimal::TWO;
                prop_assert!(middle <= number || middle >= above, "{number} {middle} {above}");
                prop_assert_eq!(next(-above), Some(-number));
            } else {
                prop_assert_eq!(number, Decimal::MAX);
            }
        }
    }
}
