//! The models of two states, read as far as they differ.

use super::pair::Versions;
use super::unreadable::{Unreadable, held, unreadable};
use crate::change::{ChangeSet, Decide, NotChecked, Policies, compare, same_table};
use crate::document::{Limits, Node, Table};
use crate::load::{self, Loaded};
use crate::model::{Declaration, Entity, Model, Shape};
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The two models of a pair, without the files that one of them cannot read.
#[derive(Debug, Default, Clone)]
pub(super) struct Models {
    pub(super) before: Model,
    pub(super) after: Model,
    pub(super) unreadable_before: Vec<Unreadable>,
    pub(super) unreadable_after: Vec<Unreadable>,
    /// Files that differ, though no entity in them does.
    pub(super) files: BTreeSet<String>,
}

impl Models {
    /// Reads both sides; a file that one side cannot read is left out of both.
    pub(super) fn read(versions: &Versions, limits: Limits) -> Self {
        let before = versions.before.iter().map(|version| &**version);
        let after = versions.after.iter().map(|version| &**version);
        let (before, after) = load::read_versions(before, after, limits);
        Self::of(before, after)
    }

    /// Both sides as they were read.
    pub(super) fn of(before: Loaded, after: Loaded) -> Self {
        let mut unreadable_before = unreadable(&before.findings);
        let mut unreadable_after = unreadable(&after.findings);
        for file in unreadable_before.iter_mut().chain(&mut unreadable_after) {
            file.holds = held(&file.path, [&before.model, &after.model]);
        }
        let broken: BTreeSet<&str> = unreadable_before
            .iter()
            .chain(&unreadable_after)
            .map(|unreadable| unreadable.path.as_str())
            .collect();
        let sources: BTreeMap<&str, &Source> =
            after.model.sources.iter().map(|source| (source.path(), source)).collect();
        let files = before.model.sources.iter().filter(|source| {
            sources.get(source.path()).is_some_and(|other| other.text() != source.text())
        });
        Self {
            files: files.map(|source| source.path().to_owned()).collect(),
            before: before.model.without_files(&broken),
            after: after.model.without_files(&broken),
            unreadable_before,
            unreadable_after,
        }
    }

    /// The criteria that one side has and the other has not so: those before and those after, each by
    /// address and text.
    pub(super) fn differing_criteria(&self) -> [Vec<(String, String)>; 2] {
        let criteria = |model: &Model, other: &Model| -> BTreeSet<(String, String)> {
            let shared = |entity: &Entity| {
                let other = other.get(entity.address.as_str());
                other.is_some_and(|other| std::ptr::eq(other, entity))
            };
            let own = model.entities().filter(|entity| !shared(entity));
            let slots = own.flat_map(Entity::slots);
            let predicates = slots.filter(|slot| *slot.shape == Shape::Predicate);
            predicates
                .filter_map(|slot| {
                    Some((slot.address.to_string(), slot.node.as_text()?.to_owned()))
                })
                .collect()
        };
        let (before, after) =
            (criteria(&self.before, &self.after), criteria(&self.after, &self.before));
        [before.difference(&after), after.difference(&before)].map(|side| side.cloned().collect())
    }

    /// Whether what changed depends on more than what differs: on what criteria refer to, or on what
    /// names something that may have another name.
    pub(super) fn ask_for_more(&self) -> bool {
        self.ask_for_meaning() || self.ask_for_neighbours()
    }

    /// Whether what changed depends on what stands beside it: on what says by patterns what it covers, where
    /// something has another name, and on others that say with it what it does.
    pub(super) fn ask_for_neighbours(&self) -> bool {
        self.rename() || !self.beside().is_empty()
    }

    /// The kinds of those that stand beside what is another, and say with it what that does.
    fn beside(&self) -> BTreeSet<&'static str> {
        let asked = BESIDE.iter().filter(|beside| beside.is_asked(&self.before, &self.after));
        asked.flat_map(|beside| beside.kinds).copied().collect()
    }

    /// Whether they hold anything that a criterion says or that gives the words of one their meaning, or
    /// by which something else is reckoned.
    pub(super) fn ask_for_meaning(&self) -> bool {
        [&self.before, &self.after].into_iter().any(asks_for_meaning)
    }

    /// Whether anything of one side may be called otherwise on the other side.
    fn rename(&self) -> bool {
        let renames = |one: &Model, other: &Model| {
            one.entities().any(|entity| {
                let other = other.get(entity.address.as_str());
                match other {
                    None => entity.table.get("formerly").is_some(),
                    Some(_) => items(&entity.table).any(|item| item.get("formerly").is_some()),
                }
            })
        };
        renames(&self.after, &self.before) || renames(&self.before, &self.after)
    }

    /// Adds what is the same on both sides and stands beside what changed. Where something has another name
    /// that is what names others, by what they are called or were: fields that lead to other objects, as only
    /// by way of them a path is known to end at a field that was renamed, and what says by patterns what it
    /// covers.
    pub(super) fn add_neighbours(&mut self, whole: &Model) {
        let beside = self.beside();
        let names = |entity: &&Entity| match entity.address.kind() {
            "field" => entity.object().is_some(),
            _ => entity.declaration().is_some_and(Declaration::has_patterns),
        };
        let named = self.rename().then(|| whole.entities().filter(names));
        let beside = beside.iter().flat_map(|kind| whole.of_kind(kind));
        for entity in beside.chain(named.into_iter().flatten()) {
            let address = entity.address.as_str();
            if self.before.get(address).is_none() && self.after.get(address).is_none() {
                self.before.share(whole, address);
                self.after.share(whole, address);
            }
        }
    }

    pub(super) fn say_not_checked(&self, changes: &mut ChangeSet) {
        let before = self.unreadable_before.iter().map(|file| not_checked(file, "base"));
        let after = self.unreadable_after.iter().map(|file| not_checked(file, "head"));
        changes.not_checked.extend(before.chain(after));
    }

    /// What changed between them; files whose form alone changed are named too.
    pub(super) fn changes(&self, policies: &Policies, decide: &dyn Decide) -> ChangeSet {
        let mut changes = compare(&self.before, &self.after, policies, decide);
        let mut touched: BTreeSet<&str> = BTreeSet::new();
        for change in &changes.changes {
            let places = change.base.iter().chain(&change.head);
            touched.extend(places.map(|place| place.source.path()));
        }
        // Of a file that cannot be read nobody knows that it means the same.
        let unreadable = self.unreadable_before.iter().chain(&self.unreadable_after);
        touched.extend(unreadable.map(|file| file.path.as_str()));
        let rewritten = self.files.iter().filter(|path| !touched.contains(path.as_str()));
        let by_path = |model: &'_ Model| -> BTreeMap<String, Source> {
            let sources = model.sources.iter();
            sources.map(|source| (source.path().to_owned(), source.clone())).collect()
        };
        let (before, after) = (by_path(&self.before), by_path(&self.after));
        let rewritten: Vec<_> = rewritten
            .filter_map(|path| Some((before.get(path)?.clone(), after.get(path)?.clone())))
            .collect();
        changes.add_rewritten(&rewritten, policies);
        changes
    }
}

/// What must be at hand whole where something is another, since both say together what that does.
struct Beside {
    kinds: &'static [&'static str],
    /// Of which kind that something is.
    of: &'static str,
    /// What of it is another, where it is there on both sides; anything, or all of it, where none is named.
    reads: &'static [&'static str],
}

/// What an exception can waive something of.
const WAIVED: [&str; 9] = [
    "definition",
    "handoff",
    "icp",
    "lifecycle",
    "persona",
    "routing",
    "segment",
    "sla",
    "territory",
];

/// What says together which working time counts.
const CALENDARS: [&str; 3] = ["calendar", "model", "team"];

const BESIDE: [Beside; 10] = [
    // Whoever decides, and how changes are judged.
    Beside { kinds: &["decision"], of: "decision", reads: &[] },
    Beside { kinds: &["policy"], of: "policy", reads: &[] },
    // What a field allows by its own values and by a list.
    Beside { kinds: &["list"], of: "field", reads: &["values", "values_from"] },
    // The type of record that an exception is for where it names none.
    Beside { kinds: &WAIVED, of: "exception", reads: &["object"] },
    // Working time, where another calendar is named.
    Beside { kinds: &CALENDARS, of: "model", reads: &["calendar", "default_calendar"] },
    Beside { kinds: &CALENDARS, of: "queue", reads: &["calendar"] },
    Beside { kinds: &CALENDARS, of: "sla", reads: &["calendar", "calendar_of"] },
    Beside { kinds: &CALENDARS, of: "team", reads: &["calendar"] },
    // Whom an owner field names.
    Beside { kinds: &["queue", "role"], of: "queue", reads: &["known_as", "name"] },
    Beside { kinds: &["queue", "role"], of: "role", reads: &["holder"] },
];

impl Beside {
    fn is_asked(&self, before: &Model, after: &Model) -> bool {
        self.is_other(before, after) || self.is_other(after, before)
    }

    fn is_other(&self, one: &Model, other: &Model) -> bool {
        one.of_kind(self.of).any(|entity| match other.get(entity.address.as_str()) {
            None => self.reads.is_empty(),
            // What stands beside something was found there before.
            Some(it) if std::ptr::eq(it, entity) => false,
            Some(it) if self.reads.is_empty() => {
                it.source.path() != entity.source.path() || !same_table(&it.table, &entity.table)
            }
            Some(it) => self.reads.iter().any(|key| {
                let said = |entity: &'_ Entity| entity.table.get(key).map(Node::to_json);
                said(it) != said(entity)
            }),
        })
    }
}

/// Whether a model, read as far as it differs, holds anything that a criterion says, that gives the
/// words of one their meaning, that is known by what one says, or that sends records somewhere, which a
/// table without rules does by its default.
fn asks_for_meaning(model: &Model) -> bool {
    const KINDS: [&str; 7] = ["field", "list", "exception", "routing", "calendar", "sla", "metric"];
    let asks = |entity: &Entity| match entity.address.kind() {
        "model" | "team" | "queue" => {
            ["calendar", "default_calendar"].iter().any(|key| entity.table.get(key).is_some())
        }
        kind if KINDS.contains(&kind) => true,
        _ => entity.slots().iter().any(|slot| *slot.shape == Shape::Predicate),
    };
    model.entities().any(asks)
}

/// The tables that stand in the lists of a table: stages, rules, tiers.
fn items(table: &Table) -> impl Iterator<Item = &Table> {
    let lists = table.entries.iter().filter_map(|entry| entry.node.as_array());
    lists.flatten().filter_map(Node::as_table)
}

fn not_checked(unreadable: &Unreadable, side: &str) -> NotChecked {
    let reason = format!("not readable in the {side}: {}", unreadable.reason);
    NotChecked { address: unreadable.path.clone(), reason }
}
