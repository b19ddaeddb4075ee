//! What follows from a change elsewhere: criteria that say the same words and mean something else,
//! because what they refer to changed.

use super::classify::{self, Change};
use super::decide::Exactly;
use super::edit::{Edit, Edited, Operation};
use super::fingerprint::Fingerprint;
use super::gates;
use super::routes::{self, Rerouted};
use super::territories;
use crate::criteria::{self, Expr, FieldPath, Scope};
use crate::load::{Criterion, ModelScope};
use crate::model::{Address, Slot};
use crate::proof::{Asked, Verdict};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// The changes that follow from direct ones, each with what it follows from, and the routing tables
/// that treat records otherwise. What is known now of the direct ones is said in them.
pub(super) fn ripple(
    direct: &mut [Change],
    exactly: &Exactly<'_, '_>,
) -> (Vec<Change>, Vec<Rerouted>) {
    let mut waves = Waves { exactly, roots: roots(direct), reach: BTreeMap::new() };
    let tables = routes::rerouted(direct, exactly, |table| waves.causes_below(table));
    let mut found: Vec<Change> =
        tables.iter().flat_map(|(table, by)| routes::changes(table, by, exactly)).collect();
    let new_names = routes::new_names(direct);
    let territories =
        territories::changes(exactly, &new_names, |territory| waves.causes_at(territory));
    found.extend(territories);
    found.extend(gates::changes(direct, exactly, |part| waves.causes_below(part)));
    if !waves.roots.is_empty() {
        let written: BTreeSet<&str> = direct.iter().map(|change| change.address.as_str()).collect();
        // Of a table the rows say more than its conditions.
        let told = |address: &Address| {
            let table = tables.iter().find(|(table, _)| address.is_within(table.routing.as_str()));
            table.is_some_and(|(table, _)| table.is_exact())
        };
        for criterion in exactly.after.criteria() {
            let address = &criterion.address;
            if !written.contains(address.as_str()) && !told(address) {
                found.extend(waves.change(criterion));
            }
        }
    }
    routes::settle(direct, &tables);
    (found, tables.into_iter().map(|(table, _)| table).collect())
}

/// The entities whose changes can give other words another meaning.
fn roots(direct: &[Change]) -> BTreeSet<String> {
    const KINDS: [&str; 6] = ["icp", "segment", "territory", "definition", "list", "field"];
    let mut roots = BTreeSet::new();
    for change in direct.iter().filter(|change| !change.is_cosmetic()) {
        let ends = [Some(&change.address), change.previous.as_ref()];
        for address in ends.into_iter().flatten() {
            if KINDS.contains(&address.kind()) {
                roots.insert(entity_of(address));
            }
        }
    }
    roots
}

/// The address of the entity that an address lies in.
fn entity_of(address: &Address) -> String {
    let depth = crate::model::Kind::of(address.kind()).map_or(1, |kind| kind.depth);
    address.as_str().split('.').take(depth + 1).collect::<Vec<_>>().join(".")
}

struct Waves<'a, 'm> {
    exactly: &'a Exactly<'a, 'm>,
    roots: BTreeSet<String>,
    /// The roots that an entity refers to, itself included, by its address.
    reach: BTreeMap<String, BTreeSet<String>>,
}

impl Waves<'_, '_> {
    /// The same, and the entity itself where it is a root.
    fn causes_at(&mut self, entity: &Address) -> BTreeSet<String> {
        let mut causes = self.causes_below(entity);
        causes.extend(self.roots.get(entity.as_str()).cloned());
        causes
    }

    /// The roots that the criteria of an entity depend on, in either revision.
    fn causes_below(&mut self, entity: &Address) -> BTreeSet<String> {
        let mut causes = BTreeSet::new();
        if self.roots.is_empty() {
            return causes;
        }
        for scope in [self.exactly.before, self.exactly.after] {
            for criterion in scope.criteria_below(entity.as_str()) {
                if let (Some(expr), Some(object)) = (&criterion.expr, &criterion.object) {
                    self.causes(expr, object, scope, &mut causes);
                }
            }
        }
        causes
    }

    /// The change of a criterion that was not written otherwise, if it means something else.
    fn change(&mut self, after: &Criterion<'_>) -> Option<Change> {
        let before = criterion_at(self.exactly.before, &after.address)?;
        let (old, new) = (before.expr.as_deref()?, after.expr.as_deref()?);
        let object = after.object.as_deref()?;
        let mut causes = BTreeSet::new();
        for (expr, scope) in [(old, self.exactly.before), (new, self.exactly.after)] {
            self.causes(expr, object, scope, &mut causes);
        }
        let own = entity_of(&after.address);
        causes.remove(&own);
        if causes.is_empty() || before.object.as_deref() != Some(object) {
            return None;
        }
        let sides = [(old, self.exactly.before), (new, self.exactly.after)];
        let [was, is] = sides.map(|(expr, scope)| Asked { expr, scope });
        let verdict = self.exactly.prover.compare(object, was, is);
        if verdict == Verdict::Equivalent {
            return None;
        }
        let mut change = of_criterion(self.exactly, before, after, verdict)?;
        let forms = sides.map(|(expr, scope)| form(expr, scope));
        change.fingerprint = Fingerprint::of(
            &change.kind.id,
            change.address.as_str(),
            forms[0].as_ref(),
            forms[1].as_ref(),
        );
        change.caused_by = causes.into_iter().map(Address::new).collect();
        Some(change)
    }

    /// The roots that an expression depends on.
    fn causes(
        &mut self,
        expr: &Expr,
        object: &str,
        scope: &ModelScope<'_>,
        into: &mut BTreeSet<String>,
    ) {
        for path in criteria::fields(expr) {
            into.extend(fields(path, object, scope).into_iter().filter(|f| self.roots.contains(f)));
        }
        for reference in criteria::references(expr) {
            let address = reference.to_string();
            if !self.reach.contains_key(&address) {
                // An entry before its contents, so that a cycle ends.
                self.reach.insert(address.clone(), BTreeSet::new());
                let mut within = BTreeSet::new();
                if self.roots.contains(&address) {
                    within.insert(address.clone());
                }
                for scope in [self.exactly.before, self.exactly.after] {
                    if let Some(inner) = scope.predicate(&reference.kind, &reference.id) {
                        let object = inner.object.as_deref().unwrap_or(object);
                        self.causes(&inner.expr, object, scope, &mut within);
                    }
                }
                self.reach.insert(address.clone(), within);
            }
            into.extend(self.reach.get(&address).into_iter().flatten().cloned());
        }
    }
}

/// The fields on a path, by address.
fn fields(path: &FieldPath, object: &str, scope: &ModelScope<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut object = Some(object);
    for part in &path.parts {
        let Some(of) = object else { break };
        found.push(format!("field.{of}.{part}"));
        object = scope.field(of, part).and_then(|facts| facts.target);
    }
    found
}

fn criterion_at<'a, 'm>(
    scope: &'a ModelScope<'m>,
    address: &'a Address,
) -> Option<&'a Criterion<'m>> {
    scope.criteria_below(address.as_str()).find(|criterion| criterion.address == *address)
}

/// The canonical form with all references followed.
fn form(expr: &Expr, scope: &ModelScope<'_>) -> Option<Json> {
    let expanded = criteria::expand(expr, scope).ok()?;
    Some(Json::from(criteria::canonical(&expanded).to_string()))
}

/// The change of a criterion as if it had been written otherwise.
fn of_criterion(
    exactly: &Exactly<'_, '_>,
    before: &Criterion<'_>,
    after: &Criterion<'_>,
    verdict: Verdict,
) -> Option<Change> {
    let (old, new) = (slot(exactly.before, before)?, slot(exactly.after, after)?);
    let noun = new.entity.declaration().map_or("entity", |declaration| declaration.noun);
    let edit = Edit {
        address: after.address.clone(),
        previous: None,
        noun,
        property: Some(new.property),
        operation: Operation::Replaced,
        before: Some(side(old)),
        after: Some(side(new)),
    };
    classify::judged(&edit, Some(verdict))
}

fn slot<'a, 'm>(scope: &'a ModelScope<'m>, criterion: &Criterion<'_>) -> Option<&'a Slot<'m>> {
    scope.slots().iter().find(|slot| slot.address == criterion.address)
}

fn side<'m>(slot: &Slot<'m>) -> Edited<'m> {
    Edited { entity: slot.entity, node: Some(slot.node), key_span: slot.key_span }
}
