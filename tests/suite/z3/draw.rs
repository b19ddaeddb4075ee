//! Random criteria over a few fields, with constants that touch each other, and random tables.

use super::world::{PATHS, World, quoted};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::fmt::Write;

/// Two criteria, each in a revision of its own.
#[derive(Debug, Clone)]
pub(super) struct Criteria {
    pub(super) worlds: [World; 2],
    pub(super) before: String,
    pub(super) after: String,
}

/// A rule: condition, queue, and whether a promise of time starts.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) when: String,
    pub(super) to: &'static str,
    pub(super) sla: bool,
}

/// A routing table.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) applies_to: Option<String>,
    pub(super) rules: Vec<Rule>,
}

/// Two revisions of a table.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    pub(super) worlds: [World; 2],
    pub(super) rules: [Rules; 2],
}

/// Where records go that no rule takes.
pub(super) const DEFAULT: &str = "queue.home";

pub(crate) fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[abAB]{1,3}",
        2 => "[ab -]{1,2}",
        1 => select(vec!["ß", "ẞ", "İ", "ΑΣ", "Σ", "ς", "Acme", "ac", "\"", "\\", "''"])
            .prop_map(str::to_owned),
    ]
    .prop_filter("a text that is not blank", |word| !word.trim().is_empty())
}

fn whole() -> impl Strategy<Value = String> {
    prop_oneof![9 => (-2..6_i64).prop_map(|n| n.to_string()), 1 => Just("1_000_000".to_owned())]
}

pub(crate) fn number() -> impl Strategy<Value = String> {
    select(vec!["-1", "-0.5", "0", "0.25", "0.5", "0.50", "1", "1.5", "2", "2.00", "3"])
        .prop_map(str::to_owned)
}

pub(crate) fn near() -> impl Strategy<Value = String> {
    prop_oneof![
        (27..=30).prop_map(|day| format!("2026-06-{day}")),
        (1..=3).prop_map(|day| format!("2026-07-0{day}")),
    ]
}

fn day() -> impl Strategy<Value = String> {
    let far = select(vec!["0001-01-01", "9999-12-31"]).prop_map(str::to_owned);
    prop_oneof![20 => near(), 1 => far]
}

pub(crate) fn moment() -> impl Strategy<Value = String> {
    let times = ["00:00:00", "09:29:59", "09:30:00", "12:00:00", "12:00:01", "23:59:59"];
    let moment = (near(), select(times.to_vec()), select(vec!["Z", "Z", "+01:00"]));
    let moment = moment.prop_map(|(day, time, zone)| format!("{day}T{time}{zone}"));
    prop_oneof![3 => moment, 1 => near()]
}

fn days() -> impl Strategy<Value = i64> {
    prop_oneof![20 => -2..4_i64, 1 => select(vec![-5_000_000, 5_000_000, 3_000_000])]
}

/// Comparisons of a field with values that have an order.
fn ordered(
    path: &'static str,
    value: BoxedStrategy<String>,
    exact: BoxedStrategy<String>,
    rank: fn(&str) -> i128,
) -> BoxedStrategy<String> {
    let sign = select(vec!["<", "<=", ">", ">="]);
    prop_oneof![
        4 => (sign, value.clone()).prop_map(move |(sign, v)| format!("{path} {sign} {v}")),
        2 => (select(vec!["=", "!="]), exact.clone())
            .prop_map(move |(sign, v)| format!("{path} {sign} {v}")),
        2 => (value.clone(), value).prop_map(move |(a, b)| {
            let (low, high) = if rank(&a) <= rank(&b) { (a, b) } else { (b, a) };
            format!("{path} between {low} and {high}")
        }),
        1 => (member(), prop::collection::vec(exact, 1..3))
            .prop_map(move |(word, all)| format!("{path} {word} [{}]", all.join(", "))),
        1 => is_set(path),
    ]
    .boxed()
}

fn member() -> impl Strategy<Value = &'static str> {
    select(vec!["in", "not in"])
}

fn is_set(path: &'static str) -> impl Strategy<Value = String> {
    select(vec!["is set", "is not set"]).prop_map(move |words| format!("{path} {words}"))
}

fn thousandths(text: &str) -> i128 {
    let number: f64 = text.replace('_', "").parse().unwrap();
    format!("{:.0}", number * 1000.0).parse().unwrap()
}

/// The place of a day or a moment among others; a day stands for its first instant.
fn instant(text: &str) -> i128 {
    if text.contains('T') {
        return text.parse::<Timestamp>().unwrap().as_nanosecond();
    }
    let days = (text.parse::<Date>().unwrap() - date(1970, 1, 1)).get_days();
    i128::from(days) * 86_400_000_000_000
}

fn counted(path: &'static str) -> BoxedStrategy<String> {
    let sign = select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let which = || select(vec!["since", "until"]);
    prop_oneof![
        3 => (which(), sign, days()).prop_map(move |(w, s, d)| format!("days {w} {path} {s} {d}")),
        1 => (which(), days(), days()).prop_map(move |(which, a, b)| {
            format!("days {which} {path} between {} and {}", a.min(b), a.max(b))
        }),
    ]
    .boxed()
}

/// Comparisons of a field with texts or ids.
fn named(path: &'static str, value: BoxedStrategy<String>) -> BoxedStrategy<String> {
    prop_oneof![
        3 => (select(vec!["=", "!="]), value.clone())
            .prop_map(move |(sign, v)| format!("{path} {sign} {v}")),
        2 => (member(), prop::collection::vec(value, 1..4))
            .prop_map(move |(word, all)| format!("{path} {word} [{}]", all.join(", "))),
        1 => is_set(path),
    ]
    .boxed()
}

fn atom(path: &'static str) -> BoxedStrategy<String> {
    let world = World::new(0);
    let field = world.field(path);
    let mut values: Vec<String> = field.values.iter().map(|value| format!("'{value}'")).collect();
    // This one is not declared everywhere.
    values.retain(|value| value != "'NL'");
    if field.open || values.is_empty() {
        values.extend(["'fair'", "'a-1'", "'A-1'"].map(str::to_owned));
    }
    let text = || {
        word().prop_map(|word| if word == "''" { "''''".to_owned() } else { format!("'{word}'") })
    };
    match field.kind {
        "choice" if path == "country" => prop_oneof![
            4 => named(path, select(values).boxed()),
            1 => member().prop_map(|word| format!("country {word} list.dach")),
        ]
        .boxed(),
        "choice" | "reference" => named(path, select(values).boxed()),
        "choices" => prop_oneof![
            3 => select(values).prop_map(move |value| format!("{path} contains {value}")),
            1 => is_set(path),
        ]
        .boxed(),
        "text" => prop_oneof![
            4 => named(path, text().boxed()),
            8 => (select(vec!["contains", "starts with", "ends with"]), text())
                .prop_map(move |(words, text)| format!("{path} {words} {text}")),
            1 => member().prop_map(move |word| format!("{path} {word} list.rivals")),
        ]
        .boxed(),
        "integer" => {
            let value = prop_oneof![4 => whole(), 1 => number()].boxed();
            ordered(path, value, whole().boxed(), thousandths)
        }
        "number" | "money" => ordered(path, number().boxed(), number().boxed(), thousandths),
        "date" => {
            let compared = ordered(path, day().boxed(), day().boxed(), instant);
            prop_oneof![compared, counted(path)].boxed()
        }
        "datetime" => {
            let compared = ordered(path, moment().boxed(), moment().boxed(), instant);
            prop_oneof![compared, counted(path)].boxed()
        }
        "bool" => prop_oneof![
            select(vec!["", " = true", " = false", " != true", " != false", " in [true]"])
                .prop_map(move |test| format!("{path}{test}")),
            is_set(path),
        ]
        .boxed(),
        other => panic!("{other}"),
    }
}

/// Fields that a case is about, few enough that their conditions meet.
fn paths(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(PATHS.to_vec(), 1..=most)
}

pub(crate) fn one_of(paths: &[&'static str]) -> BoxedStrategy<String> {
    prop::strategy::Union::new(paths.iter().map(|path| atom(path))).boxed()
}

pub(crate) fn criterion(leaf: BoxedStrategy<String>, size: u32) -> BoxedStrategy<String> {
    leaf.prop_recursive(3, size, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        let joined = |word: &'static str| {
            move |parts: Vec<String>| {
                let parts: Vec<String> =
                    parts.into_iter().map(|part| format!("({part})")).collect();
                parts.join(word)
            }
        };
        prop_oneof![
            3 => several.clone().prop_map(joined(" and ")),
            3 => several.clone().prop_map(joined(" or ")),
            2 => inner.prop_map(|part| format!("not ({part})")),
            1 => (several, any::<prop::sample::Index>()).prop_map(|(parts, count)| {
                let count = count.index(parts.len()) + 1;
                format!("at least {count} of ({})", parts.join(", "))
            }),
        ]
    })
    .boxed()
}

/// Two revisions: what is declared, and what predicates mean.
fn worlds(leaf: BoxedStrategy<String>) -> impl Strategy<Value = [World; 2]> {
    let twist = prop_oneof![2 => Just(0_u8), 1 => 0..32_u8];
    let named = prop::collection::vec(criterion(leaf.clone(), 3), 1..3);
    let barred = prop::collection::vec(leaf.clone(), 0..2);
    let one = (twist, criterion(leaf, 4), named, barred).prop_map(
        |(twist, segment, criteria, disqualifiers)| World {
            segment,
            criteria,
            disqualifiers,
            ..World::new(twist)
        },
    );
    (one.clone(), one, any::<bool>())
        .prop_map(|(one, other, same)| if same { [one.clone(), one] } else { [one, other] })
}

fn leaves(paths: &[&'static str]) -> (BoxedStrategy<String>, BoxedStrategy<String>) {
    let plain = one_of(paths);
    let reference = select(vec!["segment.one", "icp.fit"]).prop_map(str::to_owned);
    let leaf = prop_oneof![12 => plain.clone(), 1 => reference].boxed();
    (plain, leaf)
}

pub(super) fn criteria() -> impl Strategy<Value = Criteria> {
    paths(3).prop_flat_map(|paths| {
        let (plain, leaf) = leaves(&paths);
        let all = (worlds(plain), criterion(leaf.clone(), 8), criterion(leaf, 8));
        all.prop_map(|(worlds, before, after)| Criteria { worlds, before, after })
    })
}

fn rules(leaf: BoxedStrategy<String>) -> BoxedStrategy<Rules> {
    let queue = select(vec![DEFAULT, "queue.one", "queue.two"]);
    let rule = (criterion(leaf.clone(), 4), queue, prop::bool::weighted(0.1));
    let applies_to = prop::option::weighted(0.3, criterion(leaf, 3));
    (prop::collection::vec(rule, 1..=8), applies_to)
        .prop_map(|(rules, applies_to)| {
            let rules = rules.into_iter().enumerate().map(|(at, (when, to, sla))| Rule {
                id: format!("r{at}"),
                when,
                to,
                sla,
            });
            Rules { applies_to, rules: rules.collect() }
        })
        .boxed()
}

/// A table, and what somebody made of it.
pub(super) fn tables() -> impl Strategy<Value = Tables> {
    paths(4).prop_flat_map(|paths| {
        let (plain, leaf) = leaves(&paths);
        let edits = prop::collection::vec((0..6_u8, any::<usize>(), any::<usize>()), 0..4);
        (worlds(plain), rules(leaf.clone()), rules(leaf), edits).prop_map(
            |(mut worlds, before, other, edits)| {
                let after = edited(&before, &other, &edits);
                for (world, rules) in worlds.iter_mut().zip([&before, &after]) {
                    world.routing = rules.toml();
                }
                Tables { worlds, rules: [before, after] }
            },
        )
    })
}

fn edited(before: &Rules, other: &Rules, edits: &[(u8, usize, usize)]) -> Rules {
    let mut after = before.clone();
    for (count, (how, at, from)) in edits.iter().enumerate() {
        let mut fresh = other.rules[from % other.rules.len()].clone();
        let place = at % (after.rules.len() + 1);
        match how {
            0 => {
                fresh.id = format!("n{count}");
                after.rules.insert(place, fresh);
            }
            1 if place < after.rules.len() => after.rules[place].when = fresh.when,
            2 if place < after.rules.len() => {
                let rule = after.rules.remove(place);
                after.rules.insert(from % (after.rules.len() + 1), rule);
            }
            3 if place < after.rules.len() => {
                after.rules.remove(place);
            }
            4 if place < after.rules.len() => after.rules[place].to = fresh.to,
            5 => after.applies_to.clone_from(&other.applies_to),
            _ => {}
        }
    }
    after
}

impl Rules {
    fn toml(&self) -> String {
        let mut text = format!("[routing.all]\nobject = \"lead\"\ndefault = \"{DEFAULT}\"\n");
        if let Some(applies_to) = &self.applies_to {
            writeln!(text, "applies_to = {}", quoted(applies_to)).unwrap();
        }
        for Rule { id, when, to, sla } in &self.rules {
            writeln!(text, "[[routing.all.rule]]\nid = \"{id}\"\nto = \"{to}\"").unwrap();
            writeln!(text, "when = {}", quoted(when)).unwrap();
            if *sla {
                text.push_str("sla = \"sla.fast\"\n");
            }
        }
        text
    }
}
