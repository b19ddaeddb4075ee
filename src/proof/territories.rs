//! The exclusive territories of each object, laid out once: which share records, and which records
//! lie in none.

use super::prover::{Prover, Undecided};
use super::table::Gap;
use super::verdict::Witness;
use crate::criteria::Expr;
use crate::load::{Criterion, ModelScope};
use crate::model::strategy::Territory;
use crate::model::{Entity, Model};
use std::collections::{BTreeMap, BTreeSet};

/// What is claimed of the records of an object.
#[derive(Debug)]
pub struct Claimed<'m> {
    /// The id of the object.
    pub object: &'m str,
    /// Pairs of exclusive territories, neither of which is part of the other, that share a record.
    pub shared: Vec<Shared<'m>>,
    /// Pairs of which that is not known.
    pub unknown: Vec<(&'m Entity, &'m Entity, Undecided)>,
    /// The records that lie in no territory, where all territories are exclusive.
    pub rest: Result<Option<Gap>, Undecided>,
    /// Whether every record should lie in one: all territories are exclusive.
    pub leaves_none_out: bool,
}

/// Two territories and a record of both.
#[derive(Debug)]
pub struct Shared<'m> {
    /// The territories.
    pub both: [Claim<'m>; 2],
    /// The record.
    pub witness: Witness,
}

/// An exclusive territory and its condition.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'m> {
    /// The territory.
    pub entity: &'m Entity,
    /// Its condition.
    pub criterion: &'m Criterion<'m>,
    expr: &'m Expr,
}

/// What is known of the territories of each object.
pub fn claimed<'m>(scope: &'m ModelScope<'_>, prover: Prover) -> Vec<Claimed<'m>> {
    let mut by_object: BTreeMap<&str, Vec<Claim<'m>>> = BTreeMap::new();
    let parents = Parents::of(scope.model());
    // Territories that others are part of need not be exclusive: their parts are.
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for (entity, territory) in scope.model().each::<Territory>() {
        let Some(object) = entity.object() else { continue };
        let is_exclusive = territory.exclusive.as_ref().is_some_and(|exclusive| exclusive.value);
        match Claim::of(scope, entity).filter(|_| is_exclusive) {
            Some(claim) => by_object.entry(object).or_default().push(claim),
            None if parents.has_parts(entity) && !is_exclusive => {}
            None => {
                open.insert(object);
            }
        }
    }
    let several = by_object.into_iter().filter(|(_, claims)| claims.len() > 1);
    several
        .map(|(object, claims)| {
            Claimed::new(scope, prover, (object, claims), &parents, !open.contains(object))
        })
        .collect()
}

impl<'m> Claim<'m> {
    fn of(scope: &'m ModelScope<'_>, entity: &'m Entity) -> Option<Self> {
        let mut conditions = scope.conditions(entity);
        let criterion = conditions.next()?.criterion;
        let expr = criterion.expr.as_deref().filter(|_| criterion.faults.is_empty())?;
        criterion.object.as_deref().filter(|object| scope.has_object(object))?;
        Some(Self { entity, criterion, expr })
    }
}

impl<'m> Claimed<'m> {
    fn new(
        scope: &'m ModelScope<'_>,
        prover: Prover,
        (object, claims): (&'m str, Vec<Claim<'m>>),
        parents: &Parents<'m>,
        leaves_none_out: bool,
    ) -> Self {
        let mut claimed = Self {
            object,
            shared: Vec::new(),
            unknown: Vec::new(),
            rest: Ok(None),
            leaves_none_out,
        };
        let parts = claims.iter().map(|claim| claim.expr).collect();
        let mut partition = match prover.partition(object, scope, parts) {
            Ok(partition) => partition,
            Err(why) => {
                claimed.rest = Err(why);
                return claimed;
            }
        };
        for (at, one) in claims.iter().enumerate() {
            for near in partition.near(at) {
                let Some(other) = claims.get(near) else { continue };
                if parents.are_nested(one.entity, other.entity) {
                    continue;
                }
                let shared = partition.shared(at, near);
                let both = [*one, *other];
                match shared {
                    Ok(shared) => {
                        let found = shared.map(|witness| Shared { both, witness });
                        claimed.shared.extend(found);
                    }
                    Err(why) => claimed.unknown.push((one.entity, other.entity, why)),
                }
            }
        }
        if leaves_none_out {
            claimed.rest = partition.rest();
        }
        claimed
    }
}

/// Which territory each is part of.
struct Parents<'m>(BTreeMap<&'m str, &'m str>);

impl<'m> Parents<'m> {
    fn of(model: &'m Model) -> Self {
        let parent =
            |entity: &'m Entity| Some((entity.address.as_str(), entity.table.text("part_of")?));
        Self(model.of_kind("territory").filter_map(parent).collect())
    }

    fn has_parts(&self, entity: &Entity) -> bool {
        self.0.values().any(|parent| *parent == entity.address.as_str())
    }

    fn are_nested(&self, one: &Entity, other: &Entity) -> bool {
        let (one, other) = (one.address.as_str(), other.address.as_str());
        self.is_part(one, other) || self.is_part(other, one)
    }

    /// Whether one is part of the other, perhaps by way of others.
    fn is_part(&self, one: &str, other: &str) -> bool {
        let above = std::iter::successors(self.0.get(one), |above| self.0.get(**above));
        above.take(self.0.len()).any(|above| *above == other)
    }
}
