//! What of the fields that are asked for is not known of the records that were read.

use super::words::{list_of, thousands};
use crate::measure::Gaps;
use crate::report::{Block, Line, Page, Style};
use schemars::JsonSchema;
use serde::Serialize;

/// What of the fields that are asked for is not known.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GapsRow {
    /// Fields of which some file has no column: there they count as not set.
    pub missing_fields: Vec<MissingRow>,
    /// Fields of which some cells cannot be read: these count as not set.
    pub unreadable_fields: Vec<UnreadableRow>,
    /// How many files there are.
    #[serde(skip)]
    all: usize,
}

/// A field of which files have no column.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MissingRow {
    /// The field.
    pub field: String,
    /// The files that have no column of it.
    pub files: Vec<String>,
}

/// A field of which some cells cannot be read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnreadableRow {
    /// The field.
    pub field: String,
    /// How many cells.
    pub cells: u64,
    /// One of them as it is written.
    pub example: Option<String>,
    /// What should stand there.
    pub wanted: Option<&'static str>,
}

impl GapsRow {
    /// What is not known, of files that are called so.
    pub(super) fn new(gaps: &Gaps, files: &[&str]) -> Self {
        let file = |at: &usize| files.get(*at).map(|file| (*file).to_owned());
        let missing = gaps.missing.iter().map(|(field, inputs)| MissingRow {
            field: field.clone(),
            files: inputs.iter().filter_map(file).collect(),
        });
        let unreadable = gaps.unreadable.iter().map(|(field, count)| UnreadableRow {
            field: field.clone(),
            cells: count.unreadable,
            example: count.sample.as_ref().map(|(example, _)| example.clone()),
            wanted: count.sample.as_ref().map(|(_, wanted)| *wanted),
        });
        Self {
            missing_fields: missing.collect(),
            unreadable_fields: unreadable.collect(),
            all: files.len(),
        }
    }
}

/// The same in a sentence each.
pub(super) fn gaps(page: &mut Page, row: &GapsRow) {
    let named = |partly: bool| -> Vec<String> {
        let rows = row.missing_fields.iter();
        let rows = rows.filter(|missing| (missing.files.len() < row.all) == partly);
        rows.map(|missing| format!("`{}`", missing.field)).collect()
    };
    let nobody = if row.all == 1 { "the file has no" } else { "no file has a" };
    for (partly, told) in [(false, nobody), (true, "not every file has a")] {
        let fields = named(partly);
        if !fields.is_empty() {
            let line = Line::new().with(Style::Warn, format!("{told} column of "));
            let words = format!("{}: there they count as not set", list_of(&fields));
            page.push(Block::Paragraph(line.sentence(&words)));
        }
    }
    for unreadable in &row.unreadable_fields {
        let line = Line::new()
            .with(Style::Warn, "not read: ")
            .plain(format!("{} of ", cells(unreadable.cells)))
            .quoted(unreadable.field.clone());
        let line = match (&unreadable.example, unreadable.wanted) {
            (Some(example), Some(wanted)) => {
                let line = line.plain(", for example ").quoted(example.clone());
                line.plain(format!(" where {wanted} should stand"))
            }
            _ => line,
        };
        page.push(Block::Paragraph(line.plain("; these count as not set")));
    }
}

fn cells(number: u64) -> String {
    if number == 1 { "1 cell".to_owned() } else { format!("{} cells", thousands(number)) }
}
