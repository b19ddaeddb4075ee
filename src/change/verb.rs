//! What was done, as the one plain word that opens a line of a history.
//!
//! A facet of the catalogue as impact and level are: property and action give it, so that no kind
//! is without one, and a kind's mirror has the opposite word.

use super::catalogue::{Action, Impact};
use crate::model::Words;
use std::fmt;

/// The verbs: what each stands for, its word, and the verb of the change back.
macro_rules! verbs {
    ($($(#[$about:meta])+ $name:ident $word:literal $back:ident,)+) => {
        /// What was done, in the past tense.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb { $($(#[$about])+ $name,)+ }

        impl Verb {
            /// All verbs.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What the change back does.
            #[must_use]
            pub fn mirrored(self) -> Self {
                match self { $(Self::$name => Self::$back,)+ }
            }
        }
    };
}

verbs! {
    /// It was not there.
    Added "added" Removed,
    /// It is not there any more.
    Removed "removed" Added,
    /// It has another id.
    Renamed "renamed" Renamed,
    /// It is somewhere else.
    Moved "moved" Moved,
    /// It has another place in the order.
    Reordered "reordered" Reordered,
    /// A gate lets more pass.
    Weakened "weakened" Strengthened,
    /// A gate lets less pass.
    Strengthened "strengthened" Weakened,
    /// A promise or target asks for less.
    Loosened "loosened" Tightened,
    /// A promise or target asks for more.
    Tightened "tightened" Loosened,
    /// A condition covers more.
    Broadened "broadened" Narrowed,
    /// A condition covers less.
    Narrowed "narrowed" Broadened,
    /// A number is higher.
    Raised "raised" Lowered,
    /// A number is lower.
    Lowered "lowered" Raised,
    /// It lasts longer.
    Extended "extended" Shortened,
    /// It ends sooner.
    Shortened "shortened" Extended,
    /// A day is later.
    Postponed "postponed" BroughtForward,
    /// A day is earlier.
    BroughtForward "brought forward" Postponed,
    /// A flag is on.
    SwitchedOn "switched on" SwitchedOff,
    /// A flag is off.
    SwitchedOff "switched off" SwitchedOn,
    /// Something is demanded.
    Imposed "imposed" Dropped,
    /// Something is demanded no more.
    Dropped "dropped" Imposed,
    /// Neither more nor less: something else.
    Shifted "shifted" Shifted,
    /// Records go elsewhere.
    Redirected "redirected" Redirected,
    /// Somebody else answers for it.
    Reassigned "reassigned" Reassigned,
    /// The same name stands for something else.
    Redefined "redefined" Redefined,
    /// It has another value, and no more can be said.
    Changed "changed" Changed,
    /// Stated where nothing was.
    Set "set" Cleared,
    /// Not stated any more.
    Cleared "cleared" Set,
    /// Words for people changed.
    Reworded "reworded" Reworded,
    /// Written otherwise, with the same meaning.
    Rewritten "rewritten" Rewritten,
    /// An id stands for another thing.
    Reused "reused" Reused,
    /// A gap or an overlap is there.
    Opened "opened" Closed,
    /// A gap or an overlap is there no more.
    Closed "closed" Opened,
    /// Nothing gets through any more.
    Blocked "blocked" Unblocked,
    /// Something gets through again.
    Unblocked "unblocked" Blocked,
    /// Records are routed no more.
    Lost "lost" Gained,
    /// Records are routed that were not.
    Gained "gained" Lost,
}

/// What leaves one place for another; everything else that moves does so in an order.
const MOVING: [&str; 5] =
    ["entity-file", "territory-scope", "list-value", "pool-member", "role-holder"];

/// Where records go, under whatever name.
const DESTINATIONS: [&str; 5] =
    ["route", "default-route", "sla-escalation-route", "recycle-stage", "pool-overflow"];

/// Who answers for something, beside what is called its owner.
const ANSWERING: [&str; 5] =
    ["handoff-giver", "handoff-taker", "role-deputy", "system-admin", "team-lead"];

/// The kinds that are about records, and what happens to them.
const EFFECTS: [(&str, Verb); 21] = [
    ("pipeline-gate-weakened", Verb::Weakened),
    ("pipeline-gate-strengthened", Verb::Strengthened),
    ("pipeline-gate-shifted", Verb::Shifted),
    ("pipeline-gate-undecided", Verb::Changed),
    ("pipeline-gate-impossible", Verb::Blocked),
    ("pipeline-gate-possible", Verb::Unblocked),
    ("territory-gap-opened", Verb::Opened),
    ("territory-gap-closed", Verb::Closed),
    ("territory-overlap-opened", Verb::Opened),
    ("territory-overlap-closed", Verb::Closed),
    ("rule-became-unreachable", Verb::Blocked),
    ("rule-became-reachable", Verb::Unblocked),
    ("rule-never-matches", Verb::Blocked),
    ("rule-matches-again", Verb::Unblocked),
    ("route-fell-to-default", Verb::Redirected),
    ("route-left-default", Verb::Redirected),
    ("route-lost", Verb::Lost),
    ("route-gained", Verb::Gained),
    ("route-undecided", Verb::Changed),
    ("route-mark-changed", Verb::Changed),
    ("rule-reordered-no-effect", Verb::Reordered),
];

impl Verb {
    /// The verb of a word, written with spaces or hyphens.
    pub fn of(word: &str) -> Option<Self> {
        let word = word.replace('-', " ");
        Self::ALL.iter().copied().find(|verb| verb.word() == word)
    }

    /// What is done by an action on something whose kinds begin with a stem.
    pub(super) fn of_action(action: Action, stem: &str, words: Words, impact: Impact) -> Self {
        match action {
            Action::Added => Self::Added,
            Action::Removed => Self::Removed,
            Action::Renamed => Self::Renamed,
            Action::Moved if MOVING.contains(&stem) => Self::Moved,
            Action::Moved | Action::Reordered => Self::Reordered,
            // One criterion more is a gate that lets less pass, whatever it asks.
            Action::CriterionAdded | Action::Tighter => {
                Self::of(words.tighter).unwrap_or(Self::Tightened)
            }
            Action::CriterionRemoved | Action::Looser => {
                Self::of(words.looser).unwrap_or(Self::Loosened)
            }
            Action::Shifted => Self::Shifted,
            Action::Rewritten => Self::Rewritten,
            Action::Set => Self::Set,
            Action::Unset => Self::Cleared,
            Action::Reused => Self::Reused,
            Action::Changed if impact == Impact::Cosmetic => Self::Reworded,
            Action::Changed if DESTINATIONS.contains(&stem) => Self::Redirected,
            Action::Changed if stem.ends_with("owner") || ANSWERING.contains(&stem) => {
                Self::Reassigned
            }
            Action::Changed if impact == Impact::Breaking => Self::Redefined,
            Action::Changed | Action::Undecided => Self::Changed,
        }
    }

    /// What happens by a kind that is about records.
    pub(super) fn of_effect(id: &str) -> Self {
        EFFECTS.iter().find(|(kind, _)| *kind == id).map_or(Self::Changed, |(_, verb)| *verb)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::CATALOGUE;
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    #[test]
    fn the_change_back_has_the_opposite_verb() {
        for verb in Verb::ALL {
            assert_eq!(verb.mirrored().mirrored(), *verb);
            assert_eq!(Verb::of(verb.word()), Some(*verb));
            assert_eq!(Verb::of(&verb.word().replace(' ', "-")), Some(*verb));
        }
        for kind in CATALOGUE.kinds() {
            let back = CATALOGUE.get(&kind.mirror).expect("a mirror");
            assert_eq!(back.verb, kind.verb.mirrored(), "{} / {}", kind.id, back.id);
        }
    }

    #[test]
    fn directions_agree_with_impacts() {
        use Verb::{Loosened, Strengthened, Tightened, Weakened};
        for kind in CATALOGUE.kinds() {
            let (wrong, id) = match kind.verb {
                Weakened | Loosened => (kind.impact == Impact::Tightening, &kind.id),
                Strengthened | Tightened => (kind.impact == Impact::Loosening, &kind.id),
                _ => continue,
            };
            assert!(!wrong, "{id} is {}", kind.impact);
        }
    }

    #[test]
    fn every_word_for_a_direction_is_a_verb() {
        let fallback = |id: &str| !id.ends_with("loosened") && !id.ends_with("tightened");
        let of = [Verb::Loosened, Verb::Tightened];
        let plain: Vec<&str> = CATALOGUE
            .kinds()
            .filter(|kind| of.contains(&kind.verb) && fallback(&kind.id))
            .map(|kind| kind.id.as_str())
            .collect();
        assert!(plain.is_empty(), "{plain:?}");
    }

    #[test]
    fn every_effect_is_a_kind_with_a_verb_of_its_own() {
        for (id, verb) in EFFECTS {
            assert_eq!(CATALOGUE.get(id).expect(id).verb, verb);
        }
    }

    #[test]
    fn every_kind_has_a_sensible_verb() {
        let mut by_verb: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for kind in CATALOGUE.kinds() {
            by_verb.entry(kind.verb.word()).or_default().push(&kind.id);
        }
        let mut list = String::new();
        for (verb, kinds) in by_verb {
            let _ = writeln!(list, "{verb} ({})", kinds.len());
            for kind in kinds {
                let _ = writeln!(list, "  {kind}");
            }
        }
        insta::assert_snapshot!(list);
    }
}
