//! Rows as CSV has them, one after the other, in bounded memory: the plain way, which every faster one
//! is held against.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{self, Read};

/// The longest a row may be, in bytes: a quote that is never closed would make one of a whole file.
pub const LONGEST_ROW: usize = 16 << 20;

/// Bytes are read in pieces of this many.
const PIECE: usize = 1 << 16;

/// The cells of a row.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    text: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    filled: usize,
    count: usize,
    line: u64,
    is_too_long: bool,
}

impl Cells {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One of them.
    pub fn get(&self, place: usize) -> Option<&[u8]> {
        let end = *self.ends.get(..self.count)?.get(place)?;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.text.get(start.unwrap_or(0)..end)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).map_while(|place| self.get(place))
    }

    /// All of them as text.
    pub fn texts(&self) -> Vec<String> {
        self.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    }

    /// The line the row begins on, from zero.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Whether the row is longer than any may be; it then has no cells.
    pub fn is_too_long(&self) -> bool {
        self.is_too_long
    }

    /// Whether nothing stands in any cell.
    pub fn is_blank(&self) -> bool {
        self.text.get(..self.filled).is_some_and(|text| text.iter().all(u8::is_ascii_whitespace))
    }
}

/// Rows, as they are read.
pub struct Rows<R> {
    inner: R,
    reader: Reader,
    piece: Vec<u8>,
    at: usize,
    filled: usize,
    /// How many bytes stood before the piece.
    before: u64,
}

impl<R: Read> Rows<R> {
    /// Rows whose cells are parted so.
    pub fn new(inner: R, separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        Self { inner, reader, piece: vec![0; PIECE], at: 0, filled: 0, before: 0 }
    }

    /// How many bytes have been taken by the rows so far.
    pub fn position(&self) -> u64 {
        self.before + self.at as u64
    }

    /// How many lines have ended so far.
    pub fn lines(&self) -> u64 {
        self.reader.line() - 1
    }

    /// Reads the next row; false where there is none.
    ///
    /// # Errors
    /// What keeps the bytes from being read.
    pub fn read(&mut self, cells: &mut Cells) -> io::Result<bool> {
        (cells.filled, cells.count, cells.is_too_long) = (0, 0, false);
        self.skip_line_ends()?;
        cells.line = self.lines();
        loop {
            if self.at == self.filled {
                self.refill()?;
            }
            let input = self.piece.get(self.at..self.filled).unwrap_or_default();
            let text = cells.text.get_mut(cells.filled..).unwrap_or_default();
            let ends = cells.ends.get_mut(cells.count..).unwrap_or_default();
            let (result, taken, written, ended) = self.reader.read_record(input, text, ends);
            self.at += taken;
            cells.filled += written;
            cells.count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => grow(&mut cells.text, cells.filled),
                ReadRecordResult::OutputEndsFull => grow(&mut cells.ends, cells.count),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(false),
            }
            // What is too long is read to its end, and kept nowhere.
            if cells.filled.max(cells.count) > LONGEST_ROW {
                (cells.filled, cells.count, cells.is_too_long) = (0, 0, true);
            }
        }
        if cells.is_too_long {
            (cells.filled, cells.count) = (0, 0);
            (cells.text, cells.ends) = (Vec::new(), Vec::new());
        }
        Ok(true)
    }

    /// Empty lines stand between rows, and a row begins behind them.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            if self.at == self.filled {
                self.refill()?;
            }
            let rest = self.piece.get(self.at..self.filled).unwrap_or_default();
            let ends = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            if ends == 0 {
                return Ok(());
            }
            // The reader counts them as lines; it writes nothing.
            let (mut text, mut places) = ([0; 1], [0; 1]);
            let skipped = rest.get(..ends).unwrap_or_default();
            let (_, taken, _, _) = self.reader.read_record(skipped, &mut text, &mut places);
            self.at += taken.max(1);
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.before += self.filled as u64;
        (self.at, self.filled) = (0, 0);
        self.filled = loop {
            match self.inner.read(&mut self.piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        Ok(())
    }
}

/// Makes room for more.
fn grow<T: Copy + Default>(of: &mut Vec<T>, filled: usize) {
    const FIRST: usize = 256;
    of.resize((filled * 2).max(FIRST), T::default());
}
