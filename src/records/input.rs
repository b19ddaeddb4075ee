//! Inputs: bytes from a file or a pipe, unpacked, decoded, their header read.

use super::decode::{Encoding, LineFeeds, Mended};
use super::dialect::{Parted, header, parted};
use super::field::Field;
use super::form::Form;
use super::json_lines::{Late, Sample};
use super::layout::Layout;
use super::rows::LONGEST_ROW;
use super::unpack::{Digest, Hashed, Mark, Packing, first_bytes, unpacked};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek};

/// Something that holds records.
pub struct Input<'i> {
    /// What it is called: the path as written, or `standard input`.
    pub name: String,
    /// Its bytes, as they are stored.
    pub bytes: Box<dyn Read + Send + 'i>,
    /// The same once more, where any part of it can be gone to: a Parquet file is read from its end.
    pub again: Option<Box<dyn Stored>>,
    /// Whether its SHA-256 is wanted.
    pub hash: bool,
    /// What stands between two cells, where it was said.
    pub separator: Option<u8>,
}

/// Bytes of which any part can be gone to.
pub trait Stored: Read + Seek + Send {}

impl<T: Read + Seek + Send> Stored for T {}

impl<'i> Input<'i> {
    /// An input of a name, of which nothing more is known.
    pub fn new(name: impl Into<String>, bytes: impl Read + Send + 'i) -> Self {
        let (name, bytes) = (name.into(), Box::new(bytes));
        Self { name, bytes, again: None, hash: false, separator: None }
    }
}

/// An input whose header has been read.
pub struct Opened<'i> {
    /// What it is called.
    pub name: String,
    /// Which column holds which field.
    pub layout: Layout,
    /// How what is written is read.
    pub form: Form,
    /// What stands between two cells.
    pub separator: u8,
    /// The number of the line at which `rows` begins, from one.
    pub line: u64,
    /// The rows: UTF-8 as far as it is text, without byte order mark and header.
    pub rows: Box<dyn Read + Send + 'i>,
    /// What it was before it became rows.
    pub origin: Origin,
}

/// What an input was before it became rows of UTF-8.
#[derive(Debug, Clone)]
pub struct Origin {
    /// What it is written in.
    pub notation: Notation,
    /// How it is packed.
    pub packing: Option<Packing>,
    /// How its text is encoded.
    pub encoding: Encoding,
    /// How many bytes were not what the encoding says; all of them once every row has been read.
    pub mended: Mended,
    /// How many rows stand above the header.
    pub above: usize,
    /// The line of a row that looks more like a header than the one that was taken.
    pub rival: Option<u64>,
    /// Keys that no column is there for; all of them once every row has been read.
    pub late: Late,
    /// The SHA-256 of what is stored, once every row has been read.
    pub digest: Digest,
}

/// What records are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Rows of cells.
    Csv,
    /// A JSON object a line.
    JsonLines,
    /// Columns of values.
    Parquet,
}

impl Notation {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::JsonLines => "JSON Lines",
            Self::Parquet => "Parquet",
        }
    }
}

/// Why records could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The disk or the pipe.
    #[error("cannot read `{input}`: {source}")]
    Read {
        /// The input.
        input: String,
        /// Why.
        source: io::Error,
    },
    /// The same, within the rows.
    #[error("cannot read `{input}` to its end: {source}; {rows} rows were read before")]
    Stopped {
        /// The input.
        input: String,
        /// How many rows were read before.
        rows: u64,
        /// Why.
        source: io::Error,
    },
    /// It is not what it should be.
    #[error("`{input}` {what}")]
    Unfit {
        /// The input.
        input: String,
        /// What it is, in words that follow its name.
        what: String,
        /// What to do about it.
        help: String,
    },
}

/// Opens an input: unpacks and decodes it, and holds its header against the fields.
///
/// # Errors
/// Where it cannot be read, is empty, or has no header.
pub fn open<'i>(
    input: Input<'i>,
    fields: &[Field],
    system: Option<&str>,
    form: &Form,
) -> Result<Opened<'i>, RecordsError> {
    let forms = Forms { asked: form.clone(), systems: BTreeMap::new() };
    begin(input)?.open(fields, system, &forms)
}

/// How what is written is to be read.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    /// Where no other form applies.
    pub asked: Form,
    /// In what a system wrote.
    pub systems: BTreeMap<String, Form>,
}

impl Forms {
    /// The form of what is laid out so: that of the system whose words it uses, where it is one.
    fn of(&self, layout: &Layout) -> Form {
        let form = match layout.systems.as_slice() {
            [only] => self.systems.get(only),
            _ => None,
        };
        form.unwrap_or(&self.asked).clone()
    }
}

/// An input whose beginning has been read.
pub struct Begun<'i> {
    name: String,
    start: Start<'i>,
    packing: Option<Packing>,
    encoding: Encoding,
    mended: Mended,
    digest: Digest,
}

enum Start<'i> {
    Csv(Vec<Parted>, Window<'i>),
    JsonLines(Sample<'i>),
    #[cfg(feature = "parquet")]
    Parquet(super::parquet::Table),
}

/// The first bytes of a text, and those behind.
pub(super) struct Window<'i> {
    pub(super) text: Vec<u8>,
    pub(super) is_whole: bool,
    pub(super) rest: Box<dyn Read + Send + 'i>,
}

impl<'i> Window<'i> {
    /// The first bytes of a text.
    const FIRST: usize = 1 << 16;

    fn of(rest: Box<dyn Read + Send + 'i>) -> io::Result<Self> {
        let mut window = Self { text: Vec::new(), is_whole: false, rest };
        window.widen(Self::FIRST)?;
        let text = &window.text;
        if memchr::memchr(b'\r', text).is_some() && memchr::memchr(b'\n', text).is_none() {
            let text = std::mem::take(&mut window.text);
            window.rest = Box::new(LineFeeds(Cursor::new(text).chain(window.rest)));
            window.widen(Self::FIRST)?;
        }
        Ok(window)
    }

    /// Reads on until there are so many bytes. What breaks off is read as far as it goes: whoever reads
    /// on behind that is told.
    pub(super) fn widen(&mut self, to: usize) -> io::Result<()> {
        let before = self.text.len();
        let wanted = to.saturating_sub(before);
        match (&mut self.rest).take(wanted as u64).read_to_end(&mut self.text) {
            Ok(read) => self.is_whole = read < wanted,
            Err(error) if self.text.len() == before => return Err(error),
            Err(error) => self.rest = Box::new(Failing(error.kind(), error.to_string())),
        }
        Ok(())
    }

    /// All of it from a place on.
    fn from(mut self, place: usize) -> Box<dyn Read + Send + 'i> {
        self.text.drain(..place.min(self.text.len()));
        Box::new(Cursor::new(self.text).chain(self.rest))
    }
}

/// What cannot be read on, however often it is tried.
struct Failing(io::ErrorKind, String);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(self.0, self.1.clone()))
    }
}

/// Reads the beginning of an input.
///
/// # Errors
/// Where it cannot be read, is empty, or is something that is not read here.
pub fn begin(input: Input<'_>) -> Result<Begun<'_>, RecordsError> {
    let Input { name, bytes, again, hash, separator } = input;
    let digest = Digest::asked(hash);
    let failed = |source| RecordsError::Read { input: name.clone(), source };
    let bytes = Box::new(Hashed { inner: bytes, digest: digest.clone() });
    let (mut first, mut bytes) = first_bytes(bytes).map_err(failed)?;
    let mut packing = None;
    if let Some(Mark::Packed(packed)) = Mark::of(&first) {
        packing = Some(packed);
        (first, bytes) = first_bytes(unpacked(packed, bytes)).map_err(failed)?;
    }
    let mended = Mended::default();
    let (encoding, mark) = Encoding::of(&first);
    let begun = |start| Begun {
        name: name.clone(),
        start,
        packing,
        encoding,
        mended: mended.clone(),
        digest: digest.clone(),
    };
    match Mark::of(&first) {
        None => {}
        Some(Mark::Foreign(what, help)) => return Err(unfit(&name, what, help)),
        Some(Mark::Packed(_)) => {
            return Err(unfit(&name, "is packed twice", "unpack it once"));
        }
        Some(Mark::Parquet) if packing.is_some() => {
            return Err(unfit(&name, "is a packed Parquet file", "unpack it first"));
        }
        Some(Mark::Parquet) => return Ok(begun(parquet(&name, again, &digest)?)),
    }
    io::copy(&mut (&mut bytes).take(mark as u64), &mut io::sink()).map_err(failed)?;
    let text = encoding.decoded(bytes, mended.clone());
    let mut window = Window::of(text).map_err(failed)?;
    let start = match window.text.trim_ascii_start().first() {
        None if window.is_whole => {
            let help = "name a file with a header and at least one record";
            return Err(unfit(&name, "is empty", help));
        }
        Some(b'{') => {
            let sample = Sample::of(window).map_err(failed)?;
            if sample.columns.is_empty() {
                let what = "begins like JSON, and none of its first lines is an object";
                return Err(unfit(
                    &name,
                    what,
                    "write one object a line, for example with `jq -c`",
                ));
            }
            Start::JsonLines(sample)
        }
        Some(b'[') if is_json_array(&window.text) => {
            let help = "write one object a line, for example with `jq -c '.[]'`";
            return Err(unfit(&name, "is a JSON array", help));
        }
        _ => {
            let parted = first_rows(&name, &mut window, separator)?;
            Start::Csv(parted, window)
        }
    };
    Ok(begun(start))
}

#[cfg(feature = "parquet")]
fn parquet<'i>(
    name: &str,
    again: Option<Box<dyn Stored>>,
    digest: &Digest,
) -> Result<Start<'i>, RecordsError> {
    let Some(again) = again else {
        let what = "is a Parquet file, which cannot be read from a pipe";
        return Err(unfit(name, what, "name the file itself"));
    };
    super::parquet::Table::of(name, again, digest).map(Start::Parquet)
}

#[cfg(not(feature = "parquet"))]
fn parquet<'i>(
    name: &str,
    _: Option<Box<dyn Stored>>,
    _: &Digest,
) -> Result<Start<'i>, RecordsError> {
    let what = "is a Parquet file, which this build does not read";
    let help = "convert it to CSV, for example with DuckDB: `COPY (FROM 'x.parquet') TO 'x.csv'`; \
                or build opmodel with `--features parquet`";
    Err(unfit(name, what, help))
}

pub(super) fn unfit(input: &str, what: &str, help: &str) -> RecordsError {
    let (input, what, help) = (input.to_owned(), what.to_owned(), help.to_owned());
    RecordsError::Unfit { input, what, help }
}

/// Whether text begins as an array of objects does.
fn is_json_array(text: &[u8]) -> bool {
    let inner = text.trim_ascii_start().strip_prefix(b"[").unwrap_or_default();
    matches!(inner.trim_ascii_start().first(), Some(b'{' | b']'))
}

/// The first rows of a text, however long the header is.
fn first_rows(
    name: &str,
    window: &mut Window<'_>,
    separator: Option<u8>,
) -> Result<Vec<Parted>, RecordsError> {
    loop {
        let found = parted(&window.text, window.is_whole, separator);
        if window.is_whole || found.iter().all(|parted| !parted.rows.is_empty()) {
            return Ok(found);
        }
        if window.text.len() >= LONGEST_ROW {
            let what = "has a first row of more than 16 MB";
            return Err(unfit(name, what, "look whether a quote in it is never closed"));
        }
        let failed = |source| RecordsError::Read { input: name.to_owned(), source };
        window.widen(window.text.len() * 2).map_err(failed)?;
    }
}

impl<'i> Begun<'i> {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its columns would be laid out for some fields, without near names; nothing where there are
    /// none.
    pub fn layout(&self, fields: &[Field], system: Option<&str>) -> Option<Layout> {
        match &self.start {
            Start::Csv(parted, _) => Some(header(parted, fields, system)?.layout),
            Start::JsonLines(sample) => {
                Some(Layout::recognising(sample.columns.clone(), fields, system))
            }
            #[cfg(feature = "parquet")]
            Start::Parquet(table) => Some(Layout::recognising(table.columns(), fields, system)),
        }
    }

    /// Holds its header against the fields.
    ///
    /// # Errors
    /// Where it has none.
    pub fn open(
        self,
        fields: &[Field],
        system: Option<&str>,
        forms: &Forms,
    ) -> Result<Opened<'i>, RecordsError> {
        let Self { name, start, packing, encoding, mended, digest } = self;
        let mut origin = Origin {
            notation: Notation::Csv,
            packing,
            encoding,
            mended,
            above: 0,
            rival: None,
            late: Late::default(),
            digest,
        };
        let (layout, form, separator, line, rows) = match start {
            Start::Csv(parted, window) => {
                let Some(found) = header(&parted, fields, system) else {
                    let help = "name a file with a header and at least one record";
                    return Err(unfit(&name, "has no header", help));
                };
                (origin.above, origin.rival) = (found.above, found.rival);
                let layout = found.layout.suggesting(fields);
                let form = forms.of(&layout);
                (layout, form, found.separator, found.row.next, window.from(found.row.end))
            }
            Start::JsonLines(sample) => {
                (origin.notation, origin.late) = (Notation::JsonLines, sample.late());
                let layout = Layout::of(sample.columns.clone(), fields, system);
                let form = forms.of(&layout).of_numbers();
                let numeric = numeric(&layout, fields);
                let rows: Box<dyn Read + Send + 'i> = Box::new(sample.rows(&form, numeric));
                (layout, form, b',', 1, rows)
            }
            #[cfg(feature = "parquet")]
            Start::Parquet(table) => {
                origin.notation = Notation::Parquet;
                let layout = Layout::of(table.columns(), fields, system);
                let form = forms.of(&layout).of_numbers();
                let rows: Box<dyn Read + Send + 'i> = Box::new(table.rows(&form));
                (layout, form, b',', 1, rows)
            }
        };
        Ok(Opened { name, layout, form, separator, line, rows, origin })
    }
}

/// The columns whose fields hold numbers.
fn numeric(layout: &Layout, fields: &[Field]) -> Vec<bool> {
    use crate::criteria::FieldKind::{Integer, Money, Number};
    let mut numeric = vec![false; layout.columns.len()];
    for (field, place) in fields.iter().zip(&layout.places) {
        let is_number = matches!(field.kind, Integer | Number | Money);
        if let Some(column) = place.and_then(|place| numeric.get_mut(place)) {
            *column = is_number;
        }
    }
    numeric
}
