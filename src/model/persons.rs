//! Which holders of roles are one person: who writes an e-mail once need not write it everywhere.

use super::people::{Holder, Role, plain};
use super::{At, Entity, Item, Model, Word};
use std::collections::{BTreeMap, BTreeSet};

/// A holder of a role, and which person that is.
#[derive(Debug)]
pub struct Held<'m> {
    /// The role.
    pub role: &'m Entity,
    /// The holder as it is written.
    pub holder: Item<Holder>,
    /// The place of the first holder who is the same person.
    pub person: usize,
}

/// What tells people apart, in small letters.
#[derive(Debug)]
struct Marks {
    role: String,
    id: String,
    name: Option<String>,
    email: Option<String>,
    login: Option<String>,
}

impl Marks {
    fn of(role: &Entity, holder: &Item<Holder>) -> Self {
        let word = |at: Option<&At<Word>>| at.map(|at| plain(&at.value.0));
        Self {
            role: role.address.to_string(),
            id: plain(&holder.id),
            name: holder.name.as_ref().map(|at| plain(&at.value.0)),
            email: word(holder.email.as_ref()),
            login: word(holder.login.as_ref()),
        }
    }

    /// What names a person in every role.
    fn surely(&self) -> &String {
        self.email.as_ref().or(self.login.as_ref()).unwrap_or(&self.id)
    }

    /// The words by which two may be one person: what is surely theirs, the name, and the id where
    /// somebody has no name but the same id.
    fn perhaps<'k>(&'k self, nameless: &BTreeSet<&String>) -> Vec<&'k String> {
        let id = Some(&self.id).filter(|id| nameless.contains(id));
        let all = [self.email.as_ref(), self.login.as_ref(), self.name.as_ref(), id];
        all.into_iter().flatten().chain([self.surely()]).collect()
    }
}

/// Every holder of a role in a model, with the person it is. Who has the same e-mail or login is one;
/// so is who is called the same in several roles, where an e-mail or a login is written for one of them
/// and nothing written for another contradicts it.
pub fn persons(model: &Model) -> Vec<Held<'_>> {
    let (mut all, mut marks) = (Vec::new(), Vec::new());
    for (role, read) in model.each::<Role>() {
        for holder in read.holder.iter().flat_map(|holders| holders.iter()) {
            marks.push(Marks::of(role, holder));
            all.push(Held { role, holder: holder.clone(), person: all.len() });
        }
    }
    let surely = joined(&marks, |marks| vec![marks.surely()]);
    let nameless = marks.iter().filter(|marks| marks.name.is_none()).map(|marks| &marks.id);
    let nameless: BTreeSet<&String> = nameless.collect();
    let perhaps = joined(&marks, |marks| marks.perhaps(&nameless));
    let mut alike: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    perhaps.iter().enumerate().for_each(|(at, first)| alike.entry(*first).or_default().push(at));
    let are_one: BTreeSet<usize> = alike
        .into_iter()
        .filter(|(_, group)| {
            is_one(&group.iter().filter_map(|at| marks.get(*at)).collect::<Vec<_>>())
        })
        .map(|(first, _)| first)
        .collect();
    for ((held, surely), perhaps) in all.iter_mut().zip(surely).zip(perhaps) {
        held.person = if are_one.contains(&perhaps) { perhaps } else { surely };
    }
    all
}

/// Whether holders who are called alike are one person: an e-mail or a login is written for one of
/// them, none has another one or another name, and no role has two of them.
fn is_one(group: &[&Marks]) -> bool {
    fn all<'g>(each: impl Iterator<Item = Option<&'g String>>) -> usize {
        each.flatten().collect::<BTreeSet<_>>().len()
    }
    let emails = all(group.iter().map(|one| one.email.as_ref()));
    let logins = all(group.iter().map(|one| one.login.as_ref()));
    let names = all(group.iter().map(|one| one.name.as_ref()));
    let roles = all(group.iter().map(|one| Some(&one.role)));
    emails.max(logins) == 1 && names <= 1 && roles == group.len()
}

/// For each holder the first one who shares a word with it, or with one who does.
fn joined<'k>(marks: &'k [Marks], words: impl Fn(&'k Marks) -> Vec<&'k String>) -> Vec<usize> {
    let mut first: Vec<usize> = (0..marks.len()).collect();
    let mut known: BTreeMap<&String, usize> = BTreeMap::new();
    for (at, marks) in marks.iter().enumerate() {
        for word in words(marks) {
            let other = *known.entry(word).or_insert(at);
            let [one, two] = [root(&first, at), root(&first, other)];
            if let Some(to) = first.get_mut(one.max(two)) {
                *to = one.min(two);
            }
        }
    }
    (0..first.len()).map(|at| root(&first, at)).collect()
}

fn root(first: &[usize], mut at: usize) -> usize {
    while let Some(next) = first.get(at).copied().filter(|next| *next != at) {
        at = next;
    }
    at
}
