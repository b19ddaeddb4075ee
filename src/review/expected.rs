//! What an author says a proposal does, held against what it does.

use crate::change::Change;
use crate::document::{self, Limits};
use crate::finding::{Finding, Place};
use crate::model::Pattern;
use crate::source::{RawFile, Span};

/// The page of the manual about files of expectations, in Markdown.
pub fn expect_page() -> &'static str {
    include_str!("expected.md")
}

/// What a proposal is meant to do, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Nothing but form.
    Cosmetic,
    /// Exactly these; changes of form may come with them.
    These(Vec<Expectation>),
}

/// A change that is meant, or several of a sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The kind of change; `*` stands for any ending.
    pub kind: String,
    /// Where; `*` stands for any ending, as in `routing.*`.
    pub address: String,
}

/// Where what is and what was meant differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unexpected {
    /// A change that was not meant.
    Change {
        /// What it is known by.
        fingerprint: String,
        /// Its kind.
        kind: String,
        /// Where.
        address: String,
        /// Whether nothing but form was meant.
        is_more_than_form: bool,
    },
    /// Something that was meant and is not there.
    Absent(Expectation),
}

impl Unexpected {
    /// What is not as it was meant, to be said behind the kind and the address.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Change { is_more_than_form: true, .. } => "is more than form",
            Self::Change { .. } => "was not announced",
            Self::Absent(_) => "was announced, and is not there",
        }
    }
}

impl Expected {
    /// Reads a file of expectations: `[[expect]]` tables with `kind` and `address`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(file: RawFile) -> Result<Self, Vec<Finding>> {
        let (document, mut findings) = document::read(file, Limits::default());
        let Some(document) = document.filter(|_| findings.is_empty()) else {
            return Err(findings);
        };
        let mut wrong = |span: Span, message: &str| {
            let place = Place { source: document.source.clone(), span };
            let help = "write `[[expect]]`, and below it `kind = \"…\"` and `address = \"…\"`";
            findings.push(Finding::new("expectation", message).at(place).help(help));
        };
        let mut expected = Vec::new();
        for entry in &document.root.entries {
            let tables = entry.node.as_array().filter(|_| entry.key == "expect");
            let Some(tables) = tables else {
                wrong(entry.key_span, "only `[[expect]]` is known here");
                continue;
            };
            for node in tables {
                let table = node.as_table();
                let word = |key: &str| table.and_then(|table| table.text(key)).map(str::to_owned);
                let others = table.into_iter().flat_map(|table| &table.entries);
                for other in others.filter(|e| e.key != "kind" && e.key != "address") {
                    wrong(other.key_span, "this is not known here");
                }
                match (word("kind"), word("address")) {
                    (Some(kind), Some(address)) => expected.push(Expectation { kind, address }),
                    _ => wrong(node.span, "an expectation names a kind of change and an address"),
                }
            }
        }
        if findings.is_empty() { Ok(Self::These(expected)) } else { Err(findings) }
    }

    /// Where changes differ from what is expected.
    pub fn against(&self, changes: &[Change]) -> Vec<Unexpected> {
        let expected = match self {
            Self::Cosmetic => &[][..],
            Self::These(expected) => expected.as_slice(),
        };
        let meant = |change: &Change| expected.iter().any(|one| one.fits(change));
        // What follows from a change that is meant is meant as well.
        let follows = |change: &Change| {
            let causes = &change.caused_by;
            !causes.is_empty()
                && causes.iter().all(|cause| {
                    changes.iter().any(|other| {
                        other.caused_by.is_empty()
                            && Pattern::new(cause.as_str()).covers(other.address.as_str())
                            && meant(other)
                    })
                })
        };
        let wrong = changes.iter().filter(|change| !change.is_cosmetic());
        let wrong = wrong.filter(|change| !meant(change) && !follows(change));
        let wrong = wrong.map(|change| Unexpected::Change {
            fingerprint: change.fingerprint.to_string(),
            kind: change.kind.id.clone(),
            address: change.address.as_str().to_owned(),
            is_more_than_form: matches!(self, Self::Cosmetic),
        });
        let absent = expected.iter().filter(|one| !changes.iter().any(|change| one.fits(change)));
        wrong.chain(absent.cloned().map(Unexpected::Absent)).collect()
    }
}

impl Expectation {
    fn fits(&self, change: &Change) -> bool {
        let kind = match self.kind.strip_suffix('*') {
            Some(start) => change.kind.id.starts_with(start),
            None => change.kind.id == self.kind,
        };
        let here = Pattern::new(self.address.as_str());
        let previous = change.previous.as_ref();
        kind && (here.covers(change.address.as_str())
            || previous.is_some_and(|previous| here.covers(previous.as_str())))
    }
}
