//! What was found, counted: by kind, by owner and team, promise by promise, exception by exception.

use super::case::Looked;
use super::earlier::Before;
use super::promised::Stretches;
use super::{Deviation, Earlier, Fingerprint, Holder, Kind, NotChecked};
use crate::measure::RoutingDates;
use crate::measure::sla::{Promise, State};
use crate::model::{Address, Duration, Percent};
use crate::records::Read;
use jiff::civil::Date;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Everything that was found.
#[derive(Debug)]
pub struct Deviations {
    /// What was read.
    pub read: Read,
    /// How many records were looked at: those of the owner or team that was asked for.
    pub looked_at: u64,
    /// How many deviations there are; what an exception waives is not among them.
    pub total: u64,
    /// In how many records.
    pub records: u64,
    /// By kind, the worst first.
    pub kinds: Vec<(Kind, Count)>,
    /// By owner, those with most of the worst first.
    pub owners: Vec<(Holder, Group)>,
    /// By the address of the team; none where nobody's team is known.
    pub teams: Vec<(Option<String>, Group)>,
    /// Every promise.
    pub promises: Vec<PromiseCount>,
    /// Every exception about such records.
    pub waivers: Vec<Waiver>,
    /// What stands in owner fields and names nobody the model knows, and in how many records.
    pub unknown_owners: Vec<(String, u64)>,
    /// By which dates the routing of records is judged.
    pub dated_by: RoutingDates,
    /// What was not judged.
    pub not_checked: Vec<NotChecked>,
    /// The deviations, the worst first; no more of each kind than were asked for.
    pub found: Vec<Deviation>,
    /// Those that are waived.
    pub waived: Vec<Deviation>,
    /// What became of those of an earlier run.
    pub gone: Option<Gone>,
    /// How many deviations are of records without a key.
    pub unnamed: u64,
}

/// Deviations of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many there are.
    pub deviations: u64,
    /// In how many records.
    pub records: u64,
    /// How many more an exception waives.
    pub waived: u64,
    /// In how many records it could be judged.
    pub judged: u64,
    /// How many records do not say when.
    pub undated: u64,
}

/// Deviations of an owner or a team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// How many there are.
    pub deviations: u64,
    /// In how many records.
    pub records: u64,
    /// By kind, the worst first.
    pub kinds: BTreeMap<Kind, u64>,
}

/// Where the clocks of a promise stand.
#[derive(Debug, Clone)]
pub struct PromiseCount {
    /// Its address.
    pub address: Address,
    /// Its name.
    pub name: String,
    /// The limit.
    pub within: Duration,
    /// The share for which it should be kept.
    pub target: Option<Percent>,
    /// How many records it is about, by where their clock stands.
    pub states: BTreeMap<State, u64>,
    /// How long records waited for it to be somebody's turn, by the clock on the wall.
    pub system: Spread,
    /// How long people took then, by the clock of the promise.
    pub people: Spread,
    /// How many seconds of its clock are a day; none where that is another number for each owner.
    pub day: Option<i64>,
}

/// Lengths of time, each rounded up to three digits, so that any number of them takes little room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    counts: BTreeMap<i64, u64>,
    /// How many there are.
    pub of: u64,
}

/// An exception and what it did.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// Its address.
    pub address: Address,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Its last day.
    pub expires: Date,
    /// Whether that is over: then it waives nothing.
    pub over: bool,
    /// How many deviations it waives, or would.
    pub deviations: u64,
}

/// What became of the deviations of an earlier run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// How many are still there.
    pub still: u64,
    /// How many are looked for and not found any more.
    pub gone: u64,
    /// How many were not looked for, or could not be judged.
    pub not_sought: u64,
}

impl Deviations {
    /// What keeps anybody from saying that there are no more of a kind, or of all kinds, than were
    /// found: the export lacks a column, or nobody looks for the kind at all.
    pub fn unjudged(&self, kind: Option<Kind>) -> impl Iterator<Item = &NotChecked> {
        self.not_checked.iter().filter(move |it| match kind {
            Some(kind) => it.kinds.contains(&kind) && (it.lacks_column || it.parts.is_empty()),
            None => it.lacks_column && !it.kinds.is_empty(),
        })
    }
}

impl PromiseCount {
    pub(super) fn new(promise: &Promise, day: Option<i64>) -> Self {
        Self {
            address: promise.address.clone(),
            name: promise.name.clone(),
            within: promise.within,
            target: promise.target,
            states: BTreeMap::new(),
            system: Spread::default(),
            people: Spread::default(),
            day,
        }
    }

    pub(super) fn add(&mut self, state: State, stretches: Stretches) {
        *self.states.entry(state).or_default() += 1;
        stretches.system.into_iter().for_each(|seconds| self.system.add(seconds, 1));
        stretches.people.into_iter().for_each(|seconds| self.people.add(seconds, 1));
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (state, count) in other.states {
            *self.states.entry(state).or_default() += count;
        }
        self.system.merge(&other.system);
        self.people.merge(&other.people);
    }

    /// How many records it is about.
    pub fn about(&self) -> u64 {
        self.states.values().sum()
    }

    /// How many clocks stand somewhere.
    pub fn at(&self, state: State) -> u64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// Of how many it is decided whether the promise was kept, and of how many it was.
    pub fn kept(&self) -> (u64, u64) {
        let decided = self.states.iter().filter(|(state, _)| state.kept().is_some());
        (decided.map(|(_, count)| count).sum(), self.at(State::Kept))
    }
}

impl Spread {
    fn add(&mut self, seconds: i64, times: u64) {
        let mut scale = 60;
        while seconds.max(0) / scale >= 1_000 {
            scale *= 10;
        }
        // Rounded down, half of them would have waited for longer.
        let rounded = (seconds.max(0) + scale - 1) / scale * scale;
        *self.counts.entry(rounded).or_default() += times;
        self.of += times;
    }

    fn merge(&mut self, other: &Self) {
        for (seconds, times) in &other.counts {
            *self.counts.entry(*seconds).or_default() += times;
        }
        self.of += other.of;
    }

    /// The length that half of them do not exceed, rounded up to three digits.
    pub fn median(&self) -> Option<i64> {
        let half = self.of.div_ceil(2);
        let mut seen = 0;
        let reaches = |times: &u64, seen: &mut u64| {
            *seen += times;
            *seen >= half
        };
        self.counts.iter().find(|(_, times)| reaches(times, &mut seen)).map(|(length, _)| *length)
    }
}

/// What is kept of what is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selection<'w> {
    /// These kinds alone; all where none are named.
    pub(super) kinds: &'w [Kind],
    /// Only what was not there before.
    pub(super) earlier: Option<&'w Earlier>,
    /// No more than so many of each kind are kept, the worst of them.
    pub(super) keep: usize,
}

/// A deviation in the [order](Deviation::rank) in which they are listed.
struct Ranked {
    rank: Vec<u8>,
    deviation: Deviation,
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

/// The worst of any number of deviations, kind by kind.
#[derive(Default)]
struct Worst(BTreeMap<Kind, BinaryHeap<Ranked>>);

impl Worst {
    fn add(&mut self, deviation: Deviation, keep: usize) {
        let of_kind = self.0.entry(deviation.kind).or_default();
        of_kind.push(Ranked { rank: deviation.rank(), deviation });
        if of_kind.len() > keep {
            of_kind.pop();
        }
    }

    fn in_order(self) -> Vec<Deviation> {
        let ranked = self.0.into_values().flat_map(BinaryHeap::into_sorted_vec);
        ranked.map(|ranked| ranked.deviation).collect()
    }
}

/// So many different owners are told apart; the rest of them are one.
const OWNERS: usize = 2_000;

/// Counts as it goes.
pub(super) struct Tally<'w> {
    object: &'w str,
    selection: Selection<'w>,
    total: u64,
    records: u64,
    unnamed: u64,
    kinds: BTreeMap<Kind, Count>,
    owners: BTreeMap<Holder, Group>,
    teams: BTreeMap<Option<String>, Group>,
    waivers: Vec<Waiver>,
    found: Worst,
    waived: Worst,
    still: BTreeSet<Fingerprint>,
}

impl<'w> Tally<'w> {
    pub(super) fn new(object: &'w str, selection: Selection<'w>, waivers: Vec<Waiver>) -> Self {
        Self {
            object,
            selection,
            total: 0,
            records: 0,
            unnamed: 0,
            kinds: BTreeMap::new(),
            owners: BTreeMap::new(),
            teams: BTreeMap::new(),
            waivers,
            found: Worst::default(),
            waived: Worst::default(),
            still: BTreeSet::new(),
        }
    }

    /// Takes up everything that was found of one record, and hands on what counts.
    ///
    /// # Errors
    /// What whoever takes it hands back.
    pub(super) fn record<E>(
        &mut self,
        deviations: Vec<Deviation>,
        each: &mut impl FnMut(&Deviation, &[Waiver]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut seen: BTreeSet<Kind> = BTreeSet::new();
        let mut holder = None;
        for mut deviation in deviations {
            let kind = deviation.kind;
            if !self.selection.kinds.is_empty() && !self.selection.kinds.contains(&kind) {
                continue;
            }
            let key = deviation.record.key.as_deref();
            let address = deviation.address.as_str();
            deviation.fingerprint = key.map(|key| Fingerprint::of(self.object, key, kind, address));
            let waiver = deviation.waived.and_then(|place| self.waivers.get_mut(place));
            let in_force = waiver.as_ref().is_some_and(|waiver| !waiver.over);
            if let Some(waiver) = waiver {
                waiver.deviations += 1;
            }
            if in_force {
                self.kinds.entry(kind).or_default().waived += 1;
                each(&deviation, &self.waivers)?;
                self.waived.add(deviation, self.selection.keep);
                continue;
            }
            deviation.waived = None;
            if self.was_there(&deviation) {
                continue;
            }
            let first_of_kind = seen.insert(kind);
            holder.get_or_insert_with(|| deviation.holder.clone());
            self.count(&deviation, first_of_kind);
            each(&deviation, &self.waivers)?;
            self.found.add(deviation, self.selection.keep);
        }
        if let Some(holder) = holder {
            self.records += 1;
            let team = holder.team.clone();
            self.owner(holder).records += 1;
            self.teams.entry(team).or_default().records += 1;
        }
        Ok(())
    }

    fn was_there(&mut self, deviation: &Deviation) -> bool {
        let Some(earlier) = self.selection.earlier else { return false };
        let known = deviation.fingerprint.filter(|print| earlier.has(*print));
        known.is_some_and(|print| {
            self.still.insert(print);
            true
        })
    }

    fn count(&mut self, deviation: &Deviation, first_of_kind: bool) {
        self.total += 1;
        self.unnamed += u64::from(deviation.fingerprint.is_none());
        let count = self.kinds.entry(deviation.kind).or_default();
        count.deviations += 1;
        count.records += u64::from(first_of_kind);
        let team = self.teams.entry(deviation.holder.team.clone()).or_default();
        team.deviations += 1;
        *team.kinds.entry(deviation.kind).or_default() += 1;
        let owner = self.owner(deviation.holder.clone());
        owner.deviations += 1;
        *owner.kinds.entry(deviation.kind).or_default() += 1;
    }

    fn owner(&mut self, holder: Holder) -> &mut Group {
        let full = self.owners.len() >= OWNERS && !self.owners.contains_key(&holder);
        let others = || Holder { name: Some("others".to_owned()), ..Holder::default() };
        self.owners.entry(if full { others() } else { holder }).or_default()
    }

    /// Everything, with what was looked at on the way.
    pub(super) fn done(
        self,
        read: Read,
        gathered: Gathered,
        (not_checked, dated_by): (Vec<NotChecked>, RoutingDates),
        sought: impl Fn(&Before<'_>) -> bool,
    ) -> Deviations {
        let Gathered { looked_at, looked, promises, unknown } = gathered;
        let mut kinds = self.kinds;
        let named = self.selection.kinds;
        let asked = Kind::ALL.into_iter().filter(|kind| named.is_empty() || named.contains(kind));
        let kinds = asked.map(|kind| {
            let mut count = kinds.remove(&kind).unwrap_or_default();
            count.judged = looked.at.get(kind.place()).copied().unwrap_or_default();
            count.undated = looked.undated.get(kind.place()).copied().unwrap_or_default();
            (kind, count)
        });
        let mut unknown_owners: Vec<(String, u64)> = unknown.into_iter().collect();
        unknown_owners.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let gone = self.selection.earlier.map(|earlier| {
            earlier.gone(&self.still, |before| {
                sought(before) && !not_checked.iter().any(|it| it.is_about(before))
            })
        });
        Deviations {
            read,
            looked_at,
            total: self.total,
            records: self.records,
            kinds: kinds.collect(),
            owners: worst_first(self.owners),
            teams: worst_first(self.teams),
            promises,
            waivers: self.waivers,
            unknown_owners,
            dated_by,
            not_checked,
            found: self.found.in_order(),
            waived: self.waived.in_order(),
            gone,
            unnamed: self.unnamed,
        }
    }
}

/// What is gathered beside deviations.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) looked_at: u64,
    pub(super) looked: Looked,
    pub(super) promises: Vec<PromiseCount>,
    pub(super) unknown: BTreeMap<String, u64>,
}

impl Gathered {
    pub(super) fn merge(&mut self, other: Self) {
        self.looked_at += other.looked_at;
        self.looked.add(&other.looked);
        if self.promises.is_empty() {
            self.promises = other.promises;
        } else {
            self.promises.iter_mut().zip(other.promises).for_each(|(sum, more)| sum.merge(more));
        }
        for (name, records) in other.unknown {
            self.unknown(name, records);
        }
    }

    /// Counts an owner whom nobody knows.
    pub(super) fn unknown(&mut self, name: String, records: u64) {
        let full = self.unknown.len() >= OWNERS && !self.unknown.contains_key(&name);
        let name = if full { "others".to_owned() } else { name };
        *self.unknown.entry(name).or_default() += records;
    }
}

/// Groups with most of the worst kind first.
fn worst_first<K: Ord>(groups: BTreeMap<K, Group>) -> Vec<(K, Group)> {
    let mut groups: Vec<(K, Group)> = groups.into_iter().collect();
    groups.sort_by(|(a_key, a), (b_key, b)| worse(a, b).then_with(|| a_key.cmp(b_key)));
    groups
}

fn worse(a: &Group, b: &Group) -> Ordering {
    let count = |group: &Group, kind: Kind| group.kinds.get(&kind).copied().unwrap_or_default();
    let mut orders = Kind::ALL.into_iter().map(|kind| count(b, kind).cmp(&count(a, kind)));
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
