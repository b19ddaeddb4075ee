//! The rhythm of governance, trial changes and playbooks.

use super::declaration::noun;
use super::measure::MetricTarget;
use super::people::RoleTarget;
use super::read::{
    AddressPattern, Code, Listed, ObjectId, Predicate, Prose, Target, Word, codes, targets,
};
use crate::model::Duration;
use jiff::civil::Date;

codes! {
    /// How often people meet.
    Frequency => ["daily", "weekly", "every two weeks", "monthly", "quarterly", "yearly"];
}

targets! {
    /// What a meeting looks at.
    InputTarget => ["metric", "signal", "view", "playbook", "sla", "lifecycle", "routing",
        "handoff", "scoring", "enrichment", "pilot", "exception"];
}

noun! {
    /// A meeting that decides: how often, about what, with whom.
    entity Cadence = "cadence" {
        /// How often.
        frequency: Code<Frequency> = facet(Setting).stem("cadence-frequency"),
        /// How long it takes.
        length: Duration = facet(Display),
        /// What is talked about, in order.
        agenda: Listed<Word> = facet(Wording),
        /// Who takes part.
        attendees: Listed<Target<RoleTarget>> = facet(SetGrowsTighter).stem("cadence-attendee"),
        /// The role that decides when opinions differ.
        decides: Target<RoleTarget> = facet(Reference).stem("cadence-authority"),
        /// What is on the table.
        inputs: Listed<Target<InputTarget>> = facet(Reference).stem("cadence-input").noted(),
        /// What it leaves behind.
        outputs: Listed<Word> = facet(Wording),
    }
}

noun! {
    /// A change that is tried on a part of the records for a while.
    entity Pilot = "pilot" {
        /// The type of record it is tried on.
        object: ObjectId = facet(Identity).stem("pilot-object"),
        /// The records it is tried on.
        scope: Predicate = facet(ScopePredicate).stem("pilot-scope"),
        /// What it changes.
        changes: Listed<AddressPattern> = facet(SetGrowsLooser).stem("pilot-change"),
        /// The first day.
        starts: Date = facet(Setting).stem("pilot-term"),
        /// The last day; after it the change is made a rule or taken back.
        ends: Date = facet(LargerIsLooser).stem("pilot-end"),
        /// The metric that decides.
        success: Target<MetricTarget> = facet(Reference).stem("pilot-metric"),
        /// What the metric must show.
        succeeds_when: Prose = facet(Setting).stem("pilot-criterion"),
    }
}

noun! {
    /// A document people work by.
    entity Playbook = "playbook" {
        /// Where it stands: a path in this repository, or an address on the web.
        document: Word = facet(Reference).stem("playbook-document").noted(),
        /// Who works by it.
        readers: Listed<Target<super::people::MemberTarget>> = facet(Reference).stem("playbook-reader").noted(),
        /// What of the model it explains.
        explains: Listed<AddressPattern> = facet(Reference).stem("playbook-subject").noted(),
    }
}
