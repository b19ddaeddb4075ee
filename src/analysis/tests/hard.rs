//! Questions that are made to be hard: each is answered, or the budget says that it is not.

use crate::analysis::{
    Budget, Classes, Coverage, Exhausted, Formula, Level, Reach, Region, Rules, Side, Space, moved,
};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % sides
    }
}

fn space_of(counts: &[usize]) -> (Space, Vec<Level>) {
    let mut space = Space::new();
    let levels = counts.iter().map(|count| space.level(*count)).collect();
    (space, levels)
}

/// A region that names so many random levels.
fn region(space: &Space, levels: &[Level], named: usize, dice: &mut Dice) -> Region {
    let mut region = Region::everything();
    while region.named() < named {
        let level = levels[dice.roll(levels.len())];
        let count = space.classes(level);
        let classes = match dice.roll(3) {
            0 => Classes::one(dice.roll(count)),
            1 => Classes::of((0..=dice.roll(3)).map(|_| dice.roll(count))),
            _ => Classes::one(dice.roll(count)).complement(count),
        };
        region = region.with(level, &classes).unwrap_or(region);
    }
    region
}

/// As many forbidden corners as make it hard to say whether all of a cube is forbidden.
fn corners(variables: usize, dice: &mut Dice) -> (Space, Vec<Region>) {
    let (space, levels) = space_of(&vec![2; variables]);
    let mut corner = || {
        let mut region = Region::everything();
        while region.named() < 3 {
            let level = levels[dice.roll(variables)];
            region = region.with(level, &Classes::one(dice.roll(2))).unwrap_or(region);
        }
        region
    };
    let regions = (0..variables * 43 / 10).map(|_| corner()).collect();
    (space, regions)
}

#[test]
fn random_corners_of_a_cube_are_decided_or_given_up() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut answers = [0; 3];
    for variables in [20, 40, 60, 80, 100] {
        for _ in 0..3 {
            let (space, covers) = corners(variables, &mut dice);
            let everything = Region::everything();
            match space.uncovered(&everything, &covers, &mut Budget::default()) {
                Ok(Some(point)) => {
                    assert!(!covers.iter().any(|cover| cover.holds(&point)));
                    answers[0] += 1;
                }
                Ok(None) => answers[1] += 1,
                Err(Exhausted) => answers[2] += 1,
            }
        }
    }
    assert!(answers[0] > 0 && answers[1] > 0 && answers[2] <= 3, "{answers:?}");
}

#[test]
fn the_solver_and_the_search_agree_with_each_other() {
    // Pigeons: so many levels of one class fewer, of which no two may have the same.
    for (pigeons, holes) in [(7, 6), (7, 7)] {
        let (space, levels) = space_of(&vec![holes; pigeons]);
        let mut covers = Vec::new();
        for (at, one) in levels.iter().enumerate() {
            for other in levels.iter().skip(at + 1) {
                covers.extend((0..holes).map(|hole| {
                    let classes = Classes::one(hole);
                    Region::everything()
                        .with(*one, &classes)
                        .unwrap()
                        .with(*other, &classes)
                        .unwrap()
                }));
            }
        }
        let found = space.uncovered(&Region::everything(), &covers, &mut Budget::default());
        let fits = found.unwrap();
        assert_eq!(fits.is_some(), holes >= pigeons);
        assert!(fits.is_none_or(|point| !covers.iter().any(|cover| cover.holds(&point))));
    }
}

#[test]
fn a_core_of_a_hard_proof_suffices() {
    let mut dice = Dice(7);
    let (space, covers) = corners(40, &mut dice);
    let doubled: Vec<Region> = covers.iter().chain(&covers).cloned().collect();
    let found = space.core(&Region::everything(), &doubled, &mut Budget::default()).unwrap();
    if let Coverage::Covered(core) = found {
        let core: Vec<Region> = core.into_iter().map(|at| doubled[at].clone()).collect();
        let left = space.uncovered(&Region::everything(), &core, &mut Budget::default());
        assert_eq!(left.unwrap(), None);
    }
}

#[test]
fn a_formula_of_two_hundred_tests_is_multiplied_out() {
    let (space, levels) = space_of(&[10; 20]);
    let test = |at: usize| Formula::Is(levels[at % 20], Classes::one(at / 20));
    let all: Vec<Formula> = (0..200).map(test).collect();
    let any = space.regions(&Formula::Or(all.clone()), &mut Budget::default()).unwrap();
    assert_eq!(any, [Region::everything()]);
    let some = Formula::Or(all[..100].to_vec());
    assert_eq!(space.regions(&some, &mut Budget::default()).unwrap().len(), 20);
    let none = Formula::Not(Box::new(some));
    assert_eq!(space.regions(&none, &mut Budget::default()).unwrap().len(), 1);
    let two = Formula::AtLeast(2, all[..40].to_vec());
    assert_eq!(space.regions(&two, &mut Budget::default()).unwrap().len(), 190);
}

#[test]
fn a_formula_that_explodes_is_given_up() {
    let (space, levels) = space_of(&[2; 200]);
    let test = |at: usize| Formula::Is(levels[at], Classes::one(1));
    let pairs = (0..100).map(|at| Formula::Or(vec![test(at), test(at + 100)]));
    let pairs = Formula::And(pairs.collect());
    assert_eq!(space.regions(&pairs, &mut Budget::new(50_000)), Err(Exhausted));
    let half = Formula::AtLeast(100, (0..200).map(test).collect());
    assert_eq!(space.regions(&half, &mut Budget::new(50_000)), Err(Exhausted));
}

#[test]
fn five_thousand_rules_and_a_wide_level() {
    let mut dice = Dice(42);
    let (space, levels) = space_of(&[9, 12, 250, 7, 30, 8, 5, 11, 4, 14, 6, 9, 3, 10]);
    let mut conditions: Vec<Vec<Region>> = Vec::new();
    for _ in 0..5_000 {
        let named = 3 + dice.roll(4);
        conditions.push(vec![region(&space, &levels, named, &mut dice)]);
    }
    let rules = Rules::new(&space, &conditions);
    let mut budget = Budget::default();
    for rule in (0..5_000).step_by(200) {
        if let Reach::Fires(point) = rules.reach(rule, 0, &mut budget).unwrap() {
            assert_eq!(rules.taken_by(&point), Some(rule));
        }
    }
    let outcomes: Vec<u32> = (0..5_000).map(|rule| rule % 40).collect();
    let mut edited = conditions.clone();
    edited[4_000] = vec![region(&space, &levels, 5, &mut dice)];
    let after = Rules::new(&space, &edited);
    let before = Side { rules: &rules, outcomes: &outcomes, default: 0 };
    let moves = moved(&before, &Side { rules: &after, ..before }, &mut budget);
    assert_eq!(moves.undecided, []);
    for cell in &moves.moved {
        assert_eq!(rules.taken_by(&cell.witness), cell.before);
        assert_eq!(after.taken_by(&cell.witness), cell.after);
    }
}
