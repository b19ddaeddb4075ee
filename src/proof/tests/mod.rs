//! The answers held against brute force: every combination of values near the constants.
#![expect(clippy::panic, reason = "a test that fails should say where")]

mod criteria;
mod limits;
mod shortcuts;
mod tables;

use super::{Prover, Witness};
use crate::criteria::{
    Expr, FieldFacts, FieldKind, Predicate, Record, Scope, Value, fields, parse,
};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

fn as_of() -> Timestamp {
    "2026-06-30T12:00:00Z".parse().unwrap()
}

fn prover() -> Prover {
    Prover { as_of: as_of(), budget: 1_000_000 }
}

/// A small model.
#[derive(Default)]
struct World {
    predicates: BTreeMap<String, String>,
    dropped: Vec<&'static str>,
}

const COUNTRIES: [&str; 4] = ["AT", "CH", "DE", "NL"];
const PRODUCTS: [&str; 3] = ["crm", "data", "support"];

impl Scope for World {
    fn field(&self, object: &str, name: &str) -> Option<FieldFacts<'_>> {
        let texts = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
        let facts = FieldFacts::new;
        Some(match (object, name) {
            ("lead", "country") => {
                // Some stand twice, and some no record can hold.
                let mut values = texts(&["", "AT", "CH", "AT", " NL", "DE", "NL", "DE"]);
                values.retain(|value| !self.dropped.contains(&value.as_str()));
                FieldFacts { values: Cow::Owned(values), ..facts(FieldKind::Choice) }
            }
            ("lead", "origin") => FieldFacts {
                values: Cow::Owned(texts(&["web", "event"])),
                open: true,
                required: true,
                ..facts(FieldKind::Choice)
            },
            ("lead", "products") => {
                FieldFacts { values: Cow::Owned(texts(&PRODUCTS)), ..facts(FieldKind::Choices) }
            }
            ("lead", "wants") => FieldFacts {
                values: Cow::Owned(texts(&PRODUCTS)),
                required: true,
                ..facts(FieldKind::Choices)
            },
            ("lead", "company" | "email") => facts(FieldKind::Text),
            ("lead", "employees") => facts(FieldKind::Integer),
            ("lead", "score") => facts(FieldKind::Number),
            ("lead", "opted_in") => facts(FieldKind::Bool),
            ("lead", "sure") | ("account", "customer") => {
                FieldFacts { required: true, ..facts(FieldKind::Bool) }
            }
            ("lead", "renewal_on") => facts(FieldKind::Date),
            ("lead", "seen_at") => facts(FieldKind::DateTime),
            ("lead", "account") => {
                let examples = vec![Value::from(""), Value::from("acct-1")];
                let examples = Cow::Owned(examples);
                FieldFacts { target: Some("account"), examples, ..facts(FieldKind::Reference) }
            }
            ("account", "industry") => FieldFacts {
                values: Cow::Owned(texts(&["Software", "Industrial"])),
                ..facts(FieldKind::Choice)
            },
            _ => return None,
        })
    }

    fn fields(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn predicate(&self, kind: &str, id: &str) -> Option<Predicate> {
        let text = self.predicates.get(&format!("{kind}.{id}"))?;
        Some(Predicate { object: None, expr: Arc::new(read(text)) })
    }

    fn predicates(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn list(&self, id: &str) -> Option<Arc<[String]>> {
        (id == "dach").then(|| ["AT", "CH", "DE"].map(str::to_owned).into())
    }
}

fn read(text: &str) -> Expr {
    let parsed = parse(text);
    assert!(parsed.faults.is_empty(), "{text}: {:?}", parsed.faults);
    parsed.expr.unwrap()
}

/// Conditions of every form, with constants that touch each other.
const ATOMS: &[&str] = &[
    "country = 'AT'",
    "country != 'DE'",
    "country in list.dach",
    "country not in ['NL', 'AT']",
    "country is set",
    "country is not set",
    "origin = 'web'",
    "origin != 'fair'",
    "origin in ['event', 'fair']",
    "origin is set",
    "products contains 'crm'",
    "products contains 'data'",
    "products is set",
    "products is not set",
    "wants contains 'crm'",
    "not (wants contains 'data' or wants contains 'support')",
    "wants is set",
    "company = 'Acme'",
    "company in ['acme', 'Labs', 'Blue Labs']",
    "company != 'labs'",
    "company contains 'lab'",
    "company contains 'Labs'",
    "company starts with 'bl'",
    "company starts with 'Blue'",
    "company ends with 'bs'",
    "company ends with 'Ltd'",
    "company is set",
    "email ends with '@gmail.com'",
    "email ends with '.com'",
    "email contains 'gmail'",
    "email starts with 'info@'",
    "email is not set",
    "employees = 200",
    "employees != 200",
    "employees < 200",
    "employees <= 199",
    "employees > 199",
    "employees >= 200",
    "employees between 200 and 500",
    "employees > 500",
    "employees in [7, 200]",
    "employees > 200.5",
    "score > 5",
    "score >= 5",
    "score <= 5.5",
    "score between 5 and 5.5",
    "score is not set",
    "opted_in",
    "opted_in = false",
    "opted_in != true",
    "sure",
    "sure = false",
    "sure is set",
    "renewal_on < 2026-07-01",
    "renewal_on = 2026-06-29",
    "days since renewal_on = 1",
    "days since renewal_on between 0 and 1",
    "days until renewal_on < 7",
    "days until renewal_on != 1",
    "seen_at >= 2026-06-29",
    "seen_at > 2026-06-29T12:00:00Z",
    "days since seen_at >= 1",
    "days since seen_at < 1",
    "days since seen_at = 1",
    "days since seen_at != 0",
    "days until seen_at <= 0",
    "days until seen_at between -1 and 1",
    "account is set",
    "account = 'a-1'",
    "account.industry = 'Software'",
    "account.industry is set",
    "account.industry != 'Software'",
];

/// Values of a field that lie on and beside every constant above.
fn candidates(field: &str) -> Vec<Option<Value>> {
    let texts = |values: &[&str]| values.iter().map(|v| Some(Value::from(*v))).collect::<Vec<_>>();
    let mut values: Vec<Option<Value>> = match field {
        "country" => texts(&COUNTRIES),
        "origin" => texts(&["web", "event", "fair", "else"]),
        "account" => texts(&["a-1", "a-2"]),
        "account.industry" => texts(&["Software", "Industrial"]),
        "products" | "wants" => (1_u8..8)
            .map(|bits| {
                let there = |at: &usize| bits & (1 << at) != 0;
                let options = (0..3).filter(there).map(|at| PRODUCTS[at].to_owned());
                Some(Value::Values(options.collect()))
            })
            .collect(),
        "company" => {
            let mut all = texts(&["acme", "Labs", "blue labs"]);
            for start in ["", "Bl", "Blue", "x"] {
                for part in ["", "lab", "labs"] {
                    for end in ["", "bs", "ltd", "labs"] {
                        all.push(Some(Value::from(format!("{start}-{part}-{end}").as_str())));
                        all.push(Some(Value::from(format!("{start}{part}{end}").as_str())));
                    }
                }
            }
            all
        }
        "email" => texts(&[
            "jo@gmail.com",
            "info@gmail.com",
            "info@acme.com",
            "jo@acme.com",
            "jo@acme.de",
            "info@gmail.de",
            "gmail@acme.de",
            "gmail@acme.com",
            "info@acme.de",
            "info@acmegmail.com",
        ]),
        "employees" => {
            [6, 7, 8, 199, 200, 201, 499, 500, 501].map(|n| Some(Value::from(n))).to_vec()
        }
        "score" => [499, 500, 501, 549, 550, 551]
            .map(|n| Some(Value::Number(rust_decimal::Decimal::new(n, 2))))
            .to_vec(),
        "opted_in" | "sure" => vec![Some(Value::from(true)), Some(Value::from(false))],
        "renewal_on" => (20..=30)
            .map(|day| format!("2026-06-{day}"))
            .chain((1..=9).map(|day| format!("2026-07-0{day}")))
            .map(|day| Some(Value::Date(day.parse().unwrap())))
            .collect(),
        "seen_at" => {
            let middles = (-3..=3).map(|days| as_of().as_nanosecond() + days * 86_400_000_000_000);
            let midnight = (as_of().as_nanosecond()) - 129_600_000_000_000;
            let near = |at: i128| [at - 1, at, at + 1];
            let all = middles.chain([midnight]).flat_map(near);
            all.map(|at| Some(Value::DateTime(Timestamp::from_nanosecond(at).unwrap()))).collect()
        }
        other => panic!("no values for {other}"),
    };
    if !matches!(field, "origin" | "wants" | "sure") {
        values.push(None);
    }
    values
}

/// Every record that differs in the fields that some criteria name.
fn every_record(criteria: &[&Expr]) -> Vec<Record> {
    let mut names: Vec<String> = Vec::new();
    for expr in criteria {
        names.extend(fields(expr).iter().map(|path| path.name().into_owned()));
    }
    names.sort();
    names.dedup();
    let mut records = vec![Record::new()];
    for name in names {
        let values = candidates(&name);
        let with = |record: &Record, value: &Option<Value>| match value {
            Some(value) => record.clone().with(name.clone(), value.clone()),
            None => record.clone(),
        };
        records = records.iter().flat_map(|r| values.iter().map(|v| with(r, v))).collect();
    }
    // There is no industry of an account that is not there.
    let part = |record: &Record| record.get("account.industry").is_some();
    let asks = records.iter().any(|record| record.get("account").is_some());
    records.retain(|record| !asks || !part(record) || record.get("account").is_some());
    records
}

fn criterion(most: u32) -> impl Strategy<Value = String> {
    let atom = select(ATOMS.to_vec()).prop_map(str::to_owned);
    atom.prop_recursive(2, most, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or ({b})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("at least 2 of ({a}, {b}, {c})")),
        ]
    })
}

/// Few enough records to try them all.
fn is_small(criteria: &[&Expr]) -> bool {
    let mut names: Vec<String> = Vec::new();
    for expr in criteria {
        names.extend(fields(expr).iter().map(|path| path.name().into_owned()));
    }
    names.sort();
    names.dedup();
    names.iter().map(|name| candidates(name).len()).product::<usize>() <= 4_000
}

fn shown(witness: &Witness) -> String {
    serde_json::to_string(witness).unwrap()
}
