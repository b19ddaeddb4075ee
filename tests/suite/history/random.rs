//! The walk over histories that nobody thought of, held against the naive reading.

use super::drawn::{State, Turn};
use super::naive::{Told, told};
use super::timeline::{Moment, Timeline};
use super::{ANEW, T, Way, steps};
use crate::repo::Repo;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// How a history goes on: from which commits, with which turns, and what a clock says.
#[derive(Debug, Clone)]
struct Move {
    from: usize,
    merges: Option<(usize, u64)>,
    also: Option<usize>,
    turns: Vec<Turn>,
    clock: i64,
}

fn a_move() -> impl Strategy<Value = Move> {
    let turns = prop::collection::vec(any::<Turn>(), 0..7);
    let merges = prop::option::weighted(0.35, (0..6_usize, any::<u64>()));
    let also = prop::option::weighted(0.1, 0..6_usize);
    let clock = prop_oneof![9 => 60..90_000_i64, 1 => -200_000..0_i64];
    (0..8_usize, merges, also, turns, clock).prop_map(|(from, merges, also, turns, clock)| Move {
        from: from.saturating_sub(4),
        merges,
        also,
        turns,
        clock,
    })
}

fn drawn(moves: &[Move]) -> Timeline {
    let mut states = vec![State::first()];
    let mut timeline =
        Timeline(vec![Moment { parents: Vec::new(), files: states[0].files(), seconds: T }]);
    for step in moves {
        let last = timeline.0.len() - 1;
        let from = last.saturating_sub(step.from);
        let mut parents = vec![from];
        let mut state = states[from].clone();
        for (back, bits) in step.merges.iter().copied().chain(step.also.map(|back| (back, 7))) {
            let other = last.saturating_sub(back);
            if parents.contains(&other) || (parents.len() == 1 && step.merges.is_none()) {
                continue;
            }
            let ours = timeline.reached_from(from);
            let base = timeline.reached_from(other).intersection(&ours).max().copied();
            state = State::merged(&states[base.expect("one root")], &state, &states[other], bits);
            parents.push(other);
        }
        // Most merges say nothing of their own.
        let quiet = parents.len() > 1 && step.clock % 3 != 0;
        for turn in step.turns.iter().filter(|_| !quiet) {
            state.turn(*turn);
        }
        let seconds = timeline.0[from].seconds + step.clock;
        timeline.0.push(Moment { parents, files: state.files(), seconds });
        states.push(state);
    }
    timeline
}

/// Steps in the order of their commits' ids, so that two walks can be compared whatever order both
/// took.
fn sorted(mut told: Vec<Told>) -> Vec<Told> {
    told.sort_by(|a, b| a.commit.cmp(&b.commit));
    told
}

/// What only one of two walks says, by commit.
fn difference(walked: &[Told], expected: &[Told]) -> String {
    let of = |told: &[Told], commit: &str| {
        let found = told.iter().find(|told| told.commit == commit);
        found.cloned().unwrap_or_else(|| Told::nothing(commit))
    };
    let commits: BTreeSet<&String> =
        walked.iter().chain(expected).map(|told| &told.commit).collect();
    let differences = commits.into_iter().map(|commit| {
        let (walked, expected) = (of(walked, commit), of(expected, commit));
        if walked == expected { String::new() } else { walked.difference(&expected) }
    });
    differences.collect()
}

/// How many histories are tried; more where `HISTORIES` says so.
fn cases() -> u32 {
    std::env::var("HISTORIES").ok().and_then(|number| number.parse().ok()).unwrap_or(16)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 120, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_walk_says_what_reading_everything_says(moves in prop::collection::vec(a_move(), 1..20)) {
        let timeline = drawn(&moves);
        let repo = Repo::new();
        let ids = timeline.write_into(&repo);
        for (first_parent, whole) in [(false, false), (true, false), (false, true)] {
            let way = Way { first_parent, whole, ..ANEW };
            let expected = sorted(told(&timeline, (&repo, &ids), way));
            for remembers in [false, true, true] {
                let walk = steps(repo.path(), Way { remembers, ..way });
                let walked = sorted(walk.iter().map(Told::of).collect());
                let difference = difference(&walked, &expected);
                if !difference.is_empty() {
                    prop_assert!(
                        false,
                        "{way:?}, remembers {remembers}: the walk says -, reading says +\n{difference}"
                    );
                }
            }
        }
    }
}
