//! What changed between two revisions of a model, and what each change does.
//!
//! Three rooms in a row: [`compare`](compare()) finds the edits, the catalogue says what sort of
//! change each is, and nothing here knows how a change is shown.

mod actions;
mod allowed;
mod base;
mod beside;
mod called;
mod canonical;
mod catalogue;
mod causes;
mod classify;
mod combine;
mod consequences;
mod decide;
mod edit;
mod edits;
mod fingerprint;
mod gates;
mod items;
mod judge;
mod left_behind;
mod members;
mod reckoned;
mod record;
mod renames;
mod ripple;
mod routes;
mod sameness;
mod sense;
mod size;
mod spot;
mod territories;
mod touched;
mod verb;
mod whole;
mod working_time;

pub use canonical::canonical;
pub use catalogue::{Action, CATALOGUE, Catalogue, ChangeKind, Impact, Level};
pub use classify::Change;
pub use consequences::Consequences;
pub use decide::{ByForm, Decide, Exactly, Question, Side};
pub use edit::{Edit, Edited, Operation};
pub use fingerprint::{Fingerprint, SCHEME};
pub use judge::{ChangeSet, NotChecked, Policies, compare};
pub use record::ChangeRecord;
pub use renames::Names;
pub use routes::Rerouted;
pub use sameness::same_table;
pub use touched::Touched;
pub use verb::Verb;

#[cfg(test)]
mod tests;
