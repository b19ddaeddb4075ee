//! Two versions of a file cut into their tables, so that only what differs need be read.
//!
//! A cut is made at table headers, found line by line without a parse. Whatever makes that less
//! than certain (strings over several lines, keys in quotes, keys before the first header, brackets
//! that do not close) gives no cut at all, and the whole file is read.

use crate::source::Span;
use std::collections::BTreeMap;

/// The stretches of two versions of a file that need not be read, because both versions have the
/// same tables there, byte for byte. Neither where a version cannot be cut with certainty.
///
/// `steps` says how many steps of a header name a whole that must be read as one, given the first.
pub fn unchanged(
    before: &str,
    after: &str,
    steps: fn(&str) -> usize,
) -> Option<(Vec<Span>, Vec<Span>)> {
    let (old, new) = (parts(before, steps)?, parts(after, steps)?);
    let (mut skip_old, mut skip_new) = (Vec::new(), Vec::new());
    for (whole, was) in &old {
        let Some(is) = new.get(whole) else { continue };
        let same = was.len() == is.len()
            && was.iter().zip(is).all(|(old, new)| old.of(before) == new.of(after));
        if same {
            skip_old.extend_from_slice(was);
            skip_new.extend_from_slice(is);
        }
    }
    skip_old.sort_unstable();
    skip_new.sort_unstable();
    Some((skip_old, skip_new))
}

/// The text with some stretches blank and every other byte where it was.
pub(super) fn blanked(text: &str, skip: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in skip {
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.extend(std::iter::repeat_n(' ', span.len()));
        // The next header must begin a line.
        if span.of(text).ends_with('\n') {
            out.pop();
            out.push('\n');
        }
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The stretches of a text by the whole they belong to.
fn parts(text: &str, steps: fn(&str) -> usize) -> Option<BTreeMap<Vec<&str>, Vec<Span>>> {
    if text.contains("\"\"\"") || text.contains("'''") || text.contains("<<<<<<<") {
        return None;
    }
    let mut parts: BTreeMap<Vec<&str>, Vec<Span>> = BTreeMap::new();
    let mut open: Option<(Vec<&str>, usize)> = None;
    let (mut at, mut depth) = (0, 0);
    for line in text.split_inclusive('\n') {
        let words = line.trim_start();
        if depth == 0 && words.starts_with('[') {
            if let Some((whole, start)) = open.take() {
                parts.entry(whole).or_default().push(Span::new(start, at));
            }
            open = Some((whole(header(words)?, steps)?, at));
        } else if !words.is_empty() && !words.starts_with('#') {
            open.as_ref()?;
            depth = nested(words, depth)?;
        }
        at += line.len();
    }
    if let Some((whole, start)) = open {
        parts.entry(whole).or_default().push(Span::new(start, at));
    }
    (depth == 0).then_some(parts)
}

/// The steps of a header line, where it is written plainly.
fn header(line: &str) -> Option<Vec<&str>> {
    let line = line.split_once('#').map_or(line, |(line, _)| line).trim_end();
    let inner = match line.strip_prefix("[[") {
        Some(rest) => rest.strip_suffix("]]")?,
        None => line.strip_prefix('[')?.strip_suffix(']')?,
    };
    let plain = |step: &&str| {
        let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !step.is_empty() && step.bytes().all(bare)
    };
    let steps: Vec<&str> = inner.split('.').map(str::trim).collect();
    steps.iter().all(plain).then_some(steps)
}

/// The steps that name the whole a header belongs to.
fn whole(mut header: Vec<&str>, steps: fn(&str) -> usize) -> Option<Vec<&str>> {
    let wanted = steps(header.first()?);
    (header.len() >= wanted).then(|| {
        header.truncate(wanted);
        header
    })
}

/// How many brackets are open behind a line of values.
fn nested(line: &str, mut depth: usize) -> Option<usize> {
    let mut bytes = line.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'#' => break,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.checked_sub(1)?,
            b'\'' => {
                bytes.find(|byte| *byte == b'\'')?;
            }
            b'"' => loop {
                match bytes.next()? {
                    b'"' => break,
                    b'\\' => {
                        bytes.next()?;
                    }
                    _ => {}
                }
            },
            _ => {}
        }
    }
    Some(depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(kind: &str) -> usize {
        if kind == "field" { 3 } else { 2 }
    }

    #[track_caller]
    fn read(before: &str, after: &str) -> Option<(String, String)> {
        let (old, new) = unchanged(before, after, steps)?;
        let words = |text: &str, skip: &[Span]| {
            let left = blanked(text, skip);
            assert_eq!(left.len(), text.len());
            left.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        Some((words(before, &old), words(after, &new)))
    }

    #[test]
    fn only_what_differs_is_left() {
        let before = "# head\n[a.x]\nv = 1\n\n[[a.x.item]]\nid = \"[a.y]\"\n\n[a.y]\nv = 2\n";
        let after = before.replace("v = 2", "v = 3");
        let left = read(before, &after).unwrap();
        assert_eq!(left, ("# head [a.y] v = 2".to_owned(), "# head [a.y] v = 3".to_owned()));
    }

    #[test]
    fn a_whole_is_read_with_all_its_tables() {
        let before = "[a.x]\nv = 1\n[a.y]\n[a.x.sub]\nw = 1\n";
        let after = before.replace("w = 1", "w = 2");
        assert_eq!(read(before, &after).unwrap().0, "[a.x] v = 1 [a.x.sub] w = 1");
    }

    #[test]
    fn lists_over_several_lines_hide_no_header() {
        let before = "[a.x]\nv = [\n[\"b\"],\n]\n[a.y]\nv = 1\n";
        let after = before.replace("v = 1", "v = 2");
        assert_eq!(read(before, &after).unwrap().0, "[a.y] v = 1");
    }

    #[test]
    fn what_is_not_certain_is_not_cut() {
        let plain = "[a.x]\nv = 1\n";
        for odd in [
            "a.x.v = 1\n[a.y]\n",
            "[a.\"x\"]\nv = 1\n",
            "[a]\nx.v = 1\n",
            "[a.x]\nv = '''\n[a.y]\n'''\n",
            "[a.x]\nv = [1\n",
            "[a.x]\nv = \"1\n",
            "[a.x]\nv = 1]\n",
            "<<<<<<< HEAD\n[a.x]\n",
        ] {
            assert_eq!(unchanged(odd, plain, steps), None, "{odd}");
            assert_eq!(unchanged(plain, odd, steps), None, "{odd}");
        }
    }
}
