//! What moves between two lists, against brute force.

use super::lists::first;
use super::world::{in_any, points, regions_in, space_and_rules};
use crate::analysis::{Budget, Moves, Region, Rules, Side, Space, moved};
use proptest::collection::vec;
use proptest::prelude::*;

/// A list with its outcomes.
#[derive(Debug, Clone, PartialEq)]
struct List {
    rules: Vec<(Vec<Region>, u32)>,
    default: u32,
}

impl List {
    fn conditions(&self) -> Vec<Vec<Region>> {
        self.rules.iter().map(|(condition, _)| condition.clone()).collect()
    }

    fn outcome(&self, rule: Option<usize>) -> u32 {
        rule.map_or(self.default, |rule| self.rules[rule].1)
    }

    /// The list with an edit: 0 removes, 1 inserts, 2 swaps with the next, 3 copies, 4 changes an
    /// outcome, 5 changes the default.
    fn edited(mut self, (kind, at, condition, outcome): &Edit) -> Self {
        let at = if self.rules.is_empty() { 0 } else { at % self.rules.len() };
        let more = at + 1 < self.rules.len();
        match kind {
            0 if more => _ = self.rules.remove(at),
            2 if more => self.rules.swap(at, at + 1),
            3 if more => self.rules.insert(at, self.rules[at + 1].clone()),
            4 if more => self.rules[at].1 = *outcome,
            5 => self.default = *outcome,
            _ => self.rules.insert(at, (condition.clone(), *outcome)),
        }
        self
    }
}

type Edit = (u8, usize, Vec<Region>, u32);

fn compared(space: &Space, before: &List, after: &List, budget: &mut Budget) -> Moves {
    let rules = |list: &List| Rules::new(space, &list.conditions());
    let outcomes =
        |list: &List| -> Vec<u32> { list.rules.iter().map(|(_, outcome)| *outcome).collect() };
    let (old, new) = (rules(before), rules(after));
    let (old_outcomes, new_outcomes) = (outcomes(before), outcomes(after));
    let before = Side { rules: &old, outcomes: &old_outcomes, default: before.default };
    let after = Side { rules: &new, outcomes: &new_outcomes, default: after.default };
    moved(&before, &after, budget)
}

fn two_lists() -> impl Strategy<Value = (Space, List, List)> {
    let numbers = vec((0_u8..6, 0_usize..8, 0_u32..3), 0..5);
    let inputs = (regions_in(13, 2), vec(0_u32..3, 9), numbers, 0_usize..9);
    inputs.prop_map(|((space, lists), outcomes, edits, count)| {
        let rules = lists.iter().cloned().zip(outcomes.iter().copied()).take(count.min(8));
        let before = List { rules: rules.collect(), default: outcomes[8] };
        let edits = edits.into_iter().zip(&lists[8..]);
        let after = edits.fold(before.clone(), |list, ((kind, at, outcome), condition)| {
            list.edited(&(kind, at, condition.clone(), outcome))
        });
        (space, before, after)
    })
}

/// Holds the moves against every point of the space.
fn verify(space: &Space, before: &List, after: &List) -> Result<(), TestCaseError> {
    let moves = compared(space, before, after, &mut Budget::default());
    prop_assert_eq!(&moves.undecided, &vec![]);
    let (old, new) = (before.conditions(), after.conditions());
    let mut expected = Vec::new();
    for point in points(space) {
        let (i, j) = (first(&old, &point), first(&new, &point));
        if before.outcome(i) != after.outcome(j) {
            expected.push((i, j));
            let cell = moves.moved.iter().find(|moved| (moved.before, moved.after) == (i, j));
            prop_assert!(cell.is_some(), "{:?} from {:?} to {:?} is missing", point, i, j);
            prop_assert!(in_any(&cell.unwrap().regions, &point));
        }
    }
    let last = |rule: Option<usize>| rule.unwrap_or(usize::MAX);
    expected.sort_by_key(|(i, j)| (last(*i), last(*j)));
    expected.dedup();
    let cells: Vec<_> = moves.moved.iter().map(|moved| (moved.before, moved.after)).collect();
    prop_assert_eq!(cells, expected);
    for moved in &moves.moved {
        prop_assert_eq!(first(&old, &moved.witness), moved.before);
        prop_assert_eq!(first(&new, &moved.witness), moved.after);
        prop_assert!(space.admits(&moved.witness) && in_any(&moved.regions, &moved.witness));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn exactly_what_differs_has_moved((space, before, after) in two_lists()) {
        verify(&space, &before, &after)?;
        verify(&space, &after, &before)?;
    }

    #[test]
    fn a_list_moves_nothing_against_itself((space, before, _) in two_lists()) {
        let moves = compared(&space, &before, &before, &mut Budget::default());
        prop_assert_eq!(moves, Moves::default());
    }

    #[test]
    fn the_same_question_has_the_same_answer((space, before, after) in two_lists()) {
        let run = || compared(&space, &before, &after, &mut Budget::default());
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn a_small_budget_leaves_cells_undecided_and_decides_none_wrongly(
        (space, before, after) in two_lists(),
        steps in 0_u64..20,
    ) {
        let whole = compared(&space, &before, &after, &mut Budget::default());
        let part = compared(&space, &before, &after, &mut Budget::new(steps));
        for moved in &whole.moved {
            let decided = part.moved.iter().any(|one| {
                (one.before, one.after) == (moved.before, moved.after)
            });
            prop_assert!(decided || part.undecided.contains(&(moved.before, moved.after)));
        }
        for moved in &part.moved {
            let same = |one: &&_| {
                let one: &crate::analysis::Moved = one;
                (one.before, one.after) == (moved.before, moved.after)
            };
            prop_assert!(whole.moved.iter().find(same).is_some());
        }
    }

    #[test]
    fn a_moved_cell_is_described((space, before, after) in two_lists()) {
        let (old, new) = (before.conditions(), after.conditions());
        let outcomes = |list: &List| -> Vec<u32> { list.rules.iter().map(|rule| rule.1).collect() };
        let (old_rules, new_rules) = (Rules::new(&space, &old), Rules::new(&space, &new));
        let (old_outcomes, new_outcomes) = (outcomes(&before), outcomes(&after));
        let one = Side { rules: &old_rules, outcomes: &old_outcomes, default: before.default };
        let other = Side { rules: &new_rules, outcomes: &new_outcomes, default: after.default };
        for cell in moved(&one, &other, &mut Budget::default()).moved {
            let described = cell.describe(&one, &other, 100, &mut Budget::default()).unwrap();
            prop_assert!(described.complete);
            for point in points(&space) {
                let inside = (first(&old, &point), first(&new, &point)) == (cell.before, cell.after);
                prop_assert_eq!(in_any(&described.regions, &point), inside);
            }
        }
    }

    #[test]
    fn disjoint_neighbours_change_places_unnoticed((space, before, _) in two_lists()) {
        for at in 1..before.rules.len() {
            let meet = |point: &_| {
                in_any(&before.rules[at].0, point) && in_any(&before.rules[at - 1].0, point)
            };
            if !points(&space).iter().any(meet) {
                let mut after = before.clone();
                after.rules.swap(at - 1, at);
                let moves = compared(&space, &before, &after, &mut Budget::default());
                prop_assert_eq!(moves, Moves::default());
            }
        }
    }

    #[test]
    fn a_rule_that_cannot_fire_changes_nothing(
        (space, conditions) in space_and_rules(),
        outcomes in vec(0_u32..3, 9),
    ) {
        let rules: Vec<_> = conditions.into_iter().zip(outcomes.iter().copied()).collect();
        let before = List { rules, default: outcomes[8] };
        for rule in 0..before.rules.len() {
            let mut after = before.clone();
            after.rules.push((before.rules[rule].0.clone(), (before.rules[rule].1 + 1) % 3));
            let moves = compared(&space, &before, &after, &mut Budget::default());
            prop_assert_eq!(moves, Moves::default());
        }
    }
}
