//! Amounts people write as words: `4 business hours`, `24h`, `95%`.

use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// The clock a duration runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clock {
    /// Every hour of every day.
    Wall,
    /// Only the hours of the business calendar.
    Business,
}

/// The unit a duration is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Sixty seconds.
    Minute,
    /// Sixty minutes.
    Hour,
    /// Twenty-four hours; on the business clock, one day of the calendar.
    Day,
    /// Seven days; on the business clock, five business days.
    Week,
    /// A calendar month.
    Month,
}

/// A length of time as written: a count of units on a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duration {
    /// How many units.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// On which clock.
    pub clock: Clock,
}

impl Duration {
    /// The forms a duration may be written in, as a regular expression for the schemas.
    pub const PATTERN: &'static str = r"^\s*[0-9]{1,6}\s*(business\s+)?(m|min|mins|minutes?|h|hours?|d|days?|w|weeks?|months?)\s*$";

    /// Reads `4h`, `24 hours`, `5 business days`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, rest) = text.split_at_checked(digits)?;
        let rest = rest.trim_start();
        let (clock, unit) = match rest.strip_prefix("business") {
            Some(unit) if unit.starts_with(char::is_whitespace) => (Clock::Business, unit.trim()),
            _ => (Clock::Wall, rest),
        };
        let unit = match unit {
            "m" | "min" | "mins" | "minute" | "minutes" => Unit::Minute,
            "h" | "hour" | "hours" => Unit::Hour,
            "d" | "day" | "days" => Unit::Day,
            "w" | "week" | "weeks" => Unit::Week,
            "month" | "months" => Unit::Month,
            _ => return None,
        };
        (digits <= 6).then_some(())?;
        Some(Self { count: count.parse().ok()?, unit, clock })
    }

    /// Length in a base that makes durations of one scale comparable: minutes, business days or
    /// months. Two durations of different scales have no exact order.
    fn scaled(self) -> (u8, u64) {
        let count = u64::from(self.count);
        match (self.clock, self.unit) {
            (Clock::Wall, Unit::Minute) => (0, count),
            (Clock::Wall, Unit::Hour) => (0, count * 60),
            (Clock::Wall, Unit::Day) => (0, count * 1_440),
            (Clock::Wall, Unit::Week) => (0, count * 10_080),
            (Clock::Wall, Unit::Month) => (1, count),
            (Clock::Business, Unit::Minute) => (2, count),
            (Clock::Business, Unit::Hour) => (2, count * 60),
            (Clock::Business, Unit::Day) => (3, count),
            (Clock::Business, Unit::Week) => (3, count * 5),
            (Clock::Business, Unit::Month) => (4, count),
        }
    }

    /// The least and the most minutes of the wall clock that it takes, as far as that is known: a month has
    /// 28 days at least and 31 at most, and the business clock stands still outside of its hours.
    fn minutes(self) -> (u64, Option<u64>) {
        let (scale, amount) = self.scaled();
        match scale {
            0 => (amount, Some(amount)),
            1 => (amount * 28 * 1_440, Some(amount * 31 * 1_440)),
            2 => (amount, None),
            _ => (0, None),
        }
    }

    /// The same length in its canonical words: `24h` and `1 day` are both `1 day`.
    #[must_use]
    pub fn canonical(self) -> String {
        let (scale, amount) = self.scaled();
        let (amount, unit) = match scale {
            0 | 2 if amount % 60 != 0 => (amount, "minute"),
            0 if amount % 1_440 == 0 && amount > 0 => (amount / 1_440, "day"),
            0 | 2 => (amount / 60, "hour"),
            3 => (amount, "day"),
            _ => (amount, "month"),
        };
        let business = if self.clock == Clock::Business { "business " } else { "" };
        let s = if amount == 1 { "" } else { "s" };
        format!("{amount} {business}{unit}{s}")
    }
}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let (scale, amount) = self.scaled();
        let (other_scale, other_amount) = other.scaled();
        if scale == other_scale {
            return Some(amount.cmp(&other_amount));
        }
        // Of different scales one may still be the longer whatever the month and the calendar.
        let ((least, most), (other_least, other_most)) = (self.minutes(), other.minutes());
        if most.is_some_and(|most| most <= other_least) {
            Some(Ordering::Less)
        } else if other_most.is_some_and(|most| most <= least) {
            Some(Ordering::Greater)
        } else {
            None
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical())
    }
}

/// A share, written `95%` or `12.5 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub Decimal);

impl Percent {
    /// The forms a share may be written in, as a regular expression for the schemas.
    pub const PATTERN: &'static str = r"^\s*[0-9]{1,6}(\.[0-9]{1,4})?\s*%\s*$";

    /// Reads `95%`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.trim().strip_suffix('%')?.trim_end();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        (digits(whole, 6) && digits(fraction, 4)).then_some(())?;
        Decimal::from_str_exact(number).ok().map(|n| Self(n.normalize()))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_write_them() {
        let canonical = |text| Duration::parse(text).map(Duration::canonical);
        assert_eq!(canonical("4h").as_deref(), Some("4 hours"));
        assert_eq!(canonical("24 hours"), canonical("1 day"));
        assert_eq!(canonical("5 business days").as_deref(), Some("5 business days"));
        assert_eq!(canonical("1 business week"), canonical("5 business days"));
        assert_eq!(canonical("90min").as_deref(), Some("90 minutes"));
        for bad in ["", "4", "h", "-4h", "4 fortnights", "businessdays", "9999999h"] {
            assert_eq!(canonical(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_of_one_clock_compare_and_others_do_not() {
        let d = |text: &str| Duration::parse(text);
        assert!(d("90 minutes") > d("1 hour"));
        let mixed = d("1 business day").zip(d("1 day")).and_then(|(a, b)| a.partial_cmp(&b));
        assert_eq!(mixed, None);
        // What is longer in any month, by any calendar.
        assert!(d("24 business hours") > d("24 hours"));
        assert!(d("400 days") > d("6 months") && d("27 days") < d("1 month"));
        let mixed = |(a, b)| d(a).zip(d(b)).and_then(|(a, b)| a.partial_cmp(&b));
        let unknown = [("30 days", "1 month"), ("23 business hours", "24 hours")];
        assert_eq!(unknown.map(mixed), [None, None]);
    }

    #[test]
    fn percents_are_exact() {
        assert_eq!(Percent::parse("95%"), Percent::parse("95.0 %"));
        assert_eq!(Percent::parse("95"), None);
    }
}
