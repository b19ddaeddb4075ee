//! One class of each level.

use super::Level;

/// A point: one class of each level. A level it does not name has class 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    classes: Vec<usize>,
}

impl Point {
    /// The point that has class 0 of each of so many levels.
    pub(super) fn lowest(levels: usize) -> Self {
        Self { classes: vec![0; levels] }
    }

    /// The class it has of a level.
    pub fn get(&self, level: Level) -> usize {
        self.classes.get(level.number()).copied().unwrap_or_default()
    }

    /// Gives it a class of a level.
    pub fn set(&mut self, level: Level, class: usize) {
        if self.classes.len() <= level.number() {
            self.classes.resize(level.number() + 1, 0);
        }
        if let Some(own) = self.classes.get_mut(level.number()) {
            *own = class;
        }
    }
}
