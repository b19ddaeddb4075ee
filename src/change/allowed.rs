//! What a field may hold by its own values and by the list that it takes values from, together: where
//! another list stands in place of one, or values of its own in place of a list, it is told which
//! values come and which go.

use super::edit::{Edit, Edited, Operation};
use super::members::{self, others};
use super::renames::Names;
use crate::document::Node;
use crate::model::field::Field;
use crate::model::{Address, Entity, Model, Noun, Property};
use std::collections::BTreeMap;

/// The values that a field may hold.
struct Allowed {
    /// Those that it names itself.
    own: Vec<String>,
    /// Those of the list that it names; none where that is not at hand.
    of_list: Option<Vec<String>>,
}

impl Allowed {
    fn of(values: &Property, field: &Entity, model: &Model) -> Self {
        let written = |entity: &Entity| members::of(values, entity.table.get("values"));
        let of_list = match field.table.text("values_from") {
            Some(list) => model.get(list).map(written),
            None => Some(Vec::new()),
        };
        Self { own: written(field), of_list }
    }

    /// All of them, each once.
    fn all(&self) -> Option<Vec<String>> {
        let more = others(self.of_list.as_deref()?, &self.own);
        Some([self.own.as_slice(), &more].concat())
    }
}

/// Tells of the fields among some edits what they allow more and what no more, their lists included.
pub(super) fn settle(edits: &mut Vec<Edit<'_>>) {
    let Some(values) = Field::declaration().property("values") else { return };
    let mut fields: BTreeMap<Address, Edit<'_>> = BTreeMap::new();
    for edit in edits.iter().filter(|edit| is_about_values(edit)) {
        if let Some(field) = edit.of[1] {
            fields.entry(field.address.clone()).or_insert_with(|| edit.clone());
        }
    }
    if fields.is_empty() {
        return;
    }
    let names = Names::of_edits(edits);
    let mut known = BTreeMap::new();
    for (field, edit) in fields {
        if let Some([gone, come]) = gone_and_come(&edit, values, &names) {
            let found = [Operation::MembersRemoved(gone), Operation::MembersAdded(come)];
            let found = found.into_iter().filter_map(|found| told(&edit, values, found));
            known.insert(field, found.collect::<Vec<_>>());
        }
    }
    edits.retain(|edit| {
        let is_told_anew = || edit.of[1].is_some_and(|field| known.contains_key(&field.address));
        !is_about_values(edit) || is_source(edit) || !is_told_anew()
    });
    edits.extend(known.into_values().flatten());
}

/// Whether it is known what a field allows on both sides of an edit of its list.
pub(super) fn is_known(edit: &Edit<'_>) -> bool {
    let (Some(values), Some(models)) = (Field::declaration().property("values"), edit.models())
    else {
        return false;
    };
    let is_known = |(field, model): (Option<&Entity>, &Model)| {
        field.is_none_or(|it| is_open(it) || Allowed::of(values, it, model).of_list.is_some())
    };
    edit.of.into_iter().zip(models).all(is_known)
}

fn is_about_values(edit: &Edit<'_>) -> bool {
    let is_of_members =
        matches!(edit.operation, Operation::MembersAdded(_) | Operation::MembersRemoved(_));
    let is_values = edit.property.is_some_and(|property| property.name == "values");
    edit.noun == "field" && (is_source(edit) || (is_values && is_of_members))
}

fn is_source(edit: &Edit<'_>) -> bool {
    edit.property.is_some_and(|property| property.name == "values_from")
}

fn is_open(field: &Entity) -> bool {
    field.table.get("open").and_then(Node::as_bool) == Some(true)
}

/// The values that go and those that come; none where that is as it is written, or is not known.
fn gone_and_come(edit: &Edit<'_>, values: &Property, names: &Names) -> Option<[Vec<String>; 2]> {
    let ([Some(was), Some(is)], Some([base, head])) = (edit.of, edit.models()) else { return None };
    // Where other values are allowed as well, only that this begins or ends is told of it.
    if is_open(was) || is_open(is) {
        return None;
    }
    let source = |field: &Entity| field.table.text("values_from").map(str::to_owned);
    let stays = source(was).map(|list| names.now(&list)) == source(is);
    let (was, is) = (Allowed::of(values, was, base), Allowed::of(values, is, head));
    let (before, after) = (was.all()?, is.all()?);
    Some(if stays {
        // What the list itself allows otherwise follows from its own change.
        [others(&was.own, &after), others(&is.own, &before)]
    } else {
        [others(&before, &after), others(&after, &before)]
    })
}

/// The edit of values that come or go beside another edit of the same field.
fn told<'m>(edit: &Edit<'m>, values: &'static Property, operation: Operation) -> Option<Edit<'m>> {
    let (Operation::MembersAdded(members) | Operation::MembersRemoved(members)) = &operation else {
        return None;
    };
    if members.is_empty() {
        return None;
    }
    let [was, is] = [edit.of[0]?, edit.of[1]?];
    let states = |entity: &Entity, key: &str| entity.table.get(key).is_some();
    let is_own = states(was, "values") || states(is, "values");
    let place = if is_own { "values" } else { "values_from" };
    let side = |entity: &'m Entity| {
        let entry = entity.table.entry(place).or_else(|| entity.table.entry("values_from"));
        let key_span = entry.map_or(entity.key_span, |entry| entry.key_span);
        Some(Edited { entity, node: entry.map(|entry| &entry.node), key_span })
    };
    let (former, address) = (was.address.join(place), is.address.join(place));
    Some(Edit {
        previous: (former != address).then_some(former),
        address,
        property: Some(values),
        operation,
        before: side(was),
        after: side(is),
        ..edit.clone()
    })
}
