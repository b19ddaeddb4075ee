//! A change in a form that can be kept and read again: everything about it but the text of the files
//! it stands in, and the records of a row of routing.

use super::catalogue::{CATALOGUE, Impact, Level};
use super::classify::Change;
use super::fingerprint::Fingerprint;
use crate::finding::Place;
use crate::model::Address;
use crate::proof::{Verdict, Witness};
use crate::source::Source;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What is kept of a change; its texts are its own, or those of what it is read from.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeRecord<T> {
    kind: T,
    address: T,
    previous: Option<T>,
    summary: T,
    /// As JSON text: not every form of serde can hold a value whose type is not known.
    before: Option<T>,
    after: Option<T>,
    impact: Impact,
    level: Level,
    policy: Option<T>,
    verdict: Option<VerdictRecord<T>>,
    fingerprint: T,
    caused_by: Vec<T>,
    base: Option<(T, u32)>,
    head: Option<(T, u32)>,
}

#[derive(Debug, Serialize, Deserialize)]
enum VerdictRecord<T> {
    Equivalent,
    Looser(T),
    Tighter(T),
    Shifted(T, T),
    Undecided(T),
}

impl From<&Change> for ChangeRecord<String> {
    fn from(change: &Change) -> Self {
        Self {
            kind: change.kind.id.clone(),
            address: change.address.to_string(),
            previous: change.previous.as_ref().map(ToString::to_string),
            summary: change.summary.clone(),
            before: change.before.as_ref().map(Json::to_string),
            after: change.after.as_ref().map(Json::to_string),
            impact: change.impact,
            level: change.level,
            policy: change.policy.clone(),
            verdict: change.verdict.as_ref().map(VerdictRecord::of),
            fingerprint: change.fingerprint.to_string(),
            caused_by: change.caused_by.iter().map(ToString::to_string).collect(),
            base: change.base.as_ref().map(line),
            head: change.head.as_ref().map(line),
        }
    }
}

impl ChangeRecord<&str> {
    /// The change again; none where this version of the tool cannot have written it.
    pub fn read(self) -> Option<Change> {
        let json = |text: Option<&str>| text.map(serde_json::from_str).transpose();
        let owned = |(path, line): (&str, u32)| (path.to_owned(), line);
        Some(Change {
            summary: self.summary.to_owned(),
            before: json(self.before).ok()?,
            after: json(self.after).ok()?,
            verdict: match &self.verdict {
                Some(verdict) => Some(verdict.read()?),
                None => None,
            },
            base: self.base.map(owned).map(place),
            head: self.head.map(owned).map(place),
            ..self.counted()?
        })
    }

    /// The same without what nobody needs who only counts: its words and places, and of its values
    /// but that they are there.
    pub fn counted(&self) -> Option<Change> {
        let there = |text: Option<&str>| text.map(|_| Json::Null);
        let address = |text: &&str| Address::new(*text);
        Some(Change {
            kind: CATALOGUE.get(self.kind)?,
            address: address(&self.address),
            previous: self.previous.as_ref().map(address),
            summary: String::new(),
            before: there(self.before),
            after: there(self.after),
            impact: self.impact,
            level: self.level,
            policy: self.policy.map(str::to_owned),
            verdict: None,
            fingerprint: Fingerprint::parse(self.fingerprint)?,
            caused_by: self.caused_by.iter().map(address).collect(),
            row: None,
            base: None,
            head: None,
            surviving: None,
        })
    }
}

impl Change {
    /// The same change as it is kept: told where it stands by line alone, and without what rows show.
    #[must_use]
    pub fn without_texts(self) -> Self {
        let place = |at: Option<Place>| at.as_ref().map(line).map(place);
        Self { row: None, base: place(self.base), head: place(self.head), surviving: None, ..self }
    }
}

impl VerdictRecord<String> {
    fn of(verdict: &Verdict) -> Self {
        let text = Witness::kept;
        match verdict {
            Verdict::Equivalent => Self::Equivalent,
            Verdict::Looser { admits } => Self::Looser(text(admits)),
            Verdict::Tighter { refuses } => Self::Tighter(text(refuses)),
            Verdict::Shifted { admits, refuses } => Self::Shifted(text(admits), text(refuses)),
            Verdict::Undecided(why) => Self::Undecided(why.clone()),
        }
    }
}

impl VerdictRecord<&str> {
    fn read(&self) -> Option<Verdict> {
        let witness = Witness::of_kept;
        Some(match self {
            Self::Equivalent => Verdict::Equivalent,
            Self::Looser(admits) => Verdict::Looser { admits: witness(admits)? },
            Self::Tighter(refuses) => Verdict::Tighter { refuses: witness(refuses)? },
            Self::Shifted(admits, refuses) => {
                Verdict::Shifted { admits: witness(admits)?, refuses: witness(refuses)? }
            }
            Self::Undecided(why) => Verdict::Undecided((*why).to_owned()),
        })
    }
}

fn line(place: &Place) -> (String, u32) {
    let line = place.source.line(place.span.start);
    (place.source.path().to_owned(), u32::try_from(line).unwrap_or(u32::MAX))
}

fn place((path, line): (String, u32)) -> Place {
    Place::file(&Source::of_line(path, usize::try_from(line).unwrap_or(usize::MAX)))
}
