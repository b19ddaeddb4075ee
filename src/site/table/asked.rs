//! The fields that a routing table asks for, in the order in which it does.

use crate::criteria::{Expr, Node, fields, references};
use crate::load::{Criterion, ModelScope, Router};
use std::collections::BTreeSet;

/// The paths of the fields that decide, by way of what is referred to.
pub(super) fn asked(router: &Router<'_, '_>) -> Vec<String> {
    let routing = &router.routing;
    let rules = routing.rule.iter().flat_map(|rules| rules.iter());
    let whens = routing.applies_to.iter().chain(rules.filter_map(|rule| rule.when.as_ref()));
    let mut asking = Asking { scope: router.scope(), found: Vec::new(), met: BTreeSet::new() };
    for when in whens {
        if let Some(criterion) = router.condition(when.span) {
            asking.criterion(criterion);
        }
    }
    asking.found
}

struct Asking<'a, 'm> {
    scope: &'a ModelScope<'m>,
    found: Vec<String>,
    /// What was met: paths, and addresses of predicates.
    met: BTreeSet<String>,
}

impl Asking<'_, '_> {
    fn criterion(&mut self, criterion: &Criterion<'_>) {
        let mut open = vec![criterion.expr.clone()];
        while let Some(expr) = open.pop() {
            let Some(expr) = expr else { continue };
            self.fields(&expr);
            for reference in references(&expr) {
                let address = reference.to_string();
                let entity = self.scope.model().get(&address);
                let entity = entity.filter(|_| self.met.insert(address));
                let conditions = entity.into_iter().flat_map(|it| self.scope.conditions(it));
                open.extend(conditions.map(|condition| condition.criterion.expr.clone()));
            }
        }
    }

    fn fields(&mut self, expr: &Expr) {
        if matches!(expr.node, Node::Reference(_)) {
            return;
        }
        for path in fields(expr) {
            let path = path.name().into_owned();
            if self.met.insert(path.clone()) {
                self.found.push(path);
            }
        }
    }
}
