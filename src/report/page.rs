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
        for (is_own, part) in pieces(text) {
            let style = if is_own { Style::Quoted } else { Style::Plain };
            self.runs.push((style, part.to_owned()));
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

/// The user's own words for a sentence: between backticks, more of them than the words hold.
pub fn in_ticks(words: &str) -> String {
    let ticks = "`".repeat(longest_run(words) + 1);
    let pad = if is_padded(words) { " " } else { "" };
    format!("{ticks}{pad}{words}{pad}{ticks}")
}

/// Whether words begin or end with a backtick, and so need a space to tell it from those around.
fn is_padded(words: &str) -> bool {
    let words = words.trim_matches(' ');
    words.starts_with('`') || words.ends_with('`')
}

/// The most backticks that stand beside each other.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// The pieces of a sentence that hold anything, and whether each is the user's own words: those
/// that stand between as many backticks before and behind.
pub fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    // What is plain so far ends here.
    let mut plain = 0;
    while let Some((before, ticks, behind)) = next_ticks(rest, plain) {
        let mut end = 0;
        let mut own = None;
        while let Some((words, closing, after)) = next_ticks(behind, end) {
            if closing.len() == ticks.len() {
                own = Some((words, after));
                break;
            }
            end = words.len() + closing.len();
        }
        // Backticks that nothing answers are plain.
        let Some((words, after)) = own else {
            plain = before.len() + ticks.len();
            continue;
        };
        let inner = words.strip_prefix(' ').and_then(|words| words.strip_suffix(' '));
        let padded = inner.filter(|words| is_padded(words));
        pieces.extend([(false, before), (true, padded.unwrap_or(words))]);
        (rest, plain) = (after, 0);
    }
    pieces.push((false, rest));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// The first backticks of a text from a byte on, with what stands before and behind them.
fn next_ticks(text: &str, from: usize) -> Option<(&str, &str, &str)> {
    let at = from + text.get(from..)?.find('`')?;
    let (before, rest) = text.split_at_checked(at)?;
    let behind = rest.trim_start_matches('`');
    let (ticks, behind) = rest.split_at_checked(rest.len() - behind.len())?;
    Some((before, ticks, behind))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn backticks_that_nothing_answers_are_plain() {
        let told = "`a` → `` b ``, and a ` alone";
        let wanted = [(true, "a"), (false, " → "), (true, " b "), (false, ", and a ` alone")];
        assert_eq!(pieces(told), wanted);
        assert_eq!(pieces("``"), [(false, "``")]);
        assert_eq!(pieces(""), []);
    }

    proptest! {
        #[test]
        fn words_of_a_sentence_stay_whole(words in "[a` ]{1,9}", next in "[b`]{1,4}") {
            let told = format!("x {}, {}", in_ticks(&words), in_ticks(&next));
            let wanted = [(false, "x "), (true, words.as_str()), (false, ", "), (true, next.as_str())];
            prop_assert_eq!(pieces(&told), wanted);
        }
    }
}
