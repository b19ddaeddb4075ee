//! What criteria that belong together amount to as a whole in two revisions: the predicate of a
//! definition, the way into a stage or out of it.

use super::base::Base;
use super::classify::Change;
use super::decide::Exactly;
use super::renames::Names;
use crate::criteria::{Expr, Node, Scope};
use crate::load::ModelScope;
use crate::model::{Address, Entity};
use crate::proof::{Asked, Verdict};
use crate::source::Span;
use std::collections::BTreeMap;

/// Criteria that must all hold, and the type of record they are about.
struct Whole {
    object: String,
    expr: Expr,
}

impl Exactly<'_, '_> {
    /// How the criteria that together stand at an address of the later revision compare with what
    /// they were, for all records there can be. None where one of the revisions has nothing there.
    pub fn whole(&self, names: &Names, address: &str) -> Option<Verdict> {
        let then = names.then(address)?;
        let (was, is) = (whole(self.before, &then)?, whole(self.after, address)?);
        let undecided = |why: &str| Some(Verdict::Undecided(why.to_owned()));
        let (Ok(was), Ok(is)) = (was, is) else {
            return undecided("its criteria cannot be read on both sides");
        };
        if names.object_now(&was.object) != is.object {
            return undecided("it is about another type of record now");
        }
        let base = Base::new(self.before, names);
        let old = base.expr(&was.expr, &was.object);
        let before = Asked { expr: &old, scope: &base };
        let after = Asked { expr: &is.expr, scope: self.after };
        Some(self.prover.compare(&is.object, before, after))
    }
}

/// Says of criteria that came, went or ask for something else, where that is so, that what they are a
/// part of lets the same records pass.
pub(super) fn say_of_criteria(direct: &mut [Change], exactly: &Exactly<'_, '_>, names: &Names) {
    let mut same: BTreeMap<Address, bool> = BTreeMap::new();
    for change in direct.iter_mut().filter(|change| moves(change)) {
        let Some(address) = above(&change.address) else { continue };
        if change.verdict.is_some() && is_all(&address, exactly, names) {
            continue;
        }
        let is_same =
            |address: &Address| exactly.whole(names, address.as_str()) == Some(Verdict::Equivalent);
        if *same.entry(address.clone()).or_insert_with(|| is_same(&address)) {
            let whose = Address::new(address.as_str().trim_end_matches(".acceptance"));
            let says = match address.kind() {
                "handoff" => "accepts the same records as a whole",
                _ => "lets the same records pass",
            };
            change.summary = format!("{}, but `{whose}` {says}", change.summary);
        }
    }
}

/// Whether a change of a criterion is one of what it asks for.
pub(super) fn moves(change: &Change) -> bool {
    let asks_otherwise = matches!(
        change.verdict,
        Some(Verdict::Looser { .. } | Verdict::Tighter { .. } | Verdict::Shifted { .. })
    );
    !change.is_cosmetic() && (asks_otherwise || change.is_of_whole())
}

/// What a named criterion is a part of that must hold as a whole; none where that is told otherwise.
fn above(criterion: &Address) -> Option<Address> {
    let (list, _) = criterion.as_str().rsplit_once('.')?;
    let (entity, part) = list.rsplit_once('.')?;
    match (criterion.kind(), part) {
        ("definition" | "icp", "criteria" | "disqualifiers") => Some(Address::new(entity)),
        ("handoff", "acceptance") => Some(Address::new(list)),
        _ => None,
    }
}

/// Whether one criterion is all that is asked for on both sides: then what became of it is what became of the
/// whole.
fn is_all(whole: &Address, exactly: &Exactly<'_, '_>, names: &Names) -> bool {
    let is_alone = |scope: &ModelScope<'_>, address: &str| {
        let mut criteria = scope.criteria_below(address).filter(|it| above(&it.address).is_some());
        criteria.next().is_some() && criteria.next().is_none()
    };
    let then = names.then(whole.as_str());
    is_alone(exactly.after, whole.as_str())
        && then.is_some_and(|then| is_alone(exactly.before, &then))
}

/// What stands at an address: none where there is nothing, an error where it cannot be read.
fn whole(scope: &ModelScope<'_>, address: &str) -> Option<Result<Whole, ()>> {
    let (entity, rest) = scope.model().entity_above(address)?;
    if rest.is_empty() {
        return Some(of_entity(scope, entity).ok_or(()));
    }
    let (above, _) = address.rsplit_once('.')?;
    scope.model().part(above)?;
    Some(of_part(scope, entity, address).ok_or(()))
}

fn of_entity(scope: &ModelScope<'_>, entity: &Entity) -> Option<Whole> {
    let found = scope.predicate(entity.address.kind(), entity.address.id())?;
    Some(Whole { object: found.object?, expr: (*found.expr).clone() })
}

/// The criteria below a part of an entity; where the part is gone and what held it is there, nothing
/// is asked for.
fn of_part(scope: &ModelScope<'_>, entity: &Entity, address: &str) -> Option<Whole> {
    let mut all = Vec::new();
    for criterion in scope.criteria_below(address) {
        let sound = criterion.expr.as_ref().filter(|_| criterion.faults.is_empty());
        all.push((**sound?).clone());
    }
    let expr = Expr { span: Span::default(), node: Node::And(all) };
    entity.object().map(|object| Whole { object: object.to_owned(), expr })
}
