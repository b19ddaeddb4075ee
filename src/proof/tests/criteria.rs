//! Criteria: what they say of all records, and how they compare.

use super::{World, as_of, criterion, every_record, is_small, prover, read, shown};
use crate::criteria::{Expr, Record, evaluate, expand};
use crate::proof::{Asked, Extent, Prover, Verdict};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn compare(before: &str, after: &str) -> Verdict {
    let (world, before, after) = (World::default(), read(before), read(after));
    let asked = |expr| Asked { expr, scope: &world };
    prover().compare("lead", asked(&before), asked(&after))
}

/// How both compare on the day from which days are counted.
fn today(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Equivalent => "equivalent",
        Verdict::Looser { .. } => "looser",
        Verdict::Tighter { .. } => "tighter",
        Verdict::Shifted { .. } => "shifted",
        Verdict::Undecided(why) => {
            let says = [("means the same", "equivalent"), ("is looser", "looser")];
            let mut says = says.into_iter().chain([("is tighter", "tighter")]);
            let said = says.find(|(says, _)| why.starts_with(&format!("it {says} on 2026-06-30")));
            said.map_or("undecided", |(_, word)| word)
        }
    }
}

/// Whether both mean the same on the day from which days are counted.
fn is_same_today(verdict: &Verdict) -> bool {
    today(verdict) == "equivalent"
}

fn extent(text: &str) -> Extent {
    let (world, expr) = (World::default(), read(text));
    prover().extent("lead", Asked { expr: &expr, scope: &world }).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_missed_and_nothing_invented(before in criterion(4), after in criterion(4)) {
        let (old, new) = (read(&before), read(&after));
        prop_assume!(is_small(&[&old, &new]));
        let world = World::default();
        let holds = |expr: &Expr, record: &Record| {
            evaluate(expr, record, "lead", &world, as_of()).unwrap()
        };
        let (mut more, mut less) = (None, None);
        for record in every_record(&[&old, &new]) {
            match (holds(&old, &record), holds(&new, &record)) {
                (false, true) => more = Some(record),
                (true, false) => less = Some(record),
                _ => {}
            }
        }
        // Witnesses are replayed by the prover itself.
        let expected = match (&more, &less) {
            (None, None) => "equivalent",
            (Some(_), None) => "looser",
            (None, Some(_)) => "tighter",
            (Some(_), Some(_)) => "shifted",
        };
        let verdict = compare(&before, &after);
        // Brute force knows of one day alone.
        let word = today(&verdict);
        prop_assert_eq!(word, expected, "{:?}\nmore {:?}\nless {:?}", verdict, more, less);
    }

    #[test]
    fn always_and_never_are_what_brute_force_finds(text in criterion(5)) {
        let expr = read(&text);
        prop_assume!(is_small(&[&expr]));
        let world = World::default();
        let all = every_record(&[&expr]);
        let passing = all
            .iter()
            .filter(|record| evaluate(&expr, record, "lead", &world, as_of()).unwrap())
            .count();
        let expected = match passing {
            0 => Extent::Never,
            some if some == all.len() => Extent::Always,
            _ => Extent::Sometimes,
        };
        prop_assert_eq!(extent(&text), expected);
    }

    #[test]
    fn two_ways_to_say_one_thing_are_equivalent(a in criterion(3), b in criterion(3), c in criterion(3)) {
        for (one, other) in [
            (format!("not (({a}) and ({b}))"), format!("not ({a}) or not ({b})")),
            (format!("not (({a}) or ({b}))"), format!("not ({a}) and not ({b})")),
            (
                format!("at least 2 of ({a}, {b}, {c})"),
                format!("({a}) and ({b}) or ({a}) and ({c}) or ({b}) and ({c})"),
            ),
            (format!("not (not ({a}))"), a.clone()),
        ] {
            prop_assert_eq!(compare(&one, &other), Verdict::Equivalent);
        }
    }

    #[test]
    fn the_way_back_is_the_mirror_image(a in criterion(4), b in criterion(4)) {
        let mirrored = match compare(&a, &b) {
            Verdict::Looser { admits } => Verdict::Tighter { refuses: admits },
            Verdict::Tighter { refuses } => Verdict::Looser { admits: refuses },
            Verdict::Shifted { admits, refuses } => {
                Verdict::Shifted { admits: refuses, refuses: admits }
            }
            Verdict::Undecided(_) => {
                prop_assert!(matches!(compare(&b, &a), Verdict::Undecided(_)));
                return Ok(());
            }
            Verdict::Equivalent => Verdict::Equivalent,
        };
        prop_assert_eq!(compare(&b, &a), mirrored);
    }
}

#[track_caller]
fn admits(before: &str, after: &str) -> String {
    match compare(before, after) {
        Verdict::Looser { admits } => shown(&admits),
        other => panic!("{other:?}"),
    }
}

#[test]
fn witnesses_look_like_real_leads() {
    assert_eq!(
        admits("employees >= 200", "employees >= 100"),
        r#"{"employees":200}"#.replace("200", "150")
    );
    assert_eq!(admits("country = 'AT'", "country in ['AT', 'DE']"), r#"{"country":"DE"}"#);
    assert_eq!(
        admits("employees >= 200 and country = 'NL'", "employees >= 200"),
        r#"{"employees":300}"#
    );
    assert_eq!(
        admits("days since renewal_on > 30", "days since renewal_on > 20"),
        r#"{"renewal_on":"2026-06-05"}"#
    );
    assert_eq!(
        admits("email is not set", "email is not set or email ends with '@gmail.com'"),
        r#"{"email":"acme@gmail.com"}"#
    );
}

#[test]
fn whole_numbers_know_their_neighbours() {
    assert_eq!(compare("employees > 199", "employees >= 200"), Verdict::Equivalent);
    assert_eq!(extent("employees > 199 and employees < 200"), Extent::Never);
    assert_eq!(extent("score > 199 and score < 200"), Extent::Sometimes);
}

#[test]
fn texts_that_cannot_be_are_nowhere() {
    assert_eq!(extent("email ends with '.com' and email ends with '.de'"), Extent::Never);
    assert_eq!(extent("company = 'Acme' and company contains 'lab'"), Extent::Never);
    assert_eq!(
        compare("company contains 'lab'", "company contains 'lab' or company contains 'labs'"),
        Verdict::Equivalent
    );
    assert_eq!(extent("company contains 'a' and not (company contains 'A')"), Extent::Never);
}

#[test]
fn what_an_account_must_have_is_there_where_an_account_is() {
    assert_eq!(extent("account is set and account.customer is not set"), Extent::Never);
    assert_eq!(extent("account.industry is set and account.customer is not set"), Extent::Never);
    assert_eq!(extent("account is not set and account.customer is not set"), Extent::Sometimes);
    assert_eq!(
        admits("account.customer", "account.customer or account.industry = 'Software'"),
        r#"{"account.customer":false,"account.industry":"Software"}"#
    );
}

#[test]
fn references_are_what_they_stand_for_on_their_side() {
    let dach = |text: &str| World {
        predicates: BTreeMap::from([("territory.dach".to_owned(), text.to_owned())]),
        ..World::default()
    };
    let (before, after) = (dach("country in ['AT', 'DE']"), dach("country in list.dach"));
    let expr = read("territory.dach and employees > 5");
    let verdict = prover().compare(
        "lead",
        Asked { expr: &expr, scope: &before },
        Asked { expr: &expr, scope: &after },
    );
    let Verdict::Looser { admits } = verdict else { panic!("{verdict:?}") };
    assert_eq!(shown(&admits), r#"{"country":"CH","employees":20}"#);
}

#[test]
fn values_of_either_side_are_possible() {
    let before = World { dropped: vec!["NL"], ..World::default() };
    let after = World::default();
    let (old, new) = (read("country is set"), read("country in list.dach"));
    let verdict = prover().compare(
        "lead",
        Asked { expr: &old, scope: &before },
        Asked { expr: &new, scope: &after },
    );
    let Verdict::Tighter { refuses } = verdict else { panic!("{verdict:?}") };
    assert_eq!(shown(&refuses), r#"{"country":"NL"}"#);
}

#[test]
fn what_cannot_be_decided_is_said() {
    let few = Prover { as_of: as_of(), budget: 3 };
    let world = World::default();
    let (a, b) = (read("employees > 5 or score > 5"), read("employees > 5 and score > 5"));
    let verdict =
        few.compare("lead", Asked { expr: &a, scope: &world }, Asked { expr: &b, scope: &world });
    assert!(matches!(&verdict, Verdict::Undecided(why) if why.contains("--budget")), "{verdict:?}");
    let lost = read("icp.gone");
    let extent = prover().extent("lead", Asked { expr: &lost, scope: &world });
    assert_eq!(extent.map_err(|why| why.to_string()), Err("there is no `icp.gone`".to_owned()));
}

proptest! {
    #[test]
    fn a_region_in_words_holds_where_the_region_does(text in criterion(5)) {
        let world = World::default();
        let expr = expand(&read(&text), &world).unwrap();
        let mut ground = prover().ground("lead", &[&world], [&expr]).unwrap();
        let regions = ground.regions(&expr).unwrap();
        let Some(words) = ground.universe.conditions(&regions, 8) else { return Ok(()) };
        let spelt = words.to_string();
        prop_assume!(spelt != "always" && spelt != "never");
        let again = read(&spelt);
        let asked = |expr| Asked { expr, scope: &world };
        let verdict = prover().compare("lead", asked(&expr), asked(&again));
        prop_assert!(is_same_today(&verdict), "{}: {:?}", spelt, verdict);
    }
}

#[test]
fn what_is_the_same_on_one_day_alone_is_not_said_to_mean_the_same() {
    // The day from which days are counted is 2026-06-30.
    for (one, other, same) in [
        ("days since renewal_on >= 30", "renewal_on <= 2026-05-31", false),
        ("days until renewal_on <= 10", "renewal_on <= 2026-07-10", false),
        (
            "days since renewal_on >= 30",
            "not (days since renewal_on < 30) and renewal_on is set",
            true,
        ),
        (
            "renewal_on < 2026-06-01 or days since renewal_on >= 0",
            "days since renewal_on >= 0 or renewal_on < 2026-06-01",
            true,
        ),
    ] {
        match (same, compare(one, other)) {
            (true, Verdict::Equivalent) => {}
            (false, Verdict::Undecided(why)) => {
                assert!(why.contains("it means the same on 2026-06-30"), "{why}");
            }
            (_, verdict) => panic!("{one} / {other}: {verdict:?}"),
        }
    }
}

#[test]
fn what_goes_one_way_on_one_day_alone_is_not_said_to_go_that_way() {
    let word = |verdict: &Verdict| match verdict {
        Verdict::Undecided(why) => {
            assert!(why.contains("something else on other days"), "{why}");
            "undecided"
        }
        verdict => today(verdict),
    };
    for (before, after, expected) in [
        // What lies thirty days back comes to lie behind every fixed day.
        ("days since renewal_on >= 30", "renewal_on <= 2026-06-15", "undecided"),
        ("days since renewal_on >= 30", "renewal_on <= 2026-03-01", "undecided"),
        ("days until renewal_on <= 10", "renewal_on <= 2026-12-31", "undecided"),
        // On every day the same way.
        ("days since renewal_on >= 30", "days since renewal_on >= 20", "looser"),
        (
            "days since renewal_on >= 30",
            "days since renewal_on >= 30 or renewal_on <= 2026-06-15",
            "looser",
        ),
        (
            "days since renewal_on >= 30 and renewal_on >= 2026-01-01",
            "days since renewal_on >= 40 and renewal_on >= 2026-01-01",
            "tighter",
        ),
    ] {
        assert_eq!(word(&compare(before, after)), expected, "{before} / {after}");
        let back = match expected {
            "looser" => "tighter",
            "tighter" => "looser",
            other => other,
        };
        assert_eq!(word(&compare(after, before)), back, "{after} / {before}");
    }
    assert!(matches!(
        compare("days since renewal_on >= 30", "renewal_on <= 2026-06-15"),
        Verdict::Undecided(why) if why.starts_with("it is looser on 2026-06-30, and something else on other days: on 2026-07-")
    ));
}
