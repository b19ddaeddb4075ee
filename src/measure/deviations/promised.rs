//! Promises that were broken, or will be.

use super::case::Case;
use super::checks::Asker;
use super::lapse::{Lapse, shown};
use super::tally::PromiseCount;
use super::{Deviation, Kind};
use crate::measure::clock::Calendar;
use crate::measure::sla::{PromiseAsked, Promises, Reading, State};
use crate::measure::standing::Moments;
use jiff::Timestamp;

const KINDS: [Kind; 3] = [Kind::SlaBreached, Kind::SlaSoon, Kind::SlaLate];

pub(super) fn ask_promises(asker: &mut Asker<'_, '_, '_>, moments: &Moments) -> Promises {
    let (object, columns) = (asker.object, asker.columns);
    let promises =
        Promises::ask(asker.questions, asker.scope, (object, |_: &str| true), columns, moments);
    for aside in &promises.aside {
        let ran_on = if aside.read { "; it is read as if it had run on" } else { "" };
        let reason = format!("{}{ran_on}", aside.reason);
        asker.aside(KINDS.to_vec(), Some(&aside.address), &reason, &aside.help);
    }
    for asked in &promises.asked {
        asker.lacks(&KINDS, Some(asked.promise.address.as_str()), &asked.lacking);
    }
    if promises.asked.is_empty() && promises.aside.is_empty() {
        let help = "write an `[sla.…]` with `object`, `applies_to`, `starts`, `stops` and `within`";
        asker.aside(KINDS.to_vec(), None, "the model makes no promise of time about them", help);
    }
    promises
}

/// The clock of every promise about a record.
pub(super) fn judge(
    case: &mut Case<'_, '_>,
    destination: Option<&str>,
    tallies: &mut [PromiseCount],
) {
    let checks = case.checks;
    let queue = destination.filter(|address| address.starts_with("queue."));
    for (asked, tally) in checks.promises.asked.iter().zip(tallies) {
        if !asked.is_about(case.row) {
            continue;
        }
        for kind in KINDS {
            case.looks(kind);
        }
        let on = checks.promises.calendar(&asked.promise, &checks.roster, case.whose, queue);
        let reading = asked.read(case.row, &checks.moments, on, (checks.as_of, checks.soon));
        let stretches = stretches(case, asked, on, &reading);
        tally.add(reading.state, stretches);
        let told = told(asked, on, &reading, checks.as_of);
        let Some((kind, told, left)) = told else { continue };
        let clock = asked.promise.within.clock;
        let whole = reading.taken - reading.over;
        let spent = match (kind, whole) {
            (Kind::SlaSoon, _) => {
                let whole = reading.taken + left.map_or(0, |left| left.seconds);
                reading.taken.saturating_mul(1000) / whole.max(1)
            }
            _ => reading.taken.saturating_mul(1000) / whole.max(1),
        };
        let found = case.deviation(kind, asked.promise.address.clone(), told);
        case.found.push(Deviation {
            since: reading.since,
            due: reading.due,
            late: left.or_else(|| Some(Lapse::of(on, clock, reading.over))),
            spent: u32::try_from(spent).unwrap_or(u32::MAX),
            ..found
        });
    }
}

fn told(
    asked: &PromiseAsked,
    on: &Calendar,
    reading: &Reading,
    as_of: Timestamp,
) -> Option<(Kind, String, Option<Lapse>)> {
    let promise = &asked.promise;
    let (due, within) = (reading.due?, promise.within);
    let over = Lapse::of(on, within.clock, reading.over);
    let ran_out = shown(on, due);
    Some(match reading.state {
        State::Overdue => {
            let told = format!("it was due {ran_out}, {over} ago; the limit is {within}");
            (Kind::SlaBreached, told, None)
        }
        State::Soon => {
            let left = Lapse::between(on, within.clock, as_of, due);
            let told = if as_of > due {
                format!(
                    "it was due {ran_out}, and no working time has gone by since; the limit is {within}"
                )
            } else {
                format!("it is due {ran_out}, {left} from now; the limit is {within}")
            };
            (Kind::SlaSoon, told, Some(left))
        }
        State::Late => {
            let taken = Lapse::of(on, within.clock, reading.taken);
            let told = format!("it took {taken}, {over} too long; the limit is {within}");
            (Kind::SlaLate, told, None)
        }
        _ => return None,
    })
}

/// How long a record waited for the systems before it was somebody's turn, and how long they took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stretches {
    /// From what last happened to it until it was somebody's turn, by the clock on the wall.
    pub(super) system: Option<i64>,
    /// From then until it was served, by the clock of the promise; none while it is open.
    pub(super) people: Option<i64>,
}

/// It is somebody's turn when the clock starts or, where the record was routed while it ran, with that:
/// nobody can answer what nobody has. What was the systems' lies between the last that happened to the
/// record before, that it came or entered a stage, and this turn.
fn stretches(
    case: &Case<'_, '_>,
    asked: &PromiseAsked,
    on: &Calendar,
    reading: &Reading,
) -> Stretches {
    let Some(since) = reading.since else { return Stretches::default() };
    let (moments, promise) = (&case.checks.moments, &asked.promise);
    let stopped = matches!(reading.state, State::Kept | State::Late);
    let until = if stopped { asked.stopped(case.row, on) } else { None };
    let own = [&promise.starts, &promise.stops];
    let ends_with = |field: &Option<String>| own.into_iter().any(|own| Some(own) == field.as_ref());
    let routed = moments.routed.filter(|_| !ends_with(&moments.dated_by.routed));
    let routed = case
        .moment(routed, on.zone())
        .filter(|at| *at > since && until.is_none_or(|until| *at <= until));
    let turn = routed.unwrap_or(since);
    let began = moments.last_before(case.row, turn, on.zone());
    let began = began.max(routed.map(|_| since)).filter(|began| *began < turn);
    Stretches {
        system: began.map(|began| turn.as_second() - began.as_second()),
        people: until.map(|until| on.measured(promise.within.clock, turn, until)),
    }
}
