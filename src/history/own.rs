//! What a merge says that none of its parents says: a change of meaning made in the merge itself.
//!
//! A change is told against one parent. It is the merge's own where something of it is told against
//! every other parent too: else the merge took what that parent says.

use crate::change::Change;
use crate::model::Address;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Of the changes against each parent those that are the merge's own; of several tellings of one
/// thing the one that says least.
pub(super) fn own(sides: &[Vec<Change>]) -> Vec<Change> {
    let mut told = Told::default();
    for (at, side) in sides.iter().enumerate() {
        for change in side.iter().filter(|change| counts(change)) {
            let others = sides.iter().enumerate().filter(|(other, _)| *other != at);
            let is_own = others
                .map(|(_, other)| other)
                .all(|other| other.iter().any(|it| counts(it) && is_about(change, it)));
            if is_own {
                told.add(at, change);
            }
        }
    }
    told.least()
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
    if change.is_rename() || is_of_place { kind } else { "itself" }
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
