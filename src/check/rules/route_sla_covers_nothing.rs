//! A routing rule that names a promise which covers none of the records it takes.

use super::contradiction::{Demand, contradiction};
use super::not_decided;
use crate::check::{Context, Rule};
use crate::finding::{Finding, Severity};
use crate::model::routing::{Routing, SlaTarget};
use crate::model::{Address, At, Entity, Target};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    id: "route-sla-covers-nothing",
    severity: Severity::Warning,
    page: include_str!("route_sla_covers_nothing.md"),
    run: Some(run),
};

fn run(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, routing) in context.model.each::<Routing>() {
        let mut ask =
            |sla: &At<Target<SlaTarget>>, at: Address, taker: String, condition: Address| {
                let (sla, span) = (sla.address.as_str(), sla.span);
                let named = Named { context, entity, sla, span, address: at.to_string(), taker };
                findings.extend(named.finding(condition.as_str()));
            };
        for rule in routing.rule.iter().flat_map(|rules| rules.iter()) {
            if let Some(sla) = &rule.sla {
                let own = entity.address.join("rule").join(&rule.id);
                ask(sla, own.join("sla"), format!("rule `{}`", rule.id), own.join("when"));
            }
        }
        if let Some(sla) = &routing.default_sla {
            let (own, about) =
                (entity.address.join("default_sla"), entity.address.join("applies_to"));
            ask(sla, own, "the default".to_owned(), about);
        }
    }
    findings
}

/// A promise at the place where it is named.
struct Named<'c, 'm> {
    context: &'c Context<'m>,
    entity: &'m Entity,
    sla: &'c str,
    span: Span,
    address: String,
    /// What takes the records.
    taker: String,
}

impl<'c, 'm> Named<'c, 'm> {
    /// What is wrong where records are taken by the criterion at an address, which may say nothing.
    fn finding(&self, condition: &str) -> Option<Finding> {
        let taken: Vec<Demand<'c, 'm>> = self.demands(condition, "it takes these").collect();
        let table = format!("{}.applies_to", self.entity.address);
        let covered = self.demands(&format!("{}.applies_to", self.sla), "it covers these");
        let demands: Vec<Demand<'c, 'm>> = taken
            .into_iter()
            .chain(self.demands(&table, "the table is about these").filter(|_| condition != table))
            .chain(covered)
            .collect();
        let place = self.entity.place(self.span);
        let core = match contradiction(self.context, &demands) {
            Ok(core) => core?,
            Err(why) => {
                let whether =
                    format!("whether `{}` covers a record that {} takes", self.sla, self.taker);
                return not_decided::finding(
                    self.context,
                    &whether,
                    &why,
                    (place, self.address.as_str()),
                );
            }
        };
        // What is wrong without the promise is another rule's matter.
        let of_promise =
            core.0.iter().filter(|it| it.criterion.entity.address.as_str() == self.sla);
        if !(1..core.0.len()).contains(&of_promise.count()) {
            return None;
        }
        let message = format!("`{}` covers no record that {} takes", self.sla, self.taker);
        let finding = Finding::new(RULE.id, message)
            .at(place)
            .about(self.address.as_str())
            .help("name the promise that covers them, or say in its `applies_to` that it does");
        Some(core.pointed_at(finding))
    }

    fn demands(
        &self,
        address: &str,
        said: &'static str,
    ) -> impl Iterator<Item = Demand<'c, 'm>> + use<'c, 'm> {
        let context = self.context;
        let criteria: Vec<_> = context.scope.criteria_below(address).collect();
        criteria.into_iter().filter_map(move |it| Demand::that_holds(context, it, said))
    }
}
