//! Parts of the records of an object that should share none, and perhaps leave none out.

use super::prover::{Asked, Ground, Prover, Undecided};
use super::table::Gap;
use super::verdict::{Witness, witness};
use crate::analysis::{Region, Rules};
use crate::criteria::{self, Expr, Scope};

/// Some criteria about one object, laid out once for all questions about them.
pub struct Partition<'a> {
    prover: Prover,
    object: &'a str,
    scope: &'a dyn Scope,
    parts: Vec<&'a Expr>,
    ground: Ground,
    rules: Rules,
}

impl Prover {
    /// Lays out some criteria.
    ///
    /// # Errors
    /// Why they cannot be laid out.
    pub fn partition<'a>(
        &self,
        object: &'a str,
        scope: &'a dyn Scope,
        parts: Vec<&'a Expr>,
    ) -> Result<Partition<'a>, Undecided> {
        let expanded: Result<Vec<Expr>, _> =
            parts.iter().map(|expr| criteria::expand(expr, scope)).collect();
        let expanded = expanded?;
        let mut ground = self.ground(object, &[scope], &expanded)?;
        let regions: Result<Vec<_>, _> = expanded.iter().map(|expr| ground.regions(expr)).collect();
        let rules = Rules::new(&ground.universe.space, &regions?);
        Ok(Partition { prover: *self, object, scope, parts, ground, rules })
    }
}

impl Partition<'_> {
    /// The later parts, by place, that may share a record with one; all others share none.
    pub fn near(&self, part: usize) -> Vec<usize> {
        self.rules.meeting(self.rules.condition(part), part + 1..self.rules.len())
    }

    /// A record of two parts; none is a proof that they share none.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn shared(&mut self, one: usize, other: usize) -> Result<Option<Witness>, Undecided> {
        let others = self.rules.condition(other);
        let meet = |region: &Region| others.iter().filter_map(|other| region.meet(other)).collect();
        let both: Vec<Region> = self
            .rules
            .condition(one)
            .iter()
            .flat_map(|region| -> Vec<Region> { meet(region) })
            .collect();
        self.ground.refill(self.prover.budget);
        let Some(record) = self.ground.difference(&both, &[])? else { return Ok(None) };
        for part in [one, other].into_iter().filter_map(|part| self.parts.get(part)) {
            let asked = Asked { expr: part, scope: self.scope };
            self.prover.replay(self.object, asked, &record, true);
        }
        Ok(Some(witness(&record)))
    }

    /// The records that are in no part, if there are any.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn rest(&mut self) -> Result<Option<Gap>, Undecided> {
        self.ground.refill(self.prover.budget);
        let Some((record, gap)) = self.ground.left_by(&self.rules)? else { return Ok(None) };
        for expr in &self.parts {
            let asked = Asked { expr, scope: self.scope };
            self.prover.replay(self.object, asked, &record, false);
        }
        Ok(Some(gap))
    }
}
