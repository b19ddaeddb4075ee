//! The population: every commit of the main line in a period, and how it is known that it is all.

use super::judge::day;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of record time on the main line.
///
/// It is a stretch of the first-parent chain too: from the newest commit recorded no later than
/// `until` back to the one that was in force at `since`, which is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    /// The first instant, in UTC; from the beginning where none was asked for.
    pub since: Option<String>,
    /// The last instant, in UTC.
    pub until: String,
    /// The tip of the main line as it is known here.
    pub tip: String,
    /// The main line's commit in force at the end; none where all of it is younger.
    pub end: Option<String>,
    /// The main line's commit in force at the start; none where the history begins within.
    pub start: Option<String>,
    /// The commit with whose model the end is compared: that at the start, or where there was none
    /// yet, the first one that has a model.
    pub compared_with: Option<String>,
    /// The model's folder.
    pub folder: String,
}

impl Period {
    /// The last instant, in seconds since 1970-01-01 UTC.
    pub fn until_seconds(&self) -> Option<i64> {
        self.until.parse().ok().map(jiff::Timestamp::as_second)
    }

    /// The last day, in UTC.
    pub fn last_day(&self) -> String {
        self.until_seconds().map_or_else(|| self.until.clone(), |until| day(until).to_string())
    }

    /// The first instant, if there is one and it can be read.
    pub fn since_seconds(&self) -> Option<i64> {
        self.since.as_deref()?.parse().ok().map(jiff::Timestamp::as_second)
    }
}

/// Every commit of the main line in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Population {
    /// The commits, newest first.
    pub rows: Vec<Row>,
    /// How many there are of which class.
    pub totals: Totals,
    /// How it is known that these are all.
    pub completeness: Completeness,
    /// Signed tags on these commits or behind them.
    pub anchors: Vec<Anchor>,
}

/// One commit of the main line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// Its name.
    pub commit: String,
    /// Its parents, the first one first.
    pub parents: Vec<String>,
    /// The tree it records.
    pub tree: String,
    /// When it was recorded, in UTC.
    pub record_time: String,
    /// Who wrote it, as recorded: `Name <mail>`.
    pub author: String,
    /// Who recorded it.
    pub committer: String,
    /// The first line of its message.
    pub subject: String,
    /// Whether it has several parents.
    pub merge: bool,
    /// The pull request, where the message names one: `#12`, or `!12` of GitLab.
    pub pull_request: Option<String>,
    /// What it is to the model.
    pub class: Class,
    /// How many changes of meaning it brought, those that follow from others included.
    pub changes: usize,
    /// How many changes of form alone it brought.
    pub cosmetic: usize,
    /// Whether it carries a signature; whose, and whether it is good, is another question.
    pub signed: bool,
    /// What else it changes by which approvals are judged.
    pub touches: Vec<Ground>,
}

/// What approvals are judged by beside the model.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The ledger of approvals beside the model.
    Approvals,
    /// The names of people, `.mailmap`.
    Names,
}

impl Ground {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approvals => "approvals",
            Self::Names => "names",
        }
    }
}

/// What a commit is to the model.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// It has the same model files as its first parent.
    NotTouching,
    /// It changes their form alone.
    Cosmetic,
    /// It changes what the model means.
    Changes,
    /// A file of the model cannot be read in it; what else it changes is known.
    Unreadable,
    /// What came before it was not fetched, so that nobody knows here what it changed.
    CutOff,
}

/// How many commits there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// All.
    pub commits: usize,
    /// Those that touch the model's files.
    pub touching: usize,
    /// Of these, those that change form alone.
    pub cosmetic: usize,
    /// Of these, those that change what the model means.
    pub with_changes: usize,
    /// Of these, those in which a file cannot be read.
    pub unreadable: usize,
    /// Those whose history was not fetched.
    pub cut_off: usize,
    /// Merges.
    pub merges: usize,
    /// All changes of meaning.
    pub changes: usize,
    /// The changes that the policy of their day kept silent about.
    pub silenced: usize,
    /// Those that change the ledger of approvals, whether or not they touch the model.
    pub touching_approvals: usize,
    /// Those that change who people are known to be, by `.mailmap`.
    pub touching_names: usize,
}

/// How it is known that a population is whole.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that an auditor asks for"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Completeness {
    /// Whether every commit of the period is in it.
    pub complete: bool,
    /// Whether each commit is the first parent of the one before, without a gap.
    pub contiguous: bool,
    /// Whether the chain was followed to the first commit of the history.
    pub reaches_root: bool,
    /// Whether the chain was followed to the commit in force at the period's start.
    pub reaches_start: bool,
    /// Whether part of the repository's history was not fetched.
    pub shallow: bool,
    /// Where a shallow clone ends within the period: what came before is not known.
    pub cut_off_at: Option<String>,
    /// How many commits are dated after the commit that follows them: clocks that went wrong.
    pub out_of_order: usize,
    /// How many replace refs the repository has; they were not followed.
    pub replace_refs: usize,
    /// Whether the repository has a file of grafts; it was not followed.
    pub grafts: bool,
}

/// A signed tag that holds a point of the main line in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Anchor {
    /// Its name.
    pub tag: String,
    /// The commit it names.
    pub commit: String,
    /// Who made it.
    pub tagger: String,
    /// When it says to be made, in UTC.
    pub when: String,
    /// What is known of its signature: `absent`, `not-verified`, `good`, `not-allowed` or `bad`.
    pub signature: String,
    /// What there is to say about that.
    pub note: Option<String>,
}
