//! The examples of a model with their records, read once for all rules about them.

use crate::criteria::{Fault, Record};
use crate::load::{self, ModelScope};
use crate::model::Entity;
use crate::model::example::Example;

/// One example of an object that is there.
#[derive(Debug)]
pub(in crate::check) struct Case<'m> {
    /// The example as written.
    pub(super) entity: &'m Entity,
    /// What it says.
    pub(super) example: Example,
    /// The id of the object its record is of.
    pub(super) object: &'m str,
    /// Its record.
    pub(super) record: Record,
    /// Why no such object could be as the record says.
    pub(super) faults: Vec<Fault>,
}

/// All examples of a model.
pub(in crate::check) fn cases<'m>(scope: &ModelScope<'m>) -> Vec<Case<'m>> {
    let case = |(entity, example): (&'m Entity, Example)| {
        let object = entity.object().filter(|id| scope.has_object(id))?;
        let (record, faults) = match &example.record {
            Some(table) => load::record(&table.value.0, object, scope),
            None => (Record::new(), Vec::new()),
        };
        Some(Case { entity, example, object, record, faults })
    };
    scope.model().each::<Example>().filter_map(case).collect()
}
