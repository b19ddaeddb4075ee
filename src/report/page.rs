//! A neutral page: what is to be said, before anybody knows on what it is printed.

use super::marked::Marked;
use super::safe::is_plain;

/// How a run of words is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// As the rest.
    #[default]
    Plain,
    /// Stands out.
    Strong,
    /// The user's own words, an address, a value.
    Code,
    /// The same within a sentence; set off by backticks where there are no colours.
    Quoted,
    /// Beside the point.
    Dim,
    /// Bad news.
    Bad,
    /// To be careful with.
    Warn,
    /// Good news.
    Good,
    /// What was there before.
    Removed,
    /// What was there before, and is the part that changed.
    RemovedWords,
    /// What is there now.
    Added,
    /// What is there now, and is the part that changed.
    AddedWords,
}

/// One line: runs of words with their styles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The runs, in order.
    pub runs: Vec<(Style, String)>,
}

impl Line {
    /// An empty line to build on.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of plain words.
    pub fn of(text: impl Into<String>) -> Self {
        Self::new().plain(text)
    }

    /// More words of a style.
    #[must_use]
    pub fn with(mut self, style: Style, text: impl Into<String>) -> Self {
        self.runs.push((style, text.into()));
        self
    }

    /// More plain words.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.with(Style::Plain, text)
    }

    /// More words that stand out.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.with(Style::Strong, text)
    }

    /// More words of the user's own.
    #[must_use]
    pub fn code(self, text: impl Into<String>) -> Self {
        self.with(Style::Code, text)
    }

    /// More of the user's own words, within a sentence.
    #[must_use]
    pub fn quoted(self, text: impl Into<String>) -> Self {
        self.with(Style::Quoted, text)
    }

    /// More words beside the point.
    #[must_use]
    pub fn dim(self, text: impl Into<String>) -> Self {
        self.with(Style::Dim, text)
    }

    /// All of another line behind this one.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.runs.extend(other.runs);
        self
    }

    /// Words in which backticks mark the user's own.
    #[must_use]
    pub fn sentence(mut self, text: &str) -> Self {
        for (at, part) in text.split('`').enumerate() {
            if !part.is_empty() {
                let style = if at % 2 == 1 { Style::Quoted } else { Style::Plain };
                self.runs.push((style, part.to_owned()));
            }
        }
        self
    }

    /// The words alone, the user's own within a sentence in backticks.
    pub fn words(&self) -> String {
        let word = |(style, text): &(Style, String)| match style {
            Style::Code | Style::Quoted => format!("`{text}`"),
            _ => text.clone(),
        };
        self.runs.iter().map(word).collect()
    }

    /// How many columns of a terminal it takes.
    pub fn width(&self) -> usize {
        self.runs.iter().map(|(_, text)| columns(text)).sum()
    }
}

/// How many columns of a terminal a text takes.
pub(super) fn columns(text: &str) -> usize {
    if is_plain(text) { text.len() } else { textwrap::core::display_width(text) }
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of a level from 1.
    Heading(u8, Line),
    /// A paragraph; it wraps.
    Paragraph(Line),
    /// A paragraph below another, indented by this many steps; it wraps.
    Nested(u8, Line),
    /// Lines that keep their form, indented by this many steps; one that is too wide wraps.
    Verbatim(u8, Vec<Line>),
    /// Lines of files, indented by this many steps; they never wrap, since how they begin counts.
    Difference(u8, Vec<Line>),
    /// A text with marks below some of its words, indented by this many steps.
    Marked(u8, Marked),
    /// A table: its head and its rows.
    Table(Vec<Line>, Vec<Vec<Line>>),
    /// Something to be done, and whether it is; it wraps.
    Task(bool, Line),
    /// Blocks that are folded away under a line where that is possible.
    Fold(Line, Vec<Block>),
    /// A mark that people do not see and programs find; in Markdown alone.
    Marker(&'static str),
    /// Room.
    Gap,
}

/// A page: blocks in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The blocks.
    pub blocks: Vec<Block>,
}

impl Page {
    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds room, but never twice and never first.
    pub fn gap(&mut self) {
        if !matches!(self.blocks.last(), None | Some(Block::Gap)) {
            self.blocks.push(Block::Gap);
        }
    }

    /// Adds lines below what they belong to, so many levels in.
    pub fn extend_nested(&mut self, level: u8, lines: impl IntoIterator<Item = Line>) {
        self.blocks.extend(lines.into_iter().map(|line| Block::Nested(level, line)));
    }

    /// Adds all of another page.
    pub fn extend(&mut self, other: Self) {
        self.blocks.extend(other.blocks);
    }
}
