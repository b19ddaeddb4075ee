//! Values written without the quotes they need, or with more than a number in them.

/// The signs and codes of currencies that people write at a number.
const CURRENCIES: [&str; 9] = ["€", "$", "£", "¥", "EUR", "USD", "GBP", "CHF", "JPY"];

/// What a condition has behind its field.
const OPERATORS: [&str; 14] = [
    ">=",
    "<=",
    "!=",
    "<>",
    ">",
    "<",
    "= ",
    "in [",
    "not in ",
    "is ",
    "contains ",
    "starts with ",
    "ends with ",
    "between ",
];

/// What to do about a value that begins with a digit or the sign of a currency and is no number.
pub(super) fn number_help(value: &str) -> Option<String> {
    let bare = CURRENCIES
        .iter()
        .find_map(|sign| value.strip_prefix(sign).or_else(|| value.strip_suffix(sign)));
    let number = bare.map_or(value, str::trim);
    if let Some(plain) = ungrouped(number) {
        let why = if bare.is_some() { ": a number has no currency of its own" } else { "" };
        return Some(format!("write `{plain}`{why}"));
    }
    let unit = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start();
    let is_text =
        unit == "%" || (!unit.is_empty() && unit.chars().all(|c| c.is_alphabetic() || c == ' '));
    (bare.is_none() && is_text && !value.contains('"')).then(|| format!("write `\"{value}\"`"))
}

/// A number with commas between its digits as it is written here, or a plain one.
fn ungrouped(number: &str) -> Option<String> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if number.split('.').count() <= 2 && number.split('.').all(digits) {
        return Some(number.to_owned());
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut groups = whole.split(',');
    let first = groups.next().filter(|first| digits(first) && first.len() <= 3)?;
    let rest: Vec<&str> = groups.collect();
    if !rest.iter().all(|group| digits(group)) || !(fraction.is_empty() || digits(fraction)) {
        return None;
    }
    match rest.as_slice() {
        [only] if only.len() != 3 && fraction.is_empty() => Some(format!("{first}.{only}")),
        [] => None,
        _ if rest.iter().any(|group| group.len() != 3) => None,
        _ => Some(number.replace(',', "_")),
    }
}

/// Whether a value reads as a condition: a name, and what is asked of it.
pub(super) fn is_condition(value: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let behind = value.trim_start_matches(name).trim_start();
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && OPERATORS.iter().any(|operator| behind.starts_with(operator))
}

/// A text in quotes it does not have inside.
pub(super) fn in_quotes(text: &str) -> String {
    let quote = if !text.contains('"') {
        "\""
    } else if !text.contains('\'') {
        "'"
    } else {
        "'''"
    };
    format!("{quote}{text}{quote}")
}
