//! An approval: who gave it, where it was found, and for which changes it counts.

use crate::change::Fingerprint;
use crate::git::{ObjectId, Person};
use std::collections::BTreeSet;
use std::fmt;

/// Whoever signs, as far as the source of the signature says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Signer {
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The login at the forge.
    pub login: Option<String>,
}

impl Signer {
    /// Whoever is written as `Name <mail>`, `Name (@login)`, `@login`, a bare address or a name.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Some((name, rest)) = text.split_once('<') {
            let email = rest.split('>').next().unwrap_or_default();
            return Self { name: said(name), email: said(email), login: None };
        }
        if let Some((name, rest)) = text.split_once("(@") {
            let login = rest.split(')').next().unwrap_or_default();
            return Self { name: said(name), email: None, login: said(login) };
        }
        if let Some(login) = text.strip_prefix('@') {
            return Self { login: said(login), ..Self::default() };
        }
        if text.contains('@') && !text.contains(char::is_whitespace) {
            return Self { email: said(text), ..Self::default() };
        }
        Self { name: said(text), ..Self::default() }
    }

    /// Whether nothing is said about them.
    pub fn is_nobody(&self) -> bool {
        *self == Self::default()
    }

    /// Name and address as a commit would record them, for `.mailmap`.
    pub(super) fn person(&self) -> Person {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        Person { name: text(&self.name), email: text(&self.email) }
    }
}

impl From<&Person> for Signer {
    fn from(person: &Person) -> Self {
        Self { name: said(&person.name), email: said(&person.email), login: None }
    }
}

fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// As `approve --by` takes it and a ledger writes it.
impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.email, &self.login) {
            (Some(name), Some(email), _) => write!(f, "{name} <{email}>"),
            (Some(name), None, Some(login)) => write!(f, "{name} (@{login})"),
            (Some(name), None, None) => f.write_str(name),
            (None, Some(email), _) => f.write_str(email),
            (None, None, Some(login)) => write!(f, "@{login}"),
            (None, None, None) => f.write_str("somebody"),
        }
    }
}

/// Where an approval was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApprovalSource {
    /// A review at the forge.
    Review,
    /// A trailer of a commit.
    Trailer(ObjectId),
    /// A file of the ledger beside the model.
    Ledger(String),
}

/// In words that fit behind "by".
impl fmt::Display for ApprovalSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Review => f.write_str("review"),
            Self::Trailer(commit) => write!(f, "trailer in {}", commit.short()),
            Self::Ledger(path) => write!(f, "entry in {path}"),
        }
    }
}

/// For which changes an approval counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CountsFor {
    /// Those that the proposal had at a commit, exactly as they were there.
    At(ObjectId),
    /// These.
    Only(BTreeSet<Fingerprint>),
}

/// Where an approval comes from and for what it counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Approval {
    /// Who gave it.
    pub by: Signer,
    /// Where it was found.
    pub source: ApprovalSource,
    /// The role it was given in; any that the signer holds where none is named.
    pub role: Option<String>,
    /// For which changes it counts.
    pub counts_for: CountsFor,
    /// When it was given, as the source writes it.
    pub when: Option<String>,
    /// Why it does not stand any more, where its giver or the forge took it back.
    pub withdrawn: Option<&'static str>,
}

impl Approval {
    /// An approval by somebody, found somewhere, for something.
    pub fn new(by: Signer, source: ApprovalSource, counts_for: CountsFor) -> Self {
        Self { by, source, role: None, counts_for, when: None, withdrawn: None }
    }
}
