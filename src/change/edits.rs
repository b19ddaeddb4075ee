//! Two models by address: every edit, and nothing for what is only written otherwise.

use super::allowed;
use super::base::renamed;
use super::canonical;
use super::edit::{Edit, Edited, Neighbours, Operation};
use super::items::{Item, identified, nameless, paired_keys, places_before, renamed_items};
use super::left_behind::left_behind;
use super::members::{self, gone_and_come, others};
use super::renames::Renames;
use super::sameness::{longest_increasing, means_the_same, same};
use super::spot::Spot;
use crate::document::{Entry, Node, Table};
use crate::model::{Address, Declaration, Entity, Model, Polarity, Property, Shape};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// All edits between two models, in order of address.
pub(super) fn edits<'m>(base: &'m Model, head: &'m Model) -> Vec<Edit<'m>> {
    let renames = Renames::between(base, head);
    let beside = Rc::new(Neighbours::of(base, head));
    let mut walk = Walk { base, beside, edits: Vec::new(), new_names: renames.new_names() };
    let before = |address: &Address| {
        let former = renames.to.get(address).copied();
        former.or_else(|| base.get(address.as_str()).filter(|_| !renames.reused(address)))
    };
    for entity in head.entities() {
        let items = before(&entity.address).map(|before| renamed_items(before, entity));
        walk.new_names.extend(items.into_iter().flatten());
    }
    for entity in head.entities() {
        let address = &entity.address;
        match before(address) {
            // What both models share is the same, unless something that it names is called otherwise.
            Some(before) if std::ptr::eq(before, entity) && walk.new_names.is_empty() => {}
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
    allowed::settle(&mut walk.edits);
    walk.edits
}

struct Walk<'m> {
    base: &'m Model,
    beside: Rc<Neighbours<'m>>,
    edits: Vec<Edit<'m>>,
    /// Addresses, of items too (and ids of stages of the lifecycle at hand), that were renamed, old to new: a
    /// reference that only follows a rename is no change of its own.
    new_names: BTreeMap<String, String>,
}

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
            of: [before, after],
            beside: Some(Rc::clone(&self.beside)),
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
            object: before.object(),
        };
        let side = |entity: &'m Entity| Some((None, entity.key_span));
        if before.address != after.address {
            self.push(&spot, None, Operation::Renamed, side(before), side(after));
        }
        let depth = |entity: &Entity| entity.source.path().matches('/').count();
        if before.address.kind() == "policy" && depth(before) != depth(after) {
            // It counts in files directly in the model's folder alone.
            return if depth(before) < depth(after) {
                self.whole(Operation::Removed, Some(before), None);
            } else {
                self.whole(Operation::Added, None, Some(after));
            };
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
            of: [Some(spot.before), Some(spot.after)],
            beside: Some(Rc::clone(&self.beside)),
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
        let properties = declaration.iter().flat_map(|declaration| declaration.properties());
        self.entries(properties, before.entries.iter(), after.entries.iter(), spot);
    }

    /// The entries of two tables, first those of some properties, then those nobody knows.
    fn entries(
        &mut self,
        properties: impl Iterator<Item = &'static Property>,
        before: impl Iterator<Item = &'m Entry>,
        after: impl Iterator<Item = &'m Entry>,
        spot: &Spot<'m>,
    ) {
        let (mut old, mut new): (Vec<&Entry>, Vec<&Entry>) = (before.collect(), after.collect());
        for property in properties {
            let (old, new) = (taken(&mut old, property.name), taken(&mut new, property.name));
            let untouched = match (old, new) {
                (Some((old, _)), Some((new, _))) => same(old, new),
                (old, new) => old.is_none() && new.is_none(),
            };
            if !untouched || (property.is_of_patterns() && !self.new_names.is_empty()) {
                self.property(property, old, new, &spot.join(property.name));
            }
        }
        let keys: BTreeSet<&str> = old.iter().chain(&new).map(|entry| entry.key.as_str()).collect();
        for key in keys {
            self.unknown(taken(&mut old, key), taken(&mut new, key), &spot.join(key));
        }
    }

    /// A property this tool does not know, or a value of a form it does not have: compared by form.
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
        // What declares a rename is part of the rename.
        if property.name == "formerly" && spot.address != spot.previous {
            return;
        }
        let misshapen = |found: Found<'m>| found.is_some_and(|(node, _)| !fits(property, node));
        if misshapen(before) || misshapen(after) {
            return self.unknown(before, after, spot);
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
        if self.follows_rename(&property.shape, before, after, spot) {
            return;
        }
        // What stands where nothing is given is compared as if it were written.
        let given = |found: Found<'m>, entity: &Entity| {
            found.or_else(|| Some((property.usual.as_ref()?, entity.key_span)))
        };
        let (before, after) = (given(before, spot.before), given(after, spot.after));
        let is_id = |found: Found<'_>, entity: &Entity| {
            let text = found.and_then(|(node, _)| node.as_text());
            property.facet.id_where.is_some() && text == Some(entity.address.id())
        };
        let operation = match (before, after) {
            (Some((a, _)), Some((b, _))) if property.shape == Shape::Predicate => {
                match self.replaced(&property.shape, a, b, spot) {
                    Some(operation) => operation,
                    None => return,
                }
            }
            (Some((a, _)), Some((b, _))) if means_the_same(property, a, b) => return,
            (Some(_), Some(_)) => Operation::Replaced,
            // Where it is not given the id stands for it.
            (None, _) if is_id(after, spot.after) => return,
            (_, None) if is_id(before, spot.before) => return,
            // A flag that is not stated is off.
            (None, _) if property.shape == Shape::Bool && is_off(after) => return,
            (_, None) if property.shape == Shape::Bool && is_off(before) => return,
            (None, _) => Operation::Set,
            (_, None) => Operation::Unset,
        };
        self.value(spot, Some(property), operation, before, after);
    }

    /// What a name in a list is called now, where what it names was renamed.
    fn new_name(&self, shape: &Shape, name: &str, spot: &Spot<'_>) -> Option<String> {
        match shape {
            Shape::Target(_) | Shape::StageId => self.new_names.get(name).cloned(),
            Shape::ObjectId => {
                let now = self.new_names.get(&format!("object.{name}"))?;
                Some(now.split_once('.')?.1.to_owned())
            }
            Shape::FieldPath => {
                let path: Vec<String> = name.split('.').map(str::to_owned).collect();
                Some(self.new_path(&path, spot.object).join("."))
            }
            // An address may go on below what was renamed: the longest name says it best.
            Shape::AddressPattern => self.new_names.iter().rev().find_map(|(old, new)| {
                let rest = name.strip_prefix(old.as_str())?;
                (rest.is_empty() || rest.starts_with('.')).then(|| format!("{new}{rest}"))
            }),
            _ => None,
        }
    }

    /// What a path through fields is called now.
    fn new_path(&self, path: &[String], object: Option<&str>) -> Vec<String> {
        let Some(object) = object else { return path.to_vec() };
        let target = |object: &str, field: &str| {
            let field = self.base.get(&format!("field.{object}.{field}"))?;
            field.object().map(str::to_owned)
        };
        renamed(path, object, target, |address| self.new_names.get(address).cloned())
    }

    /// Whether a reference is another only because what it names has another id.
    fn follows_rename(
        &self,
        shape: &Shape,
        before: Found<'_>,
        after: Found<'_>,
        spot: &Spot<'_>,
    ) -> bool {
        let text = |found: Found<'_>| found.and_then(|(node, _)| node.as_text().map(str::to_owned));
        let (Some(old), Some(new)) = (text(before), text(after)) else { return false };
        old != new && self.new_name(shape, &old, spot).is_some_and(|name| name == new)
    }

    /// How two values of a form that both are there differ, if they do.
    fn replaced(
        &self,
        shape: &Shape,
        before: &Node,
        after: &Node,
        spot: &Spot<'_>,
    ) -> Option<Operation> {
        let place = Span::default();
        if same(before, after)
            || self.follows_rename(shape, Some((before, place)), Some((after, place)), spot)
        {
            return None;
        }
        if *shape == Shape::Predicate
            && let (Some(old), Some(new)) = (before.as_text(), after.as_text())
            && self.predicate(old, spot) == canonical::predicate(new)
        {
            return Some(Operation::Rewritten);
        }
        Some(Operation::Replaced)
    }

    /// A criterion of the base in canonical spelling, with the names the head uses.
    fn predicate(&self, text: &str, spot: &Spot<'_>) -> String {
        let new_name = |name: &str| self.new_names.get(name).map(String::as_str);
        canonical::predicate_with(text, new_name, |path| self.new_path(path, spot.object))
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
        match (table(before), table(after)) {
            (Some(old), Some(new)) => {
                self.tables(Some(declaration), old, new, &spot.within(declaration, old));
            }
            (None, _) => self.value(spot, Some(property), Operation::Set, before, after),
            (_, None) => self.value(spot, Some(property), Operation::Unset, before, after),
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
        let now = |key: &str| {
            self.new_names.get(&property.named_by(key)?)?.rsplit('.').next().map(str::to_owned)
        };
        for [then, key] in paired_keys(old.keys(), new.keys(), now) {
            let old = then.and_then(|then| old.get(then).copied());
            let new = key.and_then(|key| new.get(key).copied());
            let (Some(then), Some(key)) = (then.or(key), key.or(then)) else { continue };
            let operation = match (old, new) {
                (Some((a, _)), Some((b, _))) => match self.replaced(inner, a, b, spot) {
                    Some(operation) => operation,
                    None => continue,
                },
                (None, _) if criterion => Operation::CriterionAdded,
                (_, None) if criterion => Operation::CriterionRemoved,
                (None, _) => Operation::Set,
                (_, None) => Operation::Unset,
            };
            self.value(&spot.join_both(then, key), Some(property), operation, old, new);
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
        let members = |found: Found<'m>| members::of(property, found.map(|(node, _)| node));
        let (mut old, new) = (members(before), members(after));
        if property.is_of_patterns() && !self.new_names.is_empty() {
            self.covered(property, (&old, &new), (before, after), spot);
        }
        for member in &mut old {
            if let Some(name) = self.new_name(inner, member, spot).filter(|name| new.contains(name))
            {
                *member = name;
            }
        }
        let [gone, come] = gone_and_come(property, &old, &new);
        if property.facet.polarity == Polarity::Ordered {
            let (stayed, stays) = (others(&old, &gone), others(&new, &come));
            if stayed != stays {
                self.value(spot, Some(property), Operation::Reordered, before, after);
            }
        }
        if !gone.is_empty() {
            self.value(spot, Some(property), Operation::MembersRemoved(gone), before, after);
        }
        if !come.is_empty() {
            self.value(spot, Some(property), Operation::MembersAdded(come), before, after);
        }
    }

    /// What patterns that stay as they are cover otherwise, because it has another name.
    fn covered(
        &mut self,
        property: &'static Property,
        (old, new): (&[String], &[String]),
        (before, after): (Found<'m>, Found<'m>),
        spot: &Spot<'m>,
    ) {
        let (lost, found) = left_behind(old, new, &self.new_names);
        if !lost.is_empty() {
            self.value(spot, Some(property), Operation::LeftBehind(lost), before, after);
        }
        if !found.is_empty() {
            self.value(spot, Some(property), Operation::Covered(found), before, after);
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
        let list = |found: Found<'m>| found.and_then(|(n, _)| n.as_array()).unwrap_or_default();
        let (before_list, after_list) = (list(before), list(after));
        let spot = Spot { noun: declaration.noun, ..spot.clone() };
        let (old, new) = (identified(before_list), identified(after_list));
        let places = places_before(&old, &new);
        let pairs: Vec<(usize, usize)> =
            places.iter().enumerate().filter_map(|(at, place)| Some(((*place)?, at))).collect();
        // Ids of items are names only within their list: what follows them stands there too.
        let outer = self.new_names.clone();
        self.new_names.extend(new_ids(&old, &new, &pairs));
        for ((id, item), place) in new.iter().zip(places) {
            if let Some((former, was)) = place.and_then(|place| old.get(place)) {
                self.item(declaration, *was, *item, &spot.join_both(former, id));
            } else {
                let at = spot.join(id);
                self.value(&at, Some(property), Operation::Added, None, Some(*item));
            }
        }
        self.new_names = outer;
        let paired: BTreeSet<usize> = pairs.iter().map(|(place, _)| *place).collect();
        for (_, (id, item)) in old.iter().enumerate().filter(|(at, _)| !paired.contains(at)) {
            let at = spot.join(id);
            self.value(&at, Some(property), Operation::Removed, Some(*item), None);
        }
        if property.facet.polarity == Polarity::Ordered {
            self.moves(property, &old, &new, &pairs, &spot);
        }
        if nameless(before_list) != nameless(after_list) {
            self.unknown(before, after, &spot);
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
        let spot = spot.within(declaration, old);
        let by_id = declaration.properties().filter(|property| property.facet.id_where.is_some());
        let by_id: Vec<_> = by_id.collect();
        for property in &by_id {
            let is_of_use = |entity: &Entity| {
                property.facet.id_where.is_some_and(|field| entity.table.get(field).is_some())
            };
            let is_stated = [old, new].iter().any(|table| table.get(property.name).is_some());
            if is_stated || (is_of_use(spot.before) && is_of_use(spot.after)) {
                let said =
                    |table: &'m Table| table.entry(property.name).or_else(|| table.entry("id"));
                let said = |table| said(table).map(|entry| (&entry.node, entry.key_span));
                self.property(property, said(old), said(new), &spot.join(property.name));
            }
        }
        let is_left = |key: &str| key != "id" && by_id.iter().all(|said| said.name != key);
        let properties = declaration.properties().filter(|property| is_left(property.name));
        let others = |table: &'m Table| table.entries.iter().filter(|entry| is_left(&entry.key));
        self.entries(properties, others(old), others(new), &spot);
    }

    /// The items that stand elsewhere in the order, as few as possible.
    fn moves(
        &mut self,
        property: &'static Property,
        old: &[Item<'m>],
        new: &[Item<'m>],
        pairs: &[(usize, usize)],
        spot: &Spot<'m>,
    ) {
        let before: Vec<usize> = pairs.iter().map(|(from, _)| *from).collect();
        let steady = longest_increasing(&before);
        let moved = pairs.iter().enumerate().filter(|(index, _)| !steady.contains(index));
        for (_, (from, to)) in moved {
            let (Some((former, was)), Some((id, is))) = (old.get(*from), new.get(*to)) else {
                continue;
            };
            let behind = to.checked_sub(1).and_then(|at| new.get(at));
            let behind = behind.map(|(id, _)| (*id).to_owned());
            let operation = Operation::Moved { from: from + 1, to: to + 1, behind };
            let at = spot.join_both(former, id);
            self.value(&at, Some(property), operation, Some(*was), Some(*is));
        }
    }
}

/// The ids that items have now, by those they had.
fn new_ids(
    old: &[Item<'_>],
    new: &[Item<'_>],
    pairs: &[(usize, usize)],
) -> BTreeMap<String, String> {
    let ids = pairs.iter().filter_map(|(from, to)| Some((old.get(*from)?.0, new.get(*to)?.0)));
    let renamed = ids.filter(|(old, new)| old != new);
    renamed.map(|(old, new)| (old.to_owned(), new.to_owned())).collect()
}

/// Whether a value has the form that a walk into its parts needs.
fn fits(property: &Property, node: &Node) -> bool {
    match property.shape {
        Shape::Record(_) | Shape::Named(_) => node.as_table().is_some(),
        Shape::Items(_) | Shape::List(_) => node.as_array().is_some(),
        _ => true,
    }
}

fn is_off(found: Found<'_>) -> bool {
    found.is_some_and(|(node, _)| node.as_bool() == Some(false))
}

/// Takes the entry of a key out of a few entries.
fn taken<'m>(entries: &mut Vec<&'m Entry>, key: &str) -> Found<'m> {
    let at = entries.iter().position(|entry| entry.key == key)?;
    let entry = entries.swap_remove(at);
    Some((&entry.node, entry.key_span))
}

fn entries(found: Found<'_>) -> BTreeMap<&str, (&Node, Span)> {
    let table = found.and_then(|(node, _)| node.as_table());
    let entries = table.into_iter().flat_map(|table| &table.entries);
    entries.map(|entry| (entry.key.as_str(), (&entry.node, entry.key_span))).collect()
}
