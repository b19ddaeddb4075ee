//! Who last changed what each part of an entity means, told from what is recorded of it.

use super::names::stem;
use super::past::{Happened, Maker, Past, Row};
use std::cmp::Reverse;
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
            for (row, maker) in newest_first(past, it) {
                let below = row.entry.address.strip_prefix(row.entity.as_str()).unwrap_or_default();
                newest.get_or_insert_with(|| told(it, maker));
                let below = below.trim_start_matches('.');
                if !below.is_empty() {
                    parts.entry(stem(below)).or_insert_with(|| told(it, maker));
                }
            }
        }
        // What was not fetched may have had it before.
        let first = happened.last().filter(|_| past.cut_off().is_none());
        let first = first.map(|it| {
            let made = newest_first(past, it).into_iter();
            let oldest = made.filter_map(|(row, _)| past.makers_of(row).next_back());
            told(it, oldest.min_by_key(|maker| &maker.time))
        });
        Self { parts, newest, first }
    }

    /// Who last changed the part at a place of the page; none where it is as it came.
    pub(in crate::site) fn since(&self, place: &str) -> Option<String> {
        self.parts.get(place).cloned()
    }
}

/// What somebody changed, what was written last first, with the commit that made it where a merge
/// brought it.
fn newest_first<'p>(past: &'p Past, it: &Happened<'p>) -> Vec<(&'p Row, Option<&'p Maker>)> {
    let rows = it.rows.iter().copied().filter(|row| row.entry.direct);
    let mut made: Vec<_> = rows.map(|row| (row, past.makers_of(row).next())).collect();
    made.sort_by_key(|(_, maker)| Reverse(maker.map_or(&it.revision.time, |maker| &maker.time)));
    made
}

/// When something was written and by whom; of what a merge brought, also that.
fn told(it: &Happened<'_>, maker: Option<&Maker>) -> String {
    let (day, author) = (&it.revision.day, &it.revision.author);
    match maker {
        Some(maker) => {
            format!("{}, {} (merged {day} by {author})", maker.day, maker.author)
        }
        None => format!("{day}, {author}"),
    }
}
