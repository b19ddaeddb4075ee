//! What is proved of criteria and routing tables, held against Z3 on random models.
//!
//! Not run by default: `benches/peers/install.sh` installs Z3, and
//! `PROPTEST_CASES=5000 cargo test --test suite z3 -- --ignored --nocapture` runs as many cases.

pub(crate) mod draw;
mod encoding;
mod solver;
pub(crate) mod world;

use draw::{Criteria, DEFAULT, Rule, Rules, Tables};
use encoding::{Encoding, all, any, not};
use jiff::Timestamp;
use opmodel::load::{ModelScope, Router};
use opmodel::proof::{Asked, Extent, Fate, Prover, Row, Table, Useless, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use solver::{Answer, Solver};
use std::cell::RefCell;
use world::World;

/// Puts random cases to the tool and to Z3.
#[expect(clippy::print_stderr, reason = "how much was asked says how much a pass is worth")]
fn run<C: Strategy>(cases: C, check: impl Fn(&C::Value, &mut Solver) -> Result<(), TestCaseError>) {
    let solver = RefCell::new(Solver::start());
    let config = Config { failure_persistence: None, ..Config::default() };
    let outcome =
        TestRunner::new(config).run(&cases, |case| check(&case, &mut solver.borrow_mut()));
    let solver = solver.into_inner();
    eprintln!("{} answers, {} of them unknown", solver.answered, solver.unknown);
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(solver.unknown * 100 < solver.answered, "Z3 has too few answers");
}

fn prover() -> Prover {
    let as_of: Timestamp = "2026-06-30T09:30:00Z".parse().unwrap();
    Prover { as_of, budget: 10_000_000 }
}

/// Holds what the tool says against what Z3 says, where it says something.
macro_rules! agree {
    ($solver:expr, $assertion:expr, $expected:expr, $($words:tt)+) => {
        let (expected, answer) = ($expected, $solver.ask($assertion));
        let agrees = answer == Answer::Unknown || (answer == Answer::Sat) == expected;
        prop_assert!(agrees, "Z3 says {:?}: {}", answer, format!($($words)+));
    };
}

#[test]
#[ignore = "needs Z3, which benches/peers/install.sh installs"]
fn criteria_compare_as_z3_finds() {
    run(draw::criteria(), compare);
}

/// Every condition is one that a model may have.
fn sound(scopes: &[ModelScope<'_>]) -> Result<(), TestCaseError> {
    for criterion in scopes.iter().flat_map(ModelScope::criteria) {
        prop_assert!(criterion.faults.is_empty(), "{}: {:?}", criterion.text, criterion.faults);
    }
    Ok(())
}

fn compare(case: &Criteria, solver: &mut Solver) -> Result<(), TestCaseError> {
    let Criteria { worlds, before, after } = case;
    let models = [worlds[0].model(), worlds[1].model()];
    let scopes = [ModelScope::new(&models[0]), ModelScope::new(&models[1])];
    sound(&scopes)?;
    let (old, new) = (encoding::read(before), encoding::read(after));
    let [was, is] =
        [Asked { expr: &old, scope: &scopes[0] }, Asked { expr: &new, scope: &scopes[1] }];
    let verdict = prover().compare("lead", was, is);
    let (more, less) = match &verdict {
        Verdict::Equivalent => (false, false),
        Verdict::Looser { .. } => (true, false),
        Verdict::Tighter { .. } => (false, true),
        Verdict::Shifted { .. } => (true, true),
        Verdict::Undecided(why) => return Err(TestCaseError::fail(why.clone())),
    };
    let prover = prover();
    let mut encoding = Encoding::new(worlds, prover.as_of);
    let (was_there, is_there) = (encoding.holds(0, &old), encoding.holds(1, &new));
    solver.begin(&encoding.ground());
    agree!(solver, &all([is_there.clone(), not(&was_there)]), more, "{verdict:?} (admits)");
    agree!(solver, &all([was_there, not(&is_there)]), less, "{verdict:?} (refuses)");
    for (at, asked) in [was, is].into_iter().enumerate() {
        let extent = prover.extent("lead", asked);
        let mut encoding = Encoding::new(&worlds[at..=at], prover.as_of);
        let holds = encoding.holds(0, asked.expr);
        solver.begin(&encoding.ground());
        agree!(solver, &holds, extent != Ok(Extent::Never), "{extent:?}: {}", asked.expr);
        agree!(solver, &not(&holds), extent != Ok(Extent::Always), "{extent:?}: {}", asked.expr);
    }
    Ok(())
}

/// A table as assertions about one record.
struct Encoded<'r> {
    rules: &'r Rules,
    /// Whether the table is about the record.
    about: String,
    /// The condition of each rule, whatever the earlier ones are.
    when: Vec<String>,
}

impl<'r> Encoded<'r> {
    fn new(encoding: &mut Encoding<'_>, world: usize, rules: &'r Rules) -> Self {
        let about = rules.applies_to.as_ref().map(|text| encoding.text(world, text));
        let when = rules.rules.iter().map(|rule| encoding.text(world, &rule.when)).collect();
        Self { rules, about: about.unwrap_or_else(|| "true".to_owned()), when }
    }

    /// A rule takes the record; past the last one no rule does.
    fn takes(&self, rule: usize) -> String {
        let earlier = self.when.iter().take(rule).map(|when| not(when));
        let own = self.when.get(rule).cloned();
        all([self.about.clone()].into_iter().chain(earlier).chain(own))
    }

    /// Where the record goes, as a number; without one of the rules, if one is named.
    fn destination(&self, without: Option<usize>) -> String {
        let place = |to: &str, sla: bool| {
            let queues = [DEFAULT, "queue.one", "queue.two"];
            1 + queues.iter().position(|queue| *queue == to).unwrap() + if sla { 10 } else { 0 }
        };
        let mut text = place(DEFAULT, false).to_string();
        for (at, Rule { to, sla, .. }) in self.rules.rules.iter().enumerate().rev() {
            if Some(at) != without {
                text = format!("(ite {} {} {text})", self.when[at], place(to, *sla));
            }
        }
        format!("(ite {} {text} 0)", self.about)
    }

    /// The records with a fate.
    fn meets(&self, fate: &Fate) -> (String, usize) {
        let rules = &self.rules.rules;
        match fate {
            Fate::NotRouted => (not(&self.about), 0),
            Fate::Default(_) => (self.takes(rules.len()), rules.len()),
            Fate::Rule(id, _) => {
                let at = rules.iter().position(|rule| rule.id == *id).unwrap();
                (self.takes(at), at)
            }
        }
    }

    /// The records that the earlier rules of some names take, whatever rule is before them.
    fn excepted(&self, names: &[String], before: usize) -> String {
        let rules = self.rules.rules.iter().zip(&self.when).take(before);
        let named = rules.filter(|(rule, _)| names.contains(&rule.id));
        any(named.map(|(_, when)| when.clone()))
    }
}

#[test]
#[ignore = "needs Z3, which benches/peers/install.sh installs"]
fn tables_do_what_z3_finds() {
    run(draw::tables(), |case, solver| {
        let models = case.worlds.each_ref().map(World::model);
        let scopes = models.each_ref().map(ModelScope::new);
        sound(&scopes)?;
        let entities = models.each_ref().map(|model| model.get("routing.all").unwrap());
        let routers = [0, 1].map(|at| Router::of(&scopes[at], entities[at]));
        let tables = routers.each_ref().map(|router| Table::of(router).expect("sound conditions"));
        for (at, table) in tables.iter().enumerate() {
            one_table(case, at, table, solver)?;
        }
        two_tables(case, &tables, solver)
    });
}

/// Rules that never fire, rules that make no difference, and what nobody takes.
fn one_table(
    case: &Tables,
    at: usize,
    table: &Table<'_>,
    solver: &mut Solver,
) -> Result<(), TestCaseError> {
    let prover = prover();
    let mut encoding = Encoding::new(&case.worlds[at..=at], prover.as_of);
    let encoded = Encoded::new(&mut encoding, 0, &case.rules[at]);
    let gap = prover.gap(table).unwrap();
    let words = gap.as_ref().and_then(|gap| gap.conditions.clone()).filter(|c| !c.is_empty());
    let words = words.map(|words| encoding.text(0, &words));
    solver.begin(&encoding.ground());
    let missed = encoded.takes(table.rules.len());
    agree!(solver, &missed, gap.is_some(), "{gap:?}");
    if let (Some(words), Some(gap)) = (words, &gap) {
        let beyond = all([encoded.about.clone(), words.clone(), not(&missed)]);
        agree!(solver, &beyond, false, "{gap:?} names records that a rule takes");
        if gap.complete {
            let left = all([missed, not(&words)]);
            agree!(solver, &left, false, "{gap:?} does not name all");
        }
    }
    for (rule, useless) in prover.useless(table).unwrap().iter().enumerate() {
        let id = &table.rules[rule].id;
        let fires = matches!(useless, None | Some(Useless::Redundant));
        agree!(solver, &encoded.takes(rule), fires, "{id} is {useless:?}");
        let alone = !matches!(useless, Some(Useless::Contradiction));
        agree!(solver, &encoded.when[rule], alone, "{id} is {useless:?}");
        if fires {
            let [with, without] = [None, Some(rule)].map(|without| encoded.destination(without));
            let differs = format!("(distinct {with} {without})");
            agree!(solver, &differs, useless.is_none(), "{id} is {useless:?}");
        }
        let Some(Useless::Shadowed(blockers)) = useless else { continue };
        prop_assert!(blockers.iter().all(|blocker| *blocker < rule), "{id} is {useless:?}");
        let past = |but: Option<usize>| {
            let others = blockers.iter().filter(|blocker| Some(**blocker) != but);
            let none = others.map(|blocker| not(&encoded.when[*blocker]));
            all([encoded.about.clone(), encoded.when[rule].clone()].into_iter().chain(none))
        };
        agree!(solver, &past(None), false, "{id} is {useless:?}");
        // What the table is not about may be a blocker without a name.
        for blocker in blockers.iter().filter(|_| table.applies_to.is_none()) {
            agree!(solver, &past(Some(*blocker)), true, "{id} is {useless:?}");
        }
    }
    Ok(())
}

/// The records that go elsewhere: each row is right, and there are no others.
fn two_tables(
    case: &Tables,
    [before, after]: &[Table<'_>; 2],
    solver: &mut Solver,
) -> Result<(), TestCaseError> {
    let prover = prover();
    let mut encoding = Encoding::new(&case.worlds, prover.as_of);
    let [old, new] = [0, 1].map(|at| Encoded::new(&mut encoding, at, &case.rules[at]));
    let rerouting = prover.rerouting(before, after);
    prop_assert!(rerouting.undecided.is_empty(), "{:?}", rerouting.undecided);
    let included: Vec<Option<[String; 2]>> = rerouting
        .rows
        .iter()
        .map(|row| {
            let asked = Some(&row.include).filter(|include| !include.is_empty());
            asked.map(|include| [0, 1].map(|world| encoding.text(world, include)))
        })
        .collect();
    solver.begin(&encoding.ground());
    let differs = format!("(distinct {} {})", old.destination(None), new.destination(None));
    agree!(solver, &differs, !rerouting.rows.is_empty(), "{} rows", rerouting.rows.len());
    let mut cells = Vec::new();
    for (row, include) in rerouting.rows.iter().zip(included) {
        let ((was, from), (is, to)) = (old.meets(&row.before), new.meets(&row.after));
        let cell = all([was, is]);
        cells.push(cell.clone());
        agree!(solver, &all([cell.clone(), differs.clone()]), true, "{row:?} is empty");
        let Some(include) = include else { continue };
        for include in &include {
            let outside = all([cell.clone(), not(include)]);
            agree!(solver, &outside, false, "{row:?} has more than it includes");
        }
        let Row { before, after, except, .. } = row;
        let routed = |fate: &Fate, about: &str| match fate {
            Fate::NotRouted => not(about),
            _ => about.to_owned(),
        };
        let beyond = all([
            include[1].clone(),
            include[0].clone(),
            routed(before, &old.about),
            routed(after, &new.about),
            not(&old.excepted(except, from)),
            not(&new.excepted(except, to)),
            not(&cell),
        ]);
        agree!(solver, &beyond, false, "{row:?} includes more than it has");
    }
    let elsewhere = all([differs, not(&any(cells))]);
    agree!(solver, &elsewhere, false, "records are in no row of {:?}", rerouting.rows);
    Ok(())
}
