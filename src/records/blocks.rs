//! Blocks: the rows of an input in portions, each of which begins and ends with a row.
#![expect(clippy::inline_always, reason = "what is not inlined does not look as wide")]

use super::marks::{WIDTH, each_piece, marks, odd_so_far};
use super::rows::LONGEST_ROW;
use super::walk::{Ends, Walk};
use fearless_simd::{Level, Simd, dispatch};
use std::io::{self, ErrorKind, Read};

/// How many bytes of an input are read at once: so many that they, and where their cells end, are
/// still near when their cells are read.
pub(super) const SIZE: usize = 1 << 18;

/// Whole rows of an input.
#[derive(Debug, Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    length: usize,
    /// The line on which it begins, from one.
    pub(super) line: u64,
    /// Whether quotes stand only around cells, and no line ends with a carriage return alone: then
    /// signs between quotes are told by counting quotes.
    pub(super) regular: bool,
    /// Where cells and rows end, where it is regular: a piece of the bytes after the other, and those
    /// behind the rows as well; and how many there are at most.
    pub(super) marks: Vec<Marks>,
    pub(super) most: Most,
    /// Whether it ends between quotes, where it is regular, because the input does.
    pub(super) open: bool,
    /// Whether it is the beginning of a row that is too long.
    pub(super) overlong: bool,
}

impl Block {
    /// The rows.
    pub(super) fn rows(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// The rows of an input as they are read.
pub(super) struct Stream<'i> {
    separator: u8,
    rows: Box<dyn Read + Send + 'i>,
    /// The line of the next row.
    line: u64,
    /// What was read and belongs to the next block.
    rest: Vec<u8>,
    ended: bool,
    /// Why it cannot be read on, once that is so: the rows before that are given first.
    broken: Option<io::Error>,
}

impl<'i> Stream<'i> {
    /// The rows of an input that begin at a line.
    pub(super) fn new(separator: u8, rows: Box<dyn Read + Send + 'i>, line: u64) -> Self {
        Self { separator, rows, line, rest: Vec::new(), ended: false, broken: None }
    }

    /// The line of the next row, from one.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next rows; false behind the last.
    ///
    /// # Errors
    /// Where the input cannot be read on.
    pub(super) fn next(&mut self, block: &mut Block, size: usize) -> io::Result<bool> {
        block.line = self.line;
        block.overlong = false;
        if block.bytes.len() > 4 * size {
            block.bytes = Vec::new();
        }
        let mut filled = self.rest.len();
        reach(&mut block.bytes, size.max(filled));
        block.bytes.iter_mut().zip(self.rest.drain(..)).for_each(|(to, from)| *to = from);
        let mut wanted = size.max(filled);
        loop {
            filled = self.fill(&mut block.bytes, filled, wanted);
            let read = block.bytes.get(..filled).unwrap_or_default();
            let cut = Cut::of(read, self.separator, self.ended, &mut block.marks);
            if let Some(end) = cut.end {
                self.rest.extend(read.get(end..).unwrap_or_default());
                self.line += cut.lines;
                block.length = end;
                (block.regular, block.open, block.most) = (cut.regular, cut.open, cut.most);
                return Ok(true);
            }
            if let Some(error) = self.broken.take() {
                return Err(error);
            }
            if self.ended {
                return Ok(false);
            }
            if filled > LONGEST_ROW + 2 {
                block.length = filled;
                return self.pass_over(block);
            }
            wanted = filled.saturating_mul(2).clamp(WIDTH, LONGEST_ROW + 3);
            reach(&mut block.bytes, wanted);
        }
    }

    /// Reads on until so many bytes are there, or no more.
    fn fill(&mut self, to: &mut [u8], from: usize, wanted: usize) -> usize {
        let mut filled = from;
        while !self.ended
            && self.broken.is_none()
            && let Some(free) = to.get_mut(filled..wanted).filter(|free| !free.is_empty())
        {
            match self.rows.read(free) {
                Ok(0) => self.ended = true,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.broken = Some(error),
            }
        }
        filled
    }

    /// Reads to the end of a row that is too long, of which the block keeps the beginning.
    fn pass_over(&mut self, block: &mut Block) -> io::Result<bool> {
        block.overlong = true;
        let (mut walk, mut more) = (Walk::Before, Vec::new());
        let mut bytes = block.rows();
        loop {
            let mut steps = bytes.iter().map(|byte| walk.step(*byte, self.separator));
            let end = steps.position(|ends| ends == Some(Ends::Row));
            let (passed, rest) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
            self.line += lines(passed);
            if end.is_some() {
                self.rest = rest.to_vec();
                return Ok(true);
            }
            more.resize(SIZE.min(LONGEST_ROW), 0);
            let length = more.len();
            let read = self.fill(&mut more, 0, length);
            if read == 0 {
                return self.broken.take().map_or(Ok(true), Err);
            }
            bytes = more.get(..read).unwrap_or_default();
        }
    }
}

/// Makes room for so many bytes.
fn reach(bytes: &mut Vec<u8>, length: usize) {
    if bytes.len() < length {
        bytes.resize(length, 0);
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Which bytes of a piece end a cell, or a row with its last cell: one bit a byte, the first the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) cells: u64,
    pub(super) rows: u64,
}

/// How many cells, with the last of rows, and how many rows end at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Most {
    pub(super) cells: usize,
    pub(super) rows: usize,
}

/// Where the last whole row of some bytes ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Behind the last whole row; none where there is none.
    end: Option<usize>,
    /// How many lines end before that.
    lines: u64,
    regular: bool,
    /// How many cells and rows end, where they are regular.
    most: Most,
    /// Whether all bytes end between quotes, where they are regular.
    open: bool,
}

impl Cut {
    /// Looks at bytes that begin with a row; where nothing follows them, the last row is whole.
    fn of(bytes: &[u8], separator: u8, ended: bool, into: &mut Vec<Marks>) -> Self {
        into.clear();
        into.reserve(bytes.len() / WIDTH + 1);
        let found = dispatch!(Level::new(), simd => Self::regular(simd, bytes, separator, into));
        let mut cut = found.unwrap_or_else(|| Self::walked(bytes, separator));
        if ended && !bytes.is_empty() {
            cut.lines = lines(bytes);
            cut.end = Some(bytes.len());
        }
        cut
    }

    /// The same where quotes stand around cells only, with where cells and rows end; none where they do
    /// not.
    #[inline(always)]
    fn regular<S: Simd>(
        simd: S,
        bytes: &[u8],
        separator: u8,
        into: &mut Vec<Marks>,
    ) -> Option<Self> {
        let mut cut =
            Self { end: None, lines: 0, regular: true, most: Most::default(), open: false };
        let mut before = Edge { inside: 0, may_open: 1, closes: 0, returns: 0 };
        let (mut most, mut faults) = (Most::default(), 0);
        each_piece(
            simd,
            bytes,
            #[inline(always)]
            |piece, valid| {
                let (cells, newlines) = (marks(piece, separator), marks(piece, b'\n'));
                let (quotes, returns) = (marks(piece, b'"'), marks(piece, b'\r'));
                // Which pieces have quotes cannot be foreseen: all are looked at alike.
                let (inside, wrong) = before.pass([cells, newlines, quotes, returns]);
                faults |= wrong & valid;
                let (cells, rows) = (cells & !inside, newlines & !inside);
                into.push(Marks { cells, rows });
                most.cells += (cells | rows).count_ones() as usize;
                most.rows += newlines.count_ones() as usize;
            },
        );
        if faults != 0 {
            return None;
        }
        (cut.most, cut.open) = (most, before.inside != 0);
        let last = into.iter().rposition(|marks| marks.rows != 0);
        if let Some((at, marks)) = last.and_then(|at| Some((at, into.get(at)?))) {
            let end = (at + 1) * WIDTH - marks.rows.leading_zeros() as usize;
            cut.lines = most.rows as u64 - lines(bytes.get(end..).unwrap_or_default());
            cut.end = Some(end);
        }
        Some(cut)
    }

    /// The same byte by byte, whatever stands there.
    fn walked(bytes: &[u8], separator: u8) -> Self {
        let mut walk = Walk::Before;
        let mut end = None;
        for (at, byte) in bytes.iter().enumerate() {
            let blank = walk == Walk::Before;
            let ends = walk.step(*byte, separator);
            if ends == Some(Ends::Row) || blank && walk == Walk::Before {
                end = Some(at + 1);
            }
        }
        let lines = lines(bytes.get(..end.unwrap_or(0)).unwrap_or_default());
        Self { end, lines, regular: false, most: Most::default(), open: false }
    }
}

/// What the bytes before a piece leave open: a bit that is set in what is carried into it.
#[derive(Debug)]
struct Edge {
    /// Whether the piece begins between quotes: all bits or none.
    inside: u64,
    /// Whether a quote may open a cell there, or is the second of two.
    may_open: u64,
    /// Whether the byte before is a closing quote.
    closes: u64,
    /// Whether the byte before is a carriage return outside quotes.
    returns: u64,
}

impl Edge {
    /// Passes a piece: which of its bytes stand between quotes, and which are, or stand behind, a quote or a
    /// carriage return where it should not stand.
    #[inline(always)]
    fn pass(&mut self, [cells, newlines, quotes, returns]: [u64; 4]) -> (u64, u64) {
        let odd = odd_so_far(quotes) ^ self.inside;
        let (opens, closes) = (quotes & odd, quotes & !odd);
        let borders = cells | newlines | returns;
        let opens_within = opens & !((borders | closes) << 1 | self.may_open);
        let goes_on = (closes << 1 | self.closes) & !(borders | quotes);
        let returning = returns & !odd;
        let alone = (returning << 1 | self.returns) & !newlines;
        self.inside = 0_u64.wrapping_sub(odd >> 63);
        self.may_open = (borders | closes) >> 63;
        self.closes = closes >> 63;
        self.returns = returning >> 63;
        (odd, opens_within | goes_on | alone)
    }
}
