//! Business calendars: when the clock of a promise runs.

use super::declaration::noun;
use super::read::{Code, Listed, Word, codes};
use jiff::civil::Date;
use std::collections::BTreeSet;

codes! {
    /// Days of the week.
    Weekday => ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
}

/// The words of the days of a week, in order.
pub const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The working days where a calendar names none.
pub const WORKING_DAYS: [&str; 5] = ["mon", "tue", "wed", "thu", "fri"];

/// Start and end of working hours such as `09:00-17:00`, in minutes of the day; none for anything else.
pub fn hours(text: &str) -> Option<(u16, u16)> {
    let minutes = |text: &str| {
        let number = |digits: &str| {
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u16>().ok()).flatten()
        };
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute) = (number(hour)?, number(minute)?);
        let total = hour * 60 + minute;
        (minute < 60 && total <= 24 * 60).then_some(total)
    };
    let (start, end) = text.split_once('-')?;
    let (start, end) = (minutes(start)?, minutes(end)?);
    (start < 24 * 60).then_some((start, end))
}

noun! {
    /// The working time of a calendar.
    record Calendar = "calendar" {
        /// The time zone, as an IANA name such as `Europe/Berlin`.
        time_zone: Word = facet(Setting).stem("sla-clock"),
        /// The working days; Monday to Friday where none are given.
        days: Listed<Code<Weekday>> = facet(SetGrowsTighter).stem("sla-clock-day")
            .usually(&WORKING_DAYS),
        /// The working hours, `09:00-17:00`; those that end before they begin end on the next day.
        hours: Word = facet(Setting).stem("sla-clock"),
        /// Days on which nobody works.
        holidays: Listed<Date> = facet(SetGrowsLooser).stem("sla-clock-holiday"),
    }
}

noun! {
    /// A business calendar beside the model's own: a region's or a team's working time.
    entity RegionalCalendar = "calendar" {
        /// The time zone, as an IANA name such as `Europe/Berlin`.
        time_zone: Word = facet(Setting).stem("sla-clock"),
        /// The working days; Monday to Friday where none are given.
        days: Listed<Code<Weekday>> = facet(SetGrowsTighter).stem("sla-clock-day")
            .usually(&WORKING_DAYS),
        /// The working hours, `09:00-17:00`; those that end before they begin end on the next day.
        hours: Word = facet(Setting).stem("sla-clock"),
        /// Days on which nobody works.
        holidays: Listed<Date> = facet(SetGrowsLooser).stem("sla-clock-holiday"),
    }
}

/// The hours of a working day, in minutes from the midnight with which its date begins; the end may
/// lie on the day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// When work begins.
    pub start: u16,
    /// When it ends.
    pub end: u16,
}

impl Hours {
    /// The whole day: what counts where a calendar says no hours.
    pub const ALL: Self = Self { start: 0, end: 24 * 60 };

    /// The hours of a text such as `09:00-17:00`: an end that is not behind the start lies on the next day.
    pub fn parse(text: &str) -> Option<Self> {
        let (start, end) = hours(text)?;
        Some(Self { start, end: if end > start { end } else { end + 24 * 60 } })
    }
}

/// The working time that a calendar comes to, however it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingTime {
    zone: String,
    hours: Hours,
    works: [bool; 7],
    /// Those on which somebody would work.
    holidays: BTreeSet<Date>,
}

impl WorkingTime {
    /// That of a calendar; none where nobody can reckon with it.
    pub fn of(declared: &RegionalCalendar) -> Option<Self> {
        let hours = match &declared.hours {
            Some(text) => Hours::parse(text)?,
            None => Hours::ALL,
        };
        let words = declared.days.as_ref();
        let words = words.map(|days| days.iter().map(|day| day.word).collect::<Vec<_>>());
        let words = words.unwrap_or_else(|| WORKING_DAYS.to_vec());
        let zone = declared.time_zone.as_ref().map_or("UTC", |zone| &zone.value.0).to_owned();
        let works = WEEK.map(|day| words.contains(&day));
        let mut time = Self { zone, hours, works, holidays: BTreeSet::new() };
        let holidays = declared.holidays.iter().flat_map(|days| days.iter().map(|day| day.value));
        time.holidays = holidays.filter(|date| time.works_on(*date)).collect();
        (!words.is_empty()).then_some(time)
    }

    /// Whether work begins on the day of the week that a date is.
    pub fn works_on(&self, date: Date) -> bool {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).ok();
        day.and_then(|day| self.works.get(day)).copied().unwrap_or_default()
    }
}
