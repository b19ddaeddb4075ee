//! Signals: how many records make each fire.

use crate::measure::metrics::{Means, Window};
use crate::measure::question::Asking;
use crate::model::Entity;
use crate::model::measure::Signal as Declared;
use crate::records::{Asked, Row, Slot};

/// A signal before records.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// The records that make it fire; or why nobody knows.
    pub when: Result<Asked, String>,
    /// The stretch of time in which they count, as written.
    pub window: Option<String>,
    /// The date field that says which of them lie in it, and the stretch; all count where there is none.
    dated: Option<(Slot, Window)>,
    /// So many of them make it fire.
    pub threshold: u64,
    /// Who is told.
    pub tells: Vec<String>,
    /// The metric it announces.
    pub announces: Option<String>,
    /// What whoever is told should do.
    pub response: Option<String>,
}

impl Signal {
    pub(super) fn of(asking: &mut Asking<'_, '_, '_>, entity: &Entity, means: Means<'_>) -> Self {
        let declared: Declared = entity.read();
        let when = asking.surely_at(entity.address.join("when").as_str());
        let when = when.and_then(|when| when.ok_or_else(|| "it says no `when`".to_owned()));
        let dated = when.and_then(|when| Ok((when, dated(asking, &declared, means)?)));
        let (when, dated) = match dated {
            Ok((when, dated)) => (Ok(when), dated),
            Err(why) => (Err(why), None),
        };
        let tells = declared.tells.iter().flat_map(|tells| tells.iter());
        Self {
            address: entity.address.to_string(),
            name: entity.name().to_owned(),
            when,
            window: declared.window.as_ref().map(|window| window.value.canonical()),
            dated,
            threshold: declared.threshold.as_ref().map_or(1, |least| u64::from(least.value).max(1)),
            tells: tells.map(|role| role.address.clone()).collect(),
            announces: declared.announces.as_ref().map(|metric| metric.address.clone()),
            response: declared.response.as_ref().map(|response| response.value.0.clone()),
        }
    }

    /// Whether a record counts towards it; nothing where nobody knows.
    pub fn counts(&self, row: &Row<'_>) -> Option<bool> {
        let when = self.when.as_ref().ok()?;
        let is_within = |(slot, window): &(Slot, Window)| {
            row.value(*slot).is_some_and(|value| window.holds(&value))
        };
        Some(row.holds(*when) && self.dated.as_ref().is_none_or(is_within))
    }

    /// Whether it has a window, and no date says which records lie in it.
    pub fn is_undated(&self) -> bool {
        self.window.is_some() && self.dated.is_none() && self.when.is_ok()
    }

    /// Whether so many records make it fire.
    pub fn fires(&self, records: u64) -> bool {
        records >= self.threshold
    }
}

/// The window, where a date field says which records lie in it.
fn dated(
    asking: &mut Asking<'_, '_, '_>,
    declared: &Declared,
    means: Means<'_>,
) -> Result<Option<(Slot, Window)>, String> {
    let (Some(window), Some(field)) = (&declared.window, &declared.dated_by) else {
        return Ok(None);
    };
    let calendars = means.clocks.calendars();
    Ok(Some((asking.slot(field)?, Window::back_from(means.as_of, window.value, calendars)?)))
}
