//! What happens to a record before it is routed: enrichment and scoring.

use super::declaration::{Holds, noun};
use super::field::SystemTarget;
use super::read::{FieldPath, Items, Listed, ObjectId, Predicate, Target, Word};
use crate::model::Duration;
use rust_decimal::Decimal;

noun! {
    /// Fields to fill before routing, and who is asked in which order.
    entity Enrichment = "enrichment" {
        /// The type of record it fills.
        object: ObjectId = facet(Identity).stem("enrichment-object").required(),
        /// Which records are filled; every record of the object where none is given.
        when: Predicate = facet(ScopePredicate).stem("enrichment-scope"),
        /// The fields it fills.
        fields: Listed<FieldPath> = facet(SetGrowsLooser).stem("enrichment-field"),
        /// The systems asked, in order; the first answer wins.
        providers: Listed<Target<SystemTarget>> = facet(Ordered).stem("enrichment-provider"),
        /// How long a filled value counts as fresh.
        fresh_for: Duration = facet(LargerIsLooser).stem("enrichment-freshness").loosest_at_none(),
        /// The longest routing waits for it.
        timeout: Duration = facet(LargerIsLooser).stem("enrichment-timeout"),
        /// Whether it replaces a value somebody typed.
        overwrites: bool = facet(Setting).stem("enrichment-overwrite"),
    }
}

noun! {
    /// A score: points from rules, added up between a floor and a cap by the system that keeps it; what a
    /// record has is read from its field, and never added up here.
    entity Scoring = "scoring" {
        /// The type of record it scores.
        object: ObjectId = facet(Identity).stem("scoring-object").required(),
        /// The field that holds the score.
        field: FieldPath = facet(Identity).stem("scoring-field").holds(Holds::Number),
        /// The lowest the score goes.
        floor: Decimal = facet(LargerIsLooser).stem("scoring-floor").tightest_at_none(),
        /// The highest the score goes.
        cap: Decimal = facet(LargerIsLooser).stem("scoring-cap").loosest_at_none(),
        /// Groups of rules with a cap or a least of their own, for example fit and behaviour.
        group: Items<ScoreGroup> = facet(Setting).stem("score-group"),
        /// The rules; every one that matches adds its points.
        rule: Items<ScoreRule> = facet(Setting).stem("score-rule"),
        /// When the score goes back to its floor.
        resets_when: Predicate = facet(ScopePredicate).stem("scoring-reset").inverted()
            .words("narrowed", "broadened"),
        /// When the score does not move.
        frozen_when: Predicate = facet(ScopePredicate).stem("scoring-freeze"),
    }
}

noun! {
    /// A group of score rules.
    item ScoreGroup = "score-group" {
        /// The most all points of the group together may come to.
        cap: Decimal = facet(LargerIsLooser).stem("score-group-cap").loosest_at_none(),
        /// The least they must come to; a record below has no score at all.
        least: Decimal = facet(SmallerIsLooser).stem("score-group-least").loosest_at_none(),
    }
}

noun! {
    /// One rule of a score.
    item ScoreRule = "score-rule" {
        /// Which records get the points.
        when: Predicate = facet(ScopePredicate).stem("score-rule-condition")
            .words("loosened", "tightened"),
        /// The id of the group it belongs to.
        group: Word = facet(Setting).stem("score-rule-group"),
        /// The points; negative ones are taken away.
        points: Decimal = facet(LargerIsLooser).stem("score-rule-points"),
        /// Counted at most once in this time.
        once_per: Duration = facet(SmallerIsLooser).stem("score-rule-rate")
            .words("loosened", "tightened"),
        /// The most all its points together may come to.
        cap: Decimal = facet(LargerIsLooser).stem("score-rule-cap").loosest_at_none(),
        /// After this time the points are gone.
        decays_after: Duration = facet(LargerIsLooser).stem("score-rule-decay")
            .words("loosened", "tightened"),
    }
}
