//! Small random spaces, with everything in them written out.

use crate::analysis::{Classes, Formula, Level, Point, Region, Space};
use proptest::collection::vec;
use proptest::prelude::*;

/// A space of two to five levels of two to five classes, with up to two impossible regions.
pub(super) fn space() -> impl Strategy<Value = Space> {
    (vec(1_usize..=5, 2..=5), vec(any::<[u8; 5]>(), 0..=2)).prop_map(|(counts, forbidden)| {
        let mut space = Space::new();
        for count in counts {
            space.level(count);
        }
        for bits in forbidden {
            let region = region_of(&space, bits);
            if !region.is_everything() {
                space.forbid(region);
            }
        }
        space
    })
}

/// The region that random bits stand for: a level whose bits name no class is open.
fn region_of(space: &Space, bits: [u8; 5]) -> Region {
    space.levels().zip(bits).fold(Region::everything(), |region, (level, bits)| {
        let classes = classes_of(space, level, bits);
        if bits > 0xa0 { region } else { region.with(level, &classes).unwrap_or(region) }
    })
}

fn classes_of(space: &Space, level: Level, bits: u8) -> Classes {
    Classes::of((0..space.classes(level)).filter(|class| bits >> class & 1 == 1))
}

/// A space with lists of regions in it.
pub(super) fn regions_in(
    lists: usize,
    most: usize,
) -> impl Strategy<Value = (Space, Vec<Vec<Region>>)> {
    let lists = vec(vec(any::<[u8; 5]>(), 0..=most), lists);
    (space(), lists).prop_map(|(space, lists)| {
        let list = |list: Vec<_>| list.into_iter().map(|bits| region_of(&space, bits)).collect();
        let lists = lists.into_iter().map(list).collect();
        (space, lists)
    })
}

/// A space with up to eight rules, each of up to three regions.
pub(super) fn space_and_rules() -> impl Strategy<Value = (Space, Vec<Vec<Region>>)> {
    regions_in(8, 3).prop_flat_map(|(space, lists)| {
        (0..=lists.len()).prop_map(move |count| (space.clone(), lists[..count].to_vec()))
    })
}

/// A space with a formula over it.
pub(super) fn formula() -> impl Strategy<Value = (Space, Formula)> {
    (space(), shape()).prop_map(|(space, shape)| {
        let formula = shape.over(&space);
        (space, formula)
    })
}

/// A formula before it is known over which space.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Is(usize, u8),
    Always(bool),
    Not(Box<Shape>),
    Join(bool, Vec<Shape>),
    AtLeast(usize, Vec<Shape>),
}

pub(super) fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        20 => (0_usize..5, any::<u8>()).prop_map(|(level, bits)| Shape::Is(level, bits)),
        1 => any::<bool>().prop_map(Shape::Always),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Shape::Not(Box::new(inner))),
            (any::<bool>(), vec(inner.clone(), 0..5)).prop_map(|(all, of)| Shape::Join(all, of)),
            (0_usize..6, vec(inner, 0..6)).prop_map(|(least, of)| Shape::AtLeast(least, of)),
        ]
    })
}

impl Shape {
    pub(super) fn over(&self, space: &Space) -> Formula {
        let each = |of: &[Self]| of.iter().map(|one| one.over(space)).collect();
        match self {
            Self::Is(level, bits) => {
                let level = space.levels().cycle().nth(*level).unwrap();
                Formula::Is(level, classes_of(space, level, *bits))
            }
            Self::Always(true) => Formula::Always,
            Self::Always(false) => Formula::Never,
            Self::Not(inner) => Formula::Not(Box::new(inner.over(space))),
            Self::Join(true, of) => Formula::And(each(of)),
            Self::Join(false, of) => Formula::Or(each(of)),
            Self::AtLeast(least, of) => Formula::AtLeast(*least, each(of)),
        }
    }
}

/// All points of a space, the impossible ones too.
pub(super) fn every_point(space: &Space) -> Vec<Point> {
    space.levels().fold(vec![space.lowest()], |points, level| {
        let with = |point: &Point, class| {
            let mut point = point.clone();
            point.set(level, class);
            point
        };
        let count = space.classes(level);
        points.iter().flat_map(|point| (0..count).map(move |class| with(point, class))).collect()
    })
}

/// All points of a space that can be.
pub(super) fn points(space: &Space) -> Vec<Point> {
    every_point(space).into_iter().filter(|point| space.admits(point)).collect()
}

/// Whether a point lies in one of some regions.
pub(super) fn in_any(regions: &[Region], point: &Point) -> bool {
    regions.iter().any(|region| region.holds(point))
}
