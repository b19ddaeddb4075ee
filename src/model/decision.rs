//! Decision rights: whose approval a change needs.

use super::address::Pattern;
use super::declaration::noun;
use super::people::RoleTarget;
use super::read::{AddressPattern, Code, Codes, Listed, Target, Word, codes};

codes! {
    /// What a change does.
    ImpactCode => ["breaking", "loosening", "tightening", "shifting", "additive", "cosmetic",
        "undecided"];
    /// What must be in the proposal beside the change.
    EvidenceCode => ["records impact", "rollback note", "backtest", "announcement"];
}

noun! {
    /// A decision right: which changes need whose approval.
    entity Decision = "decision" {
        /// The addresses it is about; all where none are given. A change that several decisions cover
        /// needs them all, but for `decision.default`: it is asked where no other asks anybody.
        covers: Listed<AddressPattern> = facet(Setting).stem("decision-scope").turns_at_none(&["*"]),
        /// Only these kinds of change; all where none are given. `*` stands for any ending.
        kinds: Listed<Word> = facet(Setting).stem("decision-kind").turns_at_none(&["*"]),
        /// Only changes that do this; all where none are given.
        impact: Listed<Code<ImpactCode>> = facet(Setting).stem("decision-impact")
            .turns_at_none(ImpactCode::WORDS),
        /// The roles that all must approve.
        approve: Listed<Target<RoleTarget>> = facet(SetGrowsTighter).stem("decision-approver"),
        /// Roles of which some must approve.
        any_of: Listed<Target<RoleTarget>> = facet(SetGrowsLooser).stem("decision-alternative")
            .turns_at_none(&[]),
        /// How many of `any_of`; one where none is given.
        need: u32 = facet(SmallerIsLooser).stem("decision-quorum").usually(&["1"]),
        /// The roles that are told.
        inform: Listed<Target<RoleTarget>> = facet(SetGrowsTighter).stem("decision-informed").noted(),
        /// Whether the author's own approval does not count. Of a proposal of several authors each is an
        /// author of all of it.
        separation_of_duties: bool = facet(SmallerIsLooser).stem("separation-of-duties"),
        /// What must be in the proposal beside the change.
        evidence: Listed<Code<EvidenceCode>> = facet(SetGrowsTighter).stem("decision-evidence"),
    }
}

impl Decision {
    /// The right that is asked where no other one asks anybody.
    pub const DEFAULT: &str = "decision.default";

    /// How many of `any_of` must approve.
    pub fn needed(&self) -> usize {
        let one = usize::from(self.any_of.as_ref().is_some_and(|roles| !roles.is_empty()));
        self.need.as_ref().and_then(|need| usize::try_from(need.value).ok()).unwrap_or(one)
    }

    /// Whether it asks anybody for an approval, rather than only telling people.
    pub fn asks_somebody(&self) -> bool {
        self.approve.as_ref().is_some_and(|roles| !roles.is_empty()) || self.needed() > 0
    }

    /// The addresses it is about; all where there are none.
    pub fn patterns(&self) -> Vec<Pattern> {
        let covers = self.covers.iter().flat_map(|covers| covers.iter());
        covers.map(|pattern| Pattern::new(pattern.0.clone())).collect()
    }
}
