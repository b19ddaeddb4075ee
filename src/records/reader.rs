//! A reader: what one thread knows and keeps while it reads blocks.

use super::blocks::Block;
use super::closing::{may_be_total, misfit, total};
use super::engine::{Coder, left_open};
use super::index::{Index, Span};
use super::input::Notation;
use super::layout::Meaning;
use super::queue::Ticket;
use super::row::{Batch, Row};
use super::rows::LONGEST_ROW;
use super::scan::{Count, Head, Inquiry, Reject};
use super::walk::said;
use std::cell::Cell;

/// How many rows are read field by field before they are asked, where conditions are few.
const ROWS: usize = 250;

/// So many words of clauses are held at once.
const WORDS: usize = 1 << 13;

/// Why the last row of a file is no record where a quote in it is never closed.
const OPEN: &str =
    "a quote in it is never closed: whatever stands behind it is taken for a part of it";

/// Why a row of sums is no record.
const TOTAL: &str = "it is a total of a report";

/// Why a header further down is no record.
const HEADER: &str = "it is the header again: files were put one behind the other";

/// How many cells of a row that is no record are kept beyond those that the header names.
const MORE_CELLS: usize = 100;

/// Reads blocks.
pub(super) struct Reader<'q> {
    inquiry: &'q Inquiry<'q>,
    /// The coder of each field that is asked, or is to be counted.
    coders: Vec<Option<Coder<'q>>>,
    codes: Vec<u32>,
    /// How many rows are read field by field before they are asked.
    each: usize,
    /// The clauses that each of them leaves open.
    open: Vec<u64>,
    /// The words of those that have any.
    some: Vec<u64>,
    index: Index,
    /// The input for which the coders know what cells mean.
    input: usize,
}

/// What came of a block.
pub(super) struct Done {
    /// The input, from zero.
    pub(super) input: usize,
    pub(super) rows: u64,
    /// How many rows hold nothing at all.
    pub(super) blank: u64,
    /// The line of the last record.
    pub(super) last: Option<u64>,
    pub(super) rejects: Vec<Reject>,
}

impl<'q> Reader<'q> {
    /// A reader that has read nothing.
    pub(super) fn new(inquiry: &'q Inquiry<'q>) -> Self {
        let Inquiry { questions, plan, .. } = inquiry;
        let coder = |at, field| {
            let wanted = questions.all || plan.asks(at) || questions.slots.contains(&at);
            wanted.then(|| Coder::new(plan, (at, field), questions.as_of)).flatten()
        };
        let fields = questions.fields.iter().enumerate();
        let coders: Vec<_> = fields.map(|(at, field)| coder(at, field)).collect();
        let each = (WORDS / plan.words.max(1)).clamp(8, ROWS);
        let (codes, open) = (vec![0; coders.len() * each], vec![0; plan.words * each]);
        let some = vec![0; plan.words.div_ceil(64) * each];
        Self { inquiry, coders, codes, each, open, some, index: Index::default(), input: 0 }
    }

    /// Reads a block, and takes each row of it that is a record.
    pub(super) fn read(
        &mut self,
        block: &Block,
        Ticket { input, number }: Ticket,
        mut take: impl FnMut(&Row<'_>),
    ) -> Done {
        let mut done = Done { input, rows: 0, blank: 0, last: None, rejects: Vec::new() };
        let Some(head) = self.inquiry.inputs.get(input) else { return done };
        let bytes = block.rows();
        if block.overlong {
            done.rejects.push(overlong(head, input, block.line));
            return done;
        }
        if std::mem::replace(&mut self.input, input) != input {
            self.coders.iter_mut().flatten().for_each(Coder::forget);
        }
        self.index.read(block, head.separator);
        let line = Cell::new((0, block.line));
        self.leave_out(head, bytes, &line, &mut done);
        let rows = std::mem::take(&mut self.index.rows);
        done.rows = rows.len() as u64;
        // Where nothing was left out, any record of the block comes behind what was before.
        let last = if done.rejects.is_empty() { rows.first() } else { rows.last() };
        done.last = last.map(|row| line_of(&line, bytes, row));
        for some in rows.chunks(self.each) {
            self.code(head, (bytes, number), some);
            let batch = Batch {
                inquiry: self.inquiry,
                layout: &head.layout,
                form: &head.form,
                input,
                bytes,
                index: &self.index,
                coders: &self.coders,
                codes: &self.codes,
                each: self.each,
                open: &self.open,
                some: &self.some,
                line: line.clone(),
            };
            for (at, span) in some.iter().enumerate() {
                take(&Row::new(&batch, *span, at));
            }
            line.set(batch.line.get());
        }
        self.index.rows = rows;
        done
    }

    /// Finds the codes of some rows, field by field, and what they leave open.
    fn code(&mut self, head: &Head, (bytes, block): (&[u8], u64), rows: &[Span]) {
        let fields = self.coders.iter_mut().zip(self.codes.chunks_mut(self.each));
        for ((coder, codes), place) in fields.zip(&head.layout.places) {
            let Some(coder) = coder else { continue };
            coder.make_room();
            let Some(column) = place.and_then(|place| u32::try_from(place).ok()) else {
                codes.fill(coder.unset());
                continue;
            };
            let cells = rows.iter().map(|row| self.index.stretch(bytes, row, column));
            let codes = codes.get_mut(..rows.len()).unwrap_or_default();
            coder.codes(cells, codes, (&head.form, block));
        }
        let fields = self.coders.iter().zip(self.codes.chunks(self.each));
        let fields = fields.filter_map(|(coder, codes)| coder.as_ref()?.closes(codes));
        let words = self.inquiry.plan.words;
        let open = self.open.get_mut(..rows.len() * words).unwrap_or_default();
        let some = self.some.get_mut(..rows.len() * words.div_ceil(64)).unwrap_or_default();
        left_open(&fields.collect::<Vec<_>>(), words, open, some);
    }

    /// Leaves out the rows that are no records.
    fn leave_out(&mut self, head: &Head, bytes: &[u8], line: &Cell<(usize, u64)>, done: &mut Done) {
        let columns = head.layout.columns.len();
        let mut rows = std::mem::take(&mut self.index.rows);
        let open = rows.last().filter(|_| self.index.open).map(|row| row.start);
        rows.retain(|row| {
            let is_long = self.index.end(row) - row.start as usize > LONGEST_ROW;
            let (is_open, fits) = (open == Some(row.start), row.cells as usize == columns);
            let is_total = !is_long && fits && self.is_total(bytes, row, head);
            let is_header = !is_long && fits && self.is_header(bytes, row, head);
            if !is_long && fits && !is_open && !is_total && !is_header {
                let is_blank = self.is_blank(bytes, row);
                done.blank += u64::from(is_blank);
                return !is_blank;
            }
            let (input, line) = (done.input, line_of(line, bytes, row));
            let mut reject = if is_long {
                overlong(head, input, line)
            } else {
                self.misfit(bytes, row, columns, (input, line))
            };
            if is_open && !is_long {
                OPEN.clone_into(&mut reject.why);
            } else if is_total {
                TOTAL.clone_into(&mut reject.why);
            } else if is_header {
                HEADER.clone_into(&mut reject.why);
            }
            done.rejects.push(reject);
            false
        });
        self.index.rows = rows;
    }

    /// Whether a row holds the sums of a report: there are none among the objects of JSON, and none
    /// stands below a field that holds anything but numbers.
    fn is_total(&self, bytes: &[u8], row: &Span, head: &Head) -> bool {
        let written = bytes.get(row.start as usize..self.index.end(row)).unwrap_or_default();
        if head.origin.notation == Notation::JsonLines || !may_be_total(written, head.separator) {
            return false;
        }
        let cells = (0..row.cells).map(|column| said(self.index.cell(bytes, row, column)));
        let cells: Vec<String> =
            cells.map(|cell| String::from_utf8_lossy(&cell).into_owned()).collect();
        total(&cells, |at| match head.layout.columns.get(at).map(|column| &column.meaning) {
            Some(Meaning::Field(field, _)) => {
                let kind = self.inquiry.questions.fields.get(*field).map(|field| field.kind);
                kind.is_none_or(|kind| kind.is_ordered() && !kind.is_time())
            }
            _ => true,
        })
    }

    /// Whether a row is the header of its input.
    fn is_header(&self, bytes: &[u8], row: &Span, head: &Head) -> bool {
        let columns = &head.layout.columns;
        let first = columns.first().and_then(|column| column.header.as_bytes().first());
        // Most records begin with another letter.
        let begins = bytes.get(row.start as usize);
        begins.is_some_and(|begins| Some(begins) == first || *begins == b'"')
            && (0..row.cells).zip(columns).all(|(at, column)| {
                let cell = said(self.index.cell(bytes, row, at));
                String::from_utf8_lossy(&cell).trim() == column.header.trim()
            })
    }

    /// Whether nothing stands in any cell of a row.
    fn is_blank(&self, bytes: &[u8], row: &Span) -> bool {
        let written = bytes.get(row.start as usize..self.index.end(row)).unwrap_or_default();
        // Most rows are told from blank ones by their first letter.
        !written.first().is_some_and(u8::is_ascii_alphanumeric)
            && (0..row.cells).all(|column| {
                said(self.index.cell(bytes, row, column)).iter().all(u8::is_ascii_whitespace)
            })
    }

    fn misfit(
        &self,
        bytes: &[u8],
        row: &Span,
        columns: usize,
        (input, line): (usize, u64),
    ) -> Reject {
        let most = u32::try_from(columns + MORE_CELLS).unwrap_or(u32::MAX);
        let cells = (0..row.cells.min(most)).map(|column| {
            let cell = said(self.index.cell(bytes, row, column));
            String::from_utf8_lossy(&cell).into_owned()
        });
        let (mut why, cells) = misfit(cells.collect(), columns);
        if row.cells > most {
            why = format!("it has {} cells, the header {columns}", row.cells);
        }
        Reject { input, line, why, cells }
    }

    /// What was counted of each field, and the block in which its sample stands.
    pub(super) fn counted(self) -> impl Iterator<Item = Option<(u64, Count)>> {
        self.coders.into_iter().map(|coder| coder.map(Coder::counted))
    }
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

fn overlong(head: &Head, input: usize, line: u64) -> Reject {
    let (why, cells) = misfit(Vec::new(), head.layout.columns.len());
    Reject { input, line, why, cells }
}
