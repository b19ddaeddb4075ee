//! From bytes to a document: encoding, conflict markers, syntax, each as findings, all in one run.

use super::clean;
use super::cut::blanked;
use super::mend::{is_about_tables, mended};
use super::node::{Entry, Node, Table, Value};
use super::scalar::{decimal, integer, when};
use super::slip::{Slip, unnamed, unusable};
use super::statement::line;
use super::twice::twice;
use crate::finding::{Finding, Place};
use crate::source::{RawContent, RawFile, Source, Span};
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How large things may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest file read, in bytes.
    pub file_bytes: u64,
    /// Most syntax findings of one file.
    pub syntax_findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 4 << 20, syntax_findings: 20 }
    }
}

/// One file: its text, its tree as far as it could be read.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file as read; comments and layout are kept here.
    pub source: Source,
    /// The tree; partial where the syntax has faults.
    pub root: Table,
}

/// A comment and where it stands, `#` included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The text, from `#` to the end of the line.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// Reads one file; whatever is wrong with it is in the findings, never a stop.
///
/// A file that gives no text at all (a link, a file too large) gives no document.
pub fn read(file: RawFile, limits: Limits) -> (Option<Document>, Vec<Finding>) {
    let bytes = match file.content {
        RawContent::Bytes(bytes) => bytes,
        other => return (None, vec![not_a_file(&file.path, &other, limits)]),
    };
    let (source, bad) = match String::from_utf8(bytes) {
        Ok(text) => (Source::new(file.path, text), None),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let bad = Span::new(valid, valid + '\u{fffd}'.len_utf8());
            (Source::new(file.path, text), Some(bad))
        }
    };
    let mut findings: Vec<Finding> = bad.map(|bad| not_utf8(&source, bad)).into_iter().collect();
    let (document, found) = read_text(source, limits, &[]);
    findings.extend(found);
    (Some(document), findings)
}

/// Reads the text of one file as if some stretches of it, each of whole lines, were blank.
pub fn read_text(source: Source, limits: Limits, skip: &[Span]) -> (Document, Vec<Finding>) {
    let mut findings = Vec::new();
    let hidden = if skip.is_empty() { conflicts(&source, &mut findings) } else { None };
    let text = hidden.as_deref().unwrap_or(source.text());
    let root = clean::read(text, skip).unwrap_or_else(|| {
        let hidden = (!skip.is_empty()).then(|| blanked(text, skip));
        let text = hidden.as_deref().unwrap_or(text);
        careful(&source, text, limits.syntax_findings, &mut findings)
    });
    (Document { source, root }, findings)
}

fn not_a_file(path: &str, content: &RawContent, limits: Limits) -> Finding {
    let place = Place::file(&Source::new(path, ""));
    match content {
        RawContent::Symlink(target) => Finding::new(
            "unreadable-file",
            format!("`{path}` is a symbolic link to `{target}`; links are not followed"),
        )
        .help("put the file itself into the model folder"),
        RawContent::TooLarge(bytes) => Finding::new(
            "unreadable-file",
            format!(
                "`{path}` has {bytes} bytes, more than the {} a model file may have",
                limits.file_bytes
            ),
        )
        .help("split it into several files; entities may stand in any file"),
        RawContent::Unreadable(reason) => {
            Finding::new("unreadable-file", format!("`{path}` could not be read: {reason}"))
                .help("make it a file that can be read, or take it out of the model's folder")
        }
        RawContent::Bytes(_) => Finding::new("unreadable-file", format!("`{path}` was not read")),
    }
    .at(place)
}

fn not_utf8(source: &Source, bad: Span) -> Finding {
    Finding::new("unreadable-file", "this character is not UTF-8 text")
        .at(Place::new(source, bad))
        .help("save the file as UTF-8; spreadsheets and old editors often write another encoding")
}

/// Conflict markers: a finding each, and a text of the same length in which the markers and the
/// other side are blank, so that the rest of the file is still read.
fn conflicts(source: &Source, findings: &mut Vec<Finding>) -> Option<String> {
    let text = source.text();
    if !text.starts_with("<<<<<<<") && !text.contains("\n<<<<<<<") {
        return None;
    }
    let mut blank = String::with_capacity(text.len());
    let mut theirs = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = line.trim_end();
        let opens = word.starts_with("<<<<<<<");
        let turns = word == "=======" || word.starts_with("|||||||");
        let closes = word.starts_with(">>>>>>>");
        if opens {
            let message = "a merge conflict was left in the file";
            let finding = Finding::new("conflict-markers", message)
                .at(Place::new(source, Span::new(at, at + word.len())))
                .label("from here to the line that starts with `>>>>>>>`")
                .help("keep one side, delete the marker lines, and run the check again");
            findings.push(finding);
        }
        theirs |= turns;
        if opens || theirs || closes {
            blank.extend(line.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }));
        } else {
            blank.push_str(line);
        }
        theirs &= !closes;
        at += line.len();
    }
    Some(blank)
}

/// The tree of any text as far as it can be read, with a finding for each line that cannot.
pub(super) fn careful(
    source: &Source,
    text: &str,
    limit: usize,
    findings: &mut Vec<Finding>,
) -> Table {
    let (root, faults) = DeTable::parse_recoverable(text);
    if faults.is_empty() {
        let mut reader = Reader { source, slips: Vec::new() };
        let root = reader.table(root.into_inner());
        told(source, reader.slips, limit, findings);
        return root;
    }
    drop(root);
    let (text, mut slips) = mended(text, limit);
    let (root, faults) = DeTable::parse_recoverable(&text);
    for (index, fault) in faults.iter().filter(|fault| is_about_tables(fault)).enumerate() {
        let span = fault.span().map_or_else(Span::default, Span::from);
        slips.push(twice(source.text(), span, index <= limit));
    }
    let mut reader = Reader { source, slips };
    let root = reader.table(root.into_inner());
    told(source, reader.slips, limit, findings);
    root
}

/// The slips of a file as findings: one a line, in order, and how many more there are.
fn told(source: &Source, mut slips: Vec<Slip>, limit: usize, findings: &mut Vec<Finding>) {
    let mut lines = BTreeSet::new();
    slips.retain(|slip| lines.insert(line(source.text(), slip.span.start).start));
    slips.sort_by_key(|slip| slip.span);
    let more = slips.len().saturating_sub(limit);
    for (index, slip) in slips.into_iter().take(limit + 1).enumerate() {
        // What was mended may have had letters of several bytes.
        let (from, to) =
            (|at| source.text().floor_char_boundary(at), |at| source.text().ceil_char_boundary(at));
        let place = |span: Span| Place::new(source, Span::new(from(span.start), to(span.end)));
        if index == limit {
            let places = if more == 1 { "place" } else { "places" };
            let message = format!("and {more} more {places} in this file cannot be read");
            findings.push(Finding::new("syntax", message).at(place(slip.span)));
            break;
        }
        let mut finding = Finding::new("syntax", slip.message).at(place(slip.span));
        if let Some((span, words)) = slip.also {
            finding = finding.also(place(span), words);
        }
        findings.push(match slip.help {
            Some(help) => finding.help(help),
            None => finding,
        });
    }
}

struct Reader<'a> {
    source: &'a Source,
    slips: Vec<Slip>,
}

impl Reader<'_> {
    fn table(&mut self, table: DeTable<'_>) -> Table {
        let mut entries: Vec<Entry> = table
            .into_iter()
            .filter_map(|(key, value)| {
                let key_span = Span::from(key.span());
                if key.get_ref().is_empty() {
                    self.slips.push(unnamed(self.source.text(), key_span));
                    return None;
                }
                let node = self.node(value)?;
                Some(Entry { key: key.into_inner().into_owned(), key_span, node })
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span);
        Table { entries }
    }

    fn node(&mut self, value: Spanned<DeValue<'_>>) -> Option<Node> {
        let span = Span::from(value.span());
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(number) => match integer(number.as_str(), number.radix()) {
                Some(number) => Value::Integer(number),
                None if number.as_str().is_empty() => {
                    let help = "write digits behind it, or a plain number such as `12`";
                    return self.fault(span, "this is not a number", help);
                }
                None => {
                    return self.fault(span, "this number is too large", "write a smaller one");
                }
            },
            DeValue::Float(number) => match decimal(number.as_str()) {
                Some(number) => Value::Decimal(number),
                None => {
                    return self.fault(
                        span,
                        "this number cannot be used in a model",
                        "write a plain number such as `12.5`",
                    );
                }
            },
            DeValue::Boolean(truth) => Value::Bool(truth),
            DeValue::Datetime(moment) => match when(&moment) {
                Some(value) => value,
                None => {
                    return self.fault(
                        span,
                        "there is no such date",
                        "write a day of the calendar, such as `2026-12-31`",
                    );
                }
            },
            DeValue::Array(items) => {
                Value::Array(items.into_iter().filter_map(|item| self.node(item)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Some(Node { value, span })
    }

    fn fault(&mut self, span: Span, message: &str, help: &str) -> Option<Node> {
        self.slips.push(unusable(self.source.text(), span, message, help));
        None
    }
}

/// The comments of a document, in order, for an editor that must keep them.
pub fn comments(source: &Source) -> Vec<Comment> {
    let text = toml_parser::Source::new(source.text());
    text.lex()
        .filter(|token| token.kind() == toml_parser::lexer::TokenKind::Comment)
        .map(|token| {
            let span = Span::new(token.span().start(), token.span().end());
            Comment { text: span.of(source.text()).to_owned(), span }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Table, Vec<Finding>) {
        let file = RawFile {
            path: "model/a.toml".into(),
            content: RawContent::Bytes(text.as_bytes().to_vec()),
        };
        let (document, findings) = read(file, Limits::default());
        (document.map(|d| d.root).unwrap_or_default(), findings)
    }

    fn underlined(finding: &Finding) -> &str {
        finding.place.as_ref().map_or("", |p| p.span.of(p.source.text()))
    }

    #[test]
    fn several_faults_come_in_one_run_and_the_rest_is_read() {
        let (root, findings) = parsed("a = \nb = 1\n[c\nd = nope\n[e]\nf = 2\n");
        assert!(findings.len() >= 2, "{findings:?}");
        assert_eq!(root.get("b").and_then(Node::as_integer), Some(1));
        assert!(root.get("e").is_some());
    }

    #[test]
    fn bom_and_crlf_do_not_matter() {
        let (root, findings) = parsed("\u{feff}[a]\r\nb = \"x\"\r\n");
        assert_eq!(findings, []);
        let a = root.get("a").and_then(Node::as_table).and_then(|a| a.text("b"));
        assert_eq!(a, Some("x"));
    }

    #[test]
    fn conflict_markers_are_called_what_they_are() {
        let text = "a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> other\nc = 4\n";
        let (root, findings) = parsed(text);
        assert_eq!(findings.iter().map(|f| f.rule).collect::<Vec<_>>(), ["conflict-markers"]);
        assert_eq!(root.get("b").and_then(Node::as_integer), Some(2));
        assert_eq!(root.get("c").and_then(Node::as_integer), Some(4));
    }

    #[test]
    fn a_key_set_twice_is_underlined() {
        let (_, findings) = parsed("[a]\nb = 1\nb = 2\n");
        assert_eq!(findings.len(), 1);
        assert_eq!(underlined(&findings[0]), "b");
        assert_eq!(findings[0].message, "`b` is set twice in the same table");
    }

    #[test]
    fn deep_nesting_is_a_finding() {
        let text = format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
        let (_, findings) = parsed(&text);
        assert!(!findings.is_empty());
    }

    #[test]
    fn other_encodings_are_said_at_the_character() {
        let file = RawFile {
            path: "a.toml".into(),
            content: RawContent::Bytes(b"name = \"M\xfcller\"\n".to_vec()),
        };
        let (_, findings) = read(file, Limits::default());
        assert_eq!(underlined(&findings[0]), "\u{fffd}");
    }

    #[test]
    fn comments_keep_their_places() {
        let source = Source::new("a.toml", "# head\na = \"#no\" # tail\n");
        let texts: Vec<_> = comments(&source).into_iter().map(|c| c.text).collect();
        assert_eq!(texts, ["# head", "# tail"]);
    }
}
