//! What can drift: definitions, gates, ICPs, segments, territories, routing tables and promises,
//! followed through the names they had.

use super::entry::{Entry, Judged, Renamed, Standing};
use super::report::Direction;
use crate::change::{Impact, Names};
use crate::model::{Address, Model};
use std::collections::{BTreeMap, BTreeSet};

/// The kinds whose entities stand for a set of records.
const PREDICATES: [&str; 4] = ["definition", "icp", "segment", "territory"];
/// The kinds that say where records go and how soon.
const PROMISES: [&str; 2] = ["routing", "sla"];
/// What is said about these without a record being treated otherwise.
const ABOUT: [&str; 7] =
    ["name", "description", "owner", "formerly", "review_by", "effective_from", "notes"];

/// What sets off the last name of something that is gone where another thing took that name: no address
/// has it.
const GONE: char = '~';

/// The names that things had before, with those they have in the end; learned on the way back.
#[derive(Debug, Default)]
pub(super) struct Lineage {
    now: BTreeMap<String, String>,
    former: BTreeMap<String, BTreeSet<String>>,
    /// How many names were taken.
    taken: usize,
}

impl Lineage {
    /// From a commit on the way back, what it renamed is known under its former name, and whatever had
    /// its name before is something else.
    pub(super) fn learn(&mut self, judged: &Judged) {
        if judged.renamed.is_empty() {
            return;
        }
        let mut renamed: Vec<&Renamed> = judged.renamed.iter().collect();
        renamed.sort_by_key(|renamed| renamed.from.len());
        let mut before = self.now.clone();
        for Renamed { to, .. } in &renamed {
            self.taken += 1;
            before.retain(|then, _| part_of(then, to).is_none());
            // It was called so to the last; only what it stood in may have another name since.
            let (above, id) = to.rsplit_once('.').unwrap_or_default();
            before.insert(to.clone(), format!("{}.{id}{GONE}{}", self.now(above), self.taken));
        }
        for Renamed { from, to } in renamed {
            let now = self.now(to);
            let parts = self.now.iter();
            let parts = parts.filter_map(|(then, now)| Some((part_of(then, to)?, now)));
            before.extend(parts.map(|(rest, now)| (format!("{from}.{rest}"), now.clone())));
            before.insert(from.clone(), now.clone());
            self.former.entry(now).or_default().insert(from.clone());
        }
        self.now = before;
    }

    /// What an address is called in the end.
    pub(super) fn now(&self, address: &str) -> String {
        let mut part = address;
        loop {
            if let Some(now) = self.now.get(part) {
                let rest = address.strip_prefix(part).unwrap_or_default();
                return [now.as_str(), rest].concat();
            }
            match part.rsplit_once('.') {
                Some((above, _)) => part = above,
                None => return address.to_owned(),
            }
        }
    }

    /// The names that an address of the end had before.
    pub(super) fn former(&self, address: &str) -> Vec<String> {
        let former = self.former.get(address).into_iter().flatten();
        let address = plain(address);
        former.filter(|then| **then != address).cloned().collect()
    }

    /// The names between a model of the past and one of the end.
    pub(super) fn names(&self, before: &Model) -> Names {
        let stood = |then: &&str| before.part(then).is_some() || before.get(then).is_some();
        let pairs: Vec<(Address, Address)> = self
            .now
            .iter()
            .filter(|(then, now)| then != now && stood(&then.as_str()))
            .map(|(then, now)| (Address::new(then.as_str()), Address::new(now.as_str())))
            .collect();
        pairs.iter().map(|(then, now)| (then, now)).collect()
    }
}

/// What stands below an address, of one that does.
fn part_of<'a>(address: &'a str, whole: &str) -> Option<&'a str> {
    address.strip_prefix(whole)?.strip_prefix('.')
}

/// Whether what is said of one address is said of another: it is a part of it, or the whole.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    one == other || part_of(one, other).is_some() || part_of(other, one).is_some()
}

/// An address as people know it, whether or not another thing took it later.
pub(super) fn plain(address: &str) -> String {
    let bare = |step: &str| step.split(GONE).next().unwrap_or(step).to_owned();
    address.split('.').map(bare).collect::<Vec<_>>().join(".")
}

/// The thing that can drift and that an address is a part of.
pub(super) fn subject(address: &str) -> Option<String> {
    let steps: Vec<&str> = address.split('.').collect();
    let first = |count: usize| steps.iter().take(count).copied().collect::<Vec<_>>().join(".");
    let kind = *steps.first()?;
    let part = steps.get(2).copied();
    match kind {
        _ if PREDICATES.contains(&kind) || PROMISES.contains(&kind) => {
            part.is_none_or(|part| !ABOUT.contains(&part)).then(|| first(2))
        }
        "lifecycle" => match (part, steps.get(3), steps.get(4).copied()) {
            (Some("stage"), Some(_), Some("entry" | "exit")) => Some(first(5)),
            // The whole way from one stage to another is told by its gates.
            (Some("stage"), Some(_), Some("next")) if steps.len() > 5 => None,
            (Some("stage"), Some(_), about) => {
                about.is_none_or(|part| !ABOUT.contains(&part)).then(|| first(4))
            }
            (part, ..) => part.is_none_or(|part| !ABOUT.contains(&part)).then(|| first(2)),
        },
        _ => None,
    }
}

/// Whether what stands at an address of a set of records says which records are in it, or is part of
/// what does.
pub(super) fn decides(address: &str) -> bool {
    let deciding = ["criteria", "disqualifiers", "when", "object", "stage"];
    address.split('.').nth(2).is_none_or(|part| deciding.contains(&part))
}

/// Whether what stands at an address is a set of records, which can be compared as a whole.
pub(super) fn is_predicate(subject: &str) -> bool {
    let kind = subject.split('.').next().unwrap_or_default();
    PREDICATES.contains(&kind) || gate(subject).is_some()
}

/// The stage whose gate stands at an address.
pub(super) fn gate(address: &str) -> Option<&str> {
    let (stage, way) = address.rsplit_once('.')?;
    (matches!(way, "entry" | "exit") && address.starts_with("lifecycle.")).then_some(stage)
}

/// Everything of a model that can drift.
pub(super) fn subjects(model: &Model) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for kind in PREDICATES.iter().chain(&PROMISES) {
        found.extend(model.of_kind(kind).map(|entity| entity.address.to_string()));
    }
    for lifecycle in model.of_kind("lifecycle") {
        for stage in lifecycle.item_ids("stage") {
            let stage = lifecycle.address.join("stage").join(stage);
            for gate in ["entry", "exit"] {
                let gate = stage.join(gate);
                found.extend(model.part(gate.as_str()).map(|_| gate.to_string()));
            }
        }
    }
    found
}

/// Whether a model has what stands at an address; a gate is there where its stage is.
pub(super) fn stands(model: &Model, subject: &str) -> bool {
    let held = gate(subject).unwrap_or(subject);
    model.get(held).is_some() || model.part(held).is_some()
}

/// What an entry is about that can drift, under the names of the end.
pub(super) fn subjects_of(entry: &Entry, lineage: &Lineage) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if entry.standing == Standing::Adopted || entry.wording {
        return found;
    }
    found.extend(subject(&lineage.now(&entry.address)));
    // What one hands over to another is told of both.
    let gives = entry.previous.as_deref().filter(|_| entry.kind == "territory-scope-moved");
    found.extend(gives.and_then(|previous| subject(&lineage.now(previous))));
    found
}

/// Which way an entry moves what it is about.
pub(super) fn direction(entry: &Entry, is_whole: bool) -> Direction {
    match entry.impact {
        _ if is_whole && entry.kind.ends_with("-added") => Direction::Came,
        _ if is_whole && entry.kind.ends_with("-removed") => Direction::Went,
        Impact::Loosening => Direction::Loosened,
        Impact::Tightening => Direction::Tightened,
        Impact::Undecided => Direction::Undecided,
        _ => Direction::Shifted,
    }
}
