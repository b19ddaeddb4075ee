//! Evidence in a folder: files made from the history alone, each of which another one vouches for.
//!
//! INVARIANT: the same history, the same question and the same version of the tool give the same
//! bytes; nothing of the machine or the day is in them.

mod chain;
mod sums;

pub(crate) use chain::{Break, Fault, broken};
pub use chain::{sha256, sha256_of_json};
pub(crate) use sums::{file_name, listed};

use super::entry::Entry;
use super::population::{Period, Population};
use super::report::Drift;
use super::signatures::SignatureRow;
use crate::git::SignerLists;
use crate::report::{Tool, csv_line, json, json_line};
use crate::source::{RawContent, RawFile};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The version of the form of a package.
pub const FORMAT: &str = "1.0";
/// What the package is about, and what was asked.
pub const HEADER: &str = "header.json";
/// The commits of the main line.
pub const POPULATION: &str = "population.csv";
/// The changes of meaning, chained.
pub const REGISTER: &str = "register.jsonl";
/// The signatures of commits and tags.
pub const SIGNATURES: &str = "signatures.jsonl";
/// The report for people.
pub const REPORT: &str = "report.md";
/// The report for programs.
pub const REPORT_JSON: &str = "report.json";
/// How to verify all this without the tool.
pub const README: &str = "README.md";
/// The files with their sums, for programs.
pub const MANIFEST: &str = "manifest.json";
/// The files with their sums, for `sha256sum`.
pub const SUMS: &str = "SHA256SUMS";
/// The list of allowed signers that signatures were judged by.
pub const ALLOWED: &str = "signers/allowed_signers";
/// The list of keys that had been taken back.
pub const REVOKED: &str = "signers/revoked_keys";

/// The files of a package by their path in it.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a package is about: everything its other files follow from, besides the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// The version of the form of the package.
    pub format_version: String,
    /// The tool that made it.
    pub tool: MadeBy,
    /// What was asked.
    pub asked: Asked,
    /// The stretch of the main line that came out.
    pub period: Period,
    /// What the history was found to be.
    pub history: Grounds,
    /// By which lists SSH signatures were judged.
    pub signers: SignerSums,
}

/// The tool that made a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeBy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl MadeBy {
    /// This tool.
    pub fn this() -> Self {
        let Tool { name, version } = Tool::THIS;
        Self { name: name.to_owned(), version: version.to_owned() }
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// How many days before the end of a quarter or of the period are near it.
    pub near_end_days: u32,
    /// The steps that one question to the prover could take.
    pub budget: u64,
    /// Whether no end was asked for, so that the day of the tip's commit is the last one.
    pub open_end: bool,
}

/// What the history was found to be in the clone the package was made in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Grounds {
    /// The first commit of the main line; none where it was not fetched.
    pub first_commit: Option<String>,
    /// Where the main line ended because of a shallow clone.
    pub ended_at: Option<String>,
    /// The name Git has for all of the model's folder at the start.
    pub model_at_start: Option<String>,
    /// The name Git has for all of the model's folder at the end.
    pub model_at_end: Option<String>,
    /// Whether part of the repository's history was not fetched.
    pub shallow: bool,
    /// How many replace refs that clone had; they were not followed.
    pub replace_refs: usize,
    /// Whether that clone had a file of grafts; it was not followed.
    pub grafts: bool,
}

/// The lists of signers, by the SHA-256 of their text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SignerSums {
    /// The list of allowed signers; none where there was none.
    pub allowed_signers: Option<String>,
    /// The list of keys that had been taken back.
    pub revoked_keys: Option<String>,
}

impl SignerSums {
    /// The sums of lists.
    pub fn of(lists: &SignerLists) -> Self {
        Self {
            allowed_signers: lists.allowed.as_deref().map(sha256),
            revoked_keys: lists.revoked.as_deref().map(sha256),
        }
    }
}

/// One line of the register.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RegisterLine {
    /// Its number, from 1; the oldest change comes first.
    pub number: usize,
    /// The hash of the line before; of `header.json` for the first.
    pub previous_hash: String,
    /// The change.
    #[serde(flatten)]
    pub entry: Entry,
    /// The SHA-256 of this line's text without `,"hash":"…"` and without the newline.
    pub hash: String,
}

/// The files of a package with their sums, for programs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The version of the form of the package.
    pub format_version: String,
    /// The tool that made it.
    pub tool: MadeBy,
    /// How many commits the population has.
    pub commits: usize,
    /// How many lines the register has.
    pub entries: usize,
    /// The hash that the register begins at: that of `header.json`.
    pub first_previous_hash: String,
    /// The hash of the register's last line; that of `header.json` where it has none.
    pub last_hash: String,
    /// The files, but for this one and `SHA256SUMS`.
    pub files: Vec<FileSum>,
}

/// A file and its sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileSum {
    /// The path in the package.
    pub path: String,
    /// The size.
    pub bytes: usize,
    /// The SHA-256.
    pub sha256: String,
}

/// Everything a package is made from.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What it is about.
    pub header: &'a Header,
    /// What the history says.
    pub drift: &'a Drift,
    /// The signatures of the period's commits, and of tags.
    pub signatures: &'a [SignatureRow],
    /// The lists they were judged by.
    pub lists: &'a SignerLists,
    /// The report for people.
    pub report: String,
    /// The report for programs.
    pub report_json: String,
    /// The schemas of what is in it, by file name.
    pub schemas: BTreeMap<String, String>,
    /// The model's files at the start and at the end.
    pub models: [&'a [RawFile]; 2],
}

impl Evidence<'_> {
    /// The files.
    pub fn files(&self) -> Files {
        let mut files = Files::new();
        let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
        let header = json(self.header);
        let start = sha256(header.as_bytes());
        let (register, last) = chain::chained(oldest_first(&self.drift.register), &start);
        put(HEADER, header);
        put(REGISTER, register);
        put(POPULATION, population(&self.drift.population, self.signatures));
        put(SIGNATURES, self.signatures.iter().map(json_line).collect());
        put(REPORT, self.report.clone());
        put(REPORT_JSON, self.report_json.clone());
        put(README, include_str!("package/README.md").to_owned());
        for (name, text) in &self.schemas {
            put(&format!("schemas/{name}"), text.clone());
        }
        let lists = [(ALLOWED, &self.lists.allowed), (REVOKED, &self.lists.revoked)];
        for (path, list) in lists {
            files.extend(list.iter().map(|list| (path.to_owned(), list.clone())));
        }
        for (folder, model) in ["model-at-start", "model-at-end"].iter().zip(self.models) {
            for file in model {
                let RawContent::Bytes(bytes) = &file.content else { continue };
                files.insert(format!("{folder}/{}", file_name(&file.path)), bytes.clone());
            }
        }
        files.insert(MANIFEST.to_owned(), self.manifest(&files, start, last).into_bytes());
        files.insert(SUMS.to_owned(), sums::sums(&files).into_bytes());
        files
    }

    fn manifest(&self, files: &Files, first_previous_hash: String, last_hash: String) -> String {
        let sum = |(path, bytes): (&String, &Vec<u8>)| FileSum {
            path: path.clone(),
            bytes: bytes.len(),
            sha256: sha256(bytes),
        };
        json(&Manifest {
            format_version: FORMAT.to_owned(),
            tool: self.header.tool.clone(),
            commits: self.drift.population.rows.len(),
            entries: self.drift.register.len(),
            first_previous_hash,
            last_hash,
            files: files.iter().map(sum).collect(),
        })
    }
}

/// The register from the oldest commit on, the changes of one commit in their order.
fn oldest_first(register: &[Entry]) -> impl Iterator<Item = &Entry> {
    register.chunk_by(|one, two| one.commit == two.commit).rev().flatten()
}

/// The population as a table, the oldest commit first.
fn population(population: &Population, signatures: &[SignatureRow]) -> String {
    let head = [
        "number",
        "commit",
        "parents",
        "tree",
        "record_time",
        "author",
        "committer",
        "subject",
        "merge",
        "pull_request",
        "class",
        "changes",
        "cosmetic",
        "signature",
        "signer",
        "key",
        "signature_note",
        "touches",
    ];
    let of_commits = signatures.iter().filter(|row| row.tag.is_none());
    let signatures: BTreeMap<&str, &SignatureRow> =
        of_commits.map(|row| (row.commit.as_str(), row)).collect();
    let mut text = csv_line(&head);
    for (at, row) in population.rows.iter().rev().enumerate() {
        let signature = signatures.get(row.commit.as_str());
        let of = |part: fn(&SignatureRow) -> Option<&String>| {
            signature.and_then(|row| part(row)).cloned().unwrap_or_default()
        };
        let class = serde_json::to_value(row.class).ok();
        let cells = [
            (at + 1).to_string(),
            row.commit.clone(),
            row.parents.join(" "),
            row.tree.clone(),
            row.record_time.clone(),
            row.author.clone(),
            row.committer.clone(),
            row.subject.clone(),
            row.merge.to_string(),
            row.pull_request.clone().unwrap_or_default(),
            class.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
            row.changes.to_string(),
            row.cosmetic.to_string(),
            signature.map(|row| row.status.word().to_owned()).unwrap_or_default(),
            of(|row| row.signer.as_ref()),
            of(|row| row.key.as_ref()),
            of(|row| row.why.as_ref()),
            row.touches.iter().map(|ground| ground.word()).collect::<Vec<_>>().join(" "),
        ];
        let _ = write!(text, "{}", csv_line(&cells));
    }
    text
}
