//! What the tool has to say about a place in the user's files.

use crate::source::{Source, Span};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
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
/// Close means an edit distance (with transpositions) of at most a third of the longer word, or
/// an address that has the steps of `near` and some more. The word itself is never an answer.
pub fn did_you_mean<'a>(near: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = Near::of(near);
    let mut best: Option<(Closeness, &str)> = None;
    for name in names.into_iter().filter(|name| *name != near) {
        let found = wanted.closeness(&folded(name), best.map(|(closeness, _)| closeness));
        if let Some(found) = found.map(|closeness| (closeness, name)) {
            best = Some(best.map_or(found, |best| best.min(found)));
        }
    }
    best.map(|(_, name)| name)
}

/// How near a word is: in which way, and how far away.
type Closeness = (u8, usize);

/// A word in lower case.
fn folded(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase())
    }
}

/// A word to which others are held, many of them.
struct Near<'n> {
    word: Cow<'n, str>,
    length: usize,
    /// How often it has each letter; none where it has others than plain ones.
    letters: Option<[usize; 128]>,
}

impl<'n> Near<'n> {
    fn of(near: &'n str) -> Self {
        let word = folded(near);
        Self { length: word.chars().count(), letters: letters(&word), word }
    }

    /// How near a word in lower case is; none if it is not near at all, or surely not as near as another one.
    fn closeness(&self, name: &str, best: Option<Closeness>) -> Option<Closeness> {
        let near = &*self.word;
        if near == name {
            return Some((0, 0));
        }
        if !near.is_empty() && has_steps_of(name, near) {
            return Some((1, name.split('.').count()));
        }
        let longer = self.length.max(name.chars().count());
        let same_end = near.contains('.') && near.rsplit('.').next() == name.rsplit('.').next();
        let way = if same_end { 2 } else { 3 };
        let most = if self.length <= SHORT_WORD { 1 } else { longer / 3 };
        let most = match best {
            Some((other, _)) if other < way => return None,
            Some((other, distance)) if other == way => most.min(distance),
            _ => most,
        };
        if self.least_distance(name, longer) > most {
            return None;
        }
        let distance = strsim::osa_distance(near, name);
        let is_like = || shared(near, name) >= 2 || near.chars().next() == name.chars().next();
        let is_close = distance <= most && (self.length > SHORT_WORD || is_like());
        is_close.then_some((way, distance))
    }

    /// What the letters alone say of the distance: it is no less.
    fn least_distance(&self, name: &str, longer: usize) -> usize {
        let Some((near, name)) = self.letters.zip(letters(name)) else { return 0 };
        let shared: usize = near.iter().zip(&name).map(|(one, other)| one.min(other)).sum();
        longer.saturating_sub(shared)
    }
}

/// How often a word has each letter; none where it has others than plain ones.
fn letters(word: &str) -> Option<[usize; 128]> {
    let mut letters = [0; 128];
    for byte in word.bytes() {
        *letters.get_mut(usize::from(byte))? += 1;
    }
    Some(letters)
}

/// Words of up to this many characters are near only to words that share most of them.
const SHORT_WORD: usize = 3;

/// Whether an address has all steps of another in their order, the last one at its end.
fn has_steps_of(address: &str, other: &str) -> bool {
    let mut steps = address.rsplit('.');
    let mut wanted = other.rsplit('.');
    steps.next() == wanted.next() && wanted.all(|wanted| steps.any(|step| step == wanted))
}

/// How many characters two words have in common.
fn shared(one: &str, other: &str) -> usize {
    let mut left: Vec<char> = other.chars().collect();
    let found = |char: char| {
        let at = left.iter().position(|other| *other == char)?;
        Some(left.swap_remove(at))
    };
    one.chars().filter_map(found).count()
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_near_name_is_offered_and_never_the_word_itself() {
        for (near, names, meant) in [
            ("starts", &["starts"][..], None),
            ("c", &["a", "b"], None),
            ("de", &["at", "fr"], None),
            ("de", &["DE", "dx"], Some("DE")),
            ("arr", &["mrr", "acv"], Some("mrr")),
            ("Software", &["software"], Some("software")),
            ("mql", &["definition.mql", "mrr"], Some("definition.mql")),
            (
                "definition.mql.intent",
                &["definition.mql.object", "definition.mql.criteria.intent"],
                Some("definition.mql.criteria.intent"),
            ),
            ("definition.mqls", &["definition.mql", "definition.sql"], Some("definition.mql")),
            ("tam.sales", &["tam.sale", "team.sales"], Some("team.sales")),
        ] {
            assert_eq!(did_you_mean(near, names.iter().copied()), meant, "{near}");
            assert_eq!(did_you_mean(near, names.iter().rev().copied()), meant, "{near}");
        }
    }
}
