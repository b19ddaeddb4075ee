//! What a state of a model declares in two files, of which only the first counts.

use super::workspace::{At, HistoryError, Workspace};
use crate::git::Commit;
use crate::load;
use crate::model::{Address, Pattern};
use crate::source::{RawContent, RawFile};
use std::collections::BTreeMap;

/// An entity that is declared twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubled {
    /// Its address.
    pub address: Address,
    /// The file whose declaration counts.
    pub counts: String,
    /// The file whose declaration is passed over.
    pub passed_over: String,
}

impl Workspace {
    /// The entities that a state declares twice, as far as some patterns cover them; all of them where
    /// there are none. What a commit declares twice is kept for the next run where that is wanted.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn doubled(
        &self,
        at: &At,
        patterns: &[Pattern],
        remembers: bool,
    ) -> Result<Vec<Doubled>, HistoryError> {
        let mut doubled = match at {
            At::Commit(commit) if remembers => self.doubled_in_commit(commit)?,
            at => self.doubled_in(&self.files(at)?),
        };
        doubled.retain(|doubled| {
            let address = doubled.address.as_str();
            let near = |pattern: &Pattern| pattern.covers(address) || pattern.is_below(address);
            patterns.is_empty() || patterns.iter().any(near)
        });
        Ok(doubled)
    }

    /// What a commit declares twice, as an earlier run found it or for a later one.
    fn doubled_in_commit(&self, commit: &Commit) -> Result<Vec<Doubled>, HistoryError> {
        let repository = self.repository()?;
        let Some(tree) = repository.folder_tree(commit.tree, &self.folder)? else {
            return Ok(Vec::new());
        };
        let (version, limits) = (env!("CARGO_PKG_VERSION"), self.limits);
        let key = format!("doubled {REVISION} {version} {limits:?} {}", self.folder);
        let mut journal = repository.journal(&key);
        if let Some(known) = journal.get(tree).and_then(kept) {
            return Ok(known);
        }
        let files = repository.snapshot(commit, &self.folder, self.limits.file_bytes)?.files;
        let doubled = self.doubled_in(&files);
        // What is missing or damaged may be there next time.
        if !files.iter().any(|file| matches!(file.content, RawContent::Unreadable(_))) {
            journal.put(tree, written(&doubled));
            journal.save();
        }
        Ok(doubled)
    }

    fn doubled_in(&self, files: &[RawFile]) -> Vec<Doubled> {
        let loaded = load::read(near(files), self.limits);
        let twice = loaded.findings.iter().filter(|finding| finding.rule == "duplicate-id");
        let doubled = twice.filter_map(|finding| {
            let first = finding.labels.first()?;
            Some(Doubled {
                address: Address::new(finding.address.as_deref()?),
                counts: first.place.source.path().to_owned(),
                passed_over: finding.place.as_ref()?.source.path().to_owned(),
            })
        });
        let mut doubled: Vec<Doubled> = doubled.collect();
        doubled.sort();
        doubled.dedup();
        doubled
    }
}

/// Counts changes of what is kept, and of how it is found out.
const REVISION: u32 = 1;

/// What is declared twice as bytes.
fn written(doubled: &[Doubled]) -> Vec<u8> {
    let row = |it: &Doubled| (it.address.to_string(), it.counts.clone(), it.passed_over.clone());
    postcard::to_stdvec(&doubled.iter().map(row).collect::<Vec<_>>()).unwrap_or_default()
}

/// What bytes say is declared twice; none where they are not what [`written`] makes.
fn kept(bytes: &[u8]) -> Option<Vec<Doubled>> {
    let (rows, rest) = postcard::take_from_bytes::<Vec<(&str, String, String)>>(bytes).ok()?;
    let doubled = |(address, counts, passed_over): (&str, String, String)| Doubled {
        address: Address::new(address),
        counts,
        passed_over,
    };
    rest.is_empty().then(|| rows.into_iter().map(doubled).collect())
}

/// The files in which something may stand that stands in another file too, told from their headers.
fn near(files: &[RawFile]) -> Vec<RawFile> {
    let declared: Vec<Option<Vec<&str>>> = files.iter().map(load::addresses_in).collect();
    let mut files_of: BTreeMap<&str, usize> = BTreeMap::new();
    for addresses in declared.iter().flatten() {
        let mut addresses = addresses.clone();
        addresses.sort_unstable();
        addresses.dedup();
        for address in addresses {
            *files_of.entry(address).or_default() += 1;
        }
    }
    // What only reading can tell may hold anything.
    if declared.iter().any(Option::is_none) {
        return files.to_vec();
    }
    let is_shared = |address: &&str| files_of.get(*address).is_some_and(|files| *files > 1);
    let shares = |addresses: &Option<Vec<&str>>| addresses.iter().flatten().any(is_shared);
    let near = files.iter().zip(&declared).filter(|(_, addresses)| shares(addresses));
    near.map(|(file, _)| file.clone()).collect()
}
