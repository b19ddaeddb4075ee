//! Which changes nobody wrote follow from which that somebody did.

use super::Change;
use crate::model::Address;
use std::collections::BTreeMap;

/// Changes that follow from others, found by what they follow from.
#[derive(Debug)]
pub struct Consequences<'c> {
    /// By what is named as the cause: the changes, with their places among all.
    by: BTreeMap<&'c str, Vec<(usize, &'c Change)>>,
}

impl<'c> Consequences<'c> {
    /// Those among some changes.
    pub fn among(changes: impl IntoIterator<Item = &'c Change>) -> Self {
        let mut by: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (at, change) in changes.into_iter().enumerate() {
            for cause in &change.caused_by {
                by.entry(cause.as_str()).or_default().push((at, change));
            }
        }
        Self { by }
    }

    /// What [follows from](Change::follows_from) a change, in the order of all, each once.
    pub fn of(&self, cause: &Change) -> impl Iterator<Item = &'c Change> {
        let ends = [Some(&cause.address), cause.previous.as_ref()].into_iter().flatten();
        let named = ends.flat_map(Address::and_above).filter_map(|name| self.by.get(name));
        named.flatten().copied().collect::<BTreeMap<_, _>>().into_values()
    }
}
