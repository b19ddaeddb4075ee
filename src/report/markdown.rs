//! Pages as Markdown, with all of the user's words escaped.

use super::page::{Block, Line, Page, Style, in_ticks, longest_run};
use super::safe::shown;
use std::fmt::Write as _;

/// A page as Markdown.
pub fn markdown(page: &Page) -> String {
    let mut out = String::new();
    blocks(&mut out, &page.blocks);
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn blocks(out: &mut String, blocks: &[Block]) {
    let mut below_item = false;
    for block in blocks {
        // Right below an item of a list a paragraph would be a part of that.
        if below_item && matches!(block, Block::Paragraph(_)) {
            gap(out);
        }
        below_item = matches!(block, Block::Nested(..) | Block::Task(..));
        match block {
            Block::Heading(level, line) => {
                let marks = "#".repeat(usize::from((*level).clamp(1, 6)) + 1);
                gap(out);
                let _ = writeln!(out, "{marks} {}\n", inline(line));
            }
            Block::Paragraph(line) => {
                let _ = writeln!(out, "{}\n", inline(line));
            }
            Block::Nested(depth, line) => {
                let indent = "  ".repeat(usize::from(depth.saturating_sub(1)));
                let _ = writeln!(out, "{indent}- {}", inline(line));
            }
            Block::Verbatim(_, lines) | Block::Difference(_, lines) => verbatim(out, lines),
            Block::Marked(_, marked) => verbatim(out, &marked.lines_anywhere()),
            Block::Table(head, rows) => table(out, head, rows),
            Block::Task(done, line) => {
                let mark = if *done { 'x' } else { ' ' };
                let _ = writeln!(out, "- [{mark}] {}", inline(line));
            }
            Block::Fold(line, inside) => {
                gap(out);
                // A paragraph of its own is read as Markdown, a line with a tag is not.
                let words: String = line.runs.iter().map(|(_, words)| words.as_str()).collect();
                let words = shown(&words).replace('\n', " ");
                let _ = writeln!(out, "<details>\n<summary>{}</summary>\n", html(&words));
                self::blocks(out, inside);
                gap(out);
                out.push_str("</details>\n\n");
            }
            Block::Marker(words) => {
                let _ = writeln!(out, "<!-- {words} -->");
            }
            Block::Gap => gap(out),
        }
    }
}

fn gap(out: &mut String) {
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
}

/// Words inside a tag, in which nothing is HTML, a mention or a link.
fn html(words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    unlinked(&words.replace('@', "@\u{2060}"))
}

fn verbatim(out: &mut String, lines: &[Line]) {
    let text: Vec<String> = lines
        .iter()
        .map(|line| line.runs.iter().map(|(_, words)| words.replace('\n', " ")).collect())
        .collect();
    let longest = text.iter().map(|line| longest_run(line)).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = writeln!(out, "{fence}diff");
    for line in text {
        let _ = writeln!(out, "{}", shown(&line));
    }
    let _ = writeln!(out, "{fence}\n");
}

fn table(out: &mut String, head: &[Line], rows: &[Vec<Line>]) {
    // Right below an item of a list it would be a part of that.
    gap(out);
    let row = |cells: &[Line]| {
        let cells: Vec<String> = cells.iter().map(|cell| styled(cell, code_in_table)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    out.push_str(&row(head));
    let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
    for cells in rows {
        out.push_str(&row(cells));
    }
    out.push('\n');
}

fn inline(line: &Line) -> String {
    styled(line, in_ticks)
}

/// A line with its styles; how the user's own words are set off differs in tables.
fn styled(line: &Line, code: fn(&str) -> String) -> String {
    let mut out = String::new();
    for (style, words) in &line.runs {
        let words = shown(words).replace('\n', " ");
        if words.trim().is_empty() {
            out.push_str(&words);
            continue;
        }
        match style {
            Style::Plain | Style::Dim => out.push_str(&escaped(&words)),
            Style::Strong | Style::Bad | Style::Warn | Style::Good => {
                around(&mut out, &words, "**", escaped);
            }
            _ => around(&mut out, &words, "", code),
        }
    }
    out
}

/// The words between marks, with the spaces around them left outside.
fn around(out: &mut String, words: &str, mark: &str, form: fn(&str) -> String) {
    let trimmed = words.trim();
    let lead = words.len() - words.trim_start().len();
    let trail = words.len() - words.trim_end().len();
    let _ = write!(out, "{}{mark}{}{mark}{}", " ".repeat(lead), form(trimmed), " ".repeat(trail));
}

/// A code span of a table, where a bar would end the cell; anywhere else a backslash would be seen.
fn code_in_table(words: &str) -> String {
    in_ticks(words).replace('|', "\\|")
}

/// Plain words in which nothing is Markdown, HTML, a mention or a link.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A joiner of no width keeps a name from being mentioned and an address from linking.
            '@' => out.push_str("@\u{2060}"),
            _ => out.push(c),
        }
    }
    unlinked(&out)
}

/// Words that a forge would make links of, with a joiner of no width in them: addresses, and the
/// numbers of issues.
fn unlinked(words: &str) -> String {
    let words = words.replace("://", ":\u{2060}//").replace("www.", "www\u{2060}.");
    words.replace('#', "#\u{2060}").replace("GH-", "GH\u{2060}-").replace("gh-", "gh\u{2060}-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_stay_words() {
        let mut page = Page::default();
        let line =
            Line::of("<script> @team [x](https://evil.example) *b* www.evil.example #12 GH-3");
        let line = line.code("a`b|c");
        page.push(Block::Table(vec![line.clone()], Vec::new()));
        page.push(Block::Paragraph(line));
        let text = markdown(&page);
        assert!(!text.contains("<script>"));
        assert!(!text.contains("@team"));
        assert!(!text.contains("https://") && !text.contains("www.") && !text.contains("GH-"));
        assert!(!text.contains("#12"), "{text}");
        let (table, paragraph) = text.split_once("\n\n").expect("a table and a paragraph");
        assert!(table.contains("``a`b\\|c``"), "{table}");
        assert!(paragraph.contains("``a`b|c``"), "{paragraph}");
    }

    #[test]
    fn a_paragraph_below_a_list_is_no_part_of_it() {
        let blocks = vec![
            Block::Nested(1, Line::of("an item")),
            Block::Nested(1, Line::of("another")),
            Block::Paragraph(Line::of("a paragraph")),
            Block::Task(true, Line::of("a task")),
            Block::Paragraph(Line::of("the end")),
        ];
        let text = markdown(&Page { blocks });
        let wanted = "- an item\n- another\n\na paragraph\n\n- [x] a task\n\nthe end\n";
        assert_eq!(text, wanted);
    }
}
