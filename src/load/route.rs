//! Where a routing table sends a record: the first rule that matches, or the default.

use super::criteria::Criterion;
use super::judge::{Judge, Obstacle, Unjudged};
use super::scope::{Condition, ModelScope};
use crate::criteria::Record;
use crate::finding::Place;
use crate::model::Entity;
use crate::model::routing::Routing;
use crate::source::Span;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What stands in place of a rule's id where no rule takes a record.
pub const DEFAULT: &str = "default";

/// What a routing table decides about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The id of the rule that takes the record, or [`DEFAULT`].
    pub rule: String,
    /// The address the record is sent to; none where the rule does not say it.
    pub to: Option<String>,
    /// The promise of time that starts with it.
    pub sla: Option<String>,
    /// The condition of the rule, or the default.
    pub place: Place,
}

/// A routing table made ready for any number of records.
#[derive(Debug)]
pub struct Router<'a, 'm> {
    scope: &'a ModelScope<'m>,
    entity: &'a Entity,
    /// What the table says.
    pub routing: Routing,
    conditions: BTreeMap<Span, &'a Criterion<'m>>,
}

impl<'a, 'm> Router<'a, 'm> {
    /// Makes a routing table ready.
    pub fn of(scope: &'a ModelScope<'m>, entity: &'a Entity) -> Self {
        let below = scope.criteria_below(entity.address.as_str());
        let conditions = below.map(|criterion| (criterion.span, criterion)).collect();
        Self { scope, entity, routing: entity.read(), conditions }
    }

    /// The model.
    pub fn scope(&self) -> &'a ModelScope<'m> {
        self.scope
    }

    /// The table as it is written.
    pub fn entity(&self) -> &'a Entity {
        self.entity
    }

    /// The condition that is written at a place of the table, if one is.
    pub fn condition(&self, span: Span) -> Option<&'a Criterion<'m>> {
        self.conditions.get(&span).copied()
    }

    /// Where the table sends a record; nowhere if it is not about it (`applies_to`).
    ///
    /// # Errors
    /// Why a condition that decides has no answer.
    pub fn route(&self, record: &Record, as_of: Timestamp) -> Result<Option<Outcome>, Unjudged> {
        let judge = self.judge(record, as_of);
        self.first(|when| judge.holds(when))
    }

    /// The same with every condition that was tried on the way, and what stood in its way.
    ///
    /// # Errors
    /// Why a condition that decides has no answer.
    pub fn trace(&self, record: &'a Record, as_of: Timestamp) -> Result<Trace<'a, 'm>, Unjudged> {
        let judge = self.judge(record, as_of);
        let mut tried = Vec::new();
        let outcome = self.first(|criterion| {
            let obstacles = judge.obstacles([Condition { criterion, inverted: false }])?;
            let holds = obstacles.is_empty();
            tried.push(Tried { criterion, obstacles });
            Ok(holds)
        })?;
        let sla = outcome.as_ref().and_then(|outcome| outcome.sla.as_ref());
        let covers = sla.and_then(|sla| {
            let scope: &'a ModelScope<'m> = self.scope;
            scope.criteria_below(&format!("{sla}.applies_to")).next()
        });
        let promise = covers.and_then(|criterion| {
            let obstacles = judge.obstacles([Condition { criterion, inverted: false }]).ok()?;
            Some(Tried { criterion, obstacles })
        });
        Ok(Trace { tried, outcome, promise })
    }

    fn judge<'r>(&self, record: &'r Record, as_of: Timestamp) -> Judge<'r, 'm>
    where
        'a: 'r,
    {
        let object = self.entity.object().unwrap_or_default();
        Judge { scope: self.scope, object, record, as_of }
    }

    /// The first rule whose condition holds, or the default.
    fn first(
        &self,
        mut holds: impl FnMut(&'a Criterion<'m>) -> Result<bool, Unjudged>,
    ) -> Result<Option<Outcome>, Unjudged> {
        let Self { entity, routing, conditions, .. } = self;
        let mut holds = |span| conditions.get(&span).map_or(Ok(false), |&when| holds(when));
        if let Some(applies_to) = &routing.applies_to
            && !holds(applies_to.span)?
        {
            return Ok(None);
        }
        for rule in routing.rule.iter().flat_map(|rules| rules.iter()) {
            let Some(when) = &rule.when else { continue };
            if holds(when.span)? {
                let to = rule.to.as_ref().map(|to| to.address.clone());
                let sla = rule.sla.as_ref().map(|sla| sla.address.clone());
                let place = entity.place(when.span);
                return Ok(Some(Outcome { rule: rule.id.clone(), to, sla, place }));
            }
        }
        let default = routing.default.as_ref();
        let place = default.map_or_else(|| entity.header(), |default| entity.place(default.span));
        let to = default.map(|default| default.address.clone());
        let sla = routing.default_sla.as_ref().map(|sla| sla.address.clone());
        Ok(Some(Outcome { rule: DEFAULT.to_owned(), to, sla, place }))
    }
}

/// Why a record goes where it goes.
#[derive(Debug)]
pub struct Trace<'a, 'm> {
    /// The conditions that were tried, in order; the last may be the one that took the record.
    pub tried: Vec<Tried<'a, 'm>>,
    /// What came out; none if the table is not about the record.
    pub outcome: Option<Outcome>,
    /// Whom the promise of the outcome covers, put to the record; none where it does not say, or cannot be
    /// asked.
    pub promise: Option<Tried<'a, 'm>>,
}

impl Trace<'_, '_> {
    /// The promise of the outcome, and whether it covers the record.
    pub fn promised(&self) -> Option<(&str, bool)> {
        let sla = self.outcome.as_ref()?.sla.as_deref()?;
        Some((sla, self.promise.as_ref().is_none_or(|tried| tried.obstacles.is_empty())))
    }
}

/// A condition that was put to a record.
#[derive(Debug)]
pub struct Tried<'a, 'm> {
    /// The condition.
    pub criterion: &'a Criterion<'m>,
    /// The words by which it does not hold; none where it holds.
    pub obstacles: Vec<Obstacle<'a>>,
}
