//! What criteria and routing tables mean for all records there can be: proved, shown by a record,
//! or honestly undecided.
//!
//! Criteria are laid out over a [`universe`] of field values as far as they tell them apart, and
//! handed to [`crate::analysis`], which knows only levels and classes. What comes back is a record
//! again, and is put to the ordinary evaluator before anybody sees it.

mod axis;
mod effect;
mod guess;
mod other_days;
mod partition;
mod plain;
mod prover;
mod repeats;
mod replay;
mod rerouting;
mod rows;
mod table;
mod territories;
mod universe;
mod useful;
mod values;
mod verdict;
mod wording;
mod words;

pub use effect::{Effect, Effects};
pub use partition::Partition;
pub use prover::{Asked, DEFAULT_BUDGET, Prover, Undecided, Wanted};
pub use repeats::Repeat;
pub use rerouting::{Edge, Rerouting, Row, Without};
pub use table::{Destination, Fate, Gap, Survey, Table, TableRule, Useless};
pub use territories::{Claim, Claimed, Shared, claimed};
pub use universe::Unknown;
pub use verdict::{Extent, Verdict, Witness, in_words, literal, witness};

#[cfg(test)]
mod tests;
