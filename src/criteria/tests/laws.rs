//! Laws that hold for every expression, record and text.

use super::world::World;
use crate::criteria::{
    Comparison, DaysTest, Direction, Expr, Literal, Node, Program, Record, Reference, SetOf, Test,
    Value, canonical, check, evaluate, expand, parse,
};
use crate::source::Span;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::select;

const AS_OF: i64 = 1_782_820_800;

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(vec!["NL", "nl", "AT", "Acme", "acme", "crm", "it's", "", "Straße", "ß\n`"])
            .prop_map(Value::from),
        ".{0,6}".prop_map(Value::Text),
        (-400_i64..400, 0_u32..3)
            .prop_map(|(units, scale)| Value::Number(rust_decimal::Decimal::new(units, scale))),
        any::<bool>().prop_map(Value::Bool),
        (1_i16..=12, -2_i16..2).prop_map(|(month, year)| Value::Date(date(
            2026 + year,
            i8::try_from(month).unwrap(),
            28
        ))),
        (-90_000_i64..90_000).prop_map(|shift| moment(AS_OF + shift * 60)),
        (-2_i64..2).prop_map(|days| moment(AS_OF + days * 86_400)),
        any::<i64>().prop_map(|second| moment(second % 200_000_000_000)),
    ]
}

fn moment(second: i64) -> Value {
    Value::DateTime(Timestamp::from_second(second).unwrap())
}

fn literal() -> impl Strategy<Value = Literal> {
    value().prop_map(Literal::new)
}

fn comparison() -> impl Strategy<Value = Comparison> {
    select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ])
}

fn reference(kinds: &[&'static str], ids: &[&'static str]) -> impl Strategy<Value = Reference> {
    (select(kinds.to_vec()), select(ids.to_vec())).prop_map(|(kind, id)| Reference {
        kind: kind.to_owned(),
        id: id.to_owned(),
        span: Span::default(),
    })
}

fn set() -> impl Strategy<Value = SetOf> {
    prop_oneof![
        4 => prop::collection::vec(literal(), 0..4).prop_map(SetOf::Values),
        1 => reference(&["list"], &["rivals", "dach"]).prop_map(SetOf::List),
    ]
}

fn days() -> impl Strategy<Value = DaysTest> {
    prop_oneof![
        (comparison(), -70_i64..70).prop_map(|(op, days)| DaysTest::Compare { op, days }),
        (-70_i64..70, -70_i64..70).prop_map(|(low, high)| DaysTest::Between { low, high }),
    ]
}

fn test() -> impl Strategy<Value = Test> {
    prop_oneof![
        Just(Test::IsTrue),
        (comparison(), literal()).prop_map(|(op, value)| Test::Compare { op, value }),
        (literal(), literal()).prop_map(|(low, high)| Test::Between { low, high }),
        (set(), any::<bool>()).prop_map(|(set, negated)| Test::In { set, negated }),
        any::<bool>().prop_map(|negated| Test::IsSet { negated }),
        literal().prop_map(Test::Contains),
        literal().prop_map(Test::StartsWith),
        literal().prop_map(Test::EndsWith),
        (any::<bool>(), days()).prop_map(|(since, test)| Test::Days {
            direction: if since { Direction::Since } else { Direction::Until },
            test
        }),
    ]
}

/// Fields of every type, and names that are nearly keywords.
const FIELDS: [&str; 14] = [
    "country",
    "products",
    "company",
    "employees",
    "score",
    "budget_confirmed",
    "renewal_on",
    "last_activity_at",
    "account",
    "account.industry",
    "days",
    "at",
    "set",
    "mid-market",
];

fn leaf() -> impl Strategy<Value = Expr> {
    let known = reference(&["icp"], &["core"]);
    prop_oneof![
        6 => (select(FIELDS.to_vec()), test()).prop_map(|(field, test)| Expr::atom(field, test)),
        1 => known.prop_map(|reference| Expr::new(Node::Reference(reference))),
        1 => reference(&["definition"], &["mql"])
            .prop_map(|reference| Expr::new(Node::Reference(reference))),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let some = |least| prop::collection::vec(inner.clone(), least..4);
        prop_oneof![
            some(2).prop_map(|operands| Expr::new(Node::And(operands))),
            some(2).prop_map(|operands| Expr::new(Node::Or(operands))),
            inner.clone().prop_map(Expr::negated),
            (0_u32..5, some(0)).prop_map(|(count, of)| Expr::new(Node::AtLeast { count, of })),
        ]
    })
}

/// The values that occur in criteria, as values of a record.
fn record() -> impl Strategy<Value = Record> {
    let texts = prop::collection::vec(select(vec!["crm", "data", "NL"]), 0..3)
        .prop_map(|texts| Value::Values(texts.into_iter().map(str::to_owned).collect()));
    let value = prop_oneof![6 => value(), 1 => texts];
    prop::collection::vec(prop::option::of(value), FIELDS.len()).prop_map(|values| {
        let mut record = Record::new();
        for (field, value) in FIELDS.into_iter().zip(values) {
            if let Some(value) = value {
                record.set(field, value);
            }
        }
        record
    })
}

fn holds(expr: &Expr, record: &Record, world: &World) -> bool {
    let as_of = Timestamp::from_second(AS_OF).unwrap();
    evaluate(expr, record, "lead", world, as_of).unwrap()
}

/// A word, a sign or anything at all, so that some texts nearly make sense.
fn piece() -> impl Strategy<Value = String> {
    let known = vec![
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        ",",
        "in",
        "is",
        "set",
        "between",
        "days",
        "since",
        "at",
        "least",
        "2",
        "of",
        "=",
        "!=",
        "==",
        "<",
        "'x'",
        "'",
        "“",
        "x",
        "x.y",
        "icp.core",
        "list.dach",
        "2026-01-31",
        "2026-13-31T",
        "-",
        "1.",
        ".",
        "contains",
        "has",
        "true",
        "null",
        "does",
        "starts with",
        "%",
        "1,000",
        "ü-",
        "'a\n\u{1b}b'",
        "\n",
    ];
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => ".{0,3}"]
}

proptest! {
    #[test]
    fn printing_and_parsing_are_inverse(expr in expr()) {
        let printed = expr.to_string();
        let parsed = parse(&printed);
        prop_assert_eq!(&parsed.faults, &[], "{}", printed);
        let again = parsed.expr.unwrap();
        prop_assert!(again.same(&expr), "{}\n{:?}\n{:?}", printed, again, expr);
        prop_assert_eq!(again.to_string(), printed);
    }

    #[test]
    fn a_text_begins_and_ends_with_its_parts_in_whatever_case(
        text in "[ΑΟΣςσΆßaK .]{1,6}", cut in 0_usize..6
    ) {
        let cut = text.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(text.len());
        let (start, end) = text.split_at(cut);
        let world = World::of_the_manual();
        let record = Record::new().with("email".to_owned(), Value::from(text.as_str()));
        let literal = |text: &str| Literal::new(Value::from(text));
        let tests = [
            (!start.is_empty()).then(|| Test::StartsWith(literal(start))),
            (!end.is_empty()).then(|| Test::EndsWith(literal(end))),
            (!end.is_empty()).then(|| Test::Contains(literal(end))),
            Some(Test::Compare { op: Comparison::Equal, value: literal(&text.to_uppercase()) })
                .filter(|_| !text.contains('ß')),
        ];
        for test in tests.into_iter().flatten() {
            prop_assert!(holds(&Expr::atom("email", test.clone()), &record, &world), "{test:?} {text}");
        }
    }

    #[test]
    fn two_say_the_same_where_nothing_but_their_places_differs(one in expr(), other in expr()) {
        let placed = one.placed(Span { start: 3, end: 7 });
        prop_assert!(one.same(&placed) && placed.same(&one));
        prop_assert_eq!(one.same(&other), one.without_spans() == other.without_spans());
    }

    #[test]
    fn the_normal_form_means_the_same(expr in expr(), records in prop::collection::vec(record(), 8)) {
        let world = World::of_the_manual();
        let normal = canonical(&expr);
        for record in records {
            let (before, after) = (holds(&expr, &record, &world), holds(&normal, &record, &world));
            prop_assert_eq!(before, after, "{}\n{}\n{:?}", expr, normal, record);
        }
        prop_assert_eq!(canonical(&normal), normal);
    }

    #[test]
    fn expansion_means_the_same(expr in expr(), records in prop::collection::vec(record(), 8)) {
        let world = World::of_the_manual();
        let expanded = expand(&expr, &world).unwrap();
        for record in records {
            let (before, after) = (holds(&expr, &record, &world), holds(&expanded, &record, &world));
            prop_assert_eq!(before, after, "{}\n{}\n{:?}", expr, expanded, record);
        }
        prop_assert!(crate::criteria::references(&expanded).is_empty());
    }

    #[test]
    fn a_program_answers_as_the_evaluator_does(
        exprs in prop::collection::vec(expr(), 1..6),
        records in prop::collection::vec(record(), 8),
    ) {
        let world = World::of_the_manual();
        let as_of = Timestamp::from_second(AS_OF).unwrap();
        let program = Program::new(&exprs, "lead", &world, as_of).unwrap();
        for record in records {
            let reading = program.read(&record);
            let expected: Vec<bool> = exprs.iter().map(|expr| holds(expr, &record, &world)).collect();
            for (at, expected) in expected.iter().enumerate() {
                let found = program.holds(at, &reading).unwrap();
                prop_assert_eq!(found, *expected, "{}\n{:?}", exprs[at], record);
            }
            let first = program.first(0..program.len(), &reading).unwrap();
            prop_assert_eq!(first, expected.iter().position(|holds| *holds));
        }
    }

    #[test]
    fn any_text_is_answered_with_places_inside_it(
        pieces in prop::collection::vec(piece(), 0..14),
        tight in any::<bool>(),
    ) {
        let text = pieces.join(if tight { "" } else { " " });
        let parsed = parse(&text);
        let mut faults = parsed.faults;
        prop_assert!(parsed.expr.is_some() || !faults.is_empty(), "{}", text);
        if let Some(expr) = parsed.expr {
            if faults.is_empty() {
                prop_assert!(parse(&expr.to_string()).expr.unwrap().same(&expr), "{}", text);
            }
            faults.extend(check(&expr, "lead", &World::of_the_manual()));
        }
        for fault in faults {
            prop_assert!(text.get(fault.span.start..fault.span.end).is_some(), "{fault:?}");
            prop_assert!(!fault.message.contains(char::is_control), "{fault:?}");
            prop_assert!(fault.help.is_some_and(|help| !help.contains(char::is_control)), "{text}");
        }
    }
}
