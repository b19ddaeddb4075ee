//! Business calendars as tables of working stretches, by which working time is counted exactly on any
//! database: each instant lies between the start of one stretch and the start of the next.

use super::plan::Plan;
use super::view::{Column, Item, View, select};
use crate::measure::shown_first;
use crate::model::calendar::{Calendar, RegionalCalendar, Weekday};
use crate::model::root::Root;
use crate::model::{At, Code, Listed, Word};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;

/// The working time of a calendar.
#[derive(Debug, Clone)]
pub(super) struct WorkingTime {
    pub(super) address: String,
    zone: TimeZone,
    zone_name: String,
    days: Vec<&'static str>,
    /// Start and end in minutes from the midnight with which a day begins; the end may lie on the next.
    hours: [i64; 2],
    holidays: BTreeSet<Date>,
}

/// The years for which working time is written where no holiday says which ones count.
const YEARS: [i16; 2] = [2020, 2031];

/// Years before the first and after the last holiday that are written as well.
const AROUND: [i16; 2] = [3, 1];

/// Years after the first holiday beyond which none are written: a view has a longest text.
const MOST: i16 = 9;

impl WorkingTime {
    /// Seconds that somebody works on a working day, as clocks on the wall show it.
    pub(super) fn day_seconds(&self) -> i64 {
        let [open, close] = self.hours;
        (close - open) * 60
    }

    /// The first and the last year for which it is written.
    pub(super) fn years(&self) -> [i16; 2] {
        let first = self.holidays.first().map(|day| day.year());
        let last = self.holidays.last().map(|day| day.year());
        match (first, last) {
            (Some(first), Some(last)) => [
                first.saturating_sub(AROUND[0]).max(1970),
                last.saturating_add(AROUND[1]).min(first.saturating_add(MOST)),
            ],
            _ => YEARS,
        }
    }

    /// The working stretches, in order.
    fn stretches(&self) -> Vec<(Timestamp, Timestamp)> {
        let [first, last] = self.years();
        let mut day = date(first, 1, 1);
        let mut found = Vec::new();
        while day.year() <= last {
            let weekday = format!("{:?}", day.weekday()).to_ascii_lowercase();
            let works = self.days.iter().any(|name| weekday.starts_with(name));
            if works && !self.holidays.contains(&day) {
                let [open, close] = self.hours.map(|minutes| {
                    let clock = day.at(0, 0, 0, 0).checked_add(minutes.minutes()).ok()?;
                    shown_first(&self.zone, clock)
                });
                found.extend(open.zip(close).filter(|(open, close)| open < close));
            }
            let Ok(next) = day.checked_add(1.day()) else { break };
            day = next;
        }
        found
    }
}

impl Plan<'_, '_> {
    /// The working time that a promise runs on, by the address of its calendar where it names one.
    pub(super) fn working_time(&self, address: Option<&str>) -> Result<WorkingTime, String> {
        let model = self.scope.model();
        let root: Option<Root> = model.get("model").map(crate::model::Entity::read);
        let default = root.as_ref().and_then(|root| root.default_calendar.as_ref());
        let named = address.or_else(|| default.map(|calendar| calendar.address.as_str()));
        if let Some(address) = named {
            let entity = model.get(address).ok_or_else(|| format!("there is no `{address}`"))?;
            let RegionalCalendar { time_zone, days, hours, holidays } = entity.read();
            let parts = Calendar { time_zone, days, hours, holidays };
            return self.read_calendar(address, &parts);
        }
        let calendar = root.as_ref().and_then(|root| root.calendar.as_ref());
        let calendar = calendar.ok_or("the model has no business calendar")?;
        self.read_calendar("model.calendar", &calendar.value)
    }

    fn read_calendar(&self, address: &str, parts: &Calendar) -> Result<WorkingTime, String> {
        let lacks = |what: &str| format!("`{address}` says no {what}");
        let hours = parts.hours.as_ref().ok_or_else(|| lacks("hours"))?;
        let hours = stretch(hours)
            .ok_or_else(|| format!("the hours `{}` of `{address}` cannot be read", &***hours))?;
        let zone_name = parts.time_zone.as_ref().ok_or_else(|| lacks("time zone"))?;
        let zone_name: &Word = zone_name;
        let zone = (self.request.zone)(zone_name).ok_or_else(|| {
            format!("the time zone `{}` of `{address}` is not known", &**zone_name)
        })?;
        Ok(WorkingTime {
            address: address.to_owned(),
            zone,
            zone_name: zone_name.0.clone(),
            days: weekdays(parts.days.as_ref()),
            hours,
            holidays: parts.holidays.iter().flat_map(|days| days.iter()).map(|d| d.value).collect(),
        })
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
        for (open, close) in time.stretches() {
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
        let [first, last] = time.years();
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

fn weekdays(days: Option<&At<Listed<Code<Weekday>>>>) -> Vec<&'static str> {
    days.iter().flat_map(|days| days.iter()).map(|day| day.word).collect()
}

/// Start and end of `09:00-17:00`; an end that is not behind the start lies on the next day.
fn stretch(hours: &str) -> Option<[i64; 2]> {
    let (open, close) = hours.split_once('-')?;
    let minutes = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let [hour, minute] = [hour, minute].map(|digits| digits.parse::<u8>().ok());
        let minutes = i64::from(hour?) * 60 + i64::from(minute.filter(|minute| *minute < 60)?);
        (minutes <= DAY).then_some(minutes)
    };
    let (open, close) = (minutes(open)?, minutes(close)?);
    let close = if close > open { close } else { close + DAY };
    (open < DAY).then_some([open, close])
}

/// Minutes of a day.
const DAY: i64 = 24 * 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Limits;
    use crate::measure::Calendars;
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
        let time = WorkingTime {
            address: "model.calendar".to_owned(),
            zone: TimeZone::get("Europe/Berlin").expect("a zone"),
            zone_name: "Europe/Berlin".to_owned(),
            days: ALWAYS.to_vec(),
            hours: stretch(hours).expect("hours"),
            holidays: BTreeSet::new(),
        };
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
            let stretches = time.stretches();
            let own = calendars.own().expect("a calendar");
            for ((from, to), expected) in [(spring, in_spring), (autumn, in_autumn)] {
                let found = worked(&stretches, from, to);
                assert_eq!(found, own.elapsed(from, to), "{hours} from {from}");
                #[expect(clippy::cast_precision_loss, reason = "a day has few seconds")]
                let found = found as f64 / 3600.0;
                assert!((found - expected).abs() < f64::EPSILON, "{hours} from {from}: {found}");
            }
        }
    }
}
