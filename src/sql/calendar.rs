//! Business calendars as tables of working stretches, by which working time is counted exactly on any
//! database: each instant lies between the start of one stretch and the start of the next.

use super::plan::Plan;
use super::view::{Column, Item, View, select};
use crate::measure::{Calendar, Calendars};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The working time of a calendar.
#[derive(Debug, Clone)]
pub(super) struct WorkingTime {
    pub(super) address: String,
    zone_name: String,
    days: Vec<&'static str>,
    /// Seconds that somebody works on a working day, as clocks on the wall show it.
    pub(super) day_seconds: i64,
    /// The first and the last year for which it is written.
    pub(super) years: [i16; 2],
    /// The working stretches, in order.
    stretches: Vec<(Timestamp, Timestamp)>,
}

/// The years for which working time is written where no holiday says which ones count.
const YEARS: [i16; 2] = [2020, 2031];

/// Years before the first and after the last holiday that are written as well.
const AROUND: [i16; 2] = [3, 1];

/// Years after the first holiday beyond which none are written: a view has a longest text.
const MOST: i16 = 9;

impl From<&Calendar> for WorkingTime {
    fn from(calendar: &Calendar) -> Self {
        let years = years(calendar.holidays());
        Self {
            address: calendar.address.clone(),
            zone_name: calendar.zone().iana_name().unwrap_or("UTC").to_owned(),
            days: calendar.days(),
            day_seconds: calendar.working_day(),
            years,
            stretches: calendar.stretches(years[0]..=years[1]).collect(),
        }
    }
}

/// The first and the last year for which working time is written.
fn years(holidays: &BTreeSet<Date>) -> [i16; 2] {
    match (holidays.first(), holidays.last()) {
        (Some(first), Some(last)) => [
            first.year().saturating_sub(AROUND[0]).max(1970),
            last.year().saturating_add(AROUND[1]).min(first.year().saturating_add(MOST)),
        ],
        _ => YEARS,
    }
}

impl Plan<'_, '_> {
    /// The working time that a promise runs on, by the address of its calendar where it names one.
    pub(super) fn working_time(&self, address: Option<&str>) -> Result<WorkingTime, String> {
        let calendars = Calendars::of(self.scope.model());
        let calendar = match address {
            Some(address) => calendars.at(address),
            None => calendars.own(),
        };
        calendar.map(WorkingTime::from).map_err(|missing| missing.reason)
    }

    /// The name of a calendar's view, which is written because it is asked for.
    pub(super) fn calendar(&mut self, time: &WorkingTime) -> String {
        let words = match time.address.strip_prefix("calendar.") {
            Some(id) => format!("calendar_{id}"),
            None => "calendar".to_owned(),
        };
        self.calendars.insert(time.address.clone(), time.clone());
        self.views.of(&time.address, &words)
    }

    /// The calendars that something asked for.
    pub(super) fn calendar_views(&mut self) -> Vec<View> {
        let times: Vec<WorkingTime> = self.calendars.values().cloned().collect();
        times.iter().map(|time| self.calendar_view(time)).collect()
    }

    fn calendar_view(&mut self, time: &WorkingTime) -> View {
        let pen = self.pen;
        let (mut rows, mut before) = (Vec::new(), 0);
        for (open, close) in &time.stretches {
            rows.push(format!("'{open}', '{close}', '{before}'"));
            before += close.as_second() - open.as_second();
        }
        if rows.is_empty() {
            // No day is a working day: nothing ever elapses, and nothing is known.
            rows.push("NULL, NULL, NULL".to_owned());
        }
        let instant = |name: &str| {
            let column = pen.column("c", name);
            format!("CAST({column} AS {})", pen.dialect.instant_type())
        };
        let number = pen.dialect.type_of(crate::criteria::FieldKind::Integer);
        let starts = instant("starts_at");
        let next = format!("LEAD({starts}) OVER (ORDER BY {starts})");
        let items = [
            Item::new("starts_at", starts.clone()),
            Item::new("ends_at", instant("ends_at")),
            Item::new("next_starts_at", next),
            Item::new(
                "worked_before",
                format!("CAST({} AS {number})", pen.column("c", "worked_before")),
            ),
        ];
        let columns = ["starts_at", "ends_at", "worked_before"];
        let from = format!("FROM {}", pen.dialect.written_out(&columns, &rows, "c"));
        let [first, last] = time.years;
        let name = self.views.of(&time.address, "calendar");
        View {
            name,
            rank: 5,
            about: vec![
                format!(
                    "{}: each working stretch of the years {first} to {last}, {} of {}.",
                    time.address, time.zone_name, time.days.join(" ")
                ),
                "`worked_before` counts the seconds worked before it starts. Outside of these years \
                 nothing is known."
                    .to_owned(),
            ],
            sql: select(pen, &items, &from, 0),
            description: format!("Working stretches of {} from {first} to {last}.", time.address),
            columns: vec![
                Column::new("starts_at", "When work begins."),
                Column::new("ends_at", "When it ends."),
                Column::new("next_starts_at", "When it begins again."),
                Column::new("worked_before", "The seconds worked before."),
            ],
            never: Vec::new(),
        }
    }
}
