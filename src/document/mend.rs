//! Faulty lines mended or blanked in a text of the same length, so that one slip gives one finding
//! and all that stands behind it is read.

use super::slip::{Mend, Slip, close_missing, header_missing, local, quote_inside, quote_missing};
use super::statement::{Statement, begins, line, statements};
use super::unseen::unseen;
use crate::source::Span;
use std::collections::BTreeMap;
use toml::de::{DeTable, Error};

/// How often a text is mended and parsed again.
const ROUNDS: usize = 20;

/// The text with its faults mended, every other byte where it was, and the slips that were found,
/// one a line.
pub(super) fn mended(text: &str, limit: usize) -> (String, Vec<Slip>) {
    // The mark that some editors put at the start is no part of the first line; blanks are as long.
    let marked = text.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
    let text = marked.unwrap_or_else(|| text.to_owned());
    let mut run = Run { text, slips: Vec::new(), tried: BTreeMap::new() };
    for round in 1..=ROUNDS {
        let mut faults = DeTable::parse_recoverable(&run.text).1;
        faults.retain(|fault| !is_about_tables(fault));
        faults.sort_by_key(|fault| fault.span().map(|span| (span.start, span.end)));
        // Far more faults than are shown: what is read is hardly a model.
        if faults.is_empty() || !run.round(&faults, round == ROUNDS || run.slips.len() > limit) {
            break;
        }
    }
    (run.text, run.slips)
}

/// How many slips of a file are looked for when it was mended often enough.
const FAR_TOO_MANY: usize = 1_000;

/// Whether a fault is one of keys and tables that were read well.
pub(super) fn is_about_tables(fault: &Error) -> bool {
    fault.message().starts_with("duplicate key") || fault.message().starts_with("cannot extend")
}

struct Run {
    text: String,
    slips: Vec<Slip>,
    /// What was done about a line, and whether it went blank.
    tried: BTreeMap<usize, bool>,
}

impl Run {
    /// One round; whether the text changed.
    fn round(&mut self, faults: &[Error], last: bool) -> bool {
        let before = self.text.clone();
        let all = statements(&before);
        let mut blank = Vec::new();
        let mut bytes = before.clone().into_bytes();
        for fault in faults {
            let span = fault.span().map_or_else(Span::default, Span::from);
            let Some((index, statement)) = holding(&before, &all, span.start) else { continue };
            // A header that reads well was swallowed by what is left out now.
            let well = statement.header && begins(statement.span.of(&before));
            if well && !blank.is_empty() && !last {
                break;
            }
            let slip = slip(&before, statement, span, fault.message());
            // What follows such a fault may be no fault of its own.
            let structural =
                matches!(slip.mend, Mend::Close { .. }) || !statement.quotes.is_empty();
            let at = line(&before, slip.span.start).start;
            let first = !self.tried.contains_key(&at);
            match (self.tried.get(&at), &slip.mend) {
                (Some(true), _) | (_, Mend::Keep) => {}
                (None, Mend::Replace(parts)) => {
                    for (at, with) in parts {
                        write(&mut bytes, *at, with);
                    }
                }
                (None, Mend::Close { at, closer, until }) => {
                    if room_behind(&before, *at, closer) {
                        write(&mut bytes, *at, closer);
                    } else {
                        blank.push(Span::new(statement.span.start, *until));
                    }
                }
                (_, Mend::Close { until, .. }) => {
                    blank.push(Span::new(statement.span.start, *until));
                }
                (_, Mend::Table) => blank.push(table(&all, index)),
                _ => blank.push(statement.own()),
            }
            let gone = blank.last().is_some_and(|gone| (gone.start..gone.end).contains(&at));
            let was = self.tried.entry(at).or_insert(gone);
            *was |= gone;
            if first {
                self.slips.push(slip);
            }
            if structural && (!last || self.slips.len() > FAR_TOO_MANY) {
                break;
            }
        }
        for span in blank {
            if let Some(bytes) = bytes.get_mut(span.start..span.end) {
                bytes.iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')).for_each(|b| *b = b' ');
            }
        }
        self.text = String::from_utf8(bytes).unwrap_or_else(|_| before.clone());
        self.text != before
    }
}

/// What is wrong at a fault: something not closed, or something in its line.
fn slip(text: &str, statement: &Statement, span: Span, said: &str) -> Slip {
    let row = line(text, before_newline(text, span.start));
    if let Some(inside) = quote_inside(text, row) {
        return inside;
    }
    let quotes = &statement.quotes;
    let quote =
        quotes.get(quotes.partition_point(|at| *at < row.start)).filter(|at| **at <= row.end);
    if let Some(at) = quote {
        return quote_missing(text, *at);
    }
    if let Some(open) = statement.open
        && (open.forever || span.start >= open.until)
    {
        return close_missing(text, open);
    }
    if let Some(unseen) = unseen(text, row) {
        return unseen;
    }
    if statement.header {
        return header_missing(text, row);
    }
    local(text, row, span, said)
}

/// The statement that holds a byte that is not blank, or the last before it.
fn holding<'a>(text: &str, all: &'a [Statement], at: usize) -> Option<(usize, &'a Statement)> {
    let at = before_newline(text, at);
    let index = all.partition_point(|statement| statement.span.end <= at);
    let index = index.min(all.len().checked_sub(1)?);
    Some((index, all.get(index)?))
}

/// The byte itself, or the last word before it where it is the newline or the end.
fn before_newline(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let (head, tail) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
    if line(text, at).of(text).trim().is_empty() || tail.is_empty() {
        let words = head.trim_end();
        return words.char_indices().next_back().map_or(at, |(last, _)| last);
    }
    at
}

/// A header's statement with all lines up to the next header.
fn table(all: &[Statement], index: usize) -> Span {
    let own = all.get(index).map(|statement| statement.span).unwrap_or_default();
    let next = all.iter().skip(index + 1).find(|statement| statement.header);
    let end = next.map(|next| next.span.start).or(all.last().map(|last| last.span.end));
    Span::new(own.start, end.unwrap_or(own.end))
}

/// Whether a closer fits behind the last word, and a newline is left.
fn room_behind(text: &str, at: usize, closer: &str) -> bool {
    let behind = text.get(at..).unwrap_or_default();
    closer.len() == 1
        && (behind.starts_with("\r\n") || behind.starts_with("\n\n") || behind.starts_with("\n\r"))
}

/// Writes over bytes that are there.
fn write(bytes: &mut [u8], at: usize, with: &str) {
    if let Some(place) = bytes.get_mut(at..at + with.len()) {
        place.copy_from_slice(with.as_bytes());
    }
}
