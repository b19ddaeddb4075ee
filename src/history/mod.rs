//! A model over time: revisions as people name them, and the changes of each commit.

mod blame;
mod entity_at;
mod moment;
mod pair;
mod proposal;
mod steps;
mod workspace;

pub use blame::{Blame, BlameOptions, BlamedUnit, Gap, Origin, Tip, Unit, UnitKind, units};
pub use entity_at::{Introduced, last_change};
pub use moment::{day_end, parse_date};
pub use pair::{Pair, Unreadable, unreadable};
pub use proposal::Proposal;
pub use steps::{LogFilter, Step, Steps};
pub use workspace::{At, HistoryError, Merged, Workspace};
