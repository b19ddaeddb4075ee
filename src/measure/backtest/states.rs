//! The states in which an entity meant something else, each ready to be asked of the records of today.

use super::super::former::{Former, Ready};
use crate::change::Names;
use crate::criteria::{Expr, Scope, midnight};
use crate::document::Node;
use crate::git::Commit;
use crate::history::Meaning;
use crate::model::{Address, Model};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A state of an entity.
#[derive(Debug)]
pub struct Past {
    /// The commit from which on it was so; none for what is on disk.
    pub commit: Option<Commit>,
    /// What it was called; none where it was not there.
    pub address: Option<String>,
    /// As much of the model as decides about it.
    pub former: Former,
}

/// The states of an entity along the main line, and on disk where that is looked at; `now` is the newest
/// model, which knows what fields are called.
pub fn states(meanings: Vec<Meaning>, on_disk: Option<&str>, now: &Model) -> Vec<Past> {
    let mut states: Vec<Past> = meanings
        .into_iter()
        .map(|Meaning { commit, address, model }| {
            let names = names(&model, now);
            Past { commit: Some(commit), address, former: Former::new(model, names) }
        })
        .collect();
    states.extend(on_disk.map(|address| Past {
        commit: None,
        address: now.get(address).map(|entity| entity.address.to_string()),
        former: Former::of_now(now.clone()),
    }));
    states
}

/// What the objects and fields of an old model are called now.
fn names(old: &Model, now: &Model) -> Names {
    let mut renames: Vec<(Address, Address)> = Vec::new();
    let named = |address: &Address| matches!(address.kind(), "object" | "field");
    for entity in now.entities().filter(|entity| named(&entity.address)) {
        if old.get(entity.address.as_str()).is_some() {
            continue;
        }
        let is_then =
            |then: &Address| old.get(then.as_str()).is_some() && now.get(then.as_str()).is_none();
        let then = entity.former_addresses().find(is_then);
        renames.extend(then.map(|then| (then, entity.address.clone())));
    }
    renames.iter().map(|(then, now)| (then, now)).collect()
}

/// From when on states are in force: from when they were recorded, or from the `effective_from` that came
/// with them. None for what is on disk.
pub(super) fn in_force(states: &[Past]) -> Vec<Option<Timestamp>> {
    let mut before = Dates::default();
    let mut one = |state: &Past| {
        let now = Dates::of(state);
        let recorded = state.commit.as_ref().map(|commit| commit.committer_time.seconds);
        let recorded = recorded.and_then(|seconds| Timestamp::from_second(seconds).ok());
        // What was there before and has another day now moves the state to it, also back. What only came to
        // be referred to can keep it waiting, and puts it into force no earlier.
        let days = || now.others.iter().filter_map(|(address, day)| Some((address, (*day)?)));
        let moved = days().filter(|(address, day)| {
            before.others.get(*address).is_some_and(|was| *was != Some(*day))
        });
        let met = days().filter(|(address, _)| !before.others.contains_key(*address));
        let new = now.own.filter(|own| before.own != Some(*own));
        let begins = match moved.map(|(_, day)| day).chain(new).max() {
            Some(day) => Some(midnight(day)),
            // What is changed before it takes effect waits with it.
            None => recorded.max(now.own.map(midnight)),
        };
        let begins = begins.max(met.map(|(_, day)| midnight(day)).max());
        before = now;
        recorded.and(begins)
    };
    states.iter().map(&mut one).collect()
}

/// The days from which on the parts of a state are in force, where they say it.
#[derive(Debug, Default)]
struct Dates {
    /// That of the entity itself, whatever it is called.
    own: Option<Date>,
    others: BTreeMap<Address, Option<Date>>,
}

impl Dates {
    fn of(state: &Past) -> Self {
        let mut dates = Self::default();
        for entity in state.former.model().entities() {
            let day = entity.table.get("effective_from").and_then(Node::as_date);
            if Some(entity.address.as_str()) == state.address.as_deref() {
                dates.own = day;
            } else {
                dates.others.insert(entity.address.clone(), day);
            }
        }
        dates
    }
}

/// What an entity asked of records.
#[derive(Debug, Clone)]
pub(super) enum Says {
    /// It was not there.
    NotThere,
    /// It is not known, and why.
    Unknown(String),
    /// This, with references followed and in the names of now.
    Asks(Expr),
}

impl Says {
    pub(super) fn of(state: &Past, ready: &Ready<'_>, object: &str) -> Self {
        let model = state.former.model();
        let entity = state.address.as_ref().and_then(|address| model.get(address));
        let Some(entity) = entity else { return Self::NotThere };
        let Some(own) = entity.object() else {
            return Self::Unknown("it does not say which records it judges".to_owned());
        };
        if ready.names().object_now(own) != object {
            return Self::Unknown(format!("it judged `{own}` records then"));
        }
        let predicate = ready.own().predicate(entity.address.kind(), entity.address.id());
        let Some(predicate) = predicate else {
            return Self::Unknown("one of its criteria cannot be read".to_owned());
        };
        match ready.meaning(&predicate.expr, own) {
            Ok(expr) => Self::Asks(expr),
            Err(why) => Self::Unknown(why.to_string()),
        }
    }
}
