//! The change register: one entry a change of meaning, flat, so that it can be kept, hashed and
//! written anywhere.

use super::population::{Class, Ground};
use crate::change::{Impact, Level};
use crate::rights::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One commit of the main line, judged by the policy of its first parent.
///
/// Depends on nothing but the commit, the model's folder, the budget of the prover and the version of
/// the tool, so that it can be kept by these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judged {
    /// The commit.
    pub commit: String,
    /// What it is to the model.
    pub class: Class,
    /// Its changes of meaning, gravest level first, then by address.
    pub entries: Vec<Entry>,
    /// How many of its changes are of form alone; those of names are among them.
    pub cosmetic: usize,
    /// How many changes the policy of that day kept silent about.
    pub silenced: usize,
    /// What it gave another id, as it declares itself.
    pub renamed: Vec<Renamed>,
    /// The files that cannot be read in it.
    pub unreadable: Vec<Unreadable>,
    /// The files that can be read again, compared with the last commit in which they could.
    pub readable_again: Vec<String>,
    /// What else it changes by which approvals are judged.
    pub touches: Vec<Ground>,
}

/// One change of meaning, with whoever answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// The commit of the main line that brought it.
    pub commit: String,
    /// When that was recorded, in UTC.
    pub record_time: String,
    /// The first line of that commit's message: the reason, as far as one was given.
    pub reason: String,
    /// The commits that made it, newest first: of the merged branch, or the commit itself. None for
    /// what only follows from another change.
    pub made_by: Vec<String>,
    /// Whether a merge holds it that none of its parents has.
    pub made_in_merge: bool,
    /// Who wrote it: `Name <mail>`, as the mailmap of that day knows them.
    pub authors: Vec<String>,
    /// Who recorded it on the main line.
    pub committer: String,
    /// The pull request, where the message names one: `#12`, or `!12` of GitLab.
    pub pull_request: Option<String>,
    /// The kind of change.
    pub kind: String,
    /// What it does.
    pub impact: Impact,
    /// What it asked for by the policy of that day.
    pub level: Level,
    /// What it is about, under the name of that day.
    pub address: String,
    /// The address before, where it was another.
    pub previous: Option<String>,
    /// One sentence.
    pub summary: String,
    /// The value before, in the file's words; JSON where it is more than a text.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// What it is known by.
    pub fingerprint: String,
    /// Whether somebody wrote it; else it follows from something else.
    pub direct: bool,
    /// What it follows from.
    pub caused_by: Vec<String>,
    /// How the criteria compare, where it is about one: `equivalent`, `looser`, `tighter`,
    /// `shifted` or `undecided`.
    pub verdict: Option<String>,
    /// A record that passes since then and did not before.
    pub admits: Option<String>,
    /// A record that passed before and does not since then.
    pub refuses: Option<String>,
    /// Whether only words for people changed.
    pub wording: bool,
    /// What comes of it by the policy of that day.
    pub standing: Standing,
    /// Whose approval it needed.
    pub required: Vec<Required>,
    /// The approvals that the repository records and that counted.
    pub approvals: Vec<Approved>,
    /// The approvals that the repository records and that did not count.
    pub refused: Vec<Refused>,
    /// What is missing, in words that fit behind "missing: ".
    pub missing: Vec<String>,
    /// The exception that waived it.
    pub waived_by: Option<Waiver>,
    /// From when on it says to be in force, where that is before it was recorded.
    pub effective_from: Option<String>,
    /// The earlier commit that took away what its id stood for before, where that was something else.
    pub id_freed_by: Option<String>,
    /// What an auditor asks about.
    pub flags: Vec<Flag>,
}

/// What comes of a change by the policy of its day.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It came with the first commit of the model: there was no policy yet to ask anybody.
    Adopted,
    /// Policy asked nobody.
    NotAsked,
    /// An exception waived it.
    Waived,
    /// Whoever had to approve it did.
    Approved,
    /// An approval that was asked for is not recorded.
    Unapproved,
    /// Policy asked for approval, and no decision right said whose.
    Unclaimed,
    /// Policy forbade it, and it is there.
    Forbidden,
}

impl Standing {
    /// Whether it asked for an approval that is not recorded, or could not have one.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Unapproved | Self::Unclaimed | Self::Forbidden)
    }
}

/// What an auditor asks about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Policy forbade it.
    Forbidden,
    /// It needed an approval that is not recorded.
    Unapproved,
    /// Nobody but its author approved it.
    SelfApproved,
    /// It went to the main line without a merge or a pull request.
    DirectPush,
    /// Who approved it did not hold the role then.
    NotHolder,
    /// It says to be in force from before it was recorded.
    Retroactive,
    /// It is not known what it does, and it was accepted.
    UndecidedAccepted,
    /// An approval that counts for it was given before it was written, or for another commit from which
    /// it was copied.
    ApprovedEarlier,
    /// Its id stood for something else before.
    IdReused,
}

/// What one decision right asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Required {
    /// The right.
    pub right: String,
    /// The roles that all must approve.
    pub all_of: Vec<String>,
    /// The roles of which `need` must approve.
    pub any_of: Vec<String>,
    /// How many of `any_of` must approve.
    pub need: usize,
    /// Whether it asked that nobody approves what is their own.
    pub separation_of_duties: bool,
}

/// An approval that counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approved {
    /// Who gave it; the holder's name, several where they did so together.
    pub who: String,
    /// The role it was given in.
    pub role: String,
    /// Where it is recorded.
    pub source: String,
    /// When it was given, as the source writes it.
    pub when: Option<String>,
}

/// An approval that did not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// Who gave it, as the source writes it.
    pub who: String,
    /// Where it is recorded.
    pub source: String,
    /// Of which sort the reason is.
    pub refusal: Refusal,
    /// Why, in words.
    pub reason: String,
}

/// The exception that waived a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// Its address.
    pub exception: String,
    /// Why, in its words.
    pub reason: String,
    /// The last day it held.
    pub expires: String,
}

/// Another id for the same thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Renamed {
    /// The address before.
    pub from: String,
    /// The address since then.
    pub to: String,
}

/// A file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}
