//! A condition as it is written: tests on levels, joined by words.

use super::{Classes, Level, Point};

/// A condition over the levels of a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// Every point.
    Always,
    /// No point.
    Never,
    /// Points that have one of some classes of a level.
    Is(Level, Classes),
    /// Points for which the inner condition does not hold.
    Not(Box<Formula>),
    /// Points for which every condition holds; all points if there is none.
    And(Vec<Formula>),
    /// Points for which a condition holds; no point if there is none.
    Or(Vec<Formula>),
    /// Points for which at least so many of the conditions hold.
    AtLeast(usize, Vec<Formula>),
}

impl Formula {
    /// Whether the condition holds for a point.
    pub fn holds(&self, point: &Point) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Is(level, classes) => classes.contains(point.get(*level)),
            Self::Not(inner) => !inner.holds(point),
            Self::And(all) => all.iter().all(|one| one.holds(point)),
            Self::Or(any) => any.iter().any(|one| one.holds(point)),
            Self::AtLeast(least, of) => of.iter().filter(|one| one.holds(point)).count() >= *least,
        }
    }
}
