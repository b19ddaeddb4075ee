//! Files that cannot be read as they were written.

use super::workspace::Workspace;
use crate::finding::Finding;
use crate::load;
use crate::model::{Address, Model};
use crate::source::RawFile;
use std::collections::{BTreeMap, BTreeSet};

/// A file of a revision that could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// Why, in the words of the finding.
    pub reason: String,
    /// The entities that are known to stand in it.
    pub holds: Vec<Address>,
}

/// The rules whose findings mean that a file could not be read as written.
pub const UNREADABLE: [&str; 3] = ["syntax", "conflict-markers", "unreadable-file"];

/// The files that findings call unreadable, with the first reason each.
pub fn unreadable(findings: &[Finding]) -> Vec<Unreadable> {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| UNREADABLE.contains(&finding.rule)) {
        let Some(place) = &finding.place else { continue };
        let line = place.source.line_column(place.span.start).line;
        let reason = match finding.rule {
            "unreadable-file" if place.span.is_empty() => finding.message.clone(),
            _ => format!("line {line}: {}", finding.message),
        };
        files.entry(place.source.path()).or_insert(reason);
    }
    let unreadable = |(path, reason): (&str, String)| Unreadable {
        path: path.to_owned(),
        reason,
        holds: Vec::new(),
    };
    files.into_iter().map(unreadable).collect()
}

/// Whether a file can be read as written.
pub(super) fn is_readable(workspace: &Workspace, file: &RawFile) -> bool {
    let loaded = load::read(vec![file.clone()], workspace.limits);
    unreadable(&loaded.findings).is_empty()
}

/// The entities that stand in a file, as far as either model could read it.
pub(super) fn held(path: &str, models: [&Model; 2]) -> Vec<Address> {
    let entities = models.into_iter().flat_map(Model::entities);
    let held = entities.filter(|entity| entity.source.path() == path);
    held.map(|entity| entity.address.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}
