//! What is counted, held against putting every record to both models one by one.

use super::{Impact, ImpactQuestion, Sort, impact};
use crate::change::{ChangeSet, Exactly, Policies, compare};
use crate::criteria::{self, Record, Value};
use crate::document::Limits;
use crate::load::{self, ModelScope, Router};
use crate::measure::{Former, Known};
use crate::model::Model;
use crate::proof::Prover;
use crate::records::{Form, Input, open};
use crate::source::{RawContent, RawFile};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Cursor;

const FIELDS: &str = r#"
[object.lead]
key_field = "id"
[queue.a]
[queue.b]
[queue.c]
[sla.fast]
object = "lead"
applies_to = "score is set"
starts = "seen"
stops = "seen"
within = "4 hours"
[field.lead.id]
type = "text"
[field.lead.country]
type = "choice"
values = ["DE", "NL", "BE"]
[field.lead.employees]
type = "integer"
[field.lead.score]
type = "number"
[field.lead.tags]
type = "choices"
values = ["x", "y"]
[field.lead.email]
type = "text"
[field.lead.seen]
type = "date"
required = true
[lifecycle.lead]
object = "lead"
[[lifecycle.lead.stage]]
id = "new"
next = ["won"]
"#;

const ATOMS: [&str; 14] = [
    "country = 'DE'",
    "country in ['DE', 'NL']",
    "country != 'NL'",
    "country is set",
    "employees >= 200",
    "employees between 50 and 500",
    "score > 10.5",
    "score is not set",
    "tags contains 'x'",
    "email ends with '@mail.example'",
    "days since seen <= 30",
    "seen < 2026-01-31",
    "definition.fit",
    "not icp.core",
];

/// The instant for which everything is judged.
fn as_of() -> Timestamp {
    "2026-02-15T12:00:00Z".parse().expect("an instant")
}

fn read(text: &str) -> Model {
    let file = RawFile {
        path: "model/all.toml".to_owned(),
        content: RawContent::Bytes(text.as_bytes().to_vec()),
    };
    load::read(vec![file], Limits::default()).model
}

/// A criterion over the atoms before some place, so that references do not go round.
fn criterion(most: usize) -> impl Strategy<Value = String> {
    let atom = (0..most).prop_map(|at| ATOMS[at].to_owned());
    prop_oneof![
        3 => atom.clone(),
        2 => (atom.clone(), atom.clone()).prop_map(|(one, two)| format!("{one} and {two}")),
        1 => (atom.clone(), atom.clone()).prop_map(|(one, two)| format!("({one} or {two})")),
        1 => (atom.clone(), atom.clone(), atom)
            .prop_map(|(one, two, three)| format!("at least 2 of ({one}, {two}, {three})")),
    ]
}

/// The parts of a model that are drawn.
#[derive(Debug, Clone)]
struct Drawn {
    fit: String,
    core: String,
    tier: String,
    entry: String,
    exit: String,
    rules: Vec<(usize, String, usize, bool)>,
    default: usize,
    applies_to: Option<String>,
}

const QUEUES: [&str; 3] = ["queue.a", "queue.b", "queue.c"];

impl Drawn {
    fn text(&self) -> String {
        let mut parts = vec![
            FIELDS.to_owned(),
            format!("exit.out = \"{}\"\n", self.exit),
            format!("[[lifecycle.lead.stage]]\nid = \"won\"\nentry.in = \"{}\"\n", self.entry),
            format!("[definition.fit]\nobject = \"lead\"\ncriteria.a = \"{}\"\n", self.fit),
            format!("[icp.core]\nobject = \"lead\"\ncriteria.a = \"{}\"\n", self.core),
            format!("[[icp.core.tier]]\nid = \"one\"\nwhen = \"{}\"\n", self.tier),
            "[[icp.core.tier]]\nid = \"two\"\nwhen = \"score is set\"\n".to_owned(),
            "[routing.in]\nobject = \"lead\"\n".to_owned(),
            format!("default = \"{}\"\n", QUEUES[self.default]),
        ];
        parts.extend(self.applies_to.iter().map(|when| format!("applies_to = \"{when}\"\n")));
        let mut seen = Vec::new();
        for (id, when, to, promised) in &self.rules {
            if seen.contains(id) {
                continue;
            }
            seen.push(*id);
            let to = QUEUES[*to];
            parts.push(format!(
                "[[routing.in.rule]]\nid = \"r{id}\"\nwhen = \"{when}\"\nto = \"{to}\"\n"
            ));
            parts.extend(promised.then(|| "sla = \"sla.fast\"\n".to_owned()));
        }
        parts.concat()
    }
}

prop_compose! {
    fn drawn()(
        fit in criterion(12),
        core in criterion(13),
        tier in criterion(12),
        entry in criterion(14),
        exit in criterion(14),
        rules in prop::collection::vec((0..5_usize, criterion(14), 0..3_usize, any::<bool>()), 0..5),
        default in 0..3_usize,
        applies_to in prop::option::of(criterion(14)),
    ) -> Drawn {
        Drawn { fit, core, tier, entry, exit, rules, default, applies_to }
    }
}

/// What a model may become: parts of it are those of another one.
fn pair() -> impl Strategy<Value = (Drawn, Drawn)> {
    (drawn(), drawn(), any::<u8>()).prop_map(|(before, other, which)| {
        let mut after = before.clone();
        let swap = |bit: u8| which & (1 << bit) != 0;
        if swap(0) {
            after.fit = other.fit;
        }
        if swap(1) {
            after.core = other.core;
        }
        if swap(2) {
            after.tier = other.tier;
        }
        if swap(3) {
            after.entry = other.entry;
        }
        if swap(4) {
            after.exit = other.exit;
        }
        if swap(5) {
            after.rules = other.rules;
        }
        if swap(6) {
            after.default = other.default;
        }
        if swap(7) {
            after.applies_to = other.applies_to;
        }
        (before, after)
    })
}

/// The cells of a record; among the values some that nobody declared, and required ones that are empty.
fn row() -> impl Strategy<Value = [&'static str; 6]> {
    (
        prop::sample::select(vec!["DE", "NL", "BE", "XX", ""]),
        prop::sample::select(vec!["10", "50", "199", "200", "500", "501", ""]),
        prop::sample::select(vec!["10.5", "10.6", "0", ""]),
        prop::sample::select(vec!["x", "y", "x;y", "z", ""]),
        prop::sample::select(vec!["a@mail.example", "B@MAIL.example", "c@other.example", ""]),
        prop::sample::select(vec![
            "2026-01-15",
            "2026-01-16",
            "2026-01-31",
            "2026-02-14",
            "2027-01-01",
            "",
        ]),
    )
        .prop_map(|(country, employees, score, tags, email, seen)| {
            [country, employees, score, tags, email, seen]
        })
}

const NAMES: [&str; 6] = ["country", "employees", "score", "tags", "email", "seen"];

fn csv(rows: &[[&str; 6]]) -> String {
    let head = format!("id,{}\n", NAMES.join(","));
    let rows = rows.iter().enumerate().map(|(at, row)| format!("L{at},{}\n", row.join(",")));
    std::iter::once(head).chain(rows).collect()
}

/// The record of a row, read in the plainest way.
fn record(row: &[&str; 6]) -> Record {
    let mut record = Record::new();
    for (name, cell) in NAMES.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
        let value = match *name {
            "employees" | "score" => Value::Number(cell.parse().expect("a number")),
            "tags" => Value::Values(cell.split(';').map(str::to_owned).collect()),
            "seen" => Value::Date(cell.parse().expect("a day")),
            _ => Value::Text((*cell).to_owned()),
        };
        record.set(*name, value);
    }
    record
}

/// What the tool makes of rows.
fn counted(before: &Model, after: &Model, rows: &[[&str; 6]], sum: Option<&str>) -> Impact {
    let changes = changes(before, after);
    let renames = changes.changes.iter().filter(|change| change.is_rename());
    let names =
        renames.filter_map(|change| Some((change.previous.as_ref()?, &change.address))).collect();
    let (before, after) = (Former::new(before.clone(), names), Former::of_now(after.clone()));
    put(&before, &after, &changes, rows, sum)
}

fn put(
    before: &Former,
    after: &Former,
    changes: &ChangeSet,
    rows: &[[&str; 6]],
    sum: Option<&str>,
) -> Impact {
    let (before, after) = (before.ready(), after.ready());
    let known = Known::of([&after, &before], "lead");
    let text = csv(rows);
    let input = Input::new("leads.csv", Cursor::new(text.into_bytes()));
    let mut opened = open(input, &known.fields, None, &Form::default()).expect("a file");
    let _ = known.find_columns(&mut opened);
    let question = ImpactQuestion {
        object: "lead",
        changes,
        prover: Prover { as_of: as_of(), budget: 2_000_000 },
        known: &known,
        sum,
        threads: 2,
    };
    impact((&before, &after), &question, vec![opened]).expect("an impact")
}

fn changes(before: &Model, after: &Model) -> ChangeSet {
    let scopes = (ModelScope::new(before), ModelScope::new(after));
    let prover = Prover { as_of: as_of(), budget: 2_000_000 };
    let exactly = Exactly { prover, before: &scopes.0, after: &scopes.1 };
    let mut changes = compare(before, after, &Policies::default(), &exactly);
    changes.add_indirect(&exactly, &Policies::default());
    changes
}

/// Where a model sends a record: the rule, the destination and the promise.
fn sent(
    router: &Router<'_, '_>,
    record: &Record,
) -> Option<(String, Option<String>, Option<String>)> {
    let outcome = router.route(record, as_of()).expect("an answer");
    outcome.map(|outcome| (outcome.rule, outcome.to, outcome.sla))
}

/// Whether a model counts a record among a group.
fn is_in(scope: &ModelScope<'_>, criterion: &str, record: &Record) -> bool {
    let expr = criteria::parse(criterion).sound().expect("a criterion");
    criteria::evaluate(&expr, record, "lead", scope, as_of()).expect("an answer")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_record_is_counted_where_both_models_send_it(
        (before, after) in pair(),
        rows in prop::collection::vec(row(), 0..40),
    ) {
        let (old, new) = (read(&before.text()), read(&after.text()));
        let found = counted(&old, &new, &rows, Some("score"));
        prop_assert_eq!(found.read.rows, rows.len() as u64);
        prop_assert_eq!(&found.not_compared, &Vec::new());

        let scopes = (ModelScope::new(&old), ModelScope::new(&new));
        let table = |model: &'_ Model| model.get("routing.in").expect("a table").clone();
        let (from, to) = (table(&old), table(&new));
        let routers = (Router::of(&scopes.0, &from), Router::of(&scopes.1, &to));
        let mut naive: BTreeMap<_, u64> = BTreeMap::new();
        for row in &rows {
            let record = record(row);
            *naive.entry((sent(&routers.0, &record), sent(&routers.1, &record))).or_default() += 1;
        }
        let table = &found.tables[0];
        let told: BTreeMap<_, u64> = table
            .cells
            .iter()
            .map(|((from, to), tally)| {
                let end = |fate: &crate::proof::Fate| {
                    let place = fate.destination()?;
                    Some((fate.name().to_owned(), place.to.clone(), place.sla.clone()))
                };
                ((end(from), end(to)), tally.records)
            })
            .collect();
        prop_assert_eq!(told, naive);

        // A promise counts for those that it covers, whoever is routed under it.
        let mut promised: BTreeMap<_, [u64; 2]> = BTreeMap::new();
        for (side, (router, scope)) in
            [(&routers.0, &scopes.0), (&routers.1, &scopes.1)].into_iter().enumerate()
        {
            for record in rows.iter().map(record) {
                let Some((_, to, sla)) = sent(router, &record) else { continue };
                let sla = sla.filter(|_| is_in(scope, "score is set", &record));
                promised.entry((to, sla)).or_default()[side] += 1;
            }
        }
        let told: BTreeMap<_, [u64; 2]> =
            found.loads.iter().map(|it| ((it.to.clone(), it.sla.clone()), it.records)).collect();
        prop_assert_eq!(told, promised);

        for member in &found.members {
            let [was, is] = match member.sort {
                Sort::Definition => ["definition.fit".to_owned(), "definition.fit".to_owned()],
                Sort::Icp => ["icp.core".to_owned(), "icp.core".to_owned()],
                Sort::Tier => {
                    let one = member.address.ends_with("one");
                    [&before, &after].map(|drawn| {
                        if one {
                            format!("icp.core and ({})", drawn.tier)
                        } else {
                            format!("icp.core and score is set and not ({})", drawn.tier)
                        }
                    })
                }
                Sort::Entry => [before.entry.clone(), after.entry.clone()],
                Sort::Exit => [before.exit.clone(), after.exit.clone()],
                Sort::Gate => {
                    [&before, &after].map(|drawn| format!("({}) and ({})", drawn.entry, drawn.exit))
                }
                Sort::Segment | Sort::Territory | Sort::Sla => continue,
            };
            let (mut records, mut entered, mut left) = ([0, 0], 0, 0);
            for row in &rows {
                let record = record(row);
                let (was, is) = (is_in(&scopes.0, &was, &record), is_in(&scopes.1, &is, &record));
                records[0] += u64::from(was);
                records[1] += u64::from(is);
                entered += u64::from(is && !was);
                left += u64::from(was && !is);
            }
            let told = (member.records, member.entered.records, member.left.records);
            prop_assert_eq!(told, (records, entered, left), "{}", &member.address);
        }
    }
}

fn simple(rules: &str) -> Model {
    let text =
        FIELDS.to_owned() + "[routing.in]\nobject = \"lead\"\ndefault = \"queue.a\"\n" + rules;
    read(&text)
}

const SMALL: &str =
    "[[routing.in.rule]]\nid = \"r\"\nwhen = \"employees >= 200\"\nto = \"queue.b\"\n";

#[test]
fn the_first_records_of_a_move_are_named_and_added_up() {
    let (before, after) = (simple(SMALL), simple(&SMALL.replace("200", "50")));
    let row = |employees, score| ["DE", employees, score, "", "", "2026-01-01"];
    let rows = [
        row("10", "1"),
        row("60", "2.5"),
        row("70", ""),
        row("80", "4"),
        row("90", "8"),
        row("300", "1"),
    ];
    let found = counted(&before, &after, &rows, Some("score"));
    let moved: Vec<_> = found.tables[0].moved().collect();
    assert_eq!(moved.len(), 1);
    let tally = moved[0].1;
    assert_eq!((tally.records, tally.sum.to_string(), tally.without), (4, "14.5".to_owned(), 1));
    let keys: Vec<_> =
        tally.samples.iter().map(|sample| (sample.key.as_deref(), sample.line)).collect();
    assert_eq!(keys, [(Some("L1"), 3), (Some("L2"), 4), (Some("L3"), 5)]);
    assert_eq!((found.touched, found.tables[0].beside_proof), (4, 0));
}

#[test]
fn a_promise_counts_for_those_it_covers_in_each_state() {
    let rule = SMALL.replace("to =", "sla = \"sla.fast\"\nto =");
    let narrower = FIELDS.replace("score is set", "score > 3");
    let table = "[routing.in]\nobject = \"lead\"\ndefault = \"queue.a\"\n";
    let (before, after) = (simple(&rule), read(&format!("{narrower}{table}{rule}")));
    let row = |employees, score| ["DE", employees, score, "", "", "2026-01-01"];
    let rows = [row("300", "1"), row("300", "5"), row("300", ""), row("10", "9")];
    let found = counted(&before, &after, &rows, Some("employees"));
    let fast = found.loads.iter().find(|load| load.sla.is_some()).expect("a promise");
    assert_eq!((fast.to.as_deref(), fast.records), (Some("queue.b"), [2, 1]));
    assert_eq!(fast.sums.map(|sum| sum.to_string()), ["600", "300"]);
}

#[test]
fn a_value_that_nobody_declared_is_counted_and_is_no_contradiction() {
    let rule = |when: &str| {
        format!("[[routing.in.rule]]\nid = \"r\"\nwhen = \"{when}\"\nto = \"queue.b\"\n")
    };
    let before = simple(&rule("country in ['DE', 'NL']"));
    let after = simple(&rule("country is set and country != 'BE'"));
    let rows = [["XX", "", "", "", "", "2026-01-01"], ["DE", "", "", "", "", "2026-01-01"]];
    let found = counted(&before, &after, &rows, None);
    assert_eq!((found.touched, found.tables[0].beside_proof), (1, 1));
}

#[test]
#[should_panic(
    expected = "opmodel contradicts itself, and no figure is shown: the record on line 3 of \
                           leads.csv goes from `default` to `r` in `routing.in`, and it is proved that none does. \
                           Please report this"
)]
fn a_record_that_moves_outside_of_the_proved_rows_ends_the_tool() {
    let (before, after) = (simple(SMALL), simple(&SMALL.replace("200", "50")));
    let mut changes = changes(&before, &after);
    changes.routes.clear();
    let (before, after) = (Former::of_now(before), Former::of_now(after));
    let rows = [["DE", "10", "", "", "", "2026-01-01"], ["DE", "60", "", "", "", "2026-01-01"]];
    put(&before, &after, &changes, &rows, None);
}

#[test]
fn a_field_under_another_name_is_read_for_both_models() {
    let before = simple(SMALL);
    let text = FIELDS
        .replace("[field.lead.employees]", "[field.lead.headcount]\nformerly = [\"employees\"]")
        + "[routing.in]\nobject = \"lead\"\ndefault = \"queue.a\"\n"
        + &SMALL.replace("employees >= 200", "headcount >= 50");
    let rows = [["DE", "60", "", "", "", "2026-01-01"], ["DE", "300", "", "", "", "2026-01-01"]];
    let found = counted(&before, &read(&text), &rows, None);
    assert_eq!(found.not_compared, []);
    assert!(found.gaps.missing.is_empty(), "{:?}", found.gaps);
    let moved: Vec<_> = found.tables[0].moved().map(|(_, tally)| tally.records).collect();
    assert_eq!(moved, [1]);
}

#[test]
fn a_field_that_holds_something_else_now_is_said_and_not_guessed() {
    let before = simple(SMALL);
    let text = FIELDS.replace(
        "[field.lead.employees]\ntype = \"integer\"",
        "[field.lead.employees]\ntype = \"text\"",
    ) + "[routing.in]\nobject = \"lead\"\ndefault = \"queue.a\"\n"
        + &SMALL.replace("employees >= 200", "employees = 'many'");
    let found = counted(&before, &read(&text), &[["DE", "60", "", "", "", "2026-01-01"]], None);
    let why = "`employees` held `integer` and holds `text` now".to_owned();
    assert_eq!(found.not_compared, [("routing.in".to_owned(), why)]);
}

#[test]
fn the_people_of_a_pool_are_those_of_teams_within_teams_and_of_shares_and_each_counts_once() {
    let people = r#"
[queue.b]
members = ["team.sales"]
capacity = 10
[[queue.b.share]]
id = "z"
member = "role.z"
[team.sales]
[team.east]
part_of = "team.sales"
[role.lead]
team = "team.sales"
[[role.lead.holder]]
id = "one"
[role.rep]
team = "team.east"
[[role.rep.holder]]
id = "one"
[[role.rep.holder]]
id = "two"
[role.z]
[[role.z.holder]]
id = "three"
left = LAST
[[role.z.holder]]
id = "two"
"#;
    let table = "[routing.in]\nobject = \"lead\"\ndefault = \"queue.a\"\n";
    // On their last day people are there.
    let people = people.replace("LAST", as_of().to_string().get(..10).expect("a day"));
    let fields = FIELDS.replace("[queue.b]\n", &people);
    let model = |rules: &str| read(&[&fields, "\n", table, rules].concat());
    let (before, after) = (model(SMALL), model(&SMALL.replace("200", "50")));
    let row = |employees| ["DE", employees, "", "", "", "2026-01-01"];
    let found = counted(&before, &after, &[row("60"), row("300")], None);
    let room = found.rooms.iter().find(|room| room.queue == "queue.b").expect("the pool");
    assert_eq!((room.people, room.room), ([3, 3], [Some(30), Some(30)]));
}

#[test]
fn a_pool_has_room_for_what_its_people_of_the_day_may_hold() {
    let people = r#"
[queue.b]
members = ["role.x"]
capacity = 10
[role.x]
[[role.x.holder]]
id = "one"
email = "one@example.com"
capacity = 4
[[role.x.holder]]
id = "two"
email = "two@example.com"
[[role.x.holder]]
id = "gone"
email = "gone@example.com"
left = 2026-01-01
[[role.x.holder]]
id = "away"
email = "away@example.com"
absent_until = 2026-03-01
"#;
    let share = "[[queue.b.share]]\nid = \"x\"\nmember = \"role.x\"\ncapacity = 12\n";
    let model = |people: &str, rules: &str| {
        let table = "[routing.in]\nobject = \"lead\"\ndefault = \"queue.a\"\n";
        read(&[&FIELDS.replace("[queue.b]\n", people), "\n", table, rules].concat())
    };
    // Each may hold ten, one of them but four; together no more than their share.
    let (before, after) = (
        model(people, SMALL),
        model(
            &people.replace("[role.x]\n", &format!("{share}[role.x]\n")),
            &SMALL.replace("200", "50"),
        ),
    );
    let row = |employees| ["DE", employees, "", "", "", "2026-01-01"];
    let found = counted(&before, &after, &[row("60"), row("300")], None);
    let room = found.rooms.iter().find(|room| room.queue == "queue.b").expect("the pool");
    assert_eq!((room.records, room.room, room.people), ([1, 2], [Some(14), Some(12)], [2, 2]));
    assert_eq!(room.is_over(), [false, false]);
    assert!(found.rooms.iter().any(|room| room.queue == "queue.a" && room.room[1].is_none()));
}
