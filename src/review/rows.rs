//! Rows of rerouted records between the base and the merge, held against what each side does alone.

use crate::change::{Change, Fingerprint};
use crate::load::{ModelScope, Router};
use crate::model::Model;
use crate::proof::{Destination, Fate, Prover, Row, Table, Witness};
use std::collections::{BTreeMap, BTreeSet};

/// How the base, the head and their merge route records.
pub(super) struct Sent<'m> {
    base: ModelScope<'m>,
    head: ModelScope<'m>,
    both: ModelScope<'m>,
    prover: Prover,
}

impl<'m> Sent<'m> {
    pub(super) fn of([base, head, both]: [&'m Model; 3], prover: Prover) -> Self {
        let [base, head, both] = [base, head, both].map(ModelScope::of_part);
        Self { base, head, both, prover }
    }

    /// The rows of the merge that hold a record which the base sends as the row says, and the head alone
    /// elsewhere than the merge: nobody who signed the row of the proposal signed for that one.
    pub(super) fn grown<'c>(
        &self,
        rows: impl Iterator<Item = &'c Change>,
    ) -> BTreeSet<&'c Fingerprint> {
        let mut beyond: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        let mut has_grown = |change: &&'c Change| {
            let Some((row, routing)) = change.row.as_ref().zip(self.routing(change)) else {
                return false;
            };
            let beyond = beyond.entry(routing).or_insert_with(|| self.beyond_the_head(routing));
            beyond.iter().filter(|other| other.after == row.after).any(|other| {
                self.fate(&self.base, routing, &other.witness).as_ref() == Some(&row.before)
            })
        };
        rows.filter(&mut has_grown).map(|change| &change.fingerprint).collect()
    }

    /// Whether the head sends the record of a row elsewhere than the merge does.
    pub(super) fn is_new_to_head(&self, change: &Change) -> bool {
        let Some((row, routing)) = change.row.as_ref().zip(self.routing(change)) else {
            return false;
        };
        let goes = |fate: &Fate| fate.destination().cloned().unwrap_or_else(Destination::default);
        let there = self.fate(&self.head, routing, &row.witness);
        there.is_some_and(|there| goes(&there) != goes(&row.after))
    }

    /// The address of the routing table that a row is about.
    fn routing<'c>(&self, change: &'c Change) -> Option<&'c str> {
        let is_table = |address: &&str| self.both.model().get(address).is_some();
        change.address.and_above().find(is_table)
    }

    /// What the merge sends elsewhere than the head does; nothing where one of them has no such table.
    fn beyond_the_head(&self, routing: &str) -> Vec<Row> {
        let rows = asked(&self.head, routing, |head| {
            asked(&self.both, routing, |both| self.prover.rerouting(head, both).rows)
        });
        rows.flatten().unwrap_or_default()
    }

    /// What becomes of a record by one of the models; none where it is not known.
    fn fate(&self, scope: &ModelScope<'m>, routing: &str, record: &Witness) -> Option<Fate> {
        asked(scope, routing, |table| self.prover.fate(table, &record.record()).ok()).flatten()
    }
}

/// The answer of a routing table; none where there is no such table or it is not understood.
fn asked<T>(
    scope: &ModelScope<'_>,
    routing: &str,
    question: impl FnOnce(&Table<'_>) -> T,
) -> Option<T> {
    let router = Router::of(scope, scope.model().get(routing)?);
    Some(question(&Table::of(&router)?))
}
