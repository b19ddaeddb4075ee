//! Routing tables: every rule, every gap and every record that goes elsewhere, against brute force.

use super::{ATOMS, World, as_of, every_record, is_small, prover, read, shown};
use crate::criteria::{Expr, Record, evaluate};
use crate::proof::{Destination, Fate, Prover, Table, TableRule, Useless};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeSet;

/// A table as a test writes it: conditions and queues; the default is `home`.
#[derive(Debug, Clone)]
struct Written {
    applies_to: Option<Expr>,
    rules: Vec<(String, Expr, String)>,
}

fn to(queue: &str) -> Destination {
    Destination { to: Some(queue.to_owned()), sla: None, is_gap: false }
}

impl Written {
    fn of(rules: &[(&str, &str, &str)]) -> Self {
        let rule =
            |(id, when, to): &(&str, &str, &str)| ((*id).to_owned(), read(when), (*to).to_owned());
        Self { applies_to: None, rules: rules.iter().map(rule).collect() }
    }

    fn table<'a>(&'a self, world: &'a World) -> Table<'a> {
        let rule =
            |(id, when, queue): &'a (String, Expr, String)| TableRule { id, when, to: to(queue) };
        Table {
            object: "lead",
            scope: world,
            applies_to: self.applies_to.as_ref(),
            rules: self.rules.iter().map(rule).collect(),
            default: to("home"),
        }
    }

    fn conditions(&self) -> impl Iterator<Item = &Expr> {
        self.applies_to.iter().chain(self.rules.iter().map(|(_, when, _)| when))
    }

    fn words(&self) -> String {
        let rules: Vec<String> =
            self.rules.iter().map(|(id, when, to)| format!("{id}: {when} -> {to}")).collect();
        format!(
            "[{}] {rules:?}",
            self.applies_to.as_ref().map_or_else(String::new, ToString::to_string)
        )
    }

    fn without(&self, rule: usize) -> Self {
        let mut other = self.clone();
        other.rules.remove(rule);
        other
    }
}

/// Conditions over three fields, so that all their records can be tried.
fn atoms() -> impl Strategy<Value = Vec<&'static str>> {
    let names =
        ["country", "origin", "employees", "score", "opted_in", "email", "products", "account"];
    subsequence(names.to_vec(), 3).prop_map(|names| {
        let about = |atom: &&str| names.iter().any(|name| atom.starts_with(name));
        ATOMS.iter().copied().filter(about).collect()
    })
}

fn written(atoms: Vec<&'static str>) -> impl Strategy<Value = Written> {
    let condition = prop::collection::vec(select(atoms.clone()), 1..3);
    let queue = select(vec!["home", "one", "two"]);
    let rule = (condition, any::<bool>(), queue).prop_map(|(parts, all, queue)| {
        let joined = parts.join(if all { " and " } else { " or " });
        (read(&joined), queue.to_owned())
    });
    let scope = (prop::collection::vec(select(atoms), 1..4), 0..4_usize);
    let applies_to = prop::option::weighted(0.3, scope);
    (prop::collection::vec(rule, 0..6), applies_to).prop_map(|(rules, applies_to)| {
        let rules = rules.into_iter().enumerate();
        let rules = rules.map(|(at, (when, queue))| (format!("r{at}"), when, queue)).collect();
        let applies_to = applies_to.map(|(parts, least)| match least {
            0 => read(&parts.join(" and ")),
            1 => read(&parts.join(" or ")),
            _ => read(&format!("at least {} of ({})", least.min(parts.len()), parts.join(", "))),
        });
        Written { applies_to, rules }
    })
}

/// A table, and what somebody made of it: rules taken out, put in, changed, moved.
fn edited() -> impl Strategy<Value = (Written, Written)> {
    let both = atoms().prop_flat_map(|atoms| (written(atoms.clone()), written(atoms)));
    let edits = prop::collection::vec((0..4_u8, any::<usize>(), any::<usize>()), 1..3);
    (both, edits).prop_map(|((before, other), edits)| {
        let mut after = before.clone();
        for (number, (how, at, from)) in edits.into_iter().enumerate() {
            let fresh = other.rules.get(from % other.rules.len().max(1)).cloned();
            let place = at % (after.rules.len() + 1);
            match (how, fresh) {
                (0, Some((_, when, queue))) => {
                    after.rules.insert(place, (format!("n{number}"), when, queue));
                }
                (1, Some((_, when, _))) if place < after.rules.len() => after.rules[place].1 = when,
                (2, _) if place < after.rules.len() => {
                    let rule = after.rules.remove(place);
                    after.rules.insert(from % (after.rules.len() + 1), rule);
                }
                (3, _) if place < after.rules.len() => {
                    after.rules.remove(place);
                }
                _ => after.applies_to.clone_from(&other.applies_to),
            }
        }
        (before, after)
    })
}

/// What becomes of every record.
fn fates(table: &Table<'_>, records: &[Record]) -> Vec<Fate> {
    records.iter().map(|record| prover().fate(table, record).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn useless_rules_are_those_that_brute_force_finds(
        written in atoms().prop_flat_map(written),
        is_gap in any::<bool>(),
    ) {
        let conditions: Vec<&Expr> = written.conditions().collect();
        prop_assume!(is_small(&conditions));
        let (world, records) = (World::default(), every_record(&conditions));
        let table = written.table(&world);
        let all = fates(&table, &records);
        let useless = prover().survey(&table, is_gap).unwrap().useless;
        let destinations = |fates: &[Fate]| {
            // A gap is like no place that a rule sends to.
            let to = |fate: &Fate| match fate {
                Fate::Default(_) if is_gap => Some(to("gap")),
                fate => fate.destination().cloned(),
            };
            fates.iter().map(to).collect::<Vec<_>>()
        };
        for (at, found) in useless.iter().enumerate() {
            let holds = |record: &Record| {
                evaluate(table.rules[at].when, record, "lead", &world, as_of()).unwrap()
            };
            let fires = all.iter().any(|fate| fate.name() == table.rules[at].id);
            let without = written.without(at);
            let same = destinations(&fates(&without.table(&world), &records)) == destinations(&all);
            match found {
                None => prop_assert!(fires && !same),
                Some(Useless::Contradiction) => prop_assert!(!records.iter().any(holds)),
                Some(Useless::Redundant) => prop_assert!(fires && same),
                Some(Useless::Shadowed(blockers)) => {
                    prop_assert!(!fires && blockers.iter().all(|blocker| *blocker < at));
                    let blocked = |but: Option<usize>| records.iter().filter(|r| holds(r)).all(|record| {
                        let takes = |at: &usize| Some(*at) != but && evaluate(
                            table.rules[*at].when, record, "lead", &world, as_of()).unwrap();
                        written.applies_to.as_ref().is_some_and(|applies| {
                            !evaluate(applies, record, "lead", &world, as_of()).unwrap()
                        }) || blockers.iter().any(takes)
                    });
                    prop_assert!(blocked(None), "{blockers:?} do not suffice");
                    for blocker in blockers {
                        prop_assert!(!blocked(Some(*blocker)), "{blocker} is not needed");
                    }
                }
                Some(Useless::Undecided(why)) => prop_assert!(false, "{why}"),
            }
        }
    }

    #[test]
    fn a_gap_is_there_when_a_record_falls_into_it(written in atoms().prop_flat_map(written)) {
        let conditions: Vec<&Expr> = written.conditions().collect();
        prop_assume!(is_small(&conditions));
        let (world, records) = (World::default(), every_record(&conditions));
        let table = written.table(&world);
        let all = fates(&table, &records);
        let gap = prover().gap(&table).unwrap();
        prop_assert_eq!(gap.is_some(), all.iter().any(|fate| matches!(fate, Fate::Default(_))));
        if let Some(narrow) = gap.as_ref().and_then(|gap| gap.narrow.as_deref()) {
            let narrow = read(narrow);
            for (record, _) in records.iter().zip(&all).filter(|(_, f)| matches!(f, Fate::Default(_))) {
                let inside = evaluate(&narrow, record, "lead", &world, as_of()).unwrap();
                prop_assert!(inside, "{} {:?}", narrow, record);
            }
        }
        if let Some((conditions, true)) = gap.and_then(|gap| Some((gap.conditions?, gap.complete)))
            && !conditions.is_empty()
        {
            let conditions = read(&conditions);
            for (record, fate) in records.iter().zip(&all) {
                let inside = evaluate(&conditions, record, "lead", &world, as_of()).unwrap();
                prop_assert_eq!(inside, matches!(fate, Fate::Default(_)), "{:?}", record);
            }
        }
    }

    #[test]
    fn every_record_that_goes_elsewhere_is_in_one_row_and_no_other_is((before, after) in edited()) {
        let conditions: Vec<&Expr> = before.conditions().chain(after.conditions()).collect();
        prop_assume!(is_small(&conditions));
        let (world, records) = (World::default(), every_record(&conditions));
        let (old, new) = (before.table(&world), after.table(&world));
        let rerouting = prover().rerouting(&old, &new);
        prop_assert_eq!(&rerouting.undecided, &Vec::<String>::new());
        let mut seen = BTreeSet::new();
        let (was, is) = (fates(&old, &records), fates(&new, &records));
        for (record, (was, is)) in records.iter().zip(was.iter().zip(&is)) {
            if was.destination() == is.destination() {
                continue;
            }
            let rows = rerouting.rows.iter().enumerate();
            let here: Vec<usize> =
                rows.filter(|(_, row)| (&row.before, &row.after) == (was, is)).map(|r| r.0).collect();
            prop_assert_eq!(here.len(), 1, "{:?}", record);
            let row = &rerouting.rows[here[0]];
            if !row.include.is_empty() {
                let include = read(&row.include);
                let inside = evaluate(&include, record, "lead", &world, as_of()).unwrap();
                prop_assert!(inside, "{} {:?}", row.include, record);
            }
            seen.insert(here[0]);
        }
        let unseen: Vec<_> = rerouting.rows.iter().enumerate().filter(|(at, _)| !seen.contains(at)).collect();
        prop_assert!(unseen.is_empty(), "{unseen:?} {} {}", before.words(), after.words());
        for row in &rerouting.rows {
            let include = (!row.include.is_empty()).then(|| read(&row.include));
            let holds = |expr: &Expr, record| evaluate(expr, record, "lead", &world, as_of()).unwrap();
            for (record, fates) in records.iter().zip(was.iter().zip(&is)) {
                let routed = |fate: &Fate| *fate != Fate::NotRouted;
                let unsaid = was.iter().zip(&is).all(|(was, is)| routed(was) == routed(is));
                let excepted = [&before, &after].into_iter().flat_map(|table| &table.rules);
                let excepted = excepted.filter(|(id, ..)| row.except.contains(id));
                let said = include.as_ref().is_none_or(|include| holds(include, record))
                    && (!unsaid || routed(fates.0))
                    && !excepted.map(|(_, when, _)| when).any(|when| holds(when, record));
                prop_assert!(!said || fates == (&row.before, &row.after), "{row:?} {record:?} {} {}", before.words(), after.words());
            }
        }
    }
}

#[test]
fn a_country_that_moves_is_one_row_with_its_words() {
    let world = World::default();
    let before = Written::of(&[
        ("key", "employees >= 5000", "key"),
        ("benelux", "country = 'NL'", "benelux"),
        ("dach", "country in ['AT', 'CH', 'DE'] and employees >= 200", "dach"),
    ]);
    let after = Written::of(&[
        ("key", "employees >= 5000", "key"),
        ("dach", "country is set and employees >= 200", "dach"),
        ("benelux", "country = 'NL'", "benelux"),
    ]);
    let rerouting = prover().rerouting(&before.table(&world), &after.table(&world));
    assert_eq!(rerouting.rows.len(), 1);
    let row = &rerouting.rows[0];
    assert_eq!((row.before.name(), row.after.name()), ("benelux", "dach"));
    assert_eq!(row.include, "country = 'NL' and employees >= 200");
    assert_eq!(row.except, ["key"]);
    assert_eq!(shown(&row.witness), r#"{"country":"NL","employees":3000}"#);
    let edge = row.edge.as_ref().unwrap();
    assert_eq!(edge.field, "employees");
    assert_eq!(shown(&edge.moves), r#"{"country":"NL","employees":4999}"#);
    assert_eq!(shown(&edge.stays), r#"{"country":"NL","employees":5000}"#);
    let without: Vec<_> =
        row.without.iter().map(|w| (w.field.as_str(), w.before.name(), w.after.name())).collect();
    assert_eq!(without, [("country", "default", "default"), ("employees", "benelux", "benelux")]);
}

/// Every lead has an origin, so no words speak of leads without one.
#[test]
fn what_every_record_has_is_not_said_to_be_missing() {
    let world = World::default();
    let before = Written::of(&[("rivals", "origin in ['web', 'fair']", "rivals")]);
    let after = Written::of(&[("rivals", "origin = 'web'", "rivals")]);
    let rerouting = prover().rerouting(&before.table(&world), &after.table(&world));
    let included: Vec<&str> = rerouting.rows.iter().map(|row| row.include.as_str()).collect();
    assert_eq!(included, ["origin = 'fair'"]);
}

#[test]
fn a_reference_that_means_something_else_is_written_out() {
    let world = |text: &str| World {
        predicates: [("icp.core".to_owned(), text.to_owned())].into(),
        ..World::default()
    };
    let (old, new) = (world("origin = 'web' or score > 5"), world("origin = 'web' or score > 6"));
    let when = "(icp.core or country = 'AT') and (employees > 5 or opted_in)";
    let before = Written::of(&[("a", when, "one")]);
    let after = Written::of(&[("a", when, "two")]);
    let rerouting = prover().rerouting(&before.table(&old), &after.table(&new));
    let meant = |score: u8| {
        let core = format!("(origin = 'web' or score > {score})");
        format!("(({core} or country = 'AT') and (employees > 5 or opted_in))")
    };
    let include = &rerouting.rows[0].include;
    assert_eq!(*include, format!("{} and {}", meant(5), meant(6)));
    let same = prover().rerouting(&before.table(&old), &after.table(&old));
    assert_eq!(same.rows[0].include, when);
}

#[test]
fn swapping_neighbours_that_share_no_record_moves_nobody() {
    let world = World::default();
    let rules = [("a", "country = 'AT'", "one"), ("b", "country = 'DE'", "two")];
    let before = Written::of(&rules);
    let after = Written::of(&[rules[1], rules[0]]);
    let rerouting = prover().rerouting(&before.table(&world), &after.table(&world));
    assert_eq!(rerouting, crate::proof::Rerouting::default());
}

#[test]
fn a_promise_that_changes_is_a_row_too() {
    let world = World::default();
    let written = Written::of(&[("a", "country = 'AT'", "one")]);
    let mut after = written.table(&world);
    after.rules[0].to.sla = Some("sla.fast".to_owned());
    let rerouting = prover().rerouting(&written.table(&world), &after);
    assert_eq!(rerouting.rows.len(), 1);
}

#[test]
fn the_default_of_a_table_without_rules_takes_every_record() {
    let world = World::default();
    let written = Written::of(&[]);
    let mut after = written.table(&world);
    after.default = to("elsewhere");
    let rerouting = prover().rerouting(&written.table(&world), &after);
    assert_eq!(rerouting.rows.len(), 1);
    assert_eq!((rerouting.rows[0].include.as_str(), rerouting.undecided), ("", vec![]));
    assert_eq!(prover().gap(&after).unwrap().map(|gap| gap.complete), Some(true));
}

#[test]
fn past_the_budget_it_says_what_it_does_not_know() {
    let world = World::default();
    let before = Written::of(&[("a", "country = 'AT' or score > 5", "one")]);
    let after = Written::of(&[("a", "country = 'AT' or score > 6", "one")]);
    let few = Prover { budget: 8, ..prover() };
    let rerouting = few.rerouting(&before.table(&world), &after.table(&world));
    assert!(rerouting.undecided.iter().any(|why| why.contains("--budget")), "{rerouting:?}");
}
