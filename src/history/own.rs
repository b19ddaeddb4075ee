//! What a merge says by itself: a change of meaning made in the merge.
//!
//! A change is told against one parent. It is the merge's own where something of it is told against
//! every other parent too; else the merge took what some parent says. That is its own as well where
//! that parent says it as what both come from did: the merge took back what the other one changed.

use super::forks::Forks;
use crate::change::Change;
use crate::model::Address;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Of the changes against each parent those that are the merge's own; of several tellings of one
/// thing the one that says least.
pub(super) fn own(sides: &[Vec<Change>], forks: &Forks) -> Vec<Change> {
    let names = Names::of(sides.iter().flatten().chain(forks.all()));
    let mut told = Told::default();
    for (at, side) in sides.iter().enumerate() {
        for change in side.iter().filter(|change| counts(change)) {
            // Those that say what the merge says.
            let mut agree = sides.iter().enumerate().filter(|(other, changes)| {
                *other != at && !changes.iter().any(|it| counts(it) && is_about(change, it))
            });
            let never_said_so = |(other, _): (usize, &Vec<Change>)| {
                forks.since(other, at).is_some_and(|since| !names.decides(since, change))
            };
            if agree.all(never_said_so) {
                told.add(at, change);
            }
        }
    }
    told.least()
}

/// What one thing is called on the sides of a merge, and where they come from.
struct Names<'c>(Vec<[&'c Address; 2]>);

impl<'c> Names<'c> {
    fn of(changes: impl Iterator<Item = &'c Change>) -> Self {
        let renames = changes.filter(|change| change.is_rename());
        Self(renames.filter_map(|it| Some([it.previous.as_ref()?, &it.address])).collect())
    }

    /// Whether a side that changed something decided what another one says otherwise. That something is
    /// written otherwise decides nothing about what it means.
    fn decides(&self, since: &[Change], change: &Change) -> bool {
        let matters = |it: &&Change| counts(it) && (!it.is_cosmetic() || change.is_cosmetic());
        let about = |change: &Change| {
            since.iter().filter(matters).any(|it| is_about(change, it) || is_about(it, change))
        };
        about(change)
            || self
                .others(&change.address)
                .into_iter()
                .any(|address| about(&Change { address, ..change.clone() }))
    }

    /// What else a thing at an address is called.
    fn others(&self, address: &Address) -> Vec<Address> {
        let mut all = vec![address.clone()];
        let mut at = 0;
        while let Some(known) = all.get(at).cloned() {
            for [one, other] in &self.0 {
                for (from, to) in [(one, other), (other, one)] {
                    let Some(rest) = known.behind(from.as_str()) else { continue };
                    let renamed = Address::new(format!("{to}{rest}"));
                    if !all.contains(&renamed) {
                        all.push(renamed);
                    }
                }
            }
            at += 1;
            // Names that change places could be exchanged for ever.
            if at > self.0.len() * 2 {
                break;
            }
        }
        all.split_off(1)
    }
}

/// Where texts are put together, every one of them is written otherwise than the result.
fn counts(change: &Change) -> bool {
    change.caused_by.is_empty() && change.kind.id != "file-rewritten"
}

/// The tellings of each thing, with the parent against which it is told.
#[derive(Default)]
struct Told<'c>(Vec<Vec<(usize, &'c Change)>>);

impl<'c> Told<'c> {
    fn add(&mut self, side: usize, change: &'c Change) {
        let is_near =
            |(_, other): &(usize, &Change)| is_about(change, other) || is_about(other, change);
        match self.0.iter_mut().find(|thing| thing.iter().any(is_near)) {
            Some(thing) => thing.push((side, change)),
            None => self.0.push(vec![(side, change)]),
        }
    }

    fn least(self) -> Vec<Change> {
        let least = |thing: Vec<(usize, &Change)>| {
            let of = |side: usize| {
                thing.iter().filter(move |(at, _)| *at == side).map(|(_, change)| *change)
            };
            let says = |side: usize| {
                let means = of(side).any(|change| !change.is_cosmetic());
                (means, of(side).map(|change| members(change).len()).sum::<usize>(), side)
            };
            let side = thing.iter().map(|(side, _)| *side).min_by_key(|side| says(*side));
            side.into_iter().flat_map(of).cloned().collect::<Vec<_>>()
        };
        self.0.into_iter().flat_map(least).collect()
    }
}

/// Whether a change against another parent is about something of what this one is about.
fn is_about(change: &Change, other: &Change) -> bool {
    let (mine, theirs) = (members(change), members(other));
    let apart = !mine.is_empty() && !theirs.is_empty() && mine.is_disjoint(&theirs);
    let opposite = change.address == other.address
        && came(change).zip(came(other)).is_some_and(|(mine, theirs)| mine != theirs);
    let (joined, holds) = (is_handed_over(change), is_handed_over(other) || came(other).is_some());
    let meet = |end: &Address, at: &Address| {
        // What came or went whole was there, or was not, with all that stands in it.
        end == at || (joined && at.is_within(end.as_str())) || (holds && end.is_within(at.as_str()))
    };
    let near = ends(change).any(|end| ends(other).any(|at| meet(end, at)));
    near && !apart && !opposite && aspect(change) == aspect(other)
}

/// Whether it is two halves of one action: what left one place and arrived at another.
fn is_handed_over(change: &Change) -> bool {
    what(change).is_some()
}

fn what(change: &Change) -> Option<&Json> {
    change.after.as_ref().filter(|_| change.previous.is_some())?.get("what")
}

/// Whether the whole of what stands there came, or went.
fn came(change: &Change) -> Option<bool> {
    match (&change.before, &change.after) {
        (None, Some(_)) => Some(true),
        (Some(_), None) => Some(false),
        _ => None,
    }
}

/// In what respect a thing is another: under which name, in which file, in which place, or in itself.
fn aspect(change: &Change) -> &str {
    let kind = change.kind.id.as_str();
    let is_of_place = kind.ends_with("-moved") && !is_handed_over(change);
    match kind {
        // A rule in another place, as it is told where that is known to send no record elsewhere.
        "rule-reordered-no-effect" => "rule-moved",
        kind if change.is_rename() || is_of_place => kind,
        _ => "itself",
    }
}

fn ends(change: &Change) -> impl Iterator<Item = &Address> {
    let from = change.previous.as_ref().filter(|_| is_handed_over(change));
    from.into_iter().chain([&change.address])
}

/// What came, went or was handed over, where it is several things.
fn members(change: &Change) -> BTreeSet<String> {
    let list = match (&change.before, &change.after) {
        (None, Some(list)) | (Some(list), None) => Some(list),
        _ => what(change).map(|what| what.get("values").unwrap_or(what)),
    };
    let members = list.and_then(Json::as_array);
    members.into_iter().flatten().map(ToString::to_string).collect()
}
