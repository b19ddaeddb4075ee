//! The data of the lead simulator: random models through a few revisions, with what the tool itself says
//! of random records at each of them.
//!
//! `bash .ci/run site` puts the cases to the simulator in a browser: `SITE_CASES` names the folder that
//! they are written to, `PROPTEST_CASES` says how many there are.

use crate::z3::draw::{criterion, moment, near, number, one_of, word};
use crate::z3::world::{Field, PATHS, World, quoted};
use jiff::Timestamp;
use opmodel::criteria::Record;
use opmodel::load::{Judge, ModelScope, Router};
use opmodel::model::Model;
use opmodel::site::table::{Moment, Wording, history};
use opmodel::view::entity_lines;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const AS_OF: &str = "2026-06-30T09:30:00Z";
const REVISIONS: usize = 4;
const RECORDS: usize = 120;

struct Draw {
    runner: TestRunner,
}

impl Draw {
    fn new() -> Self {
        Self { runner: TestRunner::deterministic() }
    }

    fn one<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        strategy.new_tree(&mut self.runner).unwrap().current()
    }

    /// A model; the next ones differ from it in a few conditions.
    fn world(&mut self, leaf: &BoxedStrategy<String>, plain: &BoxedStrategy<String>) -> World {
        let twist = self.one(&prop_oneof![Just(0_u8), 0..32_u8]);
        let mut world = World::new(twist);
        world.segment = self.one(&criterion(plain.clone(), 4));
        world.criteria = (0..2).map(|_| self.one(&criterion(plain.clone(), 3))).collect();
        world.disqualifiers = vec![self.one(&criterion(plain.clone(), 2))];
        world.routing = self.routing(leaf);
        world
    }

    fn routing(&mut self, leaf: &BoxedStrategy<String>) -> String {
        let mut text = String::from("[routing.all]\nobject = \"lead\"\ndefault = \"queue.home\"\n");
        if self.one(&any::<bool>()) {
            let when = quoted(&self.one(&criterion(leaf.clone(), 3)));
            writeln!(text, "applies_to = {when}").unwrap();
        }
        for at in 0..self.one(&select(vec![1_usize, 3, 25])) {
            let when = quoted(&self.one(&criterion(leaf.clone(), 4)));
            writeln!(text, "[[routing.all.rule]]\nid = \"r{at}\"\nwhen = {when}").unwrap();
            writeln!(text, "to = \"queue.q{}\"", at % 3).unwrap();
        }
        text
    }

    fn text(&mut self, field: &Field) -> Option<String> {
        if self.one(&prop::bool::weighted(0.2)) {
            return None;
        }
        let mut values: Vec<String> = field.values.iter().map(|v| (*v).to_owned()).collect();
        values.extend(["fair", "a-1", "A-1"].map(str::to_owned));
        let far = select(vec!["0001-01-01", "9999-12-31"]).prop_map(str::to_owned);
        Some(match field.kind {
            "choice" | "reference" => self.one(&select(values)),
            "choices" => self.one(&subsequence(values, 1..4)).join(";"),
            "text" => self.one(&prop_oneof![
                word(),
                (word(), word()).prop_map(|(one, other)| one + &other),
                select(vec!["Acme", "ÄB", "äb", "aß", "AΣ", "ας", "İa", "𝔸b", "<b>", "=1+1"])
                    .prop_map(str::to_owned),
            ]),
            "integer" => self.one(&(-2..6_i64)).to_string(),
            "number" | "money" => self.one(&number()),
            "bool" => self.one(&any::<bool>()).to_string(),
            "date" => self.one(&prop_oneof![9 => near(), 1 => far]),
            "datetime" => self.one(&prop_oneof![9 => moment(), 1 => far]),
            other => panic!("{other}"),
        })
    }

    /// What stands in the fields of a lead and of what it leads to.
    fn record(&mut self, world: &World) -> BTreeMap<&'static str, String> {
        let mut texts = BTreeMap::new();
        for path in PATHS {
            let field = field_of(world, path);
            texts.extend(self.text(&field).map(|text| (*path, text)));
        }
        texts.retain(|_, text| !text.trim().is_empty());
        texts
    }
}

fn field_of(world: &World, path: &str) -> Field {
    let mut object = "lead".to_owned();
    let mut found = None;
    for part in path.split('.') {
        let field = world.fields.iter().find(|f| f.object == object && f.name == part).unwrap();
        object = if part == "owner" { "user".to_owned() } else { "account".to_owned() };
        found = Some(field.clone());
    }
    found.unwrap()
}

/// What every entity says, by address.
fn wordings(model: &Model) -> BTreeMap<String, (String, String)> {
    let said = |entity: &opmodel::model::Entity| {
        let file = entity.source.path().to_owned();
        (entity.address.to_string(), (file, entity_lines(entity)))
    };
    model.entities().map(said).collect()
}

/// What the tool says of the records: where each goes, and which of all conditions hold for it.
fn answers(scope: &ModelScope<'_>, records: &[Record]) -> Vec<Json> {
    let router = Router::of(scope, scope.model().get("routing.all").unwrap());
    let as_of: Timestamp = AS_OF.parse().unwrap();
    let answer = |record: &Record| {
        let route = match router.route(record, as_of) {
            Ok(Some(outcome)) => json!([outcome.rule, outcome.to]),
            Ok(None) => Json::Null,
            Err(_) => json!("lost"),
        };
        let judge = Judge { scope, object: "lead", record, as_of };
        let rules = router.routing.rule.iter().flat_map(|rules| rules.iter());
        let whens = rules.filter_map(|rule| router.condition(rule.when.as_ref()?.span));
        let holds = whens.map(|when| match judge.holds(when) {
            Ok(true) => '1',
            Ok(false) => '0',
            Err(_) => 'l',
        });
        json!([route, holds.collect::<String>()])
    };
    records.iter().map(answer).collect()
}

/// A table through its revisions, records, and what becomes of each at each revision.
fn case(draw: &mut Draw) -> Json {
    let paths = draw.one(&subsequence(PATHS.to_vec(), 3..=PATHS.len()));
    let plain = one_of(&paths);
    let reference = select(vec!["segment.one", "icp.fit"]).prop_map(str::to_owned);
    let leaf = prop_oneof![12 => plain.clone(), 1 => reference].boxed();
    let first = draw.world(&leaf, &plain);
    let mut worlds = vec![first];
    while worlds.len() < REVISIONS {
        let mut next = worlds.last().unwrap().clone();
        match draw.one(&(0..4_u8)) {
            0 => next.segment = draw.one(&criterion(plain.clone(), 4)),
            1 => next.disqualifiers = vec![draw.one(&criterion(plain.clone(), 2))],
            2 => next.routing = draw.routing(&leaf),
            // A field is gone, and what asks for it is faulty.
            _ => {
                let at = draw.one(&(0..next.fields.len()));
                next.fields.remove(at);
            }
        }
        worlds.push(next);
    }
    let texts: Vec<_> = (0..RECORDS).map(|_| draw.record(&worlds[0])).collect();
    let record = |texts: &BTreeMap<&'static str, String>| {
        let mut record = Record::new();
        for (path, text) in texts {
            record.set(*path, field_of(&worlds[0], path).value(text));
        }
        record
    };
    let records: Vec<Record> = texts.iter().map(record).collect();
    let models: Vec<Model> = worlds.iter().map(World::model).collect();
    let said: Vec<_> = models.iter().map(wordings).collect();
    let mut all: Vec<Wording<'_>> = Vec::new();
    for (at, entities) in said.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &said[before]);
        for (address, (file, text)) in entities {
            if before.is_none_or(|before| before.get(address) != entities.get(address)) {
                all.push(Wording { at, address, said: Some((file, text)) });
            }
        }
        for address in before.into_iter().flat_map(BTreeMap::keys) {
            if !entities.contains_key(address) {
                all.push(Wording { at, address, said: None });
            }
        }
    }
    let moment =
        Moment { short: "0", day: "2026-01-01", from: "2026-01-01T00:00:00Z", subject: "" };
    let scopes: Vec<ModelScope<'_>> = models.iter().map(ModelScope::new).collect();
    let now = scopes.last().unwrap();
    let tables = history(now, &[moment; REVISIONS], all, &|_| None);
    let data = &tables["routing.all"];
    // What was worked out from the words of entities alone is what the whole model says.
    assert!(data["versions"].as_array().unwrap().iter().all(|it| it["revision"].is_number()));
    let expected: Vec<_> = scopes.iter().map(|scope| answers(scope, &records)).collect();
    json!({ "data": data, "as_of": AS_OF, "records": texts, "expected": expected })
}

#[test]
fn a_table_through_history_ends_as_it_is_now() {
    let mut draw = Draw::new();
    let case = case(&mut draw);
    assert!(!case["data"]["rules"].as_array().unwrap().is_empty());
    assert_eq!(case["expected"].as_array().unwrap().len(), REVISIONS);
}

#[test]
#[ignore = "writes cases for a browser; `bash .ci/run site` runs it"]
fn cases_for_the_simulator() {
    let folder = std::env::var("SITE_CASES").expect("SITE_CASES names a folder");
    let cases =
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let mut draw = Draw::new();
    for at in 0..cases {
        let case = case(&mut draw).to_string();
        std::fs::write(format!("{folder}/{at}.json"), case).unwrap();
    }
}
