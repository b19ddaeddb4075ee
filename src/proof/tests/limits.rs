//! Input that was made to be hard: every question ends, and says so where it does not know.

use super::{World, prover, read};
use crate::criteria::{Expr, Literal, SetOf, Test, Value};
use crate::proof::{
    Asked, DEFAULT_BUDGET, Destination, Extent, Prover, Table, TableRule, Useless, Verdict,
};

fn compare(before: &Expr, after: &Expr) -> Verdict {
    let world = World::default();
    let asked = |expr| Asked { expr, scope: &world };
    Prover { budget: DEFAULT_BUDGET, ..prover() }.compare("lead", asked(before), asked(after))
}

#[test]
fn two_hundred_conditions_are_compared() {
    let parts: Vec<String> = (0..200)
        .map(|at| match at % 4 {
            0 => format!("employees between {} and {}", at * 10, at * 10 + 4),
            1 => format!("score > {at} and score < {}.5", at + 1),
            2 => format!("company starts with 'c{at}'"),
            _ => format!("email = 'jo{at}@acme.com'"),
        })
        .collect();
    let all = read(&parts.join(" or "));
    let fewer = read(&parts[..199].join(" or "));
    assert!(matches!(compare(&fewer, &all), Verdict::Looser { .. }));
    assert!(matches!(compare(&all, &fewer), Verdict::Tighter { .. }));
    let all_of = read(&format!("not ({})", parts.join(" or ")));
    assert!(matches!(compare(&all, &all_of), Verdict::Shifted { .. }));
}

#[test]
fn nothing_lies_between_numbers_that_can_hardly_be_told_apart() {
    let extent = |text: &str| {
        let (world, expr) = (World::default(), read(text));
        prover().extent("lead", Asked { expr: &expr, scope: &world })
    };
    // No number that can be written lies between these two, and one between those.
    for (low, high, above) in [
        ("0", "0.0000000000000000000000000001", "0.0000000000000000000000000002"),
        ("0.1", "0.1000000000000000000000000001", "0.1000000000000000000000000002"),
        ("-0.1000000000000000000000000001", "-0.1", "-0.0999999999999999999999999999"),
        (
            "7922816251426433759354395033.4",
            "7922816251426433759354395033.5",
            "7922816251426433759354395034",
        ),
        (
            "79228162514264337593543950333",
            "79228162514264337593543950334",
            "79228162514264337593543950335",
        ),
    ] {
        let none = format!("score > {low} and score < {high}");
        assert_eq!(extent(&none), Ok(Extent::Never), "{none}");
        let none = format!("not (score <= {low} or score >= {high} or score is not set)");
        assert_eq!(extent(&none), Ok(Extent::Never), "{none}");
        for some in [
            format!("score > {low} and score <= {high}"),
            format!("score >= {low} and score < {high}"),
            format!("score > {low} and score < {above}"),
            format!("score = {high}"),
        ] {
            assert_ne!(extent(&some), Ok(Extent::Never), "{some}");
        }
        let same = [format!("score > {low}"), format!("score >= {high}")].map(|text| read(&text));
        assert_eq!(compare(&same[0], &same[1]), Verdict::Equivalent, "{low} {high}");
    }
}

#[test]
fn two_hundred_and_fifty_values_are_compared() {
    let values = |range: std::ops::Range<usize>| {
        let values = range.map(|at| Literal::new(Value::from(format!("account-{at}").as_str())));
        let set = SetOf::Values(values.collect());
        Expr::atom("account", Test::In { set, negated: false })
    };
    assert!(matches!(compare(&values(0..250), &values(0..249)), Verdict::Tighter { .. }));
    assert_eq!(compare(&values(0..250), &values(0..250)), Verdict::Equivalent);
    assert!(matches!(compare(&values(0..125), &values(100..250)), Verdict::Shifted { .. }));
}

#[test]
fn forty_patterns_of_one_text_are_decided() {
    let parts: Vec<String> = (0..40)
        .map(|at| match at % 2 {
            0 => format!("company contains 'part{at}'"),
            _ => format!("company ends with 'end{at}'"),
        })
        .collect();
    let any = read(&parts.join(" or "));
    let most = read(&parts[..39].join(" or "));
    assert!(matches!(compare(&most, &any), Verdict::Looser { .. }));
    // A text ends in one way only.
    let ends = read("company ends with 'end1' and company ends with 'end3'");
    let world = World::default();
    let extent = prover().extent("lead", Asked { expr: &ends, scope: &world });
    assert_eq!(extent, Ok(Extent::Never));
}

#[test]
fn what_counts_to_half_of_many_ends_one_way_or_the_other() {
    let atoms = |from: i32| -> Vec<String> {
        (from..from + 24).map(|at| format!("company contains 'p{at:02}x'")).collect()
    };
    let half = |from: i32| read(&format!("at least 12 of ({})", atoms(from).join(", ")));
    let few = Prover { budget: 200_000, ..prover() };
    let world = World::default();
    let (a, b) = (half(0), half(1));
    let asked = |expr| Asked { expr, scope: &world };
    let verdict = few.compare("lead", asked(&a), asked(&b));
    let told = matches!(&verdict, Verdict::Undecided(why) if why.contains("--budget"));
    assert!(told || matches!(verdict, Verdict::Shifted { .. }), "{verdict:?}");
}

#[test]
fn a_table_of_a_thousand_rules_is_looked_through() {
    let world = World::default();
    let condition = |at: i32| {
        let (low, country) =
            (at % 250 * 20, ["AT", "CH", "DE", "NL"][usize::try_from(at / 250).unwrap()]);
        read(&format!("country = '{country}' and employees between {low} and {}", low + 19))
    };
    let conditions: Vec<Expr> = (0..1_000).map(condition).collect();
    let ids: Vec<String> = (0..1_000).map(|at| format!("r{at}")).collect();
    let to = |at: usize| Destination {
        to: Some(format!("queue.q{}", at % 7)),
        sla: None,
        is_gap: false,
    };
    let rules = conditions.iter().zip(&ids).enumerate();
    let mut rules: Vec<TableRule<'_>> =
        rules.map(|(at, (when, id))| TableRule { id, when, to: to(at) }).collect();
    let late = read("country = 'DE' and employees between 100 and 138");
    rules.push(TableRule { id: "late", when: &late, to: to(3) });
    let default = Destination::default();
    let table = Table { object: "lead", scope: &world, applies_to: None, rules, default };
    let prover = Prover { budget: DEFAULT_BUDGET, ..prover() };
    let useless = prover.useless(&table).unwrap();
    let found: Vec<usize> = (0..useless.len()).filter(|at| useless[*at].is_some()).collect();
    assert_eq!(found, [1_000]);
    assert_eq!(useless[1_000], Some(Useless::Shadowed(vec![505, 506])));
    assert!(prover.gap(&table).unwrap().is_some());
}

#[test]
fn the_ends_of_every_scale_are_values_like_others() {
    let most = "79228162514264337593543950335";
    let world = World::default();
    let atoms = [
        format!("employees > {most}"),
        format!("employees >= {most}"),
        format!("employees < -{most}"),
        format!("employees between -{most} and {most}"),
        format!("score > {most} or score < -{most}"),
        format!("score between -{most} and 7.9228162514264337593543950335"),
        format!("score != {most}"),
        "renewal_on > 9999-12-31".to_owned(),
        "renewal_on >= 9999-12-31 or renewal_on <= 0001-01-01".to_owned(),
        "days since renewal_on > 9223372036854775807".to_owned(),
        "days since renewal_on >= -9223372036854775808".to_owned(),
        "days until seen_at between -9223372036854775808 and 9223372036854775807".to_owned(),
        "days since seen_at != 9223372036854775807".to_owned(),
        "days until renewal_on = 3000000".to_owned(),
        "seen_at > 9999-12-30T22:00:00Z".to_owned(),
    ];
    for one in &atoms {
        let expr = read(one);
        let before = Asked { expr: &expr, scope: &world };
        assert!(prover().extent("lead", before).is_ok(), "{one}");
        for other in &atoms {
            let other = read(other);
            let after = Asked { expr: &other, scope: &world };
            let verdict = prover().compare("lead", before, after);
            assert!(!matches!(verdict, Verdict::Undecided(_)), "{one}: {verdict:?}");
        }
    }
}
