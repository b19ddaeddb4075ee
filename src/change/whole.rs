//! What criteria that belong together amount to as a whole in two revisions: the predicate of a
//! definition, the way into a stage or out of it.

use super::base::Base;
use super::decide::Exactly;
use super::renames::Names;
use crate::criteria::{Expr, Node, Scope};
use crate::load::ModelScope;
use crate::model::Entity;
use crate::proof::{Asked, Verdict};
use crate::source::Span;

/// Criteria that must all hold, and the type of record they are about.
struct Whole {
    object: String,
    expr: Expr,
}

impl Exactly<'_, '_> {
    /// How the criteria that together stand at an address of the later revision compare with what
    /// they were, for all records there can be. None where one of the revisions has nothing there.
    pub fn whole(&self, names: &Names, address: &str) -> Option<Verdict> {
        let then = names.then(address)?;
        let (was, is) = (whole(self.before, &then)?, whole(self.after, address)?);
        let undecided = |why: &str| Some(Verdict::Undecided(why.to_owned()));
        let (Ok(was), Ok(is)) = (was, is) else {
            return undecided("its criteria cannot be read on both sides");
        };
        if names.object_now(&was.object) != is.object {
            return undecided("it is about another type of record now");
        }
        let base = Base::new(self.before, names);
        let old = base.expr(&was.expr, &was.object);
        let before = Asked { expr: &old, scope: &base };
        let after = Asked { expr: &is.expr, scope: self.after };
        Some(self.prover.compare(&is.object, before, after))
    }
}

/// What stands at an address: none where there is nothing, an error where it cannot be read.
fn whole(scope: &ModelScope<'_>, address: &str) -> Option<Result<Whole, ()>> {
    let (entity, rest) = scope.model().entity_above(address)?;
    if rest.is_empty() {
        return Some(of_entity(scope, entity).ok_or(()));
    }
    let (above, _) = address.rsplit_once('.')?;
    scope.model().part(above)?;
    Some(of_part(scope, entity, address).ok_or(()))
}

fn of_entity(scope: &ModelScope<'_>, entity: &Entity) -> Option<Whole> {
    let found = scope.predicate(entity.address.kind(), entity.address.id())?;
    Some(Whole { object: found.object?, expr: (*found.expr).clone() })
}

/// The criteria below a part of an entity; where the part is gone and what held it is there, nothing
/// is asked for.
fn of_part(scope: &ModelScope<'_>, entity: &Entity, address: &str) -> Option<Whole> {
    let mut all = Vec::new();
    for criterion in scope.criteria_below(address) {
        let sound = criterion.expr.as_ref().filter(|_| criterion.faults.is_empty());
        all.push((**sound?).clone());
    }
    let expr = Expr { span: Span::default(), node: Node::And(all) };
    entity.object().map(|object| Whole { object: object.to_owned(), expr })
}
