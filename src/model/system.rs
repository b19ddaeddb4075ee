//! Systems and sources: where records live, and where they come from.

use super::declaration::{Holds, noun};
use super::field::SystemTarget;
use super::people::RoleTarget;
use super::read::{
    Code, FieldPath, Items, Listed, ObjectId, Predicate, Prose, Record, Target, Word, codes,
};
use crate::model::Duration;

codes! {
    /// What a system is for.
    SystemFunction => ["crm", "marketing automation", "analytics", "planning", "enrichment",
        "warehouse", "support", "other"];
    /// Which way records flow.
    FlowDirection => ["in", "out", "both"];
    /// How numbers are written, by example.
    NumberForm => ["1234.56", "1,234.56", "1.234,56", "1 234,56", "1'234.56"];
    /// How the last day of 2026 is written, by example.
    DateForm => ["2026-12-31", "31.12.2026", "31/12/2026", "12/31/2026"];
    /// Who wins when both sides changed.
    ConflictWinner => ["this", "other", "newest", "by hand"];
}

noun! {
    /// A system records live in.
    entity System = "system" {
        /// What it is for.
        function: Code<SystemFunction> = facet(Setting).stem("system-function"),
        /// The objects it holds.
        objects: Listed<ObjectId> = facet(SetGrowsLooser).stem("system-object"),
        /// The objects of which its records are the true ones.
        source_of_truth_for: Listed<ObjectId> = facet(Setting).stem("source-of-truth"),
        /// What flows between it and others.
        sync: Items<Sync> = facet(Setting).stem("sync"),
        /// What it must tell somebody.
        alert: Items<Alert> = facet(SetGrowsTighter).stem("system-alert"),
        /// How it writes what it exports.
        exports: Record<ExportForm> = facet(Group),
        /// The role that administers it.
        admin: Target<RoleTarget> = facet(Reference).stem("system-admin"),
    }
}

noun! {
    /// How a system writes numbers, days and instants into what it exports.
    record ExportForm = "export-form" {
        /// How it writes numbers, by example.
        numbers: Code<NumberForm> = facet(Setting).stem("export-form"),
        /// How it writes the last day of 2026, by example.
        dates: Code<DateForm> = facet(Setting).stem("export-form"),
        /// The zone of instants that name none, as an IANA name such as `Europe/Berlin`.
        time_zone: Word = facet(Setting).stem("export-form"),
    }
}

noun! {
    /// A flow of records between two systems.
    item Sync = "sync" {
        /// The other system.
        with: Target<SystemTarget> = facet(Reference).stem("sync-partner"),
        /// The object that flows.
        object: ObjectId = facet(Setting).stem("sync-object"),
        /// Which way.
        direction: Code<FlowDirection> = facet(Setting).stem("sync-direction"),
        /// Who wins when both sides changed.
        conflict_winner: Code<ConflictWinner> = facet(Setting).stem("sync-conflict"),
        /// The fields by which two records are the same.
        dedupe_keys: Listed<FieldPath> = facet(SetGrowsTighter).stem("sync-dedupe-key"),
        /// How often.
        every: Duration = facet(LargerIsLooser).stem("sync-interval"),
        /// Only these records.
        when: Predicate = facet(ScopePredicate).stem("sync-scope"),
    }
}

noun! {
    /// Something a system must tell somebody.
    item Alert = "system-alert" {
        /// What is told, in words.
        on: Prose = facet(Setting).stem("system-alert-event"),
        /// Who is told.
        tell: Target<RoleTarget> = facet(Reference).stem("system-alert-recipient"),
    }
}

noun! {
    /// A channel records come from, and how they are tagged.
    entity Source = "source" {
        /// The type of record that is tagged.
        object: ObjectId = facet(Identity).stem("source-object"),
        /// The field that holds the tag.
        field: FieldPath = facet(Identity).stem("source-field").holds(Holds::Word),
        /// The values that mean this source.
        values: Listed<Word> = facet(SetGrowsLooser).stem("source-value"),
        /// Which records are tagged so, where the tag is derived.
        when: Predicate = facet(ScopePredicate).stem("source-scope"),
        /// The larger source it is part of.
        part_of: Target<SourceTarget> = facet(Reference).stem("source-parent"),
        /// How a record gets the tag, for those who set it by hand.
        tagging: Prose = facet(Wording),
    }
}

super::read::targets! {
    /// A source.
    SourceTarget => ["source"];
}
