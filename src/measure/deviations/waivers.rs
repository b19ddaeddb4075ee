//! Exceptions: what a criterion of the model does not count for, for whom, and until when.

use super::case::Case;
use super::checks::Asker;
use super::gates::Gate;
use super::{Deviation, Kind, NotChecked};
use crate::measure::columns::Lacking;
use crate::model::exception::Exception;
use crate::model::{Address, Pattern};
use crate::records::Asked;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// An exception that waives a criterion for some records.
pub(super) struct WaiverCheck {
    pub(super) address: Address,
    pub(super) name: String,
    pub(super) reason: String,
    pub(super) expires: Date,
    /// Whether its last day is over.
    pub(super) over: bool,
    waives: Pattern,
    scope: Asked,
    lacking: Lacking,
}

pub(super) fn ask_waivers(asker: &mut Asker<'_, '_, '_>, today: Date) -> Vec<WaiverCheck> {
    let scope = asker.scope;
    let mut waivers = Vec::new();
    for (entity, exception) in scope.model().each::<Exception>() {
        let waived = (exception.waives, exception.waives_finding.is_none(), exception.expires);
        let (Some(waives), true, Some(expires)) = waived else { continue };
        let at = entity.address.join("scope");
        // Without a scope it is an exception for nobody.
        let Some(criterion) = scope.criteria_below(at.as_str()).next() else { continue };
        if criterion.object.as_deref() != Some(asker.object) {
            continue;
        }
        match Gate::ask(asker, criterion) {
            Ok(gate) => {
                asker.lacks(&[], Some(entity.address.as_str()), &gate.lacking);
                waivers.push(WaiverCheck {
                    address: entity.address.clone(),
                    name: entity.name().to_owned(),
                    reason: exception.reason.map(|at| at.value.0).unwrap_or_default(),
                    expires: expires.value,
                    over: expires.value < today,
                    waives: Pattern::new(waives.value.0),
                    scope: gate.asked(),
                    lacking: gate.lacking,
                });
            }
            Err(why) => asker.not_checked.push(NotChecked {
                parts: BTreeSet::from([entity.address.to_string()]),
                reason: "whom it is for cannot be read, so it waives nothing here".to_owned(),
                ..why
            }),
        }
    }
    waivers
}

impl WaiverCheck {
    fn covers(&self, deviation: &Deviation) -> bool {
        let data = matches!(deviation.kind, Kind::UndeclaredValue | Kind::UnreadableValue);
        let mut addresses =
            [Some(&deviation.address), deviation.also.as_ref()].into_iter().flatten();
        !data && addresses.any(|address| self.waives.covers(address.as_str()))
    }
}

/// Finds the exception that waives a deviation: one in force before one that is over, which waives
/// nothing and is only told.
pub(super) fn waive(case: &Case<'_, '_>, deviation: &mut Deviation) {
    let covering = case.checks.waivers.iter().enumerate().filter(|(_, waiver)| {
        waiver.covers(deviation)
            && waiver.lacking.allows(case.row.input())
            && case.row.holds(waiver.scope)
    });
    deviation.waived = covering.min_by_key(|(_, waiver)| waiver.over).map(|(place, _)| place);
}
