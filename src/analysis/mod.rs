//! Exact questions about conditions over finite levels: what holds, what is covered, what changed.
//!
//! A *level* has a fixed number of classes; a *point* has one class of each level; a *region* allows some
//! classes on some levels. Every answer is exact: a witness is a point that does what is claimed, and the
//! absence of one is a proof. Whoever asks decides what levels and classes stand for.

mod absorb;
mod align;
mod backdrop;
mod bits;
mod budget;
mod classes;
mod cover;
mod describe;
mod expand;
mod formula;
mod guess;
mod index;
mod merged;
mod moved;
mod point;
mod reach;
mod region;
mod rules;
mod search;
mod solver;
mod space;
#[cfg(test)]
mod tests;

pub use backdrop::Backdrop;
pub use budget::{Budget, Exhausted};
pub use classes::Classes;
pub use cover::Coverage;
pub use describe::Description;
pub use formula::Formula;
pub use moved::{Moved, Moves, Side, moved};
pub use point::Point;
pub use reach::{Overlap, Overlaps, Reach};
pub use region::Region;
pub use rules::{Along, Rules};
pub use space::{Level, Space};
