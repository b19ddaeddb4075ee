//! What each criterion of a model says of all records, asked once for all rules about that.

use crate::check::Context;
use crate::criteria::{Expr, Node, Scope, references};
use crate::load::{Criterion, ModelScope};
use crate::proof::{Asked, Extent, Prover, Undecided};

/// What each criterion says, in the order of [`ModelScope::criteria`]; none where it cannot be
/// read, or another rule asks more of it.
pub(in crate::check) type Extents = Vec<Option<Result<Extent, Undecided>>>;

/// What all criteria of a model say.
pub(in crate::check) fn extents(scope: &ModelScope<'_>, prover: Prover) -> Extents {
    let extent = |criterion: &Criterion<'_>| {
        let (expr, object) = sound(scope, criterion)?;
        if is_routing_rule(criterion) {
            return None;
        }
        if matches!(expr.node, Node::Reference(_)) {
            // What it stands for is looked at where it is written.
            return Some(Ok(Extent::Sometimes));
        }
        Some(prover.extent(object, Asked { expr, scope }))
    };
    scope.criteria().iter().map(extent).collect()
}

/// A criterion in which nothing is wrong, and the object it is about.
pub(super) fn sound<'a>(
    scope: &ModelScope<'_>,
    criterion: &'a Criterion<'_>,
) -> Option<(&'a Expr, &'a str)> {
    let expr = criterion.expr.as_deref().filter(|_| criterion.faults.is_empty())?;
    let object = criterion.object.as_deref().filter(|object| scope.has_object(object))?;
    Some((expr, object))
}

/// What a routing rule takes depends on the rules before it; its table is looked at as a whole.
fn is_routing_rule(criterion: &Criterion<'_>) -> bool {
    criterion.entity.address.kind() == "routing" && criterion.item != criterion.entity.address
}

/// Whether a criterion covers what a promise of time is for.
pub(super) fn is_sla_scope(criterion: &Criterion<'_>) -> bool {
    let entity = &criterion.entity.address;
    entity.kind() == "sla" && criterion.address == entity.join("applies_to")
}

/// The criteria with what they say.
pub(super) fn each<'c, 'm>(
    context: &'c Context<'m>,
) -> impl Iterator<Item = (&'c Criterion<'m>, &'c Result<Extent, Undecided>)> {
    let extents = context.scope.criteria().iter().zip(&context.extents);
    extents.filter_map(|(criterion, extent)| Some((criterion, extent.as_ref()?)))
}

/// Whether a criterion names something that no record or every record meets: that is said where
/// it is written, and what follows from it is not said again.
pub(super) fn is_consequence(context: &Context<'_>, criterion: &Criterion<'_>) -> bool {
    let (Some(expr), Some(object)) = (&criterion.expr, &criterion.object) else { return false };
    references(expr).into_iter().filter(|reference| reference.kind != "list").any(|reference| {
        let Some(predicate) = context.scope.predicate(&reference.kind, &reference.id) else {
            return false;
        };
        let asked = Asked { expr: &predicate.expr, scope: context.scope };
        context.prover.extent(object, asked).is_ok_and(|extent| extent != Extent::Sometimes)
    })
}
