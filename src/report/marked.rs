//! A text of the user's with marks below some of its words.

use super::page::{Line, Style};
use std::ops::Range;

/// No line of it is longer, however wide the terminal is.
const WIDEST: usize = 72;

/// A text, and the stretches of it that marks stand below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// The stretches, in bytes of the text.
    pub spans: Vec<Range<usize>>,
}

impl Marked {
    /// Its lines where there is room for so many characters, each with its marks right below.
    pub(super) fn lines(&self, room: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut at = 0;
        let options = textwrap::Options::new(room.min(WIDEST))
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for words in textwrap::wrap(&self.text, options) {
            // Where the words begin; what was wrapped away is blank.
            let rest = self.text.get(at..);
            let start = rest.and_then(|rest| rest.find(words.as_ref())).unwrap_or_default();
            let first = at + start;
            at = first + words.len();
            let marks = words.char_indices().flat_map(|(offset, sign)| {
                let below = self.spans.iter().any(|span| span.contains(&(first + offset)));
                let width = textwrap::core::display_width(sign.encode_utf8(&mut [0; 4]));
                std::iter::repeat_n(if below { '^' } else { ' ' }, width)
            });
            let marks: String = marks.collect();
            lines.push(Line::new().code(words.into_owned()));
            if !marks.trim_end().is_empty() {
                lines.push(Line::new().with(Style::Bad, marks.trim_end()));
            }
        }
        lines
    }

    /// Its lines where nobody knows how much room there is.
    pub(super) fn lines_anywhere(&self) -> Vec<Line> {
        self.lines(WIDEST)
    }
}
