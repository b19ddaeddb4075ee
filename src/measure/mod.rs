//! What the records of an export come to under a model: who fits, where everybody goes, what should
//! not be, and what another model would make of the same records.

pub mod evaluate;
pub mod groups;
pub mod metrics;
pub mod question;
pub mod signals;

mod backtest;
mod declared;
mod former;
mod impact;
mod lengths;
mod moved;

pub use backtest::{
    Adherence, Backtest, BacktestQuestion, Outcome, Past, Revision, RevisionCount, backtest, states,
};
pub use former::{Former, Gaps, Known, Ready};
pub use impact::{Impact, ImpactQuestion, Load, MemberImpact, Room, Sort, TableImpact, impact};
pub use moved::{Sample, Tally, Told};
mod clock;
mod columns;
pub mod deviations;
mod sla;
mod standing;

pub use clock::{Calendar, Calendars, NoCalendar, shown_first};
pub use columns::{Asks, Columns, Lacking};
pub use sla::{
    Aside, Clocks, Outside, Promise, PromiseAsked, Promises, Reading, Restart, RunsOn, Soon, State,
    Times,
};
pub use standing::{Moments, Roster, RoutingDates, Whose, instant_of, routed_field, stage_dates};
