//! A model over time: revisions as people name them, and the changes of each commit.

mod approvers;
mod blame;
mod book;
mod crew;
mod entity_at;
mod excerpt;
mod lifespan;
mod mainline;
mod meanings;
mod moment;
mod own;
mod pair;
mod proposal;
mod pull_request;
mod reach;
mod reader;
mod record;
mod replay;
mod steps;
mod whereabouts;
mod workspace;

pub use approvers::{Approver, Provenance, Provenances};
pub use blame::{Blame, BlameOptions, BlamedUnit, Gap, Origin, Tip, Unit, UnitKind, units};
pub use crew::{Crew, Worker};
pub use entity_at::{Introduced, last_change};
pub use lifespan::{Fate, fates};
pub use meanings::{Meaning, Meanings, meanings};
pub use moment::{Moment, Zone, day_end, day_start, parse_date};
pub use pair::{Pair, Unreadable, unreadable};
pub use proposal::{Proposal, Written};
pub use pull_request::PullRequest;
pub use reader::Reader;
pub use steps::{LogFilter, Step, Steps};
pub use whereabouts::{Answer, Turn, Wanted, Whereabouts, whereabouts};
pub use workspace::{At, HistoryError, Merged, Workspace};
