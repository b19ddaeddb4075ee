//! Who must agree to a change, who has, and what does not count: decision rights, approvals and
//! exceptions, from data to data.
//!
//! INVARIANT: no disk, no clock and no repository. Whoever asks brings the model that judges (that
//! of the base, never of the change under review), the day, and what was found of approvals.

mod approval;
mod count;
mod exceptions;
mod ledger;
mod people;
mod plan;
mod reviews;
mod right;
mod trailers;

pub use approval::{Approval, ApprovalSource, CountsFor, Signer};
pub use exceptions::{Exceptions, Waiver};
pub use ledger::{Entry, Ledger, file_name};
pub use people::{Holder, Identity, People, RoleHolders, Term};
pub use plan::{
    Asked, EvidenceStatus, Missing, NotCounted, Partly, Plan, Refusal, Requirement, RoleStatus,
    Signature, Waived, approval_of_some, plan,
};
pub use reviews::{ReviewsError, reviews};
pub use right::{Right, Rights};
pub use trailers::{authors, evidence, trailers};

#[cfg(test)]
mod tests;
