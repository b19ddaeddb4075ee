//! What was read of exports, as every report on records says it first.

use super::words::{count, counted, thousands};
use crate::records::{InputRead, LateKey, Read};
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
    /// Keys of JSON that first stand so far down that they are no column: what records have there is
    /// in no figure.
    pub late_keys: Vec<LateRow>,
}

/// A key that is no column.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LateRow {
    /// The key.
    pub key: String,
    /// In how many records it stands.
    pub count: u64,
    /// The field it is.
    pub field: Option<String>,
}

fn late(LateKey { key, count, field }: &LateKey) -> LateRow {
    LateRow { key: key.clone(), count: *count, field: field.clone() }
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
            late_keys: input.late.iter().map(late).collect(),
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

/// What is said of keys that are fields and no column.
pub(super) fn late_notes(file: &FileRow) -> impl Iterator<Item = String> {
    file.late_keys.iter().filter(|late| late.field.is_some()).map(|late| {
        let (name, key) = (&file.name, &late.key);
        let had = counted(late.count, "record");
        format!("`{name}`: `{key}` first stands too far down to be a column; {had} had it")
    })
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
            "{} more could not be read and are in no figure; `opmodel records doctor` lists them",
            thousands(row.rejected)
        );
        page.push(Block::Paragraph(Line::new().sentence(&told)));
    }
    for told in row.files.iter().flat_map(late_notes) {
        let told = format!("{told}, and no figure below rests on that");
        page.push(Block::Paragraph(Line::new().sentence(&told)));
    }
    page
}
