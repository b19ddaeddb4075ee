//! What kinds of entity are called where people read of them.

use crate::model::KINDS;

/// The kinds by their ids: the word for one, and for several.
const WORDS: &[(&str, &str, &str)] = &[
    ("model", "Model", "Model"),
    ("policy", "Policy", "Policies"),
    ("object", "Record type", "Record types"),
    ("field", "Field", "Fields"),
    ("list", "List", "Lists"),
    ("icp", "Ideal customer profile", "Ideal customer profiles"),
    ("segment", "Segment", "Segments"),
    ("territory", "Territory", "Territories"),
    ("persona", "Persona", "Personas"),
    ("definition", "Definition", "Definitions"),
    ("lifecycle", "Lifecycle", "Lifecycles"),
    ("routing", "Routing table", "Routing tables"),
    ("sla", "Promise of time (SLA)", "Promises of time (SLAs)"),
    ("handoff", "Handoff", "Handoffs"),
    ("enrichment", "Enrichment", "Enrichments"),
    ("scoring", "Score", "Scores"),
    ("team", "Team", "Teams"),
    ("role", "Role", "Roles"),
    ("queue", "Queue", "Queues"),
    ("calendar", "Business calendar", "Business calendars"),
    ("system", "System", "Systems"),
    ("source", "Source", "Sources"),
    ("campaign", "Campaign standard", "Campaign standards"),
    ("metric", "Metric", "Metrics"),
    ("signal", "Signal", "Signals"),
    ("view", "View", "Views"),
    ("cadence", "Meeting", "Meetings"),
    ("decision", "Decision right", "Decision rights"),
    ("exception", "Exception", "Exceptions"),
    ("pilot", "Pilot", "Pilots"),
    ("playbook", "Playbook", "Playbooks"),
    ("example", "Example", "Examples"),
];

/// The word for one of a kind.
pub(in crate::site) fn one(kind: &str) -> &str {
    WORDS.iter().find(|(id, ..)| *id == kind).map_or(kind, |(_, one, _)| one)
}

/// The word for several of a kind.
pub(in crate::site) fn many(kind: &str) -> &str {
    WORDS.iter().find(|(id, ..)| *id == kind).map_or(kind, |(.., many)| many)
}

/// Whether there is a kind of this id.
pub(in crate::site) fn is_known(kind: &str) -> bool {
    KINDS.iter().any(|known| known.id == kind)
}

/// The place of a kind in the order of the manual; unknown ones come last.
pub(in crate::site) fn place(kind: &str) -> usize {
    KINDS.iter().position(|known| known.id == kind).unwrap_or(KINDS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_words() {
        let known: Vec<_> = WORDS.iter().map(|(id, ..)| *id).collect();
        let kinds: Vec<_> = KINDS.iter().map(|kind| kind.id).collect();
        assert_eq!(known, kinds);
    }
}
