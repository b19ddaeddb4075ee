//! The coder of a field: from the bytes of a cell to its code.
#![expect(clippy::inline_always, reason = "a cell costs as little as a call")]

use super::codes::{Codes, Found};
use super::digits::{DAYS, place_of_day};
use super::memo::Memo;
use super::number::Numbers;
use super::open::Closes;
use super::plan::{Asks, Plan};
use super::text::{Missed, Texts};
use super::time::{Times, Written};
use crate::criteria::{FieldKind, Value};
use crate::records::cell::{Cell, read_cell};
use crate::records::field::Field;
use crate::records::form::Form;
use crate::records::scan::Count;
use crate::records::stretch::Stretch;
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
    /// By the class of what is written, each with its code.
    Classes(Classes, Vec<u32>),
}

/// Classes of what is written plainly, which are the same to every test.
enum Classes {
    Number(Numbers),
    /// With the codes of days by their place, each with one added; zero where it is not known.
    Day(Times, Vec<u32>),
    /// The days stand before the instants.
    Time(Times),
}

impl Classes {
    #[inline]
    fn class(&self, written: Stretch<'_>, form: &Form) -> Option<usize> {
        match self {
            Self::Number(numbers) => numbers.class(written, form.numbers.point),
            Self::Day(times, _) | Self::Time(times) => {
                times.class(written.bytes(), form).map(|written| match written {
                    Written::Day(class) => class,
                    Written::Instant(class) => class.wrapping_add(times.classes()),
                })
            }
        }
    }
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
                Way::Classes(Classes::Number(numbers), codes)
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
                let is_day = field.kind == FieldKind::Date;
                let day = |times| Classes::Day(times, vec![0; DAYS]);
                let classes = if is_day { day(times) } else { Classes::Time(times) };
                Some(Way::Classes(classes, codes))
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
            Way::Classes(classes, codes) => {
                codes.fill(UNKNOWN);
                if let Classes::Day(_, days) = classes {
                    *days = vec![0; DAYS];
                }
            }
        }
    }

    /// What some codes close; nothing where none closes any.
    pub(in crate::records) fn closes<'c>(&'c self, codes: &'c [u32]) -> Option<Closes<'c>> {
        (!self.asks.closes.is_empty()).then(|| Closes { open: self.codes.open(), codes })
    }

    /// Finds the codes of cells as they are written, and counts them.
    pub(in crate::records) fn codes<'c>(
        &mut self,
        cells: impl Iterator<Item = Stretch<'c>>,
        into: &mut [u32],
        at: (&Form, u64),
    ) {
        let each = cells.zip(into.iter_mut());
        match &self.way {
            Way::Kept => each.for_each(|(cell, code)| *code = self.kept(cell, at)),
            Way::Classes(Classes::Day(..), _) => {
                each.for_each(|(cell, code)| *code = self.day(cell, at));
            }
            Way::Text(_) => each.for_each(|(cell, code)| *code = self.text(cell, at)),
            Way::Classes(..) => each.for_each(|(cell, code)| *code = self.classed(cell, at)),
        }
        self.codes.count(into, self.unset);
    }

    /// The code that is kept for a cell, or is kept from now on.
    #[inline(always)]
    fn kept(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        match self.memo.find(cell) {
            Some(code) => code,
            None => self.learnt(cell, at),
        }
    }

    #[inline(never)]
    fn learnt(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        let written = said(cell.bytes());
        let code = self.of_class(&written, at).unwrap_or_else(|| self.read(&written, at));
        self.memo.keep(cell, code);
        code
    }

    /// The code of a day, by its place.
    #[inline]
    fn day(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        let Way::Classes(Classes::Day(_, days), _) = &self.way else { return self.unset };
        let known = place_of_day(cell).and_then(|place| days.get(place));
        match known.copied().and_then(|code| code.checked_sub(1)) {
            Some(code) => code,
            None => self.other_day(cell, at),
        }
    }

    /// The code of a day that was not met yet, or is written in another way.
    #[inline(never)]
    fn other_day(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        if cell.is_empty() {
            return self.unset;
        }
        let code = self.kept(cell, at);
        if let Way::Classes(Classes::Day(_, days), _) = &mut self.way
            && let Some(known) = place_of_day(cell).and_then(|place| days.get_mut(place))
        {
            *known = code.wrapping_add(1);
        }
        code
    }

    /// The code of a cell by its class.
    #[inline]
    fn classed(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        if cell.is_empty() {
            return self.unset;
        }
        let Way::Classes(classes, codes) = &self.way else { return self.unset };
        let class = classes.class(cell, at.0);
        match class.and_then(|class| codes.get(class)) {
            Some(code) if *code != UNKNOWN => *code,
            _ => self.unclassed(cell, at),
        }
    }

    /// The code of a cell that is not written plainly, or of whose class nothing was read yet.
    #[inline(never)]
    fn unclassed(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        let code = self.of_class(&said(cell.bytes()), at);
        code.unwrap_or_else(|| self.kept(cell, at))
    }

    /// The code of what is written plainly.
    fn of_class(&mut self, written: &[u8], at: (&Form, u64)) -> Option<u32> {
        let Way::Classes(classes, codes) = &self.way else { return None };
        let class = classes.class(written.into(), at.0)?;
        let known = codes.get(class).copied().filter(|code| *code != UNKNOWN);
        let code = known.unwrap_or_else(|| self.read(written, at));
        if let Way::Classes(_, codes) = &mut self.way {
            codes.get_mut(class).into_iter().for_each(|known| *known = code);
        }
        Some(code)
    }

    /// The code of a text.
    #[inline]
    fn text(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        if cell.is_empty() {
            return self.unset;
        }
        if let Way::Text(texts) = &mut self.way
            && texts.recalls()
            && let Some(code) = self.memo.find(cell)
        {
            texts.recalled();
            return code;
        }
        self.searched(cell, at)
    }

    /// The code of a text, by the words that are found in it.
    #[inline(never)]
    fn searched(&mut self, cell: Stretch<'_>, at: (&Form, u64)) -> u32 {
        let Way::Text(texts) = &mut self.way else { return self.unset };
        let written = said(cell.bytes());
        if !texts.find(cell, &written) {
            return self.unset;
        }
        let (missed, known) = (texts.missed(), texts.code());
        let code = known.unwrap_or_else(|| self.read(&written, at));
        if known.is_none()
            && let Way::Text(texts) = &mut self.way
        {
            texts.keep(code);
        }
        match missed {
            Missed::Keep => self.memo.keep_again(cell, code),
            Missed::Pass => {}
            Missed::Forget => self.memo.clear(),
        }
        code
    }

    /// Reads a cell and asks everything of its value.
    #[cold]
    fn read(&mut self, written: &[u8], (form, block): (&Form, u64)) -> u32 {
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
