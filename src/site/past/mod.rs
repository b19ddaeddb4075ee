//! Everything of the site that is made from history: the revisions of the main line, the versions of
//! each entity, the change register, and the pages and data files that show them.
//!
//! A revision is a commit of the main line that touches the model's files; its number is its place
//! among them, oldest first. Every page and every data file speaks of revisions by that number.

mod open;
mod revisions;
mod says;
mod versions;

pub use open::{Due, Overdue, Proposed, Unapproved, Waiting};

use crate::audit::{Class, Drift, Entry, Question};
use crate::git::Commit;
use crate::history::{HistoryError, Workspace, day_end};
use crate::model::Model;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is asked of the history.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The tip of the main line: the commit whose model the site shows.
    pub tip: &'a Commit,
    /// The model of the tip.
    pub model: &'a Model,
    /// The day for which terms and expiries are judged.
    pub as_of: Date,
    /// Days before a quarter's end that are near it.
    pub days: u32,
    /// The steps that one question to the prover may take.
    pub budget: u64,
    /// Whether what earlier runs found out is taken as it is, and what is found out is kept.
    pub remembers: bool,
    /// Told how many commits have been judged.
    pub progress: &'a dyn Fn(usize),
}

/// A model's history, as the site shows it.
pub struct Past {
    /// The revisions, oldest first; the number of one is its place.
    pub revisions: Vec<Revision>,
    /// What every entity that there ever was said, by address, oldest first.
    pub versions: BTreeMap<String, Vec<Version>>,
    /// The change register, oldest first: the entries of `opmodel drift`.
    pub register: Vec<Row>,
    /// What waits for somebody.
    pub waiting: Waiting,
    /// What should have happened by the day that is asked about, the longest overdue first.
    pub overdue: Vec<Overdue>,
    /// The report of `opmodel drift` over the whole history; its register is moved into `register`.
    pub drift: Drift,
}

/// A commit of the main line that touches the model's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The commit.
    pub id: String,
    /// The first ten digits of it.
    pub short: String,
    /// The day it was recorded, in UTC.
    pub day: String,
    /// When it was recorded, in UTC: `2026-06-30T12:05:00Z`.
    pub time: String,
    /// From when on it is what is in force: when it was recorded, or earlier where a later commit that
    /// leaves the model as it is has an earlier date. The state as of an instant is the last revision
    /// whose `from` is not after it.
    pub from: String,
    /// Who wrote it, without the mail address.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
    /// The pull request that its message names.
    pub pull_request: Option<String>,
    /// Whether it is a merge.
    pub merge: bool,
    /// What it is to the model.
    pub class: Class,
    /// How many entries came with it as the model's first commit.
    pub adopted: usize,
    /// How many changes of meaning it brought that somebody wrote.
    pub changes: usize,
    /// How many changes follow from these.
    pub follow: usize,
    /// How many changes of either sort made something looser.
    pub loosened: usize,
    /// How many changes of either sort made something tighter.
    pub tightened: usize,
    /// The files that cannot be read in it, with the reason.
    pub unreadable: Vec<(String, String)>,
}

/// What an entity said from a revision on, until its next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The number of the revision.
    pub at: usize,
    /// What it said; nothing where it is gone since then.
    pub said: Option<Said>,
    /// What it was called before, where this revision gave it its name.
    pub formerly: Option<String>,
    /// What it is called since then, where this revision took this name from it.
    pub now: Option<String>,
    /// Why its file cannot be read since then; what it says is what it said when it last could.
    pub unreadable: Option<String>,
}

/// What an entity says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The name people use.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// As it is written, with comments, as `opmodel show --format toml` prints it.
    pub text: String,
    /// Its properties in order.
    pub rows: Vec<SaidRow>,
}

/// One property of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidRow {
    /// Its address below the entity: `criteria.fit`.
    pub path: String,
    /// The same in words for people: `criteria: fit`.
    pub label: String,
    /// What it says.
    pub words: String,
}

/// One change of meaning, in the register.
#[derive(Debug, Clone)]
pub struct Row {
    /// The number of the revision that brought it.
    pub revision: usize,
    /// The address of the entity it is about, under the name of that day.
    pub entity: String,
    /// All that is known of it.
    pub entry: Entry,
}

/// A page made from history: everything between the header and the footer of the site's layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPage {
    /// Its place below the root: `timeline.html`.
    pub path: &'static str,
    /// Its title, in plain words.
    pub title: &'static str,
    /// One sentence on what it is for, in plain words.
    pub lead: String,
    /// The scripts it needs beside `site.js` and `search.js`, below `assets/`.
    pub scripts: &'static [&'static str],
    /// Its content as HTML, without `<main>` and without `<h1>`.
    pub body: String,
}

/// What happened to an entity at a revision.
pub struct Happened<'p> {
    /// The number of the revision.
    pub number: usize,
    /// The revision.
    pub revision: &'p Revision,
    /// Its version since then, where it is worded otherwise since then.
    pub version: Option<&'p Version>,
    /// What changed in meaning.
    pub rows: Vec<&'p Row>,
}

impl Past {
    /// Walks the main line, and notes everything.
    ///
    /// # Errors
    /// The repository does not give what is asked of it.
    pub fn of(workspace: &Workspace, asked: &Asked<'_>) -> Result<Self, HistoryError> {
        let question = Question {
            tip: asked.tip,
            since: None,
            until: day_end(asked.as_of).max(asked.tip.committer_time.seconds),
            days: asked.days,
            budget: asked.budget,
            addresses: &[],
            remembers: asked.remembers,
            progress: asked.progress,
        };
        let mut drift = Drift::of(workspace, &question)?;
        let (mut revisions, commits) = revisions::revisions(workspace, &drift)?;
        let versions = versions::versions(workspace, &commits, &mut revisions)?;
        let overdue = open::overdue(asked.model, &drift, asked.as_of);
        let register = revisions::register(std::mem::take(&mut drift.register), &mut revisions);
        let (proposals, more) = open::proposals(workspace, asked)?;
        let waiting = Waiting { proposals, more, approvals: open::unapproved(&register) };
        Ok(Self { revisions, versions, register, waiting, overdue, drift })
    }

    /// The newest revisions that changed what the model means, newest first, with what somebody wrote.
    pub fn lately(&self, _revisions: usize) -> Vec<Happened<'_>> {
        Vec::new()
    }

    /// What happened to an entity under its name and those it had before, newest first.
    pub fn timeline_of(&self, _address: &str) -> Vec<Happened<'_>> {
        Vec::new()
    }

    /// The section of an entity's page that tells its history: a chart where it went looser or
    /// tighter, what happened newest first, and `<section id="versions" data-address="…">`. As HTML,
    /// links relative to `root` (`"../"`).
    pub fn section_of(&self, _address: &str, _root: &str) -> String {
        String::new()
    }

    /// The addresses of what was there once and is no more, with the last name people used.
    pub fn gone(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    /// The pages: `timeline.html`, `register.html`, `drift.html`, `compare.html`, `as-of.html`.
    pub fn pages(&self) -> Vec<PastPage> {
        Vec::new()
    }

    /// The data files and `register.csv`, by path below the root.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        Vec::new()
    }
}
