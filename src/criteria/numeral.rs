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

/// How long a number is at the beginning of a text that has apostrophes between thousands, or points
/// there and a comma before the fraction.
pub(super) fn grouped(text: &str) -> Option<usize> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let mark = |at: usize| text.get(at..).and_then(|rest| rest.chars().next());
    let start = usize::from(text.starts_with('-'));
    let mut end = start + digits(start);
    if !(1..=3).contains(&(end - start)) {
        return None;
    }
    let group = mark(end).filter(|mark| matches!(mark, '\'' | '’' | '.'))?;
    let mut groups = 0;
    while mark(end) == Some(group) && digits(end + group.len_utf8()) == 3 {
        end += group.len_utf8() + 3;
        groups += 1;
    }
    let behind = match mark(end) {
        Some('.') if group != '.' => digits(end + 1),
        Some(',') => digits(end + 1),
        _ => 0,
    };
    let is_number = if group == '.' { groups > 1 && behind > 0 } else { groups > 0 };
    let end = if behind > 0 { end + 1 + behind } else { end };
    let goes_on = mark(end).is_some_and(|c| c.is_alphanumeric() || "_'’".contains(c));
    (is_number && !goes_on).then_some(end)
}

/// A number as it is written here, of one that has other signs between its digits; none where it cannot
/// be told what it is.
pub(super) fn without_groups(words: &str) -> Option<String> {
    let is_mark = |c: char| ",.'’".contains(c);
    let compact: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    let (at, last) = compact.rmatch_indices(is_mark).next()?;
    let (before, behind) = (compact.get(..at)?, compact.get(at + last.len()..)?);
    // A lone comma before three digits stands between thousands, as does any sign that comes again.
    let again = before.contains(last);
    let is_point =
        !"'’".contains(last) && !again && (before.contains(is_mark) || behind.len() != 3);
    let mut parts: Vec<&str> = before.split(is_mark).collect();
    parts.extend((!is_point).then_some(behind));
    if parts.iter().skip(1).any(|part| part.len() != 3) {
        return None;
    }
    let whole = parts.join("_");
    let number = if is_point { format!("{whole}.{behind}") } else { whole };
    read_number(&number).map(|_| number)
}

/// Whether a number is written so that its point may stand between thousands.
pub(super) fn may_be_thousands(number: Decimal) -> bool {
    let whole = number.abs().trunc();
    number.scale() == 3 && whole >= Decimal::ONE && whole < Decimal::ONE_THOUSAND
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
    let signs = match word {
        _ if word.contains(['\'', '’']) => Some("apostrophes"),
        _ if word.matches('.').count() > 1 => Some("dots"),
        _ => None,
    };
    if let Some((signs, number)) = signs.zip(without_groups(word)) {
        return (format!("{said} has {signs} between its digits"), advice(&number));
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
