//! Letters outside of quotes that are not what they seem, such as a no-break space.

use super::slip::{Mend, Slip, quoted};
use crate::letters::{Odd, odd_letters};
use crate::source::Span;

/// The first such letter of a line, and how the line is read without all of them.
pub(super) fn unseen(text: &str, row: Span) -> Option<Slip> {
    let line = row.of(text);
    let found = bare(line);
    let (at, first) = *found.first()?;
    let part: Option<Vec<_>> = found.iter().map(|found| instead(line, *found)).collect();
    let mend = match part {
        Some(parts) => {
            Mend::Replace(parts.into_iter().map(|(at, with)| (row.start + at, with)).collect())
        }
        None => Mend::Blank,
    };
    let span = Span::new(row.start + at, row.start + at + first.letter.len_utf8());
    Some(Slip::new(span, first.told(), mend).help(first.help()))
}

/// The letters of a line outside of its quotes and its comment that are not what they seem.
fn bare(line: &str) -> Vec<(usize, Odd)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find(['#', '"', '\'']).unwrap_or(rest.len());
        let words = rest.get(..plain).unwrap_or_default();
        found.extend(odd_letters(words).map(|(offset, odd)| (at + offset, odd)));
        let quote = rest.get(plain..).and_then(|rest| rest.chars().next());
        at += match quote {
            Some(quote @ ('"' | '\'')) => {
                plain + quoted(rest.get(plain..).unwrap_or_default(), quote)
            }
            _ => rest.len(),
        };
    }
    found
}

/// What is read in the place of such a letter, as many bytes as it has.
fn instead(line: &str, (at, odd): (usize, Odd)) -> Option<(usize, &'static str)> {
    let length = odd.letter.len_utf8();
    let spaced = |sign: &'static str| sign.get(..length).map(|sign| (at, sign));
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match odd.meant {
        Some(' ') => spaced("    "),
        Some('=') => spaced("=   "),
        Some(',') => spaced(",   "),
        Some('[') => spaced("[   "),
        Some(']') => spaced("]   "),
        None => {
            let before = line.get(..at).is_some_and(|head| head.ends_with(name));
            let behind = line.get(at + length..).is_some_and(|tail| tail.starts_with(name));
            if before && behind { None } else { spaced("    ") }
        }
        _ => None,
    }
}
