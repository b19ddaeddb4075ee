//! Where a record stands: whose it is, since when it is there, and in which stage it is.

mod moments;
mod roster;
mod routes;

pub(in crate::measure) use moments::lifecycles;
pub use moments::{Moments, RoutingDates, instant_of, routed_field, stage_dates};
pub(in crate::measure) use roster::Rosters;
pub use roster::{Roster, Whose};
pub(in crate::measure) use routes::{RouteAsked, RuleAsked, field_of, fits, text_of};
