//! Exceptions: a criterion, limit or finding that does not count for some records, for a while.

use super::declaration::noun;
use super::people::RoleTarget;
use super::read::{AddressPattern, ObjectId, Predicate, Prose, Target, Word};
use jiff::civil::Date;

noun! {
    /// A waiver of one criterion, one limit or one finding: for whom, why, by whom, until when. It counts
    /// where records are held against the model, in `deviations`; `evaluate`, `trace` and `impact` answer
    /// by the criteria as they are written.
    entity Exception = "exception" {
        /// The address of the criterion or the limit that is waived; with `waives_finding`, the
        /// addresses at which that is waived.
        waives: AddressPattern = facet(Reference).stem("exception-subject"),
        /// The kind of change that is waived, or the fingerprint of the one change that is.
        waives_finding: Word = facet(Reference).stem("exception-subject"),
        /// The type of record the scope is about; that of what is waived where none is given.
        object: ObjectId = facet(Identity).stem("exception-object"),
        /// The records it is waived for; whoever waives a finding needs none.
        scope: Predicate = facet(ScopePredicate).stem("exception-scope"),
        /// Why.
        reason: Prose = facet(Wording).required(),
        /// The role that approved it.
        approved_by: Target<RoleTarget> = facet(Reference).stem("exception-approver").required(),
        /// The last day it holds.
        expires: Date = facet(LargerIsLooser).stem("exception").words("extended", "shortened")
            .required(),
    }
}
