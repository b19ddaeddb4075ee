//! Rules that are seen to be of use, by a record that one takes and that would go elsewhere without it.
//!
//! Such a record is mostly guessed sooner than a whole table is laid out.

use super::guess::guess_beside;
use super::plain::Plain;
use super::prover::{Prover, Wanted};
use super::table::Table;
use crate::criteria::{FieldPath, Program};

/// In longer lists a guessed record is taken by some earlier rule too often.
const MOST_RULES: usize = 30;

/// How often a record that does not serve is guessed anew.
const GUESSES: usize = 4;

impl Prover {
    /// Whether a record was guessed for each rule of a table that shows it to be of use. If not, it says
    /// nothing.
    pub(super) fn are_useful(&self, table: &Table<'_>) -> bool {
        if table.rules.len() > MOST_RULES {
            return false;
        }
        let Ok(conditions) = self.conditions(table) else { return false };
        let all = table.applies_to.into_iter().chain(table.rules.iter().map(|rule| rule.when));
        let mut needed = Vec::new();
        for expr in all {
            let plain = Plain::of(table.object, table.scope, expr);
            let Some(paths) = plain.needed() else { return false };
            needed.extend_from_slice(paths);
        }
        (0..table.rules.len())
            .all(|rule| self.is_useful(table, (&conditions, &needed), rule).is_some())
    }

    fn is_useful(
        &self,
        table: &Table<'_>,
        (conditions, needed): (&Program<'_>, &[FieldPath]),
        rule: usize,
    ) -> Option<()> {
        let ahead = usize::from(table.applies_to.is_some());
        let first_from = |start: usize, record: &_| {
            let record = conditions.read(record);
            let first = conditions.first(start + ahead..conditions.len(), &record).ok()?;
            Some(first.map(|at| at - ahead))
        };
        let holds = |expr| Wanted { expr, holds: true };
        let own = table.rules.get(rule)?;
        let mut wanted: Vec<Wanted<'_>> =
            table.applies_to.into_iter().chain([own.when]).map(holds).collect();
        for _ in 0..GUESSES {
            let record = guess_beside(table.object, table.scope, (&wanted, needed), self.as_of)?;
            let taken_by = first_from(0, &record)??;
            let in_the_way = if taken_by == rule {
                let next = first_from(rule + 1, &record)?;
                let elsewhere = next.and_then(|next| table.rules.get(next));
                let without = elsewhere.map_or(&table.default, |next| &next.to);
                if own.to != *without {
                    return Some(());
                }
                next?
            } else {
                taken_by
            };
            wanted.push(Wanted { expr: table.rules.get(in_the_way)?.when, holds: false });
        }
        None
    }
}
