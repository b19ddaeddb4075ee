//! Which words a fault underlines, and how references are followed.

use super::world::{World, read};
use crate::criteria::{
    ExpandError, FaultCode, MAX_BYTES, Parsed, Record, canonical, check, evaluate, expand, fields,
    parse, references,
};
use jiff::Timestamp;

/// The code and the underlined words of each fault.
fn faults(text: &str) -> Vec<(FaultCode, String)> {
    let Parsed { expr, mut faults } = parse(text);
    if faults.is_empty() {
        faults = check(&expr.unwrap(), "lead", &World::of_the_manual());
    }
    faults.iter().map(|fault| (fault.code, fault.span.of(text).to_owned())).collect()
}

fn one(text: &str, code: FaultCode, words: &str) {
    assert_eq!(faults(text), [(code, words.to_owned())], "{text}");
}

#[test]
fn syntax_faults_underline_the_slip() {
    use FaultCode::Syntax;
    one("score == 5", Syntax, "==");
    one("country = NL and score > 5", Syntax, "NL");
    one("country = ‘NL’ and score > 5", Syntax, "‘NL’");
    one("score > 5 and (country = 'NL'", Syntax, "(");
    one("score > 5 and country = 'NL", Syntax, "'NL");
    one("country is null and score > 5", Syntax, "is null");
    one("country in ('NL') and score > 5", Syntax, "(");
    one("score > 5 and", Syntax, "and");
    one("score > 5 or or score < 3", Syntax, "or");
    one("", Syntax, "");
    one("score > 5 score < 3", Syntax, "score");
    one("score >", Syntax, ">");
    one("employees between and 5", Syntax, "between");
    one("company does not contain 'x'", Syntax, "does not contain");
    one("company is in ['x']", Syntax, "is in");
    one("score > > 5", Syntax, "> >");
    one("account. industry = 'Software'", Syntax, "account.");
    one("()", Syntax, ")");
}

#[test]
fn checks_underline_the_word_at_fault() {
    one("score > 5 and employes > 3", FaultCode::UnknownField, "employes");
    one("account.nothing is set", FaultCode::UnknownField, "nothing");
    one("country.code is set", FaultCode::TypeMismatch, "country");
    one("country in ['NL', 'XX']", FaultCode::UnknownValue, "'XX'");
    one("not icp.cor", FaultCode::UnknownReference, "icp.cor");
    one("score > 5 and list.dach", FaultCode::WrongKind, "list.dach");
    one("employees > 5 and company < 'x'", FaultCode::TypeMismatch, "company < 'x'");
    one("employees between 10 and 5", FaultCode::NeverHolds, "10 and 5");
    one(
        "icp.core and at least 3 of (icp.core, score > 1)",
        FaultCode::NeverHolds,
        "at least 3 of (icp.core, score > 1)",
    );
    one("employees != 2.5", FaultCode::AlwaysHolds, "2.5");
    one("company = 'Acme '", FaultCode::NeverHolds, "'Acme '");
    one("company != ' '", FaultCode::AlwaysHolds, "' '");
    one("company in ['Acme', '\tAcme']", FaultCode::NeverHolds, "'\tAcme'");
    one("company starts with ' Ac' or company starts with 'Dr '", FaultCode::NeverHolds, "' Ac'");
    one("company ends with 'ag ' or company ends with ' ag'", FaultCode::NeverHolds, "'ag '");
}

#[test]
fn one_run_names_several_faults() {
    let words: Vec<String> =
        faults("score == 5 && country = NL or company has").into_iter().map(|f| f.1).collect();
    assert_eq!(words, ["==", "&&", "NL", "has", "has"]);
    let words: Vec<String> =
        faults("employes > 5 or industry = 'x' and lst").into_iter().map(|f| f.1).collect();
    assert_eq!(words, ["employes", "'x'", "lst"]);
}

#[test]
fn what_is_understood_survives_a_fault() {
    let parsed = parse("country == 'NL' and score > 5 and or employees > 3");
    assert_eq!(parsed.faults.len(), 2);
    assert_eq!(parsed.expr.unwrap().to_string(), "country = 'NL' and score > 5 or employees > 3");
}

#[test]
fn precedence_and_spelling() {
    for (text, printed) in [
        ("NOT a AND b Or c", "not a and b or c"),
        ("(a or b) and c", "(a or b) and c"),
        ("((a)) and (b and c)", "a and (b and c)"),
        ("not x>5 and y", "not (x > 5) and y"),
        ("x = \"it's\"", "x = 'it''s'"),
        ("days since days > 5 or days", "days since days > 5 or days"),
        ("AT LEAST 2 OF (a or b, c,)", "at least 2 of (a or b, c)"),
        ("x = 1_000 and y = 2026-01-31T10:00:00+01:00", "x = 1000 and y = 2026-01-31T09:00:00Z"),
    ] {
        assert_eq!(read(text).to_string(), printed);
    }
}

#[test]
fn names_are_collected_with_their_places() {
    let text = "icp.core and country in list.dach or not segment.mid-market and account.arr > 5";
    let expr = read(text);
    let words: Vec<&str> = references(&expr).iter().map(|found| found.span.of(text)).collect();
    assert_eq!(words, ["icp.core", "list.dach", "segment.mid-market"]);
    let words: Vec<&str> = fields(&expr).iter().map(|found| found.span.of(text)).collect();
    assert_eq!(words, ["country", "account.arr"]);
}

#[test]
fn limits_are_faults() {
    let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(parse(&deep).faults.len(), 1);
    let deep = "not ".repeat(10_000) + "a";
    assert_eq!(parse(&deep).faults.len(), 1);
    let deep = "at least 1 of (".repeat(4_000);
    assert_eq!(parse(&deep).faults.len(), 1);
    assert_eq!(parse(&"a".repeat(MAX_BYTES + 1)).faults.len(), 1);
    assert!(parse(&format!("{}a{}", "(".repeat(64), ")".repeat(64))).faults.is_empty());
    assert!(parse(&"a ".repeat(30_000)).faults.len() <= 50);
}

#[test]
fn canonical_forms_meet() {
    for (one, other) in [
        ("a and (c and b)", "b and a and c and a"),
        ("not (x = 1.0)", "x != 1"),
        ("not (x is set)", "x is not set"),
        ("not (x in ['b', 'a'])", "x not in ['a', 'b', 'a']"),
        ("x in ['a']", "x = 'a'"),
        ("x = 'a' or x in ['c', 'b']", "x in ['a', 'b', 'c']"),
        ("at least 1 of (a, b)", "b or a"),
        ("at least 2 of (a, b)", "b and a"),
        ("not (at least 2 of (a, b, c))", "at least 2 of (not a, not b, not c)"),
        ("x between 1 and 2", "x <= 2 and x >= 1"),
        ("a", "a = true"),
        ("not (not (x > 5))", "x > 5"),
        ("x in [] or y", "y"),
        ("days since f between 1 and 2", "days since f >= 1 and days since f <= 2"),
        ("not (icp.core and x)", "not icp.core or not x"),
    ] {
        assert_eq!(canonical(&read(one)), canonical(&read(other)), "{one} / {other}");
    }
    for (one, other) in [("not (x > 5)", "x <= 5"), ("x = 'A'", "x = 'a'"), ("a = false", "not a")]
    {
        assert_ne!(canonical(&read(one)), canonical(&read(other)), "{one} / {other}");
    }
}

#[test]
fn expansion_follows_references_and_keeps_the_place() {
    let mut world = World::of_the_manual();
    let text = "score > 1 and definition.mql and company in list.rivals";
    let expr = expand(&read(text), &world).unwrap();
    assert_eq!(
        expr.to_string(),
        "score > 1 and (employees >= 200 and country in ['AT', 'CH', 'DE'] and score >= 60 \
         or not budget_confirmed) and company in ['Acme', 'Globex']"
            .replace("(employees", "((employees")
            .replace("'DE'] and", "'DE']) and")
    );
    assert_eq!(fields(&expr).get(1).unwrap().span.of(text), "definition.mql");

    world.add_predicate("definition.a", "lead", "score > 1 or icp.b");
    world.add_predicate("icp.b", "lead", "not definition.a");
    let text = "score > 5 and definition.a";
    let fault = expand(&read(text), &world).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "`definition.a` leads back to itself: definition.a → icp.b → definition.a"
    );
    assert_eq!(fault.span().of(text), "definition.a");
    let fault = expand(&read("icp.nothing"), &world).unwrap_err();
    assert_eq!(fault.to_string(), "there is no `icp.nothing`");
}

#[test]
fn blow_up_is_refused() {
    let mut world = World::of_the_manual();
    world.add_predicate("icp.x0", "lead", "score > 1");
    for level in 1..=40 {
        let inner = format!("icp.x{}", level - 1);
        world.add_predicate(&format!("icp.x{level}"), "lead", &format!("{inner} and {inner}"));
    }
    let expr = read("icp.x40");
    assert!(matches!(expand(&expr, &world), Err(ExpandError::TooLarge { .. })));
    let record = Record::new().with("score", 5);
    let answer = evaluate(&expr, &record, "lead", &world, Timestamp::UNIX_EPOCH);
    assert!(matches!(answer, Err(ExpandError::TooLarge { .. })));

    for level in 1..=400 {
        let text = format!("not (not icp.y{})", level - 1);
        world.add_predicate(&format!("icp.y{level}"), "lead", &text);
    }
    assert!(matches!(expand(&read("icp.y400"), &world), Err(ExpandError::TooLarge { .. })));
}
