//! What is seen at once, held against the whole analysis; and parts that share records or leave
//! some out, against brute force.

use super::{World, as_of, criterion, every_record, is_small, prover, read};
use crate::criteria::{Expr, evaluate};
use crate::proof::guess::{fails_without_a_field, guess};
use crate::proof::plain::are_free;
use crate::proof::{Asked, Extent, Verdict, Wanted};
use proptest::prelude::*;

/// Whether there is a record for which criteria do what is wanted, by the whole analysis.
fn there_is(wanted: &[Wanted<'_>]) -> bool {
    prover().example("lead", &World::default(), wanted).unwrap().is_some()
}

fn pairs() -> [[bool; 2]; 4] {
    [[true, true], [true, false], [false, true], [false, false]]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn free_criteria_can_hold_and_fail_in_every_combination(a in criterion(3), b in criterion(3)) {
        let (world, exprs) = (World::default(), [read(&a), read(&b)]);
        for expr in &exprs {
            if are_free("lead", &world, [expr]) {
                prop_assert!(there_is(&[Wanted { expr, holds: true }]), "{expr}");
                prop_assert!(there_is(&[Wanted { expr, holds: false }]), "{expr}");
            }
        }
        prop_assume!(are_free("lead", &world, &exprs));
        let [one, other] = &exprs;
        for [first, second] in pairs() {
            let wanted =
                [Wanted { expr: one, holds: first }, Wanted { expr: other, holds: second }];
            prop_assert!(there_is(&wanted), "{one} / {other}: {first} {second}");
        }
    }

    #[test]
    fn a_guess_is_a_record_there_can_be(a in criterion(5), b in criterion(3)) {
        let (world, one, other) = (World::default(), read(&a), read(&b));
        for [first, second] in pairs() {
            let wanted =
                [Wanted { expr: &one, holds: first }, Wanted { expr: &other, holds: second }];
            for wanted in [&wanted[..1], &wanted[..]] {
                if guess("lead", &world, wanted, as_of()).is_some() {
                    prop_assert!(there_is(wanted), "{one} / {other}: {first} {second}");
                }
            }
        }
    }

    #[test]
    fn a_record_that_fails_for_want_of_a_field_can_be(text in criterion(5)) {
        let (world, expr) = (World::default(), read(&text));
        let Some(record) = guess("lead", &world, &[Wanted { expr: &expr, holds: true }], as_of())
        else { return Ok(()) };
        if fails_without_a_field("lead", &world, (&expr, &record), as_of()) {
            prop_assert!(there_is(&[Wanted { expr: &expr, holds: false }]), "{expr} {record:?}");
        }
    }

    #[test]
    fn criteria_are_the_same_where_neither_admits_more(a in criterion(3), b in criterion(3)) {
        let (world, one, other) = (World::default(), read(&a), read(&b));
        let asked = |expr| Asked { expr, scope: &world };
        let verdict = prover().compare("lead", asked(&one), asked(&other));
        let same = prover().same("lead", &world, [&one, &other]).unwrap();
        prop_assert_eq!(same, verdict == Verdict::Equivalent, "{:?}", verdict);
    }

    #[test]
    fn a_repeat_is_the_first_that_says_the_same(
        texts in prop::collection::vec(criterion(2), 2..5)
    ) {
        let world = World::default();
        let exprs: Vec<Expr> = texts.iter().map(|text| read(text)).collect();
        let open = |expr: &&Expr| {
            prover().extent("lead", Asked { expr, scope: &world }) == Ok(Extent::Sometimes)
        };
        let exprs: Vec<&Expr> = exprs.iter().filter(open).collect();
        let same = |[one, other]: [usize; 2]| {
            let [before, after] = [one, other].map(|at| Asked { expr: exprs[at], scope: &world });
            prover().compare("lead", before, after) == Verdict::Equivalent
        };
        let expected: Vec<(usize, usize)> = (0..exprs.len())
            .filter_map(|again| Some(((0..again).find(|first| same([*first, again]))?, again)))
            .collect();
        let found = prover().repeats("lead", &world, &exprs);
        prop_assert!(found.iter().all(|repeat| repeat.undecided.is_none()));
        let found: Vec<_> = found.iter().map(|repeat| (repeat.first, repeat.again)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn parts_share_and_leave_out_what_brute_force_finds(
        texts in prop::collection::vec(criterion(2), 2..4)
    ) {
        let (world, exprs) = (World::default(), texts.iter().map(|text| read(text)));
        let exprs: Vec<Expr> = exprs.collect();
        let parts: Vec<&Expr> = exprs.iter().collect();
        prop_assume!(is_small(&parts));
        let records = every_record(&parts);
        let holds =
            |expr: &Expr, record| evaluate(expr, record, "lead", &world, as_of()).unwrap();
        let mut partition = prover().partition("lead", &world, parts.clone()).unwrap();
        for one in 0..parts.len() {
            for other in one + 1..parts.len() {
                let found = partition.near(one).contains(&other)
                    && partition.shared(one, other).unwrap().is_some();
                let both = |record| holds(parts[one], record) && holds(parts[other], record);
                prop_assert_eq!(found, records.iter().any(both), "{}, {}", one, other);
            }
        }
        let none = |record| !parts.iter().any(|part| holds(part, record));
        prop_assert_eq!(partition.rest().unwrap().is_some(), records.iter().any(none));
    }
}

#[test]
fn what_people_write_is_seen_at_once() {
    let world = World::default();
    for text in [
        "employees >= 200 and employees < 1000",
        "company = 'Acme' or company is not set",
        "country in list.dach and country != 'AT'",
        "account.industry = 'Software' and account is set",
        "products contains 'crm' and products contains 'data'",
        "days since seen_at <= 30 and seen_at is set",
        "sure or not sure and origin != 'web'",
    ] {
        let expr = read(text);
        for holds in [true, false] {
            let wanted = [Wanted { expr: &expr, holds }];
            assert!(guess("lead", &world, &wanted, as_of()).is_some(), "{text}: {holds}");
        }
    }
    for text in ["country in list.dach and employees > 5", "at least 1 of (opted_in, score > 5)"] {
        assert!(are_free("lead", &world, [&read(text)]), "{text}");
    }
    for text in ["sure", "wants contains 'crm'", "employees > 5 and employees < 9", "icp.gone"] {
        assert!(!are_free("lead", &world, [&read(text)]), "{text}");
    }
}
