//! The moments of a record that the model names a date field for.

use crate::criteria::Value;
use crate::load::ModelScope;
use crate::measure::columns::Columns;
use crate::model::field::Object;
use crate::model::lifecycle::Lifecycle;
use crate::model::routing::Routing;
use crate::model::service::Sla;
use crate::model::{Entity, Model};
use crate::records::{Questions, Row, Slot};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// When a record came, was routed and entered its stage, as far as an export says it.
#[derive(Debug, Default)]
pub struct Moments {
    /// When it came.
    pub created: Option<Slot>,
    /// When it was last routed.
    pub routed: Option<Slot>,
    /// By which fields that is known.
    pub dated_by: RoutingDates,
    /// The fields that say in which stage a record is, and since when; none where no stage says that.
    pub fields: BTreeSet<String>,
    /// The stage field of each lifecycle, and by what it holds the field that says since when.
    stages: Vec<(Slot, BTreeMap<String, Slot>)>,
}

/// By which date fields the routing of records is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoutingDates {
    /// The field that says when a record was routed; none where nothing in the model says that.
    pub routed: Option<String>,
    /// Whether the object names it; else it is the one by which most promises of routing rules start.
    pub declared: bool,
    /// Whether some file has a column for it.
    pub exported: bool,
    /// The field that says when a record came, which stands in where the other is empty.
    pub created: Option<String>,
}

/// The field that says when records were routed: the one the object names, else the one by which most
/// promises start that routing rules name, for those start with the routing.
pub fn routed_field(model: &Model, object: &str) -> Option<String> {
    named(model, object).or_else(|| inferred(model, object))
}

fn named(model: &Model, object: &str) -> Option<String> {
    let object: Object = model.get(&format!("object.{object}"))?.read();
    object.routed_field.map(|at| at.value.0)
}

fn inferred(model: &Model, object: &str) -> Option<String> {
    let mut starts: BTreeMap<String, usize> = BTreeMap::new();
    let tables = model.each::<Routing>().filter(|(entity, _)| entity.object() == Some(object));
    for (_, routing) in tables {
        let rules = routing.rule.iter().flat_map(|rules| rules.iter());
        let named = rules.filter_map(|rule| rule.sla.as_ref()).chain(&routing.default_sla);
        for sla in named.filter_map(|sla| model.get(&sla.address)) {
            let field = sla.read::<Sla>().starts.map(|field| field.value.0);
            *starts.entry(field.unwrap_or_default()).or_default() += 1;
        }
    }
    starts.remove("");
    starts.into_iter().max_by_key(|(_, rules)| *rules).map(|(field, _)| field)
}

/// The field that holds the stage of a lifecycle, and by what it holds the field that says since when.
fn dated(lifecycle: &Lifecycle) -> (Option<String>, BTreeMap<String, String>) {
    let stages = lifecycle.stages();
    let dates = stages.iter().filter_map(|stage| {
        let date = stage.entered.as_ref()?.value.0.clone();
        Some((stage.stored_value().0.to_owned(), date))
    });
    (lifecycle.stage_field.as_ref().map(|field| field.value.0.clone()), dates.collect())
}

/// The field that holds the stage, for each lifecycle of an object that says since when a record is in
/// some stage, and by what it holds the field that says that.
pub fn stage_dates(model: &Model, object: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let dates = lifecycles(model, object).map(|(_, lifecycle)| dated(&lifecycle));
    let known = dates.filter(|(_, dates)| !dates.is_empty());
    known.filter_map(|(stage, dates)| Some((stage?, dates))).collect()
}

impl Moments {
    /// Asks for the date fields that are there.
    pub fn ask(
        questions: &mut Questions<'_>,
        scope: &ModelScope<'_>,
        object: &str,
        columns: &Columns,
    ) -> Self {
        let mut ask = |field: Option<&str>| {
            field.filter(|field| columns.any(field)).and_then(|field| questions.field(field))
        };
        let model = scope.model();
        let mut moments = Self::default();
        let routed = routed_field(model, object);
        moments.routed = ask(routed.as_deref());
        moments.dated_by.declared = named(model, object).is_some();
        moments.dated_by.exported = moments.routed.is_some();
        moments.dated_by.routed = routed;
        for (_, lifecycle) in lifecycles(model, object) {
            let starts = lifecycle.starts.as_ref().map(|field| &*field.value.0);
            if moments.created.is_none() {
                moments.created = ask(starts);
                moments.dated_by.created = moments.created.and(starts).map(str::to_owned);
            }
            let (stage, dates) = dated(&lifecycle);
            let known = stage.iter().filter(|_| !dates.is_empty());
            moments.fields.extend(known.chain(dates.values()).cloned());
            let Some(stage) = ask(stage.as_deref()) else { continue };
            let entered =
                dates.into_iter().filter_map(|(held, date)| Some((held, ask(Some(&date))?)));
            moments.stages.push((stage, entered.collect()));
        }
        moments
    }

    /// Since when a record has been in its stage.
    pub fn entered(&self, row: &Row<'_>) -> Option<Value> {
        let mut found = self.stages.iter().filter_map(|(stage, entered)| {
            let Value::Text(stage) = row.value(*stage)? else { return None };
            row.value(*entered.get(&stage)?)
        });
        found.next()
    }

    /// The last that happened to a record up to an instant: that it came, or entered a stage.
    pub fn last_before(&self, row: &Row<'_>, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let entered = self.stages.iter().flat_map(|(_, entered)| entered.values().copied());
        let all = entered.chain(self.created);
        let known = all.filter_map(|slot| instant_of(&row.value(slot)?, zone));
        known.filter(|known| *known <= at).max()
    }

    /// Whether some stage says since when a record has been in it.
    pub fn knows_stages(&self) -> bool {
        self.stages.iter().any(|(_, entered)| !entered.is_empty())
    }

    /// The moment for which the routing of a record is judged: when it was routed, else when it came.
    pub fn of_routing(&self, row: &Row<'_>) -> Option<Timestamp> {
        let at = |slot: Option<Slot>| instant_of(&row.value(slot?)?, &TimeZone::UTC);
        at(self.routed).or_else(|| at(self.created))
    }
}

/// The lifecycles of an object.
pub(in crate::measure) fn lifecycles<'m>(
    model: &'m Model,
    object: &str,
) -> impl Iterator<Item = (&'m Entity, Lifecycle)> {
    model.each::<Lifecycle>().filter(move |(entity, _)| entity.object() == Some(object))
}

/// The instant a date field holds; a day is its first second in a zone.
pub fn instant_of(value: &Value, zone: &TimeZone) -> Option<Timestamp> {
    match value {
        Value::DateTime(instant) => Some(*instant),
        Value::Date(date) => date.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp()),
        _ => None,
    }
}
