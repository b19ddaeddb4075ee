//! Records against a model: what ICPs, definitions, segments, territories, routing tables and
//! lifecycles make of each, and what that comes to.
//!
//! An [`Evaluation`] is everything that is asked. It judges a row ([`Evaluation::judge`]), and a
//! [`Tally`] adds up what came out; parts of a tally are put together in any order.
//!
//! LAW: where every column is there and every criterion can be read, what is said of a record is what
//! `load::{Judge, Router, Gates}` say of it. Where a column is missing, an answer is given only if it is
//! the same whatever stood in that column.

mod gate;
mod judged;
mod plan;
mod routes;
mod stages;
mod tally;

pub use gate::{Clause, ClauseTally, Gate, GateTally};
pub use judged::{Judged, JudgedFit};
pub use plan::{Evaluation, Family, Fit, Tier, Wanted};
pub use routes::{JudgedRoute, RouteRule, RouteTally, Routes};
pub use stages::{JudgedStage, Stage, StageTally, Stages, StagesTally, Way};
pub use tally::{FamilyTally, FitTally, Group, Tally};

#[cfg(test)]
mod tests;
