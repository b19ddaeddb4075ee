//! Exceptions: a criterion or finding that does not count for some records, for a while.

use super::declaration::noun;
use super::people::RoleTarget;
use super::read::{AddressPattern, ObjectId, Predicate, Prose, Target, Word};
use jiff::civil::Date;

noun! {
    /// A waiver of one criterion or one finding: for whom, why, by whom, until when.
    entity Exception = "exception" {
        /// The address of the criterion that is waived.
        waives: AddressPattern = facet(Reference).stem("exception-subject"),
        /// The rule of `check`, kind of change or fingerprint that is waived.
        waives_finding: Word = facet(Reference).stem("exception-subject"),
        /// The type of record the scope is about; that of the waived criterion where none is given.
        object: ObjectId = facet(Identity).stem("exception-object"),
        /// The records it is waived for.
        scope: Predicate = facet(ScopePredicate).stem("exception-scope").required(),
        /// Why.
        reason: Prose = facet(Wording).required(),
        /// The role that approved it.
        approved_by: Target<RoleTarget> = facet(Reference).stem("exception-approver").required(),
        /// The last day it holds.
        expires: Date = facet(LargerIsLooser).stem("exception").words("extended", "shortened")
            .required(),
    }
}
