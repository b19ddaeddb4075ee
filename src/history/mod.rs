//! A model over time: revisions as people name them, and the changes of each commit.

mod entity_at;
mod excerpt;
mod lifespan;
mod moment;
mod pair;
mod proposal;
mod reach;
mod replay;
mod steps;
mod whereabouts;
mod workspace;

pub use entity_at::{Introduced, last_change};
pub use lifespan::{Fate, fates};
pub use moment::{Moment, Zone, day_end, parse_date};
pub use pair::{Pair, Unreadable, unreadable};
pub use proposal::Proposal;
pub use steps::{LogFilter, Step, Steps};
pub use whereabouts::{Answer, Turn, Wanted, Whereabouts, whereabouts};
pub use workspace::{At, HistoryError, Merged, Workspace};
