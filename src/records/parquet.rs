//! Parquet files, handed on as the rows of CSV that say the same.
//!
//! A record within a record becomes columns of its own, one step deep; the elements of a list are
//! parted by `;`. A line end within a text becomes a carriage return, so that a row is a line.

use super::decode::Out;
use super::form::Form;
use super::input::{RecordsError, Stored, unfit};
use super::json_lines::push_row;
use super::unpack::Digest;
use bytes::Bytes;
use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, Span};
use parquet::basic::{LogicalType, TimeUnit};
use parquet::errors::{ParquetError, Result as Parsed};
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use parquet::record::Field as Held;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;
use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Read, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// What a moment was before it became a number.
const EPOCH: Date = date(1970, 1, 1);

/// A file whose columns are known.
pub(super) struct Table {
    reader: SerializedFileReader<Chunks>,
    columns: Vec<Own>,
}

/// A column of the file, and the columns of rows it becomes.
#[derive(Clone)]
struct Own {
    name: String,
    /// The names within, where it holds records; none otherwise.
    inner: Vec<Inner>,
    time: Time,
}

#[derive(Clone)]
struct Inner {
    name: String,
    time: Time,
}

/// How a number is a moment.
#[derive(Clone, Copy, Default)]
struct Time {
    /// Whether it counts nanoseconds, which the reader of the format leaves as they are.
    nanoseconds: bool,
    /// Whether it is no instant but what a clock shows somewhere.
    is_local: bool,
}

impl Table {
    /// Reads the end of a file, where its columns stand; all of it first where it is to be hashed.
    pub(super) fn of(
        name: &str,
        mut file: Box<dyn Stored>,
        digest: &Digest,
    ) -> Result<Self, RecordsError> {
        let failed = |source| RecordsError::Read { input: name.to_owned(), source };
        let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
        if digest.is_asked() {
            file.seek(SeekFrom::Start(0)).map_err(failed)?;
            digest.start();
            io::copy(&mut file, &mut digest.clone()).map_err(failed)?;
        }
        let chunks = Chunks { file: Arc::new(Mutex::new(file)), length };
        let table = guarded(|| {
            let reader = SerializedFileReader::new(chunks)?;
            let schema = reader.metadata().file_metadata().schema();
            let columns = schema.get_fields().iter().map(|column| own(column)).collect();
            Ok(Self { reader, columns })
        });
        table.map_err(|error| {
            let what = format!("is a damaged Parquet file: {error}");
            unfit(name, &what, "get the file once more")
        })
    }

    /// What its columns are called.
    pub(super) fn columns(&self) -> Vec<String> {
        let mut names = Vec::new();
        for Own { name, inner, .. } in &self.columns {
            if inner.is_empty() {
                names.push(name.clone());
            }
            names.extend(inner.iter().map(|inner| format!("{name}.{}", inner.name)));
        }
        names
    }

    /// Its rows, numbers in a form.
    pub(super) fn rows(self, form: &Form) -> impl Read + Send + use<> {
        let rows = guarded(|| Ok(RowIter::from_file_into(Box::new(self.reader))));
        TableRows {
            rows: rows.map_or(Rows::Faulty, Rows::Running),
            columns: self.columns,
            point: char::from(form.numbers.point),
            out: Out::default(),
        }
    }
}

fn own(column: &Type) -> Own {
    let is_record = column.is_group() && column.get_basic_info().logical_type_ref().is_none() && {
        use parquet::basic::ConvertedType::NONE;
        column.get_basic_info().converted_type() == NONE
    };
    let inner = if is_record { column.get_fields() } else { &[] };
    let inner =
        inner.iter().map(|inner| Inner { name: inner.name().to_owned(), time: time(inner) });
    Own { name: column.name().to_owned(), inner: inner.collect(), time: time(column) }
}

fn time(column: &Type) -> Time {
    match column.get_basic_info().logical_type_ref() {
        Some(LogicalType::Timestamp(time)) => {
            Time { nanoseconds: time.unit == TimeUnit::NANOS, is_local: !time.is_adjusted_to_u_t_c }
        }
        _ => Time::default(),
    }
}

struct TableRows {
    rows: Rows,
    columns: Vec<Own>,
    point: char,
    out: Out,
}

/// The rows of a file; what has failed once is not asked again.
enum Rows {
    Running(RowIter<'static>),
    Faulty,
}

/// What is said of bytes that the reader of the format gives up on.
const GIVEN_UP: &str = "what is written in it contradicts itself";

fn damaged(error: &dyn std::fmt::Display) -> io::Error {
    let told = format!("the Parquet file is damaged: {error}");
    io::Error::new(io::ErrorKind::InvalidData, told)
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught, and nobody needs to hear of it.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Asks the reader of the format, which panics on some bytes that no program writes. This is the one
/// place where a panic is caught: it is no fault of the tool but of a file, and what it leaves behind is
/// never looked at again.
fn guarded<T>(ask: impl FnOnce() -> Parsed<T>) -> Parsed<T> {
    let before = GUARDED.replace(true);
    let found = catch_unwind(AssertUnwindSafe(ask));
    GUARDED.set(before);
    found.unwrap_or_else(|_| Err(ParquetError::General(GIVEN_UP.to_owned())))
}

impl Read for TableRows {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let given = self.out.give(into);
            if given > 0 || into.is_empty() {
                return Ok(given);
            }
            let rows = match &mut self.rows {
                Rows::Running(rows) => rows,
                Rows::Faulty => return Err(damaged(&GIVEN_UP)),
            };
            let row = match guarded(|| rows.next().transpose()) {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(0),
                Err(error) => {
                    self.rows = Rows::Faulty;
                    return Err(damaged(&error));
                }
            };
            let mut cells: Vec<Cow<'_, str>> = Vec::new();
            for ((_, held), column) in row.get_column_iter().zip(&self.columns) {
                match held {
                    _ if column.inner.is_empty() => cells.push(self.cell(held, column.time)),
                    Held::Group(inner) => {
                        let each = inner.get_column_iter().zip(&column.inner);
                        cells.extend(each.map(|((_, held), inner)| self.cell(held, inner.time)));
                    }
                    _ => cells.extend(column.inner.iter().map(|_| Cow::Borrowed(""))),
                }
            }

            push_row(&mut self.out.text, &cells);
        }
    }
}

impl TableRows {
    /// What a value is as the text of a cell.
    fn cell<'h>(&self, held: &'h Held, time: Time) -> Cow<'h, str> {
        let number = |text: String| match self.point {
            '.' => text,
            point => text.replace('.', &point.to_string()),
        };
        Cow::Owned(match held {
            Held::Null => return Cow::Borrowed(""),
            Held::Str(text) => return Cow::Borrowed(text),
            Held::Bytes(bytes) => return String::from_utf8_lossy(bytes.data()),
            Held::Long(count) if time.nanoseconds => moment(i128::from(*count), time),
            Held::TimestampMillis(count) => moment(i128::from(*count) * 1_000_000, time),
            Held::TimestampMicros(count) => moment(i128::from(*count) * 1_000, time),
            Held::Date(days) => {
                let day = EPOCH.checked_add(Span::new().try_days(*days).unwrap_or_default());
                day.map(|day| day.to_string()).unwrap_or_default()
            }
            // What is no number is how some libraries write that there is none.
            Held::Double(value) if value.is_nan() => return Cow::Borrowed(""),
            Held::Float(value) if value.is_nan() => return Cow::Borrowed(""),
            Held::Double(value) => number(value.to_string()),
            Held::Float(value) => number(value.to_string()),
            Held::Float16(_) | Held::Decimal(_) => number(held.to_string()),
            Held::ListInternal(list) => {
                let each = list.elements().iter().map(|held| self.cell(held, Time::default()));
                each.collect::<Vec<_>>().join(";")
            }
            _ => held.to_string(),
        })
    }
}

/// A moment by its nanoseconds since 1970.
fn moment(nanoseconds: i128, time: Time) -> String {
    let since = SignedDuration::try_from_nanos_i128(nanoseconds).unwrap_or(SignedDuration::MAX);
    let epoch: DateTime = EPOCH.to_datetime(jiff::civil::Time::midnight());
    match epoch.checked_add(since) {
        Ok(moment) if time.is_local => moment.to_string(),
        Ok(moment) => format!("{moment}Z"),
        Err(_) => nanoseconds.to_string(),
    }
}

/// The parts of a file.
struct Chunks {
    file: Arc<Mutex<Box<dyn Stored>>>,
    length: u64,
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Chunks {
    type T = Chunk;

    fn get_read(&self, start: u64) -> Parsed<Chunk> {
        Ok(Chunk { file: Arc::clone(&self.file), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Parsed<Bytes> {
        let mut bytes = Vec::new();
        self.get_read(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("it ends too early".to_owned()));
        }
        Ok(Bytes::from(bytes))
    }
}

/// A file from a place on.
struct Chunk {
    file: Arc<Mutex<Box<dyn Stored>>>,
    at: u64,
}

impl Read for Chunk {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(into)?;
        self.at += read as u64;
        Ok(read)
    }
}
