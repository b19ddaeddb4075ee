//! Where a clock stands, case by case.

#![expect(clippy::unwrap_used, reason = "a failing test says so by panicking")]

use super::*;
use crate::document::Limits;
use crate::load;
use crate::measure::clock::Calendars;
use crate::source::{RawContent, RawFile};

const MODEL: &str = r#"
[model]
format = 1
[model.calendar]
time_zone = "Europe/Berlin"
days = ["mon", "tue", "wed", "thu", "fri"]
hours = "09:00-17:00"
"#;

/// A Friday, 15:00 in Berlin.
const FRIDAY: &str = "2026-11-20T14:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn value(text: &str) -> Option<Value> {
    match text {
        "" => None,
        day if day.len() == 10 => Some(Value::Date(day.parse().unwrap())),
        text => Some(Value::DateTime(at(text))),
    }
}

struct Case {
    promise: Promise,
    calendars: Calendars,
}

fn case(words: &str) -> Case {
    let text = format!(
        "{MODEL}\n[sla.x]\nobject = \"lead\"\napplies_to = \"a is set\"\nstarts = \"a\"\nstops = \"b\"\n{words}"
    );
    let content = RawContent::Bytes(text.into_bytes());
    let file = RawFile { path: "model/all.toml".to_owned(), content };
    let model = load::read(vec![file], Limits::default()).model;
    let promise = Promise::of(model.get("sla.x").unwrap()).unwrap();
    Case { promise, calendars: Calendars::of(&model) }
}

impl Case {
    fn read(&self, [starts, stops, restarted]: [&str; 3], as_of: &str) -> Reading {
        let times = Times {
            starts: value(starts),
            stops: value(stops),
            restarted: value(restarted),
            settled: false,
        };
        self.promise.read(&times, self.calendars.own().unwrap(), at(as_of), Soon::Hundredths(10))
    }

    fn state(&self, times: [&str; 3], as_of: &str) -> State {
        self.read(times, as_of).state
    }
}

#[test]
fn a_clock_that_runs_is_never_kept() {
    let case = case("within = \"4 business hours\"");
    let open = [FRIDAY, "", ""];
    assert_eq!(case.state(open, "2026-11-20T13:00:00Z"), State::NotStarted);
    assert_eq!(case.state(open, "2026-11-20T14:00:00Z"), State::Open);
    // Two hours on Friday, two on Monday; the last tenth is the last 24 minutes.
    assert_eq!(case.state(open, "2026-11-22T12:00:00Z"), State::Open);
    assert_eq!(case.state(open, "2026-11-23T09:35:00Z"), State::Open);
    assert_eq!(case.state(open, "2026-11-23T09:36:00Z"), State::Soon);
    assert_eq!(case.state(open, "2026-11-23T10:00:00Z"), State::Soon);
    assert_eq!(case.state(open, "2026-11-23T10:00:01Z"), State::Overdue);
    let overdue = case.read(open, "2026-11-23T11:30:00Z");
    assert_eq!((overdue.taken, overdue.over), (5 * 3600 + 1800, 3600 + 1800));
    assert_eq!(overdue.due, Some(at("2026-11-23T10:00:00Z")));
    assert_eq!(
        case.state([FRIDAY, "2026-11-23T10:00:00Z", ""], "2026-12-01T00:00:00Z"),
        State::Kept
    );
    assert_eq!(
        case.state([FRIDAY, "2026-11-23T10:00:01Z", ""], "2026-12-01T00:00:00Z"),
        State::Late
    );
    // What stops it later has not happened yet.
    assert_eq!(
        case.state([FRIDAY, "2026-11-23T09:00:00Z", ""], "2026-11-21T00:00:00Z"),
        State::Open
    );
    assert_eq!(
        case.state(["", "2026-11-23T09:00:00Z", ""], "2026-12-01T00:00:00Z"),
        State::NotStarted
    );
    let before = [FRIDAY, "2026-11-19T09:00:00Z", ""];
    assert_eq!(case.state(before, "2026-12-01T00:00:00Z"), State::Unclear);
    for state in [State::Open, State::Soon, State::NotStarted, State::Unserved, State::Unclear] {
        assert_eq!(state.kept(), None);
    }
    assert_eq!(State::Overdue.kept(), Some(false));
}

#[test]
fn exactly_the_limit_is_not_too_long_whatever_the_hour() {
    let later = "2026-12-01T00:00:00Z";
    for within in ["8 business hours", "1 business day"] {
        let case = case(&format!("within = \"{within}\""));
        // It comes on a Saturday: the limit runs out on Monday at 17:00, in Berlin.
        let saturday = "2026-11-21T15:00:00Z";
        for stopped in ["2026-11-23T16:00:00Z", "2026-11-23T18:00:00Z", "2026-11-24T08:00:00Z"] {
            assert_eq!(case.state([saturday, stopped, ""], later), State::Kept, "{within}");
            assert_eq!(case.state([saturday, "", ""], stopped), State::Soon, "{within}");
        }
        let stopped = "2026-11-24T08:00:01Z";
        let late = case.read([saturday, stopped, ""], later);
        assert_eq!((late.state, late.over), (State::Late, 1), "{within}");
        assert_eq!(case.state([saturday, "", ""], stopped), State::Overdue, "{within}");
    }
}

#[test]
fn parts_of_a_second_are_time_too() {
    let case = case("within = \"1 hour\"");
    let begun = "2026-11-20T14:00:00.900Z";
    let state = |stopped| case.state([begun, stopped, ""], "2026-12-01T00:00:00Z");
    assert_eq!(state("2026-11-20T15:00:00.500Z"), State::Kept);
    assert_eq!(state("2026-11-20T15:00:00.900Z"), State::Kept);
    assert_eq!(state("2026-11-20T15:00:00.901Z"), State::Late);
}

#[test]
fn what_is_settled_otherwise_was_not_served() {
    let case = case("within = \"1 hour\"");
    let mut times = Times { starts: value(FRIDAY), settled: true, ..Times::default() };
    let read = |times: &Times| {
        let on = case.calendars.own().unwrap();
        case.promise.read(times, on, at("2026-11-25T00:00:00Z"), Soon::Hundredths(10)).state
    };
    assert_eq!(read(&times), State::Unserved);
    times.stops = value("2026-11-20T14:30:00Z");
    assert_eq!(read(&times), State::Kept);
}

#[test]
fn a_clock_starts_anew_only_while_it_runs() {
    let case = case("within = \"4 business hours\"\nrestart = \"owner change\"");
    let monday = "2026-11-23T08:00:00Z";
    let as_of = "2026-11-23T11:30:00Z";
    assert_eq!(case.state([FRIDAY, "", ""], as_of), State::Overdue);
    let again = case.read([FRIDAY, "", monday], as_of);
    assert_eq!((again.state, again.since), (State::Open, Some(at(monday))));
    // It had been stopped before the record changed hands.
    let served = case.read([FRIDAY, "2026-11-20T15:00:00Z", monday], as_of);
    assert_eq!((served.state, served.since), (State::Kept, Some(at(FRIDAY))));
    // An older change of hands is none of this clock's.
    assert_eq!(case.state([FRIDAY, "", "2026-11-19T08:00:00Z"], as_of), State::Overdue);
}

#[test]
fn outside_of_working_hours_a_wall_clock_waits_or_takes_no_time() {
    let saturday = "2026-11-21T10:00:00Z";
    let sunday = "2026-11-22T10:00:00Z";
    let later = "2026-12-01T00:00:00Z";
    let plain = case("within = \"1 hour\"");
    assert_eq!(plain.state([saturday, sunday, ""], later), State::Late);
    let waits = case("within = \"1 hour\"\noutside_hours = \"waits\"");
    assert_eq!(waits.state([saturday, "2026-11-23T09:00:00Z", ""], later), State::Kept);
    assert_eq!(waits.state([saturday, "2026-11-23T09:00:01Z", ""], later), State::Late);
    let zero = case("within = \"1 hour\"\noutside_hours = \"counts as zero\"");
    assert_eq!(zero.state([saturday, sunday, ""], later), State::Kept);
    assert_eq!(zero.state([saturday, "", ""], sunday), State::Open);
    assert_eq!(zero.state([saturday, "2026-11-23T08:00:01Z", ""], later), State::Late);
    // Within working hours it is a wall clock like any other.
    assert_eq!(zero.state([FRIDAY, "2026-11-20T15:00:01Z", ""], later), State::Late);
}

#[test]
fn soon_is_a_share_of_the_limit_or_a_stretch_of_time() {
    let case = case("within = \"2 business days\"");
    let soon = |words: &str, as_of: &str| {
        let times = Times { starts: value(FRIDAY), ..Times::default() };
        let left = Soon::Left(Duration::parse(words).unwrap());
        case.promise.read(&times, case.calendars.own().unwrap(), at(as_of), left).state
    };
    // It runs out on Tuesday at 15:00.
    assert_eq!(soon("2 hours", "2026-11-24T11:59:00Z"), State::Open);
    assert_eq!(soon("2 hours", "2026-11-24T12:00:00Z"), State::Soon);
    assert_eq!(soon("1 business day", "2026-11-23T13:59:00Z"), State::Open);
    assert_eq!(soon("1 business day", "2026-11-23T14:00:00Z"), State::Soon);
    assert_eq!(soon("1 business day", "2026-11-24T14:00:01Z"), State::Overdue);
}

#[test]
fn a_day_begins_where_its_calendar_says() {
    let case = case("within = \"2 business days\"");
    // Monday as a date: the clock starts with the office, and runs out on Wednesday at nine.
    let open = case.read(["2026-11-23", "", ""], "2026-11-24T12:00:00Z");
    assert_eq!(open.due, Some(at("2026-11-25T08:00:00Z")));
    assert_eq!(case.state(["2026-11-23", "2026-11-25", ""], "2026-12-01T00:00:00Z"), State::Kept);
    assert_eq!(case.state(["2026-11-23", "2026-11-26", ""], "2026-12-01T00:00:00Z"), State::Late);
}
