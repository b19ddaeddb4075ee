//! From files to a model: the one place where the flow is composed.
//!
//! Files become documents, documents entities, entities are held against their schemas, criteria
//! are parsed and typed. Whatever a person wrote wrongly is a finding; nothing here stops.

mod asked;
mod closure;
mod criteria;
mod gates;
mod judge;
mod record;
mod route;
mod scope;
mod uses;

pub use closure::{FieldsAsked, Needed, needed_by};
pub use criteria::{Criterion, criterion_findings, object_of, rule};
pub use gates::{Asked, Fit, Gate, Gates, Standing, Way, fit, standing, waivers};
pub use judge::{Judge, Obstacle, Unjudged};
pub use record::{DESCRIBED, record, value_faults};
pub use route::{DEFAULT, Outcome, Router, Trace, Tried};
pub use scope::{Condition, ModelScope};
pub use uses::{Uses, users};

use crate::document::{self, Cut, Document, Limits, Same};
use crate::finding::{Finding, Place};
use crate::model::{FORMAT, Kind, Model};
use crate::schema::{Subject, Validator};
use crate::source::{RawContent, RawFile, Source, Span};
use std::collections::BTreeMap;

/// A model as far as it could be read, and what was found on the way.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The entities.
    pub model: Model,
    /// Findings about encoding, syntax and the shape of files.
    pub findings: Vec<Finding>,
    /// How many files were given, readable or not.
    pub files: usize,
}

/// Reads files into a model; no schema is looked at.
pub fn read(files: Vec<RawFile>, limits: Limits) -> Loaded {
    let documents = files.into_iter().map(|file| document::read(file, limits));
    of_documents(documents)
}

fn of_documents(read: impl ExactSizeIterator<Item = (Option<Document>, Vec<Finding>)>) -> Loaded {
    let mut findings = Vec::new();
    let count = read.len();
    let mut documents: Vec<Document> = Vec::with_capacity(count);
    for (document, found) in read {
        findings.extend(found);
        documents.extend(document);
    }
    let (model, found) = Model::of(documents);
    findings.extend(found);
    Loaded { model, findings, files: count }
}

/// One version of a file: its text is made and cut into its tables once, however often it is compared.
#[derive(Debug, Clone)]
pub struct Version(Content);

#[derive(Debug, Clone)]
enum Content {
    Text(Source, Option<Cut>),
    /// What is no text, or not in UTF-8.
    Other(RawFile),
}

impl From<RawFile> for Version {
    fn from(file: RawFile) -> Self {
        let RawFile { path, content } = file;
        let text = match content {
            RawContent::Bytes(bytes) => {
                String::from_utf8(bytes).map_err(|error| RawContent::Bytes(error.into_bytes()))
            }
            other => Err(other),
        };
        Self(match text {
            Ok(text) => {
                let cut = Cut::of(&text, entity_steps);
                Content::Text(Source::new(path, text), cut)
            }
            Err(content) => Content::Other(RawFile { path, content }),
        })
    }
}

impl Version {
    /// The path of the file.
    pub fn path(&self) -> &str {
        match &self.0 {
            Content::Text(source, _) => source.path(),
            Content::Other(file) => &file.path,
        }
    }

    /// The file as it came.
    pub fn file(&self) -> RawFile {
        match &self.0 {
            Content::Text(source, _) => RawFile {
                path: source.path().to_owned(),
                content: RawContent::Bytes(source.text().as_bytes().to_vec()),
            },
            Content::Other(file) => file.clone(),
        }
    }

    /// Reads it as the only file of a model.
    pub fn read(&self, limits: Limits) -> Loaded {
        of_documents(std::iter::once(self.document(limits, &[])))
    }

    /// The same without the entities that an earlier version of the file has word for word; these are
    /// told by address, in order.
    pub fn read_beside(&self, earlier: &Self, limits: Limits) -> (Vec<&str>, Loaded) {
        let same = self.same(earlier).unwrap_or_default();
        let document = self.document(limits, &same.after);
        (same.wholes, of_documents(std::iter::once(document)))
    }

    /// What it shares with an earlier version.
    fn same(&self, earlier: &Self) -> Option<Same<'_>> {
        Some(document::unchanged(earlier.cut()?, self.cut()?))
    }

    fn document(&self, limits: Limits, skip: &[Span]) -> (Option<Document>, Vec<Finding>) {
        match &self.0 {
            Content::Text(source, _) => {
                let (document, found) = document::read_text(source.clone(), limits, skip);
                (Some(document), found)
            }
            Content::Other(file) => document::read(file.clone(), limits),
        }
    }

    fn cut(&self) -> Option<(&str, &Cut)> {
        match &self.0 {
            Content::Text(source, cut) => Some((source.text(), cut.as_ref()?)),
            Content::Other(_) => None,
        }
    }
}

/// Reads two states of a model as far as they differ: entities that both have in the same file,
/// byte for byte, are in neither.
pub fn read_differing(
    before: Vec<RawFile>,
    after: Vec<RawFile>,
    limits: Limits,
) -> (Loaded, Loaded) {
    let versions =
        |files: Vec<RawFile>| -> Vec<Version> { files.into_iter().map(Version::from).collect() };
    let (before, after) = (versions(before), versions(after));
    read_versions(before.iter(), after.iter(), limits)
}

/// The same of files that are cut already.
pub fn read_versions<'v>(
    before: impl ExactSizeIterator<Item = &'v Version> + Clone,
    after: impl ExactSizeIterator<Item = &'v Version> + Clone,
    limits: Limits,
) -> (Loaded, Loaded) {
    let mut skips: BTreeMap<&str, Same<'_>> = BTreeMap::new();
    let old: BTreeMap<&str, &Version> =
        before.clone().map(|version| (version.path(), version)).collect();
    for version in after.clone() {
        let same = old.get(version.path()).and_then(|old| version.same(old));
        skips.extend(same.map(|same| (version.path(), same)));
    }
    let skip = |version: &Version| skips.get(version.path());
    let old = |version| {
        let same: Option<&Same<'_>> = skip(version);
        version.document(limits, same.map(|same| same.before.as_slice()).unwrap_or_default())
    };
    let new = |version| {
        let same: Option<&Same<'_>> = skip(version);
        version.document(limits, same.map(|same| same.after.as_slice()).unwrap_or_default())
    };
    (of_documents(before.map(old)), of_documents(after.map(new)))
}

/// The addresses of the entities that may stand in a file, told from its headers alone: all that do,
/// and perhaps some more. None where only reading the file can tell.
pub fn addresses_in(file: &RawFile) -> Option<Vec<&str>> {
    document::wholes(text_of(file)?, entity_steps)
}

/// How many steps of a table's header name an entity.
fn entity_steps(kind: &str) -> usize {
    Kind::of(kind).map_or(1, |kind| kind.depth) + 1
}

fn text_of(file: &RawFile) -> Option<&str> {
    match &file.content {
        RawContent::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Everything in a model that the schemas of its kinds do not allow.
///
/// # Errors
/// The reason, where a schema of the tool itself is broken.
pub fn validate(model: &Model) -> Result<Vec<Finding>, String> {
    let mut validators: BTreeMap<&'static str, Validator> = BTreeMap::new();
    let mut findings = Vec::new();
    for entity in model.entities() {
        let Some(kind) = entity.kind else { continue };
        if kind.declaration().surely_fits(&entity.table) {
            continue;
        }
        let validator = match validators.entry(kind.id) {
            std::collections::btree_map::Entry::Occupied(ready) => ready.into_mut(),
            std::collections::btree_map::Entry::Vacant(open) => {
                open.insert(Validator::new(kind.schema().as_value())?)
            }
        };
        findings.extend(validator.validate(Subject {
            address: entity.address.as_str(),
            source: &entity.source,
            header: entity.key_span,
            table: &entity.table,
        }));
    }
    findings.extend(newer_format(model));
    Ok(findings)
}

/// A model written for a newer version of the format, said before anything else confuses.
fn newer_format(model: &Model) -> Option<Finding> {
    let version = model.newer_format()?;
    let root = model.get("model")?;
    let span = root.table.get("format")?.span;
    let message =
        format!("this model is written in format {version}; this tool reads up to {FORMAT}");
    Some(
        Finding::new("newer-format", message)
            .at(Place::new(&root.source, span))
            .about("model.format")
            .help("update opmodel; findings below may come from the older version alone"),
    )
}

impl Kind {
    /// The JSON Schema of one entity of this kind.
    pub fn schema(&self) -> schemars::Schema {
        crate::model::schema_of(self)
    }
}

#[cfg(test)]
mod tests;
