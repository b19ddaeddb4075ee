//! The gate between two stages as a whole: what lets a record out of one and into the next,
//! together, since a softened exit that the next entry still stops lets nobody through.

use super::base::Base;
use super::canonical;
use super::catalogue::CATALOGUE;
use super::classify::Change;
use super::decide::Exactly;
use super::fingerprint::Fingerprint;
use super::renames::Names;
use crate::criteria::{Expr, Scope};
use crate::load::ModelScope;
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Address, Entity, Item};
use crate::proof::{Asked, Extent, Verdict};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What lets a record out of a stage and into another.
struct Gate<'a> {
    scope: &'a dyn Scope,
    criteria: Expr,
    object: String,
    /// The addresses of the criteria, as they are in this revision.
    parts: Vec<Address>,
    /// Where the way on is written.
    place: crate::finding::Place,
}

/// The changes of whole gates. `causes` gives the entities whose changes reach criteria at or below
/// an address. What is known now of the direct changes is said in them.
pub(super) fn changes(
    direct: &mut [Change],
    exactly: &Exactly<'_, '_>,
    names: &Names,
    mut causes: impl FnMut(&Address) -> BTreeSet<String>,
) -> Vec<Change> {
    let base = Base::new(exactly.before, names);
    let mut found = Vec::new();
    let mut stopped: BTreeMap<Address, Vec<(String, bool)>> = BTreeMap::new();
    for entity in exactly.after.model().of_kind("lifecycle") {
        let then = names.then(entity.address.as_str());
        let former = then.and_then(|then| exactly.before.model().get(&then));
        let Some(former) = former else { continue };
        let written = |change: &Change| {
            !change.is_cosmetic() && change.address.is_within(entity.address.as_str())
        };
        if !direct.iter().any(written) && causes(&entity.address).is_empty() {
            continue;
        }
        let (before, lifecycle): (Lifecycle, Lifecycle) = (former.read(), entity.read());
        for (stage, next) in ways(&lifecycle) {
            let then = |stage: &str| {
                let address = entity.address.join("stage").join(stage);
                Some(names.then(address.as_str())?.rsplit_once('.')?.1.to_owned())
            };
            let (Some(old), Some(old_next)) = (then(stage), then(next)) else { continue };
            let is = gate(exactly.after, entity, &lifecycle, (stage, next));
            let was = gate(exactly.before, former, &before, (&old, &old_next));
            let (Some(was), Some(is)) = (was, is) else { continue };
            let was = Gate {
                scope: &base,
                criteria: base.expr(&was.criteria, &was.object).into_owned(),
                object: names.object_now(&was.object).to_owned(),
                ..was
            };
            let old_parts = was.parts.iter().map(|part| Address::new(names.now(part.as_str())));
            let parts: BTreeSet<Address> = old_parts.chain(is.parts.iter().cloned()).collect();
            let written = |address: &&Address| {
                direct.iter().any(|c| !c.is_cosmetic() && c.address == **address)
            };
            let touched: Vec<&Address> = parts.iter().filter(written).collect();
            let mut by: Vec<Address> = touched.iter().map(|part| (*part).clone()).collect();
            let reached: BTreeSet<String> = parts.iter().flat_map(&mut causes).collect();
            by.extend(reached.into_iter().map(Address::new));
            if by.is_empty() {
                continue;
            }
            let verdict = compare(&was, &is, exactly);
            for part in touched {
                let same = verdict == Verdict::Equivalent;
                stopped.entry(part.clone()).or_default().push((next.to_owned(), same));
            }
            let way = |entity: &Entity, stage: &str, next: &str| {
                entity.address.join("stage").join(stage).join("next").join(next)
            };
            let (address, then) = (way(entity, stage, next), way(former, &old, &old_next));
            let previous = (then != address).then_some(then);
            found.extend(
                change(address, (stage, next), (&was, &is), verdict, exactly).map(|c| Change {
                    caused_by: by,
                    previous,
                    ..c
                }),
            );
        }
    }
    for change in direct {
        if let Some(ways) = stopped.get(&change.address) {
            change.summary.push_str(&remark(change, ways));
        }
    }
    found
}

/// What is to be added to the sentence about one criterion, where the gates around it are as they
/// were.
fn remark(change: &Change, ways: &[(String, bool)]) -> String {
    let moves = matches!(
        change.verdict,
        Some(Verdict::Looser { .. } | Verdict::Tighter { .. } | Verdict::Shifted { .. })
    ) || change.is_of_whole();
    let unchanged = ways.iter().all(|(_, same)| *same);
    if !moves || !unchanged {
        return String::new();
    }
    let names: Vec<String> = ways.iter().map(|(next, _)| format!("`{next}`")).collect();
    format!(", but the whole gate to {} lets the same records pass", names.join(", "))
}

/// The way on from each stage: to the first of its next stages that stands behind it in the order.
/// Ways back and aside (recycled, disqualified) are no gates of the pipeline.
fn ways(lifecycle: &Lifecycle) -> impl Iterator<Item = (&str, &str)> {
    let stages = lifecycle.stages();
    stages.iter().enumerate().filter_map(move |(at, stage)| {
        let named = |id: &str| {
            stage.value.next.iter().flat_map(|next| next.iter()).any(|next| next.value.0 == id)
        };
        let behind = stages.get(at + 1..)?;
        let next = behind.iter().find(|next| named(&next.id))?;
        Some((stage.id.as_str(), next.id.as_str()))
    })
}

fn gate<'a>(
    scope: &'a ModelScope<'_>,
    entity: &Entity,
    lifecycle: &Lifecycle,
    (stage, next): (&str, &str),
) -> Option<Gate<'a>> {
    let find = |id: &str| lifecycle.stages().iter().find(|stage| stage.id == id);
    let (from, _): (&Item<Stage>, &Item<Stage>) = (find(stage)?, find(next)?);
    let way = from.value.next.iter().flat_map(|next| next.iter()).find(|n| n.value.0 == next)?;
    let below = |stage: &str, list: &str| {
        let address = entity.address.join("stage").join(stage).join(list);
        let found = scope.criteria_below(address.as_str());
        found.map(|c| (c.address.clone(), c.expr.clone(), c.faults.is_empty())).collect::<Vec<_>>()
    };
    let all: Vec<_> = below(stage, "exit").into_iter().chain(below(next, "entry")).collect();
    let mut criteria = Vec::new();
    for (_, expr, sound) in &all {
        criteria.push(expr.as_deref().filter(|_| *sound)?.clone());
    }
    Some(Gate {
        scope,
        criteria: Expr::all(criteria),
        object: entity.object()?.to_owned(),
        parts: all.into_iter().map(|(address, _, _)| address).collect(),
        place: entity.place(way.span),
    })
}

impl Gate<'_> {
    fn asked(&self) -> Asked<'_> {
        Asked { expr: &self.criteria, scope: self.scope }
    }

    fn form(&self) -> Option<Json> {
        canonical::written_out(&self.criteria, self.scope).map(Json::from)
    }
}

fn compare(was: &Gate<'_>, is: &Gate<'_>, exactly: &Exactly<'_, '_>) -> Verdict {
    if was.object != is.object {
        return Verdict::Undecided("it is about another type of record now".to_owned());
    }
    exactly.prover.compare(&is.object, was.asked(), is.asked())
}

fn change(
    address: Address,
    (stage, next): (&str, &str),
    (was, is): (&Gate<'_>, &Gate<'_>),
    verdict: Verdict,
    exactly: &Exactly<'_, '_>,
) -> Option<Change> {
    let never =
        |gate: &Gate<'_>| exactly.prover.extent(&gate.object, gate.asked()) == Ok(Extent::Never);
    let (id, does) = match &verdict {
        Verdict::Equivalent => return None,
        Verdict::Looser { .. } if never(was) => ("pipeline-gate-possible", "can be passed now"),
        Verdict::Tighter { .. } if never(is) => {
            ("pipeline-gate-impossible", "can be passed by no record any more")
        }
        Verdict::Looser { .. } => ("pipeline-gate-weakened", "lets more records pass"),
        Verdict::Tighter { .. } => ("pipeline-gate-strengthened", "lets fewer records pass"),
        Verdict::Shifted { .. } => ("pipeline-gate-shifted", "lets other records pass"),
        Verdict::Undecided(_) => {
            ("pipeline-gate-undecided", "may let other records pass; it is not decided")
        }
    };
    let kind = CATALOGUE.get(id)?;
    let summary = format!("the whole gate from `{stage}` to `{next}` {does}");
    let mut change = Change::new(kind, address, summary, (None, None));
    if let (Some(before), Some(after)) = (was.form(), is.form()) {
        change.fingerprint =
            Fingerprint::of(id, change.address.as_str(), Some(&before), Some(&after));
    }
    change.verdict = Some(verdict);
    change.base = Some(was.place.clone());
    change.head = Some(is.place.clone());
    Some(change)
}
