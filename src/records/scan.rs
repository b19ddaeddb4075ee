//! The scan: every row of every input, put to the questions.

use super::cell::{Cell, read_cell};
use super::field::Field;
use super::form::Form;
use super::input::{Opened, RecordsError};
use super::layout::Layout;
use super::questions::Questions;
use super::row::{Row, record};
use crate::criteria::{FieldKind, Value};
use std::collections::BTreeMap;

/// What was read, for every figure to say what it rests on.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// The inputs, in the order given.
    pub inputs: Vec<InputRead>,
    /// How many records.
    pub rows: u64,
    /// How many rows are no records, by their fault.
    pub rejected: u64,
    /// What was found in the cells of each field, by the field's place.
    pub counts: Vec<Count>,
}

/// What was read of one input.
#[derive(Debug, Clone)]
pub struct InputRead {
    /// What it is called.
    pub name: String,
    /// The columns.
    pub layout: Layout,
    /// How many records.
    pub rows: u64,
    /// How many rows are no records.
    pub rejected: u64,
    /// How many rows below the records are a report's own words.
    pub footer: u64,
    /// The SHA-256 of its bytes as they are stored, in hexadecimal, where it was asked for.
    pub sha256: Option<String>,
}

/// What was found in the cells of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// How many cells hold a value.
    pub set: u64,
    /// How many cannot be read; they count as not set.
    pub unreadable: u64,
    /// One of those, as written, and what was wanted.
    pub sample: Option<(String, &'static str)>,
    /// Values of a choice that are not declared, and how often each stands there.
    pub undeclared: BTreeMap<String, u64>,
}

/// A row that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The input, from zero.
    pub input: usize,
    /// The line it starts on, from one.
    pub line: u64,
    /// Why it is no record.
    pub why: String,
    /// What is written.
    pub cells: Vec<String>,
}

/// Puts every row of some inputs to questions, on so many threads. The rows of a block are taken into
/// a part of their own; the parts are handed back in the order of the rows.
///
/// # Errors
/// Where an input cannot be read on, or a part cannot be taken.
pub fn scan<T: Send, E: From<RecordsError>>(
    inputs: Vec<Opened<'_>>,
    questions: &Questions<'_>,
    _threads: usize,
    fresh: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, &Row<'_>) + Sync,
    mut each: impl FnMut(T, Vec<Reject>) -> Result<(), E>,
) -> Result<Read, E> {
    let mut read =
        Read { counts: vec![Count::default(); questions.fields.len()], ..Read::default() };
    for (place, input) in inputs.into_iter().enumerate() {
        let Opened { name, layout, form, separator, line: first, rows } = input;
        let (mut part, mut rejects) = (fresh(), Vec::new());
        let mut own = InputRead {
            name: name.clone(),
            layout: layout.clone(),
            rows: 0,
            rejected: 0,
            footer: 0,
            sha256: None,
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(rows);
        let mut cells = csv::ByteRecord::new();
        while reader.read_byte_record(&mut cells).map_err(|error| failed(&name, error))? {
            let line = first + cells.position().map_or(1, csv::Position::line) - 1;
            if cells.len() != layout.columns.len() {
                own.rejected += 1;
                let why =
                    format!("it has {} cells, the header {}", cells.len(), layout.columns.len());
                let cells = cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
                rejects.push(Reject { input: place, line, why, cells: cells.collect() });
                continue;
            }
            own.rows += 1;
            let record = record(questions, &layout, &form, &cells);
            count(&mut read.counts, questions.fields, (&layout, &form), &cells);
            let row = Row {
                questions,
                layout: &layout,
                form: &form,
                input: place,
                line,
                cells: &cells,
                record,
            };
            take(&mut part, &row);
        }
        read.rows += own.rows;
        read.rejected += own.rejected;
        read.inputs.push(own);
        each(part, rejects)?;
    }
    Ok(read)
}

fn failed(input: &str, error: csv::Error) -> RecordsError {
    RecordsError::Read { input: input.to_owned(), source: std::io::Error::other(error) }
}

fn count(
    counts: &mut [Count],
    fields: &[Field],
    (layout, form): (&Layout, &Form),
    cells: &csv::ByteRecord,
) {
    for ((count, field), place) in counts.iter_mut().zip(fields).zip(&layout.places) {
        let Some(cell) = place.and_then(|place| cells.get(place)) else { continue };
        let text = String::from_utf8_lossy(cell);
        match read_cell(&text, field, form) {
            Cell::Unset => {}
            Cell::Unreadable(wanted) => {
                count.unreadable += 1;
                count.sample.get_or_insert_with(|| (text.into_owned(), wanted));
            }
            Cell::Value(value) => {
                count.set += 1;
                undeclared(count, field, &value);
            }
        }
    }
}

fn undeclared(count: &mut Count, field: &Field, value: &Value) {
    let closed = matches!(field.kind, FieldKind::Choice | FieldKind::Choices) && !field.open;
    let values = match value {
        Value::Text(text) if closed => std::slice::from_ref(text),
        Value::Values(values) if closed => values.as_slice(),
        _ => return,
    };
    for value in values.iter().filter(|value| !field.values.contains(value)) {
        *count.undeclared.entry(value.clone()).or_default() += 1;
    }
}
