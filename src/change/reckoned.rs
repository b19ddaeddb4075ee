//! What says the same as before and comes out otherwise, since it is reckoned by something else that
//! changed: what a field may hold by its list, limits in working time by a calendar, figures by the
//! promises and the figures they are computed from.

use super::catalogue::CATALOGUE;
use super::classify::Change;
use super::decide::Exactly;
use super::fingerprint::Fingerprint;
use super::renames::Names;
use super::ripple::as_replaced;
use crate::document::Node;
use crate::model::{Address, Clock, Duration, Entity, Kind, Model, Polarity, Shape, Slot};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What something follows from, by address.
type Causes = BTreeSet<Address>;

/// What fields may hold, where the list that they take it from changed.
pub(super) fn fields(direct: &[Change], exactly: &Exactly<'_, '_>, names: &Names) -> Vec<Change> {
    let changed = direct.iter().filter(|change| !change.is_cosmetic());
    let ends = changed.flat_map(|change| [Some(&change.address), change.previous.as_ref()]);
    let lists: BTreeSet<String> = ends
        .flatten()
        .filter(|end| end.kind() == "list")
        .filter_map(|end| end.and_above().find(|above| above.matches('.').count() == 1))
        .map(|list| names.now(list))
        .collect();
    if lists.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for field in exactly.after.model().of_kind("field") {
        let Some(list) = field.table.text("values_from").filter(|list| lists.contains(*list))
        else {
            continue;
        };
        found.extend(field_of_list(field, list, exactly, names).into_iter().flatten());
    }
    found
}

/// What a field may hold more and what no more, by its list alone.
fn field_of_list(
    field: &Entity,
    list: &str,
    exactly: &Exactly<'_, '_>,
    names: &Names,
) -> Option<Vec<Change>> {
    let former = exactly.before.model().get(&names.then(field.address.as_str())?)?;
    let then = former.table.text("values_from").filter(|then| names.now(then) == list)?;
    let is_open = |field: &Entity| field.table.get("open").and_then(Node::as_bool) == Some(true);
    // Where other values are allowed as well, only that this begins or ends is told of the field.
    if is_open(former) || is_open(field) {
        return None;
    }
    let values = |entity: Option<&Entity>| -> BTreeSet<String> {
        let values = entity.and_then(|entity| entity.table.get("values")).and_then(Node::as_array);
        values.unwrap_or_default().iter().filter_map(Node::as_text).map(str::to_owned).collect()
    };
    let was = values(exactly.before.model().get(then));
    let is = values(exactly.after.model().get(list));
    // What the field allows by itself is told of the field.
    let own: BTreeSet<String> = values(Some(former)).union(&values(Some(field))).cloned().collect();
    let beyond = |one: &BTreeSet<String>, other: &BTreeSet<String>| -> Vec<String> {
        one.iter().filter(|it| !other.contains(*it) && !own.contains(*it)).cloned().collect()
    };
    let place = |field: &Entity| {
        let entry = field.table.entries.iter().find(|entry| entry.key == "values_from");
        entry.map(|entry| field.place(entry.key_span.to(entry.node.span)))
    };
    let change = |id: &str, members: Vec<String>, is_added: bool| {
        let several: Vec<String> = members.iter().map(|member| format!("`{member}`")).collect();
        let several = several.join(", ");
        let summary = if is_added {
            format!("`{list}` allows {several} as well")
        } else {
            format!("`{list}` does not allow {several} any more")
        };
        let said = json!(members);
        let (gone, come): (Option<&Json>, _) =
            if is_added { (None, Some(&said)) } else { (Some(&said), None) };
        let address = field.address.join("values_from");
        let mut change = Change::new(CATALOGUE.get(id)?, address, summary, (gone, come));
        (change.before, change.after) = (gone.cloned(), come.cloned());
        (change.base, change.head) = (place(former), place(field));
        let previous = former.address.join("values_from");
        change.previous = (previous != change.address).then_some(previous);
        change.caused_by = vec![Address::new(list)];
        Some(change).filter(|_| !members.is_empty())
    };
    let gone = change("field-value-removed", beyond(&was, &is), false);
    Some(gone.into_iter().chain(change("field-value-added", beyond(&is, &was), true)).collect())
}

/// Limits in working time and figures that come out otherwise; `found` is what follows already.
pub(super) fn changes(
    direct: &[Change],
    found: &[Change],
    exactly: &Exactly<'_, '_>,
    names: &Names,
) -> Vec<Change> {
    let told = direct.iter().filter(|change| !change.is_cosmetic()).map(|change| &change.address);
    let told = told.collect();
    let mut reckoned = Reckoned { direct, told, exactly, names, found: Vec::new() };
    reckoned.limits();
    reckoned.figures(found);
    reckoned.found
}

struct Reckoned<'a, 'm> {
    direct: &'a [Change],
    /// Where they are that are more than form.
    told: BTreeSet<&'a Address>,
    exactly: &'a Exactly<'a, 'm>,
    names: &'a Names,
    found: Vec<Change>,
}

/// The calendars that count otherwise, and why.
#[derive(Default)]
struct Calendars {
    /// The one that counts where none is named.
    own: Causes,
    /// Each by its address in either revision.
    named: BTreeMap<String, Causes>,
    /// Those by which teams work, and those by which queues do.
    teams: Causes,
    queues: Causes,
}

impl Calendars {
    /// Why the calendar is another that a limit runs on.
    fn of(&self, entity: &Entity) -> Causes {
        let by = |others: &[&Causes]| others.iter().copied().flatten().cloned().collect();
        match entity.address.kind() {
            "sla" => match (entity.table.text("calendar"), entity.table.text("calendar_of")) {
                (Some(named), _) => self.named.get(named).cloned().unwrap_or_default(),
                (None, Some("owner")) => by(&[&self.own, &self.teams, &self.queues]),
                (None, Some("queue")) => by(&[&self.own, &self.queues]),
                (None, _) => self.own.clone(),
            },
            // They run on the calendar by which whoever has the record works.
            "lifecycle" => by(&[&self.own, &self.teams, &self.queues]),
            "metric" | "signal" => self.own.clone(),
            // Of other limits nothing is reckoned here.
            _ => Causes::new(),
        }
    }

    fn is_empty(&self) -> bool {
        let mut all = self.named.values().chain([&self.own, &self.teams, &self.queues]);
        all.all(Causes::is_empty)
    }
}

impl<'m> Reckoned<'_, 'm> {
    /// The direct changes that are more than form.
    fn written(&self) -> impl Iterator<Item = &Change> {
        self.direct.iter().filter(|change| !change.is_cosmetic())
    }

    /// The calendars that count otherwise.
    fn calendars(&self) -> Calendars {
        let mut calendars = Calendars::default();
        for change in self.written() {
            let (address, by) = (&change.address, change.address.clone());
            let is_of = |part: &str| address.and_above().any(|above| above == part);
            match address.kind() {
                "calendar" if change.kind.id.starts_with("sla-clock") => {
                    for end in [Some(address), change.previous.as_ref()].into_iter().flatten() {
                        let named = end.and_above().find(|it| it.matches('.').count() == 1);
                        let named = named.unwrap_or_default().to_owned();
                        calendars.named.entry(named).or_default().insert(by.clone());
                    }
                }
                "model" if is_of("model.default_calendar") => drop(calendars.own.insert(by)),
                // Beside a named one the model's own counts for nothing.
                "model" if is_of("model.calendar") && !self.names_default() => {
                    calendars.own.insert(by);
                }
                "team" if address.last() == "calendar" => drop(calendars.teams.insert(by)),
                "queue" if address.last() == "calendar" => drop(calendars.queues.insert(by)),
                _ => {}
            }
        }
        if calendars.named.is_empty() {
            return calendars;
        }
        let named = std::mem::take(&mut calendars.named);
        let causes = |entity: &Entity, key: &str| named.get(entity.table.text(key)?);
        for model in [self.exactly.before.model(), self.exactly.after.model()] {
            for (kind, key, into) in [
                ("model", "default_calendar", &mut calendars.own),
                ("team", "calendar", &mut calendars.teams),
                ("queue", "calendar", &mut calendars.queues),
            ] {
                let of_kind = model.entities().filter(|entity| entity.address.kind() == kind);
                into.extend(of_kind.filter_map(|it| causes(it, key)).flatten().cloned());
            }
        }
        calendars.named = named;
        calendars
    }

    /// Whether both revisions name the calendar that counts where none is named.
    fn names_default(&self) -> bool {
        [self.exactly.before, self.exactly.after].iter().all(|scope| {
            let model = scope.model().get("model");
            model.is_some_and(|model| model.table.text("default_calendar").is_some())
        })
    }

    /// Limits in working time whose calendar counts otherwise, of a promise one.
    fn limits(&mut self) {
        let calendars = self.calendars();
        if calendars.is_empty() {
            return;
        }
        let mut limits: BTreeMap<Address, Slot<'m>> = BTreeMap::new();
        for slot in self.exactly.after.slots().iter().filter(|slot| is_in_working_time(slot)) {
            // All of a promise runs on one clock.
            let is_promise = slot.entity.address.kind() == "sla";
            let whose = if is_promise { &slot.entity.address } else { &slot.address };
            if slot.property.name == "within" || !limits.contains_key(whose) {
                limits.insert(whose.clone(), slot.clone());
            }
        }
        for slot in limits.into_values() {
            let Some(then) = self.then(&slot).filter(is_in_working_time) else { continue };
            let causes = [&then, &slot].into_iter().flat_map(|slot| calendars.of(slot.entity));
            let says = "says the same, but the working time that counts for it is another";
            self.add(&then, &slot, causes.collect(), says);
        }
    }

    /// The same value in the base.
    fn then(&self, slot: &Slot<'_>) -> Option<Slot<'m>> {
        let before = self.exactly.before.model();
        let entity = before.get(&self.names.then(slot.entity.address.as_str())?)?;
        let address = self.names.then(slot.address.as_str())?;
        entity.slots().into_iter().find(|slot| slot.address.as_str() == address)
    }

    /// Adds the change of a value as if it had been written otherwise, unless it was.
    fn add(&mut self, then: &Slot<'m>, now: &Slot<'m>, causes: Causes, says: &str) {
        if causes.is_empty() || self.told.contains(&now.address) {
            return;
        }
        let Some(mut change) = as_replaced(then, now, None) else { return };
        change.summary = format!("`{}` {says}", now.property.name);
        // It is known by what it follows from.
        change.fingerprint = Fingerprint::of(&change.kind.id, change.address.as_str(), None, None);
        change.caused_by = causes.into_iter().collect();
        self.found.push(change);
    }

    /// Metrics whose figure is another since that of a promise or of another metric is.
    fn figures(&mut self, found: &[Change]) {
        let all = self.written().chain(found).chain(&self.found);
        let mut known: BTreeMap<String, Causes> = BTreeMap::new();
        for change in all {
            let Some((whose, part)) = owner_and_part(&change.address) else { continue };
            if decides_figures(&change.address, part) {
                let own = std::slice::from_ref(&change.address);
                let by = if change.caused_by.is_empty() { own } else { &change.caused_by };
                known.entry(whose.to_owned()).or_default().extend(by.iter().cloned());
            }
        }
        if known.is_empty() {
            return;
        }
        let after: &'m Model = self.exactly.after.model();
        let metrics: Vec<&Entity> = after.of_kind("metric").collect();
        let edges = |entity: &'m Entity| {
            let keys: &[&str] = match entity.table.text("formula") {
                Some("kept promises") => &["sla"],
                Some("ratio") => &["numerator", "denominator"],
                _ => &[],
            };
            let named = keys.iter().filter_map(|key| Some((*key, entity.table.text(key)?)));
            named.filter(|(_, of)| *of != entity.address.as_str())
        };
        // Until nothing is added: a ratio may be of ratios, and in a circle.
        let mut grows = true;
        while grows {
            grows = false;
            for entity in &metrics {
                for (_, of) in edges(entity) {
                    let Some(causes) = known.get(of).cloned() else { continue };
                    let own = known.entry(entity.address.to_string()).or_default();
                    let before = own.len();
                    own.extend(causes);
                    grows |= own.len() > before;
                }
            }
        }
        for entity in metrics {
            for (key, of) in edges(entity) {
                let Some(causes) = known.get(of) else { continue };
                let address = entity.address.join(key);
                let slot = entity.slots().into_iter().find(|slot| slot.address == address);
                let Some(slot) = slot else { continue };
                let Some(then) = self.then(&slot) else { continue };
                let says = if key == "sla" {
                    "names the same promise, but what counts as kept is another"
                } else {
                    "names the same metric, but its figure is another"
                };
                self.add(&then, &slot, causes.clone(), says);
            }
        }
    }
}

/// Gives what follows from calendars alone the level of what it follows from, where that is milder and no
/// policy says otherwise: where working time may change without a signature nobody signs what comes of it.
pub(super) fn take_levels(changes: &mut [Change]) {
    const OF_CALENDARS: [&str; 4] = ["calendar", "model", "team", "queue"];
    let of_calendars = |by: &Address| OF_CALENDARS.contains(&by.kind());
    let follows =
        |change: &Change| !change.caused_by.is_empty() && change.caused_by.iter().all(of_calendars);
    let level = |change: &Change| (change.level, change.policy.clone());
    let direct = changes.iter().filter(|it| it.caused_by.is_empty() && of_calendars(&it.address));
    let levels: Vec<_> = direct.map(|change| (change.address.clone(), level(change))).collect();
    for change in changes.iter_mut().filter(|it| follows(it) && it.policy.is_none()) {
        let causes = levels.iter().filter(|(address, _)| change.caused_by.contains(address));
        if let Some((_, (level, policy))) = causes.min_by_key(|(_, (level, _))| *level)
            && *level > change.level
        {
            (change.level, change.policy) = (*level, policy.clone());
        }
    }
}

/// The entity that an address lies in, and the first step below it.
fn owner_and_part(address: &Address) -> Option<(&str, &str)> {
    let text = address.as_str();
    let (at, _) = text.match_indices('.').nth(1)?;
    let (whose, below) = text.split_at_checked(at)?;
    below.split('.').nth(1).map(|part| (whose, part))
}

/// Whether figures that are computed from a promise or a metric are other ones where a part of it is.
fn decides_figures(address: &Address, part: &str) -> bool {
    let kind = Some(address.kind()).filter(|kind| matches!(*kind, "sla" | "metric"));
    let facet = kind.and_then(Kind::of).and_then(|it| Some(it.declaration().property(part)?.facet));
    facet.is_some_and(|facet| {
        facet.decides_figures || facet.breaking || facet.polarity == Polarity::Identity
    })
}

/// Whether a value counts in working time: a limit that says so, or what is outside of it for a limit of
/// the wall clock.
fn is_in_working_time(slot: &Slot<'_>) -> bool {
    let clock = |node: &Node| node.as_text().and_then(Duration::parse).map(|limit| limit.clock);
    match slot.shape {
        Shape::Duration => clock(slot.node) == Some(Clock::Business),
        _ if slot.property.name == "outside_hours" => {
            slot.entity.table.get("within").and_then(clock) == Some(Clock::Wall)
        }
        _ => false,
    }
}
