//! Promises of time: where the clock of each stands for a record.
//!
//! LAW: a clock that still runs is never counted as kept, whatever it shows.

mod asked;
mod clocks;

pub use asked::{Aside, PromiseAsked, Promises};
pub use clocks::Clocks;

use super::clock::Calendar;
use super::standing::instant_of;
use crate::criteria::Value;
use crate::model::service::Sla;
use crate::model::{Address, Clock, Duration, Entity, Percent};
use jiff::Timestamp;

/// A promise of time as its clock needs it.
#[derive(Debug, Clone)]
pub struct Promise {
    /// Its address.
    pub address: Address,
    /// The name people use.
    pub name: String,
    /// The date field that starts the clock.
    pub starts: String,
    /// The date field that stops it.
    pub stops: String,
    /// The longest it may take.
    pub within: Duration,
    /// The share of records for which it must be kept.
    pub target: Option<Percent>,
    /// The calendar it runs on.
    pub runs_on: RunsOn,
    /// What counts outside of working hours, where it runs by the clock on the wall.
    pub outside: Option<Outside>,
    /// What starts the clock anew.
    pub restart: Restart,
}

/// The calendar a clock runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunsOn {
    /// The one of this address.
    Named(String),
    /// That by which the owner of the record works.
    Owner,
    /// That by which the queue works in which the record is, or to which it goes.
    Queue,
    /// The model's own.
    Model,
}

/// What counts outside of working hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// A clock that would start waits for the next working hour.
    Waits,
    /// What begins and is done before the next working hour took no time.
    Zero,
}

/// What starts a running clock anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Nothing.
    Never,
    /// Another owner.
    OwnerChange,
    /// Another stage.
    StageChange,
}

/// What a record says of a clock.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// What starts it.
    pub starts: Option<Value>,
    /// What stops it.
    pub stops: Option<Value>,
    /// What last started it anew.
    pub restarted: Option<Value>,
    /// Whether it was stopped otherwise, nobody says when.
    pub settled: bool,
}

/// When a clock is about to run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soon {
    /// When so many hundredths of the limit are left.
    Hundredths(u8),
    /// When no more than this is left.
    Left(Duration),
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It has not begun to run.
    NotStarted,
    /// It runs and has time left.
    Open,
    /// It runs and is about to run out.
    Soon,
    /// It has run out and nobody has served the record yet.
    Overdue,
    /// It was stopped in time.
    Kept,
    /// It was stopped too late.
    Late,
    /// It was stopped by something else, and the record was never served.
    Unserved,
    /// What stops it lies before what starts it.
    Unclear,
}

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Where it stands.
    pub state: State,
    /// When it began to run, for the last time.
    pub since: Option<Timestamp>,
    /// When it runs out.
    pub due: Option<Timestamp>,
    /// How long it has run, in seconds of its own time.
    pub taken: i64,
    /// By how much that is too long.
    pub over: i64,
}

impl Promise {
    /// The promise an entity makes; the property it lacks where it lacks one.
    ///
    /// # Errors
    /// The property that is missing.
    pub fn of(entity: &Entity) -> Result<Self, &'static str> {
        let sla: Sla = entity.read();
        let runs_on = match (sla.calendar, sla.calendar_of.map(|of| of.word)) {
            (Some(calendar), _) => RunsOn::Named(calendar.value.address),
            (None, Some("owner")) => RunsOn::Owner,
            (None, Some("queue")) => RunsOn::Queue,
            (None, _) => RunsOn::Model,
        };
        let within = sla.within.ok_or("within")?.value;
        let outside = sla.outside_hours.filter(|_| within.clock == Clock::Wall);
        Ok(Self {
            address: entity.address.clone(),
            name: entity.name().to_owned(),
            starts: sla.starts.ok_or("starts")?.value.0,
            stops: sla.stops.ok_or("stops")?.value.0,
            within,
            target: sla.target.map(|target| target.value),
            runs_on,
            outside: outside.map(|outside| match outside.word {
                "waits" => Outside::Waits,
                _ => Outside::Zero,
            }),
            restart: match sla.restart.map(|restart| restart.word) {
                Some("owner change") => Restart::OwnerChange,
                Some("stage change") => Restart::StageChange,
                _ => Restart::Never,
            },
        })
    }

    /// Whether its clock needs to know when business is.
    pub fn needs_calendar(&self) -> bool {
        self.within.clock == Clock::Business || self.outside.is_some()
    }

    /// What the clock shows at an instant.
    pub fn read(&self, times: &Times, on: &Calendar, as_of: Timestamp, soon: Soon) -> Reading {
        let moment = |value: &Option<Value>| {
            let at = value.as_ref().and_then(|value| instant_of(value, on.zone()));
            // What has not happened yet is not known.
            at.filter(|at| *at <= as_of)
        };
        let plain = |state| Reading { state, since: None, due: None, taken: 0, over: 0 };
        let Some(started) = moment(&times.starts) else { return plain(State::NotStarted) };
        let stopped = moment(&times.stops);
        let until = stopped.unwrap_or(as_of);
        let again = moment(&times.restarted).filter(|again| *again > started && *again <= until);
        let since = again.unwrap_or(started);
        if until < since {
            return Reading { since: Some(since), ..plain(State::Unclear) };
        }
        let from = match self.outside {
            Some(Outside::Waits) => on.next_open(since).unwrap_or(since),
            _ => since,
        };
        let due = on.due(from, self.within).map(|due| match self.outside {
            Some(Outside::Zero) if !on.is_open(since) => {
                on.next_open(since).map_or(due, |open| due.max(open))
            }
            _ => due,
        });
        // Outside of working hours no time goes by: it is late only once more of its own time has.
        let over = due.filter(|due| on.is_past(self.within.clock, *due, until));
        let state = match (stopped, over, due) {
            (Some(_), None, _) => State::Kept,
            (Some(_), Some(_), _) => State::Late,
            (None, ..) if times.settled => State::Unserved,
            (None, Some(_), _) => State::Overdue,
            (None, None, Some(due)) if self.is_soon(on, (from, as_of, due), soon) => State::Soon,
            (None, None, _) => State::Open,
        };
        let clock = self.within.clock;
        let over = over.map_or(0, |due| on.measured(clock, due, until));
        Reading { state, since: Some(since), due, taken: on.measured(clock, from, until), over }
    }

    fn is_soon(
        &self,
        on: &Calendar,
        (from, as_of, due): (Timestamp, Timestamp, Timestamp),
        soon: Soon,
    ) -> bool {
        let clock = self.within.clock;
        match soon {
            Soon::Hundredths(share) => {
                let left = on.measured(clock, as_of, due);
                let whole = on.measured(clock, from, due);
                left.saturating_mul(100) <= whole.saturating_mul(i64::from(share))
            }
            Soon::Left(limit) => on.due(as_of, limit).is_none_or(|then| then >= due),
        }
    }
}

impl State {
    /// Whether the clock still runs.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Soon | Self::Overdue)
    }

    /// Whether the promise was kept, where that is decided: not while there is time left, and not
    /// where nobody served the record or nobody knows when.
    pub fn kept(self) -> Option<bool> {
        match self {
            Self::Kept => Some(true),
            Self::Late | Self::Overdue => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
