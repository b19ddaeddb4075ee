//! What the tool has to say about a place in the user's files.

use crate::source::{Source, Span};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a finding weighs. `Error` fails `check`, the others do not.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The model is invalid; `check` exits with 1.
    Error,
    /// Probably a mistake; shown and counted.
    Warning,
    /// Worth knowing; shown and counted.
    Note,
}

impl Severity {
    /// The word a report prints.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A place in a file: the file's text and the stretch that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Source,
    /// The stretch of its text; empty where the file as a whole is meant.
    pub span: Span,
}

impl Place {
    /// A stretch of a file.
    pub fn new(source: &Source, span: Span) -> Self {
        Self { source: source.clone(), span }
    }

    /// The file as a whole.
    pub fn file(source: &Source) -> Self {
        Self { source: source.clone(), span: Span::default() }
    }
}

/// A second place a finding points at, with the words beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there, in a few words.
    pub text: String,
}

/// One thing found: a rule, a place, a sentence, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule, for example `unknown-reference`.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// One line, lower case, the user's own words in backticks.
    pub message: String,
    /// What to do, starting with a verb.
    pub help: Option<String>,
    /// Where; none only for findings about the run as a whole.
    pub place: Option<Place>,
    /// A few words that stand beside the underlined place.
    pub label: Option<String>,
    /// Further places.
    pub labels: Vec<Label>,
    /// The entity or item it is about, as an address.
    pub address: Option<String>,
}

impl Finding {
    /// A finding of a rule with its sentence; the severity is `Error` until said otherwise.
    pub fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            place: None,
            label: None,
            labels: Vec::new(),
            address: None,
        }
    }

    /// The place it underlines.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The words beside the underlined place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// A further place with its words.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// The entity or item it is about.
    #[must_use]
    pub fn about(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// The key findings are sorted by: path, position, rule, message.
    pub fn sort_key(&self) -> (&str, usize, usize, &'static str, &str) {
        let (path, span) =
            self.place.as_ref().map_or(("", Span::default()), |p| (p.source.path(), p.span));
        (path, span.start, span.end, self.rule, &self.message)
    }
}

/// `near` among `names`: the candidate a person probably meant, if one is close enough.
///
/// Close means an edit distance (with transpositions) of at most a third of the longer word.
pub fn did_you_mean<'a>(near: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near_folded = near.to_lowercase();
    names
        .into_iter()
        .filter_map(|name| {
            let folded = name.to_lowercase();
            let distance = strsim::osa_distance(&near_folded, &folded);
            let longest = near.chars().count().max(name.chars().count());
            (distance * 3 <= longest.max(3)).then_some((distance, name))
        })
        .min()
        .map(|(_, name)| name)
}
