//! The promises of an object, put to the rows of an export.

use super::{Promise, Reading, Restart, RunsOn, Soon, Times};
use crate::load::ModelScope;
use crate::measure::clock::{Calendar, Calendars, NoCalendar};
use crate::measure::columns::{Asks, Columns, Lacking};
use crate::measure::standing::{Moments, Roster, Whose, instant_of};
use crate::model::field::Object;
use crate::model::{Clock, Entity};
use crate::records::{Asked, Questions, Row, Slot};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The promises of an object whose clocks can be read.
#[derive(Debug)]
pub struct Promises {
    /// The promises, by address.
    pub asked: Vec<PromiseAsked>,
    /// What cannot be asked at all, and what restarts nobody sees.
    pub aside: Vec<Aside>,
    calendars: Calendars,
    /// The calendar of clocks that need none.
    plain: Calendar,
}

/// A promise that is put to every row.
#[derive(Debug)]
pub struct PromiseAsked {
    /// The promise.
    pub promise: Promise,
    /// The fields its clock needs.
    pub needs: BTreeSet<String>,
    /// Those of them that files do not have.
    pub lacking: Lacking,
    /// What files do not have of what says whether it is about a record, and not settled.
    pub scope_lacking: Lacking,
    applies_to: Asked,
    stops_when: Option<Asked>,
    starts: Slot,
    stops: Slot,
}

/// A promise that cannot be read as the model means it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Its address.
    pub address: String,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub help: String,
    /// Whether its clock is read all the same, as well as it goes.
    pub read: bool,
}

impl Promises {
    /// Asks for the clocks of promises about an object, as far as they are wanted.
    pub fn ask<'a>(
        questions: &mut Questions<'a>,
        scope: &'a ModelScope<'_>,
        (object, wanted): (&str, impl Fn(&str) -> bool),
        columns: &Columns,
        moments: &Moments,
    ) -> Self {
        let calendars = Calendars::of(scope.model());
        let mut promises =
            Self { asked: Vec::new(), aside: Vec::new(), calendars, plain: Calendar::plain() };
        let slas = scope.model().of_kind("sla").filter(|sla| sla.object() == Some(object));
        for entity in slas.filter(|sla| wanted(sla.address.as_str())) {
            let address = entity.address.as_str();
            let found = Promise::of(entity).map_err(|missing| {
                (format!("it says no `{missing}`"), format!("add `{missing}` to `[{address}]`"))
            });
            let found = found.and_then(|promise| {
                promises.reckons(&promise).map_err(|why| (why.reason, why.help))?;
                one(questions, scope, promise, (object, columns))
            });
            let aside = |(reason, help), read| {
                let address = address.to_owned();
                Aside { address, reason, help, read }
            };
            match found {
                Ok(asked) => {
                    let unseen = unseen(&asked.promise, object, moments, columns);
                    promises.aside.extend(unseen.map(|why| aside(why, true)));
                    promises.asked.push(asked);
                }
                Err(why) => promises.aside.push(aside(why, false)),
            }
        }
        promises
    }

    /// Whether there is a calendar for a promise that needs one.
    fn reckons(&self, promise: &Promise) -> Result<(), NoCalendar> {
        if !promise.needs_calendar() {
            return Ok(());
        }
        match &promise.runs_on {
            RunsOn::Named(address) => self.calendars.at(address).map(|_| ()),
            _ => self.calendars.own().map(|_| ()),
        }
    }

    /// The calendar a promise runs on for a record of somebody, that goes to some queue.
    pub fn calendar(
        &self,
        promise: &Promise,
        roster: &Roster,
        whose: Option<Whose>,
        queue: Option<&str>,
    ) -> &Calendar {
        let owner = whose.and_then(|whose| roster.address(whose));
        let pool = owner.filter(|address| address.starts_with("queue."));
        let found = match &promise.runs_on {
            RunsOn::Named(address) => self.calendars.at(address),
            RunsOn::Owner => match owner {
                Some(owner) => self.calendars.worked_by(owner),
                None => self.calendars.own(),
            },
            RunsOn::Queue => match pool.or(queue) {
                Some(queue) => self.calendars.worked_by(queue),
                None => self.calendars.own(),
            },
            RunsOn::Model => self.calendars.own(),
        };
        found.unwrap_or(&self.plain)
    }

    /// How many seconds of a promise's clock are a day; none where that depends on the record.
    pub fn day_of(&self, promise: &Promise) -> Option<i64> {
        match (promise.within.clock, &promise.runs_on) {
            (Clock::Wall, _) => Some(24 * 60 * 60),
            (Clock::Business, RunsOn::Named(address)) => {
                self.calendars.at(address).ok().map(Calendar::working_day)
            }
            (Clock::Business, RunsOn::Model) => {
                self.calendars.own().ok().map(Calendar::working_day)
            }
            (Clock::Business, RunsOn::Owner | RunsOn::Queue) => None,
        }
    }

    /// The calendar by which somebody works, else the model's own; none where there is none.
    pub fn calendar_of(&self, roster: &Roster, whose: Option<Whose>) -> Option<&Calendar> {
        let owner = whose.and_then(|whose| roster.address(whose));
        let found = match owner {
            Some(owner) => self.calendars.worked_by(owner),
            None => self.calendars.own(),
        };
        found.ok()
    }

    /// The calendars.
    pub fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// A calendar for what needs none.
    pub fn plain(&self) -> &Calendar {
        &self.plain
    }
}

impl PromiseAsked {
    /// Whether a promise is about a record, and its clock can be read.
    pub fn is_about(&self, row: &Row<'_>) -> bool {
        self.lacking.allows(row.input()) && row.holds(self.applies_to)
    }

    /// Whether a promise is about a record, and nothing settled it otherwise; none where the file
    /// lacks what would tell. When its clock started and stopped does not matter here.
    pub fn is_awaited(&self, row: &Row<'_>) -> Option<bool> {
        let settled = || self.stops_when.is_some_and(|when| row.holds(when));
        let known = self.scope_lacking.allows(row.input());
        known.then(|| row.holds(self.applies_to) && !settled())
    }

    /// What a record says of the clock.
    pub fn times(&self, row: &Row<'_>, moments: &Moments) -> Times {
        let restarted = match self.promise.restart {
            Restart::Never => None,
            Restart::OwnerChange => moments.routed.and_then(|slot| row.value(slot)),
            Restart::StageChange => moments.entered(row),
        };
        Times {
            starts: row.value(self.starts),
            stops: row.value(self.stops),
            restarted,
            settled: self.stops_when.is_some_and(|when| row.holds(when)),
        }
    }

    /// When the clock was stopped.
    pub fn stopped(&self, row: &Row<'_>, on: &Calendar) -> Option<Timestamp> {
        instant_of(&row.value(self.stops)?, on.zone())
    }

    /// What the clock shows for a record.
    pub fn read(
        &self,
        row: &Row<'_>,
        moments: &Moments,
        on: &Calendar,
        (as_of, soon): (Timestamp, Soon),
    ) -> Reading {
        self.promise.read(&self.times(row, moments), on, as_of, soon)
    }
}

type Why = (String, String);

fn one<'a>(
    questions: &mut Questions<'a>,
    scope: &'a ModelScope<'_>,
    promise: Promise,
    (object, columns): (&str, &Columns),
) -> Result<PromiseAsked, Why> {
    let unread = |what: &str| {
        let help = "run `opmodel check` for what is wrong with it".to_owned();
        (format!("its `{what}` cannot be read"), help)
    };
    let mut needs = Asks::default();
    let mut ask = |what: &str| -> Result<Option<Asked>, Why> {
        let address = format!("{}.{what}", promise.address);
        let Some(criterion) = scope.criteria_below(&address).next() else { return Ok(None) };
        let expr = criterion.expr.as_ref().filter(|_| criterion.faults.is_empty());
        let expr = expr.ok_or_else(|| unread(what))?;
        needs.fields.extend(Asks::of(expr, scope).map_err(|_| unread(what))?.fields);
        questions.condition(scope, expr).map(Some).map_err(|_| unread(what))
    };
    let applies_to = ask("applies_to")?.ok_or_else(|| unread("applies_to"))?;
    let stops_when = ask("stops_when")?;
    let mut slot = |field: &str| {
        let unknown = || (format!("there is no field `{field}`"), "name another one".to_owned());
        questions.field(field).ok_or_else(unknown)
    };
    let (starts, stops) = (slot(&promise.starts)?, slot(&promise.stops)?);
    let scope_lacking = columns.lacking(needs.fields.iter().map(String::as_str));
    needs.fields.extend([promise.starts.clone(), promise.stops.clone()]);
    if promise.needs_calendar() {
        needs.fields.extend(whose_calendar(scope, &promise.runs_on, object)?);
    }
    let lacking = columns.lacking(needs.fields.iter().map(String::as_str));
    let needs = needs.fields;
    Ok(PromiseAsked {
        promise,
        needs,
        lacking,
        scope_lacking,
        applies_to,
        stops_when,
        starts,
        stops,
    })
}

/// The fields that say whose calendar a clock runs on.
fn whose_calendar(
    scope: &ModelScope<'_>,
    runs_on: &RunsOn,
    object: &str,
) -> Result<BTreeSet<String>, Why> {
    let whose = match runs_on {
        RunsOn::Owner => "the owner",
        RunsOn::Queue => "the queue that has the record",
        RunsOn::Named(_) | RunsOn::Model => return Ok(BTreeSet::new()),
    };
    let facts = scope.model().get(&format!("object.{object}")).map(Entity::read::<Object>);
    let owner = facts.and_then(|facts| facts.owner_field).ok_or_else(|| {
        let reason = format!(
            "it runs by the calendar of {whose}, and the model does not say which field of `{object}` holds the owner"
        );
        (reason, format!("write `owner_field = \"…\"` into `[object.{object}]`"))
    })?;
    let mut needs = BTreeSet::from([owner.value.0]);
    // The queue of a record that nobody has is where routing sends it.
    let tables = scope.model().of_kind("routing").filter(|table| table.object() == Some(object));
    for table in tables.filter(|_| *runs_on == RunsOn::Queue) {
        for criterion in scope.criteria_of(table) {
            let expr = criterion.expr.as_ref().filter(|_| criterion.faults.is_empty());
            let asks = expr.and_then(|expr| Asks::of(expr, scope).ok());
            let asks = asks.ok_or_else(|| {
                let help = "run `opmodel check` for what is wrong with it".to_owned();
                (format!("a condition of `{}` cannot be read", table.address), help)
            })?;
            needs.extend(asks.fields);
        }
    }
    Ok(needs)
}

/// Why nobody can see that a clock started anew.
fn unseen(promise: &Promise, object: &str, moments: &Moments, columns: &Columns) -> Option<Why> {
    let told = |what: &str, somewhere: bool| {
        let says = if somewhere { "not every file says" } else { "no date says" };
        format!("its clock starts anew with another {what}, and {says} when that was")
    };
    let routed = moments.dated_by.routed.as_deref();
    match promise.restart {
        Restart::OwnerChange
            if moments.routed.is_none() || routed.is_some_and(|field| columns.lacks(field)) =>
        {
            let help = match &moments.dated_by.routed {
                Some(field) => {
                    format!("export `{field}`, which says when a record was last given to somebody")
                }
                None => format!(
                    "write `routed_field = \"…\"` into `[object.{object}]`: the field that says when a record was last given to somebody"
                ),
            };
            Some((told("owner", moments.routed.is_some()), help))
        }
        Restart::StageChange
            if !moments.knows_stages()
                || moments.fields.iter().any(|field| columns.lacks(field)) =>
        {
            let help = "add `entered` to the stages, with the date field that says since when, and export it";
            Some((told("stage", moments.knows_stages()), help.to_owned()))
        }
        _ => None,
    }
}
