//! The answers the plain way: rows from the `csv` crate, records from `read_cell`, and the ordinary
//! evaluator.

use super::super::walk::{Ends, Walk};
use super::super::{
    Cell, Count, Field, Form, Input, Layout, Opened, Pace, Packed, Questions, Read, RecordsError,
    Reject, Row, Taken, open, read_cell, scan,
};
use super::draws::{AS_OF, Export};
use crate::criteria::{Expr, FieldKind, Record, Value, evaluate};
use crate::load::{ModelScope, Router};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io;

/// What is said about a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) line: u64,
    pub(super) holds: Vec<bool>,
    pub(super) taken: Vec<Taken>,
    pub(super) cells: Vec<Cell>,
    pub(super) record: Record,
}

/// What is said about an export.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct All {
    pub(super) rows: Vec<Said>,
    /// The lines of the rows that are no records.
    pub(super) rejects: Vec<(u64, Vec<String>)>,
    pub(super) counts: Vec<Count>,
}

/// Models and conditions.
pub(super) struct Asked<'a> {
    pub(super) fields: &'a [Field],
    pub(super) scopes: &'a [ModelScope<'a>],
    pub(super) routers: &'a [Router<'a, 'a>],
    pub(super) exprs: &'a [Expr],
    pub(super) form: &'a Form,
}

pub(super) fn as_of() -> Timestamp {
    Timestamp::from_second(AS_OF).unwrap()
}

impl Asked<'_> {
    /// The answers the plain way.
    pub(super) fn plainly(&self, export: &Export) -> All {
        let layout = Layout::of(export.header.clone(), self.fields, None);
        let mut all = All {
            rows: Vec::new(),
            rejects: Vec::new(),
            counts: vec![Count::default(); self.fields.len()],
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(io::Read::chain(&b"x\n"[..], export.rows.as_slice()));
        let mut cells = csv::ByteRecord::new();
        // The reader would take a byte order mark away if the rows began with one.
        assert!(reader.read_byte_record(&mut cells).unwrap());
        while reader.read_byte_record(&mut cells).unwrap() {
            let mut start = usize::try_from(cells.position().unwrap().byte() - 2).unwrap();
            let blank = |at: &usize| matches!(export.rows[*at], b'\n' | b'\r');
            start += (start..export.rows.len()).take_while(blank).count();
            let ends = memchr::memchr_iter(b'\n', &export.rows[..start]).count();
            let line = 2 + u64::try_from(ends).unwrap();
            // A row that the file ends in is none.
            let written = export.rows.get(start..).unwrap_or_default();
            let mut walk = Walk::Before;
            let ends = written.iter().any(|byte| walk.step(*byte, b',') == Some(Ends::Row));
            let is_open = !ends && walk == Walk::Quoted;
            if cells.len() != layout.columns.len() || is_open {
                let cells = cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
                all.rejects.push((line, cells.collect()));
                continue;
            }
            if cells.iter().all(|cell| cell.iter().all(u8::is_ascii_whitespace)) {
                continue;
            }
            let text = |field: usize| {
                let cell = layout.places[field].map_or(&b""[..], |at| &cells[at]);
                String::from_utf8_lossy(cell).into_owned()
            };
            let fields = self.fields.iter().enumerate();
            let read = fields.map(|(at, field)| read_cell(&text(at), field, self.form));
            let read: Vec<Cell> = read.collect();
            let mut record = Record::new();
            for (at, (cell, field)) in read.iter().zip(self.fields).enumerate() {
                count(&mut all.counts[at], field, cell, &text(at));
                if let Cell::Value(value) = cell {
                    record.set(field.path.clone(), value.clone());
                }
            }
            let each = self.scopes.iter().flat_map(|scope| {
                let record = &record;
                self.exprs
                    .iter()
                    .map(move |expr| evaluate(expr, record, "lead", scope, as_of()).unwrap())
            });
            let holds = each.collect();
            let taken = self.routers.iter().map(|router| taken(router, &record)).collect();
            all.rows.push(Said { line, holds, taken, cells: read, record });
        }
        all
    }

    /// The answers of the engine.
    pub(super) fn quickly(&self, export: &Export, threads: usize, size: usize) -> All {
        let mut questions = Questions::new("lead", self.fields, as_of());
        let mut conditions = Vec::new();
        for scope in self.scopes {
            for expr in self.exprs {
                conditions.push(questions.condition(scope, expr).unwrap());
            }
        }
        let tables: Vec<_> =
            self.routers.iter().map(|router| questions.table(router).unwrap()).collect();
        let slots: Vec<_> =
            self.fields.iter().map(|field| questions.field(&field.path).unwrap()).collect();
        let said = |rows: &mut Vec<Said>, row: &Row<'_>| {
            let forms = std::slice::from_ref(self.form);
            assert_eq!(Packed::of(row).record(self.fields, forms), row.record());
            rows.push(Said {
                line: row.line(),
                holds: conditions.iter().map(|asked| row.holds(*asked)).collect(),
                taken: tables.iter().map(|table| row.taken(*table)).collect(),
                cells: slots.iter().map(|slot| row.cell(*slot)).collect(),
                record: row.record(),
            });
        };
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        let each = |part: Vec<Said>, rejected: Vec<Reject>| -> Result<(), RecordsError> {
            rows.extend(part);
            rejects.extend(rejected.into_iter().map(|reject| (reject.line, reject.cells)));
            Ok(())
        };
        let inputs = vec![opened(export, self.fields, self.form)];
        let read = scan(
            inputs,
            &questions,
            Pace { threads, size, past_breaks: false },
            Vec::new,
            said,
            each,
        )
        .unwrap();
        let Read { counts, rows: count, rejected, .. } = read;
        assert_eq!((count, rejected), (rows.len() as u64, rejects.len() as u64));
        All { rows, rejects, counts }
    }
}

/// An export as an input: what an empty one is, with its rows in place of none.
pub(super) fn opened<'e>(export: &'e Export, fields: &[Field], form: &Form) -> Opened<'e> {
    let bytes = Box::new(&b"id\n"[..]);
    let name = "leads.csv".to_owned();
    let empty = Input { name, bytes, again: None, hash: false, separator: None };
    Opened {
        layout: Layout::of(export.header.clone(), fields, None),
        form: form.clone(),
        separator: b',',
        line: 2,
        rows: Box::new(Drops(&export.rows)),
        ..open(empty, fields, None, form).unwrap()
    }
}

/// Bytes that come a few at a time.
struct Drops<'b>(&'b [u8]);

impl io::Read for Drops<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let some = to.len().min(37);
        io::Read::read(&mut self.0, &mut to[..some])
    }
}

fn taken(router: &Router<'_, '_>, record: &Record) -> Taken {
    let Some(outcome) = router.route(record, as_of()).unwrap() else { return Taken::Outside };
    let place = outcome.rule.strip_prefix('r').and_then(|place| place.parse().ok());
    place.map_or(Taken::Default, Taken::Rule)
}

fn count(count: &mut Count, field: &Field, cell: &Cell, text: &str) {
    let closed = matches!(field.kind, FieldKind::Choice | FieldKind::Choices) && !field.open;
    let values = match cell {
        Cell::Unset => return,
        Cell::Unreadable(wanted) => {
            count.unreadable += 1;
            count.sample.get_or_insert_with(|| (text.to_owned(), *wanted));
            return;
        }
        Cell::Value(Value::Text(text)) if closed => std::slice::from_ref(text),
        Cell::Value(Value::Values(values)) if closed => values.as_slice(),
        Cell::Value(_) => &[],
    };
    count.set += 1;
    let mut undeclared = BTreeMap::new();
    for value in values.iter().filter(|value| !field.values.contains(value)) {
        *undeclared.entry(value.clone()).or_insert(0) += 1;
    }
    for (value, times) in undeclared {
        *count.undeclared.entry(value).or_default() += times;
    }
}
