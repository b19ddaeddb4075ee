//! Records that two exclusive territories share now, or that lie in none any more.

use super::catalogue::CATALOGUE;
use super::classify::Change;
use super::decide::Exactly;
use super::renames::Names;
use crate::model::Address;
use crate::proof::{Claimed, claimed, in_words};
use std::collections::{BTreeMap, BTreeSet};

/// The overlaps and gaps that opened or closed between exclusive territories. `causes` gives the
/// entities whose changes reach the criteria of an entity.
pub(super) fn changes(
    exactly: &Exactly<'_, '_>,
    names: &Names,
    mut causes: impl FnMut(&Address) -> BTreeSet<String>,
) -> Vec<Change> {
    let model = exactly.after.model();
    let mut by: BTreeSet<String> = BTreeSet::new();
    for territory in model.of_kind("territory").chain(exactly.before.model().of_kind("territory")) {
        by.extend(causes(&territory.address));
    }
    if by.is_empty() {
        return Vec::new();
    }
    let before = claimed(exactly.before, exactly.prover);
    let after = claimed(exactly.after, exactly.prover);
    let mut found = overlaps(&before, &after, names);
    for is in &after {
        let was = before.iter().find(|was| was.object == is.object);
        found.extend(was.and_then(|was| gap(was, is)));
    }
    for change in &mut found {
        change.caused_by = by.iter().map(|cause| Address::new(cause.as_str())).collect();
    }
    found
}

/// Pairs of territories that share a record, by their addresses of today, with a record in words.
fn pairs(all: &[Claimed<'_>], names: &Names) -> BTreeMap<[String; 2], String> {
    let shared = all.iter().flat_map(|claimed| &claimed.shared);
    let pair = shared.map(|shared| {
        let mut both = shared.both.map(|claim| names.now(claim.entity.address.as_str()));
        both.sort();
        (both, in_words(&shared.witness))
    });
    pair.collect()
}

fn overlaps(before: &[Claimed<'_>], after: &[Claimed<'_>], names: &Names) -> Vec<Change> {
    let (was, is) = (pairs(before, names), pairs(after, &Names::default()));
    let undecided = before.iter().chain(after).any(|claimed| !claimed.unknown.is_empty());
    let mut found = Vec::new();
    for ([one, other], record) in is.iter().filter(|(pair, _)| !was.contains_key(*pair)) {
        let summary = format!("`{one}` and `{other}` share records now, for example: {record}");
        found.extend(new("territory-overlap-opened", one, summary));
    }
    for ([one, other], _) in was.iter().filter(|(pair, _)| !is.contains_key(*pair) && !undecided) {
        let summary = format!("`{one}` and `{other}` share no record any more");
        found.extend(new("territory-overlap-closed", one, summary));
    }
    found
}

/// Records of an object that lie in no territory, where they did before, or the reverse.
fn gap(was: &Claimed<'_>, is: &Claimed<'_>) -> Option<Change> {
    if !was.leaves_none_out || !is.leaves_none_out {
        return None;
    }
    let object = is.object;
    let address = format!("object.{object}");
    match (was.rest.as_ref().ok()?, is.rest.as_ref().ok()?) {
        (None, Some(gap)) => {
            let record = in_words(&gap.witness);
            let summary =
                format!("`{object}` records lie in no territory any more, for example: {record}");
            new("territory-gap-opened", &address, summary)
        }
        (Some(_), None) => {
            let summary = format!("every `{object}` record lies in a territory now");
            new("territory-gap-closed", &address, summary)
        }
        _ => None,
    }
}

fn new(kind: &str, address: &str, summary: String) -> Option<Change> {
    Some(Change::new(CATALOGUE.get(kind)?, Address::new(address), summary, (None, None)))
}
