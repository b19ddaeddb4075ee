//! The engine says what the ordinary evaluator says, however it is cut and shared out.

use super::super::{Dates, Form, Numbers, fields};
use super::draws::{self, Export};
use super::oracle::Asked;
use crate::criteria::Expr;
use crate::load::{ModelScope, Router};
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn form(foreign: bool) -> Form {
    if !foreign {
        return Form::default();
    }
    Form {
        numbers: Numbers::of("1.234,56").unwrap(),
        dates: Dates::DayFirstDots,
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        currency: Some("EUR".to_owned()),
    }
}

fn agree(exports: &[Export], exprs: &[Expr], rules: &[String], foreign: bool) {
    let models = [draws::model(false, rules), draws::model(true, &[])];
    let scopes = models.each_ref().map(ModelScope::new);
    for criterion in scopes.iter().flat_map(ModelScope::criteria) {
        assert_eq!(criterion.faults, [], "{}", criterion.text);
    }
    let fields = fields(&scopes[0], "lead");
    assert_eq!(fields.len(), draws::FIELDS.len() + 1);
    let routing = models[0].get("routing.all").unwrap();
    let routers = [Router::of(&scopes[0], routing)];
    let form = form(foreign);
    let asked = Asked { fields: &fields, scopes: &scopes, routers: &routers, exprs, form: &form };
    for export in exports {
        let expected = asked.plainly(export);
        for (threads, size) in [(1, 1 << 20), (1, 7), (2, 64), (3, 300)] {
            let found = asked.quickly(export, threads, size);
            assert_eq!(found.rejects, expected.rejects, "{threads} {size}");
            assert_eq!(found.rows.len(), expected.rows.len(), "{threads} {size}");
            for (found, expected) in found.rows.iter().zip(&expected.rows) {
                let holds = found.holds.iter().zip(&expected.holds).zip(exprs.iter().cycle());
                for (at, ((found, wanted), expr)) in holds.enumerate() {
                    assert_eq!(found, wanted, "{at} {expr}\n{:?}", expected.record);
                }
                assert_eq!(found, expected, "{threads} {size}");
            }
            assert_eq!(found.counts, expected.counts, "{threads} {size}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        max_shrink_iters: 1_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_engine_answers_as_the_evaluator_does(
        exports in prop::collection::vec(draws::export(true), 1..3),
        exprs in prop::collection::vec(draws::expr(), 1..12),
        rules in prop::collection::vec(draws::rule(), 0..90),
        foreign in any::<bool>(),
    ) {
        agree(&exports, &exprs, &rules, foreign);
    }

    #[test]
    fn rows_are_those_of_the_csv_crate(
        exports in prop::collection::vec(draws::export(false), 1..4),
        exprs in prop::collection::vec(draws::expr(), 1..3),
    ) {
        agree(&exports, &exprs, &[], false);
    }
}
