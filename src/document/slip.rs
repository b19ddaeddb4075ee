//! What people write by mistake, by the word at the place: what it is called and how it is mended.

use super::bare::{in_quotes, is_condition, number_help};
use super::statement::{Open, line};
use crate::letters::latin;
use crate::source::Span;

/// One thing a person wrote by mistake.
#[derive(Debug, Clone)]
pub(super) struct Slip {
    /// The words that are wrong.
    pub(super) span: Span,
    /// What is wrong with them.
    pub(super) message: String,
    /// What to do.
    pub(super) help: Option<String>,
    /// A second place.
    pub(super) also: Option<(Span, &'static str)>,
    /// How the rest of the file can be read.
    pub(super) mend: Mend,
}

/// What is done to a text so that the rest can be read.
#[derive(Debug, Clone)]
pub(super) enum Mend {
    /// Nothing: the parser knows what is meant.
    Keep,
    /// The statement is left out.
    Blank,
    /// The table is left out, up to the next header.
    Table,
    /// Other bytes are read in the same places.
    Replace(Vec<(usize, &'static str)>),
    /// Something is closed, or left out up to where something else begins.
    Close {
        /// Behind the last word.
        at: usize,
        /// What closes it.
        closer: &'static str,
        /// Where something else begins.
        until: usize,
    },
}

impl Slip {
    /// A slip without help.
    pub(super) fn new(span: Span, message: impl Into<String>, mend: Mend) -> Self {
        Self { span, message: message.into(), help: None, also: None, mend }
    }

    /// With what to do about it.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A bracket or a long string that is not closed.
pub(super) fn close_missing(text: &str, open: Open) -> Slip {
    let inside = text.get(open.at..open.until).unwrap_or_default().trim_end();
    let row = line(text, open.at + inside.len());
    let words = without_comment(row.of(text));
    let commented = words.trim_end().len() < row.of(text).trim_end().len();
    let end = (row.start + words.trim_end().len()).max(open.at);
    let start = last_word(text, Span::new(open.at.max(row.start), end));
    let what = match open.closer {
        "]" => "this list is not closed",
        "}" => "this inline table is not closed",
        _ => "this text is not closed",
    };
    // A comment behind the last word, or several things open, leave no room for one closer.
    let closer = if commented || open.depth > 1 { "" } else { open.closer };
    let mend = Mend::Close { at: end, closer, until: open.until };
    let span = whole(text, Span::new(start, end), row);
    let mut slip = Slip::new(span, what, mend).help(format!("write `{}` behind it", open.closer));
    let opener = if open.closer.len() == 3 { 3 } else { 1 };
    slip.also = Some((Span::new(open.at, open.at + opener), "opened here"));
    slip
}

/// A quote that is not closed on its line.
pub(super) fn quote_missing(text: &str, at: usize) -> Slip {
    let row = line(text, at);
    let end = row.start + row.of(text).trim_end().len();
    let quote = if text.get(at..).is_some_and(|rest| rest.starts_with('"')) { "\"" } else { "'" };
    let head = text.get(row.start..at).unwrap_or_default();
    let plain = head.contains('=') && !head.contains(['[', '{', '"', '\'']);
    let mend =
        if plain { Mend::Close { at: end, closer: quote, until: row.end } } else { Mend::Blank };
    Slip::new(Span::new(at, end), "this text has no closing quote", mend)
        .help(format!("write `{quote}` where the text ends"))
}

/// A quote inside of a text that is in the same quotes.
pub(super) fn quote_inside(text: &str, row: Span) -> Option<Slip> {
    let line = without_comment(row.of(text)).trim_end();
    let line = if line.ends_with(['"', '\'']) { line } else { row.of(text).trim_end() };
    let (key, value) = line.split_once('=')?;
    let written = value.trim_start();
    let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = written.get(1..)?.strip_suffix(quote)?;
    let (first, behind) = inner.split_once(quote)?;
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let next = behind.trim_start();
    let two =
        next.len() < behind.len() && next.trim_start_matches(bare).trim_start().starts_with('=');
    if two || first.is_empty() || key.contains(['"', '\'', '[', '{']) || inner.contains('\\') {
        return None;
    }
    let start = row.start + line.len() - written.len();
    let at = start + 1 + first.len();
    let (other, sign) = if quote == '"' { ('\'', "'") } else { ('"', "\"") };
    let message = format!("the text ends at this `{quote}`, and more stands behind it");
    let slip = |mend| Slip::new(Span::new(at, at + 1), message, mend);
    if inner.contains(other) {
        return Some(slip(Mend::Blank).help("put the whole text between `\'\'\'` and `\'\'\'`"));
    }
    let (places, whole): (Vec<usize>, String) = if quote == '"' {
        let inside = inner.match_indices(quote).map(|(at, _)| start + 1 + at);
        (inside.collect(), format!("\"{}\"", inner.replace(quote, sign)))
    } else {
        (vec![start, start + 1 + inner.len()], format!("\"{inner}\""))
    };
    let mend = Mend::Replace(places.into_iter().map(|at| (at, sign)).collect());
    Some(slip(mend).help(format!("write `{whole}`")))
}

/// A header that cannot be read.
pub(super) fn header_missing(text: &str, row: Span) -> Slip {
    let words = without_comment(row.of(text)).trim_end();
    let indent = words.len() - words.trim_start().len();
    let span = Span::new(row.start + indent, row.start + words.len());
    let written = words.trim_start();
    let inner = written.trim_matches(['[', ']']).trim();
    let lists = written.starts_with("[[");
    if inner.is_empty() {
        return Slip::new(span, format!("`{written}` names no table"), Mend::Table)
            .help("write what the table is about, such as `[object.lead]`");
    }
    if inner.split('.').any(|step| step.trim().is_empty()) {
        return Slip::new(span, format!("a step is empty in `{written}`"), Mend::Table)
            .help("write a name between the dots, and none before the first or behind the last");
    }
    let (closer, right) =
        if lists { ("]]", written.ends_with("]]")) } else { ("]", written.ends_with(']')) };
    if !right && !written.contains(']') {
        let mend =
            if lists { Mend::Table } else { Mend::Close { at: span.end, closer, until: row.end } };
        return Slip::new(span, format!("`{written}` is not closed"), mend)
            .help(format!("write `{closer}` behind it"));
    }
    let is_name = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let plain = latin(written);
    if inner.chars().all(is_name) && !inner.is_ascii() && plain.is_ascii() {
        let told = format!("`{written}` has letters other than `a` to `z`");
        return Slip::new(span, told, Mend::Table)
            .help(format!("write `{plain}`, and `name` for the words people read"));
    }
    Slip::new(span, format!("`{written}` is not a table's header"), Mend::Table).help(
        "write names of letters, digits, `-` and `_` with dots between, such as `[object.lead]`",
    )
}

/// What is wrong inside one line.
pub(super) fn local(text: &str, row: Span, fault: Span, said: &str) -> Slip {
    let words = without_comment(row.of(text)).trim_end();
    let start = row.start + words.len() - words.trim_start().len();
    let row = Span::new(start, row.start + words.len());
    let span = whole(text, word(text, row, fault, said.starts_with("unexpected key")), row);
    let at = Local { text, row, span, said };
    at.curly()
        .or_else(|| at.escape(fault))
        .or_else(|| at.separator())
        .or_else(|| at.value())
        .unwrap_or_else(|| at.other())
}

struct Local<'a> {
    text: &'a str,
    row: Span,
    span: Span,
    said: &'a str,
}

impl Local<'_> {
    fn curly(&self) -> Option<Slip> {
        let double = |c: char| matches!(c, '“' | '”' | '„' | '‟');
        let single = |c: char| matches!(c, '‘' | '’' | '‚');
        let line = self.row.of(self.text);
        let bare =
            |at: usize| line.get(..at).is_some_and(|head| head.matches('"').count() % 2 == 0);
        let found: Vec<(usize, char)> =
            line.char_indices().filter(|(at, c)| (double(*c) || single(*c)) && bare(*at)).collect();
        let ((first, _), (last, end)) = (*found.first()?, *found.last()?);
        let mend = if found.len().is_multiple_of(2) {
            let straight = |(index, (at, c)): (usize, &(usize, char))| {
                let with = match (double(*c), index % 2) {
                    (true, 0) => "  \"",
                    (true, _) => "\"  ",
                    (false, 0) => "  '",
                    (false, _) => "'  ",
                };
                (self.row.start + at, with)
            };
            Mend::Replace(found.iter().enumerate().map(straight).collect())
        } else {
            Mend::Blank
        };
        let span = Span::new(self.row.start + first, self.row.start + last + end.len_utf8());
        Some(
            Slip::new(span, "curly quotes hold no text", mend).help("write straight quotes: \"…\""),
        )
    }

    fn escape(&self, fault: Span) -> Option<Slip> {
        if !self.said.contains("escape") && !self.said.contains("unicode") {
            return None;
        }
        let head = self.text.get(self.row.start..fault.end.clamp(self.row.start, self.row.end))?;
        let at = self.row.start + head.rfind('\\')?;
        let next = self.text.get(at + 1..self.row.end)?.chars().next()?;
        let hex = |c: char| c.is_ascii_hexdigit();
        let tail = self.text.get(at + 1 + next.len_utf8()..self.row.end)?;
        let digits = if matches!(next, 'u' | 'U' | 'x') {
            tail.len() - tail.trim_start_matches(hex).len()
        } else {
            0
        };
        let span = Span::new(at, at + 1 + next.len_utf8() + digits);
        let message = format!("`{}` is not an escape", span.of(self.text));
        Some(Slip::new(span, message, Mend::Keep).help("write `\\\\` for a backslash"))
    }

    /// A missing or wrong `=` or comma.
    fn separator(&self) -> Option<Slip> {
        let line = self.row.of(self.text);
        if self.said.starts_with("missing comma") {
            let message = format!("a comma is missing before `{}`", self.word());
            return Some(
                Slip::new(self.span, message, Mend::Keep).help("write a comma between the two"),
            );
        }
        if self.said.starts_with("extra comma") {
            return Some(
                Slip::new(self.span, "a comma too many", Mend::Blank).help("leave it out"),
            );
        }
        if let Some(head) = line.strip_suffix(',').filter(|head| head.contains('=')) {
            let at = self.row.start + head.len();
            let mend = Mend::Replace(vec![(at, " ")]);
            return Some(
                Slip::new(Span::new(at, at + 1), "a comma stands behind the value", mend)
                    .help("leave it out: every `key = value` has a line of its own"),
            );
        }
        let colons = colons(line);
        if !colons.is_empty() {
            let at = |colon: &usize| self.row.start + colon;
            let key = colons.first().map_or(self.row.start, at);
            let start = last_word(self.text, Span::new(self.row.start, key));
            let span = Span::new(start, key + 1);
            let mend = Mend::Replace(colons.iter().map(|colon| (at(colon), "=")).collect());
            let message = format!("`:` stands where `=` belongs in `{}`", span.of(self.text));
            return Some(
                Slip::new(span, message, mend).help("write `=` between a key and its value"),
            );
        }
        let sign = |at: &usize| matches!(line.get(*at..*at + 2), Some("==" | "=>"));
        if let Some(at) = line.find('=').filter(sign) {
            let span = Span::new(self.row.start + at, self.row.start + at + 2);
            let mend = Mend::Replace(vec![(span.start + 1, " ")]);
            let message = format!("`{}` stands where `=` belongs", span.of(self.text));
            return Some(
                Slip::new(span, message, mend).help("write one `=` between a key and its value"),
            );
        }
        if line.starts_with('=') {
            return Some(
                Slip::new(self.row, format!("`{line}` has no key"), Mend::Blank)
                    .help("write what is set before the `=`"),
            );
        }
        if !line.contains('=') && self.said.starts_with("key with no value") {
            return Some(self.no_equals(line));
        }
        if line.ends_with('=') {
            return Some(
                Slip::new(self.row, format!("`{line}` has no value"), Mend::Blank)
                    .help("write a value behind the `=`, or leave the line out"),
            );
        }
        None
    }

    fn no_equals(&self, line: &str) -> Slip {
        let gap = line.find([' ', '\t']);
        let mend = match gap {
            Some(gap) => Mend::Replace(vec![(self.row.start + gap, "=")]),
            None => Mend::Blank,
        };
        let (key, value) = line.split_at_checked(gap.unwrap_or(line.len())).unwrap_or((line, ""));
        let value = if value.trim().is_empty() { "…" } else { value.trim() };
        Slip::new(self.row, format!("`=` is missing in `{line}`"), mend)
            .help(format!("write `{key} = {value}`"))
    }

    /// A value that is none.
    fn value(&self) -> Option<Slip> {
        let word = self.word();
        let slip = |message: String, mend| Some(Slip::new(self.span, message, mend));
        match word.to_ascii_lowercase().as_str() {
            "true" | "false" if word != "true" && word != "false" => {
                let with = if word.len() == 4 { "true" } else { "false" };
                let mend = Mend::Replace(vec![(self.span.start, with)]);
                return Some(
                    slip(format!("`{word}` is not a truth value"), mend)?
                        .help(format!("write `{with}`")),
                );
            }
            "yes" | "no" | "on" | "off" => {
                let message = format!("`{word}` is not a truth value");
                return Some(slip(message, Mend::Blank)?.help("write `true` or `false`"));
            }
            "null" | "nil" | "none" => {
                return Some(
                    slip(format!("`{word}`: TOML has no null"), Mend::Blank)?
                        .help("leave the line out"),
                );
            }
            _ => {}
        }
        if let Some((date, at)) = self.date() {
            let mend = Mend::Blank;
            let written = at.of(self.text);
            return Some(
                Slip::new(at, format!("`{written}` is not a date"), mend)
                    .help(format!("write `{date}`")),
            );
        }
        if let Some((span, value)) = self.condition() {
            let message = format!("`{value}` needs quotes: it is text");
            return Some(
                Slip::new(span, message, Mend::Blank).help(format!("write `{}`", in_quotes(value))),
            );
        }
        let behind = self.said.starts_with("unexpected key or value");
        let all = self.bare_value().unwrap_or(self.span);
        let value = all.of(self.text);
        let number =
            value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
        if word.parse::<f64>().is_ok() && self.span.end < self.row.end && all == self.span {
            let tail = Span::new(self.span.end, self.row.end).of(self.text).trim_start();
            let span = Span::new(self.row.end - tail.len(), self.row.end);
            return Some(
                Slip::new(span, format!("`{tail}` stands behind the value"), Mend::Blank)
                    .help("write one `key = value` a line, and text in quotes"),
            );
        }
        let signed = value.starts_with(['€', '$', '£', '¥']);
        if let Some(help) = number_help(value).filter(|_| number || signed) {
            let message = format!("`{value}` is not a number or a date");
            return Some(Slip::new(all, message, Mend::Blank).help(help));
        }
        if number && !(behind && value.contains([' ', '\t', '='])) {
            let message = format!("`{value}` is not a number or a date");
            return Some(Slip::new(all, message, Mend::Blank).help(
                "write a number such as `12.5`, a date such as `2026-12-31`, or text in quotes",
            ));
        }
        if self.said.contains("string values must be quoted") {
            let message = format!("`{value}` needs quotes: it is text");
            return Some(Slip::new(all, message, Mend::Keep).help(format!("write `\"{value}\"`")));
        }
        None
    }

    /// A condition that stands there without quotes.
    fn condition(&self) -> Option<(Span, &str)> {
        let (_, value) = self.row.of(self.text).split_once('=')?;
        let value = value.trim_start();
        let span = Span::new(self.row.end - value.len(), self.row.end);
        is_condition(value).then_some((span, value))
    }

    /// The value of a line where it is written without quotes and brackets.
    fn bare_value(&self) -> Option<Span> {
        let (_, value) = self.row.of(self.text).split_once('=')?;
        let value = value.trim_start();
        let plain = !value.is_empty() && !value.contains(['"', '\'', '[', ']', '{', '}', '=']);
        plain.then(|| Span::new(self.row.end - value.len(), self.row.end))
    }

    /// A date with the day first, and how TOML writes it.
    fn date(&self) -> Option<(String, Span)> {
        let (at, _) = self.row.of(self.text).match_indices('=').next()?;
        let value = self.row.of(self.text).get(at + 1..)?;
        let start = self.row.end - value.trim_start().len();
        let written = value.trim();
        let mark = ['.', '/'].into_iter().find(|mark| written.matches(*mark).count() == 2)?;
        let mut parts = written.split(mark).map(|part| part.parse::<u16>().ok());
        let (day, month, year) = (parts.next()??, parts.next()??, parts.next()??);
        let span = Span::new(start, self.row.end);
        let likely = (1..=31).contains(&day) && (1..=12).contains(&month) && year > 999;
        likely.then(|| (format!("{year:04}-{month:02}-{day:02}"), span))
    }

    fn other(&self) -> Slip {
        let word = self.word();
        if self.said.contains("recursion") || self.said.contains("nested") {
            return Slip::new(self.span, "this is nested too deeply", Mend::Blank)
                .help("flatten it; the model needs few levels");
        }
        if self.said.starts_with("unexpected key or value") {
            return Slip::new(self.span, format!("`{word}` stands behind the value"), Mend::Keep)
                .help("write one `key = value` a line, and text in quotes");
        }
        if word.trim().is_empty() || word.contains(char::is_control) {
            let message = "a character that cannot be seen stands here";
            return Slip::new(self.span, message, Mend::Blank)
                .help("delete the line and write it again");
        }
        Slip::new(self.span, format!("`{word}` cannot be read here"), Mend::Blank)
            .help("write `key = value`, with text in quotes and lists in square brackets")
    }

    fn word(&self) -> &str {
        self.span.of(self.text)
    }
}

/// The word a fault is about: around it, behind it, or before it.
fn word(text: &str, row: Span, fault: Span, behind: bool) -> Span {
    let line = row.of(text);
    let at = fault.start.clamp(row.start, row.end) - row.start;
    let words = tokens(line);
    let found = words
        .iter()
        .find(|word| word.end > at && (!behind || word.start >= at))
        .or(words.last())
        .copied()
        .unwrap_or_else(|| Span::new(0, line.len()));
    found.shifted(row.start)
}

/// The words of a line: what stands in quotes, and what stands between marks.
fn tokens(line: &str) -> Vec<Span> {
    let mark = |c: char| c.is_whitespace() || matches!(c, '=' | ',' | '[' | ']' | '{' | '}');
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = line.get(at..).unwrap_or_default();
        let len = match c {
            c if mark(c) => {
                at += c.len_utf8();
                continue;
            }
            '"' | '\'' => quoted(rest, c),
            _ => rest.find(mark).unwrap_or(rest.len()),
        };
        found.push(Span::new(at, at + len));
        at += len;
    }
    found
}

/// How long a string in quotes is; to the end where it is not closed.
pub(super) fn quoted(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return at + 1;
        }
        if c == '\\' && quote == '"' {
            chars.next();
        }
    }
    rest.len()
}

/// A line up to its comment.
pub(super) fn without_comment(line: &str) -> &str {
    let mut at = 0;
    while let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) {
        match c {
            '#' => return line.get(..at).unwrap_or(line),
            '"' | '\'' => at += quoted(line.get(at..).unwrap_or_default(), c),
            _ => at += c.len_utf8(),
        }
    }
    line
}

/// The colons of a line that stand behind a key, as in other languages.
fn colons(line: &str) -> Vec<usize> {
    let key = |word: &str| {
        let word = word.trim_matches('"');
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let mut found = Vec::new();
    let mut before = "";
    for token in tokens(line) {
        let word = token.of(line);
        if word == ":" && key(before) {
            found.push(token.start);
        } else if let Some(head) = word.strip_suffix(':').filter(|head| key(head)) {
            found.push(token.start + head.len());
        } else if before.starts_with('"') && word.starts_with(':') {
            found.push(token.start);
        }
        before = word;
    }
    found
}

/// Where the last word of a stretch begins.
fn last_word(text: &str, span: Span) -> usize {
    let words = tokens(span.of(text));
    words.last().map_or(span.start, |word| span.start + word.start)
}

/// A stretch that is never empty where its line is not.
pub(super) fn whole(text: &str, span: Span, row: Span) -> Span {
    let around = line(text, span.start);
    let rest = text.get(around.start..).unwrap_or_default();
    let letter = rest.chars().next().map_or(0, char::len_utf8);
    let letter = Span::new(around.start, around.start + letter);
    let seen = |span: &Span| !span.of(text).trim().is_empty();
    [span, row, around].into_iter().find(seen).unwrap_or(letter)
}

/// A key without a name.
pub(super) fn unnamed(text: &str, span: Span) -> Slip {
    let span = whole(text, span, line(text, span.start));
    Slip::new(span, "a key has no name", Mend::Keep).help("write a name between the quotes")
}

/// A value that is well written and cannot be used.
pub(super) fn unusable(text: &str, span: Span, message: &str, help: &str) -> Slip {
    Slip::new(whole(text, span, line(text, span.start)), message, Mend::Keep).help(help)
}
