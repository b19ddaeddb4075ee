//! Sets, regions and formulas: laws, and brute force.

use super::world::{every_point, formula, in_any, points, regions_in, shape, space};
use crate::analysis::bits;
use crate::analysis::index::Index;
use crate::analysis::search::{Part, Sought};
use crate::analysis::{Budget, Classes, Coverage, Formula, Region};
use proptest::collection::btree_set;
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #[test]
    fn sets_of_classes_are_sets(
        one in btree_set(0_usize..200, 0..20),
        other in btree_set(0_usize..200, 0..20),
        count in 0_usize..200,
    ) {
        let set = |numbers: &BTreeSet<usize>| Classes::of(numbers.iter().copied());
        let (a, b) = (set(&one), set(&other));
        prop_assert_eq!(a.iter().collect::<BTreeSet<_>>(), one.clone());
        prop_assert_eq!(a.union(&b), set(&(&one | &other)));
        prop_assert_eq!(a.intersection(&b), set(&(&one & &other)));
        prop_assert_eq!(a.without(&b), set(&(&one - &other)));
        prop_assert_eq!(a.meets(&b), !one.is_disjoint(&other));
        prop_assert_eq!(a.is_subset(&b), one.is_subset(&other));
        prop_assert_eq!(a.len(), one.len());
        prop_assert_eq!(a.first(), one.first().copied());
        let all: BTreeSet<usize> = (0..count).collect();
        prop_assert_eq!(Classes::all(count), set(&all));
        prop_assert_eq!(a.complement(count), set(&(&all - &one)));
        prop_assert_eq!(a.is_all(count), all.is_subset(&one));
        prop_assert_eq!(a.without(&a), Classes::none());
    }

    #[test]
    fn regions_are_sets_of_points((space, lists) in regions_in(2, 1)) {
        let (Some(a), Some(b)) = (lists[0].first(), lists[1].first()) else { return Ok(()) };
        let all = every_point(&space);
        let held = |region: &Region| -> BTreeSet<_> {
            all.iter().filter(|point| region.holds(point)).cloned().collect()
        };
        let meet = a.meet(b).map(|meet| held(&meet)).unwrap_or_default();
        prop_assert_eq!(&meet, &(&held(a) & &held(b)));
        prop_assert_eq!(a.meets(b), !meet.is_empty());
        if a.contains(b) {
            prop_assert!(held(b).is_subset(&held(a)));
        }
        prop_assert!(a.contains(a) && Region::everything().contains(a));
    }

    #[test]
    fn a_formula_is_its_regions((space, formula) in formula()) {
        let regions = space.regions(&formula, &mut Budget::default()).unwrap();
        for point in points(&space) {
            prop_assert_eq!(in_any(&regions, &point), formula.holds(&point), "{:?}", point);
        }
        for point in every_point(&space) {
            prop_assert!(!in_any(&regions, &point) || formula.holds(&point), "{:?}", point);
        }
        for (at, one) in regions.iter().enumerate() {
            let others = regions.iter().enumerate().filter(|(other, _)| *other != at);
            prop_assert!(others.into_iter().all(|(_, other)| !other.contains(one)));
        }
    }

    #[test]
    fn negation_changes_places(space in space(), shapes in prop::collection::vec(shape(), 0..4)) {
        let of: Vec<Formula> = shapes.iter().map(|shape| shape.over(&space)).collect();
        let not = |formula: Formula| Formula::Not(Box::new(formula));
        let none_of = not(Formula::Or(of.clone()));
        let all_not = Formula::And(of.into_iter().map(not).collect());
        let regions = |formula| space.regions(formula, &mut Budget::default()).unwrap();
        prop_assert_eq!(regions(&none_of), regions(&all_not));
    }

    #[test]
    fn at_least_is_any_choice_of_so_many(
        space in space(),
        shapes in prop::collection::vec(shape(), 0..5),
        least in 0_usize..6,
    ) {
        let of: Vec<Formula> = shapes.iter().map(|shape| shape.over(&space)).collect();
        let choices = (0_u32..1 << of.len()).filter(|choice| choice.count_ones() as usize == least);
        let chosen = choices.map(|choice| {
            let chosen = of.iter().enumerate().filter(|(at, _)| choice >> at & 1 == 1);
            Formula::And(chosen.map(|(_, one)| one.clone()).collect())
        });
        let spelled = Formula::Or(chosen.collect());
        let counted = Formula::AtLeast(least, of);
        for point in points(&space) {
            prop_assert_eq!(counted.holds(&point), spelled.holds(&point));
        }
        let a = space.regions(&counted, &mut Budget::default()).unwrap();
        let b = space.regions(&spelled, &mut Budget::default()).unwrap();
        prop_assert_eq!(space.difference(&a, &b, &mut Budget::default()).unwrap(), None);
        prop_assert_eq!(space.difference(&b, &a, &mut Budget::default()).unwrap(), None);
    }

    #[test]
    fn what_is_uncovered_is_found((space, lists) in regions_in(2, 8)) {
        let Some(query) = lists[0].first() else { return Ok(()) };
        let covers = &lists[1];
        let bare: Vec<_> = points(&space)
            .into_iter()
            .filter(|point| query.holds(point) && !in_any(covers, point))
            .collect();
        let found = space.uncovered(query, covers, &mut Budget::default()).unwrap();
        prop_assert_eq!(found.is_some(), !bare.is_empty());
        if let Some(found) = &found {
            prop_assert!(bare.contains(found));
            for level in space.levels() {
                for class in 0..found.get(level) {
                    let mut lower = found.clone();
                    lower.set(level, class);
                    prop_assert!(!bare.contains(&lower));
                }
            }
        }
    }

    #[test]
    fn the_solver_agrees_with_the_search((space, lists) in regions_in(2, 8)) {
        let Some(query) = lists[0].first() else { return Ok(()) };
        let covers = [&lists[1], space.impossible()].concat();
        let index = Index::new(&space, covers.clone());
        let part = Part::new(&index, query, index.all());
        let found = space.uncovered(query, &covers, &mut Budget::default()).unwrap();
        match index.solve(&part, &mut Budget::default()).unwrap() {
            Sought::Bare(classes) => {
                let mut point = index.corner(query);
                for (level, class) in classes {
                    point.set(level, class);
                }
                prop_assert!(query.holds(&point) && !in_any(&covers, &point));
                prop_assert!(found.is_some());
            }
            Sought::Covered(used) => {
                let used = bits::ones(&used).map(|cover| covers[cover].clone());
                let used: Vec<Region> = used.collect();
                let left = space.uncovered(query, &used, &mut Budget::default());
                prop_assert_eq!(left.unwrap(), None);
                prop_assert_eq!(found, None);
            }
        }
    }

    #[test]
    fn a_core_suffices_and_no_cover_of_it_can_go((space, lists) in regions_in(2, 8)) {
        let Some(query) = lists[0].first() else { return Ok(()) };
        let covers = &lists[1];
        match space.core(query, covers, &mut Budget::default()).unwrap() {
            Coverage::Bare(point) => {
                prop_assert!(query.holds(&point) && !in_any(covers, &point) && space.admits(&point));
            }
            Coverage::Covered(core) => {
                prop_assert!(core.is_sorted());
                let bare = |without: Option<usize>| {
                    let kept: Vec<_> = core
                        .iter()
                        .filter(|at| Some(**at) != without)
                        .map(|at| covers[*at].clone())
                        .collect();
                    points(&space).iter().any(|point| query.holds(point) && !in_any(&kept, point))
                };
                prop_assert!(!bare(None));
                prop_assert!(core.iter().all(|cover| bare(Some(*cover))));
            }
        }
    }

    #[test]
    fn a_difference_is_found_if_there_is_one((space, lists) in regions_in(2, 5)) {
        let (a, b) = (&lists[0], &lists[1]);
        let there = points(&space).iter().any(|point| in_any(a, point) && !in_any(b, point));
        let found = space.difference(a, b, &mut Budget::default()).unwrap();
        prop_assert_eq!(found.is_some(), there);
        if let Some(point) = &found {
            prop_assert!(in_any(a, point) && !in_any(b, point) && space.admits(point));
        }
        prop_assert_eq!(found, space.difference(a, b, &mut Budget::default()).unwrap());
    }
}
