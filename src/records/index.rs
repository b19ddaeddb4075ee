//! Where the cells of a block end.
#![expect(clippy::inline_always, reason = "what is not inlined is not made for the processor")]

use super::blocks::Block;
use super::marks::{WIDTH, first};
use super::stretch::Stretch;
use super::walk::{Ends, Walk};
use fearless_simd::{Level, dispatch};

/// The rows of a block and their cells.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Where each cell ends; beyond `length` from an earlier block.
    ends: Vec<u32>,
    length: usize,
    /// The rows.
    pub(super) rows: Vec<Span>,
    /// Where rows end that are not closed yet, with their last cells.
    row_ends: Vec<RowEnd>,
    /// Whether the last row ends between quotes, because the file does.
    pub(super) open: bool,
}

/// Where a row ends, and which of all cells is its last.
#[derive(Debug, Clone, Copy, Default)]
struct RowEnd {
    cell: usize,
    end: u32,
}

/// A row of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// Where it starts.
    pub(super) start: u32,
    /// Which of all cells is its first.
    first: u32,
    /// How many cells it has.
    pub(super) cells: u32,
}

impl Index {
    /// Looks for the cells of a block.
    pub(super) fn read(&mut self, block: &Block, separator: u8) {
        self.rows.clear();
        (self.length, self.open) = (0, false);
        if block.regular {
            dispatch!(Level::new(), _simd => self.marked(block));
        } else {
            self.walked(block.rows(), separator);
        }
    }

    /// A cell as it is written, with its quotes.
    #[inline]
    pub(super) fn cell<'b>(&self, bytes: &'b [u8], row: &Span, column: u32) -> &'b [u8] {
        self.stretch(bytes, row, column).bytes()
    }

    /// The same, with what stands behind it.
    #[inline]
    pub(super) fn stretch<'b>(&self, bytes: &'b [u8], row: &Span, column: u32) -> Stretch<'b> {
        let at = (row.first as usize).wrapping_add(column as usize);
        if column == 0 {
            let end = self.ends.get(at).copied();
            return Stretch::new(bytes, row.start, end.unwrap_or(0));
        }
        let around = self.ends.get(at.wrapping_sub(1)..).and_then(<[u32]>::first_chunk::<2>);
        let [before, end] = around.copied().unwrap_or_default();
        Stretch::new(bytes, before.wrapping_add(1), end)
    }

    /// Where a row ends.
    pub(super) fn end(&self, row: &Span) -> usize {
        let last = (row.first as usize + row.cells as usize).wrapping_sub(1);
        self.ends.get(last).map_or(0, |end| *end as usize)
    }

    #[inline(always)]
    fn marked(&mut self, block: &Block) {
        let bytes = block.rows();
        // Behind the last there is room for those that are written too many.
        room(&mut self.ends, block.most.cells + WIDTH);
        room(&mut self.row_ends, block.most.rows + 1);
        let (mut length, mut found) = (0_usize, 0_usize);
        for (start, piece) in (0..bytes.len()).step_by(WIDTH).zip(&block.marks) {
            let own = first(bytes.len().wrapping_sub(start));
            let (cells, mut rows) = ((piece.cells | piece.rows) & own, piece.rows & own);
            let base = short(start);
            add(self.ends.get_mut(length..).unwrap_or_default(), base, cells);
            // Whether a row ends in a piece cannot be foreseen, that two do rarely happens.
            loop {
                let lowest = rows & rows.wrapping_neg();
                let earlier = cells & lowest.wrapping_sub(1);
                if let Some(next) = self.row_ends.get_mut(found) {
                    next.cell = length.wrapping_add(earlier.count_ones() as usize);
                    next.end = base.wrapping_add(lowest.trailing_zeros());
                }
                found = found.wrapping_add(usize::from(rows != 0));
                rows ^= lowest;
                if rows == 0 {
                    break;
                }
            }
            length = length.wrapping_add(cells.count_ones() as usize);
        }
        let mut row = Open { start: 0, first: 0 };
        let row_ends = std::mem::take(&mut self.row_ends);
        for RowEnd { cell, end } in row_ends.iter().take(found) {
            row = self.close(bytes, row, (*cell, *end));
        }
        self.row_ends = row_ends;
        self.length = length;
        if (row.start as usize) < bytes.len() {
            let end = short(bytes.len());
            self.add_one(end);
            self.open = block.open;
            let cell = self.length.wrapping_sub(1);
            self.close(if self.open { &[] } else { bytes }, row, (cell, end));
        }
    }

    fn add_one(&mut self, end: u32) {
        if let Some([slot, ..]) = self.free() {
            *slot = end;
            self.length += 1;
        }
    }

    /// Room for the ends of the cells of a piece.
    #[inline]
    fn free(&mut self) -> Option<&mut [u32; WIDTH]> {
        room(&mut self.ends, self.length.wrapping_add(WIDTH));
        self.ends.get_mut(self.length..)?.first_chunk_mut()
    }

    /// Ends a row with its last cell, by its place among all, and where that ends; a line without
    /// anything is none.
    fn close(&mut self, bytes: &[u8], row: Open, (cell, end): (usize, u32)) -> Open {
        let returns = end > row.start && bytes.get((end as usize).wrapping_sub(1)) == Some(&b'\r');
        let written = if returns { end.wrapping_sub(1) } else { end };
        let next = short(cell.wrapping_add(1));
        if written != row.start {
            self.ends.get_mut(cell).into_iter().for_each(|last| *last = written);
            let cells = next.wrapping_sub(row.first);
            self.rows.push(Span { start: row.start, first: row.first, cells });
        }
        Open { start: end.wrapping_add(1), first: next }
    }

    fn walked(&mut self, bytes: &[u8], separator: u8) {
        let mut walk = Walk::Before;
        let mut row = Open { start: 0, first: 0 };
        for (at, byte) in bytes.iter().enumerate() {
            if walk == Walk::Before {
                row.start = short(at);
            }
            let ends = walk.step(*byte, separator);
            if ends.is_some() {
                self.add_one(short(at));
            }
            if ends == Some(Ends::Row) {
                row = self.end_row(row);
            }
        }
        if walk != Walk::Before {
            self.open = walk == Walk::Quoted;
            self.add_one(short(bytes.len()));
            self.end_row(row);
        }
    }

    fn end_row(&mut self, row: Open) -> Open {
        let cells = short(self.length).wrapping_sub(row.first);
        self.rows.push(Span { start: row.start, first: row.first, cells });
        Open { start: 0, first: short(self.length) }
    }
}

/// Makes room for so many.
fn room<T: Clone + Default>(all: &mut Vec<T>, wanted: usize) {
    if all.len() < wanted {
        all.resize(wanted, T::default());
    }
}

/// Adds the ends of cells. Four are written whether there are as many or not: what is too many is
/// written over.
#[inline(always)]
fn add(to: &mut [u32], base: u32, mut bits: u64) {
    let (fours, _) = to.as_chunks_mut::<4>();
    for four in fours {
        for end in four {
            *end = base.wrapping_add(bits.trailing_zeros());
            bits &= bits.wrapping_sub(1);
        }
        if bits == 0 {
            break;
        }
    }
}

/// A row that has not ended.
#[derive(Debug, Clone, Copy)]
struct Open {
    start: u32,
    first: u32,
}

/// A place in a block, which is never longer than such a number can say.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
