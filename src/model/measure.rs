//! Metrics, signals, and who looks at them.

use super::declaration::{Holds, noun};
use super::field::SystemTarget;
use super::people::RoleTarget;
use super::read::{
    Code, FieldPath, Listed, ObjectId, Predicate, Prose, Target, Word, codes, targets,
};
use super::routing::SlaTarget;
use crate::model::Duration;
use rust_decimal::Decimal;

codes! {
    /// How a metric is computed.
    Formula => ["share", "count", "sum", "average", "median days", "ratio",
        "kept promises"];
    /// Which way a metric is better.
    Better => ["higher", "lower"];
    /// For whom a view is.
    Audience => ["executive", "manager", "operator", "audit"];
}

targets! {
    /// A metric.
    MetricTarget => ["metric"];
    /// A signal.
    SignalTarget => ["signal"];
    /// What a view may show.
    ShownTarget => ["metric", "signal", "sla", "lifecycle", "routing"];
}

noun! {
    /// A number the company steers by: how it is computed, over what, and what it should be.
    entity Metric = "metric" {
        /// The type of record it counts.
        object: ObjectId = facet(Identity).stem("metric-object").required(),
        /// How it is computed.
        formula: Code<Formula> = facet(Identity).stem("metric-formula"),
        /// The records it is computed over; a `ratio` is computed over those of its two metrics.
        population: Predicate = facet(ScopePredicate).stem("metric-population").breaking(),
        /// For `share`: the records that count.
        counts: Predicate = facet(ScopePredicate).stem("metric-counted").breaking(),
        /// For `kept promises`: the promise whose share of kept ones is counted.
        sla: Target<SlaTarget> = facet(Identity).stem("metric-formula"),
        /// By what it is broken down when it is shown; a `ratio` is not.
        by: Listed<FieldPath> = facet(Display),
        /// For `sum` and `average`: the field that is added up.
        of: FieldPath = facet(Identity).stem("metric-formula").holds(Holds::Number),
        /// For `ratio`: the metric above the line.
        numerator: Target<MetricTarget> = facet(Identity).stem("metric-formula"),
        /// For `ratio`: the metric below the line.
        denominator: Target<MetricTarget> = facet(Identity).stem("metric-formula"),
        /// For `median days`: the date field it counts from.
        from: FieldPath = facet(Identity).stem("metric-formula").holds(Holds::Time),
        /// For `median days`: the date field it counts to.
        to: FieldPath = facet(Identity).stem("metric-formula").holds(Holds::Time),
        /// The stretch of time it looks back on. Of a `ratio` its two metrics say that for themselves, and
        /// what stands here is for readers.
        window: Duration = facet(Identity).stem("metric-window").breaking(),
        /// The date field that says which stretch a record belongs to.
        dated_by: FieldPath = facet(Identity).stem("metric-window").breaking().holds(Holds::Time),
        /// The system whose records are counted.
        source: Target<SystemTarget> = facet(Identity).stem("metric-source").breaking(),
        /// What it should be, in its own unit (a share as `0.25`).
        target: Decimal = facet(SmallerIsLooser).stem("metric-target").words("loosened", "tightened")
            .loosest_at_none(),
        /// From here on somebody must act.
        alert: Decimal = facet(SmallerIsLooser).stem("metric-alert").words("loosened", "tightened")
            .loosest_at_none(),
        /// Whether higher or lower is better.
        better: Code<Better> = facet(Setting).stem("metric-direction"),
        /// The unit it is shown in.
        unit: Word = facet(Display),
    }
}

noun! {
    /// An early sign: it fires before the metric moves.
    entity Signal = "signal" {
        /// The type of record it looks at.
        object: ObjectId = facet(Identity).stem("signal-object"),
        /// The records that make it fire.
        when: Predicate = facet(ScopePredicate).stem("signal").inverted()
            .words("narrowed", "broadened"),
        /// How many of them make it fire.
        threshold: u32 = facet(LargerIsLooser).stem("signal-threshold").tightest_at_none(),
        /// In which stretch of time, up to now; whenever where none is given.
        window: Duration = facet(Setting).stem("signal-window"),
        /// The date field that says which stretch a record belongs to; without one every record that
        /// `when` holds for counts, whatever the window.
        dated_by: FieldPath = facet(Setting).stem("signal-window").holds(Holds::Time),
        /// The metric it announces.
        announces: Target<MetricTarget> = facet(Reference).stem("signal-metric"),
        /// Who is told.
        tells: Listed<Target<RoleTarget>> = facet(SetGrowsTighter).stem("signal-recipient"),
        /// What whoever is told should do.
        response: Prose = facet(Wording),
    }
}

noun! {
    /// What somebody sees: which metrics, signals and deviations, for whom.
    entity View = "view" {
        /// For whom.
        audience: Code<Audience> = facet(Setting).stem("view-audience"),
        /// The roles that use it.
        roles: Listed<Target<RoleTarget>> = facet(Reference).stem("view-role").noted(),
        /// What it shows, in order.
        shows: Listed<Target<ShownTarget>> = facet(Ordered).stem("view-content").noted(),
        /// Which deviations from the model it lists.
        deviations: Listed<super::read::AddressPattern> = facet(Reference).stem("view-deviation").noted(),
        /// How often it is made anew.
        refresh: Duration = facet(Setting).stem("view-refresh").noted(),
    }
}
