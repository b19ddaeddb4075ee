//! What each rule of a table takes in the end, and from which later rules it takes it.

use super::prover::{Prover, Undecided};
use super::table::{Destination, Fate, Laid, Outcomes, SHORT, Table, expanded, spelled};
use super::verdict::{Witness, witness};
use crate::analysis::Reach;

/// Pairs of rules that are reported for one table at most.
const MOST_PAIRS: usize = 1_000;

/// What a rule takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Its id.
    pub rule: String,
    /// Where its records go.
    pub to: Destination,
    /// A record it takes; none where it takes none.
    pub witness: Option<Witness>,
    /// What it takes, as conditions, empty where nothing is asked; none where they have no short
    /// form.
    pub takes: Option<String>,
    /// The later rules that would send some of its records elsewhere, with one each: here only the
    /// order decides.
    pub ahead_of: Vec<(String, Witness)>,
}

/// What the rules of a table take, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    /// The rules.
    pub rules: Vec<Effect>,
    /// Whether all pairs of rules that only order keeps apart are named.
    pub complete: bool,
}

impl Prover {
    /// What each rule of a table takes in the end.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn effects(&self, table: &Table<'_>) -> Result<Effects, Undecided> {
        let expanded = expanded(&[table])?;
        let mut ground = self.lay_ground(&[table], &expanded)?;
        let laid = ground.lay(table, expanded.first())?;
        let outcomes = Outcomes::of([&laid]);
        let own = outcomes.each(&laid);
        ground.refill(self.budget);
        let overlaps = laid.rules.overlaps(&own, MOST_PAIRS, &mut ground.budget)?;
        let mut rules = Vec::new();
        for rule in laid.ahead..laid.rules.len() {
            ground.refill(self.budget);
            let Fate::Rule(id, to) = laid.fate(Some(rule)) else { continue };
            let fires = match laid.rules.reach(rule, laid.ahead, &mut ground.budget)? {
                Reach::Fires(point) => Some(point),
                _ => None,
            };
            let record = fires.map(|point| ground.universe.record(&point));
            if let Some(record) = &record {
                self.replayed(&laid, record, &laid.fate(Some(rule)));
            }
            let described = laid.rules.effective(rule, SHORT, &mut ground.budget).ok();
            let takes = described.filter(|described| described.complete);
            let takes = takes.and_then(|d| ground.universe.conditions(&d.regions, SHORT));
            let pairs = overlaps.pairs.iter().filter(|pair| pair.first == rule);
            let ahead_of = pairs.map(|pair| {
                let record = ground.universe.record(&pair.witness);
                self.replayed(&laid, &record, &laid.fate(Some(rule)));
                (name(&laid, pair.second), witness(&record))
            });
            rules.push(Effect {
                rule: id,
                to,
                ahead_of: ahead_of.collect(),
                witness: record.as_ref().map(witness),
                takes: takes.as_ref().filter(|_| record.is_some()).map(spelled),
            });
        }
        Ok(Effects { rules, complete: overlaps.complete })
    }
}

fn name(laid: &Laid<'_, '_>, rule: usize) -> String {
    laid.fate(Some(rule)).name().to_owned()
}
