//! What was read of exports, as every report on records says it first.

use super::words::{count, thousands};
use crate::records::{InputRead, Read};
use crate::report::{Block, Line, Page};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// What a report on records rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReadRow {
    /// The type of the records.
    pub object: String,
    /// The instant for which they are judged.
    pub as_of: String,
    /// How many records there are.
    pub records: u64,
    /// How many rows could not be read.
    pub rejected: u64,
    /// The files, in the order given.
    pub files: Vec<FileRow>,
}

/// One file of records.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FileRow {
    /// What it is called.
    pub name: String,
    /// How many records it holds.
    pub records: u64,
    /// How many of its rows could not be read.
    pub rejected: u64,
    /// How many rows at its end are a report's own words and no records.
    pub footer: u64,
    /// The SHA-256 of the file as it is stored, in hexadecimal, where it was asked for.
    pub sha256: Option<String>,
}

impl ReadRow {
    /// What was read of records of an object, judged for an instant.
    pub fn new(read: &Read, object: &str, as_of: Timestamp) -> Self {
        let file = |input: &InputRead| FileRow {
            name: input.name.clone(),
            records: input.rows,
            rejected: input.rejected,
            footer: input.footer,
            sha256: input.sha256.clone(),
        };
        Self {
            object: object.to_owned(),
            as_of: as_of.to_string(),
            records: read.rows,
            rejected: read.rejected,
            files: read.inputs.iter().map(file).collect(),
        }
    }
}

/// The same in a sentence or two.
pub fn read_page(row: &ReadRow) -> Page {
    let mut page = Page::default();
    let files = match row.files.as_slice() {
        [only] => format!("`{}`", only.name),
        files => count(files.len(), "file", "files"),
    };
    let object = &row.object;
    let records = thousands(row.records);
    let word = if row.records == 1 { "record" } else { "records" };
    let told = format!("{records} `{object}` {word} of {files}, judged for {}", row.as_of);
    page.push(Block::Paragraph(Line::new().sentence(&told)));
    if row.rejected > 0 {
        let told = format!(
            "{} more could not be read and are in no figure below; `opmodel records doctor` lists them",
            thousands(row.rejected)
        );
        page.push(Block::Paragraph(Line::new().sentence(&told)));
    }
    page
}
