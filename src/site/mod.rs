//! Everything the tool knows of a model as a site that opens from disk: pages, style, scripts and data.
//!
//! INVARIANT: a site is made from its facts alone: the same facts give the same bytes. Every link is
//! relative, nothing is asked of a network, and no word of a user is HTML.

mod data;
mod kinds;
mod layout;
mod names;
mod overview;
pub mod past;
mod prose;
mod said;

use crate::check::Report;
use crate::git::{Commit, Mailmap};
use crate::load::ModelScope;
use jiff::civil::Date;
use layout::Layout;
use past::Past;
use std::collections::BTreeMap;

/// What a site is made from.
pub struct Facts<'a> {
    /// The model, ready for questions.
    pub scope: &'a ModelScope<'a>,
    /// What is wrong with it.
    pub report: &'a Report,
    /// The state it shows.
    pub state: State<'a>,
    /// Who people are.
    pub mailmap: &'a Mailmap,
    /// The day for which expiries and reviews are judged.
    pub as_of: Date,
    /// Its history; none where nothing is recorded.
    pub past: Option<&'a Past>,
}

/// The state of a model that a site shows.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// What it is called, for example the branch.
    pub name: &'a str,
    /// The commit; none for what is on disk.
    pub commit: Option<&'a Commit>,
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
const ASSETS: &[(&str, &str)] = &[(
    "assets/site.css",
    concat!(include_str!("assets/site.css"), include_str!("assets/past.css")),
)];

/// Makes the site.
///
/// # Errors
/// The reason, where a template of the tool itself is broken.
pub fn site(facts: &Facts<'_>) -> Result<Site, String> {
    let layout = Layout::of(facts)?;
    let mut site = Site::default();
    for (path, text) in ASSETS {
        site.put(*path, *text);
    }
    site.put("index.html", overview::page(facts, &layout)?);
    if let Some(past) = facts.past {
        for (path, page) in past.pages(&layout)? {
            site.put(path, page);
        }
        for (path, bytes) in past.files() {
            site.put(path, bytes);
        }
    }
    Ok(site)
}
