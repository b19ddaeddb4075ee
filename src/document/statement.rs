//! Where the statements of a file begin and end, found without a parse, so that a fault can be
//! told from what follows it.

use crate::source::Span;

/// A header or a `key = value` with all its lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Statement {
    /// From its first byte to the end of its last line, newline included.
    pub(super) span: Span,
    /// Whether it is a table's header.
    pub(super) header: bool,
    /// The bracket or quote that is not closed before something else seems to begin.
    pub(super) open: Option<Open>,
    /// The quotes that are not closed on their line.
    pub(super) quotes: Vec<usize>,
}

impl Statement {
    /// Its lines up to where something else seems to begin.
    pub(super) fn own(&self) -> Span {
        let end = self.open.map_or(self.span.end, |open| open.until);
        Span::new(self.span.start, end)
    }
}

/// Something opened and not closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    /// Where it was opened.
    pub(super) at: usize,
    /// What would close it.
    pub(super) closer: &'static str,
    /// How many are open.
    pub(super) depth: usize,
    /// Where something else seems to begin.
    pub(super) until: usize,
    /// Whether it is still open at the end of the file.
    pub(super) forever: bool,
}

/// The statements of a text; every byte belongs to one.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let statement = Scan::new(text, at).statement();
        at = statement.span.end.max(at + 1);
        all.push(statement);
    }
    all
}

/// The line around a byte, without its newline.
pub(super) fn line(text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at);
    let start = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |newline| newline + 1);
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    Span::new(start, start + line.strip_suffix('\r').unwrap_or(line).len())
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    stack: Vec<(usize, &'static str)>,
    found: Statement,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        let found = Statement { span: Span::new(at, at), ..Statement::default() };
        Self { text, at, stack: Vec::new(), found }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn statement(mut self) -> Statement {
        if self.rest().trim_start_matches([' ', '\t', '\u{feff}']).starts_with('[') {
            self.found.header = true;
            self.skip_line();
            self.found.span.end = (self.at + 1).min(self.text.len());
            return self.found;
        }
        while let Some(c) = self.rest().chars().next() {
            match c {
                '#' => {
                    self.skip_line();
                    continue;
                }
                '[' => self.stack.push((self.at, "]")),
                '{' => self.stack.push((self.at, "}")),
                ']' | '}' => {
                    // One that closes something else leaves open what is open.
                    self.stack.pop_if(|(_, closer)| closer.starts_with(c));
                }
                '"' | '\'' => {
                    self.string(c);
                    continue;
                }
                '\n' if self.stack.is_empty() => {
                    self.at += 1;
                    break;
                }
                '\n' => self.newline(),
                _ => {}
            }
            self.at += c.len_utf8();
        }
        self.found.span.end = self.at;
        self.still_open();
        self.found
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    /// A newline inside something open: does the next line look like a beginning?
    fn newline(&mut self) {
        let next = self.text.get(self.at + 1..).unwrap_or_default();
        let Some((at, closer)) = self.stack.last().copied() else { return };
        if self.found.open.is_none() && begins(next.split('\n').next().unwrap_or_default()) {
            let depth = self.stack.len();
            let until = self.at + 1;
            self.found.open = Some(Open { at, closer, depth, until, forever: false });
        }
    }

    /// The end of the text: what is open now is never closed.
    fn still_open(&mut self) {
        let Some((at, closer)) = self.stack.last().copied() else { return };
        let depth = self.stack.len();
        let new = Open { at, closer, depth, until: self.text.len(), forever: true };
        self.found.open.get_or_insert(new).forever = true;
    }

    fn string(&mut self, quote: char) {
        let start = self.at;
        let triple = if quote == '"' { "\"\"\"" } else { "'''" };
        let long = self.rest().starts_with(triple);
        let close = if long { triple } else { triple.get(..1).unwrap_or_default() };
        self.at += close.len();
        if long {
            self.stack.push((start, close));
        }
        while let Some(c) = self.rest().chars().next() {
            if self.rest().starts_with(close) {
                self.at += close.len();
                if long {
                    self.stack.pop();
                    // A long string may end in quotes of its own.
                    while self.rest().starts_with(quote) {
                        self.at += 1;
                    }
                }
                return;
            }
            if c == '\n' {
                if !long {
                    self.found.quotes.push(start);
                    return;
                }
                self.newline();
            }
            self.at += c.len_utf8();
            if c == '\\' && quote == '"' {
                let next = self.rest().chars().next().filter(|next| *next != '\n');
                self.at += next.map_or(0, char::len_utf8);
            }
        }
        if !long {
            self.found.quotes.push(start);
        }
    }
}

/// Whether a line reads as a header or a `key =` at its very beginning.
pub(super) fn begins(line: &str) -> bool {
    let line = line.trim_end();
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some(inner) = line.strip_prefix('[') {
        let inner = inner.trim_start_matches('[');
        let word = inner.trim_start_matches(bare);
        return inner.starts_with(|c: char| c.is_ascii_alphabetic()) && word.starts_with(']');
    }
    let behind = line.trim_start_matches(bare);
    behind.len() < line.len() && behind.trim_start().starts_with('=')
}
