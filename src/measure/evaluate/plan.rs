//! What is asked of each record of an object, made ready once for any number of records.

use super::gate::Gate;
use super::judged::{Judged, JudgedFit};
use super::routes::Routes;
use super::stages::Stages;
use crate::measure::Clocks;
use crate::measure::metrics::{Means, Metric};
use crate::measure::question::Asking;
use crate::measure::signals::Signal;
use crate::model::measure::Metric as Declared;
use crate::model::strategy::Icp;
use crate::model::{Entity, Model, Pattern};
use crate::records::{Row, Slot};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Everything that is asked.
#[derive(Debug)]
pub struct Evaluation {
    /// The ICPs.
    pub icps: Vec<Fit>,
    /// The definitions.
    pub definitions: Vec<Fit>,
    /// Segments, territories and personas.
    pub families: Vec<Family>,
    /// The routing tables.
    pub tables: Vec<Routes>,
    /// The lifecycles.
    pub lifecycles: Vec<Stages>,
    /// The clocks of the promises that metrics count.
    pub clocks: Clocks,
    /// The metrics; beside those that are asked for those that they are computed from.
    pub metrics: Vec<Metric>,
    /// The signals.
    pub signals: Vec<Signal>,
    /// The field that tells one record from every other, where it is declared and has a column.
    pub key: Option<Slot>,
    /// The field by whose values adherence is broken down.
    pub by: Option<(String, Slot)>,
    /// The fields that are asked about and have no column in every file.
    pub missing: Vec<String>,
}

/// An ICP or a definition before records.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// Its criteria and disqualifiers.
    pub gate: Gate,
    /// Its tiers, best first.
    pub tiers: Vec<Tier>,
}

/// A grade of fit.
#[derive(Debug, Clone)]
pub struct Tier {
    /// Its id.
    pub id: String,
    /// Which records are of it.
    pub gate: Gate,
}

/// The segments, territories or personas.
#[derive(Debug, Clone)]
pub struct Family {
    /// The kind.
    pub kind: &'static str,
    /// Each with its condition.
    pub members: Vec<Fit>,
}

/// What is wanted of an evaluation.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// The instant for which records are judged.
    pub as_of: Timestamp,
    /// The addresses that are asked; all where there are none.
    pub addresses: &'w [Pattern],
    /// The field by whose values figures are broken down.
    pub by: Option<&'w str>,
}

impl Wanted<'_> {
    /// Whether something is asked for.
    pub fn covers(&self, address: &str) -> bool {
        let mut all = self.addresses.iter();
        self.addresses.is_empty() || all.any(|pattern| pattern.covers(address))
    }
}

impl Evaluation {
    /// Asks everything that is wanted of a model's judgement of an object's records.
    ///
    /// # Errors
    /// Why records cannot be told apart by the field that was named.
    pub fn of(asking: &mut Asking<'_, '_, '_>, wanted: &Wanted<'_>) -> Result<Self, String> {
        let (scope, object) = (asking.scope, asking.object);
        let all = |kind: &'static str| {
            scope.model().of_kind(kind).filter(move |entity| entity.object() == Some(object))
        };
        let of = |kind| all(kind).filter(|entity| wanted.covers(entity.address.as_str()));
        let key = scope.model().get(&format!("object.{object}"));
        let key = key.and_then(|object| object.table.text("key_field").map(str::to_owned));
        let metrics = needed(scope.model(), of("metric").map(|entity| entity.address.to_string()));
        let metrics = |entity: &&Entity| metrics.contains(entity.address.as_str());
        let promises = all("metric")
            .filter(metrics)
            .filter_map(|entity| Some(entity.read::<Declared>().sla?.value.address));
        let clocks = Clocks::ask(asking, &promises.collect(), wanted.as_of);
        let means = Means { as_of: wanted.as_of, clocks: &clocks };
        let by = wanted.by.map(|by| asking.slot(by).map(|slot| (by.to_owned(), slot)));
        let mut evaluation = Self {
            icps: of("icp").map(|entity| Fit::of(asking, entity)).collect(),
            definitions: of("definition").map(|entity| Fit::of(asking, entity)).collect(),
            families: ["segment", "territory", "persona"]
                .into_iter()
                .map(|kind| {
                    let members = of(kind).map(|entity| Fit::of(asking, entity)).collect();
                    Family { kind, members }
                })
                .filter(|family| !family.members.is_empty())
                .collect(),
            tables: of("routing").map(|entity| Routes::of(asking, entity)).collect(),
            lifecycles: of("lifecycle").map(|entity| Stages::of(asking, entity)).collect(),
            metrics: all("metric")
                .filter(metrics)
                .map(|entity| Metric::of(asking, entity, means, wanted.by))
                .collect(),
            signals: of("signal").map(|entity| Signal::of(asking, entity, means)).collect(),
            clocks,
            key: key.and_then(|key| asking.slot(&key).ok()),
            by: by.transpose()?,
            missing: Vec::new(),
        };
        evaluation.missing = std::mem::take(&mut asking.lacking).into_iter().collect();
        Ok(evaluation)
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.icps.is_empty()
            && self.definitions.is_empty()
            && self.families.is_empty()
            && self.tables.is_empty()
            && self.lifecycles.is_empty()
            && self.metrics.is_empty()
            && self.signals.is_empty()
    }

    /// What comes out for a record, in the place of what came out for another.
    pub fn judge(&self, row: &Row<'_>, judged: &mut Judged) {
        fits(&self.icps, row, &mut judged.icps);
        fits(&self.definitions, row, &mut judged.definitions);
        judged.families.resize_with(self.families.len(), Vec::new);
        for (family, answers) in self.families.iter().zip(&mut judged.families) {
            answers.clear();
            answers.extend(family.members.iter().map(|member| member.gate.is_open(row)));
        }
        judged.routes.clear();
        judged.routes.extend(self.tables.iter().map(|table| table.judge(row)));
        judged.stages.resize_with(self.lifecycles.len(), Default::default);
        for (stages, judged) in self.lifecycles.iter().zip(&mut judged.stages) {
            stages.judge(row, judged);
        }
        judged.signals.clear();
        judged.signals.extend(self.signals.iter().map(|signal| signal.counts(row)));
    }
}

/// Metrics, and those that they are computed from.
fn needed(model: &Model, asked: impl Iterator<Item = String>) -> BTreeSet<String> {
    let (mut needed, mut open) = (BTreeSet::new(), asked.collect::<Vec<_>>());
    while let Some(address) = open.pop() {
        let metric = model.get(&address).map(Entity::read::<Declared>);
        if let Some(metric) = metric.filter(|_| needed.insert(address)) {
            let parts = [metric.numerator, metric.denominator].into_iter().flatten();
            open.extend(parts.map(|part| part.value.address));
        }
    }
    needed
}

fn fits(fits: &[Fit], row: &Row<'_>, judged: &mut Vec<JudgedFit>) {
    judged.resize_with(fits.len(), JudgedFit::default);
    for (fit, judged) in fits.iter().zip(judged) {
        fit.judge(row, judged);
    }
}

impl Fit {
    fn of(asking: &mut Asking<'_, '_, '_>, entity: &Entity) -> Self {
        let scope = asking.scope;
        let gate = Gate::of(asking, scope.conditions(entity));
        let icp: Option<Icp> = (entity.address.kind() == "icp").then(|| entity.read());
        let tiers = icp.iter().flat_map(|icp| &icp.tier).flat_map(|tiers| tiers.iter());
        let tiers = tiers.map(|tier| {
            let address = format!("{}.tier.{}", entity.address, tier.id);
            Tier { id: tier.id.clone(), gate: Gate::below(asking, &address) }
        });
        let tiers = tiers.collect();
        let (address, name) = (entity.address.to_string(), entity.name().to_owned());
        Self { address, name, gate, tiers }
    }

    fn judge(&self, row: &Row<'_>, judged: &mut JudgedFit) {
        judged.fits = self.gate.judge(row, &mut judged.answers);
        (judged.tier, judged.tier_unknown) = (None, false);
        if judged.fits != Some(true) {
            return;
        }
        for (place, tier) in self.tiers.iter().enumerate() {
            match tier.gate.is_open(row) {
                Some(false) => {}
                Some(true) => {
                    judged.tier = Some(place);
                    return;
                }
                None => {
                    judged.tier_unknown = true;
                    return;
                }
            }
        }
    }
}
