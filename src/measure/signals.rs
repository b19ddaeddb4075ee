//! Signals: how many records make each fire.

use crate::measure::question::Asking;
use crate::model::Entity;
use crate::model::measure::Signal as Declared;
use crate::records::Asked;

/// A signal before records.
#[derive(Debug, Clone)]
pub struct Signal {
    /// Its address.
    pub address: String,
    /// What people call it.
    pub name: String,
    /// The records that make it fire; or why nobody knows.
    pub when: Result<Asked, String>,
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
    pub(super) fn of(asking: &mut Asking<'_, '_, '_>, entity: &Entity) -> Self {
        let declared: Declared = entity.read();
        let when = asking.surely_at(entity.address.join("when").as_str());
        let when = when.and_then(|when| when.ok_or_else(|| "it says no `when`".to_owned()));
        let tells = declared.tells.iter().flat_map(|tells| tells.iter());
        Self {
            address: entity.address.to_string(),
            name: entity.name().to_owned(),
            when,
            threshold: declared.threshold.as_ref().map_or(1, |least| u64::from(least.value)),
            tells: tells.map(|role| role.address.clone()).collect(),
            announces: declared.announces.as_ref().map(|metric| metric.address.clone()),
            response: declared.response.as_ref().map(|response| response.value.0.clone()),
        }
    }

    /// Whether so many records make it fire.
    pub fn fires(&self, records: u64) -> bool {
        records >= self.threshold.max(1)
    }
}
