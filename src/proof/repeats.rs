//! Criteria side by side, of which some say the same.

use super::guess::guess_beside;
use super::plain::Plain;
use super::prover::{Prover, Undecided, Wanted};
use crate::criteria::{self, Expr, FieldPath, Record, Scope};

/// One of some criteria that says what an earlier one says already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The earlier one, by place.
    pub first: usize,
    /// The one that says the same, by place.
    pub again: usize,
    /// Why it is not known whether it does; none where it does.
    pub undecided: Option<Undecided>,
}

impl Prover {
    /// Which of some criteria hold for the same records as an earlier one; of each one, those before the
    /// first that it repeats are told where it is not known. Each of them holds for some records and fails
    /// for others.
    pub fn repeats(&self, object: &str, scope: &dyn Scope, criteria: &[&Expr]) -> Vec<Repeat> {
        let plain: Vec<Plain> =
            criteria.iter().map(|expr| Plain::of(object, scope, expr)).collect();
        let mut close: Vec<[usize; 2]> = Vec::new();
        for (again, own) in plain.iter().enumerate() {
            let earlier = plain.iter().take(again).enumerate();
            let near = earlier.filter(|(_, one)| !one.shares_nothing(own) && !one.is_apart(own));
            close.extend(near.map(|(first, _)| [first, again]));
        }
        let records = self.records(object, scope, (criteria, &plain), &close);
        let mut repeats: Vec<Repeat> = Vec::new();
        for [first, again] in close {
            let is_known = |one: &Repeat| one.again == again && one.undecided.is_none();
            let pair =
                [first, again].map(|at| Some((*criteria.get(at)?, records.get(at)?.as_ref())));
            let [Some(one), Some(other)] = pair else { continue };
            let parts = |expr: &Expr, record: Option<&Record>| {
                record.is_some_and(|record| {
                    criteria::evaluate(expr, record, object, scope, self.as_of) == Ok(false)
                })
            };
            let is_told = repeats.iter().any(is_known);
            if is_told || parts(one.0, other.1) || parts(other.0, one.1) {
                continue;
            }
            let undecided = match self.is_same(object, scope, [one.0, other.0]) {
                Ok(false) => continue,
                Ok(true) => None,
                Err(why) => Some(why),
            };
            repeats.push(Repeat { first, again, undecided });
        }
        repeats
    }

    /// A record that meets each criterion that some other is close to, where one is guessed.
    fn records(
        &self,
        object: &str,
        scope: &dyn Scope,
        (criteria, plain): (&[&Expr], &[Plain]),
        close: &[[usize; 2]],
    ) -> Vec<Option<Record>> {
        let needed: Option<Vec<&[FieldPath]>> = plain.iter().map(Plain::needed).collect();
        let needed = needed.map(|needed| needed.concat());
        let each = criteria.iter().enumerate().map(|(at, expr)| {
            let needed = needed.as_ref().filter(|_| close.iter().any(|pair| pair.contains(&at)))?;
            let wanted = [Wanted { expr, holds: true }];
            guess_beside(object, scope, (&wanted, needed), self.as_of)
        });
        each.collect()
    }
}
