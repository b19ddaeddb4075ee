//! What comes to whom: the promises that start with routing, and how many records pools have room for.

use super::super::former::Ready;
use super::TableImpact;
use crate::measure::standing::{Roster, Whose};
use crate::model::people::{Holder, Queue, Role, Share};
use crate::model::{Item, Model};
use crate::proof::Destination;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// How many records come to a destination under a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The promise; none where records come without one.
    pub sla: Option<String>,
    /// Where they come to; none where a rule does not say it.
    pub to: Option<String>,
    /// The team that answers for the destination, where that is known.
    pub team: Option<String>,
    /// How many came before, and come now.
    pub records: [u64; 2],
    /// How much they add up to, before and now.
    pub sums: [Decimal; 2],
}

/// How many records come to a pool, and how many there is room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The queue.
    pub queue: String,
    /// How many records come, before and now.
    pub records: [u64; 2],
    /// How many its people may hold at a time, before and now; none where that is not said.
    pub room: [Option<u64>; 2],
    /// How many people take from it on the day, before and now.
    pub people: [u64; 2],
}

impl Room {
    /// Whether more records come than there is room for, before and now.
    pub fn is_over(&self) -> [bool; 2] {
        [0, 1].map(|side| {
            let pair = self.records.get(side).zip(self.room.get(side).copied().flatten());
            pair.is_some_and(|(records, room)| *records > room)
        })
    }
}

/// How many records come to each destination by promise, before and now, and what they add up to.
pub(super) type Arrivals = BTreeMap<Destination, [(u64, Decimal); 2]>;

/// What comes to each destination of all tables.
fn arrivals(tables: &[TableImpact]) -> Arrivals {
    let mut found = Arrivals::new();
    for (destination, sides) in tables.iter().flat_map(|table| &table.arrivals) {
        let all = found.entry(destination.clone()).or_default();
        for ((records, sum), (more, sums)) in all.iter_mut().zip(sides) {
            *records += more;
            *sum = sum.saturating_add(*sums);
        }
    }
    found
}

/// The promises that start with routing, by destination.
pub(super) fn loads(tables: &[TableImpact], states: (&Ready<'_>, &Ready<'_>)) -> Vec<Load> {
    let arrivals = arrivals(tables).into_iter();
    arrivals
        .map(|(Destination { to, sla, .. }, [(was, sum_was), (now, sum_now)])| {
            let team = to.as_deref().and_then(|to| {
                let then = || states.0.names().then(to);
                team(states.1.own().model(), to).or_else(|| team(states.0.own().model(), &then()?))
            });
            Load { sla, to, team, records: [was, now], sums: [sum_was, sum_now] }
        })
        .collect()
}

/// The team that answers for a destination.
fn team(model: &Model, to: &str) -> Option<String> {
    let entity = model.get(to)?;
    match entity.address.kind() {
        "team" => Some(to.to_owned()),
        "role" => entity.table.text("team").map(str::to_owned),
        _ => {
            entity.table.text("owner").filter(|owner| owner.starts_with("team.")).map(str::to_owned)
        }
    }
}

/// The pools to which other records come, or in which there is room for another number.
pub(super) fn rooms(
    tables: &[TableImpact],
    states: (&Ready<'_>, &Ready<'_>),
    as_of: Timestamp,
) -> Vec<Room> {
    let today = TimeZone::UTC.to_datetime(as_of).date();
    let mut records: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for (destination, [(before, _), (now, _)]) in arrivals(tables) {
        let Some(to) = destination.to.filter(|to| to.starts_with("queue.")) else { continue };
        let all = records.entry(to).or_default();
        all[0] += before;
        all[1] += now;
    }
    let models = [states.0.own().model(), states.1.own().model()];
    let rosters = models.map(|model| Roster::of(model, today));
    let room = |(queue, records): (String, [u64; 2])| {
        let then = states.0.names().then(&queue);
        let before = then.map(|then| pool(models[0], &then, (today, &rosters[0])));
        let (before, after) =
            (before.unwrap_or_default(), pool(models[1], &queue, (today, &rosters[1])));
        let (room, people) = ([before.room, after.room], [before.people, after.people]);
        Room { queue, records, room, people }
    };
    let rooms = records.into_iter().map(room);
    rooms
        .filter(|room| room.records[0] != room.records[1] || room.room[0] != room.room[1])
        .collect()
}

/// A pool on a day.
#[derive(Debug, Clone, Copy, Default)]
struct Pool {
    room: Option<u64>,
    people: u64,
}

/// How many people take from a queue, and how many records they may hold: of what is said of one person (by
/// the queue or of the person) and of a member's share, the least counts.
fn pool(model: &Model, address: &str, (today, roster): (Date, &Roster)) -> Pool {
    let Some(entity) = model.get(address) else { return Pool::default() };
    let queue: Queue = entity.read();
    let mut found = Pool { room: Some(0), people: 0 };
    let mut seen = BTreeSet::new();
    let shares = || queue.share.iter().flat_map(|shares| shares.iter());
    let sharing = shares().filter_map(|share| share.member.as_ref());
    let sharing = sharing.map(|member| member.address.as_str());
    let members = queue.members.iter().flat_map(|members| members.iter());
    let members = members.map(|member| member.address.as_str()).chain(sharing);
    let mut known = BTreeSet::new();
    for member in members.filter(|member| known.insert(*member)) {
        let of_member =
            |share: &&Item<Share>| share.member.as_ref().is_some_and(|of| of.address == member);
        let share = shares().find(of_member);
        let absent = share.and_then(|share| share.absent_until.as_ref());
        if absent.is_some_and(|until| until.value >= today) {
            continue;
        }
        let mut people = people(model, (member, roster), today);
        people.retain(|(who, _)| seen.insert(*who));
        let room = room(&people, queue.capacity.as_deref().copied(), share);
        found.people += u64::try_from(people.len()).unwrap_or(u64::MAX);
        found.room = found.room.zip(room).map(|(all, room)| all + room);
    }
    // Where nobody is named, nothing is said of room.
    found.room = found.room.filter(|room| *room > 0 || found.people > 0);
    found
}

/// How many records some people may hold: each as many as the queue and what is said of the person allow, and all
/// together no more than their share.
fn room(
    people: &[(Option<Whose>, Item<Holder>)],
    each: Option<u32>,
    share: Option<&Item<Share>>,
) -> Option<u64> {
    let own = |holder: &Item<Holder>| holder.capacity.as_deref().copied();
    let most = |holder| [own(holder), each].into_iter().flatten().min().map(u64::from);
    let together = people.iter().map(|(_, holder)| most(holder)).sum::<Option<u64>>();
    let shared = share.and_then(|share| share.capacity.as_deref().copied()).map(u64::from);
    [together, shared].into_iter().flatten().min()
}

/// The people of a role, or of a team and those it is made of, to whom something may be given on a day.
fn people(
    model: &Model,
    (member, roster): (&str, &Roster),
    today: Date,
) -> Vec<(Option<Whose>, Item<Holder>)> {
    let within = roster.teams_within(member);
    let roles = model.each::<Role>().filter(|(role, _)| within.contains(role.address.as_str()));
    let mut found = Vec::new();
    for (entity, role) in roles {
        let holders = role.holder.iter().flat_map(|holders| holders.iter());
        let there = holders.filter(|holder| {
            let gone = holder.left.as_ref().is_some_and(|left| left.value < today);
            let to_come = holder.since.as_ref().is_some_and(|since| since.value > today);
            let absent = holder.absent_until.as_ref().is_some_and(|until| until.value >= today);
            !gone && !to_come && !absent
        });
        let who = |holder: &Item<Holder>| roster.holder_of(entity.address.as_str(), &holder.id);
        found.extend(there.map(|holder| (who(holder), holder.clone())));
    }
    found
}
