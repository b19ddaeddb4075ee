//! Every kind of the catalogue is made by some pair of models, and of each pair everything is known.

use super::exact::exactly;
use super::pairs::{Pair, pairs};
use crate::change::{CATALOGUE, Change, ChangeSet, Policies};
use crate::model::Model;
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Pairs whose way back is not made of the mirrors, and why.
const ONE_WAY: &[(&str, &str)] = &[(
    "an id that was renamed away is used again",
    "back, one of two teams is gone and the other one changed: nothing says that it was a rename",
)];

/// Everything that changed, in whole files too.
fn everything(before: &Model, after: &Model) -> ChangeSet {
    let mut changes = exactly(before, after);
    let places = changes.changes.iter().flat_map(|change| change.base.iter().chain(&change.head));
    let touched: BTreeSet<String> = places.map(|place| place.source.path().to_owned()).collect();
    let former = |source: &Source| {
        let former = before.sources.iter().find(|former| former.path() == source.path())?;
        (former.text() != source.text()).then(|| (former.clone(), source.clone()))
    };
    let rewritten = after.sources.iter().filter(|source| !touched.contains(source.path()));
    let rewritten: Vec<_> = rewritten.filter_map(former).collect();
    changes.add_rewritten(&rewritten, &Policies::default());
    changes
}

/// The kinds of some changes, sorted; with what each does, where it is not what its kind does.
fn kinds(changes: &ChangeSet) -> Vec<String> {
    let kind = |change: &Change| {
        let id = &change.kind.id;
        if change.impact == change.kind.impact {
            id.clone()
        } else {
            format!("{id} ({})", change.impact)
        }
    };
    let mut kinds: Vec<String> = changes.changes.iter().map(kind).collect();
    kinds.sort();
    kinds
}

#[test]
fn every_kind_is_made_by_a_pair() {
    let mut made = String::new();
    let mut smallest: BTreeMap<&str, (String, usize)> = BTreeMap::new();
    for Pair { name, before, after } in pairs() {
        for (way, from, to) in [("", &before, &after), ("back: ", &after, &before)] {
            let changes = everything(from, to).changes;
            for change in &changes {
                let is_other = change.impact != change.kind.impact;
                let may_be = change.kind.is_settled() || change.kind.depends_on_others();
                assert!(may_be || !is_other, "{name}: {} is {}", change.kind.id, change.impact);
                let found = || (format!("{way}{name}"), changes.len());
                let least = smallest.entry(&change.kind.id).or_insert_with(found);
                if least.1 > changes.len() {
                    *least = found();
                }
            }
        }
        let _ = writeln!(made, "{name}: {}", kinds(&everything(&before, &after)).join(", "));
    }
    let known: BTreeSet<&str> = CATALOGUE.kinds().map(|kind| kind.id.as_str()).collect();
    let missing: Vec<&&str> = known.iter().filter(|kind| !smallest.contains_key(**kind)).collect();
    let all = known.len();
    assert!(missing.is_empty(), "{} of {all} kinds without a pair: {missing:#?}", missing.len());
    let mut list = String::new();
    for (kind, (name, count)) in smallest {
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        let _ = writeln!(list, "{kind}: {name}{more}");
    }
    insta::assert_snapshot!("every_pair", made);
    insta::assert_snapshot!("every_kind", list);
}

/// The kinds and where their changes are, seen from before or from after.
fn seen(changes: &ChangeSet, mirrored: bool) -> Vec<(String, Option<String>)> {
    let one = |change: &Change| {
        let Change { kind, address, previous, .. } = change;
        let id = if mirrored { &kind.mirror } else { &kind.id };
        let at = if mirrored { previous.as_ref().unwrap_or(address) } else { address };
        // Of two that changed places either one moved, and two that share records share them alike.
        let turned = id.ends_with("-moved")
            || id == "rule-reordered-no-effect"
            || id.starts_with("territory-overlap-");
        (id.clone(), (!turned).then(|| at.to_string()))
    };
    let mut all: Vec<_> = changes.changes.iter().map(one).collect();
    all.sort();
    all
}

#[test]
fn the_way_back_of_every_pair_is_made_of_the_mirrors() {
    let mut wrong = Vec::new();
    for Pair { name, before, after } in pairs() {
        let (there, back) = (everything(&before, &after), everything(&after, &before));
        let mirrors = seen(&there, true) == seen(&back, false);
        let waived = ONE_WAY.iter().any(|(waived, _)| *waived == name);
        if mirrors == waived {
            wrong.push(format!(
                "{name}\n  there {:?}\n   back {:?}",
                seen(&there, true),
                seen(&back, false)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}
