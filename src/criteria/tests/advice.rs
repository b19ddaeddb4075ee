//! Advice that is followed to the letter gives a sound criterion that asks what was meant.

use super::world::{World, read};
use crate::criteria::phrase::{Meant, phrases};
use crate::criteria::{canonical, check, parse};

/// The text after its one piece of advice was followed.
fn followed(text: &str) -> String {
    let faults = parse(text).faults;
    let [fault] = faults.as_slice() else { panic!("{text}: {faults:#?}") };
    let help = fault.help.as_deref().unwrap_or_default();
    let advised = help.split('`').nth(1).unwrap_or_else(|| panic!("{text}: {help}"));
    assert!(help.starts_with("write `"), "{text}: {help}");
    advised.to_owned()
}

fn leads_to(text: &str, expected: &str) {
    let advised = followed(text);
    let expr = read(&advised);
    assert_eq!(check(&expr, "lead", &World::of_the_manual()), [], "{text}: {advised}");
    assert_eq!(canonical(&expr), canonical(&read(expected)), "{text}: {advised}");
}

/// A field, values for a phrase, and what both are in the language.
fn case(meant: Meant) -> (&'static str, &'static str, String) {
    let part = |operator: &str, values: &[&str], joint: &str| {
        let each: Vec<_> =
            values.iter().map(|value| format!("company {operator} '{value}'")).collect();
        each.join(joint)
    };
    match meant {
        Meant::Set => ("email", "", "email is set".to_owned()),
        Meant::Unset => ("email", "", "email is not set".to_owned()),
        Meant::Compare(op) if op.is_ordering() => {
            ("renewal_on", "2026-01-01", format!("renewal_on {op} 2026-01-01"))
        }
        Meant::Compare(op) => ("country", "'DE'", format!("country {op} 'DE'")),
        Meant::Age(op) => {
            let test = if format!("{op}") == "<" { "between 0 and 13" } else { "> 14" };
            ("renewal_on", "2 weeks", format!("days since renewal_on {test}"))
        }
        Meant::In => ("country", "['DE', 'AT']", "country in ['DE', 'AT']".to_owned()),
        Meant::NotIn => ("country", "('DE', 'AT')", "country not in ['DE', 'AT']".to_owned()),
        Meant::Between => ("employees", "1 and 5", "employees between 1 and 5".to_owned()),
        Meant::Part(operator) => ("company", "'a'", part(operator, &["a"], "")),
        Meant::NoPart(operator) => {
            ("company", "'a'", format!("not ({})", part(operator, &["a"], "")))
        }
        Meant::AnyPart(operator) => ("company", "['a', 'b']", part(operator, &["a", "b"], " or ")),
        Meant::AllParts(operator) => ("company", "'a', 'b'", part(operator, &["a", "b"], " and ")),
        Meant::NoParts(operator) => {
            let any = part(operator, &["a", "b"], " or ");
            ("company", "'a' or 'b'", format!("not ({any})"))
        }
        Meant::Window(side) => {
            let past = format!("{side:?}") == "Past";
            let days = if past {
                "since renewal_on between 0 and 6"
            } else {
                "until renewal_on between 0 and 7"
            };
            ("renewal_on", "7 days", format!("days {days}"))
        }
    }
}

#[test]
fn every_phrase_leads_to_what_it_means() {
    let mut count = 0;
    for (phrase, meant) in phrases() {
        let (field, values, expected) = case(meant);
        for (lead, negated) in [("", false), ("is ", false), ("does not ", true), ("is not ", true)]
        {
            let plain = ["in", "between", "contains", "starts with", "ends with"].contains(&phrase);
            if (plain && lead.is_empty()) || (phrase == "set" && lead.starts_with("is")) {
                continue;
            }
            let expected = if negated { format!("not ({expected})") } else { expected.clone() };
            let words = format!("{lead}{phrase}");
            for words in [words.to_uppercase(), words] {
                leads_to(format!("{field} {words} {values}").trim_end(), &expected);
            }
            count += 1;
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn what_other_tools_say_is_understood() {
    for (text, expected) in [
        ("email is known", "email is set"),
        ("email is not known", "email is not set"),
        ("email is unknown", "email is not set"),
        ("email has any value", "email is set"),
        ("country is any of ['DE','AT']", "country in ['DE', 'AT']"),
        ("country is none of ['DE']", "country != 'DE'"),
        ("country is not one of ['DE', 'AT']", "country not in ['DE', 'AT']"),
        ("country is not equal to any of 'DE', 'AT'", "country not in ['DE', 'AT']"),
        ("country is any of list.dach", "country in list.dach"),
        ("renewal_on is before 2026-01-01", "renewal_on < 2026-01-01"),
        ("renewal_on before 2026-01-01", "renewal_on < 2026-01-01"),
        ("renewal_on is on or after 2026-01-01", "renewal_on >= 2026-01-01"),
        ("renewal_on is less than 7 days ago", "days since renewal_on between 0 and 6"),
        ("renewal_on is more than 2 weeks ago", "days since renewal_on > 14"),
        ("renewal_on is not more than 7 days ago", "not (days since renewal_on > 7)"),
        ("renewal_on is less than 7 days from now", "days until renewal_on between 0 and 6"),
        ("renewal_on within last 7 days", "days since renewal_on between 0 and 6"),
        ("renewal_on is in the next 30 days", "days until renewal_on between 0 and 30"),
        ("weeks since renewal_on > 2", "days since renewal_on > 14"),
        ("weeks until renewal_on between 1 and 2", "days until renewal_on between 7 and 14"),
        ("AND(employees > 200, country = 'DE')", "employees > 200 and country = 'DE'"),
        ("OR(employees > 200, country = 'DE')", "employees > 200 or country = 'DE'"),
        ("all of (budget_confirmed, score > 5)", "budget_confirmed and score > 5"),
        ("none of (budget_confirmed, score > 5)", "not (budget_confirmed or score > 5)"),
        ("at most 1 of (budget_confirmed, score > 5)", "not (budget_confirmed and score > 5)"),
        (
            "exactly 1 of (budget_confirmed, score > 5)",
            "(budget_confirmed or score > 5) and not (budget_confirmed and score > 5)",
        ),
        ("ISBLANK(country)", "country is not set"),
        ("ISPICKVAL(country, 'DE')", "country = 'DE'"),
        ("CONTAINS(company, 'labs')", "company contains 'labs'"),
        ("BETWEEN(employees, 1, 5)", "employees between 1 and 5"),
        ("email doesn't contain 'x'", "not (email contains 'x')"),
        ("email doesn\u{2019}t contain any of ['x']", "not (email contains 'x')"),
        ("email isn't set", "email is not set"),
        ("country isn't any of ['DE', 'AT']", "country not in ['DE', 'AT']"),
        ("company not like '%labs'", "not (company ends with 'labs')"),
        ("company is not like 'labs%'", "not (company starts with 'labs')"),
        ("company contains any of ['a', 'b']", "company contains 'a' or company contains 'b'"),
        ("employees is not between 1 and 5", "not (employees between 1 and 5)"),
    ] {
        leads_to(text, expected);
    }
}

#[test]
fn a_letter_that_is_not_what_it_seems_is_the_only_fault() {
    for (text, underlined, message) in [
        ("employees ＞ 200", "＞", "`＞` is not a sign of this language"),
        ("employees > ２００", "２００", "`２００` has full-width digits"),
        ("email\u{200b} is set", "\u{200b}", "a zero-width space (U+200B) stands here"),
        ("em\u{200b}ail is set", "\u{200b}", "a zero-width space (U+200B) stands here"),
        ("employees > −5", "−", "`−` is a minus sign (U+2212), not a `-`"),
    ] {
        let faults = parse(text).faults;
        let [fault] = faults.as_slice() else { panic!("{text}: {faults:#?}") };
        assert_eq!(fault.span.of(text), underlined);
        assert!(fault.message.starts_with(message), "{}", fault.message);
    }
    assert_eq!(parse("email\u{a0}is\u{a0}set").faults, []);
}

#[test]
fn advice_inside_others_stands_where_it_is_underlined() {
    for (text, expected) in [
        ("NOT(ISBLANK(country))", "country is set"),
        (
            "score > 5 and NOT AND(budget_confirmed, score > 7)",
            "score > 5 and not (budget_confirmed and score > 7)",
        ),
        (
            "OR(score > 5, budget_confirmed) and employees > 5",
            "(score > 5 or budget_confirmed) and employees > 5",
        ),
    ] {
        let faults = parse(text).faults;
        let [fault] = faults.as_slice() else { panic!("{text}: {faults:#?}") };
        let advised = followed(text);
        let span = fault.span;
        let (head, tail) = (text.get(..span.start).unwrap(), text.get(span.end..).unwrap());
        let whole = [head, &advised, tail].concat();
        assert_eq!(canonical(&read(&whole)), canonical(&read(expected)), "{text}: {whole}");
    }
}

#[test]
fn what_cannot_be_told_is_not_guessed() {
    for (text, said) in [
        ("email is nice", "and `is set` to ask whether there is one"),
        ("months since renewal_on > 2", "whole days of the calendar"),
        ("hours since last_activity_at > 2", "whole days of the calendar"),
        ("business days since renewal_on > 2", "whole days of the calendar"),
        (
            "renewal_on is within 7 days",
            "measure time with `days since renewal_on between 0 and 7` or",
        ),
        ("country in 'DE', 'AT'", "write `['DE', 'AT']`"),
        ("employees between 50-200", "write `between 50 and 200`"),
        ("renewal_on > 30 days", "`days since renewal_on > 30` or `days until renewal_on > 30`"),
        ("AND(budget_confirmed, country >)", "join conditions with `and`"),
    ] {
        let faults = parse(text).faults;
        let helps: Vec<_> = faults.iter().filter_map(|fault| fault.help.as_deref()).collect();
        assert!(helps.iter().any(|help| help.contains(said)), "{text}: {helps:?}");
    }
}
