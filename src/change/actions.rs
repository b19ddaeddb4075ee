//! What can happen to a property, and what each of that does, by its polarity.

use super::catalogue::{Action, Impact};
use crate::model::{Direction, Polarity, Property, Shape};

/// Everything that can happen to a property, and what it does.
pub(super) fn actions(property: &Property) -> Vec<(Action, Impact)> {
    use Action::{
        Added, Changed, CriterionAdded, CriterionRemoved, Looser, Removed, Reordered, Rewritten,
        Set, Shifted, Tighter, Undecided, Unset,
    };
    use Impact::{Cosmetic, Loosening, Shifting, Tightening};
    let worst = |impact| if property.facet.breaking { Impact::Breaking } else { impact };
    // What a limit does where none was, and where there is none any more.
    let (stated, missing) = match property.facet.none {
        None => (Shifting, Shifting),
        Some(Direction::Looser) => (Tightening, Loosening),
        Some(Direction::Tighter) => (Loosening, Tightening),
    };
    let stated = [(Set, worst(stated)), (Unset, worst(missing))];
    let is_list = matches!(property.shape, Shape::List(_) | Shape::Items(_));
    let (grown, shrunk) = match property.facet.polarity {
        Polarity::SetGrowsLooser => (Loosening, Tightening),
        Polarity::SetGrowsTighter => (Tightening, Loosening),
        Polarity::Identity => (Impact::Additive, Impact::Breaking),
        _ => (Shifting, Shifting),
    };
    match property.facet.polarity {
        Polarity::GatePredicate | Polarity::ScopePredicate => {
            let mut all = vec![
                (Looser, worst(Loosening)),
                (Tighter, worst(Tightening)),
                (Shifted, worst(Shifting)),
                (Undecided, worst(Impact::Undecided)),
                (Rewritten, Cosmetic),
            ];
            if matches!(property.shape, Shape::Named(_)) {
                all.extend([(CriterionAdded, Tightening), (CriterionRemoved, Loosening)]);
            } else {
                all.extend(stated);
            }
            all
        }
        Polarity::LargerIsLooser | Polarity::SmallerIsLooser => {
            let mut all = vec![
                (Looser, worst(Loosening)),
                (Tighter, worst(Tightening)),
                (Shifted, worst(Shifting)),
            ];
            // A flag that is not stated is off, and of some other values it is said what they are then: to
            // state one is to change it, or nothing.
            if property.shape != Shape::Bool && property.usual.is_none() {
                all.extend(stated);
            }
            all
        }
        Polarity::SetGrowsLooser | Polarity::SetGrowsTighter => {
            let mut all = vec![(Added, grown), (Removed, shrunk)];
            if property.facet.turns_at_none {
                all.extend([(Set, shrunk), (Unset, grown)]);
            }
            all
        }
        Polarity::Ordered => {
            let mut all = vec![(Added, Shifting), (Removed, Shifting)];
            // Of items each one that stands elsewhere is named.
            if matches!(property.shape, Shape::List(_)) {
                all.push((Reordered, Shifting));
            }
            all
        }
        Polarity::Reference | Polarity::Setting | Polarity::Identity if is_list => {
            let mut all = vec![(Added, worst(grown)), (Removed, worst(shrunk))];
            if property.facet.turns_at_none {
                all.extend([(Set, worst(shrunk)), (Unset, worst(grown))]);
            }
            all
        }
        Polarity::Reference | Polarity::Setting => {
            let [set, unset] = stated;
            vec![(Changed, worst(Shifting)), set, unset]
        }
        Polarity::Identity => {
            let mut all = vec![(Changed, Impact::Breaking)];
            // Where the id says it no value is ever missing.
            if property.facet.id_where.is_none() {
                all.extend([(Set, worst(Impact::Additive)), (Unset, Impact::Breaking)]);
            }
            all
        }
        Polarity::Wording | Polarity::Display => vec![(Changed, Cosmetic)],
        Polarity::Group => vec![(Set, Shifting), (Unset, Shifting)],
    }
}
