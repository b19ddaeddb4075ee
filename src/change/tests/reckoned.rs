//! What says the same as before and is reckoned by something else that changed.

use super::exact::exactly;
use super::world::one;
use crate::change::{Change, Fingerprint, Impact, Policies};
use crate::model::Address;

const MODEL: &str = "
[model.calendar]
time_zone = 'UTC'
hours = '09:00-17:00'
[calendar.north]
hours = '08:00-16:00'
[calendar.south]
hours = '07:00-15:00'
[team.sales]
calendar = 'calendar.south'
[object.lead]
[field.lead]
x = { type = 'integer' }
comp = { type = 'choice', values = ['X'], values_from = 'list.rivals' }
loose = { type = 'choice', open = true, values_from = 'list.rivals' }
at = { type = 'datetime' }
done = { type = 'datetime' }
[list.rivals]
values = ['A', 'B']
[definition.large]
object = 'lead'
criteria.x = 'x >= 1'
[sla.own]
object = 'lead'
applies_to = 'definition.large'
starts = 'at'
stops = 'done'
within = '4 business hours'
goal = '1 business hour'
[sla.north]
object = 'lead'
applies_to = 'x >= 1'
starts = 'at'
stops = 'done'
within = '2 business days'
calendar = 'calendar.north'
[sla.whose]
object = 'lead'
applies_to = 'x >= 1'
starts = 'at'
stops = 'done'
within = '9 hours'
outside_hours = 'waits'
calendar_of = 'owner'
[sla.wall]
object = 'lead'
applies_to = 'x >= 1'
starts = 'at'
stops = 'done'
within = '5 hours'
target = '90%'
[lifecycle.lead]
object = 'lead'
[[lifecycle.lead.stage]]
id = 'new'
limit = '3 business days'
contact_within = '1 business day'
[[lifecycle.lead.stage]]
id = 'old'
limit = '3 days'
[metric.recent]
object = 'lead'
formula = 'count'
population = 'x >= 10'
window = '9 business days'
dated_by = 'at'
[campaign.c]
[[campaign.c.launch]]
id = 'ready'
within = '2 business days'
[metric.own]
object = 'lead'
formula = 'kept promises'
sla = 'sla.own'
[metric.wall]
object = 'lead'
formula = 'kept promises'
sla = 'sla.wall'
[metric.big]
object = 'lead'
formula = 'count'
population = 'x >= 10'
[metric.ratio]
object = 'lead'
formula = 'ratio'
numerator = 'metric.big'
denominator = 'metric.wall'
[metric.ratio-of]
object = 'lead'
formula = 'ratio'
numerator = 'metric.ratio'
denominator = 'metric.ratio-of'
";

/// What follows from turning some words into others: impact, kind, address, and what caused it.
fn follows(turns: &[(&str, &str)]) -> Vec<String> {
    follows_in(MODEL, turns)
}

fn follows_in(model: &str, turns: &[(&str, &str)]) -> Vec<String> {
    let mut after = model.to_owned();
    for (from, to) in turns {
        assert!(after.contains(from), "{from}");
        after = after.replace(from, to);
    }
    let changes = exactly(&one(model), &one(&after)).changes;
    let follows = changes.iter().filter(|change| !change.caused_by.is_empty());
    let line = |change: &Change| {
        let by: Vec<&str> = change.caused_by.iter().map(Address::as_str).collect();
        format!("{} {} {} < {}", change.impact, change.kind.id, change.address, by.join(" "))
    };
    let mut lines: Vec<String> = follows.map(line).collect();
    lines.sort();
    lines
}

#[test]
fn figures_follow_the_promises_and_figures_they_are_computed_from() {
    let within = "sla.wall.within";
    assert_eq!(
        follows(&[("'5 hours'", "'6 hours'")]),
        [
            format!("breaking metric-formula-changed metric.ratio-of.numerator < {within}"),
            format!("breaking metric-formula-changed metric.ratio.denominator < {within}"),
            format!("breaking metric-formula-changed metric.wall.sla < {within}"),
        ]
    );
    assert_eq!(
        follows(&[("'x >= 10'", "'x >= 3'")]),
        [
            "breaking metric-formula-changed metric.ratio-of.numerator < metric.big.population",
            "breaking metric-formula-changed metric.ratio.numerator < metric.big.population",
        ]
    );
    // By way of what a promise refers to.
    assert_eq!(
        follows(&[("criteria.x = 'x >= 1'", "criteria.x = 'x >= 2'")]),
        [
            "breaking metric-formula-changed metric.own.sla < definition.large",
            "loosening sla-scope-narrowed sla.own.applies_to < definition.large",
        ]
    );
    // A target makes no other figure, nor does a formula that says the same.
    assert_eq!(follows(&[("'90%'", "'80%'")]), [""; 0]);
    assert_eq!(follows(&[("'x >= 10'", "'(x >= 10)'")]), [""; 0]);
    // What is written otherwise is told as that.
    let lines = follows(&[("'x >= 10'", "'x >= 3'"), ("= 'metric.big'", "= 'metric.own'")]);
    let numerator = "breaking metric-formula-changed metric.ratio-of.numerator < ";
    assert_eq!(lines, [format!("{numerator}metric.ratio.numerator")]);
}

#[test]
fn limits_in_working_time_follow_the_calendar_they_run_on() {
    let by_own = "model.calendar.hours";
    assert_eq!(
        follows(&[("'09:00-17:00'", "'09:00-12:00'")]),
        [
            format!("breaking metric-formula-changed metric.own.sla < {by_own}"),
            format!("breaking metric-window-changed metric.recent.window < {by_own}"),
            format!("shifting sla-clock-changed sla.whose.outside_hours < {by_own}"),
            format!("shifting sla-shifted sla.own.within < {by_own}"),
            format!(
                "shifting stage-contact-limit-shifted lifecycle.lead.stage.new.contact_within < {by_own}"
            ),
            format!("shifting stage-limit-shifted lifecycle.lead.stage.new.limit < {by_own}"),
        ]
    );
    assert_eq!(
        follows(&[("[calendar.north]\n", "[calendar.north]\nholidays = [2026-12-24]\n")]),
        ["shifting sla-shifted sla.north.within < calendar.north.holidays"]
    );
    // Beside a calendar that is named as the usual one the model's own counts for nothing.
    let usual = "[model]\ndefault_calendar = 'calendar.south'\n[model.calendar]\n";
    let base = MODEL.replace("[model.calendar]\n", usual);
    assert_eq!(follows_in(&base, &[("'09:00-17:00'", "'09:00-12:00'")]), [""; 0]);
    let lines = follows_in(&base, &[("[calendar.south]\n", "[calendar.south]\ndays = ['mon']\n")]);
    assert!(lines.iter().any(|line| line.contains("sla-shifted sla.own.within")), "{lines:?}");
    // A promise may run on the calendar of whoever has the record, and so do the limits of stages.
    let of_team = |by: &str| {
        [
            format!("shifting sla-clock-changed sla.whose.outside_hours < {by}"),
            format!(
                "shifting stage-contact-limit-shifted lifecycle.lead.stage.new.contact_within < {by}"
            ),
            format!("shifting stage-limit-shifted lifecycle.lead.stage.new.limit < {by}"),
        ]
    };
    assert_eq!(
        follows(&[("[calendar.south]\n", "[calendar.south]\ndays = ['mon']\n")]),
        of_team("calendar.south.days")
    );
    assert_eq!(
        follows(&[("'calendar.south'", "'calendar.north'")]),
        of_team("team.sales.calendar")
    );
    // Another name of a calendar, or of what runs on it, is none.
    let renamed = [
        ("calendar.north", "calendar.cold"),
        ("[calendar.cold]\n", "[calendar.cold]\nformerly = ['north']\n"),
    ];
    assert_eq!(follows(&renamed), [""; 0]);
    let changed =
        [&renamed[..], &[("formerly = ['north']", "formerly = ['north']\ndays = ['mon']")]]
            .concat();
    assert_eq!(follows(&changed), ["shifting sla-shifted sla.north.within < calendar.cold.days"]);
}

#[test]
fn what_follows_from_a_calendar_is_no_graver_than_the_calendar() {
    let holiday = ("[calendar.north]\n", "[calendar.north]\nholidays = [2026-12-24]\n");
    let levels = |policy: &str| -> Vec<String> {
        let policies = Policies::of(&one(policy));
        let mut changes = exactly(&one(MODEL), &one(&MODEL.replace(holiday.0, holiday.1)));
        changes.weigh(&policies);
        let line = |it: &Change| {
            format!("{} {} {}", it.kind.id, it.level, it.policy.as_deref().unwrap_or_default())
        };
        changes.changes.iter().map(line).collect()
    };
    let policy = |id: &str, level: &str, covers: &str| {
        format!("[policy.{id}]\nlevel = '{level}'\ncovers = ['{covers}']\nreason = 'R'\n")
    };
    let (holidays, limits) = ("sla-clock-holiday-added", "sla-shifted");
    assert_eq!(levels(""), [format!("{holidays} approve "), format!("{limits} approve ")]);
    let noted = policy(holidays, "note", "calendar.*");
    let by = format!("policy.{holidays}");
    assert_eq!(levels(&noted), [format!("{holidays} note {by}"), format!("{limits} note {by}")]);
    // What policy says of it goes first, and what is graver makes nothing graver.
    let of_both = format!("{noted}{}", policy(limits, "warn", "sla.*"));
    let own = format!("{limits} warn policy.{limits}");
    assert_eq!(levels(&of_both), [format!("{holidays} note {by}"), own]);
    let graver = policy(holidays, "forbid", "calendar.*");
    let lines = [format!("{holidays} forbid {by}"), format!("{limits} approve ")];
    assert_eq!(levels(&graver), lines);
}

#[test]
fn a_field_follows_the_list_it_takes_its_values_from() {
    let at = "field.lead.comp.values_from < list.rivals";
    assert_eq!(
        follows(&[("['A', 'B']", "['A']")]),
        [format!("tightening field-value-removed {at}")]
    );
    assert_eq!(
        follows(&[("['A', 'B']", "['A', 'B', 'C']")]),
        [format!("loosening field-value-added {at}")]
    );
    // What the field allows by itself its list does not change.
    assert_eq!(follows(&[("['A', 'B']", "['A', 'B', 'X']")]), [""; 0]);
    assert_eq!(follows(&[("['A', 'B']", "['A']"), ("['X']", "['X', 'B']")]), [""; 0]);
    // Nor what a field allows that allows anything, or begins or ceases to.
    let opens = ("values = ['X'], ", "open = true, values = ['X'], ");
    assert_eq!(follows(&[("['A', 'B']", "['A']"), opens]), [""; 0]);
    let renamed = [
        ("list.rivals", "list.others"),
        ("[list.others]\n", "[list.others]\nformerly = ['rivals']\n"),
    ];
    assert_eq!(follows(&renamed), [""; 0]);
    let changed = [&renamed[..], &[("['A', 'B']", "['B']")]].concat();
    let at = at.replace("rivals", "others");
    assert_eq!(follows(&changed), [format!("tightening field-value-removed {at}")]);
}

#[test]
fn what_follows_is_known_by_what_it_follows_from() {
    let print = |kind: &str, turns: [(&str, &str); 1]| -> Fingerprint {
        let [(from, to)] = turns;
        let changes = exactly(&one(MODEL), &one(&MODEL.replace(from, to))).changes;
        let mut of_kind = changes.into_iter().filter(|it| !it.caused_by.is_empty());
        of_kind.find(|it| it.kind.id == kind && it.impact != Impact::Cosmetic).unwrap().fingerprint
    };
    for (kind, from, [one, other]) in [
        ("metric-formula-changed", "'5 hours'", ["'6 hours'", "'7 hours'"]),
        ("sla-shifted", "'09:00-17:00'", ["'09:00-12:00'", "'09:00-13:00'"]),
        ("field-value-removed", "['A', 'B']", ["['A']", "['B']"]),
    ] {
        assert_ne!(print(kind, [(from, one)]), print(kind, [(from, other)]), "{kind}");
        assert_eq!(print(kind, [(from, one)]), print(kind, [(from, one)]), "{kind}");
    }
}
