//! The auditor's questions, from data to data: what the main line recorded in a period, what each
//! of its commits meant, who had agreed by the policy of that day, and what is different in the end.
//!
//! INVARIANT: nothing is printed here and no clock is read; everything is judged by what was in
//! force when it was recorded, never by the policy of today.

mod balance;
mod chain;
mod court;
mod drift;
mod entry;
mod freed;
mod gathered;
mod judge;
mod net;
pub mod package;
mod population;
mod report;
mod signatures;
mod signed;
mod standing;
mod steps;
mod subject;
mod verify;
mod window;

pub use chain::Question;
pub use entry::{
    Approved, Entry, Flag, Judged, Refused, Renamed, Required, Standing, Unreadable, Waiver,
};
pub use gathered::{Gathered, Sought};
pub use judge::Judge;
pub use population::{Anchor, Class, Completeness, Ground, Period, Population, Row, Totals};
pub use report::{
    AsOf, Direction, Drift, Expired, Net, NetVerdict, Oscillation, Stale, StepOf, Stretch, Summary,
    Window, WindowChange,
};
pub use signatures::{
    SignatureRow, TagRow, anchors, commit_signatures, on_population, reconciled, tag_signatures,
};
pub use verify::{Difference, MainLine, Outcome, Stage, Verification, Written, damaged};
pub use window::{quarter_end, quarter_ends};
