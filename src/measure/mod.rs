//! What the records of an export come to under a model: who fits, where everybody goes, what should
//! not be, and what another model would make of the same records.

mod clock;
mod columns;
pub mod deviations;
mod sla;
mod standing;

pub use clock::{Calendar, Calendars, NoCalendar};
pub use columns::{Asks, Columns, Lacking};
pub use sla::{
    Aside, Outside, Promise, PromiseAsked, Promises, Reading, Restart, RunsOn, Soon, State, Times,
};
pub use standing::{Moments, Roster, Whose, instant_of, routed_field};
