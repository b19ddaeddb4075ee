//! A rule's page of the manual: text for people, and examples that tests run.

use crate::source::{RawContent, RawFile};
use jiff::civil::Date;

/// An example on a page: files, and whether the rule must find something in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Whether the rule must find something.
    pub fails: bool,
    /// Whether its files are written in Latin 1, as old editors write them, and not in UTF-8.
    pub is_latin1: bool,
    /// The most steps for one question, where the usual ones are too many for an example.
    pub budget: Option<u64>,
    /// The day for which it is judged, where another day would have another answer.
    pub as_of: Option<Date>,
    /// What stands between the fences.
    pub text: String,
}

/// The line that opens a file of an example.
const FILE: &str = "# file: ";

impl Example {
    /// An example as its fence announces it: `fails` or `passes`, then perhaps `encoding=latin1`,
    /// `budget=10` or `as-of=2026-06-30`.
    fn opened(info: &str) -> Self {
        let mut words = info.split_whitespace();
        let fails = words.next() == Some("fails");
        let words: Vec<&str> = words.collect();
        let said = |name| words.iter().find_map(|word| word.strip_prefix(name));
        Self {
            fails,
            is_latin1: words.contains(&"encoding=latin1"),
            budget: said("budget=").and_then(|steps| steps.parse().ok()),
            as_of: said("as-of=").and_then(|day| day.parse().ok()),
            text: String::new(),
        }
    }

    /// Its files: a line `# file: PATH` opens one; an example without such a line is one file.
    pub fn files(&self) -> Vec<RawFile> {
        let mut files: Vec<(&str, String)> = Vec::new();
        for line in self.text.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix(FILE) {
                files.push((path.trim_end(), String::new()));
            } else if files.is_empty() {
                files.push(("model/example.toml", String::new()));
            }
            if let Some((_, text)) = files.last_mut() {
                text.push_str(line);
            }
        }
        let raw = |(path, text): (&str, String)| RawFile {
            path: path.to_owned(),
            content: RawContent::Bytes(self.encoded(text)),
        };
        files.into_iter().map(raw).collect()
    }

    fn encoded(&self, text: String) -> Vec<u8> {
        if self.is_latin1 {
            text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
        } else {
            text.into_bytes()
        }
    }
}

/// A page, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The heading: the rule's id.
    pub title: String,
    /// The first paragraph, as one line.
    pub summary: String,
    /// The examples, in order.
    pub examples: Vec<Example>,
}

impl Page {
    /// Takes a page apart; fences open with ```` ```toml fails ```` or ```` ```toml passes ````,
    /// and with `encoding=latin1` behind it where the files are not UTF-8, `budget=10` where
    /// questions are given up early, or `as-of=2026-06-30` where the day matters.
    pub fn of(markdown: &str) -> Self {
        let mut page = Self { title: String::new(), summary: String::new(), examples: Vec::new() };
        let mut open: Option<Example> = None;
        let mut in_summary = true;
        for line in markdown.lines() {
            if let Some(mut example) = open.take() {
                if line.trim_end() == "```" {
                    page.examples.push(example);
                } else {
                    example.text.push_str(line);
                    example.text.push('\n');
                    open = Some(example);
                }
            } else if let Some(info) = line.strip_prefix("```toml ") {
                open = Some(Example::opened(info));
            } else if let Some(title) = line.strip_prefix("# ") {
                title.clone_into(&mut page.title);
            } else if line.trim().is_empty() {
                in_summary &= page.summary.is_empty();
            } else if in_summary && !page.title.is_empty() {
                page.summary.push_str(if page.summary.is_empty() { "" } else { " " });
                page.summary.push_str(line.trim());
            }
        }
        page
    }
}
