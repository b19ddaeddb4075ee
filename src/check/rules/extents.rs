//! What each criterion of a model says of all records, asked once for all rules about that.

use crate::check::Context;
use crate::criteria::{Expr, FieldFacts, Node, Predicate, Reference, Scope, references};
use crate::load::{Criterion, ModelScope};
use crate::proof::{Asked, Extent, Prover, Undecided};
use crate::source::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// Whether what a criterion says of all records follows from something it names, which no record or
/// every record meets: that is said where it is written, and what follows from it is not said again.
pub(super) fn is_consequence(context: &Context<'_>, criterion: &Criterion<'_>) -> bool {
    let (Some(expr), Some(object)) = (&criterion.expr, &criterion.object) else { return false };
    let extent =
        |expr: &Expr, scope: &dyn Scope| context.prover.extent(object, Asked { expr, scope });
    let fixed = |reference: &&Reference| {
        let predicate = context.scope.predicate(&reference.kind, &reference.id);
        predicate.is_some_and(|predicate| {
            extent(&predicate.expr, context.scope).is_ok_and(|extent| extent != Extent::Sometimes)
        })
    };
    let predicates = references(expr).into_iter().filter(|reference| reference.kind != "list");
    let mut fixed: Vec<&Reference> = predicates.filter(fixed).collect();
    fixed.sort_by_key(|reference| (&reference.kind, &reference.id));
    fixed.dedup_by_key(|reference| (&reference.kind, &reference.id));
    if fixed.is_empty() || fixed.len() > MOST_FIXED {
        return !fixed.is_empty();
    }
    // What it says whatever they stand for it says by itself.
    let own = extent(expr, context.scope);
    (0..1_u32 << fixed.len()).any(|holding| {
        let says = |(at, reference): (usize, &Reference)| {
            let nothing = if holding & (1 << at) == 0 { Node::Or } else { Node::And };
            (reference.to_string(), nothing(Vec::new()))
        };
        let says = fixed.iter().copied().enumerate().map(says).collect();
        extent(expr, &Supposed { scope: context.scope, says }) != own
    })
}

/// Of more names that are met always or never it is not asked what a criterion says without them.
const MOST_FIXED: usize = 4;

/// A model in which some names stand for every record, or for none.
struct Supposed<'a, 'm> {
    scope: &'a ModelScope<'m>,
    says: BTreeMap<String, Node>,
}

impl Scope for Supposed<'_, '_> {
    fn field(&self, object: &str, name: &str) -> Option<FieldFacts<'_>> {
        self.scope.field(object, name)
    }

    fn fields(&self, object: &str) -> Vec<String> {
        self.scope.fields(object)
    }

    fn predicate(&self, kind: &str, id: &str) -> Option<Predicate> {
        let predicate = self.scope.predicate(kind, id)?;
        match self.says.get(&format!("{kind}.{id}")) {
            Some(node) => {
                let expr = Arc::new(Expr { span: Span::default(), node: node.clone() });
                Some(Predicate { expr, ..predicate })
            }
            None => Some(predicate),
        }
    }

    fn predicates(&self, kind: &str) -> Vec<String> {
        self.scope.predicates(kind)
    }

    fn list(&self, id: &str) -> Option<Arc<[String]>> {
        self.scope.list(id)
    }
}
