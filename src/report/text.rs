//! Pages on a terminal.

use super::page::{Block, Line, Page, Style};
use super::safe::shown;
use anstyle::{AnsiColor, Style as Ansi};
use std::fmt::Write as _;

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
    for block in &page.blocks {
        match block {
            Block::Heading(_, line) => heading(&mut out, line, options),
            Block::Paragraph(line) => wrapped(&mut out, 0, line, options),
            Block::Nested(depth, line) => wrapped(&mut out, usize::from(*depth), line, options),
            Block::Verbatim(depth, lines) => {
                for line in lines {
                    let indent = "  ".repeat(usize::from(*depth));
                    let _ = writeln!(out, "{indent}{}", painted(line, options.color).trim_end());
                }
            }
            Block::Table(head, rows) => table(&mut out, head, rows, options),
            Block::Gap => out.push('\n'),
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
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
    let ansi = ansi(style);
    if !color && style == Style::Quoted {
        let _ = write!(out, "`{words}`");
    } else if color && ansi != Ansi::new() && !words.is_empty() {
        let _ = write!(out, "{ansi}{words}{ansi:#}");
    } else {
        out.push_str(&words);
    }
}

fn painted(line: &Line, color: bool) -> String {
    let mut out = String::new();
    for (style, words) in &line.runs {
        paint(&mut out, *style, &words.replace('\n', " "), color);
    }
    out
}

/// Words of a line that break only at spaces, with their styles.
fn words(line: &Line, color: bool) -> Vec<Vec<(Style, String)>> {
    let mut words: Vec<Vec<(Style, String)>> = Vec::new();
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
            match words.last_mut() {
                Some(word) if open => word.push((*style, piece.to_owned())),
                _ => words.push(vec![(*style, piece.to_owned())]),
            }
            open = true;
        }
    }
    words
}

fn wrapped(out: &mut String, depth: usize, line: &Line, options: TextOptions) {
    let indent = "  ".repeat(depth);
    let mut column = indent.len();
    out.push_str(&indent);
    let mut first = true;
    for word in words(line, options.color) {
        let width: usize = word.iter().map(|(_, text)| text.chars().count()).sum();
        if !first && column + 1 + width > options.width.max(20) {
            // What goes on below is set in, so that each line of a list stands out.
            let hang = if depth == 0 { "" } else { "  " };
            let _ = write!(out, "\n{indent}{hang}");
            column = indent.len() + hang.len();
            first = true;
        }
        if !first {
            out.push(' ');
            column += 1;
        }
        for (style, text) in &word {
            paint(out, *style, text, options.color);
        }
        column += width;
        first = false;
    }
    out.push('\n');
}

fn table(out: &mut String, head: &[Line], rows: &[Vec<Line>], options: TextOptions) {
    let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(head.get(column));
        cells.map(Line::width).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut row = |cells: &[Line], dim: bool| {
        let mut text = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            let cell = if dim { dimmed(cell) } else { cell.clone() };
            text.push_str(&painted(&cell, options.color));
            text.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        let _ = writeln!(out, "{}", text.trim_end());
    };
    if head.iter().any(|cell| cell.width() > 0) {
        row(head, true);
    }
    for cells in rows {
        row(cells, false);
    }
}

fn dimmed(line: &Line) -> Line {
    line.runs.iter().fold(Line::new(), |dim, (_, words)| dim.dim(words.clone()))
}
