//! Business calendars: when the clock of a promise runs.

use super::declaration::noun;
use super::read::{Code, Listed, Word, codes};
use jiff::civil::Date;

codes! {
    /// Days of the week.
    Weekday => ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
}

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
