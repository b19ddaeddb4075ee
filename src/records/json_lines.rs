//! JSON Lines: an object a line, handed on as the rows of CSV that say the same.
//!
//! The columns are the keys of the first objects. An object within an object becomes columns of its own
//! (`account.industry`), one step deep; what lies deeper stays JSON. The elements of a list are parted
//! by `;`. A line end within a text becomes a carriage return, so that a row is a line.

use super::closing::UNREAD;
use super::decode::Out;
use super::form::Form;
use super::input::Window;
use super::rows::LONGEST_ROW;
use crate::document::json_fault;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// The keys of so many lines are columns.
pub(super) const SAMPLE: usize = 1_000;

/// As long as these are no more bytes than this.
const SAMPLE_BYTES: usize = 8 << 20;

/// So many late keys are kept apart, and none that is longer than a name.
const LATE: usize = 100;
const LONGEST_KEY: usize = 200;

/// Keys for which there is no column, because they first stand further down: how often each does.
#[derive(Debug, Clone, Default)]
pub struct Late(Arc<Mutex<BTreeMap<String, u64>>>);

impl Late {
    /// Those found so far.
    pub fn keys(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, key: &str) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = keys.get_mut(key) {
            *count += 1;
        } else if keys.len() < LATE && key.len() <= LONGEST_KEY {
            keys.insert(key.to_owned(), 1);
        }
    }
}

/// The first lines of an input, and what columns they have.
pub(super) struct Sample<'i> {
    pub(super) columns: Vec<String>,
    window: Window<'i>,
    late: Late,
}

impl<'i> Sample<'i> {
    pub(super) fn of(mut window: Window<'i>) -> io::Result<Self> {
        loop {
            let lines = memchr::memchr_iter(b'\n', &window.text).count();
            let most = if lines == 0 { LONGEST_ROW } else { SAMPLE_BYTES };
            if window.is_whole || lines >= SAMPLE || window.text.len() >= most {
                break;
            }
            // What breaks off here is told when the rows are read; a line is wanted first.
            match window.widen(window.text.len() * 2) {
                Err(_) if lines > 0 => break,
                widened => widened?,
            }
        }
        let (mut columns, mut known) = (Vec::new(), BTreeSet::new());
        let mut lines: Vec<&[u8]> = window.text.split(|byte| *byte == b'\n').collect();
        if !window.is_whole {
            lines.pop();
        }
        for line in lines.into_iter().take(SAMPLE) {
            let Ok(cells) = cells(line) else { continue };
            for (key, _) in cells {
                if known.insert(key.clone().into_owned()) {
                    columns.push(key.into_owned());
                }
            }
        }
        Ok(Self { columns, window, late: Late::default() })
    }

    pub(super) fn late(&self) -> Late {
        self.late.clone()
    }

    /// The rows, numbers in a form where a column holds numbers.
    pub(super) fn rows(self, form: &Form, numeric: Vec<bool>) -> impl Read + Send + 'i {
        let Window { text, rest, .. } = self.window;
        let columns = self.columns.into_iter().enumerate();
        JsonRows {
            lines: BufReader::new(Cursor::new(text).chain(rest)),
            places: columns.map(|(place, column)| (column, place)).collect(),
            numeric,
            point: char::from(form.numbers.point),
            late: self.late,
            line: Vec::new(),
            out: Out::default(),
        }
    }
}

struct JsonRows<R> {
    lines: R,
    places: BTreeMap<String, usize>,
    numeric: Vec<bool>,
    point: char,
    late: Late,
    line: Vec<u8>,
    out: Out,
}

impl<R: BufRead> Read for JsonRows<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let given = self.out.give(into);
            if given > 0 || into.is_empty() {
                return Ok(given);
            }
            self.line.clear();
            let most = LONGEST_ROW as u64;
            if (&mut self.lines).take(most).read_until(b'\n', &mut self.line)? == 0 {
                return Ok(0);
            }
            if self.line.len() >= LONGEST_ROW && !self.line.ends_with(b"\n") {
                self.line = Vec::new();
                self.lines.skip_until(b'\n')?;
                self.unread(&[], "it is longer than 16 MB");
            } else {
                let line = std::mem::take(&mut self.line);
                self.row(&line);
                self.line = line;
            }
        }
    }
}

impl<R> JsonRows<R> {
    fn row(&mut self, line: &[u8]) {
        if line.trim_ascii().is_empty() {
            self.out.text.push(b'\n');
            return;
        }
        let found = match cells(line) {
            Ok(found) => found,
            Err(why) => {
                let why = format!("it is no JSON object: {why}");
                self.unread(line, &why);
                return;
            }
        };
        let mut row: Vec<Option<Cow<'_, str>>> = vec![None; self.places.len()];
        for (key, raw) in found {
            let Some(place) = self.places.get(key.as_ref()).copied() else {
                self.late.add(&key);
                continue;
            };
            let is_number = self.numeric.get(place).is_some_and(|numeric| *numeric);
            let Some(written) = text(raw, is_number.then_some(self.point)) else {
                let why = format!(
                    "the text of `{key}` was cut in the middle of a sign, such as an emoji"
                );
                self.unread(line, &why);
                return;
            };
            let Some(cell) = row.get_mut(place) else { continue };
            if cell.as_ref().is_some_and(|known| *known != written) {
                let why = format!("it says two things of `{key}`");
                self.unread(line, &why);
                return;
            }
            *cell = Some(written);
        }
        let row: Vec<Cow<'_, str>> = row.into_iter().map(Option::unwrap_or_default).collect();
        push_row(&mut self.out.text, &row);
    }

    /// A row that says why a line is none.
    fn unread(&mut self, line: &[u8], why: &str) {
        let mut row = vec![Cow::Owned(format!("{UNREAD}{why}"))];
        row.push(String::from_utf8_lossy(line.trim_ascii_end()));
        // It must not have as many cells as a record.
        if self.places.len() == row.len() {
            row.push(Cow::Borrowed(""));
        }
        push_row(&mut self.out.text, &row);
    }
}

/// Adds a row of CSV; it takes one line.
pub(super) fn push_row(into: &mut Vec<u8>, cells: &[Cow<'_, str>]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            into.push(b',');
        }
        let quoted = cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
        if !quoted && (cells.len() > 1 || !cell.is_empty()) {
            into.extend_from_slice(cell.as_bytes());
            continue;
        }
        into.push(b'"');
        for byte in cell.bytes() {
            match byte {
                b'\n' => into.push(b'\r'),
                b'"' => into.extend_from_slice(b"\"\""),
                byte => into.push(byte),
            }
        }
        into.push(b'"');
    }
    into.push(b'\n');
}

/// The keys of an object with what stands there, those of objects within it one step deep.
fn cells(line: &[u8]) -> Result<Vec<(Cow<'_, str>, &RawValue)>, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is no text".to_owned())?;
    let mut found = Vec::new();
    for (key, raw) in object(text)? {
        if !raw.get().starts_with('{') {
            found.push((key, raw));
            continue;
        }
        let inner = object(raw.get())?.into_iter();
        found.extend(inner.map(|(below, raw)| (Cow::Owned(format!("{key}.{below}")), raw)));
    }
    Ok(found)
}

type Pairs<'t> = Vec<(Cow<'t, str>, &'t RawValue)>;

fn object(text: &str) -> Result<Pairs<'_>, String> {
    /// The pairs of an object in their order.
    struct Each;

    impl<'t> Visitor<'t> for Each {
        type Value = Pairs<'t>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Pairs<'t>, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry::<String, &'t RawValue>()? {
                pairs.push((Cow::Owned(pair.0), pair.1));
            }
            Ok(pairs)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(text.trim());
    let pairs = reader.deserialize_map(Each).and_then(|pairs| reader.end().map(|()| pairs));
    pairs.map_err(|error| match error.classify() {
        Category::Data if text.trim_start().starts_with('[') => "it is a list".to_owned(),
        Category::Data => "it is a single value".to_owned(),
        _ => match error.column() {
            0 => json_fault(&error),
            column => format!("{} (column {column})", json_fault(&error)),
        },
    })
}

/// What a value is as the text of a cell; a number with another point where that is asked for. None
/// where half of a letter is written, which is no text.
fn text(raw: &RawValue, point: Option<char>) -> Option<Cow<'_, str>> {
    let written = raw.get();
    let text = match written.bytes().next() {
        Some(b'"') => serde_json::from_str::<Cow<'_, str>>(written).ok()?,
        Some(b'n') => Cow::Borrowed(""),
        Some(b'[') => list(written, point)?,
        Some(b'-' | b'0'..=b'9') => match point {
            Some(point) if point != '.' => Cow::Owned(written.replace('.', &point.to_string())),
            _ => Cow::Borrowed(written),
        },
        _ => Cow::Borrowed(written),
    };
    Some(text)
}

/// The elements of a list, parted by `;`; a list of objects or lists stays JSON.
fn list(written: &str, point: Option<char>) -> Option<Cow<'_, str>> {
    let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(written) else {
        return Some(Cow::Borrowed(written));
    };
    if elements.iter().any(|element| element.get().starts_with(['{', '['])) {
        return Some(Cow::Borrowed(written));
    }
    let texts: Option<Vec<_>> = elements.into_iter().map(|element| text(element, point)).collect();
    Some(Cow::Owned(texts?.join(";")))
}
