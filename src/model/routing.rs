//! Routing: which record goes to whom.

use super::declaration::{Holds, noun};
use super::read::{Code, FieldPath, Items, ObjectId, Predicate, Target, codes, targets};
use crate::model::Duration;

targets! {
    /// Where a record can be sent: a queue, a team, a role, or whoever a field of the record names.
    Destination => ["queue", "team", "role", "field"];
    /// A promise of time.
    SlaTarget => ["sla"];
}

codes! {
    /// What it means for a record to reach the default.
    DefaultMeaning => ["home", "gap"];
}

noun! {
    /// Ordered rules; the first that matches decides where a record goes.
    entity Routing = "routing" {
        /// The type of record it routes.
        object: ObjectId = facet(Identity).stem("routing-object").required(),
        /// Which records are routed by it at all; every record of the object where none is given.
        applies_to: Predicate = facet(ScopePredicate).stem("routing-scope"),
        /// Where a record goes that no rule takes.
        default: Target<Destination> = facet(Reference).stem("default-route").holds(Holds::Name).required(),
        /// Whether the default is a home, or a gap that no record should fall into.
        default_is: Code<DefaultMeaning> = facet(Setting).stem("default-meaning"),
        /// The promise for records that reach the default; whom that covers is said by its own
        /// `applies_to`.
        default_sla: Target<SlaTarget> = facet(Reference).stem("default-route-sla"),
        /// A field that is set to the id of the rule that took a record, for later counting.
        marks: FieldPath = facet(Setting).stem("routing-mark").holds(Holds::Word).noted(),
        /// The rules, in order.
        rule: Items<Rule> = facet(Ordered).stem("rule"),
    }
}

noun! {
    /// One routing rule.
    item Rule = "rule" {
        /// Which records it takes, of those no earlier rule took.
        when: Predicate = facet(ScopePredicate).stem("rule-condition").required(),
        /// Where they go.
        to: Target<Destination> = facet(Reference).stem("route").holds(Holds::Name).required(),
        /// The promise under which it hands them on; whom that covers is said by the promise's own
        /// `applies_to`.
        sla: Target<SlaTarget> = facet(Reference).stem("route-sla"),
        /// How long a record stays with whom the rule gave it before it may be given on.
        protects: Duration = facet(SmallerIsLooser).stem("rule-protection").loosest_at_none(),
        /// A field that is set to the id of the rule, for later counting.
        marks: FieldPath = facet(Setting).stem("rule-mark").holds(Holds::Word).noted(),
    }
}

impl Routing {
    /// Whether the default is a gap that no record should fall into, rather than a home.
    pub fn defaults_to_gap(&self) -> bool {
        self.default_is.as_ref().is_some_and(|meaning| meaning.word == "gap")
    }
}
