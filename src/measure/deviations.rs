//! Records in a state that the model does not allow: which, why, whose, and how long.
//!
//! What a record holds is what it holds today; nobody knows what it held before. A criterion that
//! counts days is therefore judged for today and, where it does not hold, for the day on which the
//! record entered its stage or was routed: it deviates where both say so. What cannot be judged is
//! said, with what is missing, and never counted.

mod case;
mod checks;
mod earlier;
mod fields;
mod find;
mod gates;
mod lapse;
mod past;
mod promised;
mod routes;
mod stages;
mod tally;
mod waivers;
mod ways;

pub use earlier::{Earlier, LEFT_OUT};
pub use find::{Finding, find};
pub use lapse::Lapse;
pub use tally::{Count, Deviations, Gone, Group, PromiseCount, Spread, Waiver};

use crate::model::Address;
use earlier::Before;
use faster_hex::hex_string;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;

/// How a record deviates; those that cannot wait come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A promise has run out, and nobody has served the record yet.
    SlaBreached,
    /// A promise is about to run out.
    SlaSoon,
    /// Nobody has it: no owner, or still where routing leaves what no rule takes.
    NotRouted,
    /// Nobody was in contact for longer than its stage allows.
    NoContact,
    /// It went somewhere else than any rule in force says.
    Misrouted,
    /// It entered its stage without what lets a record in.
    EntryCriteria,
    /// It left the stage before without what lets a record out.
    ExitCriteria,
    /// It has been in its stage for too long.
    StageLimit,
    /// Its whole way takes too long.
    CycleLimit,
    /// Somebody else has it than routing says: it was given to them by hand.
    Overridden,
    /// Routing would send it elsewhere today; when it was routed, the model of the day said so.
    OlderRevision,
    /// A promise was served too late.
    SlaLate,
    /// A field that must be set is empty.
    RequiredEmpty,
    /// A field holds a value that is not declared.
    UndeclaredValue,
    /// A field holds something it cannot hold.
    UnreadableValue,
}

impl Kind {
    /// All kinds, the worst first.
    pub const ALL: [Self; 15] = [
        Self::SlaBreached,
        Self::SlaSoon,
        Self::NotRouted,
        Self::NoContact,
        Self::Misrouted,
        Self::EntryCriteria,
        Self::ExitCriteria,
        Self::StageLimit,
        Self::CycleLimit,
        Self::Overridden,
        Self::OlderRevision,
        Self::SlaLate,
        Self::RequiredEmpty,
        Self::UndeclaredValue,
        Self::UnreadableValue,
    ];

    /// Its name.
    pub fn id(self) -> &'static str {
        match self {
            Self::SlaBreached => "sla-breached",
            Self::SlaSoon => "sla-soon",
            Self::NotRouted => "not-routed",
            Self::NoContact => "no-contact",
            Self::Misrouted => "misrouted",
            Self::EntryCriteria => "entry-criteria",
            Self::ExitCriteria => "exit-criteria",
            Self::StageLimit => "stage-limit",
            Self::CycleLimit => "cycle-limit",
            Self::Overridden => "overridden",
            Self::OlderRevision => "older-revision",
            Self::SlaLate => "sla-late",
            Self::RequiredEmpty => "required-empty",
            Self::UndeclaredValue => "undeclared-value",
            Self::UnreadableValue => "unreadable-value",
        }
    }

    /// The kind of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == name)
    }

    /// What it means, in a few words.
    pub fn means(self) -> &'static str {
        match self {
            Self::SlaBreached => "the promise has run out and nobody has served them",
            Self::SlaSoon => "the promise can still be kept, not for long",
            Self::NotRouted => "nobody has them",
            Self::NoContact => "nobody was in contact for too long",
            Self::Misrouted => "they went where no rule sends them",
            Self::EntryCriteria => "entered their stage without what it asks for",
            Self::ExitCriteria => "left the stage before without what it asks for",
            Self::StageLimit => "in their stage for too long",
            Self::CycleLimit => "on their whole way for too long",
            Self::Overridden => "given by hand to somebody else than routing says",
            Self::OlderRevision => "routed rightly by an older revision, elsewhere today",
            Self::SlaLate => "served, but too late",
            Self::RequiredEmpty => "a field that must be set is empty",
            Self::UndeclaredValue => "a value that the model does not declare",
            Self::UnreadableValue => "a field holds what it cannot hold",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::SlaBreached => "answer them now, in the order below",
            Self::SlaSoon => "answer them next: these promises can still be kept",
            Self::NotRouted => "give each an owner",
            Self::NoContact => "get in touch, or move them to a stage where they may rest",
            Self::Misrouted => "hand them to whom routing says, and look at the rules in the CRM",
            Self::EntryCriteria | Self::ExitCriteria => {
                "fill in what the gate asks for, or move them back"
            }
            Self::StageLimit => "move them on, or let them go",
            Self::CycleLimit => "decide: close them, or agree on an exception",
            Self::Overridden => "ask who gave them away, and whether routing should say so",
            Self::OlderRevision => "leave them, or hand them over as the model says today",
            Self::SlaLate => "nothing can be done about these; ask why",
            Self::RequiredEmpty => "fill the field in",
            Self::UndeclaredValue => "correct the value, or declare it",
            Self::UnreadableValue => "correct the value",
        }
    }

    /// Its place among all kinds.
    fn place(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A record that deviates in one respect.
#[derive(Debug, Clone)]
pub struct Deviation {
    /// How.
    pub kind: Kind,
    /// What of the model it deviates from.
    pub address: Address,
    /// Which record.
    pub record: Place,
    /// Whose.
    pub holder: Holder,
    /// What its stage field holds.
    pub stage: Option<String>,
    /// What is wrong, in a sentence.
    pub told: String,
    /// Since when.
    pub since: Option<Timestamp>,
    /// When the time it had ran out, or will.
    pub due: Option<Timestamp>,
    /// By how much it is too late; how much is left where it is not yet.
    pub late: Option<Lapse>,
    /// How much of the time it had is gone, in thousandths.
    pub spent: u32,
    /// Where it should be, for what went elsewhere.
    pub expected: Option<String>,
    /// The exception that waives it, by its place.
    pub waived: Option<usize>,
    /// Its name from one day to the next; none where records have no key.
    pub fingerprint: Option<Fingerprint>,
}

impl Deviation {
    /// Where it stands in a list: the smaller, the earlier. What is waived stands last, then the worst
    /// kind first, then what has spent most of its time, then as the records stand in the files.
    pub fn rank(&self) -> Vec<u8> {
        let kind = u8::try_from(self.kind.place()).unwrap_or(u8::MAX);
        let file = u64::try_from(self.record.file).unwrap_or(u64::MAX);
        let mut rank = vec![u8::from(self.waived.is_some()), kind];
        rank.extend((!self.spent).to_be_bytes());
        rank.extend(file.to_be_bytes());
        rank.extend(self.record.line.to_be_bytes());
        rank.extend(self.address.as_str().as_bytes());
        rank
    }
}

/// A record of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// What its key field holds.
    pub key: Option<String>,
    /// The file, by its place.
    pub file: usize,
    /// The line it starts on.
    pub line: u64,
}

/// Whose a record is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// What they are called; none where nobody has it, and where the file does not say who has.
    pub name: Option<String>,
    /// Whether the file does not say who has it.
    pub unsaid: bool,
    /// Whether the model knows them.
    pub known: bool,
    /// The address of their team, or of the one that answers for the stage where nobody has it.
    pub team: Option<String>,
}

/// The name of a deviation, by record, kind and address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    const SCHEME: &'static str = "dv1";

    /// The name of a deviation of a record of an object.
    pub fn of(object: &str, key: &str, kind: Kind, address: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [Self::SCHEME, object, key, kind.id(), address] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut first = [0; 8];
        first.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        Self(first)
    }

    /// The fingerprint that a text writes: `dv1:` and sixteen hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(Self::SCHEME)?.strip_prefix(':')?;
        let plain = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = plain.then(|| u64::from_str_radix(digits, 16).ok()).flatten()?;
        Some(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", Self::SCHEME, hex_string(&self.0))
    }
}

/// Something that was not judged, and what would be needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotChecked {
    /// The kinds of deviation that are not found because of it.
    pub kinds: Vec<Kind>,
    /// What of the model is not judged; all that is about these kinds where nothing is named.
    pub parts: BTreeSet<String>,
    /// Why.
    pub reason: String,
    /// What to do.
    pub help: String,
    /// Whether it is for want of a column in the export.
    pub lacks_column: bool,
}

impl NotChecked {
    /// What of the model is not judged, where it is one part.
    pub fn address(&self) -> Option<&String> {
        self.parts.first().filter(|_| self.parts.len() == 1)
    }

    /// Whether a deviation that was there before is of what is not judged.
    fn is_about(&self, before: &Before<'_>) -> bool {
        let address = Address::new(before.address);
        before.kind.is_some_and(|kind| self.kinds.contains(&kind))
            && (self.parts.is_empty() || self.parts.iter().any(|part| address.is_within(part)))
    }
}

#[cfg(test)]
mod tests;
