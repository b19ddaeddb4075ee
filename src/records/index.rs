//! Where the cells of a block end.

use super::marks::{WIDTH, any, each_piece, marks, odd_so_far};
use super::walk::{Ends, Walk};
use std::convert::Infallible;

/// The rows of a block and their cells.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Where each cell ends; beyond `length` from an earlier block.
    ends: Vec<u32>,
    length: usize,
    /// The rows.
    pub(super) rows: Vec<Span>,
    /// Whether the last row ends between quotes, because the file does.
    pub(super) open: bool,
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
    pub(super) fn read(&mut self, bytes: &[u8], separator: u8, regular: bool) {
        self.rows.clear();
        (self.length, self.open) = (0, false);
        if regular {
            self.marked(bytes, separator);
        } else {
            self.walked(bytes, separator);
        }
    }

    /// A cell as it is written, with its quotes.
    #[inline]
    pub(super) fn cell<'b>(&self, bytes: &'b [u8], row: &Span, column: u32) -> &'b [u8] {
        let at = (row.first as usize).wrapping_add(column as usize);
        let start = match column {
            0 => row.start as usize,
            _ => self.ends.get(at.wrapping_sub(1)).map_or(0, |end| (*end as usize).wrapping_add(1)),
        };
        let end = self.ends.get(at).map_or(0, |end| *end as usize);
        bytes.get(start..end).unwrap_or_default()
    }

    /// Where a row ends.
    pub(super) fn end(&self, row: &Span) -> usize {
        let last = (row.first as usize + row.cells as usize).wrapping_sub(1);
        self.ends.get(last).map_or(0, |end| *end as usize)
    }

    fn marked(&mut self, bytes: &[u8], separator: u8) {
        let (mut inside, mut row) = (0_u64, Open { start: 0, first: 0 });
        let Ok(()) = each_piece::<Infallible>(bytes, |piece, base| {
            let mut cells = marks(piece, separator);
            if inside == 0 && !any(piece, *b"\"\n") {
                self.add(base, cells);
                return Ok(());
            }
            let mut newlines = marks(piece, b'\n');
            if inside != 0 || any(piece, *b"\"") {
                let quotes = marks(piece, b'"');
                let odd = odd_so_far(quotes) ^ inside;
                inside = if odd >> 63 == 0 { 0 } else { u64::MAX };
                cells &= !odd;
                newlines &= !odd;
            }
            if newlines == 0 {
                self.add(base, cells);
            } else {
                row = self.add_rows(bytes, base, (cells, newlines), row);
            }
            Ok(())
        });
        if (row.start as usize) < bytes.len() {
            let end = short(bytes.len());
            self.add_one(end);
            self.open = inside != 0;
            self.close(if self.open { &[] } else { bytes }, row, end);
        }
    }

    /// Adds the ends of cells within a row. Eight are written whether there are as many or not: what is
    /// too many is written over.
    #[inline]
    fn add(&mut self, base: u32, mut bits: u64) {
        let added = bits.count_ones() as usize;
        let Some(free) = self.free() else { return };
        let (eights, _) = free.as_chunks_mut::<8>();
        for eight in eights {
            for end in eight {
                *end = base.wrapping_add(bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
            }
            if bits == 0 {
                break;
            }
        }
        self.length = self.length.wrapping_add(added);
    }

    /// Adds the ends of cells and of rows.
    fn add_rows(
        &mut self,
        bytes: &[u8],
        base: u32,
        (cells, newlines): (u64, u64),
        mut row: Open,
    ) -> Open {
        let mut left = newlines;
        let mut passed = 0_u64;
        while left != 0 {
            let bit = left & left.wrapping_neg();
            let below = bit.wrapping_sub(1);
            self.add(base, cells & below & !passed);
            let end = base.wrapping_add(bit.trailing_zeros());
            self.add_one(end);
            row = self.close(bytes, row, end);
            passed = below | bit;
            left ^= bit;
        }
        self.add(base, cells & !passed);
        row
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
        let needed = self.length.wrapping_add(WIDTH);
        if self.ends.len() < needed {
            self.ends.resize(needed.max(2 * self.ends.len()), 0);
        }
        self.ends.get_mut(self.length..)?.first_chunk_mut()
    }

    /// Ends a row whose last cell was added; a line without anything is none.
    fn close(&mut self, bytes: &[u8], row: Open, end: u32) -> Open {
        let returns = end > row.start && bytes.get((end as usize).wrapping_sub(1)) == Some(&b'\r');
        let written = if returns { end.wrapping_sub(1) } else { end };
        if written == row.start {
            self.length -= 1;
        } else {
            if let Some(last) = self.ends.get_mut(self.length.wrapping_sub(1)) {
                *last = written;
            }
            let cells = short(self.length).wrapping_sub(row.first);
            self.rows.push(Span { start: row.start, first: row.first, cells });
        }
        Open { start: end.wrapping_add(1), first: short(self.length) }
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
