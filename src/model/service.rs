//! Promises of time, and handoffs between teams.

use super::declaration::{Holds, noun};
use super::read::{
    Code, FieldPath, Items, Listed, Named, ObjectId, Predicate, Prose, Scalar, Target, codes,
    targets,
};
use super::root::CalendarTarget;
use super::routing::SlaTarget;
use crate::model::{Duration, Percent};

codes! {
    /// Whose calendar a promise runs on.
    CalendarOf => ["owner", "queue", "model"];
    /// What counts outside of working hours.
    OutsideHours => ["waits", "counts as zero"];
    /// What starts a running clock anew.
    Restart => ["never", "owner change", "stage change"];
}

targets! {
    /// Who is told, or who takes over.
    EscalationTarget => ["role", "team", "queue"];
    /// Where in a lifecycle or to which team.
    HandoffSide => ["team", "role"];
}

noun! {
    /// A promise of time: what must happen within how long.
    entity Sla = "sla" {
        /// The type of record it is about.
        object: ObjectId = facet(Identity).stem("sla-object").required(),
        /// The records it covers.
        applies_to: Predicate = facet(ScopePredicate).stem("sla-scope").inverted()
            .words("narrowed", "broadened").required().decides_figures(),
        /// The date field that starts the clock.
        starts: FieldPath = facet(Setting).stem("sla-clock").holds(Holds::Time).required()
            .decides_figures(),
        /// The date field that stops the clock.
        stops: FieldPath = facet(Setting).stem("sla-clock").holds(Holds::Time).required()
            .decides_figures(),
        /// The longest it may take; `business` durations run on the business calendar.
        within: Duration = facet(LargerIsLooser).stem("sla").words("loosened", "tightened")
            .required().decides_figures(),
        /// How long it should take; the limit above is the worst case.
        goal: Duration = facet(LargerIsLooser).stem("sla-goal").words("loosened", "tightened")
            .loosest_at_none(),
        /// The share of records for which it must be kept.
        target: Percent = facet(SmallerIsLooser).stem("sla-target").words("loosened", "tightened")
            .loosest_at_none(),
        /// The calendar it runs on, whoever has the record; the model's where none is given.
        calendar: Target<CalendarTarget> = facet(Setting).stem("sla-calendar").decides_figures(),
        /// Whose calendar it runs on, where that differs from record to record.
        calendar_of: Code<CalendarOf> = facet(Setting).stem("sla-calendar").decides_figures(),
        /// What a limit of the wall clock counts outside of working hours: it `waits` until they
        /// begin, or what starts and stops before that `counts as zero`. A `business` limit counts
        /// no such time anyway.
        outside_hours: Code<OutsideHours> = facet(Setting).stem("sla-clock").decides_figures(),
        /// What starts the clock anew.
        restart: Code<Restart> = facet(Setting).stem("sla-restart").decides_figures(),
        /// What stops the clock beside `stops`.
        stops_when: Predicate = facet(ScopePredicate).stem("sla-stop").tightest_at_none()
            .decides_figures(),
        /// What happens when it is not kept, step by step.
        escalation: Items<Escalation> = facet(SetGrowsTighter).stem("sla-escalation"),
    }
}

noun! {
    /// A step that is taken when a promise is not kept.
    item Escalation = "sla-escalation" {
        /// How long after the start of the clock.
        after: Duration = facet(LargerIsLooser).stem("sla-escalation-delay"),
        /// Who is told.
        tell: Listed<Target<EscalationTarget>> = facet(SetGrowsTighter).stem("sla-escalation-recipient"),
        /// Who the record goes to then; it stays where it is where none is given.
        reassign_to: Target<EscalationTarget> = facet(Reference).stem("sla-escalation-route"),
        /// How many times the step is taken for one record before the next one comes.
        times: u32 = facet(LargerIsLooser).stem("sla-escalation-times"),
        /// What the step writes into fields of the record, for example a status.
        sets: Named<Scalar> = facet(Setting).stem("sla-escalation-effect"),
    }
}

noun! {
    /// A handoff: one team gives a record to another, which accepts or returns it.
    entity Handoff = "handoff" {
        /// The type of record that is handed over.
        object: ObjectId = facet(Identity).stem("handoff-object").required(),
        /// Who gives.
        from: Target<HandoffSide> = facet(Reference).stem("handoff-giver"),
        /// Who takes.
        to: Target<HandoffSide> = facet(Reference).stem("handoff-taker"),
        /// Which records are handed over.
        when: Predicate = facet(ScopePredicate).stem("handoff-scope"),
        /// Fields that must be filled before.
        required_fields: Listed<FieldPath> = facet(SetGrowsTighter).stem("handoff-field"),
        /// Named criteria by which the taker accepts.
        acceptance: Named<Predicate> = facet(GatePredicate).stem("handoff-acceptance"),
        /// The promise for accepting or returning.
        sla: Target<SlaTarget> = facet(Reference).stem("handoff-sla"),
        /// Why a record may be returned, as the taker says it.
        return_reasons: Listed<super::read::Word> = facet(SetGrowsLooser).stem("handoff-return-reason"),
        /// How the giver learns what became of it.
        feedback: Prose = facet(Wording),
    }
}
