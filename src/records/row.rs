//! One row: the answers to what was asked of it.

use super::cell::{Cell, read_cell};
use super::form::Form;
use super::layout::Layout;
use super::questions::{Asked, Questions, Slot, Table};
use super::rows::Cells;
use crate::criteria::{Record, Value};
use std::borrow::Cow;

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
    pub(super) questions: &'r Questions<'r>,
    pub(super) layout: &'r Layout,
    pub(super) form: &'r Form,
    pub(super) input: usize,
    pub(super) line: u64,
    pub(super) cells: &'r Cells,
    pub(super) record: Record,
}

impl Row<'_> {
    /// Which input it stands in, from zero.
    pub fn input(&self) -> usize {
        self.input
    }

    /// The line of the file it starts on, from one.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Whether a condition holds.
    pub fn holds(&self, asked: Asked) -> bool {
        let Some(program) = self.questions.programs.get(asked.0) else { return false };
        program.holds(0, &program.read(&self.record)).unwrap_or(false)
    }

    /// Where a routing table sends it.
    pub fn taken(&self, table: Table) -> Taken {
        let Some(rules) = self.questions.tables.get(table.0) else { return Taken::Outside };
        if rules.applies_to.is_some_and(|applies_to| !self.holds(applies_to)) {
            return Taken::Outside;
        }
        let first = rules.conditions.clone().position(|rule| self.holds(Asked(rule)));
        let place = first.and_then(|first| rules.places.get(first));
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
        let field = self.questions.slots.get(slot.0).and_then(|at| self.questions.fields.get(*at));
        field.map_or(Cell::Unset, |field| read_cell(&self.text(slot), field, self.form))
    }

    /// What is written in a field's cell.
    pub fn text(&self, slot: Slot) -> Cow<'_, str> {
        let at = self.questions.slots.get(slot.0).copied();
        let column = at.and_then(|at| self.layout.places.get(at).copied().flatten());
        let cell = column.and_then(|column| self.cells.get(column)).unwrap_or_default();
        String::from_utf8_lossy(cell)
    }

    /// What is written in a column of its input.
    pub fn written(&self, column: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.cells.get(column).unwrap_or_default())
    }

    /// Every field that is set.
    pub fn record(&self) -> Record {
        self.record.clone()
    }
}

pub(super) fn record(
    questions: &Questions<'_>,
    layout: &Layout,
    form: &Form,
    cells: &Cells,
) -> Record {
    let mut record = Record::new();
    for (field, place) in questions.fields.iter().zip(&layout.places) {
        let Some(cell) = place.and_then(|place| cells.get(place)) else { continue };
        if let Cell::Value(value) = read_cell(&String::from_utf8_lossy(cell), field, form) {
            record.set(field.path.clone(), value);
        }
    }
    record
}
