//! Items of a list: which of them was which before.

use super::canonical;
use crate::document::Node;
use crate::model::{Declaration, Entity, Shape, former_ids};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// An item by its id: its table, and where the id is written.
pub(super) type Item<'m> = (&'m str, (&'m Node, Span));

/// The items of a list by their ids, in order; of two with one id the first.
pub(super) fn identified(list: &[Node]) -> Vec<Item<'_>> {
    sorted_out(list).0
}

/// What stands in a list and has no id of its own, in a form that can be compared.
pub(super) fn nameless(list: &[Node]) -> Vec<String> {
    let mut forms: Vec<String> =
        sorted_out(list).1.into_iter().map(|item| canonical::plain(item).to_string()).collect();
    forms.sort();
    forms
}

fn sorted_out(list: &[Node]) -> (Vec<Item<'_>>, Vec<&Node>) {
    let mut seen = BTreeSet::new();
    let (mut identified, mut nameless) = (Vec::new(), Vec::new());
    for item in list {
        let id = item.as_table().and_then(|table| table.get("id"));
        match id.and_then(|id| Some((id.as_text()?, id.span))) {
            Some((text, span)) if seen.insert(text) => identified.push((text, (item, span))),
            _ => nameless.push(item),
        }
    }
    (identified, nameless)
}

/// For each item after, its place before: by its id, else by a rename that one side declares.
///
/// The base declares a rename that the head takes back.
pub(super) fn places_before(old: &[Item<'_>], new: &[Item<'_>]) -> Vec<Option<usize>> {
    let (before, after) = (places(old), places(new));
    let mut back: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (id, (item, _))) in old.iter().enumerate() {
        if !after.contains_key(id) {
            for former in item.as_table().into_iter().flat_map(former_ids) {
                back.entry(former).or_insert(at);
            }
        }
    }
    let mut used = BTreeSet::new();
    let place = |(id, (item, _)): &Item<'_>| {
        let same = before.get(id).copied();
        same.or_else(|| {
            let declared = item.as_table().into_iter().flat_map(former_ids);
            let declared = declared.filter(|former| !after.contains_key(former));
            let mut places =
                declared.filter_map(|former| before.get(former)).chain(back.get(id)).copied();
            places.find(|at| used.insert(*at))
        })
    };
    new.iter().map(place).collect()
}

/// The addresses of an entity's items that have other ids by declaration: those before, with those now.
pub(super) fn renamed_items(before: &Entity, after: &Entity) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let properties = after.declaration().into_iter().flat_map(Declaration::properties);
    for property in properties.filter(|property| matches!(property.shape, Shape::Items(_))) {
        let lists =
            [before, after].map(|entity| entity.table.get(property.name).and_then(Node::as_array));
        let [Some(old), Some(new)] = lists else { continue };
        let (old, new) = (identified(old), identified(new));
        let at =
            |entity: &Entity, id: &str| entity.address.join(property.name).join(id).to_string();
        for ((now, _), place) in new.iter().zip(places_before(&old, &new)) {
            let then = place.and_then(|place| old.get(place)).filter(|(then, _)| then != now);
            found.extend(then.map(|(then, _)| (at(before, then), at(after, now))));
        }
    }
    found
}

fn places<'m>(items: &[Item<'m>]) -> BTreeMap<&'m str, usize> {
    items.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect()
}

/// The keys of two tables, each as it was before and as it is now; none where it was not there, or is not any
/// more.
pub(super) fn paired_keys<'k>(
    old: impl Iterator<Item = &'k &'k str>,
    new: impl Iterator<Item = &'k &'k str>,
    now: impl Fn(&str) -> Option<String>,
) -> Vec<[Option<&'k str>; 2]> {
    let old: BTreeSet<&str> = old.copied().collect();
    let mut new: BTreeSet<&str> = new.copied().collect();
    let renamed = old.iter().filter_map(|then| Some((*then, new.take(&*now(then)?)?)));
    let renamed: BTreeMap<&str, &str> = renamed.collect();
    let mut pairs: Vec<[Option<&str>; 2]> = Vec::new();
    for then in old {
        pairs.push([Some(then), renamed.get(then).copied().or_else(|| new.take(then))]);
    }
    pairs.extend(new.into_iter().map(|now| [None, Some(now)]));
    pairs.sort_unstable_by_key(|[then, now]| now.or(*then));
    pairs
}

#[cfg(test)]
mod tests {
    use super::paired_keys;

    #[test]
    fn no_key_is_lost_whatever_took_its_name() {
        let pairs = |old: &[&str], new: &[&str], renames: &[(&str, &str)]| {
            let now = |key: &str| {
                let found = renames.iter().find(|(then, _)| *then == key);
                found.map(|(_, now)| (*now).to_owned())
            };
            let pairs = paired_keys(old.iter(), new.iter(), now);
            pairs
                .iter()
                .map(|pair| pair.map(|key| key.unwrap_or("-")).join(" "))
                .collect::<Vec<_>>()
        };
        assert_eq!(pairs(&["a", "b"], &["b", "c"], &[]), ["a -", "b b", "- c"]);
        assert_eq!(pairs(&["a", "b"], &["c", "b"], &[("a", "c")]), ["b b", "a c"]);
        assert_eq!(pairs(&["a", "b"], &["b"], &[("a", "b"), ("b", "c")]), ["a b", "b -"]);
        assert_eq!(pairs(&["a"], &["a"], &[("a", "c")]), ["a a"]);
    }
}
