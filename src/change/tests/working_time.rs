//! Working time that is the same in effect, however it is written.

use super::beside::assert_told;

const CALENDARS: &str = "
[calendar.one]
time_zone = 'Europe/Berlin'
hours = '09:00-17:00'
holidays = [2026-05-01]
[calendar.two]
time_zone = 'Europe/Berlin'
days = ['mon', 'tue', 'wed', 'thu', 'fri']
hours = '09:00-17:00'
holidays = [2026-05-01, 2026-05-02]
[calendar.other]
time_zone = 'Europe/Berlin'
hours = '09:00-18:00'
holidays = [2026-05-01]
";

const OWN: &str = "[model]\ndefault_calendar = 'calendar.one'\n";

/// A promise, a team or a queue before and after, and what comes of it.
const NAMED: &[(&str, &str, &[&str])] = &[
    (
        "[sla.s]\ncalendar = 'calendar.one'",
        "[sla.s]\ncalendar = 'calendar.two'",
        &["cosmetic sla-calendar-changed"],
    ),
    (
        "[sla.s]\ncalendar = 'calendar.one'",
        "[sla.s]\ncalendar = 'calendar.other'",
        &["shifting sla-calendar-changed"],
    ),
    ("[sla.s]", "[sla.s]\ncalendar = 'calendar.two'", &["cosmetic sla-calendar-set"]),
    ("[sla.s]", "[sla.s]\ncalendar = 'calendar.other'", &["shifting sla-calendar-set"]),
    (
        "[sla.s]\ncalendar_of = 'owner'",
        "[sla.s]\ncalendar_of = 'owner'\ncalendar = 'calendar.one'",
        &["shifting sla-calendar-set"],
    ),
    ("[queue.q]", "[queue.q]\ncalendar = 'calendar.one'", &["cosmetic sla-calendar-set"]),
    ("[team.t]", "[team.t]\ncalendar = 'calendar.one'", &["cosmetic sla-calendar-set"]),
    (
        "[team.u]\ncalendar = 'calendar.other'\n[team.t]\npart_of = 'team.u'",
        "[team.u]\ncalendar = 'calendar.other'\n[team.t]\npart_of = 'team.u'\ncalendar = 'calendar.one'",
        &["shifting sla-calendar-set"],
    ),
    (
        "[team.u]\ncalendar = 'calendar.other'\n[team.t]\npart_of = 'team.u'",
        "[team.u]\ncalendar = 'calendar.other'\n[team.t]\npart_of = 'team.u'\ncalendar = 'calendar.other'",
        &["cosmetic sla-calendar-set"],
    ),
];

#[test]
fn another_calendar_of_the_same_working_time_is_the_same_in_effect() {
    for (before, after, expected) in NAMED {
        let model = |says: &str| [CALENDARS, OWN, says].concat();
        assert_told(&model(before), &model(after), expected);
    }
    // What nobody knows is not said to be the same.
    assert_told("[sla.s]", "[sla.s]\ncalendar = 'calendar.gone'", &["shifting sla-calendar-set"]);
}

/// The calendar of the model before and after, beside a promise that runs on it.
const OF_MODEL: &[(&str, &str, &[&str])] = &[
    (
        "default_calendar = 'calendar.one'",
        "default_calendar = 'calendar.two'",
        &["cosmetic sla-clock-changed"],
    ),
    (
        "calendar = { time_zone = 'Europe/Berlin', hours = '09:00-17:00', holidays = [2026-05-01] }",
        "default_calendar = 'calendar.one'",
        &["cosmetic model-calendar-unset", "cosmetic sla-clock-set"],
    ),
    (
        "default_calendar = 'calendar.one'",
        "calendar = { hours = '10:00-17:00' }\ndefault_calendar = 'calendar.one'",
        &["cosmetic model-calendar-set"],
    ),
    (
        "calendar = { hours = '10:00-17:00' }",
        "calendar = { hours = '10:00-17:00', time_zone = 'UTC', days = ['mon', 'tue', 'wed', 'thu', 'fri'] }",
        &["cosmetic sla-clock-set"],
    ),
    (
        "calendar = { days = ['mon', 'tue'] }",
        "calendar = { days = ['mon', 'tue'], hours = '00:00-24:00', holidays = [2026-05-01, 2026-05-02] }",
        &["cosmetic sla-clock-holiday-added", "cosmetic sla-clock-set"],
    ),
    (
        "calendar = { hours = '10:00-17:00' }",
        "calendar = { hours = '10:00-18:00', holidays = [2026-05-02] }",
        &["cosmetic sla-clock-holiday-added", "shifting sla-clock-changed", "shifting sla-shifted"],
    ),
    (
        "calendar = { hours = '10:00-17:00' }",
        "calendar = { hours = '10:00-17:00', holidays = [2026-05-01, 2026-05-02] }",
        &["loosening sla-clock-holiday-added", "shifting sla-shifted"],
    ),
    (
        "calendar = { hours = '10:00-17:00', holidays = [2026-05-02] }",
        "calendar = { hours = '10:00-17:00', holidays = [2026-05-02], days = ['sat'] }",
        &[
            "loosening sla-clock-day-removed",
            "shifting sla-shifted",
            "tightening sla-clock-day-added",
        ],
    ),
];

#[test]
fn the_calendar_of_the_model_is_what_it_comes_to() {
    let promise = "[object.lead]\n[field.lead]\na = { type = 'datetime' }\nb = { type = 'datetime' }\n\
         [sla.s]\nobject = 'lead'\napplies_to = 'a is set'\nstarts = 'a'\nstops = 'b'\nwithin = '2 business days'\n";
    for (before, after, expected) in OF_MODEL {
        let model = |says: &str| [CALENDARS, promise, "[model]\n", says].concat();
        assert_told(&model(before), &model(after), expected);
    }
}
