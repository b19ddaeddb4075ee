//! Business calendars as tables of working stretches, by which working time is counted exactly on any
//! database: each instant lies between the start of one stretch and the start of the next.

use super::plan::Plan;
use super::view::{Column, Item, View, select};
use crate::measure::{Calendar, Calendars};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
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

/// The last year for which working time is written where views are asked at an instant to come.
const LAST: i16 = 2031;

/// Years after the as-of instant that are written as well: somebody may write a later instant there.
const AHEAD: i16 = 2;

/// Years after the first holiday up to which those of the others count where views are asked at an
/// instant to come.
const FARTHEST: i16 = 9;

/// So many years are written and no more: a view has a longest text.
const YEARS: i16 = 13;

impl WorkingTime {
    fn of(calendar: &Calendar, as_of: Option<Timestamp>) -> Self {
        let years = years(calendar.holidays(), as_of);
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

/// The first and the last year for which working time is written. Nothing that a promise asks for lies
/// behind the as-of instant, so that is what they must reach, whatever years the holidays are of.
fn years(holidays: &BTreeSet<Date>, as_of: Option<Timestamp>) -> [i16; 2] {
    let last = match (as_of, holidays.first(), holidays.last()) {
        (Some(as_of), ..) => TimeZone::UTC.to_datetime(as_of).year().saturating_add(AHEAD),
        (None, Some(first), Some(last)) => {
            let known = last.year().saturating_add(1);
            known.min(first.year().saturating_add(FARTHEST)).max(LAST)
        }
        (None, ..) => LAST,
    };
    [last.saturating_sub(YEARS - 1).max(1970), last]
}

impl Plan<'_, '_> {
    /// The working time that a promise runs on, by the address of its calendar where it names one.
    pub(super) fn working_time(&self, address: Option<&str>) -> Result<WorkingTime, String> {
        let calendars = Calendars::of(self.scope.model());
        let calendar = match address {
            Some(address) => calendars.at(address),
            None => calendars.own(),
        };
        let as_of = self.request.as_of;
        calendar.map(|it| WorkingTime::of(it, as_of)).map_err(|missing| missing.reason)
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
        let time = WorkingTime::of(calendars.own().expect("a calendar"), None);
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

    #[test]
    fn the_years_reach_past_the_as_of_instant_whatever_years_the_holidays_are_of() {
        let days = |years: &[i16]| -> BTreeSet<Date> {
            years.iter().map(|year| Date::constant(*year, 1, 1)).collect()
        };
        for (holidays, as_of, expected) in [
            (&[][..], Some("2026-08-01T00:00:00Z"), [2016, 2028]),
            (&[2015, 2016, 2027], Some("2026-08-01T00:00:00Z"), [2016, 2028]),
            (&[2023], Some("2026-12-31T23:59:59Z"), [2016, 2028]),
            (&[2099], Some("2041-01-01T00:00:00Z"), [2031, 2043]),
            (&[2026], Some("1975-01-01T00:00:00Z"), [1970, 1977]),
            (&[], None, [2019, 2031]),
            (&[2015, 2027], None, [2019, 2031]),
            (&[2030, 2034], None, [2023, 2035]),
            (&[2026, 2099], None, [2023, 2035]),
        ] {
            let as_of = as_of.map(|at| at.parse().expect("an instant"));
            assert_eq!(years(&days(holidays), as_of), expected, "{holidays:?} at {as_of:?}");
        }
    }
}
