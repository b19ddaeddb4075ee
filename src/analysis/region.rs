//! A region: the classes that are allowed on some levels, all others being open.

use super::{Classes, Level, Point};

/// The points that have an allowed class on every level it names. It is never empty.
///
/// INVARIANT: parts are sorted by level, and no part is without classes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    parts: Vec<(Level, Classes)>,
}

impl Region {
    /// The region of all points.
    pub fn everything() -> Self {
        Self::default()
    }

    /// The region with some classes on some levels, which come by level; none is without classes.
    pub(super) fn of(parts: impl IntoIterator<Item = (Level, Classes)>) -> Self {
        Self { parts: parts.into_iter().collect() }
    }

    /// This region with a level narrowed to some classes, or nothing if no class is left.
    #[must_use]
    pub fn with(&self, level: Level, classes: &Classes) -> Option<Self> {
        let narrowed = match self.classes(level) {
            Some(own) => own.intersection(classes),
            None => classes.clone(),
        };
        if narrowed.is_empty() { None } else { Some(self.replaced(level, narrowed)) }
    }

    /// The points of both regions, or nothing if there are none.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let mut parts = Vec::with_capacity(self.parts.len() + other.parts.len());
        let mut theirs = other.parts.iter().peekable();
        for (level, own) in &self.parts {
            parts.extend(std::iter::from_fn(|| theirs.next_if(|(at, _)| at < level)).cloned());
            match theirs.next_if(|(at, _)| at == level) {
                None => parts.push((*level, own.clone())),
                Some((_, classes)) if own.meets(classes) => {
                    parts.push((*level, own.intersection(classes)));
                }
                Some(_) => return None,
            }
        }
        parts.extend(theirs.cloned());
        Some(Self { parts })
    }

    /// Whether the regions share a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.parts().all(|(level, own)| other.classes(level).is_none_or(|set| own.meets(set)))
    }

    /// The levels it names with their allowed classes, by level.
    pub fn parts(&self) -> impl Iterator<Item = (Level, &Classes)> {
        self.parts.iter().map(|(level, classes)| (*level, classes))
    }

    /// Whether a point lies in it.
    pub fn holds(&self, point: &Point) -> bool {
        self.parts().all(|(level, classes)| classes.contains(point.get(level)))
    }

    /// Whether every point of the other region lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        self.parts.len() <= other.parts.len()
            && self
                .parts()
                .all(|(level, own)| other.classes(level).is_some_and(|set| set.is_subset(own)))
    }

    /// The classes allowed on a level, if it names the level.
    pub fn classes(&self, level: Level) -> Option<&Classes> {
        let at = self.parts.binary_search_by_key(&level, |(own, _)| *own).ok()?;
        self.parts.get(at).map(|(_, classes)| classes)
    }

    /// How many levels it names.
    pub fn named(&self) -> usize {
        self.parts.len()
    }

    /// Whether it names no level, and so holds all points.
    pub fn is_everything(&self) -> bool {
        self.parts.is_empty()
    }

    /// This region with a level opened.
    pub(super) fn opened(&self, level: Level) -> Self {
        let parts = self.parts.iter().filter(|(own, _)| *own != level).cloned().collect();
        Self { parts }
    }

    /// This region with other classes of a level, of which there is at least one.
    pub(super) fn replaced(&self, level: Level, classes: Classes) -> Self {
        let mut parts = self.parts.clone();
        match parts.binary_search_by_key(&level, |(own, _)| *own) {
            Ok(at) => parts.get_mut(at).into_iter().for_each(|(_, own)| own.clone_from(&classes)),
            Err(at) => parts.insert(at, (level, classes)),
        }
        Self { parts }
    }
}
