//! What writes names, literals and remarks: the only place where anything of a model becomes SQL.

use super::Dialect;
use crate::criteria::{FieldKind, Value, lower_case};
use jiff::tz::TimeZone;

/// Writes for a database, and for dbt if asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub(super) dialect: Dialect,
    /// Whether templates are evaluated in what is written.
    pub(super) dbt: bool,
}

/// What `İ` is in small letters: an `i`, and a dot above it.
const DOTTED: &str = "i\u{307}";

/// Remarks are no wider than this.
const WIDTH: usize = 98;

impl Pen {
    /// Text that means nothing to the template language.
    fn plain(self, text: &str) -> String {
        if self.dbt { inert(text) } else { text.to_owned() }
    }

    /// A name of a table or a column as it is.
    pub(super) fn name(self, name: &str) -> String {
        self.plain(&self.dialect.quoted(name))
    }

    /// A name of our own making.
    pub(super) fn own(self, name: &str) -> String {
        self.name(&self.dialect.own(name))
    }

    /// A column of a row.
    pub(super) fn column(self, row: &str, name: &str) -> String {
        format!("{row}.{}", self.own(name))
    }

    /// A view of the same package.
    pub(super) fn view(self, name: &str) -> String {
        if self.dbt { format!("{{{{ ref('{name}') }}}}") } else { self.own(name) }
    }

    /// A text as a literal.
    pub(super) fn text(self, text: &str) -> Result<String, String> {
        let literal = self.dialect.text(text);
        let literal = literal.ok_or("a text with a null character cannot be written in SQL")?;
        Ok(self.plain(&literal))
    }

    /// A text that compares without regard to case, which databases do not do alike with `İ`: some make
    /// an `i` of it, and others an `i` with a dot above.
    pub(super) fn folded(self, text: &str) -> Result<String, String> {
        let small = lower_case(text);
        if small.contains(DOTTED) {
            return Err(format!(
                "databases do not agree on the small letter of the `İ` in `{text}`"
            ));
        }
        self.text(&small)
    }

    /// A value as a literal that a field of some kind compares with.
    pub(super) fn literal(self, value: &Value, kind: FieldKind) -> Result<String, String> {
        match value {
            Value::Text(text) if kind == FieldKind::Text => self.folded(text),
            Value::Text(text) => self.text(text),
            Value::Number(number) => Ok(self.dialect.number(&number.to_string())),
            Value::Bool(true) => Ok("TRUE".to_owned()),
            Value::Bool(false) => Ok("FALSE".to_owned()),
            Value::Date(date) if date.year() < 1 => Err(no_calendar(date)),
            Value::Date(date) if kind == FieldKind::DateTime => {
                Ok(self.instant(&format!("{date}T00:00:00Z")))
            }
            Value::Date(date) => Ok(format!("DATE '{date}'")),
            Value::DateTime(instant) => {
                let written = TimeZone::UTC.to_datetime(*instant);
                if written.year() < 1 {
                    return Err(no_calendar(instant));
                }
                if written.subsec_nanosecond() % 1_000 != 0 {
                    return Err(format!("`{instant}` is finer than a microsecond"));
                }
                Ok(self.instant(&instant.to_string()))
            }
            Value::Values(_) => Err("a list stands where a value should".to_owned()),
        }
    }

    /// An instant written as a literal.
    pub(super) fn instant(self, written: &str) -> String {
        format!("CAST('{written}' AS {})", self.dialect.instant_type())
    }

    /// Remarks: each text a paragraph that cannot end before its line does.
    pub(super) fn remarks(self, indent: usize, texts: &[&str]) -> String {
        let mut out = String::new();
        for text in texts {
            let words: Vec<&str> =
                text.split(|c: char| c.is_whitespace() || ends_line(c)).collect();
            let text = words.into_iter().filter(|word| !word.is_empty());
            let text = text.collect::<Vec<_>>().join(" ");
            let width = WIDTH.saturating_sub(indent).max(40);
            let options = textwrap::Options::new(width)
                .break_words(false)
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            for line in textwrap::wrap(&self.plain(&text), options) {
                let line = format!("{:indent$}-- {line}", "");
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
        out
    }
}

/// Text that a template leaves as it is.
pub(super) fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let opens = matches!(letters.peek(), Some('{' | '%' | '#'));
        if letter == '{' && opens {
            out.push_str("{{ '{' }}");
        } else {
            out.push(letter);
        }
    }
    out
}

fn ends_line(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

fn no_calendar(day: &impl std::fmt::Display) -> String {
    format!("`{day}` lies before the first year that databases count")
}
