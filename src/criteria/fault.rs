//! What is wrong with a criterion: a code, a place in its text, a sentence and a way out.

use crate::source::Span;

/// The sort of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultCode {
    /// The text is not a criterion.
    Syntax,
    /// The object has no such field.
    UnknownField,
    /// The field is there, and its declaration has a fault of its own.
    FieldAtFault,
    /// A choice field does not declare the value.
    UnknownValue,
    /// Nothing goes by the referenced name.
    UnknownReference,
    /// The reference exists and cannot stand there.
    WrongKind,
    /// A value or an operator does not fit the field.
    TypeMismatch,
    /// A condition that no record can satisfy.
    NeverHolds,
    /// A condition that every record satisfies.
    AlwaysHolds,
}

/// One thing wrong with a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The sort of fault.
    pub code: FaultCode,
    /// The words that are meant, as bytes of the criterion's text.
    pub span: Span,
    /// One line, lower case, the user's own words in backticks.
    pub message: String,
    /// What to do, starting with a verb.
    pub help: Option<String>,
}

impl Fault {
    /// A fault with its sentence and no help yet.
    pub fn new(code: FaultCode, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: one_line(message.into()), help: None }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(one_line(help.into()));
        self
    }
}

/// How many characters of the user's words a message repeats.
const SHOWN_CHARS: usize = 60;

/// More characters than this in a sentence are cut off.
const SENTENCE_CHARS: usize = 400;

/// A sentence that stays on its line and drives no terminal, whatever the user's words hold.
fn one_line(sentence: String) -> String {
    if sentence.len() <= SENTENCE_CHARS && !sentence.contains(char::is_control) {
        return sentence;
    }
    let mut out = String::new();
    for (count, char) in sentence.chars().enumerate() {
        if count == SENTENCE_CHARS {
            out.push('…');
            break;
        }
        if char.is_control() {
            out.extend(char.escape_default());
        } else {
            out.push(char);
        }
    }
    out
}

/// The user's words as a message repeats them: not too long, in backticks.
pub(super) fn shown(words: &str) -> String {
    match words.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("`{}…`", words.get(..end).unwrap_or_default()),
        None => format!("`{words}`"),
    }
}

/// A longer piece of advice is not written out.
const ADVICE_CHARS: usize = 320;

/// `write …` with words of the language, all of them: what is advised can be copied.
pub(super) fn advice(words: &str) -> String {
    if words.chars().count() > ADVICE_CHARS {
        return format!("write it as {}", shown(words));
    }
    format!("write `{words}`")
}

/// `did you mean …?` for a name close to one of `names`.
pub(super) fn nearest<'a>(near: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    crate::finding::did_you_mean(near, names).map(|name| format!("did you mean {}?", shown(name)))
}
