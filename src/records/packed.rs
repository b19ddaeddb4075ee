//! A record as it is written, in little room, for those that must wait to be judged.

use super::cell::{Cell, read_cell};
use super::field::Field;
use super::form::Form;
use super::row::Row;
use crate::criteria::Record;

/// What is written in the cells of a row, of those in which something is.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    input: usize,
    /// Cell by cell the place of its field, its length, and its text.
    cells: Box<[u8]>,
}

impl Packed {
    /// A row of which the questions ask for some fields.
    pub fn of(row: &Row<'_>) -> Self {
        let mut cells = Vec::new();
        for (field, text) in row.cells() {
            let text = text.trim();
            let (place, length) = (u32::try_from(field), u32::try_from(text.len()));
            if let (false, Ok(place), Ok(length)) = (text.is_empty(), place, length) {
                cells.extend(place.to_le_bytes());
                cells.extend(length.to_le_bytes());
                cells.extend(text.as_bytes());
            }
        }
        Self { input: row.input(), cells: cells.into() }
    }

    /// The record that [`Row::record`] gives, by the same fields and the form of each input.
    pub fn record(&self, fields: &[Field], forms: &[Form]) -> Record {
        let mut record = Record::new();
        let Some(form) = forms.get(self.input) else { return record };
        let mut rest = &*self.cells;
        while let Some((place, length, behind)) = head(rest) {
            let Some((text, behind)) = behind.split_at_checked(length) else { break };
            rest = behind;
            let Some(field) = fields.get(place) else { continue };
            let text = String::from_utf8_lossy(text);
            if let Cell::Value(value) = read_cell(&text, field, form) {
                record.set(field.path.clone(), value);
            }
        }
        record
    }
}

/// The place of a field, the length of what is written in its cell, and all that stands behind them.
fn head(bytes: &[u8]) -> Option<(usize, usize, &[u8])> {
    let (place, rest) = bytes.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let number = |bytes: &[u8; 4]| usize::try_from(u32::from_le_bytes(*bytes)).ok();
    Some((number(place)?, number(length)?, rest))
}
