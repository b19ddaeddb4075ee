//! Where a walk through two models stands.

use crate::document::Table;
use crate::model::{Address, Declaration, Entity};

/// Where in two models a walk stands.
#[derive(Clone)]
pub(super) struct Spot<'m> {
    pub(super) address: Address,
    pub(super) previous: Address,
    pub(super) before: &'m Entity,
    pub(super) after: &'m Entity,
    pub(super) noun: &'static str,
    /// The object of the base that is written nearest above.
    pub(super) object: Option<&'m str>,
}

impl<'m> Spot<'m> {
    /// The spot within a table of a noun.
    pub(super) fn within(&self, declaration: &'static Declaration, before: &'m Table) -> Self {
        let own = declaration.property("object").and_then(|_| before.text("object"));
        Self { noun: declaration.noun, object: own.or(self.object), ..self.clone() }
    }

    pub(super) fn join(&self, step: &str) -> Self {
        self.join_both(step, step)
    }

    pub(super) fn join_both(&self, before: &str, after: &str) -> Self {
        let address = self.address.join(after);
        let previous = self.previous.join(before);
        Self { address, previous, ..self.clone() }
    }
}
