//! What a review comes to.

use super::Review;
use crate::finding::Severity;

/// What a review comes to, and so how the command ends.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing is proposed, or the base has it all.
    Nothing,
    /// Only the form changed: proved to mean the same.
    FormOnly,
    /// What changed needs nobody's signature.
    Free,
    /// Everybody who must sign has signed.
    Approved,
    /// Signatures or evidence are missing.
    Waiting,
    /// It cannot be merged as it is, whoever signs.
    Refused,
}

impl Verdict {
    /// What a review comes to.
    pub(super) fn of(review: &Review) -> Self {
        let proposal = &review.proposal;
        let broken = !review.conflicts.is_empty()
            || !review.broken.is_empty()
            || review.ledger.iter().any(|finding| finding.severity == Severity::Error)
            || !proposal.not_checked.is_empty()
            || !review.unexpected.is_empty()
            || review.forbidden().next().is_some();
        if broken {
            return Self::Refused;
        }
        if !review.plan.is_met() {
            return Self::Waiting;
        }
        if !review.plan.is_empty() {
            return Self::Approved;
        }
        let silenced = proposal.meaningful_silenced();
        if review.changes().chain(silenced).any(|change| !change.is_cosmetic()) {
            return Self::Free;
        }
        if review.changes().next().is_some() { Self::FormOnly } else { Self::Nothing }
    }

    /// The exit code: 0 to merge, 1 for what nobody may sign away, 3 for what waits.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Nothing | Self::FormOnly | Self::Free | Self::Approved => 0,
            Self::Waiting => 3,
            Self::Refused => 1,
        }
    }
}
