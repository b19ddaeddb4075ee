//! A small model for the tests, read from the tables of the manual.

use crate::criteria::{Expr, FieldFacts, FieldKind, Predicate, Scope, manual, parse};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fields of the manual, with predicates and lists.
pub(super) struct World {
    fields: BTreeMap<(String, String), (FieldKind, Vec<String>)>,
    predicates: BTreeMap<(String, String), Predicate>,
    lists: BTreeMap<String, Arc<[String]>>,
}

/// The cells of each row of the table below a heading of the manual.
pub(super) fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, section) = manual().split_once(heading).unwrap();
    let table = section.lines().skip_while(|line| !line.starts_with('|')).skip(2);
    table
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// The words in backticks.
pub(super) fn ticked(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

const KINDS: [FieldKind; 10] = [
    FieldKind::Choice,
    FieldKind::Choices,
    FieldKind::Text,
    FieldKind::Bool,
    FieldKind::Integer,
    FieldKind::Number,
    FieldKind::Money,
    FieldKind::Date,
    FieldKind::DateTime,
    FieldKind::Reference,
];

impl World {
    pub(super) fn of_the_manual() -> Self {
        let mut world =
            Self { fields: BTreeMap::new(), predicates: BTreeMap::new(), lists: BTreeMap::new() };
        for row in rows("## The fields of the examples") {
            let [name, kind, values] = row.as_slice() else { panic!("{row:?}") };
            let (object, field) = ticked(name).first().unwrap().split_once('.').unwrap();
            let kind = KINDS.into_iter().find(|known| known.word() == *kind).unwrap();
            let values = ticked(values).into_iter().map(str::to_owned).collect();
            world.fields.insert((object.into(), field.into()), (kind, values));
        }
        world.add_list("rivals", &["Acme", "Globex"]);
        world.add_list("dach", &["AT", "CH", "DE"]);
        world.add_predicate("icp.core", "lead", "employees >= 200 and country in list.dach");
        world.add_predicate("segment.mid-market", "lead", "employees between 200 and 500");
        world.add_predicate(
            "definition.mql",
            "lead",
            "icp.core and score >= 60 or not budget_confirmed",
        );
        world.add_predicate("definition.customer", "account", "arr > 0");
        world
    }

    pub(super) fn add_list(&mut self, id: &str, values: &[&str]) {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.lists.insert(id.into(), values);
    }

    pub(super) fn add_predicate(&mut self, name: &str, object: &str, text: &str) {
        let (kind, id) = name.split_once('.').unwrap();
        let object = Some(object.to_owned());
        let predicate = Predicate { object, expr: Arc::new(read(text)) };
        self.predicates.insert((kind.into(), id.into()), predicate);
    }
}

/// A criterion without faults.
pub(super) fn read(text: &str) -> Expr {
    let parsed = parse(text);
    assert!(parsed.faults.is_empty(), "{text}: {:?}", parsed.faults);
    parsed.expr.unwrap()
}

impl Scope for World {
    fn field(&self, object: &str, name: &str) -> Option<FieldFacts<'_>> {
        let (kind, values) = self.fields.get(&(object.to_owned(), name.to_owned()))?;
        let leads = *kind == FieldKind::Reference;
        Some(FieldFacts {
            values: if leads { Cow::default() } else { Cow::Borrowed(values.as_slice()) },
            target: values.first().filter(|_| leads).map(String::as_str),
            ..FieldFacts::new(*kind)
        })
    }

    fn fields(&self, object: &str) -> Vec<String> {
        self.fields.keys().filter(|(of, _)| of == object).map(|(_, name)| name.clone()).collect()
    }

    fn predicate(&self, kind: &str, id: &str) -> Option<Predicate> {
        self.predicates.get(&(kind.to_owned(), id.to_owned())).cloned()
    }

    fn predicates(&self, kind: &str) -> Vec<String> {
        if kind == "list" {
            return self.lists.keys().cloned().collect();
        }
        self.predicates.keys().filter(|(of, _)| of == kind).map(|(_, id)| id.clone()).collect()
    }

    fn list(&self, id: &str) -> Option<Arc<[String]>> {
        self.lists.get(id).cloned()
    }
}
