//! Pages on a terminal.

use super::page::{Block, Line, Page, Style, columns};
use super::safe::shown;
use anstyle::{AnsiColor, Style as Ansi};
use std::fmt::Write as _;
use textwrap::core::Fragment;
use textwrap::wrap_algorithms::wrap_first_fit;

/// How a terminal is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether colours are used.
    pub color: bool,
    /// How many characters a line may have.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// A page as text.
pub fn text(page: &Page, options: TextOptions) -> String {
    let mut out = String::new();
    blocks(&mut out, &page.blocks, options);
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn blocks(out: &mut String, blocks: &[Block], options: TextOptions) {
    for block in blocks {
        match block {
            Block::Heading(_, line) => heading(out, line, options),
            Block::Paragraph(line) => wrapped(out, 0, line, options),
            Block::Nested(depth, line) => wrapped(out, usize::from(*depth), line, options),
            Block::Verbatim(depth, lines) => {
                for line in lines {
                    verbatim(out, usize::from(*depth), line, options);
                }
            }
            Block::Difference(depth, lines) => {
                for line in lines {
                    unbroken(out, usize::from(*depth), line, options);
                }
            }
            Block::Marked(depth, marked) => {
                let depth = usize::from(*depth);
                for line in marked.lines(options.width.saturating_sub(2 * depth)) {
                    unbroken(out, depth, &line, options);
                }
            }
            Block::Table(head, rows) => table(out, head, rows, options),
            Block::Task(done, line) => {
                let mark = match done {
                    true => Line::new().with(Style::Good, "[x] "),
                    false => Line::new().with(Style::Warn, "[ ] "),
                };
                wrapped(out, 1, &mark.then(line.clone()), options);
            }
            Block::Fold(line, inside) => {
                heading(out, line, options);
                self::blocks(out, inside, options);
            }
            Block::Marker(_) => {}
            Block::Gap => out.push('\n'),
        }
    }
}

/// A line in its own form; one that is wider than the terminal breaks between words.
fn verbatim(out: &mut String, depth: usize, line: &Line, options: TextOptions) {
    if 2 * depth + line.width() > options.width {
        return wrapped(out, depth, line, options);
    }
    unbroken(out, depth, line, options);
}

/// A line in its own form, however wide it is.
fn unbroken(out: &mut String, depth: usize, line: &Line, options: TextOptions) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}{}", painted(line, options.color).trim_end());
}

fn heading(out: &mut String, line: &Line, options: TextOptions) {
    let mut bold = Line::new();
    for (style, words) in &line.runs {
        let style = if *style == Style::Plain { Style::Strong } else { *style };
        bold = bold.with(style, words.clone());
    }
    wrapped(out, 0, &bold, options);
}

fn ansi(style: Style) -> Ansi {
    let color = |color: AnsiColor| Ansi::new().fg_color(Some(color.into()));
    match style {
        Style::Plain => Ansi::new(),
        Style::Strong => Ansi::new().bold(),
        Style::Code | Style::Quoted => color(AnsiColor::Cyan),
        Style::Dim => Ansi::new().dimmed(),
        Style::Bad => color(AnsiColor::Red).bold(),
        Style::Warn => color(AnsiColor::Yellow).bold(),
        Style::Removed => color(AnsiColor::Red),
        Style::RemovedWords => color(AnsiColor::Red).bold().underline(),
        Style::Good | Style::Added => color(AnsiColor::Green),
        Style::AddedWords => color(AnsiColor::Green).bold().underline(),
    }
}

fn paint(out: &mut String, style: Style, words: &str, color: bool) {
    let words = shown(words);
    match style {
        Style::Quoted if !color => {
            let _ = write!(out, "`{words}`");
        }
        Style::Plain => out.push_str(&words),
        _ if !color || words.is_empty() => out.push_str(&words),
        _ => {
            let ansi = ansi(style);
            let _ = write!(out, "{ansi}{words}{ansi:#}");
        }
    }
}

fn painted(line: &Line, color: bool) -> String {
    let mut out = String::new();
    for (style, words) in &line.runs {
        let one_line = words.contains('\n').then(|| words.replace('\n', " "));
        paint(&mut out, *style, one_line.as_deref().unwrap_or(words), color);
    }
    out
}

/// A word: it breaks nowhere, and may have several styles.
#[derive(Debug, Default)]
struct Word {
    pieces: Vec<(Style, String)>,
    width: usize,
}

impl Fragment for Word {
    #[expect(clippy::cast_precision_loss, reason = "no word is that long")]
    fn width(&self) -> f64 {
        self.width as f64
    }

    fn whitespace_width(&self) -> f64 {
        1.0
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// The words of a line.
fn words(line: &Line, color: bool) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (style, text) in &line.runs {
        let quoted = format!("`{text}`");
        let (style, text) = match style {
            Style::Quoted if !color => (&Style::Plain, quoted.as_str()),
            _ => (style, text.as_str()),
        };
        for (at, piece) in text.split([' ', '\n']).enumerate() {
            open &= at == 0;
            if piece.is_empty() {
                continue;
            }
            if !open {
                words.push(Word::default());
            }
            if let Some(word) = words.last_mut() {
                word.pieces.push((*style, piece.to_owned()));
                word.width += columns(piece);
            }
            open = true;
        }
    }
    words
}

/// A line broken to a first and a further width; each part painted.
fn broken(line: &Line, first: usize, further: usize, color: bool) -> Vec<String> {
    let words = words(line, color);
    #[expect(clippy::cast_precision_loss, reason = "no terminal is that wide")]
    let widths = [first.max(10) as f64, further.max(10) as f64];
    let paint_words = |words: &[Word]| {
        let mut out = String::new();
        for (at, word) in words.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { " " });
            for (style, text) in &word.pieces {
                paint(&mut out, *style, text, color);
            }
        }
        out
    };
    wrap_first_fit(&words, &widths).into_iter().map(paint_words).collect()
}

fn wrapped(out: &mut String, depth: usize, line: &Line, options: TextOptions) {
    let indent = "  ".repeat(depth);
    // What goes on below is set in, so that each line of a list stands out.
    let hang = if depth == 0 { "" } else { "  " };
    let width = options.width.saturating_sub(indent.len());
    let lines = broken(line, width, width.saturating_sub(hang.len()), options.color);
    for (at, text) in lines.iter().enumerate() {
        let _ = writeln!(out, "{indent}{}{text}", if at == 0 { "" } else { hang });
    }
    if lines.is_empty() {
        out.push('\n');
    }
}

/// Columns side by side; the last one wraps.
fn table(out: &mut String, head: &[Line], rows: &[Vec<Line>], options: TextOptions) {
    let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(head.get(column));
        cells.map(Line::width).max().unwrap_or_default() + 2
    };
    let widths: Vec<usize> = (0..columns.saturating_sub(1)).map(width).collect();
    let before: usize = widths.iter().sum();
    let rest = options.width.saturating_sub(before).max(20);
    let mut row = |cells: &[Line]| {
        let mut text = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            text.push_str(&painted(cell, options.color));
            text.push_str(&" ".repeat(width.saturating_sub(cell.width())));
        }
        let last = cells.get(widths.len()).map(|cell| broken(cell, rest, rest, options.color));
        for (at, part) in last.unwrap_or_default().iter().enumerate() {
            if at > 0 {
                let _ = write!(text, "\n{}", " ".repeat(before));
            }
            text.push_str(part);
        }
        let _ = writeln!(out, "{}", text.trim_end());
    };
    if head.iter().any(|cell| cell.width() > 0) {
        row(&head.iter().map(dimmed).collect::<Vec<_>>());
    }
    for cells in rows {
        row(cells);
    }
}

fn dimmed(line: &Line) -> Line {
    line.runs.iter().fold(Line::new(), |dim, (_, words)| dim.dim(words.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::marked::Marked;
    use super::*;

    fn printed(block: Block, width: usize) -> String {
        text(&Page { blocks: vec![block] }, TextOptions { color: false, width })
    }

    #[test]
    fn marks_stand_below_their_words_at_every_width() {
        let text = "previous_owner is set and days since last_closed_deal_at <= 90";
        let word = text.find("last").expect("a word")..text.len();
        let marks = |shown: &str| -> Vec<String> {
            let lines: Vec<&str> = shown.lines().collect();
            let below = lines.windows(2).filter(|two| two[1].trim_start().starts_with('^'));
            let marked = |(above, below): (&str, &str)| -> String {
                above
                    .chars()
                    .zip(below.chars())
                    .filter(|two| two.1 == '^')
                    .map(|two| two.0)
                    .collect()
            };
            below.map(|two| marked((two[0], two[1]))).collect()
        };
        for width in 24..90 {
            let marked = Marked { text: text.to_owned(), spans: vec![word.clone()] };
            let shown = printed(Block::Marked(2, marked), width);
            assert_eq!(marks(&shown).join(" "), "last_closed_deal_at <= 90", "{width}:\n{shown}");
            assert!(shown.lines().all(|line| line.len() <= width), "{width}:\n{shown}");
        }
    }

    #[test]
    fn lines_of_files_stay_as_they_are() {
        let lines = ["@@ -1,2 +1,2 @@", " kept, and far too long for it", "-  gone, and too long"];
        let block = Block::Difference(0, lines.map(Line::of).to_vec());
        assert_eq!(printed(block, 12), format!("{}\n", lines.join("\n")));
    }
}
