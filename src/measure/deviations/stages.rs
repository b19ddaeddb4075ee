//! Records in stages: how they got in, how long they have been there, and how long on the whole way.

use super::case::Case;
use super::checks::{Asker, Given};
use super::gates::{Gate, Then};
use super::lapse::{Lapse, day};
use super::waivers::waived_behind;
use super::ways::{self, Way};
use super::{Deviation, Kind};
use crate::criteria::Value;
use crate::measure::clock::Calendar;
use crate::measure::columns::Lacking;
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Address, Clock, Duration, Entity, Item};
use crate::records::Slot;
use crate::report::in_ticks;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A lifecycle as it is asked.
pub(super) struct LifecycleCheck<'a> {
    pub(super) address: Address,
    /// The field that holds the stage.
    pub(super) field: Slot,
    /// Whether the field declares its values itself, so that others are told with it.
    closed: bool,
    /// The stages by what the field holds.
    pub(super) stages: BTreeMap<String, StageCheck<'a>>,
    starts: Option<Slot>,
    ends: Given,
    cycle: Vec<CycleCheck<'a>>,
}

/// A stage as it is asked.
pub(super) struct StageCheck<'a> {
    address: Address,
    /// The team that answers for it.
    pub(super) team: Option<String>,
    pub(super) terminal: bool,
    entry: Vec<Gate<'a>>,
    exit: Vec<Gate<'a>>,
    /// What the one stage is called from which records come here.
    from: String,
    /// The stages from which they come, where they are several.
    ways: Vec<Way<'a>>,
    limit: Option<Duration>,
    /// Since when a record has been here.
    entered: Given,
    contact: Option<Duration>,
    required: Vec<Required>,
}

/// A field that must be set.
struct Required {
    field: String,
    slot: Slot,
    lacking: Lacking,
}

struct CycleCheck<'a> {
    address: Address,
    when: Option<Gate<'a>>,
    within: Duration,
}

pub(super) fn ask_lifecycles<'a>(
    asker: &mut Asker<'_, 'a, '_>,
    reckons: bool,
) -> Vec<LifecycleCheck<'a>> {
    let model = asker.scope.model();
    let own = model.of_kind("lifecycle").filter(|it| it.object() == Some(asker.object));
    let own: Vec<&Entity> = own.collect();
    let asked: Vec<_> = own.iter().filter_map(|it| lifecycle(asker, it, reckons)).collect();
    let has_limit = own.iter().any(|it| it.read::<Lifecycle>().cycle.is_some());
    if let (false, Some(first)) = (has_limit, own.first()) {
        let address = first.address.as_str();
        let help =
            format!("write `[[{address}.cycle]]` with `within`, and `starts` into `[{address}]`");
        asker.aside(
            vec![Kind::CycleLimit],
            None,
            "no lifecycle says how long the whole way may take",
            &help,
        );
    }
    asked
}

fn lifecycle<'a>(
    asker: &mut Asker<'_, 'a, '_>,
    entity: &Entity,
    reckons: bool,
) -> Option<LifecycleCheck<'a>> {
    let lifecycle: Lifecycle = entity.read();
    let address = &entity.address;
    let path = lifecycle.stage_field.as_ref()?.value.0.clone();
    let mut kinds =
        vec![Kind::EntryCriteria, Kind::ExitCriteria, Kind::StageLimit, Kind::NoContact];
    kinds.extend(lifecycle.cycle.is_some().then_some(Kind::CycleLimit));
    let needs = |stage: &Item<Stage>| stage.required_fields.is_some();
    let needs = lifecycle.stages().iter().any(needs);
    kinds.extend(needs.then_some(Kind::RequiredEmpty));
    asker.lacks(&kinds, Some(address.as_str()), &asker.columns.lacking([&*path]));
    let field = asker.slot(&path)?;
    let closed = asker.fields.iter().any(|f| f.path == path && !f.values.is_empty() && !f.open);
    let stages = lifecycle.stages().iter().map(|stage| {
        let value = stage.stored_value().0.to_owned();
        (value, stage_check(asker, address, &lifecycle, stage))
    });
    let stages: BTreeMap<_, _> = stages.collect();
    let starts = lifecycle.starts.as_ref().and_then(|field| asker.slot(&field.value.0));
    let ends = asker.given(lifecycle.ends.as_ref().map(|field| &*field.value.0));
    let cycle = cycle(asker, address, &lifecycle);
    undated(asker, address, &lifecycle);
    let limits = lifecycle.stages().iter().filter_map(|stage| stage.limit.as_ref());
    let business = limits.filter(|limit| limit.clock == Clock::Business).count();
    if business > 0 && !reckons {
        let help = "declare `[model.calendar]` with `time_zone`, `days` and `hours`";
        asker.aside(
            vec![Kind::StageLimit],
            Some(address.as_str()),
            "limits in business time need a business calendar, and the model has none",
            help,
        );
    }
    let address = address.clone();
    Some(LifecycleCheck { address, field, closed, stages, starts, ends, cycle })
}

/// Says where nothing tells since when a record has been somewhere.
fn undated(asker: &mut Asker<'_, '_, '_>, address: &Address, lifecycle: &Lifecycle) {
    let limited = |stage: &&Item<Stage>| stage.limit.is_some() || stage.contact_within.is_some();
    let limited: Vec<_> = lifecycle.stages().iter().filter(limited).collect();
    let at = |stage: &str| address.join("stage").join(stage);
    let silent: Vec<&str> = limited
        .iter()
        .filter(|stage| stage.entered.is_none() && stage.limit.is_some())
        .map(|stage| stage.id.as_str())
        .collect();
    if !silent.is_empty() {
        let named: Vec<String> = silent.iter().map(|stage| format!("`{stage}`")).collect();
        asker.not_checked.push(super::NotChecked {
            kinds: vec![Kind::StageLimit],
            // The limits of the other stages are judged.
            parts: silent.into_iter().map(|stage| at(stage).to_string()).collect(),
            reason: format!("nothing says since when records have been in {}", named.join(", ")),
            help: format!(
                "write `entered = \"…\"` into these stages of `[{address}]`, with the date field that says it"
            ),
            lacks_column: false,
        });
    }
    for stage in &limited {
        lacks(
            asker,
            &[Kind::StageLimit],
            &at(&stage.id),
            stage.entered.as_deref().map(|at| &*at.0),
        );
    }
    let contact = lifecycle.stages().iter().any(|stage| stage.contact_within.is_some());
    let field = asker.facts.contact_field.as_ref().map(|at| at.value.0.clone());
    match (contact, field) {
        (false, _) => {
            let help = format!("write `contact_within = \"14 days\"` into stages of `[{address}]`");
            let reason = "no stage says how long nobody may be in contact";
            asker.aside(vec![Kind::NoContact], Some(address.as_str()), reason, &help);
        }
        (true, None) => {
            let help = format!("write `contact_field = \"…\"` into `[object.{}]`", asker.object);
            let reason = "the model does not say which field holds the last contact";
            asker.aside(vec![Kind::NoContact], None, reason, &help);
        }
        (true, Some(field)) => lacks(asker, &[Kind::NoContact], address, Some(&field)),
    }
    if lifecycle.cycle.is_some() {
        let starts = lifecycle.starts.as_ref().map(|at| &*at.value.0);
        if starts.is_none() {
            let reason = "nothing says when the whole way begins";
            let help = format!("write `starts = \"…\"` into `[{address}]`");
            asker.aside(vec![Kind::CycleLimit], Some(address.as_str()), reason, &help);
        }
        lacks(asker, &[Kind::CycleLimit], address, starts);
        lacks(asker, &[Kind::CycleLimit], address, lifecycle.ends.as_deref().map(|at| &*at.0));
    }
}

fn lacks(asker: &mut Asker<'_, '_, '_>, kinds: &[Kind], address: &Address, field: Option<&str>) {
    let lacking = asker.columns.lacking(field);
    asker.lacks(kinds, Some(address.as_str()), &lacking);
}

fn gates<'a>(asker: &mut Asker<'_, 'a, '_>, at: &str, kind: Kind) -> Vec<Gate<'a>> {
    let scope = asker.scope;
    let mut gates = Vec::new();
    for criterion in scope.criteria_below(at) {
        match Gate::ask(asker, criterion) {
            Ok(gate) => {
                asker.lacks(&[kind], Some(gate.address.as_str()), &gate.lacking.clone());
                gates.push(gate);
            }
            Err(why) => {
                asker.not_checked.push(super::NotChecked { kinds: vec![kind], ..why });
            }
        }
    }
    gates
}

fn stage_check<'a>(
    asker: &mut Asker<'_, 'a, '_>,
    lifecycle: &Address,
    whole: &Lifecycle,
    stage: &Item<Stage>,
) -> StageCheck<'a> {
    let at = |stage: &str| lifecycle.join("stage").join(stage);
    let address = at(&stage.id);
    let mut entry = gates(asker, address.join("entry").as_str(), Kind::EntryCriteria);
    let mut before: Vec<Way<'a>> = before(whole, &stage.id)
        .map(|before| Way {
            from: before.stored_value().0.to_owned(),
            exit: gates(asker, at(&before.id).join("exit").as_str(), Kind::ExitCriteria),
        })
        .collect();
    let (mut exit, mut from, mut ways) = (Vec::new(), String::new(), Vec::new());
    if before.len() > 1 {
        let named = (address.as_str(), stage.stored_value().0);
        ways = ways::asked(asker, named, &entry, before);
    } else if let Some(before) = before.pop() {
        (exit, from) = (before.exit, before.from);
        // What both sides of a gate ask for is told once.
        for gate in &mut entry {
            let same = exit.iter().position(|other| other.words() == gate.words());
            gate.also = same.map(|same| exit.swap_remove(same).address);
        }
    }
    let required = stage.required();
    let required = required.filter_map(|field| {
        let slot = asker.questions.field(&field.value.0)?;
        let lacking = asker.columns.lacking([&*field.value.0]);
        asker.lacks(&[Kind::RequiredEmpty], Some(address.as_str()), &lacking);
        Some(Required { field: field.value.0.clone(), slot, lacking })
    });
    let required = required.collect();
    let entered = asker.given(stage.entered.as_ref().map(|at| &*at.value.0));
    let leaving = exit.iter().chain(ways.iter().flat_map(|way| &way.exit));
    let gates = entry.iter().map(|gate| (Kind::EntryCriteria, gate));
    let gates = gates.chain(leaving.map(|gate| (Kind::ExitCriteria, gate)));
    for (kind, gate) in gates.filter(|(_, gate)| gate.counts_days()) {
        asker.lacks(&[kind], Some(gate.address.as_str()), &entered.lacking);
    }
    let owner = stage.owner.as_ref().map(|at| at.address.clone());
    let model = asker.scope.model();
    let team = owner.and_then(|owner| match model.get(&owner) {
        Some(role) if owner.starts_with("role.") => role.table.text("team").map(str::to_owned),
        _ => Some(owner),
    });
    StageCheck {
        address,
        team,
        terminal: stage.is_terminal(),
        entry,
        exit,
        from,
        ways,
        limit: stage.limit.as_ref().map(|at| at.value),
        entered,
        contact: stage.contact_within.as_ref().map(|at| at.value),
        required,
    }
}

/// The stages that stand before another in the lifecycle and lead to it.
fn before<'l>(lifecycle: &'l Lifecycle, stage: &'l str) -> impl Iterator<Item = &'l Item<Stage>> {
    let leads = move |from: &&Item<Stage>| {
        from.next.iter().any(|next| next.iter().any(|to| to.value.0 == stage))
    };
    lifecycle.stages().iter().take_while(move |other| other.id != stage).filter(leads)
}

fn cycle<'a>(
    asker: &mut Asker<'_, 'a, '_>,
    address: &Address,
    lifecycle: &Lifecycle,
) -> Vec<CycleCheck<'a>> {
    let limits = lifecycle.cycle.iter().flat_map(|limits| limits.iter());
    let limits = limits.filter_map(|limit| {
        let address = address.join("cycle").join(&limit.id);
        let within = limit.within.as_ref()?.value;
        let mut when = gates(asker, address.join("when").as_str(), Kind::CycleLimit);
        // A limit whose scope cannot be read is no limit for everybody.
        if limit.when.is_some() && when.is_empty() {
            return None;
        }
        Some(CycleCheck { address, when: when.pop(), within })
    });
    limits.collect()
}

/// What stands in a stage field.
fn stored(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        other => other.to_string(),
    }
}

/// Everything about the stage a record stands in.
pub(super) fn judge(case: &mut Case<'_, '_>) {
    let checks = case.checks;
    for lifecycle in &checks.lifecycles {
        let Some(held) = case.row.value(lifecycle.field).map(stored) else {
            continue;
        };
        let Some(stage) = lifecycle.stages.get(&held) else {
            if !lifecycle.closed {
                let told = format!("{} is no stage of `{}`", in_ticks(&held), lifecycle.address);
                let found = case.deviation(Kind::UndeclaredValue, lifecycle.address.clone(), told);
                case.found.push(found);
            }
            continue;
        };
        gate(case, stage, &held);
        required(case, stage, &held);
        if !stage.terminal {
            limit(case, stage, &held);
            contact(case, lifecycle, stage, &held);
            whole_way(case, lifecycle);
        }
    }
}

fn gate(case: &mut Case<'_, '_>, stage: &StageCheck<'_>, held: &str) {
    let calendar = case.checks.promises.plain();
    let entered = case.moment(stage.entered.slot, calendar.zone());
    let then = match entered {
        Some(entered) => Then::At(entered),
        None if stage.entered.is_told(case.row) => Then::Today,
        None => Then::Unsaid,
    };
    ways::judge(case, &stage.ways, held, then);
    let sides = [(Kind::EntryCriteria, &stage.entry), (Kind::ExitCriteria, &stage.exit)];
    for (kind, gates) in sides {
        for gate in gates {
            let Some(holds) = gate.holds(case, then) else { continue };
            case.looks(kind);
            if holds {
                continue;
            }
            let obstacles = gate.obstacles(case);
            let why = gate.in_the_way(&obstacles);
            let own = waived_behind(case, &obstacles, &gate.address);
            let also = gate.also.as_ref();
            let also = also.map(|also| (also, waived_behind(case, &obstacles, also)));
            let (kind, address, waived) = match (own, also) {
                // Where one of two gates waives it, it is the other that was passed without.
                (Some(own), Some((also, None))) if case.is_in_force(own) => {
                    (Kind::ExitCriteria, also, None)
                }
                (Some(own), Some((_, Some(also)))) if case.is_in_force(own) => {
                    (kind, &gate.address, Some(also))
                }
                (own, _) => (kind, &gate.address, own),
            };
            let told = match kind {
                Kind::EntryCriteria => format!("in `{held}` without {why}"),
                _ => format!("in `{held}`, having left `{}` without {why}", stage.from),
            };
            let found = case.deviation(kind, address.clone(), told);
            case.found.push(Deviation { since: entered, waived, ..found });
        }
    }
}

fn required(case: &mut Case<'_, '_>, stage: &StageCheck<'_>, held: &str) {
    for required in &stage.required {
        if !required.lacking.allows(case.row.input()) {
            continue;
        }
        case.looks(Kind::RequiredEmpty);
        if case.row.text(required.slot).trim().is_empty() {
            let told = format!("`{}` is empty, and `{held}` requires it", required.field);
            let address = stage.address.join("required_fields").join(&required.field);
            let found = case.deviation(Kind::RequiredEmpty, address, told);
            case.found.push(found);
        }
    }
}

/// A limit that has run out: when, by how much, and how much of it is gone.
struct Overrun {
    due: Timestamp,
    late: Lapse,
    taken: Lapse,
    spent: u32,
}

fn overrun(on: &Calendar, from: Timestamp, limit: Duration, as_of: Timestamp) -> Option<Overrun> {
    let due = on.due(from, limit).filter(|due| on.is_past(limit.clock, *due, as_of))?;
    let taken = Lapse::between(on, limit.clock, from, as_of);
    let whole = on.measured(limit.clock, from, due).max(1);
    let spent = u32::try_from(taken.seconds.saturating_mul(1000) / whole).unwrap_or(u32::MAX);
    Some(Overrun { due, late: Lapse::between(on, limit.clock, due, as_of), taken, spent })
}

impl Overrun {
    fn of(self, found: Deviation, since: Timestamp) -> Deviation {
        let Self { due, late, spent, .. } = self;
        Deviation { since: Some(since), due: Some(due), late: Some(late), spent, ..found }
    }
}

fn limit(case: &mut Case<'_, '_>, stage: &StageCheck<'_>, held: &str) {
    let Some(limit) = stage.limit else { return };
    let Some(on) = case.calendar(limit.clock) else { return };
    let Some(entered) = case.moment(stage.entered.slot, on.zone()) else {
        if stage.entered.slot.is_some() {
            case.undated(Kind::StageLimit);
        }
        return;
    };
    case.looks(Kind::StageLimit);
    let Some(over) = overrun(on, entered, limit, case.checks.as_of) else { return };
    let told =
        format!("in `{held}` since {}, {}; the limit is {limit}", day(on, entered), over.taken);
    let found = case.deviation(Kind::StageLimit, stage.address.join("limit"), told);
    case.found.push(over.of(found, entered));
}

fn contact(
    case: &mut Case<'_, '_>,
    lifecycle: &LifecycleCheck<'_>,
    stage: &StageCheck<'_>,
    held: &str,
) {
    let contact = &case.checks.contact;
    let (Some(within), Some(field)) = (stage.contact, contact.slot) else { return };
    if !contact.is_told(case.row) {
        return;
    }
    let Some(on) = case.calendar(within.clock) else { return };
    let last = case.moment(Some(field), on.zone());
    let begun = || {
        let entered = case.moment(stage.entered.slot, on.zone());
        entered.or_else(|| case.moment(lifecycle.starts, on.zone()))
    };
    let dated = stage.entered.is_told(case.row);
    let from = last.or_else(|| begun().filter(|_| dated));
    let Some(from) = from else { return case.undated(Kind::NoContact) };
    case.looks(Kind::NoContact);
    let Some(over) = overrun(on, from, within, case.checks.as_of) else { return };
    let told = match last {
        Some(_) => format!(
            "the last contact was on {}, {} ago; in `{held}` it may be {within}",
            day(on, from),
            over.taken
        ),
        None => format!(
            "nobody was in contact at all since {}, {} ago; in `{held}` it may be {within}",
            day(on, from),
            over.taken
        ),
    };
    let found = case.deviation(Kind::NoContact, stage.address.join("contact_within"), told);
    case.found.push(over.of(found, from));
}

fn whole_way(case: &mut Case<'_, '_>, lifecycle: &LifecycleCheck<'_>) {
    let plain = case.checks.promises.plain();
    let ends = &lifecycle.ends;
    let has_ended = || case.moment(ends.slot, plain.zone()).is_some();
    if lifecycle.cycle.is_empty() || !ends.is_told(case.row) || has_ended() {
        return;
    }
    let mut limits = lifecycle.cycle.iter();
    // A limit that cannot be judged may be the one: those behind it are not asked then.
    let covering = limits.find_map(|limit| match &limit.when {
        None => Some(Some(limit)),
        Some(when) => match when.holds(case, Then::Today) {
            Some(false) => None,
            Some(true) => Some(Some(limit)),
            None => Some(None),
        },
    });
    let Some(Some(limit)) = covering else { return };
    let Some(on) = case.calendar(limit.within.clock) else { return };
    let Some(starts) = case.moment(lifecycle.starts, on.zone()) else {
        if lifecycle.starts.is_some() {
            case.undated(Kind::CycleLimit);
        }
        return;
    };
    case.looks(Kind::CycleLimit);
    let Some(over) = overrun(on, starts, limit.within, case.checks.as_of) else { return };
    let told = format!(
        "on its way since {}, {}; the whole way may take {} and was to end by {}",
        day(on, starts),
        over.taken,
        limit.within,
        day(on, over.due)
    );
    let found = case.deviation(Kind::CycleLimit, limit.address.clone(), told);
    case.found.push(over.of(found, starts));
}
