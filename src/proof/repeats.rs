//! Criteria side by side, of which some say the same.

use super::guess::guess_beside;
use super::plain::Plain;
use super::prover::{Prover, Undecided, Wanted};
use crate::criteria::{self, Expr, FieldPath, Record, Scope};
use std::cell::OnceCell;

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

/// One of the criteria.
struct Side<'e> {
    expr: &'e Expr,
    plain: Plain,
    /// A record that meets it, where one is guessed.
    met_by: OnceCell<Option<Record>>,
}

/// The criteria, and what they are about.
struct Group<'a> {
    prover: Prover,
    object: &'a str,
    scope: &'a dyn Scope,
    /// What a record must have so that each of them can be asked; none where not all is known.
    needed: Option<Vec<FieldPath>>,
}

impl Prover {
    /// Which of some criteria hold for the same records as an earlier one; of each, the earlier ones of
    /// which it is not known are told too, up to the first that it repeats. Each of them holds for some
    /// records and fails for others.
    pub fn repeats(&self, object: &str, scope: &dyn Scope, criteria: &[&Expr]) -> Vec<Repeat> {
        let plain = |expr| Plain::of(object, scope, expr);
        let sides = criteria.iter();
        let sides: Vec<Side<'_>> =
            sides.map(|expr| Side { expr, plain: plain(expr), met_by: OnceCell::new() }).collect();
        let needed: Option<Vec<_>> = sides.iter().map(|side| side.plain.needed()).collect();
        let needed = needed.map(|needed| needed.concat());
        let group = Group { prover: *self, object, scope, needed };
        let mut repeats = Vec::new();
        for (again, other) in sides.iter().enumerate() {
            for (first, one) in sides.iter().take(again).enumerate() {
                match group.are_same(one, other) {
                    Ok(false) => {}
                    Ok(true) => {
                        repeats.push(Repeat { first, again, undecided: None });
                        break;
                    }
                    Err(why) => repeats.push(Repeat { first, again, undecided: Some(why) }),
                }
            }
        }
        repeats
    }
}

impl Group<'_> {
    /// Whether two criteria hold for the same records.
    fn are_same(&self, one: &Side<'_>, other: &Side<'_>) -> Result<bool, Undecided> {
        if one.plain.shares_nothing(&other.plain)
            || one.plain.is_apart(&other.plain)
            || self.is_met_alone(one, other)
            || self.is_met_alone(other, one)
        {
            return Ok(false);
        }
        self.prover.is_same(self.object, self.scope, [one.expr, other.expr])
    }

    /// Whether the record that was guessed for one criterion does not meet the other.
    fn is_met_alone(&self, one: &Side<'_>, other: &Side<'_>) -> bool {
        let as_of = self.prover.as_of;
        let guessed = one.met_by.get_or_init(|| {
            let wanted = [Wanted { expr: one.expr, holds: true }];
            guess_beside(self.object, self.scope, (&wanted, self.needed.as_ref()?), as_of)
        });
        guessed.as_ref().is_some_and(|record| {
            criteria::evaluate(other.expr, record, self.object, self.scope, as_of) == Ok(false)
        })
    }
}
