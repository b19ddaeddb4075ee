//! How an input parts its cells, and which of its first rows is the header.

use super::field::Field;
use super::layout::Layout;
use super::rows::{Cells, Rows};

/// What may stand between two cells, the likeliest first.
pub const SEPARATORS: [u8; 4] = *b",;\t|";

/// The header is looked for among so many rows.
const ROWS: usize = 20;

/// A row at the beginning of an input.
#[derive(Debug, Clone)]
pub(super) struct First {
    pub(super) cells: Vec<String>,
    /// Where it ends, in bytes from the beginning.
    pub(super) end: usize,
    /// The line the next row is on or behind, from one.
    pub(super) next: u64,
}

impl First {
    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
    }
}

/// The first rows of an input, parted in one way.
#[derive(Debug, Clone)]
pub(super) struct Parted {
    pub(super) separator: u8,
    pub(super) rows: Vec<First>,
}

/// The header that was found.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) separator: u8,
    pub(super) row: First,
    /// How many rows stand above it.
    pub(super) above: usize,
    /// Whether a row below looks like the header too.
    pub(super) rival: Option<u64>,
    pub(super) layout: Layout,
}

/// The first rows by each separator that there may be.
pub(super) fn parted(window: &[u8], is_whole: bool, asked: Option<u8>) -> Vec<Parted> {
    // One program says in a line of its own what parts the cells.
    let told = window.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    let told = match told {
        [b's', b'e', b'p', b'=', separator] => Some(*separator),
        _ => None,
    };
    let separators: Vec<u8> = match asked.or(told) {
        Some(separator) => vec![separator],
        None => SEPARATORS.to_vec(),
    };
    let rows = |separator| {
        let mut rows = first_rows(window, is_whole, separator);
        if told.is_some() && !rows.is_empty() {
            rows.remove(0);
        }
        Parted { separator, rows }
    };
    separators.into_iter().map(rows).collect()
}

fn first_rows(window: &[u8], is_whole: bool, separator: u8) -> Vec<First> {
    let mut rows = Rows::new(window, separator);
    let mut cells = Cells::default();
    let mut found = Vec::new();
    while found.len() < ROWS && rows.read(&mut cells).unwrap_or(false) {
        let mut end = usize::try_from(rows.position()).unwrap_or(usize::MAX);
        // A row at the end of what was looked at may go on.
        if end >= window.len() && !is_whole {
            break;
        }
        let mut next = rows.lines() + 1;
        let behind = end.checked_sub(1).and_then(|last| window.get(last..=end));
        if behind == Some(b"\r\n") {
            (end, next) = (end + 1, next + 1);
        }
        found.push(First { cells: cells.texts(), end, next });
    }
    found
}

/// The header: the first row, unless a row below is one without any doubt.
pub(super) fn header(parted: &[Parted], fields: &[Field], system: Option<&str>) -> Option<Header> {
    let found = parted.iter().filter_map(|parted| header_of(parted, fields, system));
    // Of two ways the one that recognises more is right, then the one with more cells; the likelier
    // separator where nothing tells them apart.
    let mut best: Option<Header> = None;
    for header in found {
        let rank = |header: &Header| (header.layout.recognised(), header.layout.columns.len());
        if best.as_ref().is_none_or(|best| rank(best) < rank(&header)) {
            best = Some(header);
        }
    }
    best
}

fn header_of(parted: &Parted, fields: &[Field], system: Option<&str>) -> Option<Header> {
    let layout = |row: &First| Layout::recognising(row.cells.clone(), fields, system);
    let first = parted.rows.first()?;
    let own = layout(first);
    let recognised = own.recognised();
    let mut header = Header {
        separator: parted.separator,
        row: first.clone(),
        above: 0,
        rival: None,
        layout: own,
    };
    for (above, row) in parted.rows.iter().enumerate().skip(1) {
        // A row of a title has a cell or two; a header has more, and names fields.
        if row.filled() < 2 || recognised * 2 >= row.filled() {
            continue;
        }
        let own = layout(row);
        let count = own.recognised();
        if count < 2 || count <= header.layout.recognised() {
            continue;
        }
        let titles = parted.rows.iter().take(above).all(|row| row.filled() <= 2);
        if titles && recognised == 0 && header.above == 0 {
            header = Header { row: row.clone(), above, layout: own, ..header };
        } else if header.rival.is_none() {
            header.rival = Some(parted.rows.get(above - 1).map_or(1, |before| before.next));
        }
    }
    Some(header)
}
