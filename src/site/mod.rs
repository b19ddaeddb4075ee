//! Everything the tool knows of a model as a site that opens from disk: pages, style, scripts and data.
//!
//! INVARIANT: a site is made from its facts alone: the same facts give the same bytes. Every link is
//! relative, nothing is asked of a network, and no word of a user is HTML.

mod blame;
mod clause;
mod contents;
mod data;
mod deciders;
mod decision_table;
mod diagram;
mod entity;
mod entries;
mod governance;
mod grid;
mod kinds;
mod known;
mod layout;
mod lead;
mod lifecycle;
mod metrics;
mod names;
mod overview;
pub mod past;
mod people;
mod promises;
mod prose;
mod routing;
mod said;
pub mod table;
mod territories;
mod web;

use crate::check::Report;
use crate::git::{Commit, Mailmap};
use crate::load::ModelScope;
use jiff::civil::Date;
use known::Known;
use layout::Layout;
use past::Past;
use std::collections::BTreeMap;

/// What a site is made from.
pub struct Facts<'a> {
    /// The model, ready for questions.
    pub scope: &'a ModelScope<'a>,
    /// What is wrong with it.
    pub report: &'a Report,
    /// The folder of the model, as it is named on a command line.
    pub folder: &'a str,
    /// The state it shows.
    pub state: State<'a>,
    /// How it came to be; none where there is no history.
    pub past: Option<&'a Past>,
    /// Who people are.
    pub mailmap: &'a Mailmap,
    /// The day for which expiries and reviews are judged.
    pub as_of: Date,
}

/// The state of a model that a site shows.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// What it is called, for example the branch.
    pub name: &'a str,
    /// The commit; none for what is on disk.
    pub commit: Option<&'a Commit>,
}

impl State<'_> {
    /// The commit, or else what the state is called: the same whatever the commit was asked for by.
    fn told(&self) -> String {
        self.commit.map_or_else(|| self.name.to_owned(), |commit| commit.id.short())
    }
}

/// A site: its files by path, with `/` between parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Its files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }
}

/// The files that are the same in every site.
const ASSETS: &[(&str, &str)] = &[
    ("assets/site.css", concat!(include_str!("assets/site.css"), include_str!("assets/past.css"))),
    ("assets/icon.svg", include_str!("assets/icon.svg")),
    ("assets/site.js", include_str!("assets/site.js")),
    ("assets/search.js", include_str!("assets/search.js")),
    ("assets/routing.js", include_str!("assets/routing.js")),
    ("assets/simulator.js", include_str!("assets/simulator.js")),
    ("assets/past.js", include_str!("assets/past.js")),
    ("assets/register.js", include_str!("assets/register.js")),
];

/// What makes a page of the present.
type Maker = fn(&Known<'_>, &Layout) -> Result<String, String>;

/// The pages of the present that are not about one entity.
const PRESENT: &[(&str, Maker)] = &[
    ("index.html", overview::page),
    ("lifecycle.html", lifecycle::page),
    ("routing.html", routing::page),
    ("territories.html", territories::page),
    ("promises.html", promises::page),
    ("metrics.html", metrics::page),
    ("rights.html", governance::page),
    ("people.html", people::page),
];

/// Makes the site.
///
/// # Errors
/// The reason, where a template of the tool itself is broken.
pub fn site<'a>(facts: &'a Facts<'a>) -> Result<Site, String> {
    let layout = Layout::of(facts)?;
    let known = Known::of(facts);
    let mut site = Site::default();
    for (path, text) in ASSETS {
        site.put(*path, *text);
    }
    if let Some(past) = facts.past {
        for (path, page) in past.pages(&layout)? {
            site.put(path, page);
        }
        site.files.extend(past.files());
    }
    for (path, make) in PRESENT {
        site.put(*path, make(&known, &layout)?);
    }
    for (path, page) in contents::pages(&known, &layout)? {
        site.put(path, page);
    }
    let has = |path: &str| site.file(path).is_some();
    let ways_in = entries::pages(&known, &layout, &has)?;
    for (path, page) in ways_in {
        site.put(path, page);
    }
    for entity in known.model().entities() {
        let path = names::page_of(entity.address.as_str());
        site.put(path, entity::page(&known, &layout, entity)?);
    }
    for (name, json) in table::data(facts.scope, facts.past) {
        site.put(data::path(&name), data::script(&name, &json));
    }
    let search = contents::found_by_search(&known, &layout.parts());
    site.files.extend(data::list("search", "", serde_json::Map::new(), &search));
    Ok(site)
}
