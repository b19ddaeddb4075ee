//! What a state of a model declares in two files, of which only the first counts.

use super::workspace::{At, HistoryError, Workspace};
use crate::load;
use crate::model::{Address, Pattern};
use crate::source::RawFile;
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
    /// there are none.
    ///
    /// # Errors
    /// The repository or the disk does not give the files.
    pub fn doubled(&self, at: &At, patterns: &[Pattern]) -> Result<Vec<Doubled>, HistoryError> {
        let loaded = load::read(near(&self.files(at)?), self.limits);
        let twice = loaded.findings.iter().filter(|finding| finding.rule == "duplicate-id");
        let doubled = twice.filter_map(|finding| {
            let first = finding.labels.first()?;
            Some(Doubled {
                address: Address::new(finding.address.as_deref()?),
                counts: first.place.source.path().to_owned(),
                passed_over: finding.place.as_ref()?.source.path().to_owned(),
            })
        });
        let wanted = |doubled: &Doubled| {
            let address = doubled.address.as_str();
            let near = |pattern: &Pattern| pattern.covers(address) || pattern.is_below(address);
            patterns.is_empty() || patterns.iter().any(near)
        };
        let mut doubled: Vec<Doubled> = doubled.filter(wanted).collect();
        doubled.sort();
        doubled.dedup();
        Ok(doubled)
    }
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
