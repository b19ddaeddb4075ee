//! The report: what it holds.

use super::entry::Entry;
use super::population::{Period, Population};
use crate::change::NotChecked;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything an auditor's report says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Drift {
    /// The addresses that the report is limited to; none where it is about everything.
    pub limited_to: Vec<String>,
    /// The stretch it is about.
    pub period: Period,
    /// The figures on top.
    pub summary: Summary,
    /// Every commit of the main line, and how it is known that these are all.
    pub population: Population,
    /// The exceptions of the model that had expired at the end and were still there.
    pub expired: Vec<Expired>,
    /// What changed meaning just before a period's or a quarter's end.
    pub windows: Vec<Window>,
    /// What is different in the end, however often it changed in between.
    pub net: Vec<Net>,
    /// Every change of meaning, newest first.
    pub register: Vec<Entry>,
    /// Since when everything means what it means at the end.
    pub as_of: Vec<AsOf>,
    /// What nobody has looked at for long.
    pub stale: Vec<Stale>,
    /// The files that could not be read for a while.
    pub unreadable: Vec<Stretch>,
    /// What could not be compared between the start and the end.
    pub not_checked: Vec<NotChecked>,
}

/// The figures on top; where it says nothing else, of what somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Changes of meaning that somebody wrote.
    pub changes: usize,
    /// Changes of meaning that follow from others.
    pub follow: usize,
    /// Of these, those that an auditor asks about.
    pub follow_flagged: usize,
    /// Changes that came with the model's first commit.
    pub adopted: usize,
    /// Changes that policy forbade.
    pub forbidden: usize,
    /// Changes that needed an approval that is not recorded.
    pub unapproved: usize,
    /// Of these, those about which no decision right said whose approval it is.
    pub unclaimed: usize,
    /// Changes that nobody but their author approved.
    pub self_approved: usize,
    /// Changes that went to the main line without a merge or a pull request.
    pub direct_pushes: usize,
    /// Changes approved by somebody who did not hold the role then.
    pub not_holder: usize,
    /// Changes that say to be in force from before they were recorded.
    pub retroactive: usize,
    /// Changes of which nobody knows what they do, accepted.
    pub undecided_accepted: usize,
    /// Changes with an approval that was given before they were written, or for another commit.
    pub approved_earlier: usize,
    /// Changes that gave an id to something else than it stood for before.
    pub ids_reused: usize,
    /// Changes that an exception waived.
    pub waived: usize,
    /// Exceptions that had expired at the end and were still there.
    pub expired: usize,
    /// Changes just before a period's or a quarter's end, each counted once.
    pub near_period_end: usize,
    /// Definitions, gates, ICPs and the like that are different in the end.
    pub drifted: usize,
    /// Those that are different only through what they refer to.
    pub drifted_by_reference: usize,
    /// Those that changed and are in the end what they were.
    pub only_oscillated: usize,
    /// Those that are new in the end, or gone.
    pub come_or_gone: usize,
}

/// An exception past its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Expired {
    /// Its address.
    pub exception: String,
    /// The name people use.
    pub name: String,
    /// What it waives.
    pub waives: Option<String>,
    /// The role that approved it.
    pub approved_by: Option<String>,
    /// Its last day.
    pub expired: String,
    /// How many days that was before the end.
    pub days_over: i64,
}

/// The last days before a period's or a quarter's end, and what changed meaning in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What ends: `quarter` or `period`.
    pub end_of: String,
    /// The changes, oldest first.
    pub changes: Vec<WindowChange>,
}

/// A change just before an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WindowChange {
    /// The commit that brought it.
    pub commit: String,
    /// Its fingerprint.
    pub fingerprint: String,
}

/// What something amounts to in the end, however often it changed in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Net {
    /// What it is about, under its name at the end (its last name where it is gone).
    pub address: String,
    /// The names it had before in the period.
    pub former: Vec<String>,
    /// The name people use.
    pub name: String,
    /// How the start and the end compare.
    pub verdict: NetVerdict,
    /// Whether nobody wrote any of it: it only follows from what it refers to.
    pub indirect: bool,
    /// One sentence, or several, that say what is different.
    pub says: Vec<String>,
    /// A record that passes at the end and did not at the start.
    pub admits: Option<String>,
    /// A record that passed at the start and does not at the end.
    pub refuses: Option<String>,
    /// A record that is treated otherwise, and how, where it is about where records go.
    pub example: Option<String>,
    /// The steps on the way, oldest first.
    pub steps: Vec<StepOf>,
    /// Where it went one way and back again.
    pub oscillations: Vec<Oscillation>,
}

/// How the start and the end of a period compare.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NetVerdict {
    /// It was there at the start and is not at the end.
    Gone,
    /// Whoever relied on it gets no answer now, or another one under the same name.
    Broken,
    /// More passes, or is allowed, than at the start.
    Looser,
    /// Some passes that did not, some does not that did; or something else happens.
    Shifted,
    /// It was not decided.
    Undecided,
    /// Less passes, or is allowed, than at the start.
    Tighter,
    /// It is there at the end and was not at the start.
    New,
    /// It means what it meant at the start.
    Same,
}

/// One step on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepOf {
    /// The commit of the main line.
    pub commit: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// Which way it went.
    pub direction: Direction,
    /// Whether it only follows from changes elsewhere.
    pub indirect: bool,
    /// What it did, in short: before → after, or a sentence.
    pub says: String,
    /// How many further changes of the same thing the commit brought.
    pub more: usize,
}

/// Which way a step went.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It came into being.
    Came,
    /// It went.
    Went,
    /// Looser.
    Loosened,
    /// Tighter.
    Tightened,
    /// Neither or both.
    Shifted,
    /// Not known.
    Undecided,
}

/// One way and back again, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Oscillation {
    /// What went there and back, under its name at the end.
    pub address: String,
    /// The commit that went one way.
    pub out: String,
    /// When that was recorded.
    pub out_time: String,
    /// Which way.
    pub direction: Direction,
    /// The commit that went back.
    pub back: String,
    /// When that was recorded.
    pub back_time: String,
    /// Whether it only follows from what it refers to.
    pub indirect: bool,
    /// The days in between.
    pub days: i64,
    /// The last day of the quarter that ended in between, where the way out was near it and the way
    /// back came within the next.
    pub quarter_end: Option<String>,
    /// What it did, there and back.
    pub says: String,
}

/// Since when something means what it means at the end of the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AsOf {
    /// Its address at the end.
    pub address: String,
    /// The name people use.
    pub name: String,
    /// The commit of the main line since which it means that; none where that was not fetched.
    pub commit: Option<String>,
    /// When that was recorded.
    pub record_time: Option<String>,
    /// Whether that commit changed it only through something it refers to.
    pub indirect: bool,
}

/// A file that could not be read for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// The file.
    pub path: String,
    /// The first commit of the period in which it cannot be read.
    pub from: String,
    /// When that was recorded.
    pub from_time: String,
    /// Why.
    pub reason: String,
    /// The commit in which it can be read again, or is gone; none where that is not yet so at the end.
    pub to: Option<String>,
}

/// Something nobody has looked at for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stale {
    /// Its address.
    pub address: String,
    /// The name people use.
    pub name: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// The day by which it was to be reviewed, where that had passed.
    pub review_by: Option<String>,
    /// Since when its meaning is unchanged, where that is more than a year.
    pub unchanged_since: Option<String>,
}
