//! Lifecycles: ordered stages with what lets a record in and out.

use super::common::Owner;
use super::declaration::{Holds, noun};
use super::read::{
    At, FieldPath, Item, Items, Listed, Named, ObjectId, Predicate, Prose, Record, StageId, Target,
    Word,
};
use crate::model::{Duration, Percent};
use crate::source::Span;

noun! {
    /// The stages records of an object go through, in order.
    entity Lifecycle = "lifecycle" {
        /// The type of record that goes through it.
        object: ObjectId = facet(Identity).stem("lifecycle-object").required(),
        /// The field that holds the stage.
        stage_field: FieldPath = facet(Identity).stem("lifecycle-field").holds(Holds::Word),
        /// The stages, in order.
        stage: Items<Stage> = facet(Ordered).stem("stage"),
        /// The date field at which the whole way begins.
        starts: FieldPath = facet(Setting).stem("lifecycle-clock").holds(Holds::Time),
        /// The date field at which it has come to an end.
        ends: FieldPath = facet(Setting).stem("lifecycle-clock").holds(Holds::Time),
        /// The longest the whole way may take: of the limits, in order, the first that covers a
        /// record.
        cycle: Items<CycleLimit> = facet(Ordered).stem("cycle-limit"),
        /// Moves that must never happen, beside those that are merely not listed.
        forbidden: Items<ForbiddenMove> = facet(SetGrowsTighter).stem("forbidden-transition"),
    }
}

noun! {
    /// One stage of a lifecycle.
    item Stage = "stage" {
        /// What the stage field holds; the id where none is given.
        value: Word = facet(Identity).stem("stage-value").id_where("stage_field"),
        /// Who answers for records in it.
        owner: Target<Owner> = facet(Reference).stem("stage-owner"),
        /// Named criteria; a record may enter when all hold.
        entry: Named<Predicate> =
            facet(GatePredicate).stem("stage-entry").words("weakened", "strengthened"),
        /// Named criteria; a record may leave forwards when all hold.
        exit: Named<Predicate> =
            facet(GatePredicate).stem("stage-exit").words("weakened", "strengthened"),
        /// The stages a record may go to next.
        next: Listed<StageId> = facet(SetGrowsLooser).stem("stage-transition"),
        /// The longest a record should stay.
        limit: Duration = facet(LargerIsLooser).stem("stage-limit").loosest_at_none(),
        /// The date field that says since when a record has been here.
        entered: FieldPath = facet(Setting).stem("stage-clock").holds(Holds::Time),
        /// The longest nobody may be in contact with whom a record here is about.
        contact_within: Duration = facet(LargerIsLooser).stem("stage-contact-limit")
            .loosest_at_none(),
        /// Where a record goes back to, and when.
        recycle: Record<Recycle> = facet(Group),
        /// The share of records in it that are won in the end.
        probability: Percent = facet(Setting).stem("stage-probability"),
        /// Whether a record that is here stays here.
        terminal: bool = facet(Setting).stem("stage-terminal"),
        /// Fields a record must have set to be here.
        required_fields: Listed<FieldPath> = facet(SetGrowsTighter).stem("stage-required-field"),
        /// What whoever owns the record should do here.
        guidance: Prose = facet(Wording),
    }
}

noun! {
    /// The way back out of a stage.
    record Recycle = "recycle" {
        /// The stage it goes back to.
        to: StageId = facet(Reference).stem("recycle-stage"),
        /// When.
        when: Predicate = facet(ScopePredicate).stem("recycle"),
        /// Fields that are emptied or set back on the way.
        resets: Listed<FieldPath> = facet(SetGrowsLooser).stem("recycle-reset"),
    }
}

noun! {
    /// How long the whole way through a lifecycle may take, for some records.
    item CycleLimit = "cycle-limit" {
        /// The records it covers; all where none are given.
        when: Predicate = facet(ScopePredicate).stem("cycle-limit-scope").inverted()
            .words("narrowed", "broadened"),
        /// The longest from the start to the end.
        within: Duration = facet(LargerIsLooser).stem("cycle-limit-length")
            .words("raised", "lowered").required(),
    }
}

noun! {
    /// A move between two stages that must never happen.
    item ForbiddenMove = "forbidden-transition" {
        /// The stage it would leave; any where none is given.
        from: StageId = facet(Reference).tightest_at_none(),
        /// The stage it must not reach.
        to: StageId = facet(Reference).required(),
        /// The records for which it is allowed all the same.
        unless: Predicate = facet(GatePredicate).stem("forbidden-transition-waiver")
            .tightest_at_none(),
    }
}

impl Lifecycle {
    /// The stages, in order.
    pub fn stages(&self) -> &[Item<Stage>] {
        self.stage.as_ref().map(|stages| stages.value.0.as_slice()).unwrap_or_default()
    }

    /// The rules that forbid the way from one stage to another.
    pub fn forbidding(&self, from: &str, to: &str) -> impl Iterator<Item = &Item<ForbiddenMove>> {
        let rules = self.forbidden.iter().flat_map(|rules| rules.iter());
        rules.filter(move |rule| {
            let from_there = rule.from.as_ref().is_none_or(|stage| stage.value.0 == from);
            from_there && rule.to.as_ref().is_some_and(|stage| stage.value.0 == to)
        })
    }
}

impl Stage {
    /// Whether a record that is here stays here.
    pub fn is_terminal(&self) -> bool {
        self.terminal.as_ref().is_some_and(|terminal| terminal.value)
    }

    /// The fields a record must have set to be here.
    pub fn required(&self) -> impl Iterator<Item = &At<FieldPath>> {
        self.required_fields.iter().flat_map(|fields| fields.iter())
    }

    /// The stages a record may go to from here, on or back.
    pub fn ways_out(&self) -> impl Iterator<Item = &At<StageId>> {
        let next = self.next.iter().flat_map(|next| next.iter());
        next.chain(self.recycle.iter().filter_map(|recycle| recycle.to.as_ref()))
    }
}

impl Item<Stage> {
    /// What the stage field holds for records in it, and where that is written.
    pub fn stored_value(&self) -> (&str, Span) {
        match &self.value.value {
            Some(value) => (&value.value.0, value.span),
            None => (&self.id, self.id_span),
        }
    }
}
