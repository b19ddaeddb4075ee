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

    /// The zone in which days begin for a promise: that of its calendar, or UTC where there is none.
    pub(super) fn zone_of(&self, address: Option<&str>) -> String {
        self.working_time(address).map_or_else(|_| "UTC".to_owned(), |time| time.zone_name)
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
#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;
    use crate::source::{RawContent, RawFile};

    const ALWAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// Hours in Berlin on every day: as stretches, and as the clocks of promises have them.
    fn both(hours: &str) -> (WorkingTime, Calendars) {
        let text = format!(
            "[model]\nformat = 1\n[model.calendar]\ntime_zone = \"Europe/Berlin\"\n\
             days = {ALWAYS:?}\nhours = \"{hours}\"\n"
        );
        let content = RawContent::Bytes(text.into_bytes());
        let file = RawFile { path: "model.toml".to_owned(), content };
        let calendars = Calendars::of(&crate::load::read(vec![file], Limits::default()).model);
        let time = WorkingTime::from(calendars.own().expect("a calendar"));
        (time, calendars)
    }

    /// The seconds of stretches that lie between two instants.
    fn worked(stretches: &[(Timestamp, Timestamp)], from: Timestamp, to: Timestamp) -> i64 {
        let within = |(open, close): &(Timestamp, Timestamp)| {
            let (open, close) = ((*open).max(from), (*close).min(to));
            (close.as_second() - open.as_second()).max(0)
        };
        stretches.iter().map(within).sum()
    }

    #[test]
    fn days_on_which_clocks_change_are_worked_as_promises_have_it() {
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        // The days on which clocks are put forward and back, from midnight to midnight in Berlin.
        let spring = (at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"));
        let autumn = (at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z"));
        for (hours, in_spring, in_autumn) in [
            ("00:00-24:00", 23.0, 25.0),
            // What would begin or end in the hour that is skipped does with the next.
            ("02:30-10:00", 7.0, 8.5),
            ("00:30-02:30", 1.5, 2.0),
            ("22:00-24:00", 2.0, 2.0),
            ("18:15-18:15", 23.0, 25.0),
        ] {
            let (time, calendars) = both(hours);

            let own = calendars.own().expect("a calendar");
            for ((from, to), expected) in [(spring, in_spring), (autumn, in_autumn)] {
                let found = worked(&time.stretches, from, to);
                assert_eq!(found, own.elapsed(from, to), "{hours} from {from}");
                #[expect(clippy::cast_precision_loss, reason = "a day has few seconds")]
                let found = found as f64 / 3600.0;
                assert!((found - expected).abs() < f64::EPSILON, "{hours} from {from}: {found}");
            }
        }
    }
}
