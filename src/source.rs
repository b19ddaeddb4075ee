//! Where text comes from: a file at a path, and a stretch of bytes in it.

use memchr::memchr_iter;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A half-open stretch of bytes, `start..end`, in some text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The stretch `start..end`; an inverted pair gives an empty stretch at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the stretch holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest stretch that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same stretch, `by` bytes further on.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// The text the stretch covers, or an empty string where it does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A line and column, both counted from 1; the column counts characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The text of one file as read, with its path below the repository (`/` between parts).
///
/// Cloning is cheap: the text is shared.
#[derive(Clone)]
pub struct Source {
    path: Arc<str>,
    text: Arc<str>,
    /// How many lines of the file stand before the text.
    lines_before: usize,
    /// Where each line begins; found when first asked for, so that many places in one file do not
    /// each read it from the start.
    lines: Arc<OnceLock<Vec<usize>>>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.text, &other.text) || self.text == other.text;
        same && self.path == other.path && self.lines_before == other.lines_before
    }
}

impl Eq for Source {}

impl Source {
    /// A file's path and its text.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into(), lines_before: 0, lines: Arc::default() }
    }

    /// A line of a file, counted from 1, of which the text is not at hand.
    pub fn of_line(path: impl Into<Arc<str>>, line: usize) -> Self {
        Self { lines_before: line.saturating_sub(1), ..Self::new(path, "") }
    }

    /// The path, as findings print it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset; an offset past the end gives the end.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let lines = self.line_starts();
        let line = lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or_default();
        let column = self.text.get(start..offset).unwrap_or_default().chars().count() + 1;
        LineColumn { line: self.lines_before + line, column }
    }

    /// The line of a byte offset alone, which takes no more than counting.
    pub fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().get(..offset.min(self.text.len())).unwrap_or_default();
        self.lines_before + memchr_iter(b'\n', before).count() + 1
    }

    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let starts = memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1);
            std::iter::once(0).chain(starts).collect()
        })
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}, {} bytes)", self.path, self.text.len())
    }
}

/// One file of a model folder as it came from disk or from Git, before anything is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFile {
    /// Path below the repository (or below the working folder, where there is no repository).
    pub path: String,
    /// What is there.
    pub content: RawContent,
}

impl RawFile {
    /// Whether a word stands in it, or may, because its bytes are not at hand.
    pub fn may_mention(&self, word: &str) -> bool {
        match &self.content {
            RawContent::Bytes(bytes) => memchr::memmem::find(bytes, word.as_bytes()).is_some(),
            _ => true,
        }
    }
}

/// What stands at a path of a model folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawContent {
    /// A regular file's bytes.
    Bytes(Vec<u8>),
    /// A symbolic link and its target; links are never followed.
    Symlink(String),
    /// A file over the size limit, with its size in bytes; its content was not read.
    TooLarge(u64),
    /// The file exists and could not be read; the reason in plain words.
    Unreadable(String),
}
