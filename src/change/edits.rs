//! Two models by address: every edit, and nothing for what is only written otherwise.

use super::canonical::{self, canonical};
use super::edit::{Edit, Edited, Operation};
use super::renames::{Renames, former_ids};
use super::sameness::{longest_increasing, same};
use crate::document::{Node, Table};
use crate::model::{Address, Declaration, Entity, Model, Polarity, Property, Shape};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// All edits between two models, in order of address.
pub(super) fn edits<'m>(base: &'m Model, head: &'m Model) -> Vec<Edit<'m>> {
    let renames = Renames::between(base, head);
    let mut walk = Walk { edits: Vec::new(), new_names: renames.new_names() };
    for entity in head.entities() {
        let address = &entity.address;
        let former = renames.to.get(address).copied();
        match former.or_else(|| base.get(address.as_str()).filter(|_| !renames.reused(address))) {
            Some(before) => walk.entity(before, entity),
            None if renames.reused(address) => {
                walk.whole(Operation::Reused, base.get(address.as_str()), Some(entity));
            }
            None => walk.whole(Operation::Added, None, Some(entity)),
        }
    }
    for entity in base.entities() {
        let gone = head.get(entity.address.as_str()).is_none();
        if gone && !renames.from.contains(&entity.address) {
            walk.whole(Operation::Removed, Some(entity), None);
        }
    }
    walk.edits
}

struct Walk<'m> {
    edits: Vec<Edit<'m>>,
    /// Addresses (and ids of stages of the lifecycle at hand) that were renamed, old to new: a
    /// reference that only follows a rename is no change of its own.
    new_names: BTreeMap<String, String>,
}

/// Where in the two models the walk stands.
#[derive(Clone)]
struct Spot<'m> {
    address: Address,
    previous: Address,
    before: &'m Entity,
    after: &'m Entity,
    noun: &'static str,
}

impl Spot<'_> {
    fn join(&self, step: &str) -> Self {
        self.join_both(step, step)
    }

    fn join_both(&self, before: &str, after: &str) -> Self {
        let address = self.address.join(after);
        let previous = self.previous.join(before);
        Self { address, previous, ..self.clone() }
    }
}

/// An item of a list: its id, its table, and where the id is written.
type Identified<'m> = (&'m str, (&'m Node, Span));

/// A value on one side and where its key is written.
type Found<'m> = Option<(&'m Node, Span)>;

impl<'m> Walk<'m> {
    fn whole(
        &mut self,
        operation: Operation,
        before: Option<&'m Entity>,
        after: Option<&'m Entity>,
    ) {
        let Some(entity) = after.or(before) else { return };
        let noun = entity.declaration().map_or("entity", |declaration| declaration.noun);
        let side = |entity: &'m Entity| Edited { entity, node: None, key_span: entity.key_span };
        self.edits.push(Edit {
            address: entity.address.clone(),
            previous: None,
            noun,
            property: None,
            operation,
            before: before.map(side),
            after: after.map(side),
        });
    }

    fn entity(&mut self, before: &'m Entity, after: &'m Entity) {
        let declaration = after.declaration();
        let spot = Spot {
            address: after.address.clone(),
            previous: before.address.clone(),
            before,
            after,
            noun: declaration.map_or("entity", |declaration| declaration.noun),
        };
        let side = |entity: &'m Entity| Some((None, entity.key_span));
        if before.address != after.address {
            self.push(&spot, None, Operation::Renamed, side(before), side(after));
        }
        if before.source.path() != after.source.path() {
            self.push(&spot, None, Operation::MovedFile, side(before), side(after));
        }
        self.tables(declaration, &before.table, &after.table, &spot);
    }

    fn push(
        &mut self,
        spot: &Spot<'m>,
        property: Option<&'static Property>,
        operation: Operation,
        before: Option<(Option<&'m Node>, Span)>,
        after: Option<(Option<&'m Node>, Span)>,
    ) {
        let side = |entity| move |(node, key_span)| Edited { entity, node, key_span };
        let previous = (spot.previous != spot.address).then(|| spot.previous.clone());
        self.edits.push(Edit {
            address: spot.address.clone(),
            previous,
            noun: spot.noun,
            property,
            operation,
            before: before.map(side(spot.before)),
            after: after.map(side(spot.after)),
        });
    }

    fn value(
        &mut self,
        spot: &Spot<'m>,
        property: Option<&'static Property>,
        operation: Operation,
        before: Found<'m>,
        after: Found<'m>,
    ) {
        let some = |(node, span)| (Some(node), span);
        self.push(spot, property, operation, before.map(some), after.map(some));
    }

    fn tables(
        &mut self,
        declaration: Option<&'static Declaration>,
        before: &'m Table,
        after: &'m Table,
        spot: &Spot<'m>,
    ) {
        let known = |key: &str| declaration.and_then(|d| d.property(key));
        let find = |table: &'m Table, key: &str| -> Found<'m> {
            table.entry(key).map(|entry| (&entry.node, entry.key_span))
        };
        for property in declaration.iter().flat_map(|declaration| declaration.properties()) {
            let (old, new) = (find(before, property.name), find(after, property.name));
            self.property(property, old, new, &spot.join(property.name));
        }
        let keys: BTreeSet<&str> =
            before.entries.iter().chain(&after.entries).map(|entry| entry.key.as_str()).collect();
        for key in keys.into_iter().filter(|key| known(key).is_none()) {
            let (old, new) = (find(before, key), find(after, key));
            self.unknown(old, new, &spot.join(key));
        }
    }

    /// A property this tool does not know, in an older or newer model: compared by form.
    fn unknown(&mut self, before: Found<'m>, after: Found<'m>, spot: &Spot<'m>) {
        let operation = match (before, after) {
            (Some((old, _)), Some((new, _))) if same(old, new) => return,
            (Some((old, _)), Some((new, _))) if canonical::plain(old) == canonical::plain(new) => {
                return;
            }
            (Some(_), Some(_)) => Operation::Replaced,
            (None, Some(_)) => Operation::Set,
            (Some(_), None) => Operation::Unset,
            (None, None) => return,
        };
        self.value(spot, None, operation, before, after);
    }

    fn property(
        &mut self,
        property: &'static Property,
        before: Found<'m>,
        after: Found<'m>,
        spot: &Spot<'m>,
    ) {
        if let (Some((old, _)), Some((new, _))) = (before, after)
            && same(old, new)
        {
            return;
        }
        if (before, after) == (None, None) || property.name == "formerly" {
            return;
        }
        match &property.shape {
            Shape::Record(declaration) => self.record(property, declaration, before, after, spot),
            Shape::Named(inner) => self.named(property, inner, before, after, spot),
            Shape::Items(declaration) => self.items(property, declaration, before, after, spot),
            Shape::List(inner) => self.list(property, inner, before, after, spot),
            _ => self.single(property, before, after, spot),
        }
    }

    fn single(
        &mut self,
        property: &'static Property,
        before: Found<'m>,
        after: Found<'m>,
        spot: &Spot<'m>,
    ) {
        let form = |found: Found<'m>| found.map(|(node, _)| canonical(property, node));
        let (old, new) = (form(before), form(after));
        if self.follows_rename(&property.shape, before, after) {
            return;
        }
        let operation = match (before, after) {
            (Some((a, _)), Some((b, _))) if property.shape == Shape::Predicate => {
                match self.replaced(&property.shape, a, b) {
                    Some(operation) => operation,
                    None => return,
                }
            }
            (Some(_), Some(_)) if old == new => return,
            (Some(_), Some(_)) => Operation::Replaced,
            // A flag that is not stated is off.
            (None, _) if property.shape == Shape::Bool && is_off(after) => return,
            (_, None) if property.shape == Shape::Bool && is_off(before) => return,
            (None, _) => Operation::Set,
            (_, None) => Operation::Unset,
        };
        self.value(spot, Some(property), operation, before, after);
    }

    /// Whether a reference is another only because what it names has another id.
    fn follows_rename(&self, shape: &Shape, before: Found<'m>, after: Found<'m>) -> bool {
        let text = |found: Found<'m>| found.and_then(|(node, _)| node.as_text());
        let (Some(old), Some(new)) = (text(before), text(after)) else { return false };
        let names = matches!(shape, Shape::Target(_) | Shape::StageId);
        names && self.new_names.get(old).is_some_and(|name| name == new)
    }

    /// How two values of a form that both are there differ, if they do.
    fn replaced(&self, shape: &Shape, before: &Node, after: &Node) -> Option<Operation> {
        let place = Span::default();
        if same(before, after)
            || self.follows_rename(shape, Some((before, place)), Some((after, place)))
        {
            return None;
        }
        if *shape == Shape::Predicate
            && let (Some(old), Some(new)) = (before.as_text(), after.as_text())
            && self.predicate(old) == canonical::predicate(new)
        {
            return Some(Operation::Rewritten);
        }
        Some(Operation::Replaced)
    }

    /// A criterion of the base in canonical spelling, with the names the head uses.
    fn predicate(&self, text: &str) -> String {
        canonical::predicate_with(text, |name| self.new_names.get(name).map(String::as_str))
    }

    fn record(
        &mut self,
        property: &'static Property,
        declaration: &'static Declaration,
        before: Found<'m>,
        after: Found<'m>,
        spot: &Spot<'m>,
    ) {
        let table = |found: Found<'m>| found.and_then(|(node, _)| node.as_table());
        let spot = Spot { noun: declaration.noun, ..spot.clone() };
        match (table(before), table(after)) {
            (Some(old), Some(new)) => self.tables(Some(declaration), old, new, &spot),
            _ if after.is_some() => {
                self.value(&spot, Some(property), Operation::Set, before, after);
            }
            _ => self.value(&spot, Some(property), Operation::Unset, before, after),
        }
    }

    fn named(
        &mut self,
        property: &'static Property,
        inner: &Shape,
        before: Found<'m>,
        after: Found<'m>,
        spot: &Spot<'m>,
    ) {
        let criterion = *inner == Shape::Predicate;
        let (old, new) = (entries(before), entries(after));
        let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for key in keys {
            let (old, new) = (old.get(key).copied(), new.get(key).copied());
            let operation = match (old, new) {
                (Some((a, _)), Some((b, _))) => match self.replaced(inner, a, b) {
                    Some(operation) => operation,
                    None => continue,
                },
                (None, _) if criterion => Operation::CriterionAdded,
                (_, None) if criterion => Operation::CriterionRemoved,
                (None, _) => Operation::Set,
                (_, None) => Operation::Unset,
            };
            self.value(&spot.join(key), Some(property), operation, old, new);
        }
    }

    fn list(
        &mut self,
        property: &'static Property,
        inner: &Shape,
        before: Found<'m>,
        after: Found<'m>,
        spot: &Spot<'m>,
    ) {
        let (mut old, new) = (members(before), members(after));
        if matches!(inner, Shape::Target(_) | Shape::StageId) {
            for member in &mut old {
                let name = self.new_names.get(member).filter(|name| new.contains(name));
                if let Some(name) = name {
                    name.clone_into(member);
                }
            }
        }
        let gone: Vec<String> = old.iter().filter(|m| !new.contains(m)).cloned().collect();
        let come: Vec<String> = new.iter().filter(|m| !old.contains(m)).cloned().collect();
        let ordered = property.facet.polarity == Polarity::Ordered;
        if gone.is_empty() && come.is_empty() && ordered && old != new {
            self.value(spot, Some(property), Operation::Reordered, before, after);
        }
        if !gone.is_empty() {
            self.value(spot, Some(property), Operation::MembersRemoved(gone), before, after);
        }
        if !come.is_empty() {
            self.value(spot, Some(property), Operation::MembersAdded(come), before, after);
        }
    }

    fn items(
        &mut self,
        property: &'static Property,
        declaration: &'static Declaration,
        before: Found<'m>,
        after: Found<'m>,
        spot: &Spot<'m>,
    ) {
        let spot = Spot { noun: declaration.noun, ..spot.clone() };
        let (old, new) = (identified(before), identified(after));
        let pairs = paired(&old, &new);
        let renamed = pairs.iter().filter(|(former, id)| former != id);
        // Ids of items are names only within their list: what follows them stands there too.
        let outer = self.new_names.clone();
        self.new_names.extend(renamed.map(|(old, new)| ((*old).to_owned(), (*new).to_owned())));
        for (id, item) in &new {
            let former = pairs.iter().find(|(_, new)| new == id).map(|(former, _)| *former);
            let was = former.and_then(|former| old.iter().find(|(other, _)| *other == former));
            if let Some((former, was)) = was {
                self.item(declaration, *was, *item, &spot.join_both(former, id));
            } else {
                let at = spot.join(id);
                self.value(&at, Some(property), Operation::Added, None, Some(*item));
            }
        }
        self.new_names = outer;
        for (id, item) in &old {
            if !pairs.iter().any(|(former, _)| former == id) {
                let at = spot.join(id);
                self.value(&at, Some(property), Operation::Removed, Some(*item), None);
            }
        }
        if property.facet.polarity == Polarity::Ordered {
            self.moves(property, &old, &new, &pairs, &spot);
        }
    }

    fn item(
        &mut self,
        declaration: &'static Declaration,
        before: (&'m Node, Span),
        after: (&'m Node, Span),
        spot: &Spot<'m>,
    ) {
        let (Some(old), Some(new)) = (before.0.as_table(), after.0.as_table()) else { return };
        if old.text("id") != new.text("id") {
            self.value(spot, None, Operation::Renamed, Some(before), Some(after));
        }
        for property in declaration.properties().filter(|property| property.name != "id") {
            let find = |table: &'m Table| -> Found<'m> {
                table.entry(property.name).map(|entry| (&entry.node, entry.key_span))
            };
            self.property(property, find(old), find(new), &spot.join(property.name));
        }
        let keys: BTreeSet<&str> =
            old.entries.iter().chain(&new.entries).map(|e| &*e.key).collect();
        for key in keys.into_iter().filter(|key| declaration.property(key).is_none()) {
            let find = |table: &'m Table| -> Found<'m> {
                table.entry(key).map(|entry| (&entry.node, entry.key_span))
            };
            self.unknown(find(old), find(new), &spot.join(key));
        }
    }

    /// The items that stand elsewhere in the order, as few as possible.
    fn moves(
        &mut self,
        property: &'static Property,
        old: &[Identified<'m>],
        new: &[Identified<'m>],
        pairs: &[(&str, &str)],
        spot: &Spot<'m>,
    ) {
        let position = |list: &[Identified<'_>], id: &str| {
            list.iter().position(|(other, _)| *other == id).unwrap_or_default()
        };
        let before: Vec<usize> = pairs.iter().map(|(former, _)| position(old, former)).collect();
        let steady = longest_increasing(&before);
        for (index, (former, id)) in pairs.iter().enumerate() {
            if steady.contains(&index) {
                continue;
            }
            let (from, to) = (position(old, former), position(new, id));
            let behind =
                to.checked_sub(1).and_then(|at| new.get(at)).map(|(id, _)| (*id).to_owned());
            let operation = Operation::Moved { from: from + 1, to: to + 1, behind };
            let was = old.get(from).map(|(_, item)| *item);
            let is = new.get(to).map(|(_, item)| *item);
            self.value(&spot.join_both(former, id), Some(property), operation, was, is);
        }
    }
}

/// The items of two lists that are the same, by id or by a declared former one, in the new order.
fn paired<'m>(old: &[Identified<'m>], new: &[Identified<'m>]) -> Vec<(&'m str, &'m str)> {
    let has = |list: &[Identified<'_>], id: &str| list.iter().any(|(other, _)| *other == id);
    let former = |id: &'m str, item: &'m Node| {
        if has(old, id) {
            return Some(id);
        }
        let mut ids = item.as_table().into_iter().flat_map(former_ids);
        ids.find(|former| has(old, former) && !has(new, former))
    };
    new.iter().filter_map(|(id, (item, _))| Some((former(id, item)?, *id))).collect()
}

fn is_off(found: Found<'_>) -> bool {
    found.is_some_and(|(node, _)| node.as_bool() == Some(false))
}

fn entries(found: Found<'_>) -> BTreeMap<&str, (&Node, Span)> {
    let table = found.and_then(|(node, _)| node.as_table());
    let entries = table.map(|table| table.entries.as_slice()).unwrap_or_default();
    entries.iter().map(|entry| (entry.key.as_str(), (&entry.node, entry.key_span))).collect()
}

fn members(found: Found<'_>) -> Vec<String> {
    let items = found.and_then(|(node, _)| node.as_array()).unwrap_or_default();
    let mut members: Vec<String> = Vec::new();
    for item in items {
        let member = match item.as_text() {
            Some(text) => text.to_owned(),
            None => item
                .as_date()
                .map_or_else(|| canonical::plain(item).to_string(), |date| date.to_string()),
        };
        if !members.contains(&member) {
            members.push(member);
        }
    }
    members
}

fn identified(found: Found<'_>) -> Vec<Identified<'_>> {
    let items = found.and_then(|(node, _)| node.as_array()).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let items = items.iter().filter_map(|item| {
        let id = item.as_table()?.get("id")?;
        let text = id.as_text()?;
        seen.insert(text).then_some((text, (item, id.span)))
    });
    items.collect()
}
