//! Places inside a TOML string: from the decoded text back to what the user typed.

use crate::source::Span;

/// The stretch of `source` that wrote the stretch `inner` of a decoded string.
///
/// `literal` is where the string stands in `source`, quotes included. Escapes count as what they
/// are written as. A stretch that cannot be placed gives the whole literal.
pub fn place_in_string(source: &str, literal: Span, inner: Span) -> Span {
    let written = literal.of(source);
    let Some((quote, body)) = split_quotes(written) else { return literal };
    let start = literal.start + quote;
    let escapes = written.starts_with('"');
    let mut map = Walk { rest: body, written: 0, decoded: 0, escapes };
    let mut from = None;
    let mut until = None;
    loop {
        if map.decoded <= inner.start || from.is_none() {
            from = Some(map.written);
        }
        if map.decoded >= inner.end {
            until = Some(map.written);
            break;
        }
        if !map.step() {
            break;
        }
    }
    match (from, until) {
        (Some(from), Some(until)) => Span::new(start + from, start + until),
        _ => literal,
    }
}

/// Length of the opening quote (with the newline a multi-line string drops) and the body.
fn split_quotes(written: &str) -> Option<(usize, &str)> {
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if let Some(rest) = written.strip_prefix(quote) {
            let body = rest.strip_suffix(quote)?;
            let trimmed = if quote.len() == 3 {
                body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')).unwrap_or(body)
            } else {
                body
            };
            return Some((quote.len() + body.len() - trimmed.len(), trimmed));
        }
    }
    None
}

struct Walk<'a> {
    rest: &'a str,
    written: usize,
    decoded: usize,
    escapes: bool,
}

impl Walk<'_> {
    /// Goes over one written character or escape; false at the end.
    fn step(&mut self) -> bool {
        let mut chars = self.rest.chars();
        let Some(first) = chars.next() else { return false };
        let (written, decoded) = if self.escapes && first == '\\' {
            match chars.next() {
                Some('x') => escaped_code(self.rest, 2),
                Some('u') => escaped_code(self.rest, 4),
                Some('U') => escaped_code(self.rest, 8),
                Some(c) if c.is_whitespace() => (continued_line(self.rest), 0),
                Some(c) => (1 + c.len_utf8(), 1),
                None => (1, 0),
            }
        } else {
            (first.len_utf8(), first.len_utf8())
        };
        self.rest = self.rest.get(written..).unwrap_or_default();
        self.written += written;
        self.decoded += decoded;
        true
    }
}

/// Written and decoded length of `\xHH`, `\uHHHH` or `\UHHHHHHHH`.
fn escaped_code(rest: &str, digits: usize) -> (usize, usize) {
    let code = rest
        .get(2..2 + digits)
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .and_then(char::from_u32);
    (2 + digits, code.map_or(1, char::len_utf8))
}

/// Written length of a backslash at a line's end with all the white space it swallows.
fn continued_line(rest: &str) -> usize {
    let after = rest.get(1..).unwrap_or_default();
    1 + after.len() - after.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn underlined(literal: &str, decoded: &str, word: &str) -> String {
        let at = decoded.find(word).map(|at| Span::new(at, at + word.len())).unwrap_or_default();
        place_in_string(literal, Span::new(0, literal.len()), at).of(literal).to_owned()
    }

    #[test]
    fn words_are_found_behind_escapes() {
        assert_eq!(underlined(r#""a = \"x\" and bb""#, "a = \"x\" and bb", "bb"), "bb");
        assert_eq!(underlined(r#""caf\u00e9 = 1""#, "café = 1", "1"), "1");
        assert_eq!(underlined(r#""a = \"x\"""#, "a = \"x\"", "\"x\""), r#"\"x\""#);
    }

    #[test]
    fn words_are_found_in_every_string_form() {
        assert_eq!(underlined("'a or b'", "a or b", "or"), "or");
        assert_eq!(underlined("'''\na or b'''", "a or b", "a"), "a");
        assert_eq!(underlined("\"\"\"a \\\n   or b\"\"\"", "a or b", "or"), "or");
    }
}
