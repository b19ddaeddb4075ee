//! Pages on a terminal.

use super::page::{Block, Line, Page, Style, columns};
use super::safe::{shown, without_commands};
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
    /// Whether somebody sees lines of that width, so that a table has to keep to it; in a file or a pipe
    /// a cell stays in one line.
    pub is_seen: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, width: 100, is_seen: false }
    }
}

/// A page as text.
pub fn text(page: &Page, options: TextOptions) -> String {
    let mut out = String::new();
    blocks(&mut out, &page.blocks, options);
    while out.ends_with("\n\n") {
        out.pop();
    }
    without_commands(out)
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
    /// Whether the next one follows without a space.
    is_begun: bool,
}

impl Fragment for Word {
    #[expect(clippy::cast_precision_loss, reason = "no word is that long")]
    fn width(&self) -> f64 {
        self.width as f64
    }

    fn whitespace_width(&self) -> f64 {
        if self.is_begun { 0.0 } else { 1.0 }
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

/// The words of a line, in parts after signs that join: where a whole word is too wide.
fn parts(line: &Line, color: bool) -> Vec<Word> {
    let mut parts: Vec<Word> = Vec::new();
    for word in words(line, color) {
        let mut part = Word::default();
        for (style, text) in &word.pieces {
            for piece in text.split_inclusive(['-', '.', '_', '/']) {
                part.width += columns(piece);
                part.pieces.push((*style, piece.to_owned()));
                if piece.ends_with(['-', '.', '_', '/']) {
                    parts.push(Word { is_begun: true, ..std::mem::take(&mut part) });
                }
            }
        }
        match parts.last_mut() {
            Some(last) if part.pieces.is_empty() => last.is_begun = false,
            _ => parts.push(part),
        }
    }
    parts
}

/// A line broken to a first and a further width; each part painted.
fn broken(line: &Line, first: usize, further: usize, color: bool) -> Vec<String> {
    let lines = filled(&words(line, color), first, further, color);
    lines.into_iter().map(|(text, _)| text).collect()
}

/// Words in lines, each painted, with its width.
fn filled(words: &[Word], first: usize, further: usize, color: bool) -> Vec<(String, usize)> {
    #[expect(clippy::cast_precision_loss, reason = "no terminal is that wide")]
    let widths = [first.max(10) as f64, further.max(10) as f64];
    let paint_words = |words: &[Word]| {
        let (mut out, mut width) = (String::new(), 0);
        let mut gap = 0;
        for word in words {
            out.push_str(&" ".repeat(gap));
            for (style, text) in &word.pieces {
                paint(&mut out, *style, text, color);
            }
            width += gap + word.width;
            gap = usize::from(!word.is_begun);
        }
        (out, width)
    };
    wrap_first_fit(words, &widths).into_iter().map(paint_words).collect()
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

/// The room between two columns.
const GAP: usize = 2;

/// What a last column of a table has at least, however wide the others are.
const LAST: usize = 20;

/// Columns side by side; the last one wraps, and where that is not enough and somebody sees it, so do
/// the widest of the others.
fn table(out: &mut String, head: &[Line], rows: &[Vec<Line>], options: TextOptions) {
    let widths = column_widths(head, rows, options);
    let last = widths.len().saturating_sub(1);
    let mut row = |cells: &[Line]| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
            if at < last && cell.width() <= *width {
                return vec![(painted(cell, options.color), cell.width())];
            }
            let words = words(cell, options.color);
            let is_wide = options.is_seen && words.iter().any(|word| word.width > *width);
            let words = if is_wide { parts(cell, options.color) } else { words };
            filled(&words, *width, *width, options.color)
        });
        let cells: Vec<Vec<(String, usize)>> = cells.collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default().max(1);
        for line in 0..height {
            let mut text = String::new();
            let mut behind = 0;
            for (cell, width) in cells.iter().zip(&widths) {
                if let Some((part, wide)) = cell.get(line) {
                    text.push_str(&" ".repeat(std::mem::take(&mut behind)));
                    text.push_str(part);
                    behind = width.saturating_add(GAP).saturating_sub(*wide);
                } else {
                    behind = behind.saturating_add(*width).saturating_add(GAP);
                }
            }
            let _ = writeln!(out, "{}", text.trim_end());
        }
    };
    if head.iter().any(|cell| cell.width() > 0) {
        row(&head.iter().map(dimmed).collect::<Vec<_>>());
    }
    for cells in rows {
        row(cells);
    }
}

/// How wide the columns of a table are: as wide as their widest cell where there is room.
fn column_widths(head: &[Line], rows: &[Vec<Line>], options: TextOptions) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or_default();
    let widest = |column: usize, width: &dyn Fn(&Line) -> usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(head.get(column));
        cells.map(width).max().unwrap_or_default()
    };
    let mut widths: Vec<usize> = (0..count).map(|column| widest(column, &Line::width)).collect();
    let gaps = GAP * count.saturating_sub(1);
    if let Some((last, others)) = widths.split_last_mut() {
        let before = gaps + others.iter().sum::<usize>();
        let rest = options.width.saturating_sub(before).max(LAST);
        *last = if options.is_seen { rest.min(*last) } else { rest };
    }
    if !options.is_seen {
        return widths;
    }
    // First between words, then within them.
    for cut in [words, parts] {
        let longest = |line: &Line| {
            let words = cut(line, options.color);
            words.iter().map(|word| word.width).max().unwrap_or_default()
        };
        let least: Vec<usize> = (0..count).map(|column| widest(column, &longest).max(10)).collect();
        while gaps + widths.iter().sum::<usize>() > options.width {
            let wide = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
            let Some((width, _)) = wide.max_by_key(|(width, _)| **width) else { break };
            *width -= 1;
        }
    }
    widths
}

fn dimmed(line: &Line) -> Line {
    line.runs.iter().fold(Line::new(), |dim, (_, words)| dim.dim(words.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::marked::Marked;
    use super::*;

    fn printed(block: Block, width: usize) -> String {
        text(&Page { blocks: vec![block] }, TextOptions { color: false, width, is_seen: false })
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
    fn tables_keep_to_the_width_where_somebody_sees_it() {
        let row = |cells: [&str; 4]| cells.map(Line::of).to_vec();
        let head = row(["metric", "is", "rests on", "kind"]);
        let rows = vec![
            row([
                "metric.first-touch-days",
                "0.02 days",
                "10 of 15 with both dates",
                "sla-loosened",
            ]),
            row(["metric.share", "", "", "sla"]),
        ];
        let page = Page { blocks: vec![Block::Table(head, rows)] };
        let seen = |width| text(&page, TextOptions { color: false, width, is_seen: true });
        assert_eq!(
            seen(60),
            "metric                   is         rests on    kind\n\
             metric.first-touch-days  0.02 days  10 of 15    sla-loosened\n\
             \u{20}                                   with both\n\
             \u{20}                                   dates\n\
             metric.share                                    sla\n"
        );
        assert!(
            seen(50).contains("metric.first-  0.02 days  10 of 15    sla-loosened\ntouch-days")
        );
        for width in 50..90 {
            let shown = seen(width);
            assert!(shown.lines().all(|line| line.len() <= width), "{width}:\n{shown}");
        }
        let whole = text(&page, TextOptions { color: false, width: 60, is_seen: false });
        assert_eq!(whole.lines().count(), 3, "{whole}");
    }

    #[test]
    fn lines_of_files_stay_as_they_are() {
        let lines = ["@@ -1,2 +1,2 @@", " kept, and far too long for it", "-  gone, and too long"];
        let block = Block::Difference(0, lines.map(Line::of).to_vec());
        assert_eq!(printed(block, 12), format!("{}\n", lines.join("\n")));
    }
}
