//! Rows as CSV, in which nothing of a model is a formula.
//!
//! One record is one line and ends in a bare line feed: every reader of CSV takes it, and so do
//! `sort`, `grep` and `diff`, for which the carriage return of RFC 4180 is a part of the last cell.
//! It is UTF-8 without a byte order mark. Whoever needs values to the letter reads the JSON.

use super::safe::shown;
use csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};

/// Rows of cells as CSV, the head first.
pub fn csv(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let head = head.iter().map(|cell| (*cell).to_owned()).collect();
    std::iter::once(head).chain(rows).map(|row: Vec<String>| csv_line(&row)).collect()
}

/// One row as a line of CSV, with a newline at the end.
pub fn csv_line<S: AsRef<str>>(cells: &[S]) -> String {
    /// Most lines fit; a longer one makes it grow.
    const LINE: usize = 512;
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::Any(b'\n'))
        .buffer_capacity(LINE)
        .from_writer(Vec::new());
    let written = writer.write_record(cells.iter().map(|cell| harmless(cell.as_ref())));
    // A vector takes whatever is written to it.
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The rows of what was written here, the head first, up to the first that cannot be read.
pub fn csv_rows(text: &str) -> impl Iterator<Item = Vec<String>> {
    let reader =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.into_records().map_while(Result::ok);
    rows.map(|row: StringRecord| row.iter().map(|cell| as_it_was(cell).to_owned()).collect())
}

/// A cell without the apostrophe that keeps spreadsheets from computing it.
fn as_it_was(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(is_formula)).unwrap_or(cell)
}

/// A cell in one line that no spreadsheet computes: an apostrophe stands before what would begin
/// a formula, also behind a semicolon, at which some spreadsheets part cells. A number stays one.
fn harmless(cell: &str) -> String {
    if is_number(cell) {
        return cell.to_owned();
    }
    let mut out = String::with_capacity(cell.len() + 1);
    let mut at_start = true;
    for c in shown(cell).replace(['\n', '\t'], " ").chars() {
        if at_start && is_formula(c) {
            out.push('\'');
        }
        at_start = c == ';' || (at_start && (c.is_whitespace() || c == '"'));
        out.push(c);
    }
    out
}

/// Whether a spreadsheet computes what begins with this; it takes wide forms for the narrow ones.
fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// Whether a cell is a number in plain digits.
fn is_number(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, rest) = cell.split_once('.').unwrap_or((cell, "0"));
    digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a reader of CSV gets.
    fn read(text: &str) -> Vec<Vec<String>> {
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let cells = |row: StringRecord| row.iter().map(str::to_owned).collect();
        reader.records().map(|row| cells(row.expect("a record"))).collect()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let row = ["=1+1", "b,c", "say \"x\"", "", "'quoted", "+49 30"].map(str::to_owned).to_vec();
        let text = csv(&["one", "two", "three", "four", "five", "six"], [row.clone()]);
        assert_eq!(csv_rows(&text).nth(1), Some(row));
    }

    #[test]
    fn the_head_comes_first_and_cells_are_quoted_where_they_must_be() {
        let row = ["a", "b,c", "say \"x\"", "", "Zoë → 3"].map(str::to_owned).to_vec();
        let text = csv(&["one", "two", "three", "four", "five"], [row]);
        assert_eq!(text, "one,two,three,four,five\na,\"b,c\",\"say \"\"x\"\"\",,Zoë → 3\n");
    }

    #[test]
    fn nothing_is_a_formula_and_numbers_stay() {
        for (cell, safe) in [
            ("=1+1", "'=1+1"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", " '=1"),
            ("\r=1", " '=1"),
            ("  =1", "  '=1"),
            ("＝1", "'＝1"),
            ("x;=1", "x;'=1"),
            ("x; \"=1", "x; \"'=1"),
            ("a\nb\u{1b}[31m", "a b?[31m"),
            ("-5", "-5"),
            ("-5.25", "-5.25"),
            ("70", "70"),
            ("+5", "'+5"),
            ("-", "'-"),
            ("-5.", "'-5."),
            ("a = 1 and b > -1", "a = 1 and b > -1"),
        ] {
            assert_eq!(harmless(cell), safe, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn every_row_is_one_line_of_as_many_cells(
            row in prop::collection::vec("[-=+@;,\"'\r\n\t a0é]{0,6}", 1..5),
        ) {
            let line = csv_line(&row);
            prop_assert_eq!(line.matches('\n').count(), 1);
            prop_assert!(!line.contains('\r'));
            // A line without a single character would be read as no row at all.
            let back = read(&line);
            prop_assert_eq!(back.len(), 1);
            let back = &back[0];
            prop_assert_eq!(back.len(), row.len());
            for (cell, was) in back.iter().zip(&row) {
                prop_assert!(is_number(cell) || !cell.trim_start().starts_with(is_formula));
                prop_assert_eq!(cell.replace('\'', ""), was.replace(['\r', '\n', '\t'], " ").replace('\'', ""));
            }
        }
    }
}
