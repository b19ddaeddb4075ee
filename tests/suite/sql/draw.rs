//! Random models whose every part becomes a view, and random records in tables as warehouses have them.

use crate::z3::draw::{criterion, moment, near, number, one_of, word};
use crate::z3::world::{Field, PATHS, World, quoted};
use opmodel::criteria::Record;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many definitions a model has.
const DEFINITIONS: usize = 30;
const LEADS: usize = 40;

/// A row: a text in each column, or none.
pub(super) type Row = BTreeMap<&'static str, Option<String>>;

/// A model and its records.
pub(super) struct Case {
    pub(super) world: World,
    /// How many criteria there are.
    pub(super) criteria: usize,
    pub(super) leads: Vec<(String, Row)>,
    pub(super) accounts: Vec<(String, Row)>,
    pub(super) users: Vec<(String, Row)>,
}

/// Where a case comes from.
pub(super) struct Draw {
    pub(super) runner: TestRunner,
}

impl Draw {
    fn one<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        use proptest::strategy::ValueTree;
        strategy.new_tree(&mut self.runner).unwrap().current()
    }

    pub(super) fn case(&mut self) -> Case {
        let mut world = World::new(0);
        let paths = self.one(&subsequence(PATHS.to_vec(), 3..=PATHS.len()));
        let plain = one_of(&paths);
        let reference = select(vec!["segment.one", "icp.fit"]).prop_map(str::to_owned);
        let leaf = prop_oneof![12 => plain.clone(), 1 => reference].boxed();
        let mut count = 0;
        let mut some = |draw: &mut Self, leaf: &BoxedStrategy<String>, size| {
            count += 1;
            let text = draw.one(&criterion(leaf.clone(), size));
            if portable(&text) && !has_blank_ends(&text) {
                text
            } else {
                "not (country is set)".to_owned()
            }
        };
        world.segment = some(self, &plain, 4);
        world.criteria = (0..2).map(|_| some(self, &plain, 3)).collect();
        world.disqualifiers = vec![some(self, &plain, 2)];
        let mut more = String::new();
        for at in 0..DEFINITIONS {
            let (one, other) = (some(self, &leaf, 8), some(self, &leaf, 8));
            let (one, other) = (quoted(&one), quoted(&other));
            writeln!(more, "[definition.d{at}]\nobject = \"lead\"").unwrap();
            writeln!(more, "criteria.one = {one}\ncriteria.two = {other}").unwrap();
        }
        let known = (0..DEFINITIONS).map(|at| format!("definition.d{at}")).collect::<Vec<_>>();
        let leaf = prop_oneof![3 => leaf, 1 => select(known)].boxed();
        for at in 0..3 {
            let when = quoted(&some(self, &leaf, 6));
            writeln!(more, "[territory.t{at}]\nobject = \"lead\"\nwhen = {when}").unwrap();
        }
        let applies_to = quoted(&some(self, &leaf, 3));
        writeln!(more, "[routing.all]\nobject = \"lead\"\ndefault = \"queue.home\"").unwrap();
        writeln!(more, "applies_to = {applies_to}").unwrap();
        for at in 0..60 {
            let when = quoted(&some(self, &leaf, 3));
            writeln!(more, "[[routing.all.rule]]\nid = \"r{at}\"\nwhen = {when}").unwrap();
            writeln!(more, "to = \"queue.q{}\"", at % 3).unwrap();
            if at % 4 == 0 {
                more.push_str("sla = \"sla.s0\"\n");
            }
        }
        writeln!(more, "[lifecycle.lead]\nobject = \"lead\"\nstage_field = \"tier\"").unwrap();
        for stage in ["gold", "iron", "tin"] {
            let (entry, exit) = (quoted(&some(self, &leaf, 4)), quoted(&some(self, &leaf, 4)));
            writeln!(more, "[[lifecycle.lead.stage]]\nid = \"{stage}\"\nentry.in = {entry}")
                .unwrap();
            writeln!(more, "exit.out = {exit}\nrequired_fields = [\"account.name\", \"score\"]")
                .unwrap();
        }
        more.push_str(CALENDAR);
        for (at, (starts, stops, within)) in PROMISES.iter().enumerate() {
            let (applies, stopped) = (quoted(&some(self, &leaf, 2)), quoted(&some(self, &leaf, 2)));
            writeln!(more, "[sla.s{at}]\nobject = \"lead\"\napplies_to = {applies}").unwrap();
            writeln!(more, "starts = \"{starts}\"\nstops = \"{stops}\"\nwithin = \"{within}\"")
                .unwrap();
            if at % 2 == 1 {
                writeln!(more, "stops_when = {stopped}").unwrap();
            }
        }
        for (id, formula) in METRICS {
            let (population, counts) =
                (quoted(&some(self, &leaf, 2)), quoted(&some(self, &leaf, 2)));
            writeln!(more, "[metric.{id}]\nobject = \"lead\"\n{formula}").unwrap();
            writeln!(more, "population = {population}\ncounts = {counts}").unwrap();
            if !formula.contains("median") {
                writeln!(more, "by = [\"{}\"]", BY.join("\", \"")).unwrap();
            }
        }
        for (id, asks) in SIGNALS {
            let when = quoted(&some(self, &leaf, 2));
            writeln!(more, "[signal.{id}]\nobject = \"lead\"\n{asks}\nwhen = {when}").unwrap();
        }
        for (field, value, word) in LABELS {
            writeln!(more, "[[field.lead.{field}.label]]\nid = \"{value}\"").unwrap();
            writeln!(more, "value = \"{value}\"").unwrap();
            writeln!(more, "words = [\"{word}\"]").unwrap();
        }
        world.routing = more;
        let accounts =
            ["a-1", "A-1", "fair", "x"].map(|id| (id.to_owned(), self.row(&world, "account")));
        let users = ["a-1", "A-1", "fair"].map(|id| (id.to_owned(), self.row(&world, "user")));
        let leads = (0..LEADS).map(|at| (format!("{at:03}"), self.row(&world, "lead"))).collect();
        Case { world, criteria: count, leads, accounts: accounts.into(), users: users.into() }
    }

    fn row(&mut self, world: &World, object: &str) -> Row {
        let fields: Vec<Field> =
            world.fields.iter().filter(|field| field.object == object).cloned().collect();
        fields.iter().map(|field| (field.name, self.value(field))).collect()
    }

    fn value(&mut self, field: &Field) -> Option<String> {
        if self.one(&prop::bool::weighted(0.2)) {
            return None;
        }
        let values = || {
            let mut values: Vec<String> = field.values.iter().map(|v| (*v).to_owned()).collect();
            values.extend(["fair", "a-1", "A-1"].map(str::to_owned));
            let labels = LABELS.iter().filter(|(labelled, ..)| *labelled == field.name);
            values.extend(labels.map(|(.., word)| (*word).to_owned()));
            values
        };
        let far = prop_oneof![9 => near(), 1 => Just("0001-01-01".to_owned())];
        let text = match field.kind {
            "choice" | "reference" => self.one(&select(values())),
            "choices" => self.one(&subsequence(values(), 0..4)).join(";"),
            "text" => {
                let words = prop_oneof![
                    word(),
                    (word(), word()).prop_map(|(one, other)| one + &other),
                    select(vec!["Acme", "acme", "ÄB", "äb", "aß", "a%b", "a_b", "A''b"])
                        .prop_map(str::to_owned),
                ];
                self.one(&words.prop_filter("letters that all lower alike", |w| portable(w)))
            }
            "integer" => self.one(&(-2..6_i64)).to_string(),
            "number" | "money" => self.one(&number()),
            "bool" => self.one(&any::<bool>()).to_string(),
            "date" => self.one(&far),
            "datetime" => self.one(&moment()),
            other => panic!("{other}"),
        };
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// What every database answers alike: letters with one small letter, and days that all can count.
fn portable(text: &str) -> bool {
    !text.contains(['İ', 'ẞ']) && !["5000000", "3000000"].iter().any(|far| text.contains(far))
}

/// Whether a text in a criterion begins or ends with a blank, which no record's does.
fn has_blank_ends(criterion: &str) -> bool {
    criterion.split('\'').skip(1).step_by(2).any(|text| text.trim() != text)
}

pub(super) const PROMISES: [(&str, &str, &str); 4] = [
    ("signed_on", "seen_at", "2 days"),
    ("signed_on", "seen_at", "5 business hours"),
    ("seen_at", "renewal_on", "1 business day"),
    ("renewal_on", "seen_at", "1 month"),
];

const CALENDAR: &str = "[model.calendar]\ntime_zone = \"Europe/Berlin\"\n\
    days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\nhours = \"09:00-17:30\"\nholidays = [2026-06-29]\n";

pub(super) const METRICS: [(&str, &str); 5] = [
    ("how-many", "formula = \"count\""),
    ("part", "formula = \"share\"\nwindow = \"2 days\"\ndated_by = \"seen_at\""),
    ("all", "formula = \"sum\"\nof = \"budget\""),
    (
        "mean",
        "formula = \"average\"\nof = \"score\"\nwindow = \"1 month\"\ndated_by = \"signed_on\"",
    ),
    ("middle", "formula = \"median days\"\nfrom = \"signed_on\"\nto = \"seen_at\""),
];

/// The fields that metrics are broken down by.
pub(super) const BY: [&str; 3] = ["tier", "origin", "products"];

pub(super) const SIGNALS: [(&str, &str); 2] = [
    ("lately", "window = \"2 days\"\ndated_by = \"seen_at\"\nthreshold = 2"),
    ("ever", "threshold = 9"),
];

/// Words that exports have for values of fields of leads.
const LABELS: [(&str, &str, &str); 3] =
    [("tier", "gold", "Au"), ("products", "crm", "Kunden"), ("products", "data", "Daten")];

/// A text of an export with the values that it means.
fn labelled(field: &Field, text: &str) -> String {
    let meant = |word: &str| {
        let mut labels = LABELS.iter().filter(|(labelled, ..)| *labelled == field.name);
        labels.find(|(.., label)| *label == word).map_or(word, |(_, value, _)| *value).to_owned()
    };
    text.split(';').map(meant).collect::<Vec<_>>().join(";")
}

impl Case {
    /// A lead with what it knows of related records.
    pub(super) fn record(&self, lead: &Row) -> Record {
        let mut record = Record::new();
        self.add("lead", lead, "", 2, &mut record);
        record
    }

    fn add(&self, object: &str, row: &Row, above: &str, left: u8, record: &mut Record) {
        for field in self.world.fields.iter().filter(|field| field.object == object) {
            let Some(Some(text)) = row.get(field.name) else { continue };
            let path = format!("{above}{}", field.name);
            record.set(path.clone(), field.value(&labelled(field, text)));
            let others = match (field.kind, field.name) {
                ("reference", "owner") => ("user", &self.users),
                ("reference", _) => ("account", &self.accounts),
                _ => continue,
            };
            if let Some((_, row)) = others.1.iter().find(|(id, _)| id == text && left > 0) {
                self.add(others.0, row, &format!("{path}."), left - 1, record);
            }
        }
    }
}
