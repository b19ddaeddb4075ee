//! Exceptions: what a criterion of the model does not count for, for whom, and until when.

use super::case::Case;
use super::checks::Asker;
use super::gates::Gate;
use super::{Deviation, Kind, NotChecked};
use crate::criteria::Node;
use crate::load::Obstacle;
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
    /// Whether it is an exception for a record.
    fn is_for(&self, case: &Case<'_, '_>) -> bool {
        self.lacking.allows(case.row.input()) && case.row.holds(self.scope)
    }

    fn covers(&self, deviation: &Deviation) -> bool {
        let data = matches!(deviation.kind, Kind::UndeclaredValue | Kind::UnreadableValue);
        !data && self.waives.covers(deviation.address.as_str())
    }
}

/// Finds the exception that waives a deviation: one in force before one that is over, which waives
/// nothing and is only told. Where one is found already it stays: that waives all that lies behind.
pub(super) fn waive(case: &Case<'_, '_>, deviation: &mut Deviation) {
    if deviation.waived.is_some() {
        return;
    }
    let waivers = &case.checks.waivers;
    let covering = waivers.iter().enumerate().filter(|(_, it)| it.covers(deviation));
    let covering = covering.filter(|(_, waiver)| waiver.is_for(case)).map(|(place, _)| place);
    deviation.waived = covering.min_by_key(|place| waivers.get(*place).is_none_or(|it| it.over));
}

/// The exception that waives everything that keeps a record out: what a criterion refers to fails
/// by criteria of its own, and where each of them is waived there is nothing left. Several exceptions
/// may waive one each: the first of them is named, or one that is over, where it takes that one.
///
/// What nothing refers to stands at an address.
pub(super) fn waived_behind(
    case: &Case<'_, '_>,
    obstacles: &[Obstacle<'_>],
    address: &Address,
) -> Option<usize> {
    let waivers: Vec<(usize, &WaiverCheck)> =
        case.checks.waivers.iter().enumerate().filter(|(_, it)| it.is_for(case)).collect();
    let covering = |obstacle: &Obstacle<'_>| {
        let address = if obstacle.level == 0 { address } else { obstacle.criterion }.as_str();
        let some = waivers.iter().filter(|(_, it)| it.waives.covers(address));
        some.map(|(place, it)| (it.over, *place)).min()
    };
    all_covered(obstacles, &covering).map(|(_, place)| place)
}

/// An exception by its place, and whether it is over.
type Covering = (bool, usize);

/// What covers obstacles, where each is covered itself or by all that stands behind it.
fn all_covered(
    obstacles: &[Obstacle<'_>],
    covering: &impl Fn(&Obstacle<'_>) -> Option<Covering>,
) -> Option<Covering> {
    let level = obstacles.first()?.level;
    let groups = obstacles.chunk_by(|_, next| next.level > level);
    let all: Option<Vec<Covering>> = groups.map(|group| covered(group, covering)).collect();
    all?.into_iter().min_by_key(|(over, place)| (!over, *place))
}

fn covered(
    group: &[Obstacle<'_>],
    covering: &impl Fn(&Obstacle<'_>) -> Option<Covering>,
) -> Option<Covering> {
    let (one, behind) = group.split_first()?;
    let behind = Some(behind).filter(|_| matches!(one.expr.node, Node::Reference(_)));
    let behind = || all_covered(behind?, covering);
    covering(one).filter(|(over, _)| !over).or_else(behind).or_else(|| covering(one))
}
