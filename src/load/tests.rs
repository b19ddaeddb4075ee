//! The quick look at a table and the schema of its kind, held against each other.

use super::{Subject, Validator, read};
use crate::artifact::EXAMPLE;
use crate::document::{Limits, Node, Table, Value};
use crate::model::{Entity, Model};
use crate::source::{RawContent, RawFile, Span};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn example() -> Model {
    let file = |artifact: &crate::artifact::Artifact| RawFile {
        path: artifact.path.to_owned(),
        content: RawContent::Bytes(artifact.text.as_bytes().to_vec()),
    };
    read(EXAMPLE.iter().map(file).collect(), Limits::default()).model
}

fn schema_accepts(validator: &Validator, entity: &Entity, table: &Table) -> bool {
    let subject = Subject {
        address: entity.address.as_str(),
        source: &entity.source,
        header: entity.key_span,
        table,
    };
    validator.validate(subject).is_empty()
}

/// Texts at the edges of what the forms of values allow.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "a-b",
    "a--b",
    "A",
    "a.b",
    ".",
    "a.",
    "*",
    "*.a",
    "role.cro",
    "role.",
    "role",
    "role.a.b",
    "team.x-",
    "4h",
    "4 h",
    " 24 hours ",
    "4 business hours",
    "business hours",
    "4hours",
    "0000001h",
    "1 business  week",
    "95%",
    "95 %",
    "95.%",
    ".5%",
    "12.34567%",
    "1234567%",
    "1.5%",
    "2026-01-31",
    "2026-1-31",
    "2026-13-41",
    "choice",
    "mon",
    "é",
    "\u{a0}4h\u{a0}",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop::sample::select(TEXTS).prop_map(|text| Value::Text(text.to_owned())),
        any::<i64>().prop_map(Value::Integer),
        (-3i64..3).prop_map(Value::Integer),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Date(jiff::civil::date(2026, 1, 31))),
        Just(Value::Decimal(rust_decimal::Decimal::new(25, 1))),
        Just(Value::Time("09:00:00".to_owned())),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let node = inner.prop_map(|value| Node { value, span: Span::default() });
        let key = prop::sample::select(&["id", "name", "a", "A b", "when", "to"][..]);
        prop_oneof![
            prop::collection::vec(node.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map(key, node, 0..3).prop_map(|entries| {
                let entry = |(key, node): (&str, Node)| crate::document::Entry {
                    key: key.to_owned(),
                    key_span: Span::default(),
                    node,
                };
                Value::Table(Table { entries: entries.into_iter().map(entry).collect() })
            }),
        ]
    })
}

#[test]
fn the_example_fits_and_its_schemas_agree() {
    let model = example();
    for entity in model.entities() {
        let kind = entity.kind.unwrap();
        let validator = Validator::new(kind.schema().as_value()).unwrap();
        assert!(kind.declaration().surely_fits(&entity.table), "{}", entity.address);
        assert!(schema_accepts(&validator, entity, &entity.table), "{}", entity.address);
    }
}

#[test]
fn whatever_surely_fits_the_schema_accepts() {
    let model = example();
    let entities: Vec<&Entity> = model.entities().collect();
    let mut validators: BTreeMap<&str, Validator> = BTreeMap::new();
    for entity in &entities {
        let kind = entity.kind.unwrap();
        validators
            .entry(kind.id)
            .or_insert_with(|| Validator::new(kind.schema().as_value()).unwrap());
    }
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(3_000));
    let cases = (0..entities.len(), any::<prop::sample::Index>(), value());
    let outcome = runner.run(&cases, |(at, property, value)| {
        let entity = entities[at];
        let kind = entity.kind.unwrap();
        let properties: Vec<_> = kind.declaration().properties().collect();
        let name = property.get(&properties).name;
        let mut table = entity.table.clone();
        table.entries.retain(|entry| entry.key != name);
        let node = Node { value, span: Span::default() };
        table.entries.push(crate::document::Entry {
            key: name.to_owned(),
            key_span: Span::default(),
            node,
        });
        let fits = kind.declaration().surely_fits(&table);
        if fits {
            prop_assert!(schema_accepts(&validators[kind.id], entity, &table), "{name}: {table:?}");
        }
        Ok(())
    });
    outcome.unwrap();
}
