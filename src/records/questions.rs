//! What is asked of every record: conditions, routing tables, and the values of fields.

use super::engine::{Ask, Known, Logic, Making};
use super::field::Field;
use crate::criteria::{ExpandError, Expr, expand};
use crate::load::{ModelScope, Router, Unjudged};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ops::Range;

/// A condition that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asked(pub(super) usize);

/// A routing table that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Table(pub(super) usize);

/// A field whose values are wanted as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub(super) usize);

/// Why something cannot be asked.
pub type Unanswerable = Unjudged;

/// All that is asked of each record of an object, of one model or of several.
pub struct Questions<'a> {
    pub(super) object: &'a str,
    pub(super) as_of: Timestamp,
    pub(super) fields: &'a [Field],
    /// The place of each field, by its path.
    places: BTreeMap<&'a str, usize>,
    making: Making,
    pub(super) conditions: Vec<Logic>,
    pub(super) tables: Vec<Rules>,
    pub(super) slots: Vec<usize>,
    pub(super) all: bool,
}

/// The conditions of a routing table, by their programs.
pub(super) struct Rules {
    pub(super) applies_to: Option<Asked>,
    pub(super) conditions: Range<usize>,
    /// The place of each condition's rule in the table: a rule without a condition takes nothing.
    pub(super) places: Vec<usize>,
}

impl<'a> Questions<'a> {
    /// Nothing asked yet of records that have these fields; days are counted from an instant.
    pub fn new(object: &'a str, fields: &'a [Field], as_of: Timestamp) -> Self {
        let (conditions, tables, slots) = (Vec::new(), Vec::new(), Vec::new());
        // Of two fields with one path the later is the record's.
        let places = fields.iter().enumerate().map(|(at, field)| (field.path.as_str(), at));
        let (places, making, all) = (places.collect(), Making::default(), false);
        Self { object, as_of, fields, places, making, conditions, tables, slots, all }
    }

    /// The instant from which days are counted.
    pub fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// Asks whether a condition holds, as a model understands it.
    ///
    /// # Errors
    /// A reference that cannot be followed.
    pub fn condition(
        &mut self,
        scope: &'a ModelScope<'_>,
        expr: &Expr,
    ) -> Result<Asked, ExpandError> {
        let Self { object, as_of, places: fields, .. } = self;
        let known = Known { object, scope, as_of: *as_of, fields };
        let logic = self.making.logic(&expand(expr, scope)?, true, &known);
        self.conditions.push(logic);
        Ok(Asked(self.conditions.len() - 1))
    }

    /// Asks where a routing table sends the record.
    ///
    /// # Errors
    /// Why one of its conditions has no answer.
    pub fn table<'m>(&mut self, router: &Router<'a, 'm>) -> Result<Table, Unanswerable> {
        let scope: &'a ModelScope<'m> = router.scope();
        let routing = &router.routing;
        let applies_to = match &routing.applies_to {
            Some(at) => Some(self.written(router, at.span, scope)?),
            None => None,
        };
        let start = self.conditions.len();
        let mut places = Vec::new();
        for (place, rule) in routing.rule.iter().flat_map(|rules| rules.iter()).enumerate() {
            let Some(when) = &rule.when else { continue };
            self.written(router, when.span, scope)?;
            places.push(place);
        }
        self.tables.push(Rules { applies_to, conditions: start..self.conditions.len(), places });
        Ok(Table(self.tables.len() - 1))
    }

    fn written<'m>(
        &mut self,
        router: &Router<'a, 'm>,
        span: crate::source::Span,
        scope: &'a ModelScope<'m>,
    ) -> Result<Asked, Unanswerable> {
        let criterion = router.condition(span).filter(|criterion| criterion.faults.is_empty());
        let expr = criterion.and_then(|criterion| criterion.expr.as_deref());
        Ok(self.condition(scope, expr.ok_or(Unjudged::Unread)?)?)
    }

    /// Asks for the values of a field; none where there is no such field.
    pub fn field(&mut self, path: &str) -> Option<Slot> {
        let at = self.fields.iter().position(|field| field.path == path)?;
        self.slots.push(at);
        Some(Slot(self.slots.len() - 1))
    }

    /// Has what every field holds counted, not only those that something is asked of.
    pub fn count_all(&mut self) {
        self.all = true;
    }

    /// The tests of all conditions.
    pub(super) fn tests(&self) -> &[Ask] {
        &self.making.asks
    }
}
