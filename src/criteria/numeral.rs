//! What begins with a digit: numbers, days and moments, and what to write in place of other things.

use super::fault::{advice, shown};
use super::lex::Kind;
use jiff::civil::Date;
use rust_decimal::Decimal;

pub(super) fn read_number(word: &str) -> Option<Kind> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_digit())
            && part.ends_with(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || c == '_')
    };
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    Decimal::from_str_exact(&word.replace('_', "")).ok().map(Kind::Number)
}

pub(super) fn read_time(word: &str) -> Option<Kind> {
    if word.contains(['T', 't']) {
        return word.parse().ok().map(Kind::DateTime);
    }
    let dashed = word.get(1..).is_some_and(|rest| rest.contains('-'));
    if dashed { word.parse().ok().map(Kind::Date) } else { None }
}

/// How long a day with slashes is at the beginning of a text.
pub(super) fn slashed(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_ascii_digit() && c != '/').unwrap_or(text.len());
    parts(text.get(..length)?, '/').map(|_| length)
}

/// Why a word that starts with a digit is no value, and what to write.
pub(super) fn unreadable(word: &str) -> (String, String) {
    let said = shown(word);
    if let Some(days) = days(word) {
        let help = match days.as_slice() {
            [] => "write a date as 2026-01-31".to_owned(),
            [day] => advice(day),
            [one, other, ..] => {
                format!("{}, or {} where the month comes first", advice(one), shown(other))
            }
        };
        return (format!("{said} is not a date"), help);
    }
    if let Some((low, high)) = range(word) {
        let help =
            format!("{} right behind the field", advice(&format!("between {low} and {high}")));
        return (format!("{said} is not a number"), help);
    }
    let more = word.strip_suffix('+').filter(|number| read_number(number).is_some());
    if let Some(number) = more {
        let help = format!("{}; behind `>=` it says {} and more", advice(number), shown(number));
        return (format!("{said} is not a number"), help);
    }
    if let Some((year, month)) = word.split_once('-')
        && let ((4, Some(1000..)), (2, Some(1..=12))) = (number(year), number(month))
    {
        let help = format!("write a day of it, such as {}", shown(&format!("{word}-01")));
        return (format!("{said} is a month, not a day"), help);
    }
    let groups = || word.trim_start_matches('-').split('.');
    let grouped = word.matches('.').count() > 1
        && groups().skip(1).all(|group| group.len() == 3)
        && groups().all(|group| number(group).1.is_some());
    if grouped {
        let (spaced, plain) = (word.replace('.', "_"), word.replace('.', ""));
        let help = format!("write {} or {}", shown(&spaced), shown(&plain));
        return (format!("{said} has dots between its digits"), help);
    }
    let (what, help) = otherwise(word);
    (format!("{said} is {what}"), help.to_owned())
}

fn otherwise(word: &str) -> (&'static str, &'static str) {
    let dashes = word.matches('-').count();
    if word.contains(':') || (dashes >= 2 && word.contains(['T', 't'])) {
        let help = "write a moment as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00";
        return ("not a moment", help);
    }
    if dashes >= 2 {
        return ("not a date", "write a date as 2026-01-31");
    }
    if word.contains("..") {
        return ("not a number", "write a range as `between 1 and 5`");
    }
    if word.chars().any(char::is_alphabetic) {
        let help = "write a number in digits, or put text into quotes";
        return ("neither a number nor a name", help);
    }
    if word.matches('.').count() > 1 || word.ends_with(['.', '-', '+', ':']) {
        return ("not a number", "write a number such as 1_500.50, or a date as 2026-01-31");
    }
    ("not a number", "write a number with at most 28 digits, for example 1_500.50")
}

/// How many digits a word has, and the number they are, where it has nothing else.
fn number(word: &str) -> (usize, Option<i16>) {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    (word.len(), word.parse().ok().filter(|_| digits))
}

/// The bounds of `5-10` or `5..10`.
fn range(word: &str) -> Option<(&str, &str)> {
    let (low, high) = word.split_once("..").or_else(|| word.split_once('-'))?;
    let is_number =
        |part: &str| part.starts_with(|c: char| c.is_ascii_digit()) && read_number(part).is_some();
    let both = is_number(low) && is_number(high);
    let leads = |part: &str| part.len() > 1 && part.starts_with('0');
    (both && !leads(low) && !leads(high)).then_some((low, high))
}

/// The three numbers of a day, with the year first or last.
fn parts(word: &str, mark: char) -> Option<[(usize, i16); 3]> {
    let mut parts = word.split(mark).map(number);
    let mut next = || parts.next().and_then(|(length, number)| Some((length, number?)));
    let found = [next()?, next()?, next()?];
    parts.next().is_none().then_some(found)
}

/// The days that a word with dots or slashes may mean; none where it spells no day at all.
fn days(word: &str) -> Option<Vec<String>> {
    let [first, second, third] = parts(word, '/').or_else(|| parts(word, '.'))?;
    let day = |year: i16, month: i16, day: i16| {
        let part = |number: i16| i8::try_from(number).ok();
        Date::new(year, part(month)?, part(day)?).ok().map(|date| date.to_string())
    };
    let (first_year, last_year) = (first.0 == 4, third.0 == 4);
    let mut found = Vec::new();
    if first_year {
        found.extend(day(first.1, second.1, third.1));
    } else if last_year {
        found.extend(day(third.1, second.1, first.1));
        found.extend(day(third.1, first.1, second.1).filter(|_| word.contains('/')));
        found.dedup();
    } else if !word.contains('/') {
        return None;
    }
    Some(found)
}
