//! The calendar against a clock that looks at every minute.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failing test says so by panicking"
)]

use super::*;
use proptest::prelude::*;

fn working(zone: &str, days: &str, hours: &str, holidays: &[Date]) -> Calendar {
    let zone = TimeZone::get(zone).unwrap();
    let works = WEEK.map(|day| days.contains(day));
    let hours = Hours::parse(hours).unwrap();
    let years = Years::new(zone.clone(), works, hours, holidays.iter().copied().collect());
    Calendar { address: "calendar.test".to_owned(), zone, hours, years }
}

fn berlin() -> Calendar {
    working("Europe/Berlin", "mon tue wed thu fri", "09:00-17:00", &["2026-12-25".parse().unwrap()])
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn span(text: &str) -> Duration {
    Duration::parse(text).unwrap()
}

#[track_caller]
fn due(calendar: &Calendar, from: &str, within: &str) -> String {
    let zone = calendar.zone.clone();
    let due = calendar.due(at(from), span(within)).unwrap().to_zoned(zone);
    due.strftime("%a %Y-%m-%d %H:%M").to_string()
}

#[test]
fn a_limit_runs_in_working_hours_only() {
    let calendar = berlin();
    // Friday, 16:00 in Berlin.
    let friday = "2026-11-20T15:00:00Z";
    assert_eq!(due(&calendar, friday, "30 business minutes"), "Fri 2026-11-20 16:30");
    assert_eq!(due(&calendar, friday, "1 business hour"), "Fri 2026-11-20 17:00");
    assert_eq!(due(&calendar, friday, "2 business hours"), "Mon 2026-11-23 10:00");
    assert_eq!(due(&calendar, friday, "1 business day"), "Mon 2026-11-23 16:00");
    assert_eq!(due(&calendar, friday, "5 business days"), "Fri 2026-11-27 16:00");
    assert_eq!(due(&calendar, friday, "1 business week"), "Fri 2026-11-27 16:00");
    assert_eq!(due(&calendar, friday, "1 business month"), "Mon 2026-12-21 09:00");
    assert_eq!(due(&calendar, friday, "24 hours"), "Sat 2026-11-21 16:00");
    assert_eq!(due(&calendar, friday, "1 month"), "Sun 2026-12-20 16:00");
    // A Saturday waits for Monday; Christmas is nobody's working day.
    assert_eq!(due(&calendar, "2026-11-21T08:00:00Z", "2 business hours"), "Mon 2026-11-23 11:00");
    assert_eq!(due(&calendar, "2026-11-21T08:00:00Z", "1 business day"), "Tue 2026-11-24 09:00");
    assert_eq!(due(&calendar, "2026-12-24T15:00:00Z", "2 business hours"), "Mon 2026-12-28 10:00");
    assert_eq!(due(&calendar, "2026-12-24T20:00:00Z", "0 business hours"), "Thu 2026-12-24 21:00");
}

#[test]
fn a_window_looks_back_over_working_hours_only() {
    let calendar = berlin();
    let back = |from: &str, length: &str| {
        let since = calendar.looking_back(at(from), span(length)).unwrap();
        since.to_zoned(calendar.zone.clone()).strftime("%a %Y-%m-%d %H:%M").to_string()
    };
    // Monday, 10:00 in Berlin.
    let monday = "2026-11-23T09:00:00Z";
    assert_eq!(back(monday, "30 business minutes"), "Mon 2026-11-23 09:30");
    assert_eq!(back(monday, "1 business hour"), "Mon 2026-11-23 09:00");
    assert_eq!(back(monday, "2 business hours"), "Fri 2026-11-20 16:00");
    assert_eq!(back(monday, "1 business day"), "Fri 2026-11-20 10:00");
    assert_eq!(back(monday, "5 business days"), "Mon 2026-11-16 10:00");
    assert_eq!(back(monday, "1 business week"), "Mon 2026-11-16 10:00");
    assert_eq!(back(monday, "1 business month"), "Fri 2026-10-23 10:00");
    // From a Sunday on it is the Friday before that counts.
    let sunday = "2026-11-22T12:00:00Z";
    assert_eq!(back(sunday, "1 business hour"), "Fri 2026-11-20 16:00");
    assert_eq!(back(sunday, "1 business day"), "Thu 2026-11-19 17:00");
    assert_eq!(back(sunday, "1 business month"), "Thu 2026-10-22 13:00");
    assert_eq!(back(sunday, "0 business hours"), "Sun 2026-11-22 13:00");
    assert_eq!(calendar.looking_back(at(sunday), span("2 days")), None);
}

#[test]
fn clocks_that_are_put_forward_and_back_keep_the_time_of_day() {
    let calendar = berlin();
    // Friday before and Monday after the clocks change, both ways.
    assert_eq!(due(&calendar, "2026-03-27T15:00:00Z", "1 business day"), "Mon 2026-03-30 16:00");
    assert_eq!(due(&calendar, "2026-10-23T14:00:00Z", "1 business day"), "Mon 2026-10-26 16:00");
    let always = "mon tue wed thu fri sat sun";
    let day_and_night = working("Europe/Berlin", always, "00:00-24:00", &[]);
    let (spring, autumn) = ("2026-03-28T23:00:00Z", "2026-10-24T22:00:00Z");
    assert_eq!(day_and_night.elapsed(at(spring), at("2026-03-29T22:00:00Z")), 23 * HOUR);
    assert_eq!(day_and_night.elapsed(at(autumn), at("2026-10-25T23:00:00Z")), 25 * HOUR);
    // A shift that would begin in the hour that is skipped begins with the next.
    let early = working("Europe/Berlin", always, "02:30-10:00", &[]);
    assert_eq!(early.elapsed(at(spring), at("2026-03-29T22:00:00Z")), 7 * HOUR);
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let nights = working("UTC", "mon tue", "22:00-06:00", &["2026-11-24".parse().unwrap()]);
    let week = (at("2026-11-23T00:00:00Z"), at("2026-11-30T00:00:00Z"));
    // Tuesday is a holiday: only the night of Monday is left, and it ends on Tuesday.
    assert_eq!(nights.elapsed(week.0, week.1), 8 * HOUR);
    assert!(
        nights.is_open(at("2026-11-24T05:59:59Z")) && !nights.is_open(at("2026-11-24T06:00:00Z"))
    );
    assert_eq!(due(&nights, "2026-11-24T04:00:00Z", "3 business hours"), "Mon 2026-11-30 23:00");
    assert_eq!(due(&nights, "2026-11-24T04:00:00Z", "1 business day"), "Tue 2026-12-01 04:00");
    let new_year = working("UTC", "mon tue wed thu fri sat sun", "22:00-06:00", &[]);
    assert_eq!(new_year.elapsed(at("2026-12-31T23:00:00Z"), at("2027-01-01T23:00:00Z")), 8 * HOUR);
}

#[test]
fn what_cannot_be_reckoned_is_no_panic() {
    let calendar = berlin();
    for text in ["-009999-01-03T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-30T00:00:00Z"] {
        let from = at(text);
        for within in ["999999 business months", "999999 business days", "999999 weeks", "1h"] {
            let _ = calendar.due(from, span(within));
            let _ = calendar.looking_back(from, span(within));
        }
        let _ = (calendar.is_open(from), calendar.next_open(from));
        assert!(calendar.elapsed(from, Timestamp::MAX) >= 0);
        assert_eq!(calendar.elapsed(Timestamp::MAX, from), 0);
    }
}

/// Whether the clock on the wall shows working hours.
fn shows_work(zone: &TimeZone, days: &str, hours: Hours, holidays: &[Date], at: Timestamp) -> bool {
    let clock = zone.to_datetime(at);
    let minute = u16::try_from(i32::from(clock.hour()) * 60 + i32::from(clock.minute())).unwrap();
    let works = |date: Date| {
        let day = WEEK[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap()];
        days.contains(day) && !holidays.contains(&date)
    };
    let today = works(clock.date()) && minute >= hours.start && minute < hours.end;
    let night = clock.date().yesterday().is_ok_and(works) && minute + 24 * 60 < hours.end;
    today || night
}

const ZONES: [&str; 5] =
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
// None of these begins or ends in the hours in which clocks are changed.
const HOURS: [&str; 6] =
    ["09:00-17:00", "00:00-24:00", "22:00-06:00", "08:30-12:45", "04:00-23:59", "18:15-18:15"];
const DAYS: [&str; 4] = ["mon tue wed thu fri", "sun mon", "mon tue wed thu fri sat sun", "sat"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_minute_is_counted_as_a_watcher_would(
        zone in 0..ZONES.len(), hours in 0..HOURS.len(), days in 0..DAYS.len(),
        // Within weeks in which clocks of one half of the world or the other are changed.
        week in 0..4usize, start in 0..14 * 24 * 60i64, length in 0..9 * 24 * 60i64,
        holiday in 0..14i64,
    ) {
        let first = ["2026-03-02", "2026-03-23", "2026-10-19", "2026-12-24"][week];
        let first: Date = first.parse().unwrap();
        let holidays = [first.checked_add(Span::new().days(holiday)).unwrap()];
        let zone_name = ZONES[zone];
        let zone = TimeZone::get(zone_name).unwrap();
        let calendar = working(zone_name, DAYS[days], HOURS[hours], &holidays);
        let hours = Hours::parse(HOURS[hours]).unwrap();
        let from = first.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second() + start * 60;
        let minute = |n: i64| instant(from + n * 60).unwrap();
        let works = |n| shows_work(&zone, DAYS[days], hours, &holidays, minute(n));
        let counted = (0..length).filter(|n| works(*n)).count();
        let counted = i64::try_from(counted).unwrap();
        prop_assert_eq!(calendar.elapsed(minute(0), minute(length)), counted * 60);
        prop_assert_eq!(calendar.is_open(minute(0)), works(0));
        // What was counted runs out within the last minute of work, and never before.
        let limit = Duration {
            count: u32::try_from(counted).unwrap(), unit: Unit::Minute, clock: Clock::Business,
        };
        let due = calendar.due(minute(0), limit).unwrap();
        prop_assert_eq!(calendar.elapsed(minute(0), due), counted * 60);
        prop_assert!(due <= minute(length));
        // A business day later the same hand of the clock, on a working day behind this one.
        let begins = calendar.next_open(minute(0)).unwrap();
        let next = calendar.due(minute(0), span("1 business day")).unwrap();
        let (was, is) = (zone.to_datetime(begins), zone.to_datetime(next));
        prop_assert!(is.date() > was.date());
        let shown = is.date().to_datetime(was.time());
        prop_assert_eq!(year::instant_of(&zone, shown), Some(next.as_second()));
        // The other way round the same.
        let since = calendar.looking_back(minute(length), limit).unwrap();
        prop_assert!(since >= minute(0));
        prop_assert_eq!(calendar.elapsed(since, minute(length)), counted * 60);
        let later = instant(since.as_second() + 1).unwrap();
        prop_assert!(counted == 0 || calendar.elapsed(later, minute(length)) < counted * 60);
        let ended = calendar.last_open(minute(0)).unwrap();
        let before = calendar.looking_back(minute(0), span("1 business day")).unwrap();
        let (was, is) = (zone.to_datetime(ended), zone.to_datetime(before));
        prop_assert!(is.date() < was.date());
        let shown = is.date().to_datetime(was.time());
        prop_assert_eq!(year::instant_of(&zone, shown), Some(before.as_second()));
    }
}
