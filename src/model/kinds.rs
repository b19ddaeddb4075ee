//! The register of kinds: the first step of every address.

use super::declaration::{Declaration, Noun, Property};
use super::{
    calendar, campaign, decision, example, exception, field, governance, lifecycle, list, measure,
    people, preparation, root, routing, service, strategy, system,
};

/// A kind of entity.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The first step of its addresses.
    pub id: &'static str,
    /// How many steps follow: none for `model`, two for `field`, one for all others.
    pub depth: usize,
    declaration: fn() -> &'static Declaration,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Kind {}

impl Kind {
    /// The kind of an id.
    pub fn of(id: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.id == id)
    }

    /// Its properties.
    pub fn declaration(&self) -> &'static Declaration {
        (self.declaration)()
    }

    /// One of its properties.
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.declaration().property(name)
    }
}

const fn kind<N: Noun>(id: &'static str, depth: usize) -> Kind {
    Kind { id, depth, declaration: N::declaration }
}

/// All kinds, in the order of the manual.
pub static KINDS: &[Kind] = &[
    kind::<root::Root>("model", 0),
    kind::<root::Policy>("policy", 1),
    kind::<field::Object>("object", 1),
    kind::<field::Field>("field", 2),
    kind::<list::List>("list", 1),
    kind::<strategy::Icp>("icp", 1),
    kind::<strategy::Segment>("segment", 1),
    kind::<strategy::Territory>("territory", 1),
    kind::<strategy::Persona>("persona", 1),
    kind::<strategy::Definition>("definition", 1),
    kind::<lifecycle::Lifecycle>("lifecycle", 1),
    kind::<routing::Routing>("routing", 1),
    kind::<service::Sla>("sla", 1),
    kind::<service::Handoff>("handoff", 1),
    kind::<preparation::Enrichment>("enrichment", 1),
    kind::<preparation::Scoring>("scoring", 1),
    kind::<people::Team>("team", 1),
    kind::<people::Role>("role", 1),
    kind::<people::Queue>("queue", 1),
    kind::<calendar::RegionalCalendar>("calendar", 1),
    kind::<system::System>("system", 1),
    kind::<system::Source>("source", 1),
    kind::<campaign::Campaign>("campaign", 1),
    kind::<measure::Metric>("metric", 1),
    kind::<measure::Signal>("signal", 1),
    kind::<measure::View>("view", 1),
    kind::<governance::Cadence>("cadence", 1),
    kind::<decision::Decision>("decision", 1),
    kind::<exception::Exception>("exception", 1),
    kind::<governance::Pilot>("pilot", 1),
    kind::<governance::Playbook>("playbook", 1),
    kind::<example::Example>("example", 1),
];
