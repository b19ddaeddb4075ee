//! How much work a question may cost, counted in steps and never in time.

/// Steps left to spend. The same question with the same budget has the same answer on every machine.
///
/// A step is a box looked at by a search, a region made while a formula is multiplied out, or a conflict
/// met by the solver that takes over hard questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    left: u64,
}

/// The budget was spent before the answer was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the question is too hard to be answered exactly")]
pub struct Exhausted;

impl Default for Budget {
    /// Enough for every question about a list of thousands of rules, and spent in seconds.
    fn default() -> Self {
        Self::new(1_000_000)
    }
}

impl Budget {
    /// A budget of so many steps.
    pub fn new(steps: u64) -> Self {
        Self { left: steps }
    }

    /// The steps not yet spent.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Spends steps. What is not covered any more spends the rest.
    pub(super) fn spend(&mut self, steps: u64) -> Result<(), Exhausted> {
        let enough = steps <= self.left;
        self.left = self.left.saturating_sub(steps);
        if enough { Ok(()) } else { Err(Exhausted) }
    }
}
