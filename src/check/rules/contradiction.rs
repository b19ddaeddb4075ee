//! Criteria that no record can meet together, and those of them that make it so.

use super::extents::sound;
use crate::check::Context;
use crate::criteria::Expr;
use crate::finding::Finding;
use crate::load::Criterion;
use crate::model::Entity;
use crate::proof::{Undecided, Wanted};

/// More criteria than this are not pointed at.
const MAX_LABELS: usize = 8;

/// A criterion, and what is asked of it.
#[derive(Debug, Clone)]
pub(super) struct Demand<'c, 'm> {
    /// The criterion, in which nothing is wrong.
    pub(super) criterion: &'c Criterion<'m>,
    /// What it says.
    pub(super) expr: &'c Expr,
    /// The object it is about.
    object: &'c str,
    /// Whether it must hold, or must not.
    pub(super) holds: bool,
    /// What is to be seen at it, in a few words.
    said: String,
}

impl<'c, 'm> Demand<'c, 'm> {
    /// A criterion that must hold, and the words beside it; none where something is wrong in it.
    pub(super) fn that_holds(
        context: &'c Context<'m>,
        criterion: &'c Criterion<'m>,
        said: &str,
    ) -> Option<Self> {
        let (expr, object) = sound(context.scope, criterion)?;
        Some(Self { criterion, expr, object, holds: true, said: said.to_owned() })
    }
}

impl Demand<'_, '_> {
    /// Whether it is written in the same words as another.
    fn says(&self, other: &Self) -> bool {
        self.criterion.text == other.criterion.text
    }
}

/// Everything that an entity's predicate asks for.
pub(super) fn demands<'c, 'm>(context: &'c Context<'m>, entity: &Entity) -> Vec<Demand<'c, 'm>> {
    let demand = |condition: crate::load::Condition<'c, 'm>| {
        let holds = !condition.inverted;
        let said = if holds { "this must hold" } else { "this must not hold" };
        let demand = Demand::that_holds(context, condition.criterion, said)?;
        Some(Demand { holds, ..demand })
    };
    context.scope.conditions(entity).filter_map(demand).collect()
}

/// Demands that no record meets together, of which none can be left out.
#[derive(Debug)]
pub(super) struct Core<'d, 'c, 'm>(pub(super) Vec<&'d Demand<'c, 'm>>);

impl Core<'_, '_, '_> {
    /// A finding that points at each of them.
    pub(super) fn pointed_at(&self, finding: Finding) -> Finding {
        self.0.iter().take(MAX_LABELS).fold(finding, |finding, demand| {
            let criterion = demand.criterion;
            finding.also(criterion.entity.place(criterion.span), demand.said.as_str())
        })
    }
}

/// Why no record meets some demands together, if none does. A criterion that must hold and never
/// does is no contradiction: that is said of the criterion.
pub(super) fn contradiction<'d, 'c, 'm>(
    context: &Context<'m>,
    demands: &'d [Demand<'c, 'm>],
) -> Result<Option<Core<'d, 'c, 'm>>, Undecided> {
    let mut core: Vec<&Demand<'_, '_>> = Vec::new();
    for demand in demands {
        let is_there = |one: &&Demand<'_, '_>| one.holds == demand.holds && one.says(demand);
        if !core.iter().any(is_there) {
            core.push(demand);
        }
    }
    let is_other = |core: &[&Demand<'_, '_>]| core.len() > 1 || core.iter().any(|one| !one.holds);
    if !is_other(&core) || is_possible(context, &core)? {
        return Ok(None);
    }
    for demand in core.clone() {
        let fewer: Vec<_> =
            core.iter().copied().filter(|one| !std::ptr::eq(*one, demand)).collect();
        if !fewer.is_empty() && is_possible(context, &fewer) == Ok(false) {
            core = fewer;
        }
    }
    Ok(is_other(&core).then_some(Core(core)))
}

fn is_possible(context: &Context<'_>, demands: &[&Demand<'_, '_>]) -> Result<bool, Undecided> {
    let Some(first) = demands.first() else { return Ok(true) };
    let wanted = demands.iter().map(|demand| Wanted { expr: demand.expr, holds: demand.holds });
    let wanted: Vec<Wanted<'_>> = wanted.collect();
    context.prover.possible(first.object, context.scope, &wanted)
}
