//! Numbers and amounts of money as exports write them, read strictly: what could be meant in two
//! ways is not read.

use super::form::{Form, Numbers};
use rust_decimal::Decimal;

/// What stands for a currency beside its code, and the codes it may stand for.
const SIGNS: [(&str, &[&str]); 19] = [
    ("US$", &["USD"]),
    ("CA$", &["CAD"]),
    ("C$", &["CAD"]),
    ("AU$", &["AUD"]),
    ("A$", &["AUD"]),
    ("NZ$", &["NZD"]),
    ("HK$", &["HKD"]),
    ("S$", &["SGD"]),
    ("R$", &["BRL"]),
    ("$", &["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "TWD", "ARS", "CLP", "COP"]),
    ("€", &["EUR"]),
    ("£", &["GBP", "EGP", "GIP"]),
    ("¥", &["JPY", "CNY"]),
    ("₹", &["INR"]),
    ("₩", &["KRW"]),
    ("₺", &["TRY"]),
    ("₪", &["ILS"]),
    ("zł", &["PLN"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
];

/// The number a text is, in a form.
pub(super) fn number(text: &str, numbers: Numbers) -> Option<Decimal> {
    let (minus, digits) = sign(text);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let point = char::from(numbers.point);
    let (whole, fraction) = mantissa.split_once(point).unwrap_or((mantissa, ""));
    if fraction.is_empty() && (whole.is_empty() || mantissa.ends_with(point)) {
        return None;
    }
    let mut plain = String::with_capacity(text.len() + 2);
    if minus {
        plain.push('-');
    }
    push_whole(&mut plain, whole, numbers.group)?;
    if !fraction.is_empty() {
        plain.push('.');
        push_digits(&mut plain, fraction)?;
    }
    match exponent {
        None => Decimal::from_str_exact(&plain).ok(),
        Some(exponent) => {
            let (minus, digits) = sign(exponent);
            plain.push('e');
            if minus {
                plain.push('-');
            }
            push_digits(&mut plain, digits).filter(|()| !digits.is_empty())?;
            Decimal::from_scientific(&plain).ok()
        }
    }
}

/// Whether a number may be another one a thousand times as large: nobody said how numbers are written, and
/// three digits stand behind a point as they do where it stands between thousands.
pub(super) fn is_unsure(text: &str, numbers: Numbers) -> bool {
    let (_, digits) = sign(text);
    let Some((whole, group)) = digits.split_once('.').filter(|_| numbers.assumed) else {
        return false;
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let leads = (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    leads && group.len() == 3 && is_digits(whole) && is_digits(group)
}

/// Whether there is a minus, and what stands behind the sign.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn push_digits(into: &mut String, digits: &str) -> Option<()> {
    into.push_str(digits);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())
}

/// The digits before the point; groups, where there are any, are all of three but the first, which
/// begins with no zero: nobody writes a thousand as `0.001`, and a fraction in another form is one.
fn push_whole(into: &mut String, whole: &str, group: Option<char>) -> Option<()> {
    if whole.is_empty() {
        into.push('0');
        return Some(());
    }
    let is_group = |letter: char| group.is_some_and(|group| same_group(letter, group));
    let mut parts = whole.split(is_group);
    let first = parts.next().unwrap_or_default();
    push_digits(into, first)?;
    for (place, part) in parts.enumerate() {
        let leads = place > 0 || ((1..=3).contains(&first.len()) && !first.starts_with('0'));
        if !leads || part.len() != 3 {
            return None;
        }
        push_digits(into, part)?;
    }
    (!first.is_empty()).then_some(())
}

/// Spaces and apostrophes come in several forms.
fn same_group(letter: char, group: char) -> bool {
    letter == group
        || match group {
            ' ' => matches!(letter, '\u{a0}' | '\u{202f}' | '\u{2009}'),
            '\'' => letter == '’',
            _ => false,
        }
}

/// The amount a text is: a number, with the mark of the currency before or behind it, or in
/// parentheses where it is below zero.
pub(super) fn money(text: &str, form: &Form) -> Option<Decimal> {
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let (minus, text) = match inner {
        Some(inner) => (true, inner.trim()),
        None => sign_before_mark(text),
    };
    let written = unmarked(text, form)?;
    let amount = number(written, form.numbers).filter(|_| !is_unsure(written, form.numbers))?;
    match (minus, amount.is_sign_negative()) {
        (true, true) => None,
        (true, false) => Some(-amount),
        (false, _) => Some(amount),
    }
}

/// A minus that stands before the mark of a currency.
fn sign_before_mark(text: &str) -> (bool, &str) {
    let (minus, rest) = sign(text);
    if minus && !rest.starts_with(|letter: char| letter.is_ascii_digit()) {
        return (true, rest.trim_start());
    }
    (false, text)
}

/// What is left without the mark of the currency; nothing where the mark is another one's.
fn unmarked<'t>(text: &'t str, form: &Form) -> Option<&'t str> {
    let mark = |letter: char| !(letter.is_ascii_digit() || "+-\u{2212}.,'’".contains(letter));
    let start = text.find(|letter| !mark(letter))?;
    let (before, rest) = text.split_at_checked(start)?;
    let end = rest.rfind(|letter: char| letter.is_ascii_digit())?;
    let (number, behind) = rest.split_at_checked(end + 1)?;
    match (before.trim(), behind.trim()) {
        ("", "") => Some(number),
        (mark, "") | ("", mark) => is_currency(mark, form).then_some(number),
        _ => None,
    }
}

fn is_currency(mark: &str, form: &Form) -> bool {
    let ours = |code: &str| form.currency.as_deref().is_none_or(|currency| currency == code);
    let is_code = mark.len() == 3 && mark.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code {
        return ours(mark);
    }
    SIGNS.iter().any(|(sign, codes)| *sign == mark && codes.iter().any(|code| ours(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, example: &str) -> Option<String> {
        let form = Form { numbers: Numbers::of(example).unwrap(), ..Form::default() };
        number(text, form.numbers).map(|number| number.to_string())
    }

    fn amount(text: &str, example: &str, currency: &str) -> Option<String> {
        let numbers = Numbers::of(example).unwrap();
        let form = Form { numbers, currency: Some(currency.to_owned()), ..Form::default() };
        money(text, &form).map(|number| number.to_string())
    }

    #[test]
    fn a_number_is_read_in_its_form_alone() {
        for (text, example, number) in [
            ("1234.56", "1234.56", Some("1234.56")),
            ("1,234", "1234.56", None),
            ("1,234", "1,234.56", Some("1234")),
            ("1,234,567.5", "1,234.56", Some("1234567.5")),
            ("1234567.5", "1,234.56", Some("1234567.5")),
            ("1234,567", "1,234.56", None),
            ("1,23", "1,234.56", None),
            (",234", "1,234.56", None),
            ("12.50", "1.234,56", None),
            ("1.234", "1.234,56", Some("1234")),
            ("0.125", "1.234,56", None),
            ("-0.125", "1.234,56", None),
            ("01.234", "1.234,56", None),
            ("0,123", "1,234.56", None),
            ("0.125", "1,234.56", Some("0.125")),
            ("0125", "1.234,56", Some("125")),
            ("-1.234,5", "1.234,56", Some("-1234.5")),
            ("1\u{202f}234,5", "1 234,56", Some("1234.5")),
            ("1’234.5", "1'234.56", Some("1234.5")),
            ("\u{2212}5", "1234.56", Some("-5")),
            ("+5", "1234.56", Some("5")),
            (".5", "1234.56", Some("0.5")),
            ("5.", "1234.56", None),
            ("", "1234.56", None),
            ("-", "1234.56", None),
            (".", "1234.56", None),
            ("1.2E+3", "1234.56", Some("1200")),
            ("1e-2", "1234.56", Some("0.01")),
            ("1e", "1234.56", None),
            ("45%", "1234.56", None),
            ("1 2", "1234.56", None),
            ("0x10", "1234.56", None),
            ("NaN", "1234.56", None),
            ("99999999999999999999999999999999", "1234.56", None),
        ] {
            assert_eq!(read(text, example).as_deref(), number, "{text} in {example}");
        }
    }

    #[test]
    fn a_point_before_three_digits_may_stand_between_thousands() {
        let assumed = Form::default().numbers;
        for (text, unsure) in [
            ("1.000", true),
            ("-12.500", true),
            ("999.999", true),
            ("0.125", false),
            ("1234.567", false),
            ("1.2", false),
            ("1.2345", false),
            ("1.234.567", false),
            (".500", false),
            ("1.23a", false),
            ("1000", false),
        ] {
            assert_eq!(is_unsure(text, assumed), unsure, "{text}");
            assert!(!is_unsure(text, Numbers::PLAIN), "{text}");
        }
        let amount = |text| money(text, &Form::default()).map(|number| number.to_string());
        assert_eq!(
            [amount("€ 1.200"), amount("1.20"), amount("(3.500)")],
            [None, Some("1.20".to_owned()), None]
        );
    }

    #[test]
    fn an_amount_is_in_the_currency_of_the_model() {
        for (text, currency, number) in [
            ("€1,234.00", "EUR", Some("1234.00")),
            ("1,234.00 €", "EUR", Some("1234.00")),
            ("EUR 1,234", "EUR", Some("1234")),
            ("1,234 EUR", "EUR", Some("1234")),
            ("-€5", "EUR", Some("-5")),
            ("€-5", "EUR", Some("-5")),
            ("-5 €", "EUR", Some("-5")),
            ("(1,234.00)", "EUR", Some("-1234.00")),
            ("(€5)", "EUR", Some("-5")),
            ("(-5)", "EUR", None),
            ("$5", "EUR", None),
            ("USD 5", "EUR", None),
            ("$5", "CAD", Some("5")),
            ("US$5", "CAD", None),
            ("5 apples", "EUR", None),
            ("€5€", "EUR", None),
            ("abc", "EUR", None),
            ("€", "EUR", None),
            ("5%", "EUR", None),
        ] {
            let want = number.map(str::to_owned);
            assert_eq!(amount(text, "1,234.56", currency), want, "{text} in {currency}");
        }
    }
}
