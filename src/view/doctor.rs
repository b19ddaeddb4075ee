//! What ails exports of records, as data.

use super::records::ReadRow;
use crate::finding::did_you_mean;
use crate::records::{
    Asking, Break, Count, Dates, Examination, Field, InputRead, Layout, Meaning, Notation, Numbers,
    Reject, Unreadable, Unsure,
};
use crate::report::Tool;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `records doctor --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DoctorReport {
    /// The version of this form; a minor step only adds.
    pub format_version: &'static str,
    /// The tool that wrote it.
    pub tool: Tool,
    /// What was read.
    #[serde(flatten)]
    pub read: ReadRow,
    /// How the type of the records was found out, where nobody said it.
    pub object_found: Option<String>,
    /// What is wrong, in a sentence each; nothing where the files are fit.
    pub problems: Vec<String>,
    /// Each file as it was understood, in the order given.
    pub inputs: Vec<InputRow>,
    /// Each field that has a column, or that the model asks for.
    pub fields: Vec<FieldRow>,
    /// Fields without a column that nothing asks for.
    pub unused: Vec<String>,
    /// The keys of the records, where the object has a key field and it is there.
    pub keys: Option<KeysRow>,
}

/// A file as it was understood.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InputRow {
    /// What it is called.
    pub name: String,
    /// What it is written in: CSV, JSON Lines or Parquet.
    pub notation: &'static str,
    /// How it is packed.
    pub packing: Option<&'static str>,
    /// How its text is encoded.
    pub encoding: &'static str,
    /// How many bytes are not what the encoding says; in UTF-8 they were read as Windows-1252.
    pub mended_bytes: u64,
    /// What stands between two cells of CSV.
    pub separator: Option<String>,
    /// How many rows stand above its header.
    pub rows_above: usize,
    /// The line of another row that looks like a header.
    pub rival_header: Option<u64>,
    /// The systems whose words its columns are.
    pub systems: Vec<String>,
    /// Its columns, in order.
    pub columns: Vec<ColumnRow>,
    /// Its first rows that are no records.
    pub rejects: Vec<RejectRow>,
    /// The first rows below its records that are a report's own words.
    pub closing: Vec<RejectRow>,
    /// Where it breaks off; every figure here is of what stands before.
    pub broken: Option<BreakRow>,
}

/// Where a file breaks off.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BreakRow {
    /// The line of the row that could not be read to its end, from one.
    pub line: u64,
    /// Why.
    pub why: String,
}

/// A column.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ColumnRow {
    /// Its header.
    pub column: String,
    /// The field it holds.
    pub field: Option<String>,
    /// The word by which that was recognised: a system, `name` or `id`.
    pub by: Option<String>,
    /// The column that holds the same field and is the one that counts, from one.
    pub repeats: Option<usize>,
    /// In how many records it differs from that one.
    pub differs: Option<u64>,
    /// The fields it may be, where it may be several.
    pub may_be: Vec<String>,
    /// The nearest name there is, where it was not recognised.
    pub near: Option<String>,
}

/// A row that is no record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RejectRow {
    /// The line it starts on, from one.
    pub line: u64,
    /// Why it is no record.
    pub why: String,
    /// The beginning of what is written.
    pub written: String,
}

/// A field.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FieldRow {
    /// Its path.
    pub field: String,
    /// What people call it.
    pub name: String,
    /// The files that have no column for it.
    pub missing_in: Vec<String>,
    /// What asks for it, and cannot be answered without it.
    pub asked_by: Vec<AskingRow>,
    /// In how many records it is set.
    pub set: u64,
    /// Cells that cannot be read; they count as not set.
    pub unreadable: Option<UnreadableRow>,
    /// Numbers that may be another one a thousand times as large.
    pub unsure: Option<UnsureRow>,
    /// Values that are not declared, the most frequent first: of more than a thousand the first in the
    /// order of the alphabet.
    pub undeclared: Vec<UndeclaredRow>,
    /// How often others stand there that are not declared either.
    pub more_undeclared: u64,
}

/// Something that asks for a field.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AskingRow {
    /// Its address.
    pub address: String,
    /// The parts of it that do.
    pub parts: Vec<String>,
}

/// Cells that cannot be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnreadableRow {
    /// How many.
    pub count: u64,
    /// What they should be.
    pub wanted: String,
    /// What is written in the first.
    pub sample: String,
    /// Where the first stands.
    pub file: Option<String>,
    /// The line it is on.
    pub line: Option<u64>,
    /// Options that would read some of them.
    pub options: Vec<OptionRow>,
}

/// Numbers that were read as fractions and may be thousands: each has three digits behind its point, no
/// number of the field has more or less, and nobody said how numbers are written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnsureRow {
    /// How many cells.
    pub count: u64,
    /// What is written in the first.
    pub sample: String,
    /// Where the first stands.
    pub file: Option<String>,
    /// The line it is on.
    pub line: Option<u64>,
}

/// An option that would read cells that cannot be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OptionRow {
    /// The option.
    pub option: String,
    /// How many cells it would read.
    pub reads: u64,
    /// A cell that is read now and that it would not read, where there is one: then the cells are written in
    /// several forms.
    pub loses: Option<String>,
}

/// A value that is not declared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UndeclaredRow {
    /// The value.
    pub value: String,
    /// How often it stands there.
    pub count: u64,
    /// The nearest declared value.
    pub near: Option<String>,
}

/// What the keys of the records say.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeysRow {
    /// The key field.
    pub field: String,
    /// How many keys were compared.
    pub counted: u64,
    /// How many records have none.
    pub unset: u64,
    /// Of how many keys one was compared, so that memory stays small: 1 where all were.
    pub one_of: u64,
    /// How many records have the key of an earlier one, of those that were compared.
    pub repeated: u64,
    /// Some pairs of records with the same key.
    pub pairs: Vec<[PlaceRow; 2]>,
}

/// Where a record stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlaceRow {
    /// The file.
    pub file: String,
    /// The line it starts on, from one.
    pub line: u64,
}

/// What an examination was about.
pub struct Examined<'a> {
    /// The type of the records.
    pub object: &'a str,
    /// How that was found out.
    pub found: Option<&'a str>,
    /// Its fields.
    pub fields: &'a [Field],
    /// What asks for them.
    pub wanted: &'a BTreeMap<String, Asking>,
    /// The instant for which records would be judged.
    pub as_of: Timestamp,
    /// What stands between two cells of each input.
    pub separators: &'a [u8],
}

/// So much of a row or a cell is shown.
const SHOWN: usize = 80;

impl DoctorReport {
    /// What was found, as data.
    pub fn new(found: &Examination, about: &Examined<'_>) -> Self {
        let rows =
            about.fields.iter().enumerate().map(|(at, field)| field_row(found, about, at, field));
        let (fields, unused): (Vec<FieldRow>, Vec<FieldRow>) = rows.partition(|row| {
            row.missing_in.len() < found.read.inputs.len() || !row.asked_by.is_empty()
        });
        let inputs = found.read.inputs.iter().enumerate();
        let mut report = Self {
            format_version: "1.0",
            tool: Tool::THIS,
            read: ReadRow::new(&found.read, about.object, about.as_of),
            object_found: about.found.map(str::to_owned),
            problems: Vec::new(),
            inputs: inputs.map(|(at, input)| input_row(found, about, at, input)).collect(),
            fields,
            unused: unused.into_iter().map(|row| row.field).collect(),
            keys: keys_row(found),
        };
        report.problems = super::doctor_page::problems(&report);
        report
    }

    /// Whether nothing is wrong.
    pub fn is_fit(&self) -> bool {
        self.problems.is_empty()
    }
}

fn input_row(found: &Examination, about: &Examined<'_>, at: usize, input: &InputRead) -> InputRow {
    let origin = &input.origin;
    let is_csv = origin.notation == Notation::Csv;
    let separator = about.separators.get(at).filter(|_| is_csv);
    let rejects = found.rejects.iter().filter(|reject| reject.input == at);
    InputRow {
        name: input.name.clone(),
        notation: origin.notation.word(),
        packing: origin.packing.map(crate::records::Packing::word),
        encoding: origin.encoding.word(),
        mended_bytes: origin.mended.count(),
        separator: separator.map(|separator| char::from(*separator).to_string()),
        rows_above: origin.above,
        rival_header: origin.rival,
        systems: used(&input.layout),
        columns: columns(found, about.fields, at, &input.layout),
        closing: input.closing.iter().map(reject).collect(),
        broken: input
            .broken
            .as_ref()
            .map(|Break { line, why }| BreakRow { line: *line, why: why.clone() }),
        rejects: rejects.map(reject).collect(),
    }
}

fn reject(row: &Reject) -> RejectRow {
    let written = cut(&row.cells.join(" | "));
    RejectRow { line: row.line, why: row.why.clone(), written }
}

/// The systems whose words really name columns.
fn used(layout: &Layout) -> Vec<String> {
    let named = |system: &&String| {
        layout
            .columns
            .iter()
            .any(|column| matches!(&column.meaning, Meaning::Field(_, by) if by == *system))
    };
    layout.systems.iter().filter(named).cloned().collect()
}

fn columns(found: &Examination, fields: &[Field], at: usize, layout: &Layout) -> Vec<ColumnRow> {
    let path = |field: &usize| fields.get(*field).map(|field| field.path.clone());
    let columns = layout.columns.iter().enumerate();
    columns
        .map(|(place, column)| {
            let mut row = ColumnRow {
                column: column.header.clone(),
                field: None,
                by: None,
                repeats: None,
                differs: None,
                may_be: Vec::new(),
                near: None,
            };
            match &column.meaning {
                Meaning::Field(field, by) => {
                    row.field = path(field);
                    row.by = Some(by.clone());
                }
                Meaning::Again(earlier) => {
                    row.repeats = Some(earlier + 1);
                    row.differs = Some(found.differing.get(&(at, place)).copied().unwrap_or(0));
                }
                Meaning::Ambiguous(fields) => row.may_be = fields.iter().filter_map(path).collect(),
                Meaning::Unknown(near) => row.near.clone_from(near),
            }
            row
        })
        .collect()
}

fn field_row(found: &Examination, about: &Examined<'_>, at: usize, field: &Field) -> FieldRow {
    let missing = found
        .read
        .inputs
        .iter()
        .filter(|input| input.layout.places.get(at).copied().flatten().is_none());
    let count = found.read.counts.get(at).cloned().unwrap_or_default();
    let asking = about.wanted.get(&field.path).into_iter().flatten();
    FieldRow {
        field: field.path.clone(),
        name: field.name.clone(),
        missing_in: missing.map(|input| input.name.clone()).collect(),
        asked_by: asking
            .map(|(address, parts)| AskingRow {
                address: address.clone(),
                parts: parts.iter().cloned().collect(),
            })
            .collect(),
        set: count.set,
        unreadable: unreadable(found, &count, found.unreadable.get(&at)),
        unsure: found.unsure.get(&at).and_then(|cells| unsure(found, cells)),
        undeclared: undeclared(&count, field),
        more_undeclared: count.more_undeclared,
    }
}

fn unreadable(
    found: &Examination,
    count: &Count,
    unreadable: Option<&Unreadable>,
) -> Option<UnreadableRow> {
    let (sample, wanted) = count.sample.as_ref()?;
    let first = unreadable.and_then(|unreadable| unreadable.first.as_ref());
    let mut options: Vec<(&String, &u64)> =
        unreadable.into_iter().flat_map(|unreadable| &unreadable.options).collect();
    // The plainest of several that read as much comes first.
    let place = |option: &str| {
        let mut examples = Numbers::EXAMPLES.iter().chain(&Dates::EXAMPLES);
        examples.position(|example| option.ends_with(example))
    };
    options.sort_by_key(|(option, reads)| (std::cmp::Reverse(**reads), place(option)));
    let file = first.and_then(|(input, ..)| found.read.inputs.get(*input));
    Some(UnreadableRow {
        count: count.unreadable,
        wanted: (*wanted).to_owned(),
        sample: cut(first.map_or(sample, |(.., text)| text)),
        file: file.map(|input| input.name.clone()),
        line: first.map(|(_, line, _)| *line),
        options: options
            .into_iter()
            .map(|(option, reads)| OptionRow {
                option: option.clone(),
                reads: *reads,
                loses: unreadable.and_then(|it| it.losses.get(option)).map(|text| cut(text)),
            })
            .collect(),
    })
}

fn unsure(found: &Examination, cells: &Unsure) -> Option<UnsureRow> {
    let (input, line, text) = cells.first.as_ref()?;
    let file = found.read.inputs.get(*input);
    Some(UnsureRow {
        count: cells.cells,
        sample: cut(text),
        file: file.map(|input| input.name.clone()),
        line: Some(*line),
    })
}

fn undeclared(count: &Count, field: &Field) -> Vec<UndeclaredRow> {
    let known = || field.values.iter().chain(field.labels.keys()).map(String::as_str);
    let mut rows: Vec<(&String, u64)> =
        count.undeclared.iter().map(|(value, count)| (value, *count)).collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let row = |(value, count): (&String, u64)| {
        // What is longer than is shown is no slip in a name.
        let near = Some(value).filter(|value| value.len() <= SHOWN);
        let near = near.and_then(|value| did_you_mean(value, known()));
        let near = near.map(|near| field.labels.get(near).map_or(near, String::as_str).to_owned());
        UndeclaredRow { value: cut(value), count, near }
    };
    rows.into_iter().map(row).collect()
}

fn keys_row(found: &Examination) -> Option<KeysRow> {
    let keys = found.keys.as_ref()?;
    let place = |(input, line): (usize, u64)| PlaceRow {
        file: found.read.inputs.get(input).map(|input| input.name.clone()).unwrap_or_default(),
        line,
    };
    Some(KeysRow {
        field: keys.field.clone(),
        counted: keys.counted,
        one_of: keys.one_of,
        unset: keys.unset,
        repeated: keys.repeated,
        pairs: keys.pairs.iter().map(|pair| pair.map(place)).collect(),
    })
}

/// The beginning of a text in a line.
fn cut(text: &str) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut short: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
