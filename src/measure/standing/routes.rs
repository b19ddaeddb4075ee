//! Routing tables put to the rows of an export: which rule takes each, and who may have it then.

use super::{Roster, Whose};
use crate::criteria::{Record, Value};
use crate::load::{DEFAULT, Router};
use crate::measure::columns::{Asks, Columns, Lacking};
use crate::model::service::Sla;
use crate::model::{Entity, Model};
use crate::records::{Questions, Row, Table, Taken};
use std::collections::BTreeSet;

/// A routing table that is put to every row.
#[derive(Debug, Clone)]
pub(in crate::measure) struct RouteAsked {
    /// The rules, in order.
    pub(in crate::measure) rules: Vec<RuleAsked>,
    /// What stands for a rule where none takes a record.
    pub(in crate::measure) default: RuleAsked,
    /// Whether days are counted, so that the answer is another one tomorrow.
    pub(in crate::measure) counts_days: bool,
    /// What it needs and files do not have.
    pub(in crate::measure) lacking: Lacking,
    table: Table,
}

/// Where a rule sends records.
#[derive(Debug, Clone)]
pub(in crate::measure) struct RuleAsked {
    /// Its id.
    pub(in crate::measure) id: String,
    /// Where it sends them.
    pub(in crate::measure) to: Option<String>,
    /// Where its promise hands on records that nobody serves.
    pub(in crate::measure) escalates_to: Vec<String>,
    /// The promise that starts with it.
    pub(in crate::measure) sla: Option<String>,
}

impl RouteAsked {
    /// Asks a routing table; none where one of its conditions cannot be read.
    pub(in crate::measure) fn ask<'a>(
        questions: &mut Questions<'a>,
        router: &Router<'a, '_>,
        object: &str,
        columns: &Columns,
    ) -> Option<Self> {
        let table = questions.table(router).ok()?;
        let (mut fields, mut counts_days) = (BTreeSet::new(), false);
        let scope = router.scope();
        for criterion in scope.criteria_below(router.entity().address.as_str()) {
            let asks = Asks::of(criterion.expr.as_deref()?, scope).ok()?;
            fields.extend(asks.fields);
            counts_days |= asks.counts_days;
        }
        let model = scope.model();
        let routing = &router.routing;
        let rules = routing.rule.iter().flat_map(|rules| rules.iter());
        let rules = rules.map(|rule| {
            let to = rule.to.as_ref().map(|to| to.address.clone());
            RuleAsked::of(model, &rule.id, to, rule.sla.as_ref().map(|sla| sla.address.clone()))
        });
        let rules: Vec<RuleAsked> = rules.collect();
        let to = routing.default.as_ref().map(|to| to.address.clone());
        let sla = routing.default_sla.as_ref().map(|sla| sla.address.clone());
        let default = RuleAsked::of(model, DEFAULT, to, sla);
        let named =
            rules.iter().chain([&default]).filter_map(|rule| field_of(rule.to.as_deref()?, object));
        fields.extend(named.map(str::to_owned));
        let lacking = columns.lacking(fields.iter().map(String::as_str));
        Some(Self { rules, default, counts_days, lacking, table })
    }

    /// What it makes of a row; none where it is not about it, or its file lacks what is needed.
    pub(in crate::measure) fn rule(&self, row: &Row<'_>) -> Option<&RuleAsked> {
        if !self.lacking.allows(row.input()) {
            return None;
        }
        match row.taken(self.table) {
            Taken::Outside => None,
            Taken::Rule(place) => Some(self.rules.get(place).unwrap_or(&self.default)),
            Taken::Default => Some(&self.default),
        }
    }
}

impl RuleAsked {
    fn of(model: &Model, id: &str, to: Option<String>, sla: Option<String>) -> Self {
        let promise = sla.as_ref().and_then(|sla| model.get(sla)).map(Entity::read::<Sla>);
        let steps = promise.and_then(|promise| promise.escalation);
        let steps = steps.iter().flat_map(|steps| steps.iter());
        let escalates_to =
            steps.filter_map(|step| Some(step.reassign_to.as_ref()?.address.clone()));
        Self { id: id.to_owned(), to, escalates_to: escalates_to.collect(), sla }
    }

    /// Whether an owner is who the rule says, or whom its promise hands records on to.
    pub(in crate::measure) fn fits(
        &self,
        roster: &Roster,
        owner: (&str, Option<Whose>),
        named: impl Fn(&str) -> Option<String>,
        object: &str,
    ) -> bool {
        let mut all = self.to.iter().chain(&self.escalates_to);
        all.any(|to| fits(roster, owner, to, &named, object))
    }
}

/// The field of an object that a destination names.
pub(in crate::measure) fn field_of<'t>(to: &'t str, object: &str) -> Option<&'t str> {
    to.strip_prefix("field.")?.strip_prefix(object)?.strip_prefix('.')
}

/// Whether an owner is who a destination names.
pub(in crate::measure) fn fits(
    roster: &Roster,
    (owner, whose): (&str, Option<Whose>),
    to: &str,
    named: impl FnOnce(&str) -> Option<String>,
    object: &str,
) -> bool {
    if let Some(field) = field_of(to, object) {
        let Some(named) = named(field) else { return false };
        let same = whose.is_some() && roster.find(&named) == whose;
        return same || named.trim().eq_ignore_ascii_case(owner);
    }
    whose.is_some_and(|whose| roster.belongs(whose, to))
}

/// What a field of a record holds, as a text.
pub(in crate::measure) fn text_of(record: &Record, field: &str) -> Option<String> {
    match record.get(field)? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}
