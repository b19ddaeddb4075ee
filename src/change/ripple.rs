//! What follows from a change elsewhere: criteria that say the same words and mean something else,
//! because what they refer to changed.

use super::base::Base;
use super::canonical;
use super::causes;
use super::classify::{self, Change};
use super::decide::Exactly;
use super::edit::{Edit, Edited, Operation};
use super::fingerprint::Fingerprint;
use super::gates;
use super::reckoned;
use super::renames::Names;
use super::routes::{self, Rerouted};
use super::territories;
use super::whole;
use crate::criteria::{self, Expr, FieldPath, Scope};
use crate::load::{self, Criterion, ModelScope};
use crate::model::{Address, Slot};
use crate::proof::{Asked, Verdict};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// The changes that follow from direct ones, each with what it follows from, and the routing tables
/// that treat records otherwise. What is known now of the direct ones is said in them.
pub(super) fn ripple(
    direct: &mut Vec<Change>,
    exactly: &Exactly<'_, '_>,
) -> (Vec<Change>, Vec<Rerouted>) {
    let names = Names::of(direct);
    let mut roots = roots(direct, &names);
    let lists = add_fields_of_lists(&mut roots, exactly, &names);
    let near = near(&roots, exactly);
    let (reach, told) = (BTreeMap::new(), BTreeMap::new());
    let mut waves = Waves { exactly, names: &names, roots, lists, near, reach, told };
    let tables = routes::rerouted(direct, exactly, &names, |table| waves.causes_below(table));
    let rows = tables.iter().flat_map(|(table, by)| routes::changes(table, by, exactly, &names));
    let mut found: Vec<Change> = rows.collect();
    let territories = territories::changes(exactly, &names, |territory| waves.causes_at(territory));
    found.extend(territories);
    whole::say_of_criteria(direct, exactly, &names);
    found.extend(gates::changes(direct, exactly, &names, |part| waves.causes_at(part)));
    let (mut respelled, mut untrue) = (Vec::new(), BTreeSet::new());
    if !waves.roots.is_empty() {
        let written = written(direct, exactly.after);
        // Of a table the rows say more than its conditions.
        let told = |address: &Address| {
            let table = tables.iter().find(|(table, _)| address.is_within(table.routing.as_str()));
            table.is_some_and(|(table, _)| table.is_exact())
        };
        for criterion in waves.criteria() {
            let address = &criterion.address;
            match written.get(address.as_str()) {
                None if told(address) => {}
                None => found.extend(waves.change(criterion)),
                // Other words of one form mean something else where what they refer to does.
                Some(Some(at)) => match waves.change(criterion) {
                    Some(_) if told(address) => drop(untrue.insert(*at)),
                    change => respelled.extend(change.map(|change| (*at, change))),
                },
                Some(None) => {}
            }
        }
    }
    routes::settle(direct, &tables);
    found.extend(reckoned::changes(direct, &found, exactly, &names));
    causes::tell_apart(&mut found, direct, &waves.lists);
    found.extend(reckoned::fields(direct, exactly, &names));
    for (at, mut change) in respelled {
        causes::tell_apart(std::slice::from_mut(&mut change), direct, &waves.lists);
        if let Some(respelled) = direct.get_mut(at) {
            *respelled = change;
        }
    }
    untrue.into_iter().rev().for_each(|at| drop(direct.remove(at)));
    (found, tables.into_iter().map(|(table, _)| table).collect())
}

/// The addresses of which a direct change tells already; with the place of the change where it only
/// says that a criterion is written otherwise.
fn written(direct: &[Change], after: &ModelScope<'_>) -> BTreeMap<String, Option<usize>> {
    let mut written = BTreeMap::new();
    for (at, change) in direct.iter().enumerate() {
        let respelled = change.verdict == Some(Verdict::Equivalent);
        written.insert(change.address.to_string(), respelled.then_some(at));
        // What one territory hands over to another is told of both conditions; what becomes of the rest
        // of them, where it refers to anything, is not.
        if change.kind.id == "territory-scope-moved" {
            let both = [Some(&change.address), change.previous.as_ref()];
            let conditions = both.into_iter().flatten().map(|territory| territory.join("when"));
            let refers = |condition: &Address| {
                let says = criterion_at(after, condition).and_then(|it| it.expr.as_deref());
                says.is_some_and(|says| !criteria::references(says).is_empty())
            };
            let told = conditions.filter(|condition| !refers(condition));
            written.extend(told.map(|condition| (condition.to_string(), None)));
        }
    }
    written
}

/// The entities whose changes can give other words another meaning, by their names in either
/// revision, with what they are called in the head or what it is of them that changed.
type Roots = BTreeMap<String, BTreeSet<String>>;

/// Those that some changes are about.
fn roots(direct: &[Change], names: &Names) -> Roots {
    const KINDS: [&str; 6] = ["icp", "segment", "territory", "definition", "list", "field"];
    let mut roots = Roots::new();
    for change in direct.iter().filter(|change| !change.is_cosmetic()) {
        let ends = [Some(&change.address), change.previous.as_ref()];
        for address in ends.into_iter().flatten() {
            if KINDS.contains(&address.kind()) {
                let entity = entity_of(address.as_str());
                let now = names.now(&entity);
                roots.insert(entity, BTreeSet::from([now]));
            }
        }
    }
    roots
}

/// Adds the fields that take their values from a list that changed, in either revision; returns those
/// lists.
fn add_fields_of_lists(
    roots: &mut Roots,
    exactly: &Exactly<'_, '_>,
    names: &Names,
) -> BTreeSet<String> {
    let changed: BTreeSet<String> =
        roots.keys().filter(|root| root.starts_with("list.")).cloned().collect();
    let mut lists = BTreeSet::new();
    if changed.is_empty() {
        return lists;
    }
    for scope in [exactly.before, exactly.after] {
        for field in scope.model().of_kind("field") {
            let list = field.table.text("values_from").filter(|list| changed.contains(*list));
            let Some(list) = list.map(|list| names.now(list)) else { continue };
            roots.entry(field.address.to_string()).or_default().insert(list.clone());
            lists.insert(list);
        }
    }
    lists
}

/// The entities of either revision whose criteria may depend on roots, where that can be looked up.
fn near(roots: &Roots, exactly: &Exactly<'_, '_>) -> Option<BTreeSet<String>> {
    let uses = [exactly.before.uses()?, exactly.after.uses()?];
    Some(load::users(uses, roots.keys().map(String::as_str)))
}

/// The address of the entity that an address lies in.
fn entity_of(address: &str) -> String {
    let kind = address.split('.').next().and_then(crate::model::Kind::of);
    let depth = kind.map_or(1, |kind| kind.depth);
    address.split('.').take(depth + 1).collect::<Vec<_>>().join(".")
}

struct Waves<'a, 'm> {
    exactly: &'a Exactly<'a, 'm>,
    names: &'a Names,
    roots: Roots,
    /// The lists among them that fields take their values from.
    lists: BTreeSet<String>,
    /// The entities whose criteria may depend on roots; none where that is not known.
    near: Option<BTreeSet<String>>,
    /// The roots that an entity refers to, itself included, by its address.
    reach: BTreeMap<String, BTreeSet<String>>,
    /// What became of the meaning of words: many criteria say the same ones of the same records.
    told: BTreeMap<Words<'m>, Meaning>,
}

/// The words of a criterion before and after, each with the object that it is about.
type Words<'m> = [(String, &'m str); 2];

/// What became of the meaning of words.
#[derive(Clone)]
struct Meaning {
    verdict: Verdict,
    /// Both sides with all references followed; none where they mean the same, or that is not known.
    forms: Option<(Json, Json)>,
}

impl<'a, 'm> Waves<'a, 'm> {
    /// The criteria of the head that may depend on roots, in order.
    fn criteria(&self) -> Vec<&'a Criterion<'m>> {
        let after = self.exactly.after;
        let Some(near) = &self.near else { return after.criteria().iter().collect() };
        let now = near.iter().map(|entity| self.names.now(entity));
        let entities: BTreeSet<String> = near.iter().cloned().chain(now).collect();
        let entities = entities.iter().filter_map(|entity| after.model().get(entity));
        entities.flat_map(|entity| after.criteria_of(entity)).collect()
    }

    /// Whether the criteria at or below an address of one revision may depend on roots.
    fn is_near(&self, address: &str) -> bool {
        self.near.as_ref().is_none_or(|near| near.contains(&entity_of(address)))
    }

    /// The same, and the entity itself where it is a root.
    fn causes_at(&mut self, entity: &Address) -> BTreeSet<String> {
        let mut causes = self.causes_below(entity);
        causes.extend(self.roots.get(entity.as_str()).into_iter().flatten().cloned());
        causes
    }

    /// The roots that the criteria of an entity depend on, in either revision.
    fn causes_below(&mut self, entity: &Address) -> BTreeSet<String> {
        let mut causes = BTreeSet::new();
        if self.roots.is_empty() {
            return causes;
        }
        let then = self.names.then(entity.as_str());
        if !then.iter().map(String::as_str).chain([entity.as_str()]).any(|at| self.is_near(at)) {
            return causes;
        }
        let sides =
            [(self.exactly.before, then.as_deref()), (self.exactly.after, Some(entity.as_str()))];
        for (scope, address) in sides {
            for criterion in address.into_iter().flat_map(|address| scope.criteria_below(address)) {
                if let (Some(expr), Some(object)) = (&criterion.expr, &criterion.object) {
                    self.causes(expr, object, scope, &mut causes);
                }
            }
        }
        causes
    }

    /// The change of a criterion that was not written otherwise, if it means something else.
    fn change(&mut self, after: &Criterion<'m>) -> Option<Change> {
        let then = Address::new(self.names.then(after.address.as_str())?);
        let before = criterion_at(self.exactly.before, &then)?;
        let (old, new) = (before.expr.as_deref()?, after.expr.as_deref()?);
        let object = after.object.as_deref()?;
        let unread = match (before.faults.first(), after.faults.first()) {
            (None, Some(fault)) => Some(("it cannot be read any more", fault)),
            (Some(fault), None) => Some(("it could not be read before", fault)),
            _ => None,
        };
        let mut causes = BTreeSet::new();
        for (expr, scope) in [(old, self.exactly.before), (new, self.exactly.after)] {
            self.causes(expr, object, scope, &mut causes);
        }
        let address = after.address.as_str();
        let own = entity_of(address);
        causes.remove(&own);
        let former = before.object.as_deref()?;
        if causes.is_empty() || self.names.object_now(former) != object {
            return None;
        }
        if let Some((words, fault)) = unread {
            let why = format!("{words}: {}", fault.message);
            let mut change = of_criterion(before, after, Verdict::Undecided(why))?;
            change.fingerprint = Fingerprint::of(&change.kind.id, address, None, None);
            change.caused_by = causes.into_iter().map(Address::new).collect();
            return Some(change);
        }
        let words = [(former.to_owned(), before.text), (object.to_owned(), after.text)];
        let exactly = self.exactly;
        let meaning = self.told.entry(words).or_insert_with(|| {
            let base = Base::new(exactly.before, self.names);
            let was = Asked { expr: &base.expr(old, former), scope: &base };
            let is = Asked { expr: new, scope: exactly.after };
            let verdict = exactly.prover.compare(object, was, is);
            let forms = match verdict {
                Verdict::Equivalent => None,
                _ => form(old, exactly.before).zip(form(new, exactly.after)),
            };
            Meaning { verdict, forms }
        });
        if meaning.verdict == Verdict::Equivalent {
            return None;
        }
        let Meaning { verdict, forms } = meaning.clone();
        let mut change = of_criterion(before, after, verdict)?;
        let (was, is) = forms.as_ref().map(|(was, is)| (was, is)).unzip();
        change.fingerprint = Fingerprint::of(&change.kind.id, address, was, is);
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
            let fields = fields(path, object, scope);
            into.extend(fields.iter().filter_map(|field| self.roots.get(field)).flatten().cloned());
        }
        for reference in criteria::references(expr) {
            let address = reference.to_string();
            if !self.reach.contains_key(&address) {
                // An entry before its contents, so that a cycle ends.
                self.reach.insert(address.clone(), BTreeSet::new());
                let mut within = BTreeSet::new();
                within.extend(self.roots.get(&address).into_iter().flatten().cloned());
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
pub(super) fn fields(path: &FieldPath, object: &str, scope: &ModelScope<'_>) -> Vec<String> {
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
    canonical::written_out(expr, scope).map(Json::from)
}

/// The change of a criterion as if it had been written otherwise.
fn of_criterion(before: &Criterion<'_>, after: &Criterion<'_>, verdict: Verdict) -> Option<Change> {
    as_replaced(&slot(before)?, &slot(after)?, Some(verdict))
}

/// The change of a value as if it had been written otherwise.
pub(super) fn as_replaced(
    old: &Slot<'_>,
    new: &Slot<'_>,
    verdict: Option<Verdict>,
) -> Option<Change> {
    let noun = new.entity.declaration().map_or("entity", |declaration| declaration.noun);
    let edit = Edit {
        address: new.address.clone(),
        previous: (old.address != new.address).then(|| old.address.clone()),
        noun,
        property: Some(new.property),
        operation: Operation::Replaced,
        of: [Some(old.entity), Some(new.entity)],
        beside: None,
        before: Some(side(old)),
        after: Some(side(new)),
    };
    classify::judged(&edit, verdict)
}

fn slot<'m>(criterion: &Criterion<'m>) -> Option<Slot<'m>> {
    criterion.entity.slots().into_iter().find(|slot| slot.address == criterion.address)
}

fn side<'m>(slot: &Slot<'m>) -> Edited<'m> {
    Edited { entity: slot.entity, node: Some(slot.node), key_span: slot.key_span }
}
