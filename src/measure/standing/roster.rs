//! Who is meant by what stands in an owner field: people by the roles they hold, and pools.

use crate::model::Model;
use crate::model::people::{Queue, Role, Team, plain, record_id, words};
use crate::model::persons::{Held, persons};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Whom an owner field names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// A person.
    Person(usize),
    /// A pool.
    Pool(usize),
}

/// A person who holds roles.
#[derive(Debug, Default)]
struct Person {
    name: String,
    /// The id under which the first of the roles names them.
    id: String,
    roles: Vec<String>,
    /// Whether every role was given up.
    left: bool,
}

/// A queue.
#[derive(Debug)]
struct Pool {
    address: String,
    name: String,
    team: Option<String>,
}

/// Whom words name; one that names two is no name of anybody.
type Named = BTreeMap<String, BTreeSet<Whose>>;

/// The people and pools of a model, by what they are called.
#[derive(Debug, Default)]
pub struct Roster {
    people: Vec<Person>,
    pools: Vec<Pool>,
    /// Whom a word names.
    words: Named,
    /// Whom a former id names that is no word for anybody now.
    former: Named,
    /// Whom an id of a CRM names, as far as it tells records apart.
    ids: Named,
    /// Who holds a role under an id of it.
    holders: BTreeMap<(String, String), usize>,
    /// The people of each queue, team and role, with those of the pools their work overflows into.
    members: BTreeMap<String, BTreeSet<usize>>,
    /// The queues among them: the queue itself and those it overflows into.
    pools_of: BTreeMap<String, BTreeSet<usize>>,
    /// The team of a role.
    teams: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    /// What a team is made of: roles and teams.
    parts: BTreeMap<String, Vec<String>>,
}

impl Roster {
    /// The people and pools of a model on a day.
    pub fn of(model: &Model, today: Date) -> Self {
        let mut roster = Self::default();
        let mut known = BTreeMap::new();
        for (entity, role) in model.each::<Role>() {
            let address = entity.address.as_str();
            roster.names.insert(address.to_owned(), entity.name().to_owned());
            let team = role.team.as_ref().map(|at| (address.to_owned(), at.address.clone()));
            roster.teams.extend(team);
        }
        for held in persons(model) {
            roster.holder(&held, &mut known, today);
        }
        roster.teams_of(model);
        roster.queues_of(model);
        roster
    }

    /// Takes up a person who holds a role, or holds another one.
    fn holder(&mut self, held: &Held<'_>, known: &mut BTreeMap<usize, usize>, today: Date) {
        let Held { role, holder, person } = held;
        let name = holder.name.as_ref().map_or(&holder.id, |name| &name.value.0).clone();
        let at = *known.entry(*person).or_insert(self.people.len());
        if at == self.people.len() {
            let (name, id) = (name.clone(), holder.id.clone());
            self.people.push(Person { name, id, left: true, ..Person::default() });
        }
        let here = holder.left.as_ref().is_none_or(|left| left.value >= today);
        if let Some(person) = self.people.get_mut(at) {
            person.left &= !here;
            person.roles.push(role.address.to_string());
        }
        if here {
            self.members.entry(role.address.to_string()).or_default().insert(at);
        }
        self.holders.insert((role.address.to_string(), holder.id.clone()), at);
        for word in holder.own_words() {
            self.called(word, Whose::Person(at));
        }
        for word in words(holder.known_as.as_ref()) {
            self.known_as(word, Whose::Person(at));
        }
        for word in words(holder.formerly.as_ref()) {
            take(&mut self.former, plain(word), Whose::Person(at));
        }
    }

    /// Takes up what somebody is called.
    fn called(&mut self, word: &str, whose: Whose) {
        take(&mut self.words, plain(word), whose);
    }

    /// Takes up what a CRM calls somebody: ids of others differ by the case of a letter alone.
    fn known_as(&mut self, word: &str, whose: Whose) {
        match record_id(word) {
            Some(id) => take(&mut self.ids, id.to_owned(), whose),
            None => self.called(word, whose),
        }
    }

    /// The people of each team: the holders of its roles, and those of the teams it is made of.
    fn teams_of(&mut self, model: &Model) {
        let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (role, team) in &self.teams {
            parts.entry(team.clone()).or_default().push(role.clone());
        }
        for (entity, team) in model.each::<Team>() {
            let address = entity.address.to_string();
            self.names.insert(address.clone(), entity.name().to_owned());
            if let Some(above) = &team.part_of {
                parts.entry(above.address.clone()).or_default().push(address);
            }
        }
        for team in parts.keys() {
            let all = within(team, &parts);
            let people = all.iter().filter_map(|part| self.members.get(part)).flatten().copied();
            let people = people.collect();
            self.members.insert(team.clone(), people);
        }
        self.parts = parts;
    }

    fn queues_of(&mut self, model: &Model) {
        let (mut own, mut overflow) = (BTreeMap::new(), BTreeMap::new());
        for (entity, queue) in model.each::<Queue>() {
            let address = entity.address.to_string();
            self.names.insert(address.clone(), entity.name().to_owned());
            let members = queue.members.iter().flat_map(|all| all.iter().map(|at| &at.address));
            let shares = queue.share.iter().flat_map(|all| all.iter());
            let shares = shares.filter_map(|share| share.member.as_ref().map(|at| &at.address));
            let members: Vec<&String> = members.chain(shares).collect();
            let team = entity.table.text("owner").map(|owner| self.team_at(owner));
            let pool = Whose::Pool(self.pools.len());
            for word in [entity.name(), entity.address.id(), &address] {
                self.called(word, pool);
            }
            for word in words(queue.known_as.as_ref()) {
                self.known_as(word, pool);
            }
            for former in entity.former_addresses() {
                for word in [former.id(), former.as_str()] {
                    take(&mut self.former, plain(word), pool);
                }
            }
            let people: BTreeSet<usize> = members
                .iter()
                .filter_map(|member| self.members.get(*member))
                .flatten()
                .copied()
                .collect();
            own.insert(address.clone(), (self.pools.len(), people));
            overflow.extend(queue.overflow.map(|at| (address.clone(), vec![at.value.address])));
            self.pools.push(Pool { name: entity.name().to_owned(), team: team.flatten(), address });
        }
        for queue in own.keys() {
            let all = within(queue, &overflow);
            let all: Vec<_> = all.iter().filter_map(|queue| own.get(queue)).collect();
            let people = all.iter().flat_map(|(_, people)| people).copied().collect();
            self.members.insert(queue.clone(), people);
            let pools = all.iter().map(|(pool, _)| *pool).collect();
            self.pools_of.insert(queue.clone(), pools);
        }
    }

    /// Whom what is written in an owner field names: by name, e-mail, login, id now or before, or
    /// another word by which they are known.
    pub fn find(&self, written: &str) -> Option<Whose> {
        let mut named = self.named(written)?.iter();
        named.next().copied().filter(|_| named.next().is_none())
    }

    /// Everybody whom a word names, each with where they stand, if it names several.
    pub fn several(&self, written: &str) -> Option<Vec<String>> {
        let all = self.named(written).filter(|all| all.len() > 1)?;
        let told = |whose: &Whose| {
            let (name, at) = (self.name(*whose), self.address(*whose).unwrap_or_default());
            match whose {
                Whose::Person(person) => {
                    let id = self.people.get(*person).map_or("", |person| &person.id);
                    format!("{name} in `{at}` as `{id}`")
                }
                Whose::Pool(_) => format!("the queue `{at}`"),
            }
        };
        Some(all.iter().map(told).collect())
    }

    fn named(&self, written: &str) -> Option<&BTreeSet<Whose>> {
        let known = record_id(written).and_then(|id| self.ids.get(id));
        known.or_else(|| {
            let word = plain(written);
            self.words.get(&word).or_else(|| self.former.get(&word))
        })
    }

    /// Whether somebody belongs to a queue, a team or a role, or to where its work overflows.
    pub fn belongs(&self, whose: Whose, destination: &str) -> bool {
        let (all, one) = match whose {
            Whose::Person(person) => (self.members.get(destination), person),
            Whose::Pool(pool) => (self.pools_of.get(destination), pool),
        };
        all.is_some_and(|all| all.contains(&one))
    }

    /// Who holds a role under an id of it.
    pub fn holder_of(&self, role: &str, id: &str) -> Option<Whose> {
        self.holders.get(&(role.to_owned(), id.to_owned())).copied().map(Whose::Person)
    }

    /// What they are called.
    pub fn name(&self, whose: Whose) -> &str {
        match whose {
            Whose::Person(person) => self.people.get(person).map_or("", |person| &person.name),
            Whose::Pool(pool) => self.pools.get(pool).map_or("", |pool| &pool.name),
        }
    }

    /// The name of a team, a role or a queue; its address where it has none.
    pub fn name_of<'a>(&'a self, address: &'a str) -> &'a str {
        self.names.get(address).map_or(address, String::as_str)
    }

    /// The queue, or the first role of a person: where their calendar is found.
    pub fn address(&self, whose: Whose) -> Option<&str> {
        match whose {
            Whose::Person(person) => self.people.get(person)?.roles.first().map(String::as_str),
            Whose::Pool(pool) => self.pools.get(pool).map(|pool| pool.address.as_str()),
        }
    }

    /// The addresses by which somebody can be asked for: roles and their teams, or the queue.
    pub fn addresses(&self, whose: Whose) -> Vec<&str> {
        match whose {
            Whose::Person(person) => {
                let roles = self.people.get(person).map(|person| person.roles.as_slice());
                roles.unwrap_or_default().iter().map(String::as_str).collect()
            }
            Whose::Pool(_) => self.address(whose).into_iter().collect(),
        }
    }

    /// The team they work in.
    pub fn team(&self, whose: Whose) -> Option<&str> {
        match whose {
            Whose::Person(_) => self.team_of(self.address(whose)?),
            Whose::Pool(pool) => self.pools.get(pool)?.team.as_deref(),
        }
    }

    /// A team and those it is made of.
    pub fn teams_within(&self, team: &str) -> BTreeSet<String> {
        within(team, &self.parts)
    }

    /// The team that a role belongs to, or the team itself.
    pub fn team_of<'a>(&'a self, address: &'a str) -> Option<&'a str> {
        if address.starts_with("team.") {
            return Some(address);
        }
        self.teams.get(address).map(String::as_str)
    }

    fn team_at(&self, owner: &str) -> Option<String> {
        self.team_of(owner).map(str::to_owned)
    }

    /// Whether a person has given up every role.
    pub fn has_left(&self, whose: Whose) -> bool {
        match whose {
            Whose::Person(person) => self.people.get(person).is_some_and(|person| person.left),
            Whose::Pool(_) => false,
        }
    }

    /// Every word by which somebody is known, for suggestions.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}

/// The people and pools of one model, day by day.
#[derive(Debug)]
pub(in crate::measure) struct Rosters<'m> {
    model: &'m Model,
    /// The days on which somebody held a role for the last time.
    last: BTreeSet<Date>,
    /// By how many of them have gone by.
    by: BTreeMap<usize, Roster>,
}

impl<'m> Rosters<'m> {
    /// Those of a model.
    pub(in crate::measure) fn of(model: &'m Model) -> Self {
        let mut last = BTreeSet::new();
        for (_, role) in model.each::<Role>() {
            let holders = role.holder.iter().flat_map(|holders| holders.iter());
            last.extend(holders.filter_map(|holder| Some(holder.left.as_ref()?.value)));
        }
        Self { model, last, by: BTreeMap::new() }
    }

    /// Those of a day.
    pub(in crate::measure) fn on(&mut self, day: Date) -> &Roster {
        let gone = self.last.range(..day).count();
        self.by.entry(gone).or_insert_with(|| Roster::of(self.model, day))
    }
}

/// Notes whom a word names.
fn take(words: &mut Named, word: String, whose: Whose) {
    words.entry(word).or_default().insert(whose);
}

/// An address and all that it leads to.
fn within(start: &str, next: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start.to_owned()]);
    while let Some(at) = open.pop() {
        if seen.insert(at.clone()) {
            open.extend(next.get(&at).into_iter().flatten().cloned());
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test says so by panicking")]

    use super::*;
    use crate::document::Limits;
    use crate::load;
    use crate::source::{RawContent, RawFile};

    fn roster(text: &str, today: &str) -> Roster {
        let content = RawContent::Bytes(text.as_bytes().to_vec());
        let file = RawFile { path: "model/all.toml".to_owned(), content };
        Roster::of(&load::read(vec![file], Limits::default()).model, today.parse().unwrap())
    }

    const PEOPLE: &str = r#"
[role.rep]
[[role.rep.holder]]
id = "ann"
name = "Ann Example"
known_as = ["0058d000001XyZA", "A. Example"]
[[role.rep.holder]]
id = "bob"
known_as = ["0058d000001XyZaAAK"]
[[role.rep.holder]]
id = "cid"
known_as = ["0058d000001XyZB"]
left = 2026-06-30
[role.support]
[[role.support.holder]]
id = "ann"
[[role.support.holder]]
id = "dan"
formerly = ["bob", "danny", "d"]
[queue.desk]
formerly = ["front", "d"]
"#;

    #[test]
    fn ids_differ_by_the_case_of_a_letter_and_names_do_not() {
        let roster = roster(PEOPLE, "2026-06-29");
        let name = |word: &str| roster.find(word).map(|whose| roster.name(whose).to_owned());
        for (word, whose) in [
            ("0058d000001XyZA", Some("Ann Example")),
            ("0058d000001XyZAAAY", Some("Ann Example")),
            (" 0058d000001XyZa ", Some("bob")),
            ("0058d000001XyZaAAK", Some("bob")),
            ("0058d000001XyZB", Some("cid")),
            ("0058d000001XyZb", None),
            ("0058d000001XyZbAAK", None),
            ("ann example", Some("Ann Example")),
            ("a. EXAMPLE", Some("Ann Example")),
            // Former ids, but for such as name somebody else now or two at once.
            ("Danny", Some("dan")),
            ("bob", Some("bob")),
            ("front", Some("desk")),
            ("queue.front", Some("desk")),
            ("d", None),
        ] {
            assert_eq!(name(word).as_deref(), whose, "{word}");
        }
    }

    #[test]
    fn whoever_has_one_name_in_two_roles_is_one() {
        let roster = roster(PEOPLE, "2026-06-29");
        let [one, other] = ["role.rep", "role.support"].map(|role| roster.holder_of(role, "ann"));
        assert!(one.is_some() && one == other);
        assert_ne!(one, roster.holder_of("role.rep", "bob"));
        assert_eq!(roster.holder_of("role.support", "bob"), None);
    }

    #[test]
    fn behind_the_last_day_nobody_holds_anything() {
        for (today, left) in [("2026-06-30", false), ("2026-07-01", true)] {
            let roster = roster(PEOPLE, today);
            let cid = roster.find("cid").unwrap();
            assert_eq!((roster.has_left(cid), roster.belongs(cid, "role.rep")), (left, !left));
        }
    }

    #[test]
    fn an_e_mail_is_written_once_and_a_name_of_two_people_says_whose_it_is() {
        let model = |more: &str| {
            let holder = |role: &str, says: &str| format!("[[role.{role}.holder]]\n{says}\n");
            let ann = "id = \"ann\"\nname = \"Ann Lee\"";
            [
                "[role.ae]\n[role.desk]\n[role.two]\n".to_owned(),
                holder("ae", &format!("{ann}\nemail = \"ann@x.com\"")),
                holder("desk", ann),
                holder("two", "id = \"lee\"\nname = \"ann LEE\"\nlogin = \"alee\""),
                holder("ae", "id = \"k1\"\nname = \"Kim Roe\"\nemail = \"kim@x.com\""),
                holder("two", "id = \"k2\"\nname = \"Kim Roe\"\nemail = \"kim2@x.com\""),
                more.to_owned(),
            ]
            .concat()
        };
        let one = roster(&model(""), "2026-06-29");
        let ann = one.find("Ann Lee").unwrap();
        assert_eq!([one.find("ann@x.com"), one.find("alee"), one.find("lee")], [Some(ann); 3]);
        assert_eq!(one.addresses(ann), ["role.ae", "role.desk", "role.two"]);
        assert_eq!((one.find("Kim Roe"), one.several("Ann Lee")), (None, None));
        let kim =
            ["Kim Roe in `role.ae` as `k1`", "Kim Roe in `role.two` as `k2`"].map(str::to_owned);
        assert_eq!(one.several("kim roe").unwrap(), kim);
        // Another e-mail, or a second one of the name in one role, is somebody else.
        for more in [
            "[[role.desk.holder]]\nid = \"al\"\nname = \"Ann Lee\"\n",
            "[role.x]\n[[role.x.holder]]\nid = \"x\"\nname = \"Ann Lee\"\nemail = \"a@y.com\"\n",
        ] {
            assert!(roster(&model(more), "2026-06-29").several("Ann Lee").is_some(), "{more}");
        }
    }
}
