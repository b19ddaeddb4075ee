//! The clocks of promises, for figures that must hold for every record.
//!
//! LAW: where there is a figure, it is what `deviations` says of the promise over the same records.

use super::{PromiseAsked, Promises, Restart, RunsOn, Soon, State};
use crate::load::Router;
use crate::measure::clock::Calendars;
use crate::measure::question::{Asking, no_column};
use crate::measure::standing::{Moments, Roster, RouteAsked, RuleAsked, Whose, text_of};
use crate::model::Entity;
use crate::model::field::Object;
use crate::records::{Row, Slot};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// The clocks of some promises about an object.
#[derive(Debug)]
pub struct Clocks {
    promises: Promises,
    roster: Roster,
    moments: Moments,
    owner: Option<Slot>,
    /// The routing tables, and why one cannot be asked, where a promise runs by the calendar of the
    /// queue to which a record goes.
    tables: Vec<Result<RouteAsked, String>>,
    object: String,
    as_of: Timestamp,
}

impl Clocks {
    /// Asks for the clocks of promises by their addresses.
    pub(in crate::measure) fn ask(
        asking: &mut Asking<'_, '_, '_>,
        wanted: &BTreeSet<String>,
        as_of: Timestamp,
    ) -> Self {
        let (scope, object, columns) = (asking.scope, asking.object, asking.columns);
        let moments = Moments::ask(asking.questions, scope, object, columns);
        let of = (object, |address: &str| wanted.contains(address));
        let promises = Promises::ask(asking.questions, scope, of, columns, &moments);
        let roster = Roster::of(scope.model(), TimeZone::UTC.to_datetime(as_of).date());
        let by_queue = |asked: &PromiseAsked| asked.promise.runs_on == RunsOn::Queue;
        let tables = scope.model().of_kind("routing").filter(|it| it.object() == Some(object));
        let tables = tables.filter(|_| promises.asked.iter().any(by_queue));
        let tables = tables.map(|entity| {
            let router = Router::of(scope, entity);
            let asked = RouteAsked::ask(asking.questions, &router, object, columns);
            asked.ok_or_else(|| format!("a condition of `{}` cannot be read", entity.address))
        });
        let (tables, object) = (tables.collect(), object.to_owned());
        Self { promises, roster, moments, owner: owner(asking), tables, object, as_of }
    }

    /// The calendars of the model.
    pub(in crate::measure) fn calendars(&self) -> &Calendars {
        self.promises.calendars()
    }

    /// The place of a promise whose clock can be read for every record.
    ///
    /// # Errors
    /// Why it cannot.
    pub(in crate::measure) fn place(
        &self,
        asking: &mut Asking<'_, '_, '_>,
        address: &str,
    ) -> Result<usize, String> {
        let mut aside = self.promises.aside.iter();
        if let Some(aside) = aside.find(|aside| aside.address == address && !aside.read) {
            return Err(format!("`{address}`: {}", aside.reason));
        }
        let asked = &self.promises.asked;
        let place = asked.iter().position(|asked| asked.promise.address.as_str() == address);
        let Some((place, asked)) = place.and_then(|place| Some((place, asked.get(place)?))) else {
            return Err(match asking.scope.model().get(address).and_then(Entity::object) {
                Some(object) => format!("`{address}` is about `{object}` records"),
                None => format!("there is no `{address}`"),
            });
        };
        let mut needs = asked.needs.clone();
        needs.extend(self.also_needs(asked)?);
        asking.asked.extend(needs.iter().cloned());
        let lacking = needs.into_iter().filter(|field| asking.columns.lacks(field));
        let lacking: Vec<String> = lacking.collect();
        if lacking.is_empty() {
            return Ok(place);
        }
        asking.lacking.extend(lacking.iter().cloned());
        let partly = lacking.iter().any(|field| asking.columns.any(field));
        Err(no_column(&lacking, partly))
    }

    /// The fields that say what starts a clock anew.
    fn also_needs(&self, asked: &PromiseAsked) -> Result<BTreeSet<String>, String> {
        let promise = &asked.promise;
        let mut needs = BTreeSet::new();
        match (promise.restart, self.moments.dated_by.routed.clone()) {
            (Restart::OwnerChange, Some(field)) => needs.extend([field]),
            (Restart::StageChange, _) if !self.moments.fields.is_empty() => {
                needs.extend(self.moments.fields.iter().cloned());
            }
            _ => {
                let mut unseen = self.promises.aside.iter();
                let of = promise.address.as_str();
                if let Some(unseen) = unseen.find(|aside| aside.address == of) {
                    return Err(format!("`{of}`: {}", unseen.reason));
                }
            }
        }
        Ok(needs)
    }

    /// Where the clock of a promise stands for a record; none where it is not about it.
    pub(in crate::measure) fn state(&self, place: usize, row: &Row<'_>) -> Option<State> {
        let asked = self.promises.asked.get(place).filter(|asked| asked.is_about(row))?;
        let runs_on = &asked.promise.runs_on;
        let on_whose = matches!(runs_on, RunsOn::Owner | RunsOn::Queue);
        let owner = self.owner.filter(|_| on_whose).map(|slot| row.text(slot));
        let owner = owner.as_deref().map(str::trim).unwrap_or_default();
        let whose = self.roster.find(owner).filter(|_| !owner.is_empty());
        let is_queue = |address: &&str| address.starts_with("queue.");
        let queue = match runs_on {
            RunsOn::Queue => self.destination(row, (owner, whose)).filter(is_queue),
            _ => None,
        };
        let on = self.promises.calendar(&asked.promise, &self.roster, whose, queue);
        let soon = Soon::Hundredths(0);
        Some(asked.read(row, &self.moments, on, (self.as_of, soon)).state)
    }

    /// Where routing sends a record: where several tables are about it, what says the owner has it
    /// rightly.
    fn destination(&self, row: &Row<'_>, owner: (&str, Option<Whose>)) -> Option<&str> {
        let covering = self.tables.iter().flatten().filter_map(|table| table.rule(row));
        let covering: Vec<_> = covering.collect();
        let rule = match covering.as_slice() {
            [] => return None,
            [only] => only,
            several => {
                let record = row.record();
                let named = |field: &str| text_of(&record, field);
                let fits = |rule: &&&RuleAsked| rule.fits(&self.roster, owner, named, &self.object);
                several.iter().find(fits).or(several.first())?
            }
        };
        rule.to.as_deref()
    }
}

/// The field that holds the owner of a record, where the model says which.
fn owner_field(asking: &Asking<'_, '_, '_>) -> Option<String> {
    let object = asking.scope.model().get(&format!("object.{}", asking.object))?;
    object.read::<Object>().owner_field.map(|at| at.value.0)
}

fn owner(asking: &mut Asking<'_, '_, '_>) -> Option<Slot> {
    let field = owner_field(asking)?;
    asking.columns.any(&field).then(|| asking.questions.field(&field)).flatten()
}
