//! Charts of what went looser, above a line, and tighter, below it: their geometry, and the same as a
//! table.

use super::Row;
use crate::audit::{Direction, Standing, StepOf};
use crate::change::Impact;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// More stretches than this have no room beside each other.
const STRETCHES: i32 = 40;
/// How wide a chart is, in its own units.
const WIDTH: i32 = 720;
/// The same of a small one.
const SMALL: i32 = 260;
/// Room on the left of the bars for figures.
const LEFT: i32 = 34;
/// Room below the bars for the names of stretches.
const BELOW: i32 = 20;
/// Labels stand no closer than this.
const LABEL: i32 = 74;
/// Bars are no wider than this.
const WIDEST: i32 = 34;

/// How time is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Month,
    Quarter,
    Year,
}

impl Unit {
    const ALL: [Self; 3] = [Self::Month, Self::Quarter, Self::Year];

    fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// What a stretch is called.
    fn name(self, stretch: i32) -> String {
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = stretch * self.months();
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12));
        let name = usize::try_from(month).ok().and_then(|month| MONTHS.get(month));
        match self {
            Self::Month => format!("{} {year}", name.unwrap_or(&"")),
            Self::Quarter => format!("{year} Q{}", month / 3 + 1),
            Self::Year => year.to_string(),
        }
    }
}

/// The stretch of time that charts show, and how it is divided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    unit: Unit,
    first: i32,
    last: i32,
}

impl Span {
    /// From one day to another; none where they are not days.
    pub(super) fn of(first: &str, last: &str) -> Option<Self> {
        let (first, last) = (month(first)?, month(last)?);
        let span = |unit: Unit| {
            let at = |month: i32| month.div_euclid(unit.months());
            Self { unit, first: at(first), last: at(last.max(first)) }
        };
        let fits = |span: &Self| span.last - span.first < STRETCHES;
        Unit::ALL.into_iter().map(span).find(fits).or_else(|| Some(span(Unit::Year)))
    }

    /// What one stretch is: `month`.
    pub(super) fn unit(self) -> &'static str {
        match self.unit {
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }

    fn count(self) -> i32 {
        self.last - self.first + 1
    }
}

/// The month of a day or an instant, counted from the year nought.
fn month(day: &str) -> Option<i32> {
    let mut parts = day.split('-');
    let (year, month): (i32, i32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(year * 12 + month - 1)
}

/// On which side of the line something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Looser,
    Tighter,
    Other,
}

/// Something that happened, as far as a chart shows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'p> {
    time: &'p str,
    side: Side,
    direct: bool,
}

impl<'p> Mark<'p> {
    /// A change of the register; none for what came with the model's first commit.
    pub(super) fn of_row(row: &'p Row) -> Option<Self> {
        let entry = &row.entry;
        let side = match entry.impact {
            Impact::Loosening => Side::Looser,
            Impact::Tightening => Side::Tighter,
            _ => Side::Other,
        };
        let mark = Self { time: &entry.record_time, side, direct: entry.direct };
        (entry.standing != Standing::Adopted).then_some(mark)
    }

    /// A step on the way of something.
    pub(super) fn of_step(step: &'p StepOf) -> Self {
        let side = match step.direction {
            Direction::Loosened => Side::Looser,
            Direction::Tightened => Side::Tighter,
            _ => Side::Other,
        };
        Self { time: &step.record_time, side, direct: !step.indirect }
    }
}

/// How many changes there were in a stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    /// Looser, written by somebody.
    pub(super) looser: i32,
    /// Looser, following from something else.
    pub(super) looser_follow: i32,
    /// Tighter, written by somebody.
    pub(super) tighter: i32,
    /// Tighter, following from something else.
    pub(super) tighter_follow: i32,
    /// Neither.
    pub(super) other: i32,
}

impl Counts {
    fn up(self) -> i32 {
        self.looser + self.looser_follow
    }

    fn down(self) -> i32 {
        self.tighter + self.tighter_follow
    }

    fn add(&mut self, mark: &Mark<'_>) {
        let count = match (mark.side, mark.direct) {
            (Side::Looser, true) => &mut self.looser,
            (Side::Looser, false) => &mut self.looser_follow,
            (Side::Tighter, true) => &mut self.tighter,
            (Side::Tighter, false) => &mut self.tighter_follow,
            (Side::Other, _) => &mut self.other,
        };
        *count += 1;
    }

    /// In words.
    fn words(self) -> String {
        let mut words = String::new();
        let sides = [
            (self.looser, self.looser_follow, "looser"),
            (self.tighter, self.tighter_follow, "tighter"),
        ];
        for (direct, follow, side) in sides {
            if direct + follow > 0 {
                let _ = write!(words, ", {} {side}", direct + follow);
                if follow > 0 {
                    let _ = write!(words, " ({follow} of them follow)");
                }
            }
        }
        if self.other > 0 {
            let _ = write!(words, ", {} other", self.other);
        }
        words.trim_start_matches(", ").to_owned()
    }
}

/// A chart, ready to be drawn.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    width: i32,
    height: i32,
    left: i32,
    /// Where the line is.
    zero: i32,
    bars: Vec<Bar>,
    /// The bars of a small chart: all parts of one sort as one shape.
    shapes: Vec<Shape>,
    labels: Vec<Label>,
    /// The figures at the highest and the lowest bar.
    scales: Vec<Label>,
    /// The same as a table: each stretch in which something happened.
    pub(super) rows: Vec<Stretch>,
    /// What one stretch is.
    pub(super) unit: &'static str,
    /// All together.
    pub(super) total: Counts,
}

/// A stretch in which something happened.
#[derive(Debug, Serialize)]
pub(super) struct Stretch {
    name: String,
    counts: Counts,
}

/// What is drawn for a stretch.
#[derive(Debug, Serialize)]
struct Bar {
    title: String,
    x: i32,
    width: i32,
    /// The middle.
    middle: i32,
    parts: Vec<Part>,
    /// Whether something happened that is neither looser nor tighter.
    other: bool,
}

/// A part of a bar.
#[derive(Debug, Serialize)]
struct Part {
    class: &'static str,
    y: i32,
    height: i32,
}

/// All parts of one sort, drawn at once.
#[derive(Debug, Serialize)]
struct Shape {
    class: &'static str,
    d: String,
}

/// A word in a chart.
#[derive(Debug, Serialize)]
struct Label {
    x: i32,
    y: i32,
    text: String,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// Across the page, with figures and the names of stretches.
    Full,
    /// One of many, in a row of a table.
    Small,
}

/// The chart of what happened; none where nothing did.
pub(super) fn chart<'p>(
    marks: impl Iterator<Item = Mark<'p>>,
    span: Span,
    size: Size,
) -> Option<Chart> {
    let mut counts: BTreeMap<i32, Counts> = BTreeMap::new();
    let mut total = Counts::default();
    for mark in marks {
        let Some(month) = month(mark.time) else { continue };
        let stretch = month.div_euclid(span.unit.months()).clamp(span.first, span.last);
        counts.entry(stretch).or_default().add(&mark);
        total.add(&mark);
    }
    if counts.is_empty() {
        return None;
    }
    Some(Drawing::of(&counts, span, size).chart(&counts, span, total))
}

/// Where everything goes.
struct Drawing {
    size: Size,
    width: i32,
    height: i32,
    left: i32,
    zero: i32,
    /// Room for the bars above and below the line.
    room: (i32, i32),
    /// The highest and the lowest bar.
    most: (i32, i32),
    step: i32,
}

impl Drawing {
    fn of(counts: &BTreeMap<i32, Counts>, span: Span, size: Size) -> Self {
        let up = counts.values().map(|counts| counts.up()).max().unwrap_or_default();
        let down = counts.values().map(|counts| counts.down()).max().unwrap_or_default();
        // A few changes need no wall: each has so much room, and the words beside it.
        let (width, left, inner) = match size {
            Size::Full => (WIDTH, LEFT, ((up + down).saturating_mul(24) + 64).clamp(90, 180)),
            Size::Small => (SMALL, 2, 56),
        };
        // Both sides have one scale, and each has room for at least a word.
        let least = inner / 5;
        let both = (up + down).max(1);
        let above = (inner * up / both).clamp(least, inner - least);
        let room = (above - 4, inner - above - 4);
        let height = inner + if size == Size::Full { BELOW } else { 0 };
        let step = (width - left) / span.count().max(1);
        Self { size, width, height, left, zero: above, room, most: (up, down), step }
    }

    /// How high a bar of so many is; the same on both sides.
    fn high(&self, number: i32) -> i32 {
        let fits = |room: i32, most: i32| if most > 0 { room * 1000 / most } else { i32::MAX };
        let scale = fits(self.room.0, self.most.0).min(fits(self.room.1, self.most.1));
        // One change is not a wall, and never nothing.
        let scale = scale.min(if self.size == Size::Full { 24_000 } else { 12_000 });
        if number > 0 { (number.saturating_mul(scale) / 1000).max(2) } else { 0 }
    }

    fn chart(&self, counts: &BTreeMap<i32, Counts>, span: Span, total: Counts) -> Chart {
        let bars = counts.iter().map(|(stretch, counts)| self.bar(*stretch, *counts, span));
        let bars: Vec<Bar> = bars.collect();
        let row = |(stretch, counts): (&i32, &Counts)| Stretch {
            name: span.unit.name(*stretch),
            counts: *counts,
        };
        let full = self.size == Size::Full;
        Chart {
            width: self.width,
            height: self.height,
            left: self.left,
            zero: self.zero,
            shapes: if full { Vec::new() } else { self.shapes(&bars) },
            bars: if full { bars } else { Vec::new() },
            labels: if full { self.labels(span) } else { Vec::new() },
            scales: if full { self.scales() } else { Vec::new() },
            rows: counts.iter().map(row).collect(),
            unit: span.unit(),
            total,
        }
    }

    fn bar(&self, stretch: i32, counts: Counts, span: Span) -> Bar {
        let middle = self.left + (stretch - span.first) * self.step + self.step / 2;
        let width = (self.step * 7 / 10).clamp(2, WIDEST);
        let (direct, all) = (self.high(counts.looser), self.high(counts.up()));
        let mut parts = vec![
            Part { class: "looser", y: self.zero - direct, height: direct },
            Part { class: "looser follow", y: self.zero - all, height: all - direct },
        ];
        let (direct, all) = (self.high(counts.tighter), self.high(counts.down()));
        parts.push(Part { class: "tighter", y: self.zero, height: direct });
        parts.push(Part { class: "tighter follow", y: self.zero + direct, height: all - direct });
        parts.retain(|part| part.height > 0);
        Bar {
            title: format!("{}: {}", span.unit.name(stretch), counts.words()),
            x: middle - width / 2,
            width,
            middle,
            parts,
            other: counts.other > 0,
        }
    }

    /// Bars as few shapes: a page has many small charts.
    fn shapes(&self, bars: &[Bar]) -> Vec<Shape> {
        let mut shapes: BTreeMap<&'static str, String> = BTreeMap::new();
        for bar in bars {
            let Bar { x, width, middle, .. } = *bar;
            for Part { class, y, height } in &bar.parts {
                let d = shapes.entry(class).or_default();
                let _ = write!(d, "M{x} {y}h{width}v{height}h-{width}z");
            }
            if bar.other {
                let d = shapes.entry("other").or_default();
                let _ = write!(d, "M{middle} {}l4 4l-4 4l-4-4z", self.zero - 4);
            }
        }
        shapes.into_iter().map(|(class, d)| Shape { class, d }).collect()
    }

    /// The names of as many stretches as there is room for.
    fn labels(&self, span: Span) -> Vec<Label> {
        let every = LABEL / self.step.max(1) + 1;
        let named = (span.first..=span.last).filter(|stretch| (stretch - span.first) % every == 0);
        let label = |stretch: i32| Label {
            x: self.left + (stretch - span.first) * self.step + self.step / 2,
            y: self.height - 5,
            text: span.unit.name(stretch),
        };
        named.map(label).filter(|label| label.x < self.width - LABEL / 3).collect()
    }

    /// The figures at the highest and the lowest bar.
    fn scales(&self) -> Vec<Label> {
        let label = |number: i32, y: i32| Label { x: self.left - 6, y, text: number.to_string() };
        let (up, down) = self.most;
        let above = (up > 0).then(|| label(up, self.zero - self.high(up) + 4));
        let below = (down > 0).then(|| label(down, self.zero + self.high(down) + 4));
        let zero = label(0, self.zero + 4);
        above.into_iter().chain([zero]).chain(below).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(time: &str, side: u8, direct: bool) -> Mark<'_> {
        let side = match side {
            0 => Side::Looser,
            1 => Side::Tighter,
            _ => Side::Other,
        };
        Mark { time, side, direct }
    }

    #[test]
    fn time_is_divided_so_that_it_fits() {
        let unit = |first, last| Span::of(first, last).unwrap().unit();
        assert_eq!(unit("2026-01-31", "2026-02-01"), "month");
        assert_eq!(unit("2023-01-31", "2026-04-30"), "month");
        assert_eq!(unit("2022-12-31", "2026-04-30"), "quarter");
        assert_eq!(unit("2001-01-01", "2026-04-30"), "year");
        assert_eq!(Span::of("", "2026-01-01").map(Span::unit), None);
        assert_eq!(Unit::Quarter.name(2026 * 4 + 1), "2026 Q2");
        assert_eq!(Unit::Month.name(2026 * 12 + 11), "Dec 2026");
    }

    proptest! {
        #[test]
        fn bars_stay_inside_and_add_up(
            marks in prop::collection::vec((0_i32..40, 0_u8..3, any::<bool>()), 1..300),
            full in any::<bool>(),
        ) {
            let times: Vec<String> = marks
                .iter()
                .map(|(month, ..)| format!("{}-{:02}-15T12:00:00Z", 2023 + month / 12, month % 12 + 1))
                .collect();
            let span = Span::of("2023-01-01", "2026-04-30").unwrap();
            let size = if full { Size::Full } else { Size::Small };
            let given = times.iter().zip(&marks).map(|(time, (_, side, direct))| mark(time, *side, *direct));
            let chart = chart(given, span, size).unwrap();
            for bar in &chart.bars {
                prop_assert!(bar.x >= chart.left && bar.x + bar.width <= chart.width);
                for part in &bar.parts {
                    prop_assert!(part.y >= 0 && part.y + part.height <= chart.height, "{part:?}");
                    let above = part.class.starts_with("looser");
                    let end = if above { part.y + part.height } else { chart.zero - part.y };
                    prop_assert!(end <= if above { chart.zero } else { 0 }, "{part:?}");
                }
            }
            prop_assert_eq!(chart.bars.is_empty(), !full);
            prop_assert_eq!(chart.shapes.is_empty(), full);
            let sum = |of: fn(Counts) -> i32| chart.rows.iter().map(|row| of(row.counts)).sum::<i32>();
            prop_assert_eq!(sum(Counts::up), chart.total.up());
            prop_assert_eq!(sum(Counts::down), chart.total.down());
            let all = chart.total.up() + chart.total.down() + chart.total.other;
            prop_assert_eq!(usize::try_from(all).unwrap(), marks.len());
        }
    }
}
