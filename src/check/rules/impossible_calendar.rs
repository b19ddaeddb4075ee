//! A calendar in which nobody ever works, or whose hours cannot be read.

use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::calendar::{RegionalCalendar, Weekday, hours};
use crate::model::root::Root;
use crate::model::{At, Code, Entity, Listed, Word};

pub(super) static RULE: Rule = Rule {
    id: "impossible-calendar",
    severity: Severity::Error,
    page: include_str!("impossible_calendar.md"),
    run: Some(run),
};

type Days = At<Listed<Code<Weekday>>>;

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, root) in context.model.each::<Root>() {
        if let Some(calendar) = &root.calendar {
            let address = format!("{}.calendar", entity.address);
            findings.extend(impossible(
                entity,
                &address,
                calendar.hours.as_ref(),
                calendar.days.as_ref(),
            ));
            findings.extend(nowhere(entity, &address, calendar.time_zone.as_ref()));
        }
    }
    for (entity, calendar) in context.model.each::<RegionalCalendar>() {
        let address = entity.address.as_str();
        findings.extend(impossible(
            entity,
            address,
            calendar.hours.as_ref(),
            calendar.days.as_ref(),
        ));
        findings.extend(nowhere(entity, address, calendar.time_zone.as_ref()));
    }
    findings
}

fn impossible(
    entity: &Entity,
    address: &str,
    hours: Option<&At<Word>>,
    days: Option<&Days>,
) -> Vec<Finding> {
    let hours = hours.and_then(|at| Some((at.span, misread(at)?)));
    let days = days.filter(|days| days.is_empty());
    let days = days.map(|at| (at.span, ("nobody works on any day".to_owned(), DAYS_HELP)));
    let found = hours.into_iter().chain(days);
    let finding = |(span, (message, help))| {
        Finding::new(RULE.id, message).at(entity.place(span)).about(address).help(help)
    };
    found.map(finding).collect()
}

/// The finding about a time zone that cannot be one.
fn nowhere(entity: &Entity, address: &str, zone: Option<&At<Word>>) -> Option<Finding> {
    let zone = zone.filter(|zone| !zone.is_empty() && !is_zone(zone))?;
    let finding = Finding::new(RULE.id, format!("`{}` is not a time zone", &***zone))
        .at(entity.place(zone.span))
        .about(address);
    Some(finding.help("write its IANA name, `UTC` or an area and a city, such as `Europe/Berlin`"))
}

/// The areas of the IANA names of time zones.
const AREAS: [&str; 11] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Etc",
    "Europe",
    "Indian",
    "Pacific",
];

/// Whether text has the form of an IANA name. Which cities there are changes with every year.
fn is_zone(text: &str) -> bool {
    let is_name = |part: &str| {
        let mut chars = part.chars();
        let capital = chars.next().is_some_and(|c| c.is_ascii_uppercase());
        capital && chars.all(|c| c.is_ascii_alphanumeric() || "_-+".contains(c))
    };
    match text.split_once('/') {
        Some((area, place)) => AREAS.contains(&area) && place.split('/').all(is_name),
        None => text == "UTC",
    }
}

const DAYS_HELP: &str = "name the working days, such as `days = [\"mon\", \"tue\"]`";

/// What is wrong with working hours, and what to do; an end before the start lies on the next day.
fn misread(text: &str) -> Option<(String, &'static str)> {
    let Some((start, end)) = hours(text) else {
        let message = format!("`{text}` is not a stretch of hours");
        return Some((message, "write start and end on the 24-hour clock, such as `09:00-17:00`"));
    };
    (end == start).then(|| {
        let message = format!("the working hours `{text}` end when they begin");
        (message, "write `00:00-24:00` for day and night, or another start or end")
    })
}

#[cfg(test)]
mod tests {
    use super::{hours, is_zone, misread};

    #[test]
    fn zones_are_an_area_and_a_place() {
        let good = ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1"];
        assert!(good.into_iter().all(is_zone));
        for bad in ["CET", "Berlin", "europe/berlin", "Europe/", "Europe Berlin", "Mars/Base"] {
            assert!(!is_zone(bad), "{bad}");
        }
    }

    #[test]
    fn hours_are_two_times_of_a_day() {
        assert_eq!(hours("09:00-17:30"), Some((540, 1050)));
        assert_eq!(hours("00:00-24:00"), Some((0, 1440)));
        assert_eq!(hours("22:00-06:00"), Some((1320, 360)));
        for bad in [
            "9-17",
            "9:00-17:00",
            "09:00",
            "09:00-24:01",
            "24:00-06:00",
            "09:60-10:00",
            "09:00–17:00",
            "",
        ] {
            assert_eq!(hours(bad), None, "{bad}");
        }
        let fault = |hours| misread(hours).map(|(message, _)| message);
        assert_eq!(fault("22:00-06:00"), None);
        let equal = "the working hours `09:00-09:00` end when they begin";
        assert_eq!(fault("09:00-09:00").as_deref(), Some(equal));
    }
}
