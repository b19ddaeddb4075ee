//! The way of one thing through a period in a few characters: one for each month, or where these
//! would be too many, one for each step.

use crate::audit::{Direction, Net, Period};
use crate::report::{Line, Style};
use std::collections::BTreeMap;

/// With more months than this, a character is a step.
const MONTHS: i32 = 36;

/// The months of a period, from the first to the last, counted from the year nought.
pub(super) struct Months {
    first: i32,
    last: i32,
}

impl Months {
    /// The months from the first step of anything to the end of a period; none where they are too
    /// many for a line.
    pub(super) fn of(period: &Period, net: &[Net]) -> Option<Self> {
        let steps = net.iter().flat_map(|net| &net.steps);
        let first = steps.filter_map(|step| month(&step.record_time)).min();
        let first = period.since.as_deref().and_then(month).or(first)?;
        let months = Self { first, last: month(&period.until)? };
        (months.last - months.first < MONTHS).then_some(months)
    }
}

/// The month of an instant.
fn month(instant: &str) -> Option<i32> {
    let year: i32 = instant.get(..4)?.parse().ok()?;
    let month: i32 = instant.get(5..7)?.parse().ok()?;
    Some(year * 12 + month - 1)
}

/// What happened to something, in a character a month or a step.
pub(super) fn timeline(net: &Net, months: Option<&Months>) -> Line {
    let Some(months) = months else {
        let steps = net.steps.iter().map(|step| glyph(step.direction));
        return steps.fold(Line::new(), |line, (style, glyph)| line.with(style, glyph));
    };
    let mut by_month: BTreeMap<i32, Direction> = BTreeMap::new();
    for step in &net.steps {
        let Some(month) = month(&step.record_time) else { continue };
        let direction = by_month.entry(month).or_insert(step.direction);
        if *direction != step.direction {
            *direction = Direction::Shifted;
        }
    }
    let mut line = Line::new();
    for month in months.first..=months.last {
        line = match by_month.get(&month) {
            Some(direction) => {
                let (style, glyph) = glyph(*direction);
                line.with(style, glyph)
            }
            None => line.dim("·"),
        };
    }
    line
}

fn glyph(direction: Direction) -> (Style, &'static str) {
    match direction {
        Direction::Loosened => (Style::Warn, "▲"),
        Direction::Tightened => (Style::Good, "▼"),
        Direction::Shifted => (Style::Warn, "◆"),
        Direction::Undecided => (Style::Bad, "?"),
        Direction::Came => (Style::Plain, "+"),
        Direction::Went => (Style::Plain, "×"),
    }
}

/// What the characters mean.
pub(super) fn legend(months: Option<&Months>) -> Line {
    let each = if months.is_some() { "a month" } else { "a step" };
    Line::new().dim(format!(
        "{each} a sign: ▲ looser  ▼ tighter  ◆ both or neither  ? undecided  + new  × gone"
    ))
}
