//! Rows of CSV, byte by byte: what quotes mean wherever they stand, and what a cell says.

use std::borrow::Cow;

/// Where a walk over the bytes of CSV is. A quote opens a cell only at its beginning, as the `csv`
/// crate has it, and what follows a closing quote belongs to the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    /// Before a row: the ends of lines are no row.
    Before,
    /// At the beginning of a cell.
    Fresh,
    /// In a cell without quotes, or behind them.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that ends the cell, or stands for itself with another one.
    Closed,
}

/// What a byte ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Cell,
    Row,
}

impl Walk {
    /// Takes a step.
    pub(super) fn step(&mut self, byte: u8, separator: u8) -> Option<Ends> {
        let end_of_line = matches!(byte, b'\n' | b'\r');
        *self = match *self {
            Self::Before if end_of_line => return None,
            Self::Before | Self::Fresh | Self::Closed if byte == b'"' => Self::Quoted,
            Self::Quoted => {
                if byte == b'"' {
                    *self = Self::Closed;
                }
                return None;
            }
            _ if byte == separator => {
                *self = Self::Fresh;
                return Some(Ends::Cell);
            }
            _ if end_of_line => {
                *self = Self::Before;
                return Some(Ends::Row);
            }
            _ => Self::Plain,
        };
        None
    }
}

/// What a cell says, without the quotes around it.
#[inline]
pub(super) fn said(cell: &[u8]) -> Cow<'_, [u8]> {
    match cell {
        [b'"', inner @ .., b'"'] if memchr::memchr(b'"', inner).is_none() => Cow::Borrowed(inner),
        [b'"', ..] => Cow::Owned(unquoted(cell)),
        _ => Cow::Borrowed(cell),
    }
}

fn unquoted(cell: &[u8]) -> Vec<u8> {
    let mut said = Vec::with_capacity(cell.len());
    let mut walk = Walk::Fresh;
    for byte in cell {
        let before = walk;
        // Within a cell nothing separates but quotes.
        walk = match (before, *byte) {
            (Walk::Quoted, b'"') => Walk::Closed,
            (Walk::Fresh | Walk::Closed, b'"') | (Walk::Quoted, _) => Walk::Quoted,
            _ => Walk::Plain,
        };
        let is_sign = walk == Walk::Closed || before == Walk::Fresh && walk == Walk::Quoted;
        if !is_sign {
            said.push(*byte);
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cells_are_those_of_the_csv_crate(
            bytes in prop::collection::vec(prop::sample::select(b"a,\"\n\r\0 ".to_vec()), 0..40),
        ) {
            let mut rows: Vec<Vec<Vec<u8>>> = Vec::new();
            let (mut row, mut cell, mut walk) = (Vec::new(), Vec::new(), Walk::Before);
            for byte in &bytes {
                match walk.step(*byte, b',') {
                    Some(ends) => {
                        row.push(said(&std::mem::take(&mut cell)).into_owned());
                        if ends == Ends::Row {
                            rows.push(std::mem::take(&mut row));
                        }
                    }
                    None if walk == Walk::Before => {}
                    None => cell.push(*byte),
                }
            }
            if walk != Walk::Before {
                row.push(said(&cell).into_owned());
                rows.push(row);
            }
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(bytes.as_slice());
            let expected: Vec<Vec<Vec<u8>>> = reader
                .byte_records()
                .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
                .collect();
            prop_assert_eq!(rows, expected);
        }
    }
}
