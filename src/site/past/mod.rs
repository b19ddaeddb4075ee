//! Everything of the site that is made from history: the revisions of the main line, the versions of
//! each entity, the change register, and the pages and data files that show them.
//!
//! A revision is a commit of the main line that touches the model's files; its number is its place
//! among them, oldest first. Every page and every data file speaks of revisions by that number.

mod chart;
mod data;
mod drift;
mod ends;
mod makers;
mod open;
mod pages;
mod revisions;
mod says;
mod told;
mod versions;

pub use ends::{Differs, Ends};
pub(in crate::site) use makers::By;
pub use makers::Maker;
pub use open::{Due, Overdue, Proposed, Unapproved, Waiting};
pub(in crate::site) use pages::Section;

use crate::audit::{Class, Drift, Entry, Question};
use crate::git::Commit;
use crate::history::{HistoryError, Workspace, day_end, entity_address};
use crate::model::Model;
use crate::view::{Reproduce, drift_csv};
use chart::Span;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The templates of its pages, by name.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("past/as-of.html", include_str!("../templates/past/as-of.html")),
    ("past/chart.html", include_str!("../templates/past/chart.html")),
    ("past/compare.html", include_str!("../templates/past/compare.html")),
    ("past/cut-off.html", include_str!("../templates/past/cut-off.html")),
    ("past/drift.html", include_str!("../templates/past/drift.html")),
    ("past/glossary.html", include_str!("../templates/past/glossary.html")),
    ("past/gone.html", include_str!("../templates/past/gone.html")),
    ("past/page.html", include_str!("../templates/past/page.html")),
    ("past/register.html", include_str!("../templates/past/register.html")),
    ("past/revisions.html", include_str!("../templates/past/revisions.html")),
    ("past/section.html", include_str!("../templates/past/section.html")),
    ("past/timeline.html", include_str!("../templates/past/timeline.html")),
    ("past/words.html", include_str!("../templates/past/words.html")),
];

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
    /// What differs between earlier revisions that people ask about and the newest.
    pub ends: Vec<Ends>,
    /// The commits that made what merges brought, by id.
    makers: BTreeMap<String, Maker>,
    /// The stretch of time that charts show.
    span: Option<Span>,
    /// The addresses of what the model shown has.
    present: BTreeSet<String>,
    /// How `opmodel drift` makes the same report, and the sum of what that says.
    reproduce: Reproduce,
    /// The register as `opmodel drift --format csv` prints it.
    register_csv: String,
    /// The numbers of the rows about each entity.
    of_entity: BTreeMap<String, Vec<usize>>,
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
    /// Who wrote the commit, without the mail address: of a merge, who merged.
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
        let register_csv = drift_csv(&drift);
        let reproduce = drift::reproduce(&drift, asked);
        // People are called what the commit says, not the clone.
        let mailmap = workspace.repository()?.mailmap_at(asked.tip)?;
        let (mut revisions, commits) = revisions::revisions(workspace, &mailmap, &drift)?;
        let versions = versions::versions(workspace, &commits, &mut revisions)?;
        let overdue = open::overdue(asked.model, &drift, asked.as_of);
        let register = revisions::register(std::mem::take(&mut drift.register), &mut revisions);
        let makers = makers::makers(workspace, &mailmap, &register)?;
        let ends = ends::ends(workspace, asked, &revisions, &commits)?;
        let (proposals, more) = open::proposals(workspace, asked)?;
        let waiting = Waiting { proposals, more, approvals: open::unapproved(&register) };
        let of_entity = of_entity(&register);
        let days = || revisions.iter().map(|revision| revision.day.as_str());
        let as_of = asked.as_of.to_string();
        let last = days().max().unwrap_or_default().max(as_of.as_str());
        let span = days().min().and_then(|first| Span::of(first, last));
        Ok(Self {
            revisions,
            versions,
            register,
            waiting,
            overdue,
            drift,
            ends,
            makers,
            span,
            present: asked.model.entities().map(|entity| entity.address.to_string()).collect(),
            reproduce,
            register_csv,
            of_entity,
        })
    }

    /// The newest revisions that changed what the model means, newest first.
    pub fn lately(&self, revisions: usize) -> Vec<Happened<'_>> {
        let changed =
            |revision: &Revision| revision.changes + revision.follow + revision.adopted > 0;
        let newest = self.revisions.iter().enumerate().rev();
        let newest = newest.filter(|(_, revision)| changed(revision)).take(revisions);
        let happened = newest.map(|(number, revision)| Happened {
            number,
            revision,
            version: None,
            rows: self.rows_at(number).collect(),
        });
        happened.collect()
    }

    /// What happened to an entity under its name and those it had before, newest first.
    pub fn timeline_of(&self, address: &str) -> Vec<Happened<'_>> {
        let mut found: BTreeMap<usize, Happened<'_>> = BTreeMap::new();
        let mut name = Some((address, usize::MAX));
        while let Some((address, until)) = name.take() {
            let versions = self.versions.get(address).map(Vec::as_slice).unwrap_or_default();
            for version in versions.iter().filter(|version| version.at < until) {
                if let Some(happened) = self.happened(&mut found, version.at) {
                    happened.version = Some(version);
                }
                if let Some(formerly) = &version.formerly {
                    name = Some((formerly, version.at));
                }
            }
            for (_, row) in self.rows_of(address).filter(|(_, row)| row.revision < until) {
                if let Some(happened) = self.happened(&mut found, row.revision) {
                    happened.rows.push(row);
                }
            }
        }
        found.into_values().rev().collect()
    }

    /// What is noted of a revision, nothing yet where it is new.
    fn happened<'p, 'f>(
        &'p self,
        found: &'f mut BTreeMap<usize, Happened<'p>>,
        number: usize,
    ) -> Option<&'f mut Happened<'p>> {
        let revision = self.revisions.get(number)?;
        let nothing = Happened { number, revision, version: None, rows: Vec::new() };
        Some(found.entry(number).or_insert(nothing))
    }

    /// The addresses of what there ever was and the model that is shown does not have, with the last
    /// name people used. These have a page of their own.
    pub fn gone(&self) -> impl Iterator<Item = (&str, &str)> {
        let gone = self.versions.iter().filter(|(address, _)| !self.present.contains(*address));
        gone.map(|(address, versions)| (address.as_str(), last_name(address, versions)))
    }

    /// The last change that somebody wrote of what stands at an address; of several in one revision, one
    /// whose approval is not recorded.
    pub fn last_change(&self, address: &str) -> Option<&Row> {
        let direct = self.rows_of(address).map(|(_, row)| row).filter(|row| row.entry.direct);
        direct.max_by_key(|row| (row.revision, row.entry.standing.is_open()))
    }

    /// How `opmodel drift` makes the report of the whole history, and the sum of what that says.
    pub fn reproduce(&self) -> &Reproduce {
        &self.reproduce
    }

    /// The oldest revision, where what came before it was not fetched: what it brought is not known, nor
    /// what there was before it.
    pub fn cut_off(&self) -> Option<&Revision> {
        self.revisions.first().filter(|revision| revision.class == Class::CutOff)
    }

    /// The data files and `register.csv`, by path below the root.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        data::files(self)
    }

    /// The rows of a revision.
    fn rows_at(&self, number: usize) -> impl Iterator<Item = &Row> {
        let from = self.register.partition_point(|row| row.revision < number);
        let rows = self.register.get(from..).unwrap_or_default().iter();
        rows.take_while(move |row| row.revision == number)
    }

    /// The rows about an entity under one name, oldest first, with their numbers in the register.
    fn rows_of(&self, address: &str) -> impl Iterator<Item = (usize, &Row)> {
        let numbers = self.of_entity.get(address).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| Some((*number, self.register.get(*number)?)))
    }
}

/// Whether a revision changed what the model means.
fn is_changed(revision: &Revision) -> bool {
    revision.changes + revision.follow + revision.adopted > 0
}

/// The last name that people used for an entity.
fn last_name<'v>(address: &'v str, versions: &'v [Version]) -> &'v str {
    let said = versions.iter().rev().find_map(|version| version.said.as_ref());
    said.map_or(address, |said| &said.name)
}

/// The places of the rows about each entity; what one hands over to another is told of both.
fn of_entity(register: &[Row]) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, row) in register.iter().enumerate() {
        let previous = row.entry.previous.as_deref().map(entity_address);
        let previous = previous.filter(|previous| *previous != row.entity);
        for entity in previous.into_iter().chain([row.entity.as_str()]) {
            found.entry(entity.to_owned()).or_default().push(number);
        }
    }
    found
}
