//! Campaigns: what must be known, agreed and checked before and after one runs.

use super::declaration::noun;
use super::people::{RoleTarget, TeamTarget};
use super::read::{Items, Listed, Prose, Target, Word};
use super::strategy::MarketTarget;
use super::system::SourceTarget;
use crate::model::Duration;

noun! {
    /// The intake standard of a kind of campaign.
    entity Campaign = "campaign" {
        /// What the brief must say.
        brief: Listed<Word> = facet(SetGrowsTighter).stem("campaign-brief"),
        /// Whom it may address.
        markets: Listed<Target<MarketTarget>> = facet(Reference).stem("campaign-market"),
        /// The sources its records are tagged with.
        sources: Listed<Target<SourceTarget>> = facet(Reference).stem("campaign-source"),
        /// The teams whose work it needs.
        needs: Listed<Target<TeamTarget>> = facet(Reference).stem("campaign-dependency"),
        /// Who must agree before it starts.
        approvals: Listed<Target<RoleTarget>> = facet(SetGrowsTighter).stem("campaign-approval"),
        /// What is checked before the start.
        launch: Items<ChecklistItem> = facet(SetGrowsTighter).stem("campaign-check"),
        /// What is checked after the start.
        follow_up: Items<ChecklistItem> = facet(SetGrowsTighter).stem("campaign-check"),
        /// The shortest time between brief and start.
        lead_time: Duration = facet(SmallerIsLooser).stem("campaign-lead-time").loosest_at_none(),
    }
}

noun! {
    /// One thing to check.
    item ChecklistItem = "campaign-check" {
        /// What is checked.
        check: Prose = facet(Setting).stem("campaign-check"),
        /// Who checks it.
        by: Target<RoleTarget> = facet(Reference).stem("campaign-check-owner"),
        /// How long after the start (or before it) at the latest.
        within: Duration = facet(LargerIsLooser).stem("campaign-check-limit").loosest_at_none(),
    }
}
