//! The scan: every row of every input, put to the questions.

use super::cell::{Cell, read_cell};
use super::closing::{Closing, misfit};
use super::field::Field;
use super::form::Form;
use super::input::{Opened, Origin, RecordsError};
use super::layout::Layout;
use super::questions::Questions;
use super::row::{Row, record};
use super::rows::{Cells, Rows};
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
    /// How many rows are a report's own words below the records, or hold nothing at all.
    pub footer: u64,
    /// The SHA-256 of its bytes as they are stored, in hexadecimal, where it was asked for.
    pub sha256: Option<String>,
    /// What it was before it became rows.
    pub origin: Origin,
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
        let Opened { name, layout, form, separator, line: first, rows, origin } = input;
        let (mut part, mut rejects, mut last) = (fresh(), Vec::new(), None);
        let (mut records, mut blank) = (0, 0);
        let mut rows = Rows::new(rows, separator);
        let mut cells = Cells::default();
        while rows.read(&mut cells).map_err(|source| stopped(&name, records, source))? {
            let line = first + cells.line();
            if cells.len() != layout.columns.len() {
                let (why, cells) = misfit(cells.texts(), layout.columns.len());
                rejects.push(Reject { input: place, line, why, cells });
                continue;
            }
            if cells.is_blank() {
                blank += 1;
                continue;
            }
            (records, last) = (records + 1, Some(line));
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
        let mut closing = Closing::default();
        let mut rejects = closing.block(rejects, last);
        let (more, footer) = closing.end();
        rejects.extend(more);
        let rejected = rejects.len() as u64;
        let sha256 = origin.digest.hex();
        let footer = footer + blank;
        read.inputs.push(InputRead {
            name,
            layout,
            rows: records,
            rejected,
            footer,
            sha256,
            origin,
        });
        read.rows += records;
        read.rejected += rejected;
        each(part, rejects)?;
    }
    Ok(read)
}

fn stopped(input: &str, rows: u64, source: std::io::Error) -> RecordsError {
    RecordsError::Stopped { input: input.to_owned(), rows, source }
}

fn count(counts: &mut [Count], fields: &[Field], (layout, form): (&Layout, &Form), cells: &Cells) {
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
