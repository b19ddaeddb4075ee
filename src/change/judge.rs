//! The whole comparison: edits, judged, joined where one human action made several, and weighed.

use super::canonical;
use super::catalogue::{CATALOGUE, Impact, Level};
use super::classify::{self, Change};
use super::combine;
use super::decide::{Decide, Exactly};
use super::edits::edits;
use super::reckoned;
use super::renames::Names;
use super::ripple::ripple;
use super::routes::Rerouted;
use crate::finding::Place;
use crate::model::root::PolicyEntry;
use crate::model::{Address, Model, Pattern, former_ids};
use crate::source::Source;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A part of a revision that could not be compared, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
pub struct NotChecked {
    /// The file or address.
    pub address: String,
    /// Why.
    pub reason: String,
}

/// All changes between two revisions.
#[derive(Debug, Clone, Default)]
pub struct ChangeSet {
    /// The changes that policy does not turn off, gravest level first, then by address.
    pub changes: Vec<Change>,
    /// The changes that policy turned off. What follows from them is among the others.
    pub silenced: Vec<Change>,
    /// What could not be compared.
    pub not_checked: Vec<NotChecked>,
    /// The routing tables under which records go elsewhere, or that were looked at for it.
    pub routes: Vec<Rerouted>,
}

impl ChangeSet {
    /// How many changes have each impact.
    pub fn by_impact(&self) -> BTreeMap<Impact, usize> {
        count(self.changes.iter().map(|change| change.impact))
    }

    /// How many changes have each level.
    pub fn by_level(&self) -> BTreeMap<Level, usize> {
        count(self.changes.iter().map(|change| change.level))
    }

    /// The changes that are more than form.
    pub fn meaningful(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| !change.is_cosmetic())
    }

    /// The changes that are more than form, and that policy turned off.
    pub fn meaningful_silenced(&self) -> impl Iterator<Item = &Change> {
        self.silenced.iter().filter(|change| !change.is_cosmetic())
    }

    /// Whether nothing at all was found, and everything could be compared.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.not_checked.is_empty()
    }

    /// Adds what follows from the changes elsewhere, with both models at hand.
    pub fn add_indirect(&mut self, exactly: &Exactly<'_, '_>, policies: &Policies) {
        let (indirect, routes) = ripple(&mut self.changes, exactly);
        self.changes.extend(indirect);
        self.routes = routes;
        self.weigh(policies);
        for change in &mut self.changes {
            if change.head.is_none() && change.surviving.is_none() {
                change.surviving = surviving(change, exactly.after.model());
            }
        }
        self.settle();
    }

    /// Gives the changes the levels of a policy; none is taken out, whatever it turns off.
    pub fn weigh(&mut self, policies: &Policies) {
        for change in &mut self.changes {
            policies.apply(change);
        }
        reckoned::take_levels(&mut self.changes);
    }

    /// Takes out what the policy turned off that it was weighed by: the last that is done, since what
    /// is not shown has consequences all the same.
    pub fn silence(&mut self) {
        let off = self.changes.extract_if(.., |change| change.level == Level::Off);
        self.silenced.extend(off);
    }

    /// Puts the changes in order. They are large: their places are sorted, and each is moved once.
    fn settle(&mut self) {
        let mut places: Vec<usize> = (0..self.changes.len()).collect();
        places.sort_by_cached_key(|place| self.changes.get(*place).map(sort_key));
        for at in 0..places.len() {
            let mut from = places.get(at).copied().unwrap_or(at);
            // What stood there was moved on to where its successor came from.
            while from < at {
                from = places.get(from).copied().unwrap_or(at);
            }
            self.changes.swap(at, from);
        }
    }

    /// Adds files whose text changed and in which no entity did: layout and comments.
    pub fn add_rewritten(&mut self, files: &[(Source, Source)], policies: &Policies) {
        let Some(kind) = CATALOGUE.get("file-rewritten") else { return };
        for (before, after) in files {
            let summary = format!("`{}` is written otherwise and means the same", after.path());
            let address = Address::new(after.path());
            let mut change = Change::new(kind, address, summary, (None, None));
            change.base = Some(Place::file(before));
            change.head = Some(Place::file(after));
            policies.apply(&mut change);
            self.changes.push(change);
        }
        self.settle();
    }

    /// Keeps what stands at or below one of some addresses.
    pub fn keep(&mut self, patterns: &[Pattern]) {
        if patterns.is_empty() {
            return;
        }
        let covered = |address: &str| patterns.iter().any(|pattern| pattern.covers(address));
        let part_of = |change: &Change| {
            let address = change.address.as_str();
            change.is_of_whole() && patterns.iter().any(|pattern| pattern.is_below(address))
        };
        let kept = |change: &Change| {
            covered(change.address.as_str())
                // A part came and went with the whole it stands in.
                || part_of(change)
                || change.previous.as_ref().is_some_and(|previous| covered(previous.as_str()))
        };
        self.changes.retain(kept);
        self.silenced.retain(kept);
        self.routes.retain(|table| covered(table.routing.as_str()));
    }
}

fn count<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// The levels a model's policy gives to kinds of change.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    rule: String,
    address: String,
    level: Level,
    patterns: Vec<Pattern>,
}

impl Policies {
    /// The policy that a model says: of the base, never of the revision that is judged, and of the files
    /// directly in its folder alone, where everybody finds by what changes are judged.
    pub fn of(model: &Model) -> Self {
        let entry = |entry: PolicyEntry<'_>| {
            Some(Entry {
                level: Level::of(entry.level)?,
                rule: entry.rule,
                address: entry.entity.address.as_str().to_owned(),
                patterns: entry.patterns,
            })
        };
        Self { entries: PolicyEntry::all(model).into_iter().filter_map(entry).collect() }
    }

    /// Gives a change its level: the stricter one where it has two addresses, so that no rename leads
    /// to where things are judged more kindly.
    fn apply(&self, change: &mut Change) {
        let addresses = [Some(&change.address), change.previous.as_ref()];
        let levels = addresses.into_iter().flatten().map(|address| self.level(change, address));
        if let Some((level, policy)) = levels.min_by_key(|(level, _)| *level) {
            (change.level, change.policy) = (level, policy);
        }
    }

    fn level(&self, change: &Change, address: &Address) -> (Level, Option<String>) {
        let about = self.entries.iter().filter(|entry| entry.rule == change.kind.id);
        let covering = about.filter_map(|entry| {
            let closeness = Pattern::closeness(&entry.patterns, address.as_str())?;
            Some(((closeness, Reverse(entry.level)), entry))
        });
        // Of two that are alike the first by address is named.
        let counting = covering.rev().max_by_key(|(closeness, _)| *closeness);
        // What is proved to move no record has the level of that.
        let idle = match change.impact {
            Impact::Cosmetic => change.kind.is_settled() || change.kind.depends_on_others(),
            Impact::Additive => change.kind.depends_on_others(),
            _ => false,
        };
        let usual = if idle { change.impact.usual_level() } else { change.kind.level };
        counting.map_or((usual, None), |(_, entry)| (entry.level, Some(entry.address.clone())))
    }
}

/// Compares two models.
pub fn compare(base: &Model, head: &Model, policies: &Policies, decide: &dyn Decide) -> ChangeSet {
    let edits = edits(base, head);
    let names = Names::of_edits(&edits);
    let (joined, rest) = combine::combine(edits, &names, decide);
    let mut changes = joined;
    // Files of which the form alone changed come behind them.
    changes.reserve(rest.len() + head.sources.len());
    changes.extend(rest.iter().filter_map(|edit| classify::change(edit, &names, decide)));
    hint_at_renames(&mut changes, base, head);
    hint_at_folders(&mut changes, base, head);
    for change in &mut changes {
        policies.apply(change);
        if change.head.is_none() {
            change.surviving = surviving(change, head);
        }
    }
    let mut found = ChangeSet { changes, ..ChangeSet::default() };
    found.settle();
    found
}

/// Where a reader of the head looks for what is gone: the nearest table that held it and is still
/// there, else the file it stood in.
fn surviving(change: &Change, head: &Model) -> Option<Place> {
    let mut address = change.address.as_str();
    while let Some((above, _)) = address.rsplit_once('.') {
        if let Some(part) = head.part(above) {
            return Some(part.entity.place(part.key_span));
        }
        address = above;
    }
    let path = change.base.as_ref()?.source.path();
    head.sources.iter().find(|source| source.path() == path).map(Place::file)
}

/// Says of what is new and says word for word what something else of its kind said that is gone,
/// that it looks like a rename. A hint only: nobody declared it.
fn hint_at_renames(changes: &mut [Change], base: &Model, head: &Model) {
    let form = |model: &Model, address: &Address| {
        let entity = model.get(address.as_str())?;
        let mut form = canonical::table(entity.declaration(), &entity.table);
        if let Some(form) = form.as_object_mut() {
            form.remove("name");
            form.remove("formerly");
        }
        Some((address.kind().to_owned(), form.to_string()))
    };
    let mut gone: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.kind.id.ends_with("-removed")) {
        if let Some(form) = form(base, &change.address) {
            gone.entry(form).or_default().push(change.address.id().to_owned());
        }
    }
    if gone.is_empty() {
        return;
    }
    let mut come: BTreeMap<(String, String), Vec<&mut Change>> = BTreeMap::new();
    for change in changes.iter_mut().filter(|change| change.kind.id.ends_with("-added")) {
        if let Some(form) = form(head, &change.address).filter(|form| gone.contains_key(form)) {
            come.entry(form).or_default().push(change);
        }
    }
    for (form, changes) in come {
        for (change, former) in likely(changes, gone.get(&form).cloned().unwrap_or_default()) {
            let entity = head.get(change.address.as_str());
            let is_declared =
                entity.is_some_and(|it| former_ids(&it.table).any(|declared| *declared == former));
            let hint = if is_declared {
                // A policy entry without `rule`, or the default of all decisions.
                format!(
                    "; its id says what it is about, so with another id it is something new: \
                     `formerly` does not make it a rename of `{former}`"
                )
            } else {
                format!("; it looks like `{former}`: if it is, declare `formerly = [\"{former}\"]`")
            };
            change.summary.push_str(&hint);
        }
    }
}

/// What each of several that are new was, of several that are gone and said the same: what has the same id in
/// something else, or what alone is left for one alone. None was two.
fn likely(come: Vec<&mut Change>, mut gone: Vec<String>) -> Vec<(&mut Change, String)> {
    let own = |id: &str| id.rsplit('.').next().unwrap_or_default().to_owned();
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    for change in come {
        let id = own(change.address.id());
        match gone.iter().position(|former| own(former) == id) {
            Some(at) => found.push((change, gone.remove(at))),
            None => rest.push(change),
        }
    }
    if let ([_], [_]) = (rest.as_slice(), gone.as_slice()) {
        found.extend(rest.into_iter().zip(gone));
    }
    found
}

/// Says of policy that is there before and after and counts in one of them only, why that is.
fn hint_at_folders(changes: &mut [Change], base: &Model, head: &Model) {
    for change in changes.iter_mut() {
        let (other, says) = match change.kind.id.as_str() {
            "policy-removed" => (head, "counts no more: it stands"),
            "policy-added" => (base, "counts now: it stood"),
            _ => continue,
        };
        if other.get(change.address.as_str()).is_some() {
            let folder = "in a folder below the model's own, where policy does not count";
            change.summary = format!("`{}` {says} {folder}", change.address);
        }
    }
}

fn sort_key(change: &Change) -> (Level, Impact, &str, &str) {
    (change.level, change.impact, change.address.as_str(), &change.kind.id)
}
