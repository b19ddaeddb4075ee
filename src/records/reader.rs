//! A reader: what one thread knows and keeps while it reads blocks.

use super::blocks::{Block, LONGEST};
use super::engine::Coder;
use super::index::{Index, Span};
use super::queue::Origin;
use super::row::{Row, Rows};
use super::scan::{Asking, Count, Head, Reject};
use super::walk::said;
use std::cell::Cell;

/// How many rows are read field by field before they are asked.
const ROWS: usize = 250;

/// So many bytes of a row that is too long are shown.
const SHOWN: usize = 100;

/// How many cells of a row that is no record are shown beyond those that the header names.
const MORE_CELLS: usize = 100;

/// Reads blocks.
pub(super) struct Reader<'q> {
    asking: &'q Asking<'q>,
    /// The coder of each field that is asked, or is to be counted.
    coders: Vec<Option<Coder<'q>>>,
    codes: Vec<u32>,
    index: Index,
    /// The input for which the coders know what cells mean.
    input: usize,
}

/// What came of a block.
pub(super) struct Done {
    /// The input, from zero.
    pub(super) input: usize,
    pub(super) rows: u64,
    pub(super) footer: u64,
    pub(super) rejects: Vec<Reject>,
}

impl<'q> Reader<'q> {
    /// A reader that has read nothing.
    pub(super) fn new(asking: &'q Asking<'q>) -> Self {
        let Asking { questions, plan, .. } = asking;
        let coder = |at, field| {
            let wanted = questions.all || plan.asks(at) || questions.slots.contains(&at);
            wanted.then(|| Coder::new(plan, (at, field), questions.as_of)).flatten()
        };
        let fields = questions.fields.iter().enumerate();
        let coders: Vec<_> = fields.map(|(at, field)| coder(at, field)).collect();
        let codes = vec![0; coders.len() * ROWS];
        Self { asking, coders, codes, index: Index::default(), input: 0 }
    }

    /// Reads a block, and takes each row of it that is a record.
    pub(super) fn read(
        &mut self,
        block: &Block,
        Origin { input, number }: Origin,
        mut take: impl FnMut(&Row<'_>),
    ) -> Done {
        let mut done = Done { input, rows: 0, footer: 0, rejects: Vec::new() };
        let Some(head) = self.asking.inputs.get(input) else { return done };
        let bytes = block.rows();
        if block.overlong {
            done.rejects.push(overlong(bytes, input, block.line));
            return done;
        }
        if std::mem::replace(&mut self.input, input) != input {
            self.coders.iter_mut().flatten().for_each(Coder::forget);
        }
        self.index.read(bytes, head.separator, block.regular);
        let line = Cell::new((0, block.line));
        self.leave_out(head, bytes, &line, &mut done);
        let rows = std::mem::take(&mut self.index.rows);
        done.rows = rows.len() as u64;
        for some in rows.chunks(ROWS) {
            self.code(head, (bytes, number), some);
            let rows = Rows {
                asking: self.asking,
                layout: &head.layout,
                form: &head.form,
                input,
                bytes,
                index: &self.index,
                coders: &self.coders,
                codes: &self.codes,
                each: ROWS,
                line: line.clone(),
            };
            for (at, span) in some.iter().enumerate() {
                take(&Row { rows: &rows, span: *span, at });
            }
            line.set(rows.line.get());
        }
        self.index.rows = rows;
        done
    }

    /// Finds the codes of some rows, field by field.
    fn code(&mut self, head: &Head, (bytes, block): (&[u8], u64), rows: &[Span]) {
        let fields = self.coders.iter_mut().zip(self.codes.chunks_mut(ROWS));
        for ((coder, codes), place) in fields.zip(&head.layout.places) {
            let Some(coder) = coder else { continue };
            coder.make_room();
            let Some(column) = place.and_then(|place| u32::try_from(place).ok()) else {
                codes.fill(coder.unset());
                continue;
            };
            for (row, code) in rows.iter().zip(codes) {
                *code = coder.code(self.index.cell(bytes, row, column), &head.form, block);
            }
        }
    }

    /// Leaves out the rows that are no records.
    fn leave_out(
        &mut self,
        head: &Head,
        bytes: &[u8],
        line: &Cell<(usize, u64)>,
        done: &mut Done,
    ) {
        let columns = head.layout.columns.len();
        let sound = bytes.is_ascii() || std::str::from_utf8(bytes).is_ok();
        let mut rows = std::mem::take(&mut self.index.rows);
        rows.retain(|row| {
            let why = if self.index.end(row) - row.start as usize > LONGEST {
                done.rejects.push(overlong(
                    bytes.get(row.start as usize..).unwrap_or_default(),
                    done.input,
                    line_of(line, bytes, row),
                ));
                return false;
            } else if row.cells as usize != columns {
                let cells = row.cells;
                format!("it has {cells} {}, the header {columns}", words(cells))
            } else if !sound && let Some(column) = self.damaged(head, bytes, row) {
                let header = head.layout.columns.get(column).map_or("", |at| at.header.as_str());
                format!("what it has in `{header}` is not text in UTF-8")
            } else {
                return true;
            };
            let shown = u32::try_from(columns + MORE_CELLS).unwrap_or(u32::MAX).min(row.cells);
            let cells = (0..shown).map(|column| {
                let cell = said(self.index.cell(bytes, row, column));
                String::from_utf8_lossy(&cell).into_owned()
            });
            let (input, line) = (done.input, line_of(line, bytes, row));
            done.rejects.push(Reject { input, line, why, cells: cells.collect() });
            false
        });
        self.index.rows = rows;
    }

    /// The first column of a field that is asked in which a row has no text.
    fn damaged(&self, head: &Head, bytes: &[u8], row: &Span) -> Option<usize> {
        let asked = self.coders.iter().zip(&head.layout.places);
        let columns = asked.filter(|(coder, _)| coder.is_some()).filter_map(|(_, place)| *place);
        let damaged = |column: &usize| {
            let column = u32::try_from(*column).unwrap_or(u32::MAX);
            std::str::from_utf8(self.index.cell(bytes, row, column)).is_err()
        };
        columns.filter(damaged).min()
    }

    /// What was counted of each field, and the block in which its sample stands.
    pub(super) fn counted(self) -> impl Iterator<Item = Option<(u64, Count)>> {
        self.coders.into_iter().map(|coder| coder.map(Coder::counted))
    }
}

fn words(cells: u32) -> &'static str {
    if cells == 1 { "cell" } else { "cells" }
}

/// The line a row starts on, counted on from the last that was asked.
pub(super) fn line_of(known: &Cell<(usize, u64)>, bytes: &[u8], row: &Span) -> u64 {
    let start = row.start as usize;
    let (place, line) = known.get();
    let (from, upto) = (place.min(start), place.max(start));
    let between = bytes.get(from..upto).unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', between).count() as u64;
    let line = if place <= start { line + lines } else { line.saturating_sub(lines) };
    known.set((start, line));
    line
}

fn overlong(row: &[u8], input: usize, line: u64) -> Reject {
    let shown = row.get(..SHOWN).unwrap_or(row);
    let why = format!("it is longer than {LONGEST} bytes");
    Reject { input, line, why, cells: vec![String::from_utf8_lossy(shown).into_owned()] }
}
