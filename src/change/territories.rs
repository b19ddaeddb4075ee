//! Records that two exclusive territories share now, or that lie in none any more.

use super::canonical;
use super::catalogue::CATALOGUE;
use super::classify::Change;
use super::decide::Exactly;
use super::renames::Names;
use crate::load::ModelScope;
use crate::model::Address;
use crate::proof::{Claimed, Gap, claimed, in_words};
use serde_json::{Value as Json, json};
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
    let mut found = overlaps((&before, &after), exactly, names);
    for is in &after {
        let was = before.iter().find(|was| was.object == is.object);
        found.extend(was.and_then(|was| gap(was, is)));
    }
    for change in &mut found {
        change.caused_by = by.iter().map(|cause| Address::new(cause.as_str())).collect();
    }
    found
}

/// Pairs of territories that share a record, by their addresses of today, with a record in words and
/// what both say.
type Pairs = BTreeMap<[String; 2], (String, Json)>;

fn pairs(all: &[Claimed<'_>], scope: &ModelScope<'_>, names: &Names) -> Pairs {
    let shared = all.iter().flat_map(|claimed| &claimed.shared);
    let pair = shared.map(|shared| {
        let mut both = shared.both.map(|claim| {
            let says = claim.criterion.expr.as_deref();
            let means = says.and_then(|says| canonical::written_out(says, scope));
            (names.now(claim.entity.address.as_str()), means)
        });
        both.sort();
        let means = json!(both.each_ref().map(|(_, means)| means));
        (both.map(|(address, _)| address), (in_words(&shared.witness), means))
    });
    pair.collect()
}

fn overlaps(
    (before, after): (&[Claimed<'_>], &[Claimed<'_>]),
    exactly: &Exactly<'_, '_>,
    names: &Names,
) -> Vec<Change> {
    let was = pairs(before, exactly.before, names);
    let is = pairs(after, exactly.after, &Names::default());
    let undecided = before.iter().chain(after).any(|claimed| !claimed.unknown.is_empty());
    let mut found = Vec::new();
    for (both, (record, means)) in is.iter().filter(|(pair, _)| !was.contains_key(*pair)) {
        let [one, other] = both;
        let summary = format!("`{one}` and `{other}` share records now, for example: {record}");
        found.extend(overlap("territory-overlap-opened", both, summary, (None, Some(means))));
    }
    let closed = was.iter().filter(|(pair, _)| !is.contains_key(*pair) && !undecided);
    for (both, (_, means)) in closed {
        let [one, other] = both;
        let summary = format!("`{one}` and `{other}` share no record any more");
        found.extend(overlap("territory-overlap-closed", both, summary, (Some(means), None)));
    }
    found
}

/// The change of a pair of territories, known by both of them and by what they say where they share
/// records.
fn overlap(
    kind: &str,
    [one, other]: &[String; 2],
    summary: String,
    (before, after): (Option<&Json>, Option<&Json>),
) -> Option<Change> {
    let known = |side: Option<&Json>| side.map(|means| json!([other, means]));
    let (before, after) = (known(before), known(after));
    let mut change = new(kind, one, summary, (before.as_ref(), after.as_ref()))?;
    change.previous = Some(Address::new(other.as_str()));
    Some(change)
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
            new("territory-gap-opened", &address, summary, (None, left_out(gap).as_ref()))
        }
        (Some(gap), None) => {
            let summary = format!("every `{object}` record lies in a territory now");
            new("territory-gap-closed", &address, summary, (left_out(gap).as_ref(), None))
        }
        _ => None,
    }
}

/// The records of a gap, where there are words for all of them.
fn left_out(gap: &Gap) -> Option<Json> {
    gap.conditions.as_deref().filter(|_| gap.complete).map(Json::from)
}

fn new(
    kind: &str,
    address: &str,
    summary: String,
    forms: (Option<&Json>, Option<&Json>),
) -> Option<Change> {
    Some(Change::new(CATALOGUE.get(kind)?, Address::new(address), summary, forms))
}
