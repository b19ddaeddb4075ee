//! Who holds which role on a day, and whether two ways to name somebody mean the same person.

use super::approval::Signer;
use crate::document::{Node, Table};
use crate::git::{Mailmap, Person};
use crate::model::people::{Holder as Written, Role};
use crate::model::{Entity, Model, Noun};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// One way in which somebody is known; all in small letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Email(String),
    Login(String),
    Name(String),
}

impl Key {
    /// Whether it stands for one person only; two people may have the same name.
    fn is_unique(&self) -> bool {
        !matches!(self, Self::Name(_))
    }
}

/// All ways in which one person is known: to Git, to the forge, and as a holder of roles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    keys: BTreeSet<Key>,
    /// Whether a name is all that was said.
    only_named: bool,
}

impl Identity {
    /// Whether both may be the same person: an address, a login or a name in common.
    pub fn may_be(&self, other: &Self) -> bool {
        !self.keys.is_disjoint(&other.keys)
    }

    /// Whether both surely are: an address or a login in common.
    fn shares_a_unique_key(&self, keys: &BTreeSet<Key>) -> bool {
        self.keys.intersection(keys).any(Key::is_unique)
    }
}

/// Whether somebody holds a role on the day that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// They hold it and are there.
    Acting,
    /// They hold it and are away until the end of this day; what they sign counts.
    Absent(Date),
    /// They hold it from this day on.
    From(Date),
    /// They held it until the end of this day.
    Left(Date),
}

impl Term {
    fn of(holder: &Written, as_of: Date) -> Self {
        let left = holder.left.as_ref().map(|left| left.value);
        let since = holder.since.as_ref().map(|since| since.value);
        let away = holder.absent_until.as_ref().map(|until| until.value);
        match (left, since, away) {
            (Some(left), ..) if left < as_of => Self::Left(left),
            (_, Some(since), _) if since > as_of => Self::From(since),
            (.., Some(until)) if until >= as_of => Self::Absent(until),
            _ => Self::Acting,
        }
    }

    /// How somebody stands to the role on that day, behind a name.
    pub fn told(self) -> String {
        match self {
            Self::Acting => "can act".to_owned(),
            Self::Absent(until) => format!("is away until {until}"),
            Self::From(since) => format!("begins on {since}"),
            Self::Left(left) => format!("left on {left}"),
        }
    }

    /// Whether the role is theirs, at their desk or away.
    pub fn is_in_office(self) -> bool {
        matches!(self, Self::Acting | Self::Absent(_))
    }
}

/// A person who holds a role, held it, or will.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The id in the role's list.
    pub id: String,
    /// The name people use.
    pub name: String,
    /// The e-mail address, as written.
    pub email: Option<String>,
    /// The login at the forge, as written.
    pub login: Option<String>,
    /// Whether they hold it on the day that is asked about.
    pub term: Term,
    keys: BTreeSet<Key>,
}

impl Holder {
    fn of(table: &Table, mailmap: &Mailmap, as_of: Date) -> Option<Self> {
        let id = table.text("id")?.to_owned();
        let name = table.text("name").unwrap_or(&id).to_owned();
        let written = Written::read(table);
        let email = written.email.as_ref().map(|email| email.value.0.clone());
        let login = written.login.as_ref().map(|login| login.value.0.clone());
        let signer =
            Signer { name: Some(name.clone()), email: email.clone(), login: login.clone() };
        let mut keys = keys(&signer, mailmap);
        keys.insert(Key::Name(id.to_lowercase()));
        Some(Self { id, name, email, login, term: Term::of(&written, as_of), keys })
    }

    /// As a signature names them.
    pub fn signer(&self) -> Signer {
        let (email, login) = (self.email.clone(), self.login.clone());
        Signer { name: Some(self.name.clone()), email, login }
    }

    /// Whether somebody is this holder.
    pub fn is(&self, identity: &Identity) -> bool {
        let by_name = identity.only_named && !identity.keys.is_disjoint(&self.keys);
        by_name || identity.shares_a_unique_key(&self.keys)
    }

    /// Whether somebody may be this holder: what is asked where it would keep them from signing.
    pub fn may_be(&self, identity: &Identity) -> bool {
        !identity.keys.is_disjoint(&self.keys)
    }
}

/// A role, and everybody who is listed for it.
#[derive(Debug, Clone)]
pub struct RoleHolders {
    /// Its address, such as `role.cro`.
    pub role: String,
    /// The name people use.
    pub name: String,
    /// Everybody who is listed, in the order written.
    pub holders: Vec<Holder>,
    /// The role that stands in when no holder can act.
    pub deputy: Option<String>,
}

impl RoleHolders {
    fn of(entity: &Entity, role: &Role, mailmap: &Mailmap, as_of: Date) -> Self {
        let items = entity.table.get("holder").and_then(Node::as_array).unwrap_or_default();
        let tables = items.iter().filter_map(Node::as_table);
        Self {
            role: entity.address.to_string(),
            name: entity.name().to_owned(),
            holders: tables.filter_map(|table| Holder::of(table, mailmap, as_of)).collect(),
            deputy: role.deputy.as_ref().map(|deputy| deputy.address.clone()),
        }
    }

    /// Those who hold it, at their desk or away.
    pub fn in_office(&self) -> impl Iterator<Item = &Holder> {
        self.holders.iter().filter(|holder| holder.term.is_in_office())
    }

    /// Those who hold it and are there.
    pub fn acting(&self) -> impl Iterator<Item = &Holder> {
        self.holders.iter().filter(|holder| holder.term == Term::Acting)
    }

    /// The listed person that somebody is, those in office first.
    pub fn listed(&self, identity: &Identity) -> Option<&Holder> {
        let mut found = self.holders.iter().filter(|holder| holder.is(identity));
        let first = found.clone().next();
        found.find(|holder| holder.term.is_in_office()).or(first)
    }
}

/// The roles of a model with their holders, and who is who.
#[derive(Debug, Clone)]
pub struct People {
    roles: BTreeMap<String, RoleHolders>,
    mailmap: Mailmap,
}

impl People {
    /// The people of a model on a day.
    pub fn of(model: &Model, mailmap: &Mailmap, as_of: Date) -> Self {
        let roles = model.each::<Role>().map(|(entity, role)| {
            let holders = RoleHolders::of(entity, &role, mailmap, as_of);
            (holders.role.clone(), holders)
        });
        Self { roles: roles.collect(), mailmap: mailmap.clone() }
    }

    /// All roles by address.
    pub fn roles(&self) -> impl Iterator<Item = &RoleHolders> {
        self.roles.values()
    }

    /// A role, where the model has it.
    pub fn role(&self, address: &str) -> Option<&RoleHolders> {
        self.roles.get(address)
    }

    /// Everything that is known of who somebody is.
    pub fn identity(&self, signer: &Signer) -> Identity {
        let mut keys = keys(signer, &self.mailmap);
        let only_named = !keys.iter().any(Key::is_unique);
        loop {
            let known = keys.len();
            for holder in self.roles.values().flat_map(|role| &role.holders) {
                if keys.intersection(&holder.keys).any(Key::is_unique) {
                    keys.extend(holder.keys.iter().cloned());
                }
            }
            if keys.len() == known {
                return Identity { keys, only_named };
            }
        }
    }

    /// Everything that is known of who wrote a commit.
    pub fn author(&self, person: &Person) -> Identity {
        self.identity(&Signer::from(person))
    }
}

/// The keys that somebody is known by directly, under the names they had and have.
fn keys(signer: &Signer, mailmap: &Mailmap) -> BTreeSet<Key> {
    let person = signer.person();
    let mut keys = BTreeSet::new();
    let now = mailmap.current(&person);
    let then = (now != person).then_some(person);
    for person in then.into_iter().chain([now]) {
        let (name, email) = (folded(&person.name), folded(&person.email));
        if let Some(login) = forge_login(&email) {
            keys.insert(Key::Login(login.to_owned()));
        }
        if !name.is_empty() {
            keys.insert(Key::Name(name));
        }
        if !email.is_empty() {
            keys.insert(Key::Email(email));
        }
    }
    let login = signer.login.as_deref().map(|login| folded(login.trim_start_matches('@')));
    keys.extend(login.filter(|login| !login.is_empty()).map(Key::Login));
    keys
}

/// Small letters and single spaces, and signs that look the same written in one way, so that a name is
/// compared as people read it.
fn folded(text: &str) -> String {
    let text: String = text.nfkc().collect();
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The login in an address that the forge gives to who keeps their own private.
fn forge_login(email: &str) -> Option<&str> {
    let local = email.strip_suffix("@users.noreply.github.com")?;
    let login = local.split_once('+').map_or(local, |(_, login)| login);
    (!login.is_empty()).then_some(login)
}
