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
    Adherence, Backtest, BacktestQuestion, Outcome, Revision, RevisionCount, State, backtest,
    states,
};
pub use former::{Former, Gaps, Known, Ready};
pub use impact::{Impact, ImpactQuestion, Load, MemberImpact, Room, Sort, TableImpact, impact};
pub use moved::{Sample, Tally, Told};
