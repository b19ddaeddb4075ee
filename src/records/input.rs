//! Inputs: bytes from a file or a pipe, unpacked, decoded, their header read.

use super::field::Field;
use super::form::Form;
use super::layout::Layout;
use std::io::Read;

/// Something that holds records.
pub struct Input<'i> {
    /// What it is called: the path as written, or `standard input`.
    pub name: String,
    /// Its bytes, as they are stored.
    pub bytes: Box<dyn Read + Send + 'i>,
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
        source: std::io::Error,
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
    let Input { name, mut bytes } = input;
    let failed = |source| RecordsError::Read { input: name.clone(), source };
    let mut all = Vec::new();
    bytes.read_to_end(&mut all).map_err(failed)?;
    let text = all.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&all);
    let separator = separator(text.split(|byte| *byte == b'\n').next().unwrap_or_default());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text);
    let mut header = csv::ByteRecord::new();
    let read = reader.read_byte_record(&mut header).unwrap_or(false);
    if !read {
        return Err(RecordsError::Unfit {
            input: name,
            what: "is empty".to_owned(),
            help: "name a file with a header and at least one record".to_owned(),
        });
    }
    let names: Vec<String> =
        header.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
    let layout = Layout::of(names, fields, system);
    let start = usize::try_from(reader.position().byte()).unwrap_or_default();
    let line = reader.position().line();
    let rest = text.get(start..).unwrap_or_default().to_vec();
    let rows = Box::new(std::io::Cursor::new(rest));
    Ok(Opened { name, layout, form: form.clone(), separator, line, rows })
}

/// What separates the cells of a header.
fn separator(header: &[u8]) -> u8 {
    let count = |separator: u8| memchr::memchr_iter(separator, header).count();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|separator| (count(*separator), *separator == b','))
        .unwrap_or(b',')
}
