//! From text to words: names, values and signs, with what cannot be read set aside.

use super::expr::Comparison;
use super::fault::{Fault, FaultCode, advice, shown};
use super::numeral::{grouped, read_number, read_time, slashed, unreadable};
use crate::letters::odd;
use crate::source::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A name or a keyword; a name may have dots.
    Word,
    Text(String),
    Number(Decimal),
    Date(Date),
    DateTime(Timestamp),
    Op(Comparison),
    And,
    Or,
    Not,
    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    Comma,
    /// A value that could not be read; its fault is reported already.
    Broken,
    End,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// The tokens of a text, always closed by [`Kind::End`], and what was found on the way.
#[derive(Debug)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) faults: Vec<Fault>,
    /// Whether a quote was never closed, so that the end of the text is not where it seems.
    pub(super) cut: bool,
}

/// Signs, longer ones first, each with the spelling to use where it is not the language's own.
static SIGNS: [(&str, Kind, &str); 29] = [
    ("===", Kind::Op(Comparison::Equal), "="),
    ("!==", Kind::Op(Comparison::NotEqual), "!="),
    ("==", Kind::Op(Comparison::Equal), "="),
    ("!=", Kind::Op(Comparison::NotEqual), ""),
    ("<>", Kind::Op(Comparison::NotEqual), "!="),
    ("<=", Kind::Op(Comparison::LessOrEqual), ""),
    (">=", Kind::Op(Comparison::GreaterOrEqual), ""),
    ("=<", Kind::Op(Comparison::LessOrEqual), "<="),
    ("=>", Kind::Op(Comparison::GreaterOrEqual), ">="),
    ("=!", Kind::Op(Comparison::NotEqual), "!="),
    ("&&", Kind::And, "and"),
    ("||", Kind::Or, "or"),
    ("&", Kind::And, "and"),
    ("|", Kind::Or, "or"),
    ("=", Kind::Op(Comparison::Equal), ""),
    ("<", Kind::Op(Comparison::Less), ""),
    (">", Kind::Op(Comparison::Greater), ""),
    ("!", Kind::Not, "not"),
    ("≠", Kind::Op(Comparison::NotEqual), "!="),
    ("≤", Kind::Op(Comparison::LessOrEqual), "<="),
    ("≥", Kind::Op(Comparison::GreaterOrEqual), ">="),
    ("(", Kind::LeftParen, ""),
    (")", Kind::RightParen, ""),
    ("[", Kind::LeftBracket, ""),
    ("]", Kind::RightBracket, ""),
    (",", Kind::Comma, ""),
    ("¬", Kind::Not, "not"),
    ("∧", Kind::And, "and"),
    ("∨", Kind::Or, "or"),
];

/// Words that `not` is drawn together with, as in `doesn't`.
const CONTRACTED: [&str; 9] = ["is", "are", "was", "were", "does", "do", "did", "has", "have"];

/// Quotation marks that word processors put in place of straight ones.
const CURLY: [char; 9] = ['‘', '’', '‚', '‛', '“', '”', '„', '«', '»'];

/// Splits a text into tokens.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer =
        Lexer { text, at: 0, lexed: Lexed { tokens: Vec::new(), faults: Vec::new(), cut: false } };
    while let Some(next) = lexer.peek() {
        lexer.token(next);
    }
    lexer.push(Kind::End, text.len());
    lexer.lexed
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    lexed: Lexed,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Ends a token at `end` and stands there.
    fn push(&mut self, kind: Kind, end: usize) {
        self.lexed.tokens.push(Token { kind, span: Span::new(self.at, end) });
        self.at = end;
    }

    fn fault(&mut self, span: Span, message: String, help: impl Into<String>) {
        self.lexed.faults.push(Fault::new(FaultCode::Syntax, span, message).help(help));
    }

    fn token(&mut self, next: char) {
        let digit_follows = self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        match next {
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '\'' | '"' => self.quoted(next),
            c if is_name_start(c) => self.word(),
            c if plain(c).is_ascii_digit() => self.number(),
            '@' if self.rest().chars().nth(1).is_some_and(is_name_start) => self.unquoted(),
            '-' if digit_follows => self.number(),
            c if CURLY.contains(&c) => self.curly(c),
            c if odd(c).is_some_and(|odd| odd.meant.is_none()) => self.unseen(),
            _ => self.sign(),
        }
    }

    fn quoted(&mut self, quote: char) {
        let mut value = String::new();
        let mut undoubled = false;
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((offset, char)) = chars.next() {
            if char != quote {
                value.push(char);
            } else if chars.next_if(|(_, next)| *next == quote).is_some() {
                value.push(quote);
            } else if let Some(next) = chars.peek().map(|(next, _)| self.at + next)
                && self.is_apostrophe(next, quote, &value)
            {
                undoubled = true;
                value.push(quote);
            } else {
                let end = self.at + offset + 1;
                if undoubled {
                    let span = Span::new(self.at, end);
                    let message = format!("{} has a quote inside", shown(span.of(self.text)));
                    let written = shown(&super::print::Quoted(&value).to_string());
                    self.fault(span, message, format!("double the quote inside: {written}"));
                }
                return self.push(Kind::Text(value), end);
            }
        }
        let span = Span::new(self.at, self.text.len());
        let message = format!("the text {} is never closed", shown(span.of(self.text)));
        self.fault(span, message, format!("add a closing {}", shown(quote.encode_utf8(&mut [0]))));
        self.lexed.cut = true;
        self.push(Kind::Text(value), span.end);
    }

    /// Whether the quote before `next` stands inside a word, and the text is closed further on.
    fn is_apostrophe(&self, next: usize, quote: char, before: &str) -> bool {
        let rest = self.text.get(next..).unwrap_or_default();
        let word_end = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
        let word = rest.get(..word_end).unwrap_or_default().to_ascii_lowercase();
        let run = rest.find(quote).and_then(|end| rest.get(..end));
        !matches!(word.as_str(), "" | "and" | "or" | "not")
            && before.ends_with(char::is_alphanumeric)
            && run.is_some_and(|run| !run.contains(['=', '<', '>', ',', '[', '(']))
    }

    fn curly(&mut self, open: char) {
        let inside = self.at + open.len_utf8();
        let rest = self.text.get(inside..).unwrap_or_default();
        let found = rest.char_indices().find(|(_, c)| CURLY.contains(c) || "'\"".contains(*c));
        let (value, end) = match found {
            Some((offset, close)) => (rest.get(..offset), inside + offset + close.len_utf8()),
            None => (Some(rest), self.text.len()),
        };
        let value = value.unwrap_or_default().to_owned();
        let span = Span::new(self.at, end);
        let message = format!("{} has curly quotation marks", shown(span.of(self.text)));
        let help =
            format!("use straight ones: {}", shown(&super::print::Quoted(&value).to_string()));
        self.fault(span, message, help);
        self.lexed.cut |= found.is_none();
        self.push(Kind::Text(value), end);
    }

    fn word(&mut self) {
        let mut end = self.name_end(self.at);
        while self.text.get(end..).is_some_and(|rest| rest.starts_with('.')) {
            let part_end = self.name_end(end + 1);
            if part_end == end + 1 {
                let span = Span::new(self.at, part_end);
                let message = format!("a name is missing after {}", shown(span.of(self.text)));
                self.fault(span, message, "write the name right after the dot, without a space");
                self.push(Kind::Broken, part_end);
                return;
            }
            end = part_end;
        }
        if self.text.get(end..).is_some_and(|rest| rest.starts_with('@')) {
            return self.unquoted();
        }
        let word = self.text.get(self.at..end).unwrap_or_default();
        if let Some(length) = self.contracted(word, end) {
            self.push(Kind::Word, end - 1);
            return self.push(Kind::Not, end + length);
        }
        let kind = match word.to_ascii_lowercase().as_str() {
            "and" => Kind::And,
            "or" => Kind::Or,
            "not" => Kind::Not,
            _ => Kind::Word,
        };
        self.push(kind, end);
    }

    /// How long `'t` is behind a word such as `doesn`.
    fn contracted(&self, word: &str, end: usize) -> Option<usize> {
        let stem = word.strip_suffix(['n', 'N'])?.to_ascii_lowercase();
        let tail = self.text.get(end..)?;
        let rest = tail.strip_prefix(['\'', '’'])?.strip_prefix(['t', 'T'])?;
        let ends = !rest.starts_with(is_name_part) && !rest.starts_with(['\'', '’']);
        (ends && CONTRACTED.contains(&stem.as_str())).then_some(tail.len() - rest.len())
    }

    /// Passes over an e-mail address, or a part of one, without quotes.
    fn unquoted(&mut self) {
        let rest = self.rest();
        let run = |c: char| is_name_part(c) || "@.-+".contains(c);
        let end = self.at + rest.find(|c| !run(c)).unwrap_or(rest.len());
        let span = Span::new(self.at, end);
        let words = span.of(self.text);
        let help = format!("put quotes around text: {}", super::print::Quoted(words));
        self.fault(span, format!("{} is not a value", shown(words)), help);
        self.push(Kind::Broken, end);
    }

    /// Where the name that starts at `start` ends; a hyphen belongs to it only inside.
    fn name_end(&self, start: usize) -> usize {
        let mut end = start;
        for (offset, char) in self.text.get(start..).unwrap_or_default().char_indices() {
            let hyphen_inside = char == '-' && end == start + offset && offset > 0;
            if !is_name_part(char) && !hyphen_inside {
                break;
            }
            if is_name_part(char) {
                end = start + offset + char.len_utf8();
            }
        }
        end
    }

    fn number(&mut self) {
        let run = |c: char| c.is_alphanumeric() || "_.:+-".contains(c);
        let length = self.rest().find(|c| !run(c)).unwrap_or(self.rest().len());
        let length = slashed(self.rest()).or_else(|| grouped(self.rest())).unwrap_or(length);
        let written = self.rest().get(..length).unwrap_or_default();
        let word: String = written.chars().map(plain).collect();
        let end = self.at + length;
        let kind = read_number(&word).or_else(|| read_time(&word));
        if kind.is_none() {
            let (message, help) = unreadable(&word);
            self.fault(Span::new(self.at, end), message, help);
        } else if word != written {
            let message = format!("{} has full-width digits", shown(written));
            self.fault(Span::new(self.at, end), message, advice(&word));
        }
        self.push(kind.unwrap_or(Kind::Broken), end);
    }

    fn sign(&mut self) {
        let rest = self.rest();
        let head: String = rest.chars().take(3).map(plain).collect();
        let known = SIGNS.iter().find(|(sign, ..)| head.starts_with(sign));
        let Some((sign, kind, instead)) = known else { return self.unexpected() };
        let length = rest.chars().take(sign.chars().count()).map(char::len_utf8).sum();
        let end = self.at + length;
        let written = rest.get(..length).unwrap_or_default();
        let instead = if instead.is_empty() { sign } else { instead };
        if written != *instead {
            let message = format!("{} is not a sign of this language", shown(written));
            let wide = "it is full-width and looks like an ordinary one";
            let help = advice(instead);
            let help = if written == *sign { help } else { format!("{help}: {wide}") };
            self.fault(Span::new(self.at, end), message, help);
        }
        self.push(kind.clone(), end);
    }

    /// Passes over a letter that cannot be seen, and the word it stands in.
    fn unseen(&mut self) {
        let (start, odd) = (self.at, self.peek().and_then(odd));
        let Some(odd) = odd else { return };
        self.at += odd.letter.len_utf8();
        self.fault(Span::new(start, self.at), odd.told(), odd.help());
        let end = self.name_end(self.at);
        if let Some(word) = self.lexed.tokens.last_mut()
            && word.span.end == start
            && end > self.at
        {
            word.kind = Kind::Broken;
            word.span.end = end;
            self.at = end;
        }
    }

    /// Passes over characters that mean nothing here, with one fault for all of them.
    fn unexpected(&mut self) {
        let rest = self.rest();
        let known = |c: char| {
            c.is_whitespace() || c.is_alphanumeric() || "_'\"".contains(c) || CURLY.contains(&c)
        };
        let signs = |tail: &str| SIGNS.iter().any(|(sign, ..)| tail.starts_with(sign));
        let length = rest
            .char_indices()
            .skip(1)
            .find(|(offset, c)| known(*c) || signs(rest.get(*offset..).unwrap_or_default()))
            .map_or(rest.len(), |(offset, _)| offset);
        let span = Span::new(self.at, self.at + length);
        let words = span.of(self.text);
        let first = words.chars().next();
        if let Some(odd) = first.and_then(odd) {
            self.fault(span, odd.told(), odd.help());
            self.at = span.end;
            return;
        }
        let help = match first {
            Some('%') => "write the number alone",
            Some('€' | '$' | '£' | '¥') => {
                "write the number alone; money takes the model's currency"
            }
            Some('`') => "put text into straight quotes: 'text'",
            Some('+' | '-' | '*' | '/') => "compare with a plain value; there is no arithmetic",
            _ => "remove it, or put text into quotes",
        };
        self.fault(span, format!("{} has no meaning here", shown(words)), help);
        self.at = span.end;
    }
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A full-width letter as the ordinary one.
fn plain(c: char) -> char {
    let wide = odd(c).filter(|_| matches!(c, '\u{ff01}'..='\u{ff5e}'));
    wide.and_then(|odd| odd.meant).unwrap_or(c)
}
