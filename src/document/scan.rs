//! The smallest pieces of a text without faults, one after the other: blanks, keys, strings, values.
//!
//! INVARIANT: whatever is answered is what the TOML library reads there. What is not plain at sight
//! is decoded by the library; what is unusual is not answered.

use super::node::Value;
use super::scalar::{decimal, integer, when};
use crate::source::Span;
use jiff::civil::Date;
use std::borrow::Cow;
use toml::value::Datetime;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::{ParseError, Raw, Source};

/// How far a text has been read.
pub(super) struct Scan<'a> {
    text: &'a str,
    /// Where the next piece begins.
    pub(super) at: usize,
    /// The stretches of whole lines that are passed over, in order.
    skip: &'a [Span],
}

impl<'a> Scan<'a> {
    /// At the beginning of a text, behind the mark some editors put there; some stretches of whole
    /// lines are as good as blank.
    pub(super) fn new(text: &'a str, skip: &'a [Span]) -> Self {
        let mark = '\u{feff}';
        Self { text, at: if text.starts_with(mark) { mark.len_utf8() } else { 0 }, skip }
    }

    /// Whether all of the text was read, or passed over where that was asked for.
    pub(super) fn is_over(&self) -> bool {
        self.at == self.text.len() && self.skip.is_empty()
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past this byte, if it comes next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Goes past spaces and tabs.
    pub(super) fn blanks(&mut self) {
        self.run(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Goes past spaces, lines and comments, any number of them.
    pub(super) fn layout(&mut self) -> Option<()> {
        loop {
            while let Some(rest) = self.skip.split_first().filter(|rest| rest.0.start == self.at) {
                (self.at, self.skip) = (rest.0.end, rest.1);
            }
            if !matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r' | b'#')) {
                return Some(());
            }
            self.line_end()?;
        }
    }

    /// Goes past the end of a line that holds nothing more.
    pub(super) fn line_over(&mut self) -> Option<()> {
        let broken = self.line_end()?;
        (broken || self.peek().is_none()).then_some(())
    }

    /// Goes past spaces, a comment and the line break, as far as they are there; whether the line
    /// ends there, which it does behind a comment.
    fn line_end(&mut self) -> Option<bool> {
        self.blanks();
        let commented = self.eat(b'#');
        if commented {
            self.words(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..));
        }
        let broken =
            if self.eat(b'\r') { self.eat(b'\n').then_some(true)? } else { self.eat(b'\n') };
        (broken || !commented || self.peek().is_none()).then_some(broken)
    }

    /// A bare or quoted key; an empty one is unusual.
    pub(super) fn key(&mut self) -> Option<(Cow<'a, str>, Span)> {
        let start = self.at;
        let key =
            match self.peek()? {
                b'"' | b'\'' => self.quoted(false)?,
                _ => Cow::Borrowed(self.run(
                    |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_'),
                )),
            };
        (!key.is_empty()).then(|| (key, Span::new(start, self.at)))
    }

    /// A string of any kind; `lines` where it may have several.
    pub(super) fn quoted(&mut self, lines: bool) -> Option<Cow<'a, str>> {
        if let Some(plain) = self.plain() {
            return Some(Cow::Borrowed(plain));
        }
        let source = Source::new(self.text.get(self.at..)?);
        let token = source.lex().next()?;
        let raw = source.get(token)?;
        let one_line =
            matches!(token.kind().encoding()?, Encoding::BasicString | Encoding::LiteralString);
        let (kind, text) = decoded(raw)?;
        self.at += raw.len();
        ((one_line || lines) && kind == ScalarKind::String).then_some(text)
    }

    /// A string between double quotes on one line that says what it means: no escapes in it.
    fn plain(&mut self) -> Option<&'a str> {
        let start = self.at;
        if self.eat(b'"') {
            let text = self.words(
                |byte| matches!(byte, b'\t' | b' ' | b'!' | b'#'..=b'[' | b']'..=b'~' | 0x80..),
            );
            if self.eat(b'"') && !(text.is_empty() && self.peek() == Some(b'"')) {
                return Some(text);
            }
        }
        self.at = start;
        None
    }

    /// A number, a date, `true` or `false`.
    pub(super) fn scalar(&mut self) -> Option<Value> {
        let word = self.run(|byte| {
            matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'+' | b'.' | b':')
        });
        plain_value(word).or_else(|| value(word))
    }

    /// Goes past the bytes that are like this, among which most letters, digits and blanks are.
    fn words(&mut self, like: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let (blocks, _) = rest.as_chunks();
        let all_plain = |block: &&[u8; 8]| !has_sign(u64::from_ne_bytes(**block));
        self.at += 8 * blocks.iter().take_while(all_plain).count();
        while !self.text.is_char_boundary(self.at) {
            self.at -= 1;
        }
        self.run(like);
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Goes past the bytes that are like this.
    fn run(&mut self, like: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = rest.bytes().position(|byte| !like(byte)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }
}

/// Whether one of eight bytes is a control character, a double quote or a backslash.
fn has_sign(block: u64) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let below = |bound: u64, block: u64| block.wrapping_sub(ONES * bound) & !block & HIGH;
    let is = |byte: u8| below(1, block ^ (ONES * u64::from(byte)));
    below(0x20, block) | is(b'"') | is(b'\\') | is(0x7f) != 0
}

/// What a word means at sight.
fn plain_value(word: &str) -> Option<Value> {
    match word.as_bytes() {
        b"true" => Some(Value::Bool(true)),
        b"false" => Some(Value::Bool(false)),
        b"0" => Some(Value::Integer(0)),
        [b'1'..=b'9', rest @ ..] if rest.len() < 18 && rest.iter().all(u8::is_ascii_digit) => {
            word.parse().ok().map(Value::Integer)
        }
        [_, _, _, _, b'-', _, _, b'-', _, _] => word.parse::<Date>().ok().map(Value::Date),
        _ => None,
    }
}

/// What a word means to the library.
fn value(word: &str) -> Option<Value> {
    let raw = Raw::new_unchecked(word, None, toml_parser::Span::new_unchecked(0, word.len()));
    let (kind, text) = decoded(raw)?;
    match kind {
        ScalarKind::Integer(radix) => integer(&text, radix.value()).map(Value::Integer),
        ScalarKind::Float => decimal(&text).map(Value::Decimal),
        ScalarKind::DateTime => text.parse::<Datetime>().ok().and_then(|moment| when(&moment)),
        ScalarKind::Boolean(truth) => Some(Value::Bool(truth)),
        ScalarKind::String => None,
    }
}

/// A scalar without any fault.
fn decoded(raw: Raw<'_>) -> Option<(ScalarKind, Cow<'_, str>)> {
    let mut text = Cow::Borrowed("");
    let mut fault: Option<ParseError> = None;
    let kind = raw.decode_scalar(&mut text, &mut fault);
    fault.is_none().then_some((kind, text))
}
