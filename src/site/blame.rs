//! Who last changed what each part of an entity means, told from what is recorded of it.

use super::names::stem;
use super::past::{Happened, Past};
use std::collections::BTreeMap;

/// The last change of each part that somebody changed, by its place on the page.
pub(in crate::site) struct Blame {
    parts: BTreeMap<String, String>,
    /// The last change of any part.
    pub(in crate::site) newest: Option<String>,
    /// How it came to be, where all of the history is known.
    pub(in crate::site) first: Option<String>,
}

impl Blame {
    /// Of an entity, under the names it had.
    pub(in crate::site) fn of(past: &Past, address: &str) -> Self {
        let happened = past.timeline_of(address);
        let mut parts = BTreeMap::new();
        let mut newest = None;
        // The newest comes first, and is kept.
        for it in &happened {
            for row in it.rows.iter().filter(|row| row.entry.direct) {
                let below = row.entry.address.strip_prefix(row.entity.as_str()).unwrap_or_default();
                newest.get_or_insert_with(|| told(it));
                let below = below.trim_start_matches('.');
                if !below.is_empty() {
                    parts.entry(stem(below)).or_insert_with(|| told(it));
                }
            }
        }
        // What was not fetched may have had it before.
        let first = happened.last().filter(|_| past.cut_off().is_none());
        Self { parts, newest, first: first.map(told) }
    }

    /// Who last changed the part at a place of the page; none where it is as it came.
    pub(in crate::site) fn since(&self, place: &str) -> Option<String> {
        self.parts.get(place).cloned()
    }
}

fn told(happened: &Happened<'_>) -> String {
    format!("{}, {}", happened.revision.day, happened.revision.author)
}
