//! Which calendar a clock runs on: its own, that of a team, of a queue, or the model's.

use super::Calendar;
use crate::model::Model;
use crate::model::calendar::RegionalCalendar;
use crate::model::people::{Queue, Role, Team};
use crate::model::root::Root;
use std::collections::{BTreeMap, BTreeSet};

/// The address under which the model's own calendar is known.
const OWN: &str = "model.calendar";

/// The calendars of a model.
#[derive(Debug)]
pub struct Calendars {
    all: BTreeMap<String, Result<Calendar, String>>,
    default: Option<String>,
    /// The calendar a queue or a team names.
    named: BTreeMap<String, String>,
    /// The team a role belongs to, and the team a team is part of.
    above: BTreeMap<String, String>,
}

/// Why there is no calendar to reckon with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoCalendar {
    /// Why.
    pub reason: String,
    /// What to write.
    pub help: String,
}

impl Calendars {
    /// The calendars of a model.
    pub fn of(model: &Model) -> Self {
        let regions = model.each::<RegionalCalendar>().map(|(entity, declared)| {
            let address = entity.address.to_string();
            let calendar = Calendar::of_region(&address, &declared);
            (address, calendar)
        });
        let mut all: BTreeMap<_, _> = regions.collect();
        let mut default = None;
        for (_, root) in model.each::<Root>() {
            if let Some(own) = &root.calendar {
                all.insert(OWN.to_owned(), Calendar::of_model(OWN, own));
                default = Some(OWN.to_owned());
            }
            if let Some(named) = &root.default_calendar {
                default = Some(named.address.clone());
            }
        }
        let (mut named, mut above) = (BTreeMap::new(), BTreeMap::new());
        for (entity, queue) in model.each::<Queue>() {
            let calendar = queue.calendar.map(|at| (entity.address.to_string(), at.value.address));
            named.extend(calendar);
        }
        for (entity, team) in model.each::<Team>() {
            let address = entity.address.to_string();
            named.extend(team.calendar.map(|at| (address.clone(), at.value.address)));
            above.extend(team.part_of.map(|at| (address, at.value.address)));
        }
        for (entity, role) in model.each::<Role>() {
            above.extend(role.team.map(|at| (entity.address.to_string(), at.value.address)));
        }
        Self { all, default, named, above }
    }

    /// The calendar of an address.
    ///
    /// # Errors
    /// There is none, or nobody can reckon with it.
    pub fn at(&self, address: &str) -> Result<&Calendar, NoCalendar> {
        match self.all.get(address) {
            Some(Ok(calendar)) => Ok(calendar),
            Some(Err(reason)) => Err(NoCalendar {
                reason: format!("{reason}, and nobody can reckon with that"),
                help: "run `opmodel check` for what is wrong with it".to_owned(),
            }),
            None => Err(NoCalendar {
                reason: format!("there is no `{address}`"),
                help: format!("declare `[{address}]` with `time_zone`, `days` and `hours`"),
            }),
        }
    }

    /// The model's own calendar.
    ///
    /// # Errors
    /// There is none, or nobody can reckon with it.
    pub fn own(&self) -> Result<&Calendar, NoCalendar> {
        match &self.default {
            Some(address) => self.at(address),
            None => Err(NoCalendar {
                reason: "the model has no business calendar".to_owned(),
                help: "declare `[model.calendar]` with `time_zone`, `days` and `hours`".to_owned(),
            }),
        }
    }

    /// The calendar by which a queue, a team or a role works: the one it names, that of the team
    /// it belongs to, or the model's own.
    ///
    /// # Errors
    /// There is none, or nobody can reckon with it.
    pub fn worked_by(&self, address: &str) -> Result<&Calendar, NoCalendar> {
        let (mut at, mut seen) = (address, BTreeSet::new());
        while seen.insert(at) {
            if let Some(calendar) = self.named.get(at) {
                return self.at(calendar);
            }
            match self.above.get(at) {
                Some(above) => at = above,
                None => break,
            }
        }
        self.own()
    }
}
