//! The routing tables of a model, each made ready and looked through once for all rules about them.

use crate::finding::Place;
use crate::load::{ModelScope, Router};
use crate::model::Item;
use crate::model::routing;
use crate::proof::{Destination, Prover, Survey, Table, Undecided, Useless};

/// One routing table.
#[derive(Debug)]
pub(in crate::check) struct Surveyed<'m> {
    /// The table, ready for records.
    pub(super) router: Router<'m, 'm>,
    /// What was found out about it; none where some of its conditions cannot be read.
    pub(super) survey: Option<Result<Survey, Undecided>>,
}

/// All routing tables of a model.
pub(in crate::check) fn surveyed<'m>(
    scope: &'m ModelScope<'m>,
    prover: Prover,
) -> Vec<Surveyed<'m>> {
    let look = |entity| {
        let router = Router::of(scope, entity);
        let is_gap = router.routing.defaults_to_gap();
        let survey = Table::of(&router).map(|table| prover.survey(&table, is_gap));
        Surveyed { router, survey }
    };
    scope.model().of_kind("routing").map(look).collect()
}

/// A rule of a table that is of no use.
pub(super) struct Found<'s, 'm> {
    /// The table.
    pub(super) table: &'s Surveyed<'m>,
    /// The rule.
    pub(super) rule: &'s Item<routing::Rule>,
    /// How it is of no use.
    pub(super) how: &'s Useless,
}

impl<'m> Surveyed<'m> {
    /// The rules that are of no use.
    pub(super) fn useless(&self) -> impl Iterator<Item = Found<'_, 'm>> {
        let survey = self.survey.as_ref().and_then(|survey| survey.as_ref().ok());
        let useless = survey.into_iter().flat_map(|survey| &survey.useless);
        self.rules()
            .zip(useless)
            .filter_map(|(rule, how)| Some(Found { table: self, rule, how: how.as_ref()? }))
    }

    /// The rules that have a condition, in order.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Item<routing::Rule>> {
        let rules = self.router.routing.rule.iter().flat_map(|rules| rules.iter());
        rules.filter(|rule| rule.when.is_some())
    }
}

impl Found<'_, '_> {
    /// The address of the rule.
    pub(super) fn address(&self) -> String {
        format!("{}.rule.{}", self.table.router.entity().address, self.rule.id)
    }

    /// Where the rule's condition is written.
    pub(super) fn place(&self) -> Place {
        self.table.place(self.rule)
    }
}

impl Surveyed<'_> {
    /// Where a rule's condition is written.
    pub(super) fn place(&self, rule: &Item<routing::Rule>) -> Place {
        let span = rule.when.as_ref().map_or(rule.id_span, |when| when.span);
        self.router.entity().place(span)
    }
}

/// Where a rule sends records, and what they are promised.
pub(super) fn destination(rule: &routing::Rule) -> Destination {
    Destination {
        to: rule.to.as_ref().map(|to| to.address.clone()),
        sla: rule.sla.as_ref().map(|sla| sla.address.clone()),
        is_gap: false,
    }
}
