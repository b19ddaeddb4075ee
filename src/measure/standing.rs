//! Where a record stands: whose it is, since when it is there, and in which stage it is.

mod moments;
mod roster;

pub use moments::{Moments, instant_of, routed_field};
pub use roster::{Roster, Whose};
