//! A place in the tokens of a criterion, and the faults found so far.

use super::fault::{Fault, FaultCode, shown};
use super::lex::{Kind, Lexed, Token, lex};
use crate::source::Span;

/// More faults than this in one criterion help nobody.
const MAX_FAULTS: usize = 50;

/// Deeper nesting than this is a fault.
pub(super) const MAX_DEPTH: usize = 64;

/// Where the parser stands.
pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    end: Token,
    faults: Vec<Fault>,
    depth: usize,
    /// Whether the faults that follow would only repeat one that was reported.
    silent: bool,
    cut: bool,
    /// Whether a comma separates conditions here, as inside `at least … of (…)`.
    pub(super) listing: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let Lexed { tokens, faults, cut } = lex(text);
        let end = Token { kind: Kind::End, span: Span::new(text.len(), text.len()) };
        Self { text, tokens, at: 0, end, faults, depth: 0, silent: false, cut, listing: false }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    fn token(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).unwrap_or(&self.end)
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.token(0).kind
    }

    pub(super) fn kind_at(&self, ahead: usize) -> &Kind {
        &self.token(ahead).kind
    }

    pub(super) fn span(&self) -> Span {
        self.token(0).span
    }

    pub(super) fn span_at(&self, ahead: usize) -> Span {
        self.token(ahead).span
    }

    /// The token before this one.
    pub(super) fn previous(&self) -> Option<Span> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| token.span)
    }

    /// The word at a place ahead, in the letters it is written in.
    pub(super) fn word_at(&self, ahead: usize) -> Option<&'a str> {
        let token = self.token(ahead);
        (token.kind == Kind::Word).then(|| token.span.of(self.text))
    }

    /// The word here in lower case.
    pub(super) fn lower(&self) -> Option<String> {
        self.word_at(0).map(str::to_lowercase)
    }

    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.word_at(ahead).is_some_and(|here| here.eq_ignore_ascii_case(word))
    }

    /// The words here as a message shows them.
    pub(super) fn shown(&self) -> String {
        shown(self.span().of(self.text))
    }

    pub(super) fn bump(&mut self) -> Span {
        let span = self.span();
        self.at = (self.at + 1).min(self.tokens.len());
        span
    }

    pub(super) fn eat(&mut self, kind: &Kind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        if found {
            self.bump();
        }
        found
    }

    /// Reports a fault of syntax.
    pub(super) fn fault(&mut self, span: Span, message: String, help: impl Into<String>) {
        self.report(Fault::new(FaultCode::Syntax, span, message).help(help));
    }

    /// Reports a fault, unless it follows from one that was reported.
    pub(super) fn report(&mut self, fault: Fault) {
        let echo = self.cut && *self.kind() == Kind::End;
        if !self.silent && !echo {
            self.faults.push(fault);
        }
    }

    /// How many faults there are.
    pub(super) fn fault_count(&self) -> usize {
        self.faults.len()
    }

    /// Whether one of the first `count` faults lies in `span` and is not about a sign.
    pub(super) fn blames_value(&self, span: Span, count: usize) -> bool {
        self.faults.iter().take(count).any(|fault| {
            let inside = span.start <= fault.span.start && fault.span.end <= span.end;
            inside && !fault.span.of(self.text).starts_with(|c| "=<>!≠≤≥¬".contains(c))
        })
    }

    /// Reads on without a word about what is wrong there.
    pub(super) fn hushed<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.silent, true);
        let result = inside(self);
        self.silent = before;
        result
    }

    /// Reads on, and lets pass what was said of the words at `span`.
    pub(super) fn pardoned<T>(&mut self, span: Span, inside: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.faults.len();
        let result = inside(self);
        let mut at = 0;
        self.faults.retain(|fault| {
            at += 1;
            at <= before || fault.span != span
        });
        result
    }

    /// Goes on to where the next condition may begin, past whole groups.
    pub(super) fn skip(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.kind() {
                Kind::End => return,
                Kind::And | Kind::Or | Kind::Comma | Kind::RightParen if open == 0 => return,
                Kind::LeftParen | Kind::LeftBracket => open += 1,
                Kind::RightParen | Kind::RightBracket => open = open.saturating_sub(1),
                _ => {}
            }
            self.bump();
        }
    }

    /// Runs `inside` one level deeper, or gives up where that is too deep.
    pub(super) fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            let message = format!("conditions are nested more than {MAX_DEPTH} levels deep");
            self.fault(self.span(), message, "name a part of it as a definition and refer to that");
            self.silent = true;
            self.at = self.tokens.len();
            return None;
        }
        self.depth += 1;
        let listing = std::mem::replace(&mut self.listing, false);
        let result = inside(self);
        self.listing = listing;
        self.depth -= 1;
        result
    }

    /// The faults in the order of the text.
    pub(super) fn into_faults(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|fault| fault.span);
        self.faults.truncate(MAX_FAULTS);
        self.faults
    }
}
