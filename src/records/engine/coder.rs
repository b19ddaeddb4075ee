//! The coder of a field: from the bytes of a cell to its code.

use super::codes::{Codes, Found};
use super::memo::Memo;
use super::number::Numbers;
use super::plan::{Asks, Plan, TOGETHER};
use super::text::{Missed, Texts};
use super::time::{Times, Written};
use crate::criteria::{FieldKind, Value};
use crate::records::cell::{Cell, read_cell};
use crate::records::field::Field;
use crate::records::form::Form;
use crate::records::scan::Count;
use crate::records::walk::said;
use jiff::Timestamp;

/// With more codes than this everything is forgotten, so that memory does not grow with the rows.
const MOST_CODES: usize = 1 << 14;

/// A class whose code is not known yet.
const UNKNOWN: u32 = u32::MAX;

/// Reads the cells of a field as codes.
pub(in crate::records) struct Coder<'q> {
    plan: &'q Plan,
    asks: &'q Asks,
    field: &'q Field,
    as_of: Timestamp,
    way: Way,
    memo: Memo,
    codes: Codes,
    unset: u32,
    /// What was counted, with the block in which the sample stands.
    count: Count,
    sampled: u64,
}

/// How cells are read that are rarely the same.
enum Way {
    /// As they are kept.
    Kept,
    Text(Box<Texts>),
    Number(Numbers, Vec<u32>),
    /// The codes of days stand before those of instants.
    Time(Times, Vec<u32>),
}

impl<'q> Coder<'q> {
    /// A coder of the field at a place.
    pub(in crate::records) fn new(
        plan: &'q Plan,
        (place, field): (usize, &'q Field),
        as_of: Timestamp,
    ) -> Option<Self> {
        let asks = plan.fields.get(place)?;
        let tests = asks.tests.iter().filter_map(|test| plan.tests.get(*test));
        let number = |whole| {
            Numbers::of(tests.clone(), whole).map(|numbers| {
                let codes = vec![UNKNOWN; numbers.classes()];
                Way::Number(numbers, codes)
            })
        };
        let way = match field.kind {
            FieldKind::Text | FieldKind::Reference => {
                Texts::of(&tests).map(|texts| Way::Text(Box::new(texts)))
            }
            FieldKind::Integer => number(true),
            FieldKind::Number | FieldKind::Money => number(false),
            FieldKind::Date | FieldKind::DateTime => {
                let times = Times::of(tests.clone(), as_of, field.kind == FieldKind::Date);
                let codes = vec![UNKNOWN; 2 * times.classes()];
                Some(Way::Time(times, codes))
            }
            FieldKind::Choice | FieldKind::Choices | FieldKind::Bool => None,
        };
        let (way, memo, codes) = (way.unwrap_or(Way::Kept), Memo::default(), Codes::default());
        let (count, sampled, unset) = (Count::default(), 0, 0);
        let mut coder = Self { plan, asks, field, as_of, way, memo, codes, unset, count, sampled };
        coder.begin();
        Some(coder)
    }

    /// The code of a field that is not set.
    pub(in crate::records) fn unset(&self) -> u32 {
        self.unset
    }

    /// Makes room if need be. Codes from before mean nothing then.
    pub(in crate::records) fn make_room(&mut self) {
        if self.codes.len() > MOST_CODES {
            self.codes.tell(&mut self.count);
            self.codes = Codes::default();
            self.forget();
            self.begin();
        }
    }

    fn begin(&mut self) {
        self.unset = self.number(Found::Unset, None);
    }

    /// Forgets what cells mean: they may mean something else in another input.
    pub(in crate::records) fn forget(&mut self) {
        self.memo.clear();
        match &mut self.way {
            Way::Kept => {}
            Way::Text(texts) => texts.clear(),
            Way::Number(_, codes) | Way::Time(_, codes) => codes.fill(UNKNOWN),
        }
    }

    /// Closes for some records, so many words of clauses each, what their codes do not leave open.
    pub(in crate::records) fn close(&self, codes: &[u32], open: &mut [u64]) {
        let Some((first, last)) = self.asks.words else { return };
        let words = self.plan.words;
        if words == 1 {
            for (code, open) in codes.iter().zip(open) {
                *open &= self.codes.open_word(*code);
            }
            return;
        }
        let own = self.codes.open_fours();
        let (open, _) = open.as_chunks_mut::<TOGETHER>();
        let fours = words / TOGETHER;
        for (code, open) in codes.iter().zip(open.chunks_exact_mut(fours)) {
            let start = (*code as usize).wrapping_mul(fours);
            let own = own.get(start.wrapping_add(first)..=start.wrapping_add(last));
            let open = open.get_mut(first..=last).unwrap_or_default();
            for (open, own) in open.iter_mut().zip(own.unwrap_or_default()) {
                open.iter_mut().zip(own).for_each(|(open, own)| *open &= own);
            }
        }
    }

    /// Finds the codes of cells as they are written, and counts them.
    pub(in crate::records) fn codes<'c>(
        &mut self,
        cells: impl Iterator<Item = &'c [u8]>,
        into: &mut [u32],
        (form, block): (&Form, u64),
    ) {
        for (cell, code) in cells.zip(into) {
            *code = self.code(cell, form, block);
            self.codes.count(*code);
        }
    }

    #[inline]
    fn code(&mut self, cell: &[u8], form: &Form, block: u64) -> u32 {
        match cell {
            [] => self.unset,
            [b'"', ..] => self.meaning(&said(cell), form, block),
            _ => self.meaning(cell, form, block),
        }
    }

    /// The code of what a cell says.
    #[inline]
    fn meaning(&mut self, written: &[u8], form: &Form, block: u64) -> u32 {
        let place = match &mut self.way {
            Way::Kept => None,
            Way::Text(texts) => {
                if texts.recalls()
                    && let Some(code) = self.memo.find(written)
                {
                    texts.recalled();
                    return code;
                }
                return self.text(written, form, block);
            }
            Way::Number(numbers, codes) => {
                let class = numbers.class(written, form.numbers.point);
                class.and_then(|class| Some((class, *codes.get(class)?)))
            }
            Way::Time(times, codes) => {
                let class = times.class(written, form).map(|written| match written {
                    Written::Day(class) => class,
                    Written::Instant(class) => class.wrapping_add(times.classes()),
                });
                class.and_then(|class| Some((class, *codes.get(class)?)))
            }
        };
        match place {
            Some((_, code)) if code != UNKNOWN => code,
            Some((place, _)) => self.classed(place, written, form, block),
            None => self.kept(written, form, block),
        }
    }

    /// The code of a class of which nothing was read yet.
    #[cold]
    fn classed(&mut self, place: usize, written: &[u8], form: &Form, block: u64) -> u32 {
        let code = self.read(written, form, block);
        if let Way::Number(_, codes) | Way::Time(_, codes) = &mut self.way {
            codes.get_mut(place).into_iter().for_each(|known| *known = code);
        }
        code
    }

    /// The code of a text, by the words that are found in it.
    fn text(&mut self, written: &[u8], form: &Form, block: u64) -> u32 {
        let Way::Text(texts) = &mut self.way else { return self.unset };
        if !texts.find(written) {
            return self.unset;
        }
        let (missed, known) = (texts.missed(), texts.code());
        let code = known.unwrap_or_else(|| self.read(written, form, block));
        if known.is_none()
            && let Way::Text(texts) = &mut self.way
        {
            texts.keep(code);
        }
        match missed {
            Missed::Keep => self.memo.keep(written, code),
            Missed::Pass => {}
            Missed::Forget => self.memo = Memo::default(),
        }
        code
    }

    /// The code that is kept for a cell, or is kept from now on.
    fn kept(&mut self, written: &[u8], form: &Form, block: u64) -> u32 {
        if let Some(code) = self.memo.find(written) {
            return code;
        }
        let code = self.read(written, form, block);
        self.memo.keep(written, code);
        code
    }

    /// Reads a cell and asks everything of its value.
    #[cold]
    fn read(&mut self, written: &[u8], form: &Form, block: u64) -> u32 {
        let text = String::from_utf8_lossy(written);
        match read_cell(&text, self.field, form) {
            Cell::Unset => self.unset,
            Cell::Unreadable(wanted) => {
                if self.count.sample.is_none() {
                    self.count.sample = Some((text.into_owned(), wanted));
                    self.sampled = block;
                }
                self.number(Found::Unreadable, None)
            }
            Cell::Value(value) => self.number(self.found(&value), Some(&value)),
        }
    }

    fn number(&mut self, found: Found, value: Option<&Value>) -> u32 {
        let tests = self.asks.tests.iter().filter_map(|test| self.plan.tests.get(*test));
        let answers: Vec<bool> = tests.map(|test| test.passes(value, self.as_of)).collect();
        self.codes.number(found, &answers, self.plan, self.asks)
    }

    fn found(&self, value: &Value) -> Found {
        let kind = self.field.kind;
        let closed = matches!(kind, FieldKind::Choice | FieldKind::Choices) && !self.field.open;
        let values = match value {
            Value::Text(text) if closed => std::slice::from_ref(text),
            Value::Values(values) if closed => values.as_slice(),
            _ => return Found::Value,
        };
        let undeclared = values.iter().filter(|value| !self.field.values.contains(value));
        let undeclared: Vec<String> = undeclared.map(|value| name_of(value)).collect();
        if undeclared.is_empty() { Found::Value } else { Found::Undeclared(undeclared) }
    }

    /// Whether a test passes for a code.
    pub(in crate::records) fn passes(&self, code: u32, test: usize) -> bool {
        self.codes.passes(code, test, self.asks.tests.len())
    }

    /// What was counted, with the block in which the sample stands.
    pub(in crate::records) fn counted(mut self) -> (u64, Count) {
        self.codes.tell(&mut self.count);
        (self.sampled, self.count)
    }
}

/// A value that is not declared is kept to its first so many letters.
const LONGEST_VALUE: usize = 200;

/// What a value that is not declared is called.
fn name_of(value: &str) -> String {
    match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}
