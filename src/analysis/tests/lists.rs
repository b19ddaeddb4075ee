//! Ordered lists of rules against brute force.

use super::world::{in_any, points, regions_in, space_and_rules};
use crate::analysis::{Budget, Point, Reach, Region, Rules, Space};
use proptest::prelude::*;

/// The rule that takes a point, by trying one after the other.
pub(super) fn first(conditions: &[Vec<Region>], point: &Point) -> Option<usize> {
    conditions.iter().position(|condition| in_any(condition, point))
}

/// Whether the rules of some numbers leave nothing of a condition.
fn block(space: &Space, conditions: &[Vec<Region>], rules: &[usize], rule: usize) -> bool {
    let blocked = |point: &Point| rules.iter().any(|rule| in_any(&conditions[*rule], point));
    points(space).iter().all(|point| !in_any(&conditions[rule], point) || blocked(point))
}

proptest! {
    #[test]
    fn the_first_rule_takes_a_point((space, conditions) in space_and_rules()) {
        let rules = Rules::new(&space, &conditions);
        for point in points(&space) {
            prop_assert_eq!(rules.taken_by(&point), first(&conditions, &point));
        }
    }

    #[test]
    fn a_rule_fires_or_is_blocked_for_a_reason((space, conditions) in space_and_rules()) {
        let rules = Rules::new(&space, &conditions);
        let all = points(&space);
        for (rule, condition) in conditions.iter().enumerate() {
            let fires = all.iter().any(|point| first(&conditions, point) == Some(rule));
            match rules.reach(rule, 0, &mut Budget::default()).unwrap() {
                Reach::Fires(point) => {
                    prop_assert!(space.admits(&point));
                    prop_assert_eq!(first(&conditions, &point), Some(rule));
                }
                Reach::Contradiction => {
                    prop_assert!(!all.iter().any(|point| in_any(condition, point)));
                }
                Reach::Shadowed { blockers } => {
                    prop_assert!(!fires && all.iter().any(|point| in_any(condition, point)));
                    prop_assert!(blockers.is_sorted() && blockers.iter().all(|one| *one < rule));
                    prop_assert!(block(&space, &conditions, &blockers, rule));
                    for one in &blockers {
                        let others: Vec<_> =
                            blockers.iter().copied().filter(|other| other != one).collect();
                        prop_assert!(!block(&space, &conditions, &others, rule));
                    }
                    let alone = (0..rule).find(|one| block(&space, &conditions, &[*one], rule));
                    if let Some(alone) = alone {
                        prop_assert_eq!(blockers, vec![alone]);
                    }
                }
            }
        }
    }

    #[test]
    fn what_no_rule_takes_is_found((space, conditions) in space_and_rules()) {
        let rules = Rules::new(&space, &conditions);
        let everything = [Region::everything()];
        let left: Vec<_> =
            points(&space).into_iter().filter(|point| first(&conditions, point).is_none()).collect();
        let found = rules.leftover(&everything, &mut Budget::default()).unwrap();
        prop_assert_eq!(found.is_some(), !left.is_empty());
        prop_assert!(found.is_none_or(|point| left.contains(&point)));
        let described = rules.describe_leftover(&everything, 100, &mut Budget::default()).unwrap();
        prop_assert!(described.complete);
        for point in points(&space) {
            prop_assert_eq!(in_any(&described.regions, &point), left.contains(&point));
        }
    }

    #[test]
    fn what_a_rule_takes_is_described((space, conditions) in space_and_rules()) {
        let rules = Rules::new(&space, &conditions);
        for rule in 0..conditions.len() {
            let described = rules.effective(rule, 100, &mut Budget::default()).unwrap();
            prop_assert!(described.complete);
            for point in points(&space) {
                let takes = first(&conditions, &point) == Some(rule);
                prop_assert_eq!(in_any(&described.regions, &point), takes);
            }
            let short = rules.effective(rule, 1, &mut Budget::default()).unwrap();
            prop_assert_eq!(&short.regions, &described.regions.get(..1).unwrap_or_default());
            prop_assert_eq!(short.complete, described.regions.len() <= 1);
        }
    }

    #[test]
    fn a_described_region_cannot_be_raised((space, lists) in regions_in(2, 5)) {
        let (queries, covers) = (&lists[0], &lists[1]);
        let described = space.describe(queries, covers, 100, &mut Budget::default()).unwrap();
        let good = |region: &Region| {
            let fits = |point: &Point| in_any(queries, point) && !in_any(covers, point);
            points(&space).iter().all(|point| !region.holds(point) || fits(point))
        };
        for region in &described.regions {
            prop_assert!(good(region));
            for (level, classes) in region.parts() {
                for class in classes.complement(space.classes(level)).iter() {
                    let mut more = classes.clone();
                    more.insert(class);
                    let raised = region.parts().fold(Region::everything(), |raised, (own, old)| {
                        raised.with(own, if own == level { &more } else { old }).unwrap()
                    });
                    prop_assert!(!good(&raised));
                }
            }
        }
    }

    #[test]
    fn a_redundant_rule_can_go(
        (space, conditions) in space_and_rules(),
        outcomes in prop::collection::vec(0_u32..3, 8),
        default in 0_u32..3,
    ) {
        let rules = Rules::new(&space, &conditions);
        let outcome = |conditions: &[Vec<Region>], point: &Point| {
            first(conditions, point).map_or(default, |rule| outcomes[rule])
        };
        for rule in 0..conditions.len() {
            let mut without = conditions.clone();
            without[rule].clear();
            let fires = points(&space).iter().any(|point| first(&conditions, point) == Some(rule));
            let same = points(&space)
                .iter()
                .all(|point| outcome(&conditions, point) == outcome(&without, point));
            let found = rules.redundant(rule, &outcomes, default, &mut Budget::default()).unwrap();
            prop_assert_eq!(found, fires && same);
        }
    }

    #[test]
    fn overlaps_are_where_order_decides(
        (space, conditions) in space_and_rules(),
        outcomes in prop::collection::vec(0_u32..3, 8),
    ) {
        let rules = Rules::new(&space, &conditions);
        let outcomes = &outcomes[..conditions.len()];
        let found = rules.overlaps(outcomes, 100, &mut Budget::default()).unwrap();
        prop_assert!(found.complete);
        let mut expected = Vec::new();
        for i in 0..conditions.len() {
            for j in i + 1..conditions.len() {
                let decided = |point: &Point| {
                    first(&conditions, point) == Some(i) && in_any(&conditions[j], point)
                };
                if outcomes[i] != outcomes[j] && points(&space).iter().any(decided) {
                    expected.push((i, j));
                }
            }
        }
        let pairs: Vec<_> = found.pairs.iter().map(|pair| (pair.first, pair.second)).collect();
        prop_assert_eq!(pairs, expected);
        for pair in &found.pairs {
            prop_assert_eq!(first(&conditions, &pair.witness), Some(pair.first));
            prop_assert!(in_any(&conditions[pair.second], &pair.witness));
            prop_assert!(space.admits(&pair.witness));
        }
        let short = rules.overlaps(outcomes, 1, &mut Budget::default()).unwrap();
        prop_assert_eq!(short.complete, found.pairs.len() <= 1);
        prop_assert_eq!(&short.pairs, &found.pairs.get(..1).unwrap_or(&found.pairs));
    }
}
