//! Where a routing table sends a record: the first rule that matches, or the default.

use super::criteria::Criterion;
use super::judge::{Judge, Unjudged};
use super::scope::ModelScope;
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
        let Self { scope, entity, routing, conditions } = self;
        let object = entity.object().unwrap_or_default();
        let judge = Judge { scope, object, record, as_of };
        let holds = |span| conditions.get(&span).map_or(Ok(false), |&when| judge.holds(when));

        if let Some(applies_to) = &routing.applies_to
            && !holds(applies_to.span)?
        {
            return Ok(None);
        }
        for rule in routing.rule.iter().flat_map(|rules| rules.iter()) {
            let Some(when) = &rule.when else { continue };
            if holds(when.span)? {
                let to = rule.to.as_ref().map(|to| to.address.clone());
                let place = entity.place(when.span);
                return Ok(Some(Outcome { rule: rule.id.clone(), to, place }));
            }
        }
        let default = routing.default.as_ref();
        let place = default.map_or_else(|| entity.header(), |default| entity.place(default.span));
        let to = default.map(|default| default.address.clone());
        Ok(Some(Outcome { rule: DEFAULT.to_owned(), to, place }))
    }
}
