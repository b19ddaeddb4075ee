//! A package against itself and against the history, stage by stage, each to its first difference.

mod compare;
mod line;

pub use compare::Difference;
pub use line::{MainLine, damaged};

use super::package::{self, Break, Fault, Files, Header, MadeBy, Manifest, broken, listed, sha256};
use super::signatures::SignatureRow;
use compare::{first_difference, quoted};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Files in which a difference says most come first.
const FIRST: [&str; 6] = [
    package::HEADER,
    package::POPULATION,
    package::SIGNATURES,
    package::REGISTER,
    package::REPORT_JSON,
    package::REPORT,
];

/// Files that follow from the others come last.
const LAST: [&str; 2] = [package::MANIFEST, package::SUMS];

/// What is looked at, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Whether the files are those that were summed.
    Files,
    /// Whether each line of the register follows the one before.
    Chain,
    /// Whether the package's commits are those of the main line.
    History,
    /// Whether the repository gives the same files.
    Content,
}

impl Stage {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Chain => "chain",
            Self::History => "history",
            Self::Content => "content",
        }
    }
}

/// What came of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All is as it should be.
    Holds(String),
    /// Something is not.
    Differs(Difference),
    /// It could not be looked at, because of what was found before.
    NotChecked(String),
}

/// What came of verifying a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What the package is about, where that can be read.
    pub header: Option<Header>,
    /// The stages, in order.
    pub stages: Vec<(Stage, Outcome)>,
    /// What is to be known besides: what was not verified, and what has come since.
    pub notes: Vec<String>,
    /// The SHA-256 of `SHA256SUMS` as it is now.
    pub sha256: String,
    /// How many commits and changes of meaning the repository gives.
    pub counts: (usize, usize),
}

impl Verification {
    /// The first difference.
    pub fn difference(&self) -> Option<(Stage, &Difference)> {
        self.stages.iter().find_map(|(stage, outcome)| match outcome {
            Outcome::Differs(difference) => Some((*stage, difference)),
            _ => None,
        })
    }

    /// Whether another version of the tool made what was verified.
    pub fn is_foreign(&self) -> bool {
        self.header.as_ref().is_some_and(|header| header.tool != MadeBy::this())
    }

    /// Whether every stage holds.
    pub fn holds(&self) -> bool {
        self.stages.iter().all(|(_, outcome)| matches!(outcome, Outcome::Holds(_)))
    }
}

/// The files of a folder that is to be a package.
#[derive(Debug)]
pub struct Written {
    files: Files,
    header: Result<Header, Difference>,
}

impl Written {
    /// The package that files are.
    pub fn new(files: Files) -> Self {
        let header = header(&files);
        Self { files, header }
    }

    /// What it is about.
    ///
    /// # Errors
    /// The header is missing, or cannot be read.
    pub fn header(&self) -> Result<&Header, &Difference> {
        self.header.as_ref()
    }

    /// A file of it.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// A file that no sum of it is about.
    pub fn foreign_file(&self) -> Option<&str> {
        let list = self.text(package::SUMS).and_then(|text| listed(text).ok()).unwrap_or_default();
        let foreign = |path: &&String| *path != package::SUMS && !list.contains_key(*path);
        self.files.keys().find(foreign).map(String::as_str)
    }

    /// The SHA-256 of its `SHA256SUMS`.
    pub fn sha256(&self) -> String {
        sha256(self.file(package::SUMS).unwrap_or_default())
    }

    /// Whether another version of the tool made it.
    pub fn is_foreign(&self) -> bool {
        self.header.as_ref().is_ok_and(|header| header.tool != MadeBy::this())
    }

    /// The signatures as they were found when it was made.
    pub fn signatures(&self) -> Vec<SignatureRow> {
        let text = self.text(package::SIGNATURES).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Whether the files are those that were summed.
    pub fn sums(&self) -> Outcome {
        let in_list =
            |line, says: String| Outcome::Differs(Difference::in_file(package::SUMS, line, says));
        let Some(text) = self.text(package::SUMS) else {
            return in_list(None, "`SHA256SUMS` is missing: the package is not whole".to_owned());
        };
        let list = match listed(text) {
            Ok(list) => list,
            Err(line) => {
                return in_list(
                    Some(line),
                    format!("line {line} of `SHA256SUMS` is no sum of a file"),
                );
            }
        };
        for (path, sum) in &list {
            let says = match self.files.get(path) {
                None => format!("`{path}` is missing"),
                Some(bytes) if sha256(bytes) != *sum => {
                    format!("`{path}` is not the file that was summed in `SHA256SUMS`")
                }
                Some(_) => continue,
            };
            return Outcome::Differs(Difference::in_file(path, None, says));
        }
        let mut others =
            self.files.keys().filter(|path| *path != package::SUMS && !list.contains_key(*path));
        match others.next() {
            Some(path) => {
                let says = format!("{} is not listed in `SHA256SUMS`", quoted(path));
                Outcome::Differs(Difference::in_file(path, None, says))
            }
            None => Outcome::Holds(format!("all {} files are those that were summed", list.len())),
        }
    }

    /// Whether each line of the register follows the one before.
    pub fn chain(&self) -> Outcome {
        let path = package::REGISTER;
        let differs = |line, says: String| Outcome::Differs(Difference::in_file(path, line, says));
        let Some(text) = self.text(path) else {
            return differs(None, format!("`{path}` is missing, or is not text"));
        };
        let Some(header) = self.files.get(package::HEADER) else {
            return Outcome::NotChecked(format!("`{}` is missing", package::HEADER));
        };
        if let Some(Break { line, fault }) = broken(text, &sha256(header)) {
            let says = match fault {
                Fault::NoLink => "has no hash, or nothing that it follows",
                Fault::Hash => "is not what its own hash was made of",
                Fault::Previous if line == 1 => "does not follow from `header.json`",
                Fault::Previous => {
                    "does not follow the one before: one of them was changed, left out or put in"
                }
            };
            return differs(Some(line), format!("entry {line} of `{path}` {says}"));
        }
        let entries = text.lines().count();
        if let Some(more) = self.entries().filter(|known| *known != entries) {
            let says = format!("`{path}` has {entries} entries, and the manifest says {more}");
            return differs(None, says);
        }
        Outcome::Holds(match entries {
            0 => "there are no entries".to_owned(),
            1 => "the one entry follows from the header".to_owned(),
            _ => format!("all {entries} entries follow one another from the header on"),
        })
    }

    /// How many entries the manifest says there are.
    fn entries(&self) -> Option<usize> {
        let manifest: serde_json::Value =
            serde_json::from_str(self.text(package::MANIFEST)?).ok()?;
        usize::try_from(manifest.get("entries")?.as_u64()?).ok()
    }

    /// Whether the repository gives the same files.
    pub fn content(&self, derived: &Files) -> Outcome {
        if !self.is_foreign() {
            return match first_difference(&self.files, derived, (&FIRST, &LAST)) {
                Some(difference) => Outcome::Differs(difference),
                None => {
                    Outcome::Holds("the repository gives the same files, byte for byte".to_owned())
                }
            };
        }
        let version = self.header.as_ref().map(|header| header.tool.version.as_str());
        let (version, this) = (quoted(version.unwrap_or_default()), MadeBy::this().version);
        if let Some(difference) = self.inconsistent() {
            return Outcome::Differs(difference);
        }
        // Schemas and the manual of another version say nothing about the history.
        match first_difference(&of_history(&self.files), &of_history(derived), (&FIRST, &LAST)) {
            Some(mut difference) => {
                difference.says = format!(
                    "{}; the package was made by opmodel {version} and this is `{this}`: verify it with that version to know whether the difference is more than that",
                    difference.says
                );
                Outcome::Differs(difference)
            }
            None => match self.stranger(derived) {
                Some(path) => {
                    let says = format!("`{path}` is no part of a package");
                    Outcome::Differs(Difference::in_file(path, None, says))
                }
                None => Outcome::Holds(format!(
                    "what follows from the history is the same; the package was made by opmodel {version} and this is `{this}`, so that these were not compared: {}",
                    self.not_compared().join(", ")
                )),
            },
        }
    }

    /// In what the package contradicts itself, whatever version made it.
    fn inconsistent(&self) -> Option<Difference> {
        let tree = |path: &str| -> Option<serde_json::Value> {
            serde_json::from_str(self.text(path)?).ok()
        };
        let tool = |path: &str| tree(path)?.get("tool").map(ToString::to_string);
        let own = tool(package::HEADER);
        for path in [package::REPORT_JSON, package::MANIFEST] {
            if tool(path) != own {
                let says = format!("`{path}` does not name the version that `header.json` names");
                return Some(Difference::in_file(path, None, says));
            }
        }
        let path = package::MANIFEST;
        let manifest = tree(path).and_then(|tree| serde_json::from_value::<Manifest>(tree).ok());
        let Some(manifest) = manifest else {
            let says = format!("`{path}` is not the manifest of a package");
            return Some(Difference::in_file(path, None, says));
        };
        let listed: BTreeMap<&str, &str> =
            manifest.files.iter().map(|file| (&*file.path, &*file.sha256)).collect();
        let mut summed = self.files.iter().filter(|(path, _)| !LAST.contains(&path.as_str()));
        let other =
            summed.find(|(path, bytes)| listed.get(path.as_str()) != Some(&&*sha256(bytes)));
        let gone = || listed.keys().copied().find(|listed| !self.files.contains_key(*listed));
        let found = other.map(|(path, _)| path.as_str()).or_else(gone)?;
        let says = format!("{} is not the file that was summed in `{path}`", quoted(found));
        Some(Difference::in_file(found, None, says))
    }

    /// A file that no package has.
    fn stranger(&self, derived: &Files) -> Option<&str> {
        let mut paths = self.files.keys().map(String::as_str);
        paths.find(|path| !derived.contains_key(*path) && !path.starts_with("schemas/"))
    }

    /// What another version may have written otherwise; all schemas are one.
    fn not_compared(&self) -> Vec<String> {
        let compared = of_history(&self.files);
        let other = self.files.keys().filter(|path| !compared.contains_key(*path));
        let name = |path: &String| match path.split_once('/') {
            Some((folder, _)) => format!("`{folder}/`"),
            None => format!("`{path}`"),
        };
        let mut names: Vec<String> = other.map(name).collect();
        names.dedup();
        names
    }
}

/// What of a package follows from the history whatever version made it: schemas, the manual, the names
/// of versions and how the report is made again do not.
fn of_history(files: &Files) -> Files {
    let bare = |bytes: &[u8]| -> Option<Vec<u8>> {
        let mut report: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        let parts = report.as_object_mut()?;
        parts.retain(|name, _| !matches!(name.as_str(), "tool" | "reproduce"));
        serde_json::to_vec(&report).ok()
    };
    let part = |(path, bytes): (&String, &Vec<u8>)| match path.as_str() {
        package::REPORT => {
            let text = String::from_utf8_lossy(bytes);
            // Its last part says how it is made again.
            let body = text.rsplit_once("\n## ").map_or(&*text, |(body, _)| body);
            Some((path.clone(), body.as_bytes().to_vec()))
        }
        package::REPORT_JSON => Some((path.clone(), bare(bytes).unwrap_or_default())),
        known if FIRST.contains(&known) || known.starts_with("model-at-") => {
            Some((path.clone(), bytes.clone()))
        }
        _ => None,
    };
    files.iter().filter_map(part).collect()
}

fn header(files: &Files) -> Result<Header, Difference> {
    let path = package::HEADER;
    let wrong = |says: String| Difference::in_file(path, None, says);
    let bytes = files.get(path).ok_or_else(|| wrong(format!("`{path}` is missing")))?;
    let read: Result<Header, _> = serde_json::from_slice(bytes);
    let header = read.map_err(|_| wrong(format!("`{path}` is not the header of a package")))?;
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    if major(&header.format_version) != major(package::FORMAT) {
        let version = quoted(&header.format_version);
        let says = format!("`{path}` is of form {version}, which this version cannot read");
        return Err(wrong(says));
    }
    Ok(header)
}
