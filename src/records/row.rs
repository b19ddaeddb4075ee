//! One row: the answers to what was asked of it.

use super::cell::{Cell, read_cell};
use super::engine::{Coder, Meanings};
use super::field::Field;
use super::form::Form;
use super::index::{Index, Span};
use super::layout::Layout;
use super::questions::{Asked, Slot, Table};
use super::reader::line_of;
use super::scan::Inquiry;
use super::walk::said;
use crate::criteria::{Record, Value};
use std::borrow::Cow;
use std::cell::Cell as Kept;

/// Where a routing table sends a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Taken {
    /// The table is not about it.
    Outside,
    /// The rule at this place takes it.
    Rule(usize),
    /// No rule takes it.
    Default,
}

/// A record as it stands in an input, before the questions.
pub struct Row<'r> {
    pub(super) batch: &'r Batch<'r>,
    pub(super) span: Span,
    /// Which of the rows whose codes are known it is.
    pub(super) at: usize,
    /// The clauses it leaves open, in words, and which of them have any.
    open: &'r [u64],
    some: &'r [u64],
}

/// Some rows of a block, and what their cells come to.
pub(super) struct Batch<'r> {
    pub(super) inquiry: &'r Inquiry<'r>,
    pub(super) layout: &'r Layout,
    pub(super) form: &'r Form,
    pub(super) input: usize,
    pub(super) bytes: &'r [u8],
    pub(super) index: &'r Index,
    /// The coder of each field of which something is asked, by its place.
    pub(super) coders: &'r [Option<Coder<'r>>],
    /// The codes of each field, so many in a row.
    pub(super) codes: &'r [u32],
    pub(super) each: usize,
    /// The clauses that each record leaves open, so many words in a row.
    pub(super) open: &'r [u64],
    /// Which of those words have any.
    pub(super) some: &'r [u64],
    /// A place in the block, and the line that it stands on.
    pub(super) line: Kept<(usize, u64)>,
}

impl<'r> Row<'r> {
    /// The row of a batch at a place.
    #[inline]
    pub(super) fn new(batch: &'r Batch<'r>, span: Span, at: usize) -> Self {
        let words = batch.inquiry.plan.words;
        let own = |of: &'r [u64], words: usize| {
            of.get(at.wrapping_mul(words)..).and_then(|of| of.get(..words)).unwrap_or_default()
        };
        let (open, some) = (own(batch.open, words), own(batch.some, words.div_ceil(64)));
        Self { batch, span, at, open, some }
    }

    /// Which input it stands in, from zero.
    pub fn input(&self) -> usize {
        self.batch.input
    }

    /// The line of the file it starts on, from one.
    pub fn line(&self) -> u64 {
        line_of(&self.batch.line, self.batch.bytes, &self.span)
    }

    /// Whether a condition holds.
    pub fn holds(&self, asked: Asked) -> bool {
        self.batch.inquiry.plan.holds(asked.0, self)
    }

    /// Where a routing table sends it.
    pub fn taken(&self, table: Table) -> Taken {
        let inquiry = self.batch.inquiry;
        let lists = inquiry.questions.tables.get(table.0).zip(inquiry.lists.get(table.0));
        let Some((rules, list)) = lists else { return Taken::Outside };
        if rules.applies_to.is_some_and(|applies_to| !self.holds(applies_to)) {
            return Taken::Outside;
        }
        let place = inquiry.plan.first(list, self).and_then(|first| rules.places.get(first));
        place.map_or(Taken::Default, |place| Taken::Rule(*place))
    }

    /// What a field holds; nothing where it is not set or cannot be read.
    pub fn value(&self, slot: Slot) -> Option<Value> {
        match self.cell(slot) {
            Cell::Value(value) => Some(value),
            Cell::Unset | Cell::Unreadable(_) => None,
        }
    }

    /// What a field's cell holds.
    pub fn cell(&self, slot: Slot) -> Cell {
        let questions = self.batch.inquiry.questions;
        let field = questions.slots.get(slot.0).and_then(|at| questions.fields.get(*at));
        field.map_or(Cell::Unset, |field| read_cell(&self.text(slot), field, self.batch.form))
    }

    /// How what is written in it is read.
    pub(super) fn form(&self) -> &Form {
        self.batch.form
    }

    /// What is written in a field's cell.
    pub fn text(&self, slot: Slot) -> Cow<'_, str> {
        let at = self.batch.inquiry.questions.slots.get(slot.0);
        at.map_or(Cow::Borrowed(""), |at| self.of_field(*at))
    }

    /// Every field that is set.
    pub fn record(&self) -> Record {
        let mut record = Record::new();
        let fields = self.batch.inquiry.questions.fields.iter();
        let set = |(field, (_, text)): (&Field, (usize, Cow<'_, str>))| {
            if let Cell::Value(value) = read_cell(&text, field, self.batch.form) {
                record.set(field.path.clone(), value);
            }
        };
        fields.zip(self.cells()).for_each(set);
        record
    }

    /// What is written in the cell of every field, by the field's place.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
        let fields = 0..self.batch.inquiry.questions.fields.len();
        fields.map(|at| (at, self.of_field(at)))
    }

    /// What is written in the cell of the field at a place.
    fn of_field(&self, field: usize) -> Cow<'_, str> {
        let column = self.batch.layout.places.get(field).copied().flatten();
        column.map_or(Cow::Borrowed(""), |column| self.written(column))
    }

    /// What is written in a column of its input.
    pub fn written(&self, column: usize) -> Cow<'_, str> {
        let Batch { index, bytes, .. } = self.batch;
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        match said(index.cell(bytes, &self.span, column)) {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }
}

impl Meanings for Row<'_> {
    #[inline]
    fn open(&self) -> &[u64] {
        self.open
    }

    #[inline]
    fn some(&self) -> &[u64] {
        self.some
    }

    fn passes(&self, field: usize, test: usize) -> bool {
        let Batch { coders, codes, each, .. } = self.batch;
        let code = codes.get(field * each + self.at).copied();
        let coder = coders.get(field).and_then(Option::as_ref);
        coder.zip(code).is_some_and(|(coder, code)| coder.passes(code, test))
    }
}
