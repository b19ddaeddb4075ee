//! Two versions of a file cut into their tables, so that only what differs need be read.
//!
//! A cut is made at table headers, found line by line without a parse. Whatever makes that less
//! than certain (strings over several lines, keys in quotes, keys before the first header, brackets
//! that do not close) gives no cut at all, and the whole file is read.

use crate::source::Span;
use memchr::{memchr, memchr2, memmem};

/// A text cut into its tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut(Vec<Part>);

impl Cut {
    /// Cuts a text; none where that is not certain.
    ///
    /// `steps` says how many steps of a header name a whole that must be read as one, given the
    /// first.
    pub fn of(text: &str, steps: fn(&str) -> usize) -> Option<Self> {
        parts(text, steps).map(Self)
    }
}

/// What two versions of a file say word for word, which need not be read.
#[derive(Debug, Default)]
pub struct Same<'t> {
    /// The wholes, in order of their names.
    pub wholes: Vec<&'t str>,
    /// Where their tables stand before.
    pub before: Vec<Span>,
    /// Where they stand after.
    pub after: Vec<Span>,
}

/// The wholes that have the same tables in two versions of a file, byte for byte.
pub fn unchanged<'t>(before: (&str, &Cut), after: (&'t str, &Cut)) -> Same<'t> {
    let ((before, old), (after, new)) = (before, after);
    let mut found = Same::default();
    let mut rest = new.0.as_slice();
    for was in old.0.chunk_by(|a, b| a.whole.of(before) == b.whole.of(before)) {
        let Some(whole) = was.first().map(|part| part.whole.of(before)) else { continue };
        let behind = rest.partition_point(|part| part.whole.of(after) < whole);
        rest = rest.get(behind..).unwrap_or_default();
        let count = rest.partition_point(|part| part.whole.of(after) == whole);
        let (is, behind) = rest.split_at(count);
        rest = behind;
        let same = was.len() == is.len()
            && was.iter().zip(is).all(|(old, new)| old.span.of(before) == new.span.of(after));
        if same {
            found.wholes.extend(is.first().map(|part| part.whole.of(after)));
            found.before.extend(was.iter().map(|part| part.span));
            found.after.extend(is.iter().map(|part| part.span));
        }
    }
    found.before.sort_unstable();
    found.after.sort_unstable();
    found
}

/// The wholes whose tables may stand in a text, told from its headers alone: all that stand there,
/// and what looks like one within a string. None where headers do not tell: where one is not written
/// plainly, or a key stands above the first.
pub fn wholes(text: &str, steps: fn(&str) -> usize) -> Option<Vec<&str>> {
    let mut wholes = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |length| length + 1);
        let (line, behind) = rest.split_at_checked(end)?;
        rest = behind;
        let words = line.trim_ascii_start();
        match words.as_bytes().first() {
            Some(b'[') => {
                let whole = whole(words, steps)?.of(words);
                if wholes.last() != Some(&whole) {
                    wholes.push(whole);
                }
            }
            Some(b'#') | None => {}
            Some(_) if wholes.is_empty() => return None,
            Some(_) => {}
        }
    }
    Some(wholes)
}

/// The text with some stretches blank and every other byte where it was.
pub(super) fn blanked(text: &str, skip: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in skip {
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.push_str(&" ".repeat(span.len()));
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

/// A stretch of a text and the whole it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// Where the steps of the header stand that name the whole.
    whole: Span,
    span: Span,
}

/// The stretches of a text, by the whole they belong to and then in order.
fn parts(text: &str, steps: fn(&str) -> usize) -> Option<Vec<Part>> {
    let bytes = text.as_bytes();
    let odd = ["\"\"\"", "'''", "<<<<<<<"];
    if odd.iter().any(|odd| memmem::find(bytes, odd.as_bytes()).is_some()) {
        return None;
    }
    let mut parts = Vec::new();
    let mut open: Option<(Span, usize)> = None;
    let (mut at, mut depth) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let end = memchr(b'\n', rest).map_or(bytes.len(), |length| at + length + 1);
        let line = text.get(at..end)?;
        let words = line.trim_ascii_start();
        match words.as_bytes().first() {
            Some(b'[') if depth == 0 => {
                let name = whole(words, steps)?;
                let start = at + (line.len() - words.len()) + name.start;
                let next = (Span::new(start, start + name.len()), at);
                parts.extend(open.replace(next).map(|open| part(open, at)));
            }
            None | Some(b'#') => {}
            Some(_) => {
                open?;
                depth = nested(words, depth)?;
            }
        }
        at = end;
    }
    parts.extend(open.map(|open| part(open, at)));
    parts.sort_unstable_by(|a, b| a.whole.of(text).cmp(b.whole.of(text)).then(a.span.cmp(&b.span)));
    (depth == 0).then_some(parts)
}

fn part((whole, start): (Span, usize), end: usize) -> Part {
    Part { whole, span: Span::new(start, end) }
}

/// The steps that name the whole a header line belongs to, where it is written plainly.
fn whole(line: &str, steps: fn(&str) -> usize) -> Option<Span> {
    let remark = memchr(b'#', line.as_bytes()).unwrap_or(line.len());
    let line = line.get(..remark)?.trim_ascii_end();
    let (inner, start) = match line.strip_prefix("[[") {
        Some(rest) => (rest.strip_suffix("]]")?, 2),
        None => (line.strip_prefix('[')?.strip_suffix(']')?, 1),
    };
    let name = |length: usize| Span::new(start, start + length);
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let mut wanted = steps(inner.get(..memchr(b'.', inner.as_bytes()).unwrap_or(inner.len()))?);
    let mut begin = 0;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'.' if begin == at => return None,
            b'.' => {
                wanted = wanted.checked_sub(1)?;
                if wanted == 0 {
                    // What follows must be plain as well.
                    let below = inner.get(at + 1..)?.split('.');
                    let plain = |step: &str| !step.is_empty() && step.bytes().all(bare);
                    return below.into_iter().all(plain).then(|| name(at));
                }
                begin = at + 1;
            }
            _ if bare(byte) => {}
            _ => return None,
        }
    }
    (begin < inner.len() && wanted == 1).then(|| name(inner.len()))
}

/// How many brackets are open behind a line of values.
fn nested(line: &str, mut depth: usize) -> Option<usize> {
    let mut rest = line.as_bytes();
    while let Some(at) = rest.iter().position(|byte| is_sign(*byte)) {
        let (sign, behind) = rest.get(at..)?.split_first()?;
        rest = behind;
        match sign {
            b'#' => break,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.checked_sub(1)?,
            b'\'' => rest = rest.get(memchr(b'\'', rest)? + 1..)?,
            _ => rest = behind_quotes(rest)?,
        }
    }
    Some(depth)
}

/// Whether a byte may open or close something, or begin a remark.
fn is_sign(byte: u8) -> bool {
    matches!(byte, b'#' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'')
}

/// What stands behind the end of a string between double quotes.
fn behind_quotes(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let at = memchr2(b'"', b'\\', rest)?;
        match rest.get(at)? {
            b'"' => return rest.get(at + 1..),
            _ => rest = rest.get(at + 2..)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(kind: &str) -> usize {
        if kind == "field" { 3 } else { 2 }
    }

    #[track_caller]
    fn read(before: &str, after: &str) -> Option<(String, String)> {
        let (was, is) = (Cut::of(before, steps)?, Cut::of(after, steps)?);
        let Same { before: old, after: new, .. } = unchanged((before, &was), (after, &is));
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
    fn headers_tell_what_may_stand_in_a_text() {
        let text =
            "# head\n[a.x]\nv = \"\"\"\n[a.z]\n\"\"\"\n  [[a.x.item]]\n\n[field.l.y] # why\n";
        assert_eq!(wholes(text, steps), Some(vec!["a.x", "a.z", "a.x", "field.l.y"]));
        for odd in ["v = 1\n[a.x]\n", "[a]\nx.v = 1\n", "[a.\"x\"]\n", "[a.x]\nv = [\n[1],\n]\n"] {
            assert_eq!(wholes(odd, steps), None, "{odd}");
        }
    }

    #[test]
    fn what_is_not_certain_is_not_cut() {
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
            assert_eq!(Cut::of(odd, steps), None, "{odd}");
        }
    }
}
