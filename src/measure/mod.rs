//! What the records of an export come to under a model: who fits, where everybody goes, what should
//! not be, and what another model would make of the same records.

pub mod evaluate;
pub mod groups;
pub mod metrics;
pub mod question;
pub mod signals;

mod lengths;
