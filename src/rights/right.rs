//! Decision rights as they are applied: which changes each is about, and whom it asks.

use crate::change::{Change, Impact};
use crate::model::decision::Decision;
use crate::model::people::RoleTarget;
use crate::model::{Address, At, Entity, Listed, Model, Pattern, Target};

/// A decision right: about which changes it is, and what it asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Right {
    /// Its address, such as `decision.gates`.
    pub address: Address,
    /// The name people use.
    pub name: String,
    /// The addresses it is about; all where there are none.
    pub patterns: Vec<Pattern>,
    /// The kinds of change it is about, a last `*` for any ending; all where there are none.
    pub kinds: Vec<String>,
    /// What the changes it is about do; anything where there are none.
    pub impacts: Vec<Impact>,
    /// The roles that all must approve, such as `role.cro`.
    pub approve: Vec<String>,
    /// The roles of which `need` must approve.
    pub any_of: Vec<String>,
    /// How many roles of `any_of` must approve.
    pub need: usize,
    /// The roles that are told.
    pub inform: Vec<String>,
    /// Whether whoever wrote the change cannot approve it.
    pub separation_of_duties: bool,
    /// What must be in the proposal beside the change.
    pub evidence: Vec<&'static str>,
}

impl Right {
    fn of(entity: &Entity, decision: &Decision) -> Self {
        let impacts = listed(decision.impact.as_ref(), |impact| Impact::of(impact.word));
        Self {
            address: entity.address.clone(),
            name: entity.name().to_owned(),
            patterns: decision.patterns(),
            kinds: listed(decision.kinds.as_ref(), |kind| kind.0.clone()),
            impacts: impacts.into_iter().flatten().collect(),
            approve: roles(decision.approve.as_ref()),
            any_of: roles(decision.any_of.as_ref()),
            need: decision.needed(),
            inform: roles(decision.inform.as_ref()),
            separation_of_duties: decision.separation_of_duties.as_ref().is_some_and(|it| it.value),
            evidence: listed(decision.evidence.as_ref(), |evidence| evidence.word),
        }
    }

    /// Whether it takes what no other right asks anybody about.
    pub fn is_default(&self) -> bool {
        self.address.as_str() == Decision::DEFAULT
    }

    /// Whether it asks anybody for an approval, rather than only telling people.
    pub fn asks_somebody(&self) -> bool {
        !self.approve.is_empty() || self.need > 0
    }

    /// Whether it is about a change.
    pub fn is_about(&self, change: &Change) -> bool {
        let impact = self.impacts.is_empty() || self.impacts.contains(&change.impact);
        impact && self.is_about_kind(&change.kind.id) && self.covers(change)
    }

    fn is_about_kind(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|wanted| is_of_kind(wanted, kind))
    }

    fn covers(&self, change: &Change) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| touches(pattern, change))
    }
}

/// Whether a kind of change is meant by a word in which a last `*` stands for any ending.
pub(super) fn is_of_kind(wanted: &str, kind: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(start) => kind.starts_with(start),
        None => kind == wanted,
    }
}

/// Whether a change touches what a pattern covers, under its address now or before. What came or
/// went as a whole touches its parts too.
pub(super) fn touches(pattern: &Pattern, change: &Change) -> bool {
    let address = change.address.as_str();
    let whole = change.is_of_whole() && pattern.is_below(address);
    let before = change.previous.as_ref();
    whole || pattern.covers(address) || before.is_some_and(|before| pattern.covers(before.as_str()))
}

/// Whether a pattern covers what a change was called before, where that was something else.
pub(super) fn holds_before(pattern: &Pattern, change: &Change) -> bool {
    change.previous.as_ref().is_none_or(|before| {
        pattern.covers(before.as_str())
            || (change.is_of_whole() && pattern.is_below(before.as_str()))
    })
}

fn listed<T, R>(list: Option<&At<Listed<T>>>, read: impl Fn(&T) -> R) -> Vec<R> {
    list.into_iter().flat_map(|list| list.iter()).map(|item| read(&item.value)).collect()
}

/// The roles of a list, each once, in the order written.
fn roles(list: Option<&At<Listed<Target<RoleTarget>>>>) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for role in listed(list, |target| target.address.clone()) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// The decision rights of a model.
#[derive(Debug, Clone, Default)]
pub struct Rights {
    rights: Vec<Right>,
    default: Option<Right>,
}

impl Rights {
    /// The rights of a model: of the base, never of the revision that is judged.
    pub fn of(model: &Model) -> Self {
        let all = model.each::<Decision>().map(|(entity, decision)| Right::of(entity, &decision));
        let (default, rights): (Vec<_>, Vec<_>) = all.partition(Right::is_default);
        Self { rights, default: default.into_iter().next() }
    }

    /// All rights by address, `decision.default` last.
    pub fn all(&self) -> impl Iterator<Item = &Right> {
        self.rights.iter().chain(&self.default)
    }

    /// The rights that are about a change; `decision.default` where none of them asks anybody for
    /// an approval; nothing where there is no such default.
    pub fn matching(&self, change: &Change) -> Vec<&Right> {
        let mut found: Vec<_> = self.rights.iter().filter(|right| right.is_about(change)).collect();
        // Who is asked only under a new name does not take it from those it was with before.
        let takes = |right: &&Right| {
            right.asks_somebody()
                && (right.patterns.is_empty()
                    || right.patterns.iter().any(|pattern| holds_before(pattern, change)))
        };
        if !found.iter().any(takes) {
            found.extend(self.default.iter().filter(|right| right.is_about(change)));
        }
        found
    }
}
