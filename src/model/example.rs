//! Examples: a record, and what must come out for it.

use super::declaration::noun;
use super::read::{Free, Listed, Named, ObjectId, Target, targets};
use super::routing::Destination;
use jiff::civil::Date;

targets! {
    /// A predicate of the model.
    PredicateTarget => ["icp", "segment", "territory", "definition", "persona"];
    /// A routing table.
    RoutingTarget => ["routing"];
}

noun! {
    /// A record and what must come out for it; `check` runs every example.
    entity Example = "example" {
        /// The type of record.
        object: ObjectId = facet(Identity).stem("example-object").noted().required(),
        /// The record: field names and values; a field left out is not set.
        record: Free = facet(Setting).stem("example-record").noted(),
        /// The day on which it is judged; the day of the check where none is given.
        as_of: Date = facet(Setting).stem("example-record").noted(),
        /// Predicates that must hold.
        holds: Listed<Target<PredicateTarget>> = facet(Setting).stem("example-expectation").noted(),
        /// Predicates that must not hold.
        fails: Listed<Target<PredicateTarget>> = facet(Setting).stem("example-expectation").noted(),
        /// Where each routing table must send it, for example `inbound = "queue.dach"`.
        routes: Named<Target<Destination>> = facet(Setting).stem("example-expectation").noted(),
        /// The rule that must take it in each routing table, or `default`.
        taken_by: Named<super::read::Word> = facet(Setting).stem("example-expectation").noted(),
        /// Stages (as `lifecycle.stage`) whose entry criteria must all hold.
        may_enter: Listed<super::read::AddressPattern> = facet(Setting).stem("example-expectation").noted(),
        /// Stages whose exit criteria must all hold.
        may_leave: Listed<super::read::AddressPattern> = facet(Setting).stem("example-expectation").noted(),
        /// Stages whose entry criteria must not all hold.
        may_not_enter: Listed<super::read::AddressPattern> = facet(Setting).stem("example-expectation").noted(),
        /// Stages whose exit criteria must not all hold.
        may_not_leave: Listed<super::read::AddressPattern> = facet(Setting).stem("example-expectation").noted(),
    }
}
