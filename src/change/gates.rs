//! The gate between two stages as a whole: what lets a record out of one and into the next,
//! together, since a softened exit that the next entry still stops lets nobody through. It asks for
//! all that a record is asked for that goes this way: the criteria, the fields that the next stage
//! requires, and what waives the rules that forbid the way.

use super::base::Base;
use super::canonical;
use super::catalogue::CATALOGUE;
use super::classify::Change;
use super::decide::Exactly;
use super::fingerprint::Fingerprint;
use super::renames::Names;
use super::ripple::fields;
use super::whole::moves;
use crate::criteria::{self, Expr, Node, Scope, Test};
use crate::load::{self, Criterion, ModelScope};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Address, Entity, Item};
use crate::proof::{Asked, Extent, Verdict};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What lets a record out of a stage and into another.
struct Gate<'a> {
    scope: &'a dyn Scope,
    /// What it asks of a record in criteria of the two stages.
    criteria: Expr,
    /// What it asks beside them: fields that must be set, and rules that must be waived.
    beside: Expr,
    object: String,
    /// The addresses of what it asks, as they are in this revision.
    parts: Vec<Address>,
    /// The fields that must be set, by address.
    fields: Vec<Address>,
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
            !change.is_cosmetic()
                && (is_of_fields(change) || change.address.is_within(entity.address.as_str()))
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
                beside: base.expr(&was.beside, &was.object).into_owned(),
                object: names.object_now(&was.object).to_owned(),
                ..was
            };
            let old_parts = was.parts.iter().map(|part| Address::new(names.now(part.as_str())));
            let parts: BTreeSet<Address> = old_parts.chain(is.parts.iter().cloned()).collect();
            let written = |part: &&Address| {
                direct.iter().any(|c| !c.is_cosmetic() && c.address.is_within(part.as_str()))
            };
            let touched: Vec<&Address> = parts.iter().filter(written).collect();
            let mut by: Vec<Address> = touched.iter().map(|part| (*part).clone()).collect();
            let asked = parts.iter().chain(&was.fields).chain(&is.fields);
            let reached: BTreeSet<String> = asked.flat_map(&mut causes).collect();
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
        let part = change.address.and_above().find_map(|part| stopped.get(part));
        if let Some(ways) = part {
            change.summary.push_str(&remark(change, ways));
        }
    }
    found
}

/// Whether a change may be one of what a field may hold.
fn is_of_fields(change: &Change) -> bool {
    matches!(change.address.kind(), "field" | "list")
}

/// What is to be added to the sentence about one criterion, where the gates around it are as they
/// were.
fn remark(change: &Change, ways: &[(String, bool)]) -> String {
    let unchanged = ways.iter().all(|(_, same)| *same);
    if !moves(change) || !unchanged {
        return String::new();
    }
    let names: BTreeSet<String> = ways.iter().map(|(next, _)| format!("`{next}`")).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    format!(", but the whole gate to {names} lets the same records pass")
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
    let (from, to): (&Item<Stage>, &Item<Stage>) = (find(stage)?, find(next)?);
    let way = from.value.next.iter().flat_map(|next| next.iter()).find(|n| n.value.0 == next)?;
    let object = entity.object()?;
    let at = |stage: &str, list: &str| entity.address.join("stage").join(stage).join(list);
    let [exit, entry] = [at(stage, "exit"), at(next, "entry")];
    let all: Vec<&Criterion<'_>> =
        [&exit, &entry].into_iter().flat_map(|list| scope.criteria_below(list.as_str())).collect();
    let mut parts: Vec<Address> = all.iter().map(|criterion| criterion.address.clone()).collect();
    let mut beside = Vec::new();
    let mut of_fields = Vec::new();
    for field in to.required() {
        scope.field_at(object, &field.value.0)?;
        let is_set = Expr::atom(&field.value.0, Test::IsSet { negated: false });
        let paths = criteria::fields(&is_set).into_iter();
        of_fields.extend(paths.flat_map(|path| fields(path, object, scope)).map(Address::new));
        beside.push(is_set);
        parts.push(at(next, "required_fields"));
    }
    for rule in lifecycle.forbidding(stage, next) {
        let waivers: Option<Vec<Expr>> = load::waivers(scope, entity, rule).map(sound).collect();
        beside.push(Expr::any(waivers?));
        parts.push(entity.address.join("forbidden").join(&rule.id));
    }
    let criteria: Option<Vec<Expr>> = all.into_iter().map(sound).collect();
    Some(Gate {
        scope,
        criteria: Expr::all(criteria?),
        beside: Expr::all(beside),
        object: object.to_owned(),
        parts,
        fields: of_fields,
        place: entity.place(way.span),
    })
}

/// What a criterion says, where nothing is wrong with it.
fn sound(criterion: &Criterion<'_>) -> Option<Expr> {
    criterion.expr.as_deref().filter(|_| criterion.faults.is_empty()).cloned()
}

impl Gate<'_> {
    /// All that it asks of a record.
    fn whole(&self) -> Expr {
        match &self.beside.node {
            Node::And(none) if none.is_empty() => self.criteria.clone(),
            _ => Expr::all([self.criteria.clone(), self.beside.clone()]),
        }
    }

    /// The canonical forms of what it asks, in criteria and beside them.
    fn forms(&self) -> Option<[Json; 2]> {
        let form = |expr| canonical::written_out(expr, self.scope).map(Json::from);
        Some([form(&self.criteria)?, form(&self.beside)?])
    }
}

fn compare(was: &Gate<'_>, is: &Gate<'_>, exactly: &Exactly<'_, '_>) -> Verdict {
    if was.object != is.object {
        return Verdict::Undecided("it is about another type of record now".to_owned());
    }
    let (old, new) = (was.whole(), is.whole());
    let before = Asked { expr: &old, scope: was.scope };
    let after = Asked { expr: &new, scope: is.scope };
    exactly.prover.compare(&is.object, before, after)
}

fn change(
    address: Address,
    (stage, next): (&str, &str),
    (was, is): (&Gate<'_>, &Gate<'_>),
    verdict: Verdict,
    exactly: &Exactly<'_, '_>,
) -> Option<Change> {
    let never = |gate: &Gate<'_>| {
        let asked = Asked { expr: &gate.whole(), scope: gate.scope };
        exactly.prover.extent(&gate.object, asked) == Ok(Extent::Never)
    };
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
    if let Some(([old, old_beside], [new, new_beside])) = was.forms().zip(is.forms()) {
        // What is the same on both sides beside the criteria is none of what changed.
        let (before, after) = if old_beside == new_beside {
            (old, new)
        } else {
            (json!([old, old_beside]), json!([new, new_beside]))
        };
        let address = change.address.as_str();
        change.fingerprint = Fingerprint::of(id, address, Some(&before), Some(&after));
    }
    change.verdict = Some(verdict);
    change.base = Some(was.place.clone());
    change.head = Some(is.place.clone());
    Some(change)
}
