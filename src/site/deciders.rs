//! Who may change what: decision rights in words.

use super::names::stem;
use super::prose::{Names, Text, covered};
use crate::change::Impact;
use crate::model::Entity;
use crate::rights::{Right, Rights};
use serde::Serialize;

/// A decision right, as a row.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Decider {
    id: String,
    name: Text,
    description: Option<String>,
    /// The addresses it is about.
    covers: Text,
    /// The changes it is about.
    changes: Text,
    /// Whose approval it needs.
    approval: Text,
    informed: Text,
    /// What else it asks for.
    besides: Text,
    is_default: bool,
}

impl Decider {
    /// A right in words.
    pub(in crate::site) fn of(names: Names<'_>, right: &Right) -> Self {
        let entity = names.entity(right.address.as_str());
        let covers = right.patterns.iter().map(|pattern| covered(pattern.as_str()));
        let covers: Vec<Text> = covers.collect();
        Self {
            id: stem(right.address.as_str()),
            name: names.link(right.address.as_str()),
            description: entity.and_then(|it| it.table.text("description")).map(str::to_owned),
            covers: if covers.is_empty() {
                Text::of("everything")
            } else {
                Text::joined(covers, ", ")
            },
            changes: changes(right),
            approval: approval(names, right),
            informed: names.links(right.inform.iter().map(String::as_str), " and "),
            besides: besides(right),
            is_default: right.is_default(),
        }
    }
}

/// The rights that may ask somebody about a change of an entity; that for everything else last.
pub(in crate::site) fn deciders(
    names: Names<'_>,
    rights: &Rights,
    entity: &Entity,
) -> Vec<Decider> {
    let address = entity.address.as_str();
    let touches = |right: &&Right| {
        right.patterns.is_empty()
            || right
                .patterns
                .iter()
                .any(|pattern| pattern.covers(address) || pattern.is_below(address))
    };
    let found: Vec<&Right> = rights.all().filter(touches).collect();
    // What one right asks about whatever happens is left to no other one.
    let whole = found.iter().any(|right| {
        !right.is_default()
            && right.asks_somebody()
            && right.kinds.is_empty()
            && right.impacts.is_empty()
            && right.patterns.iter().all(|pattern| pattern.covers(address))
    });
    let told = found.into_iter().filter(|right| !(whole && right.is_default()));
    told.map(|right| Decider::of(names, right)).collect()
}

fn changes(right: &Right) -> Text {
    let impacts = right.impacts.iter().map(|impact| Text::of(impact_in_words(*impact)));
    let impacts: Vec<Text> = impacts.collect();
    let kinds = right.kinds.iter().map(|kind| Text::default().code(kind.as_str()));
    let kinds: Vec<Text> = kinds.collect();
    match (right.is_default(), impacts.is_empty(), kinds.is_empty()) {
        (true, true, true) => Text::of("whatever no other right asks about"),
        (false, true, true) => Text::of("any change"),
        (_, false, true) => Text::of("changes that ").then(Text::joined(impacts, " or ")),
        (_, true, false) => Text::of("changes of the kind ").then(Text::joined(kinds, " or ")),
        (_, false, false) => Text::of("changes of the kind ")
            .then(Text::joined(kinds, " or "))
            .plain(" that ")
            .then(Text::joined(impacts, " or ")),
    }
}

/// What a change does, as a verb.
pub(in crate::site) fn impact_in_words(impact: Impact) -> &'static str {
    match impact {
        Impact::Breaking => "break what others rely on",
        Impact::Loosening => "loosen",
        Impact::Tightening => "tighten",
        Impact::Shifting => "shift",
        Impact::Undecided => "do what cannot be decided",
        Impact::Additive => "only add",
        Impact::Cosmetic => "change no meaning",
    }
}

fn approval(names: Names<'_>, right: &Right) -> Text {
    let all = names.links(right.approve.iter().map(String::as_str), " and ");
    let any = names.links(right.any_of.iter().map(String::as_str), " or ");
    let some = match (right.need, right.any_of.len()) {
        (0, _) | (_, 0) => Text::default(),
        (1, 1) => any,
        (need, _) => Text::of(format!("{need} of ")).then(any),
    };
    match (all.is_empty(), some.is_empty()) {
        (true, true) => Text::default().dim("nobody"),
        (false, true) => all,
        (true, false) => some,
        (false, false) => all.plain(", and ").then(some),
    }
}

fn besides(right: &Right) -> Text {
    let mut all = Vec::new();
    if right.separation_of_duties {
        all.push(Text::of("the author’s own approval does not count"));
    }
    let evidence = right.evidence.iter();
    let evidence: Vec<Text> = evidence.map(|word| Text::of(word.to_string())).collect();
    if !evidence.is_empty() {
        all.push(Text::of("the proposal must show: ").then(Text::joined(evidence, " and ")));
    }
    Text::joined(all, "; ")
}
