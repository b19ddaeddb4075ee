//! Pages as one HTML file that stands alone: it asks for nothing from anywhere, runs no script, and
//! none of the user's words are HTML.

use super::page::{Block, Line, Page, Style};
use super::safe::shown;
use std::fmt::Write as _;

/// What a browser may do with the page: apply its own style, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// How it looks: by day, by night, and on paper.
const STYLE: &str = include_str!("html.css");

/// A page as an HTML document of a title.
pub fn html(page: &Page, title: &str) -> String {
    let mut out =
        String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    let _ = writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    let title = escaped(title);
    let _ = writeln!(out, "<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>");
    let _ = writeln!(out, "<body>\n<main>\n<h1>{title}</h1>");
    Printer { out: &mut out, lists: 0 }.blocks(&page.blocks);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

struct Printer<'o> {
    out: &'o mut String,
    /// How many lists are open.
    lists: u8,
}

impl Printer<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Nested(depth, line) => self.item((*depth).max(1), &inline(line)),
                Block::Task(done, line) => {
                    let (mark, word) = if *done { ("☑", "done") } else { ("☐", "open") };
                    let mark = format!("<span class=\"task\" title=\"{word}\">{mark}</span> ");
                    self.item(1, &(mark + &inline(line)));
                }
                Block::Gap | Block::Marker(_) => self.close(0),
                other => {
                    self.close(0);
                    self.block(other);
                }
            }
        }
        self.close(0);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, line) => {
                let level = (*level).clamp(1, 5) + 1;
                let _ = writeln!(self.out, "<h{level}>{}</h{level}>", inline(line));
            }
            Block::Paragraph(line) => {
                let _ = writeln!(self.out, "<p>{}</p>", inline(line));
            }
            Block::Verbatim(_, lines) | Block::Difference(_, lines) => self.verbatim(lines),
            Block::Marked(_, marked) => self.verbatim(&marked.lines_anywhere()),
            Block::Table(head, rows) => self.table(head, rows),
            Block::Fold(line, inside) => {
                let _ = writeln!(self.out, "<details>\n<summary>{}</summary>", inline(line));
                self.blocks(inside);
                self.out.push_str("</details>\n");
            }
            Block::Nested(..) | Block::Task(..) | Block::Marker(_) | Block::Gap => {}
        }
    }

    fn verbatim(&mut self, lines: &[Line]) {
        self.out.push_str("<pre>");
        for line in lines {
            let _ = writeln!(self.out, "{}", inline(line));
        }
        self.out.push_str("</pre>\n");
    }

    /// An item of a list so many levels in.
    fn item(&mut self, depth: u8, inside: &str) {
        self.close(depth);
        if self.lists == depth {
            self.out.push_str("</li>\n");
        } else {
            self.open(depth);
        }
        let _ = write!(self.out, "<li>{inside}");
    }

    fn open(&mut self, depth: u8) {
        while self.lists < depth {
            self.lists += 1;
            self.out.push_str(if self.lists < depth {
                "\n<ul><li class=\"empty\">"
            } else {
                "\n<ul>\n"
            });
        }
    }

    /// Closes lists until so many are open.
    fn close(&mut self, depth: u8) {
        while self.lists > depth {
            self.lists -= 1;
            self.out.push_str("</li>\n</ul>\n");
        }
    }

    fn table(&mut self, head: &[Line], rows: &[Vec<Line>]) {
        self.out.push_str("<div class=\"table\">\n<table>\n");
        if head.iter().any(|cell| cell.width() > 0) {
            self.out.push_str("<thead>\n<tr>");
            for cell in head {
                let _ = write!(self.out, "<th scope=\"col\">{}</th>", inline(cell).trim());
            }
            self.out.push_str("</tr>\n</thead>\n");
        }
        self.out.push_str("<tbody>\n");
        for row in rows {
            self.out.push_str("<tr>");
            for cell in row {
                let class = if is_figure(cell) { " class=\"figure\"" } else { "" };
                let _ = write!(self.out, "<td{class}>{}</td>", inline(cell).trim());
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n</div>\n");
    }
}

/// Whether a cell is a number, which stands at the right of its column.
fn is_figure(cell: &Line) -> bool {
    let text: String = cell.runs.iter().map(|(_, words)| words.as_str()).collect();
    let text = text.trim();
    let known = |c: char| c.is_ascii_digit() || ".,%-<?".contains(c);
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(known)
}

fn inline(line: &Line) -> String {
    let mut out = String::new();
    for (style, words) in &line.runs {
        let text = escaped(words);
        let (tag, class) = match style {
            _ if words.trim().is_empty() => ("", ""),
            Style::Plain => ("", ""),
            Style::Strong => ("strong", ""),
            Style::Code | Style::Quoted => ("code", ""),
            Style::Dim => ("span", "dim"),
            Style::Bad => ("strong", "bad"),
            Style::Warn => ("strong", "warn"),
            Style::Good => ("span", "good"),
            Style::Removed | Style::RemovedWords => ("del", ""),
            Style::Added | Style::AddedWords => ("ins", ""),
        };
        let _ = match (tag, class) {
            ("", _) => write!(out, "{text}"),
            (tag, "") => write!(out, "<{tag}>{text}</{tag}>"),
            (tag, class) => write!(out, "<{tag} class=\"{class}\">{text}</{tag}>"),
        };
    }
    out
}

/// Words in which nothing is HTML, and nothing acts on what shows it.
pub fn escaped(words: &str) -> String {
    let words = shown(words);
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(blocks: Vec<Block>) -> String {
        let text = html(&Page { blocks }, "A & B");
        let (_, body) = text.split_once("</h1>\n").expect("a title");
        body.strip_suffix("</main>\n</body>\n</html>\n").expect("an end").to_owned()
    }

    #[test]
    fn hostile_words_stay_words_and_nothing_is_asked_for() {
        let line = Line::of("<script>alert(1)</script> \" onload='x'").code("</code><img src=x>");
        let text = html(&Page { blocks: vec![Block::Paragraph(line)] }, "</title><b>");
        assert!(
            !text.contains("<script") && !text.contains("<img") && !text.contains("</title><b")
        );
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot; onload=&#39;x&#39;"));
        assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("url("));
        assert!(text.contains("default-src 'none'"));
    }

    #[test]
    fn lists_are_closed_where_they_end() {
        let line = |text: &str| Line::of(text);
        let text = printed(vec![
            Block::Nested(1, line("a")),
            Block::Nested(2, line("b")),
            Block::Nested(1, line("c")),
            Block::Paragraph(line("d")),
        ]);
        let flat = text.replace('\n', "");
        assert_eq!(flat, "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>d</p>");
    }

    #[test]
    fn tables_have_heads_and_numbers_at_the_right() {
        let rows = vec![vec![Line::of("size"), Line::of(" 40.5%")]];
        let text = printed(vec![Block::Table(vec![Line::of("name"), Line::of("share")], rows)]);
        assert!(text.contains("<th scope=\"col\">share</th>"), "{text}");
        assert!(text.contains("<td>size</td><td class=\"figure\">40.5%</td>"), "{text}");
    }

    proptest! {
        #[test]
        fn every_tag_that_opens_closes(depths in prop::collection::vec(0_u8..5, 0..20)) {
            let block = |depth: u8| match depth {
                0 => Block::Paragraph(Line::of("p<")),
                depth => Block::Nested(depth, Line::of("<li>")),
            };
            let text = printed(depths.into_iter().map(block).collect());
            for tag in ["ul", "li"] {
                let opened = text.matches(&format!("<{tag}>")).count()
                    + text.matches(&format!("<{tag} class")).count();
                prop_assert_eq!(opened, text.matches(&format!("</{tag}>")).count(), "{}", text);
            }
        }
    }
}
