//! A model over time: revisions as people name them, and the changes of each commit.

mod book;
mod entity_at;
mod mainline;
mod moment;
mod own;
mod pair;
mod proposal;
mod reader;
mod record;
mod steps;
mod workspace;

pub use entity_at::{Introduced, last_change};
pub use moment::{day_end, parse_date};
pub use pair::{Pair, Unreadable, unreadable};
pub use proposal::Proposal;
pub use steps::{LogFilter, Step, Steps};
pub use workspace::{At, HistoryError, Merged, Workspace};
