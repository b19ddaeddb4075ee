//! Whom owner fields and approvals name, where a person or a queue is called otherwise: what names nobody any
//! more, and what names two at once and so neither of them.

use super::catalogue::Impact;
use super::edit::{Edit, Edited, Operation};
use crate::document::{Node, Table};
use crate::model::Model;
use crate::model::people::{Queue, plain, record_id, words};
use crate::model::persons::{Held, persons};
use std::collections::BTreeSet;

/// What a change of what somebody is called does, where that is known.
pub(super) fn impact(edit: &Edit<'_>) -> Option<Impact> {
    if shared(edit).is_some() {
        return Some(Impact::Breaking);
    }
    let former = text(edit.before)?;
    if text(edit.after).is_some_and(|now| plain(now) == plain(former)) {
        return Some(Impact::Cosmetic);
    }
    let is_name = edit.property?.name == "name";
    match (is_name, is_kept(edit, former)?) {
        (true, true) => Some(Impact::Additive),
        (true, false) => None,
        (false, is_kept) => (!is_kept || !can_sign_as_before(edit)?).then_some(Impact::Breaking),
    }
}

/// What is said of it: what nobody is called any more, and what two are called now.
pub(super) fn remark(edit: &Edit<'_>) -> Option<String> {
    if let Some(word) = shared(edit) {
        let says = "another person or queue is called so too";
        return Some(format!("; an owner field that says `{word}` names nobody: {says}"));
    }
    let former = text(edit.before)?;
    if !is_kept(edit, former)? {
        let says = format!("an owner field that says `{former}` names nobody now");
        return Some(format!("; {says}: `known_as` can keep it"));
    }
    let can_sign = edit.property?.name == "name" || can_sign_as_before(edit)?;
    (!can_sign).then(|| format!("; nothing signed as `{former}` counts as theirs any more"))
}

fn text(side: Option<Edited<'_>>) -> Option<&str> {
    side?.node?.as_text()
}

/// The table of the queue, or of the person who holds a role, that an edit is about.
fn table<'m>(edit: &Edit<'m>, is_after: bool) -> Option<&'m Table> {
    let [was, is] = edit.of;
    let (entity, address) = if is_after {
        (is?, &edit.address)
    } else {
        (was?, edit.previous.as_ref().unwrap_or(&edit.address))
    };
    let part = address.as_str().strip_prefix(entity.address.as_str())?;
    let Some(part) = part.strip_prefix(".holder.") else { return Some(&entity.table) };
    let (id, _) = part.split_once('.')?;
    let holders = entity.table.get("holder").and_then(Node::as_array)?;
    holders.iter().filter_map(Node::as_table).find(|table| table.text("id") == Some(id))
}

/// Whether an owner field may say a former word as before, by what else they are called.
fn is_kept(edit: &Edit<'_>, former: &str) -> Option<bool> {
    let (table, entity) = (table(edit, true)?, edit.of[1]?);
    let lists = ["known_as", "formerly"].into_iter();
    let lists = lists.filter_map(|key| table.get(key).and_then(Node::as_array)).flatten();
    let id = table.text("id").unwrap_or_else(|| entity.address.id());
    let own = ["name", "email", "login"].into_iter().filter_map(|key| table.text(key));
    let mut all = lists.filter_map(Node::as_text).chain([id]).chain(own);
    Some(all.any(|word| plain(word) == plain(former)))
}

/// Whether an address or a login is theirs as before: by one of them they are known where they sign.
fn can_sign_as_before(edit: &Edit<'_>) -> Option<bool> {
    let known_by = |table: &Table| -> BTreeSet<(&str, String)> {
        let keys = ["email", "login"].into_iter();
        keys.filter_map(|key| Some((key, plain(table.text(key)?)))).collect()
    };
    Some(!known_by(table(edit, false)?).is_disjoint(&known_by(table(edit, true)?)))
}

/// A word that an edit brings and that names somebody else too.
fn shared(edit: &Edit<'_>) -> Option<String> {
    let come: Vec<&str> = match &edit.operation {
        Operation::MembersAdded(members) => members.iter().map(String::as_str).collect(),
        Operation::Set | Operation::Replaced => text(edit.after).into_iter().collect(),
        _ => return None,
    };
    let [base, head] = edit.models()?.map(Called::of);
    let (then, own) = (base.whose(edit, false), head.whose(edit, true)?);
    let is_shared = |word: &&str| {
        head.named(word).iter().any(|whose| *whose != own)
            && then.as_ref().is_none_or(|own| !base.named(word).contains(own))
    };
    come.into_iter().find(is_shared).map(str::to_owned)
}

/// A person, by a number, or a queue, by its address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Person(usize),
    Queue(String),
}

/// Who is called how in a model.
struct Called<'m> {
    model: &'m Model,
    persons: Vec<Held<'m>>,
}

impl<'m> Called<'m> {
    fn of(model: &'m Model) -> Self {
        Self { model, persons: persons(model) }
    }

    /// The person or the queue that an edit is about.
    fn whose(&self, edit: &Edit<'_>, is_after: bool) -> Option<Whose> {
        let [was, is] = edit.of;
        let (table, entity) = (table(edit, is_after)?, if is_after { is } else { was }?);
        if std::ptr::eq(table, &raw const entity.table) {
            return Some(Whose::Queue(entity.address.to_string()));
        }
        let id = table.text("id")?;
        let is_it = |held: &&Held<'_>| held.role.address == entity.address && held.holder.id == id;
        self.persons.iter().find(is_it).map(|held| Whose::Person(held.person))
    }

    /// Who is called by a word.
    fn named(&self, word: &str) -> BTreeSet<Whose> {
        let says = |said: &str| match (record_id(said), record_id(word)) {
            (Some(said), Some(word)) => said == word,
            _ => plain(said) == plain(word),
        };
        let persons = self.persons.iter().filter(|held| {
            let known_as = words(held.holder.known_as.as_ref());
            held.holder.own_words().into_iter().chain(known_as).any(says)
        });
        let queues = self.model.each::<Queue>().filter(|(entity, queue)| {
            let own = [entity.name(), entity.address.id(), entity.address.as_str()];
            own.into_iter().chain(words(queue.known_as.as_ref())).any(says)
        });
        let queues = queues.map(|(entity, _)| Whose::Queue(entity.address.to_string()));
        persons.map(|held| Whose::Person(held.person)).chain(queues).collect()
    }
}
