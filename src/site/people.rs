//! Teams, roles and who holds them, and the pools records wait in.

use super::known::{Known, Listed};
use super::layout::{Frame, Layout};
use super::names::stem;
use super::prose::{Text, name_of};
use crate::model::people::{Queue, Role, Team};
use crate::model::{Entity, Model};
use crate::rights::{Holder, Term};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct Page {
    teams: Vec<TeamRow>,
    roles: Vec<RoleRow>,
    queues: Vec<QueueRow>,
    more: Vec<(String, usize)>,
}

#[derive(Serialize)]
struct TeamRow {
    it: Listed,
    id: String,
    function: String,
    lead: Text,
    part_of: Text,
    roles: Text,
}

#[derive(Serialize)]
struct RoleRow {
    it: Listed,
    id: String,
    people: Vec<Person>,
    team: Text,
    reports_to: Text,
    deputy: Text,
}

/// Somebody who holds a role, held it, or will.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Person {
    name: String,
    /// What is to be known of their term.
    term: Option<String>,
    acting: bool,
}

#[derive(Serialize)]
struct QueueRow {
    it: Listed,
    id: String,
    members: Text,
    people: usize,
    distribution: String,
    capacity: String,
    overflow: Text,
}

/// Tables have no more rows than this.
const ROWS: usize = 500;

/// The page of teams, roles and queues.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let frame = Frame { path: "people.html", title: "People and roles", ..Frame::default() };
    let model = known.model();
    let count = |kind| model.of_kind(kind).count();
    let more = [("team", "teams"), ("role", "roles"), ("queue", "queues")];
    let more = more.into_iter().filter(|(kind, _)| count(kind) > ROWS);
    let page = Page {
        teams: model
            .each()
            .take(ROWS)
            .map(|(entity, team)| team_row(known, entity, &team))
            .collect(),
        roles: model
            .each()
            .take(ROWS)
            .map(|(entity, role)| role_row(known, entity, &role))
            .collect(),
        queues: model.each().take(ROWS).map(|(entity, it)| queue_row(known, entity, &it)).collect(),
        more: more.map(|(kind, words)| (words.to_owned(), count(kind) - ROWS)).collect(),
    };
    layout.page(&frame, "people.html", page)
}

fn link<K>(known: &Known<'_>, target: Option<&crate::model::At<crate::model::Target<K>>>) -> Text {
    target.map(|target| known.names.link(&target.address)).unwrap_or_default()
}

fn team_row(known: &Known<'_>, entity: &Entity, team: &Team) -> TeamRow {
    let address = entity.address.as_str();
    let of_team = |role: &Role| role.team.as_ref().is_some_and(|team| team.address == address);
    let roles = known.model().each::<Role>().filter(|(_, role)| of_team(role));
    let roles: Vec<Text> = roles.map(|(role, _)| known.names.link(role.address.as_str())).collect();
    TeamRow {
        it: Known::listed(entity),
        id: stem(address),
        function: team.function.as_ref().map(|word| word.value.0.clone()).unwrap_or_default(),
        lead: link(known, team.lead.as_ref()),
        part_of: link(known, team.part_of.as_ref()),
        roles: Text::joined(roles, ", "),
    }
}

fn role_row(known: &Known<'_>, entity: &Entity, role: &Role) -> RoleRow {
    RoleRow {
        it: Known::listed(entity),
        id: stem(entity.address.as_str()),
        people: holders(known, entity.address.as_str()),
        team: link(known, role.team.as_ref()),
        reports_to: link(known, role.reports_to.as_ref()),
        deputy: link(known, role.deputy.as_ref()),
    }
}

/// Who is listed for a role, and what is to be known of their term.
pub(in crate::site) fn holders(known: &Known<'_>, role: &str) -> Vec<Person> {
    let holders = known.people.role(role).into_iter().flat_map(|role| &role.holders);
    holders.map(person).collect()
}

fn person(holder: &Holder) -> Person {
    let term = match holder.term {
        Term::Acting => None,
        Term::Absent(until) => Some(format!("away until {until}")),
        Term::From(day) => Some(format!("from {day}")),
        Term::Left(day) => Some(format!("left on {day}")),
    };
    Person { name: holder.name.clone(), acting: term.is_none(), term }
}

fn queue_row(known: &Known<'_>, entity: &Entity, queue: &Queue) -> QueueRow {
    let members = queue.members.iter().flat_map(|members| members.iter());
    let roles = roles_behind(known.model(), entity.address.as_str()).unwrap_or_default();
    let people: BTreeSet<&str> = roles
        .iter()
        .filter_map(|role| known.people.role(role))
        .flat_map(|role| role.acting().map(|holder| holder.name.as_str()))
        .collect();
    QueueRow {
        it: Known::listed(entity),
        id: stem(entity.address.as_str()),
        members: known.names.links(members.map(|member| member.address.as_str()), ", "),
        people: people.len(),
        distribution: queue.distribution.as_ref().map(|it| it.word.to_owned()).unwrap_or_default(),
        capacity: queue.capacity.as_ref().map(|it| it.value.to_string()).unwrap_or_default(),
        overflow: link(known, queue.overflow.as_ref()),
    }
}

/// The roles whose people take what is sent to an address: those of a queue, those of a team, or the
/// role itself; none where the model does not say who that is.
pub(in crate::site) fn roles_behind(model: &Model, address: &str) -> Option<BTreeSet<String>> {
    let entity = model.get(address)?;
    match entity.address.kind() {
        "role" => Some(BTreeSet::from([address.to_owned()])),
        "team" => {
            let of_team = |role: &Role| role.team.as_ref().is_some_and(|it| it.address == address);
            let roles = model.each::<Role>().filter(|(_, role)| of_team(role));
            Some(roles.map(|(role, _)| role.address.to_string()).collect())
        }
        "queue" => {
            let queue: Queue = entity.read();
            let members = queue.members.as_ref()?;
            let of = |member: &str| match member.split_once('.') {
                Some(("role" | "team", _)) => roles_behind(model, member),
                _ => None,
            };
            Some(members.iter().filter_map(|member| of(&member.address)).flatten().collect())
        }
        _ => None,
    }
}

/// Everybody who takes what is sent to an address, in a line.
pub(in crate::site) fn who(known: &Known<'_>, address: &str) -> String {
    let roles = roles_behind(known.model(), address).unwrap_or_default();
    let names: BTreeSet<&str> = roles
        .iter()
        .filter_map(|role| known.people.role(role))
        .flat_map(|role| role.in_office().map(|holder| holder.name.as_str()))
        .collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// The name of whoever an entity is, for a diagram.
pub(in crate::site) fn called(known: &Known<'_>, address: &str) -> String {
    known.names.entity(address).map_or_else(|| address.to_owned(), name_of)
}
