//! What ails exports: cells that another form would read, columns that say two things, keys that stand
//! there twice.

use super::cell::{Cell, read_cell};
use super::field::Field;
use super::form::{Dates, Form, Numbers};
use super::input::{Opened, RecordsError};
use super::keys::{Key, Keys, Kin};
use super::layout::Meaning;
use super::number::is_unsure;
use super::questions::{Questions, Slot};
use super::row::Row;
use super::scan::{Pace, Read, Reject, scan};
use crate::criteria::FieldKind;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// So many rows that are no records are shown of each input.
const SHOWN: usize = 5;

/// What is found in exports.
#[derive(Debug, Clone, Default)]
pub struct Examination {
    /// What was read.
    pub read: Read,
    /// For each field, by its place: where the first cell stands that cannot be read, and how many
    /// of those another option of the command line would read.
    pub unreadable: BTreeMap<usize, Unreadable>,
    /// For each field of numbers, by its place: the cells that may mean a thousand times as much.
    pub unsure: BTreeMap<usize, Unsure>,
    /// For each input and column that repeats another one: in how many records they differ.
    pub differing: BTreeMap<(usize, usize), u64>,
    /// The first rows that are no records, of each input.
    pub rejects: Vec<Reject>,
    /// What the keys of records say, where the object has a key field that is there.
    pub keys: Option<Keys>,
}

/// Cells of a field that cannot be read.
#[derive(Debug, Clone, Default)]
pub struct Unreadable {
    /// The first: the input, the line, and what is written.
    pub first: Option<(usize, u64, String)>,
    /// How many of them an option would read.
    pub options: BTreeMap<String, u64>,
    /// A cell of the field that is read now and that an option would not read, by the option.
    pub losses: BTreeMap<String, String>,
}

/// So many ways of writing the cells of a field are kept apart.
const SHAPES: usize = 256;

/// Numbers that may be another one a thousand times as large, as nobody said how numbers are written.
#[derive(Debug, Clone, Default)]
pub struct Unsure {
    /// How many cells.
    pub cells: u64,
    /// The first: the input, the line, and what is written.
    pub first: Option<(usize, u64, String)>,
    /// How many cells of the field can only be fractions: they say how the others are meant.
    pub fractions: u64,
}

/// What was found in a stretch of records.
#[derive(Default)]
struct Part {
    unreadable: BTreeMap<usize, Unreadable>,
    /// One cell that can be read of each way of writing them, by the field and the input.
    readable: BTreeMap<(usize, usize), BTreeMap<String, String>>,
    unsure: BTreeMap<usize, Unsure>,
    differing: BTreeMap<(usize, usize), u64>,
    unset_keys: u64,
    /// The keys, each with its line; a block is of one input.
    keys: Vec<(u64, u64)>,
    input: usize,
}

/// What is looked for.
struct Search<'a> {
    fields: &'a [Field],
    slots: Vec<Slot>,
    key: Option<Slot>,
    /// The forms that might be meant instead, by input, each with the option that says so.
    others: Vec<Vec<(String, Form)>>,
    /// Columns that repeat an earlier one, by input.
    again: Vec<Vec<(usize, usize)>>,
}

/// Reads everything and says what ails it; rows that are no records are handed out as they come.
///
/// An input that breaks off is told of, as far as it goes.
///
/// # Errors
/// Where a reject cannot be taken.
pub fn examine<E: From<RecordsError>>(
    inputs: Vec<Opened<'_>>,
    (object, key_field): (&str, Option<&str>),
    fields: &[Field],
    (as_of, threads): (Timestamp, usize),
    mut rejected: impl FnMut(&[Reject]) -> Result<(), E>,
) -> Result<Examination, E> {
    let mut questions = Questions::new(object, fields, as_of);
    let slots = fields.iter().filter_map(|field| questions.field(&field.path)).collect();
    let key_field = key_field.filter(|path| {
        let place = fields.iter().position(|field| field.path == *path);
        let has = |input: &Opened<'_>| place.and_then(|at| *input.layout.places.get(at)?).is_some();
        inputs.iter().any(has)
    });
    let search = Search {
        fields,
        slots,
        key: key_field.and_then(|path| questions.field(path)),
        others: inputs.iter().map(|input| others(&input.form)).collect(),
        again: inputs.iter().map(again).collect(),
    };
    let mut found = Examination::default();
    let mut keys = Kin::default();
    let mut readable: BTreeMap<(usize, usize), BTreeMap<String, String>> = BTreeMap::new();
    let mut unset = 0;
    let each = |part: Part, rejects: Vec<Reject>| {
        rejected(&rejects)?;
        for reject in rejects {
            let of_input = |known: &&Reject| known.input == reject.input;
            if found.rejects.iter().filter(of_input).count() < SHOWN {
                found.rejects.push(reject);
            }
        }
        for (field, more) in part.unreadable {
            let own = found.unreadable.entry(field).or_default();
            own.first = own.first.take().or(more.first);
            for (option, count) in more.options {
                *own.options.entry(option).or_default() += count;
            }
        }
        for (place, more) in part.readable {
            let own = readable.entry(place).or_default();
            for (shape, text) in more {
                keep_shape(own, shape, || text);
            }
        }
        for (field, more) in part.unsure {
            let own = found.unsure.entry(field).or_default();
            own.first = own.first.take().or(more.first);
            own.cells += more.cells;
            own.fractions += more.fractions;
        }
        for (column, count) in part.differing {
            *found.differing.entry(column).or_default() += count;
        }
        unset += part.unset_keys;
        let input = part.input;
        part.keys.iter().for_each(|(hash, line)| {
            keys.add(&Key { hash: *hash, input, line: *line });
        });
        Ok::<(), E>(())
    };
    let pace = Pace::of(threads).past_breaks();
    let look = |part: &mut Part, row: &Row<'_>| search.look(part, row);
    let read = scan(inputs, &questions, pace, Part::default, look, each)?;
    found.read = read;
    search.find_losses(&readable, &mut found.unreadable);
    found.unsure.retain(|_, unsure| unsure.cells > 0 && unsure.fractions == 0);
    found.keys = key_field.map(|field| keys.told(field, unset));
    Ok(found)
}

impl Search<'_> {
    fn look(&self, part: &mut Part, row: &Row<'_>) {
        for (at, (field, slot)) in self.fields.iter().zip(&self.slots).enumerate() {
            let cell = row.cell(*slot);
            match cell {
                Cell::Unset => continue,
                Cell::Unreadable(_) => {
                    self.unreadable(part.unreadable.entry(at).or_default(), field, *slot, row);
                    continue;
                }
                Cell::Value(_) => {}
            }
            if has_forms(field.kind) {
                let text = row.text(*slot);
                if text.bytes().any(|byte| !byte.is_ascii_digit()) {
                    let own = part.readable.entry((at, row.input())).or_default();
                    keep_shape(own, shape(&text), || text.into_owned());
                }
            }
            if field.kind == FieldKind::Number {
                unsure(part.unsure.entry(at).or_default(), &row.text(*slot), row);
            }
        }
        for (column, earlier) in self.again.get(row.input()).into_iter().flatten() {
            if row.written(*column).trim() != row.written(*earlier).trim() {
                *part.differing.entry((row.input(), *column)).or_default() += 1;
            }
        }
        if let Some(key) = self.key {
            part.input = row.input();
            let text = row.text(key);
            match text.trim() {
                "" => part.unset_keys += 1,
                text => part.keys.push((hash(text), row.line())),
            }
        }
    }

    /// Finds for each option that would read some cells whether it would not read others that are read now.
    fn find_losses(
        &self,
        readable: &BTreeMap<(usize, usize), BTreeMap<String, String>>,
        unreadable: &mut BTreeMap<usize, Unreadable>,
    ) {
        for ((at, input), texts) in readable {
            let (Some(found), Some(field)) = (unreadable.get_mut(at), self.fields.get(*at)) else {
                continue;
            };
            for (option, form) in self.others.get(*input).into_iter().flatten() {
                let lost = texts.values().find(|text| !reads(text, field, form));
                if let Some(text) = lost.filter(|_| found.options.contains_key(option)) {
                    found.losses.entry(option.clone()).or_insert_with(|| text.clone());
                }
            }
        }
    }

    fn unreadable(&self, found: &mut Unreadable, field: &Field, slot: Slot, row: &Row<'_>) {
        let text = row.text(slot);
        let others = self.others.get(row.input()).into_iter().flatten();
        for (option, _) in others.filter(|(_, form)| reads(&text, field, form)) {
            match found.options.get_mut(option) {
                Some(count) => *count += 1,
                None => _ = found.options.insert(option.clone(), 1),
            }
        }
        found.first.get_or_insert_with(|| (row.input(), row.line(), text.into_owned()));
    }
}

/// Whether cells of a kind are written in one of several forms.
fn has_forms(kind: FieldKind) -> bool {
    kind.is_ordered()
}

/// How a cell is written, whatever its digits are but for those that no month has.
fn shape(text: &str) -> String {
    const MONTHS: usize = 12;
    let mut shape = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (part, behind) = rest.split_at(digits.max(first.len_utf8()));
        let is_no_month = digits == 2 && part.parse().is_ok_and(|number: usize| number > MONTHS);
        match digits {
            0 => shape.push(first),
            _ if is_no_month => shape.push_str("dd"),
            _ => shape.extend(std::iter::repeat_n('9', digits)),
        }
        rest = behind;
    }
    shape
}

/// Keeps a cell for its way of being written, the first in the order of the alphabet where there are too
/// many, so that it does not matter in which order they come.
fn keep_shape(known: &mut BTreeMap<String, String>, shape: String, text: impl FnOnce() -> String) {
    known.entry(shape).or_insert_with(text);
    if known.len() > SHAPES {
        known.pop_last();
    }
}

/// Counts a number by whether it may be one a thousand times as large.
fn unsure(found: &mut Unsure, text: &str, row: &Row<'_>) {
    if is_unsure(text.trim(), row.form().numbers) {
        found.cells += 1;
        found.first.get_or_insert_with(|| (row.input(), row.line(), text.to_owned()));
    } else if text.contains('.') {
        found.fractions += 1;
    }
}

fn reads(text: &str, field: &Field, form: &Form) -> bool {
    let is_known = matches!(read_cell(text, field, form), Cell::Value(_));
    // The form of numbers does not matter to a day, and the other way round.
    is_known && field.kind != FieldKind::Bool
}

/// The forms that are not the declared one, each with the option that says so.
fn others(form: &Form) -> Vec<(String, Form)> {
    let numbers = Numbers::EXAMPLES.iter().filter_map(|example| {
        let numbers = Numbers::of(example).filter(|numbers| *numbers != form.numbers)?;
        Some((format!("--numbers {example}"), Form { numbers, ..form.clone() }))
    });
    let dates = Dates::EXAMPLES.iter().filter_map(|example| {
        let dates = Dates::of(example).filter(|dates| *dates != form.dates)?;
        Some((format!("--dates {example}"), Form { dates, ..form.clone() }))
    });
    numbers.chain(dates).collect()
}

fn again(input: &Opened<'_>) -> Vec<(usize, usize)> {
    let columns = input.layout.columns.iter().enumerate();
    let again = columns.filter_map(|(at, column)| match column.meaning {
        Meaning::Again(earlier) => Some((at, earlier)),
        _ => None,
    });
    again.collect()
}

fn hash(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}
