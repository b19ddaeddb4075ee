//! How each commit came to the main line: on it, or by which merge.

use crate::git::{ObjectId, Waypoint};
use std::collections::HashMap;

/// The main line is what the first parents lead back to. Commits are met children first; what is
/// known is only kept of those that are still to come.
#[derive(Debug, Default)]
pub(super) struct MainLine {
    started: bool,
    /// Commits of the main line, by how far back they are.
    line: HashMap<ObjectId, usize>,
    /// The oldest merge so far that brought a commit, and how far back it is.
    brought: HashMap<ObjectId, (usize, ObjectId)>,
}

impl MainLine {
    /// The merge that brought a commit to the main line; none where it stands on it.
    pub(super) fn meet(&mut self, commit: &Waypoint) -> Option<ObjectId> {
        if !self.started {
            self.started = true;
            self.line.insert(commit.id, 0);
        }
        let brought = self.brought.remove(&commit.id);
        if let Some(back) = self.line.remove(&commit.id) {
            let mut parents = commit.parents.iter();
            if let Some(first) = parents.next() {
                self.line.insert(*first, back + 1);
                self.brought.remove(first);
            }
            for parent in parents {
                self.offer(*parent, back, commit.id);
            }
            return None;
        }
        let (back, merge) = brought?;
        for parent in &commit.parents {
            self.offer(*parent, back, merge);
        }
        Some(merge)
    }

    /// What a merge reaches was brought by it, unless an older one reaches it too.
    fn offer(&mut self, id: ObjectId, back: usize, merge: ObjectId) {
        if self.line.contains_key(&id) {
            return;
        }
        let known = self.brought.entry(id).or_insert((back, merge));
        if known.0 < back {
            *known = (back, merge);
        }
    }
}
