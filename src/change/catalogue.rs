//! The catalogue: every kind of change there is, made from what the nouns declare.
//!
//! Facets instead of a list by hand: a property's stem and polarity, and an action, give the id,
//! the impact, the usual level and the mirror image of a kind. So a new property is in the
//! catalogue the moment it is declared.

use super::actions::actions;
use super::verb::Verb;
use crate::model::{Declaration, KINDS, Polarity, Property, Shape, Words};
use serde::{Deserialize, Serialize};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

/// What a change does; computed, never configured.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Whoever followed the old model gets no answer now, or another one under the same name.
    Breaking,
    /// More passes, or is allowed.
    Loosening,
    /// Less passes, or is allowed.
    Tightening,
    /// Something else happens, neither more nor less.
    Shifting,
    /// It is not known which of these.
    Undecided,
    /// Something is there that was not, and nobody relied on its absence.
    Additive,
    /// Nothing happens otherwise.
    Cosmetic,
}

/// What a change asks for; policy, with a usual level per kind.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nobody may sign it away.
    Forbid,
    /// Somebody must approve it.
    Approve,
    /// It is pointed out.
    Warn,
    /// It is mentioned.
    Note,
    /// It is not shown.
    Off,
}

impl Impact {
    /// All impacts, the gravest first.
    pub const ALL: [Self; 7] = [
        Self::Breaking,
        Self::Loosening,
        Self::Tightening,
        Self::Shifting,
        Self::Undecided,
        Self::Additive,
        Self::Cosmetic,
    ];

    /// The word reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Loosening => "loosening",
            Self::Tightening => "tightening",
            Self::Shifting => "shifting",
            Self::Undecided => "undecided",
            Self::Additive => "additive",
            Self::Cosmetic => "cosmetic",
        }
    }

    /// The impact of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|impact| impact.word() == word)
    }

    /// The impact of the change back.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Loosening => Self::Tightening,
            Self::Tightening => Self::Loosening,
            other => other,
        }
    }

    /// The level a change of this impact usually has.
    pub fn usual_level(self) -> Level {
        match self {
            Self::Additive | Self::Cosmetic => Level::Note,
            _ => Level::Approve,
        }
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Level {
    /// All levels, the strictest first.
    pub const ALL: [Self; 5] = [Self::Forbid, Self::Approve, Self::Warn, Self::Note, Self::Off];

    /// The word reports and policy use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Forbid => "forbid",
            Self::Approve => "approve",
            Self::Warn => "warn",
            Self::Note => "note",
            Self::Off => "off",
        }
    }

    /// The level of a word of policy.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "error" => Some(Self::Forbid),
            "warning" => Some(Self::Warn),
            _ => Self::ALL.into_iter().find(|level| level.word() == word),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The last part of a kind's id: what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// New as a whole, or a member or criterion is new.
    Added,
    /// Gone as a whole, or a member or criterion is gone.
    Removed,
    /// Under another id.
    Renamed,
    /// Somewhere else: in the order, or from one to another.
    Moved,
    /// A criterion is new.
    CriterionAdded,
    /// A criterion is gone.
    CriterionRemoved,
    /// Towards looser.
    Looser,
    /// Towards tighter.
    Tighter,
    /// Neither looser nor tighter.
    Shifted,
    /// Not known which.
    Undecided,
    /// Written otherwise.
    Rewritten,
    /// Stated where nothing was.
    Set,
    /// Not stated any more.
    Unset,
    /// Another value.
    Changed,
    /// Another order.
    Reordered,
    /// An id that meant something else.
    Reused,
}

impl Action {
    fn mirror(self) -> Self {
        match self {
            Self::Added => Self::Removed,
            Self::Removed => Self::Added,
            Self::CriterionAdded => Self::CriterionRemoved,
            Self::CriterionRemoved => Self::CriterionAdded,
            Self::Looser => Self::Tighter,
            Self::Tighter => Self::Looser,
            Self::Set => Self::Unset,
            Self::Unset => Self::Set,
            other => other,
        }
    }

    fn word(self, words: Words) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::CriterionAdded => "criterion-added",
            Self::CriterionRemoved => "criterion-removed",
            Self::Looser => words.looser,
            Self::Tighter => words.tighter,
            Self::Shifted => "shifted",
            Self::Undecided => "undecided",
            Self::Rewritten => "rewritten",
            Self::Set => "set",
            Self::Unset => "unset",
            Self::Changed => "changed",
            Self::Reordered => "order-changed",
            Self::Reused => "id-reused",
        }
    }
}

/// A kind of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeKind {
    /// Its id, for example `stage-exit-weakened`.
    pub id: String,
    /// What was done, in a word.
    pub verb: Verb,
    /// What such a change does.
    pub impact: Impact,
    /// The level it has where policy says nothing.
    pub level: Level,
    /// The kind of the change back.
    pub mirror: String,
    /// What it is about, in sentences: of several properties whose changes are of one kind each has its own.
    pub about: Vec<&'static str>,
    /// Whether its criterion says which records are meant, rather than which pass.
    pub covers: bool,
}

/// All kinds by id.
#[derive(Debug)]
pub struct Catalogue {
    kinds: BTreeMap<String, ChangeKind>,
}

/// The catalogue.
pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::build);

/// Nouns whose coming and going is not simply something more or something less.
///
/// A waiver lets more pass, and a pilot lets more be otherwise; a decision right or a promise lets less.
/// Whatever judges changes is never only an addition.
const COMING: &[(&str, Impact)] = &[
    ("exception", Impact::Loosening),
    ("pilot", Impact::Loosening),
    ("decision", Impact::Tightening),
    ("sla", Impact::Tightening),
    ("policy", Impact::Shifting),
    ("model", Impact::Shifting),
    ("rule", Impact::Undecided),
    ("score-rule", Impact::Shifting),
    ("stage", Impact::Shifting),
    ("icp-tier", Impact::Shifting),
    ("routing", Impact::Shifting),
    ("sync", Impact::Shifting),
    ("pool-share", Impact::Shifting),
];

/// What is said of records that go elsewhere, and of the rules and territories that make them do so.
const TORN: &str = "Records lie in no territory any more, although every territory is exclusive.";
const MENDED: &str =
    "Records that lay in no territory lie in one now, where every territory is exclusive.";
const SHARED: &str = "Two exclusive territories share records now.";
const PARTED: &str = "Two exclusive territories share no record any more.";
const DEAD: &str = "A rule takes no record any more: earlier rules take all that it asks for.";
const ALIVE: &str = "A rule takes records now: earlier rules took all that it asks for.";
const NEVER: &str = "A rule asks for what no record can meet.";
const AGAIN: &str = "A rule asked for what no record can meet, and asks for what some can now.";
const FELL: &str = "Records that a rule took are taken by none now, and go where the default says.";
const LEFT: &str = "Records that went where the default says are taken by a rule now.";
const LOST: &str = "Records are not routed any more, or fall into a gap.";
const GAINED: &str = "Records are routed that were not, or that fell into a gap.";

impl Catalogue {
    /// The kind of an id.
    pub fn get(&self, id: &str) -> Option<&ChangeKind> {
        self.kinds.get(id)
    }

    /// All kinds, by id.
    pub fn kinds(&self) -> impl Iterator<Item = &ChangeKind> {
        self.kinds.values()
    }

    /// All ids.
    pub fn ids(&self) -> BTreeSet<&str> {
        self.kinds.keys().map(String::as_str).collect()
    }

    fn build() -> Self {
        let mut catalogue = Self { kinds: BTreeMap::new() };
        for kind in KINDS {
            catalogue.noun(kind.declaration(), true);
        }
        catalogue.beside();
        catalogue
    }

    /// Kinds that belong to no single property.
    fn beside(&mut self) {
        let about = "An entity of a kind this tool does not know.";
        self.pair("entity", Impact::Additive, Impact::Breaking, about);
        for (stem, about) in [
            ("entity-file", "The file an entity stands in."),
            ("entity-id", "The id of an entity, declared as renamed."),
            ("item-id", "The id of an item of a list, declared as renamed."),
        ] {
            let action = if stem == "entity-file" { Action::Moved } else { Action::Renamed };
            self.add(stem, action, None, Impact::Cosmetic, about);
        }
        self.add(
            "file",
            Action::Rewritten,
            None,
            Impact::Cosmetic,
            "Layout and comments of a file.",
        );
        let unknown = "A property this tool does not know.";
        for action in [Action::Set, Action::Unset, Action::Changed] {
            self.add("unknown-property", action, None, Impact::Undecided, unknown);
        }
        let scope = "Values of one territory's condition that another takes over.";
        self.add("territory-scope", Action::Moved, None, Impact::Shifting, scope);
        for (stem, about) in [
            ("list-value", "A value that leaves one list for another."),
            ("pool-member", "A member that leaves one pool for another."),
            ("role-holder", "A person who leaves one role for another."),
        ] {
            self.add(stem, Action::Moved, None, Impact::Shifting, about);
        }
        let prose = "The words of a definition that has no criteria: nobody can compute the rest.";
        self.add("binding-prose", Action::Changed, None, Impact::Undecided, prose);
        let required = "A field that every record must have.";
        self.pair("required-field", Impact::Breaking, Impact::Loosening, required);
        self.routes();
        let reused = "An id that was renamed away and means something else now.";
        self.add("entity", Action::Reused, None, Impact::Breaking, reused);
        if let Some(kind) = self.kinds.get_mut("entity-id-reused") {
            kind.level = Level::Forbid;
        }
    }

    /// Kinds that are about records: what becomes of them under a routing table, and at a gate.
    fn routes(&mut self) {
        use Impact::{Additive, Breaking, Cosmetic, Loosening, Shifting, Tightening, Undecided};
        let gate = "What lets a record out of a stage and into the next, together.";
        let (weak, strong) = ("pipeline-gate-weakened", "pipeline-gate-strengthened");
        let (torn, mended) = ("territory-gap-opened", "territory-gap-closed");
        let (shared, parted) = ("territory-overlap-opened", "territory-overlap-closed");
        let (never, again) = ("rule-never-matches", "rule-matches-again");
        let (dead, alive) = ("rule-became-unreachable", "rule-became-reachable");
        let (shut, open) = ("pipeline-gate-impossible", "pipeline-gate-possible");
        let (shifted, unknown) = ("pipeline-gate-shifted", "pipeline-gate-undecided");
        let (fell, left) = ("route-fell-to-default", "route-left-default");
        let (lost, gained) = ("route-lost", "route-gained");
        for (id, mirror, impact, level, about) in [
            (weak, strong, Loosening, Level::Approve, gate),
            (strong, weak, Tightening, Level::Approve, gate),
            (shifted, shifted, Shifting, Level::Approve, gate),
            (unknown, unknown, Undecided, Level::Approve, gate),
            (shut, open, Tightening, Level::Forbid, gate),
            (open, shut, Loosening, Level::Approve, gate),
            (torn, mended, Breaking, Level::Forbid, TORN),
            (mended, torn, Additive, Level::Note, MENDED),
            (shared, parted, Shifting, Level::Approve, SHARED),
            (parted, shared, Shifting, Level::Approve, PARTED),
            (dead, alive, Shifting, Level::Approve, DEAD),
            (alive, dead, Shifting, Level::Approve, ALIVE),
            (never, again, Breaking, Level::Forbid, NEVER),
            (again, never, Breaking, Level::Approve, AGAIN),
            (fell, left, Shifting, Level::Approve, FELL),
            (left, fell, Shifting, Level::Approve, LEFT),
            (lost, gained, Breaking, Level::Forbid, LOST),
            (gained, lost, Additive, Level::Note, GAINED),
            (
                "route-undecided",
                "route-undecided",
                Undecided,
                Level::Approve,
                "Records of which it is not known whether they go elsewhere.",
            ),
            (
                "route-mark-changed",
                "route-mark-changed",
                Shifting,
                Level::Note,
                "Records that go where they went, and get the id of another rule as their mark.",
            ),
            (
                "rule-reordered-no-effect",
                "rule-reordered-no-effect",
                Cosmetic,
                Level::Note,
                "A rule that stands elsewhere and takes the same records.",
            ),
        ] {
            let (verb, id, mirror) = (Verb::of_effect(id), id.to_owned(), mirror.to_owned());
            let (covers, about) = (false, vec![about]);
            let kind = ChangeKind { id: id.clone(), verb, impact, level, mirror, about, covers };
            self.kinds.insert(id, kind);
        }
    }

    fn pair(&mut self, stem: &str, added: Impact, removed: Impact, about: &'static str) {
        self.add(stem, Action::Added, None, added, about);
        self.add(stem, Action::Removed, None, removed, about);
    }

    fn noun(&mut self, declaration: &'static Declaration, entity: bool) {
        let noun = declaration.noun;
        let about = declaration.description;
        if entity || !declaration.shared.is_empty() {
            let coming = COMING.iter().find(|(name, _)| *name == noun).map(|(_, impact)| *impact);
            let going = match coming {
                None => Impact::Breaking,
                Some(impact) => impact.mirrored(),
            };
            if coming.is_some() {
                // What is known of the noun goes before what its list says of any member.
                for action in [Action::Added, Action::Removed] {
                    self.kinds.remove(&format!("{noun}-{}", action.word(words(None))));
                }
            }
            self.pair(noun, coming.unwrap_or(Impact::Additive), going, about);
        }
        // An item of another id is another item: it comes, goes or is renamed as a whole.
        for property in declaration.properties().filter(|property| property.name != "id") {
            self.property(noun, property);
        }
    }

    fn property(&mut self, noun: &str, property: &'static Property) {
        let stem = stem(noun, property);
        for (action, impact) in actions(property) {
            self.add(&stem, action, Some(property), impact, property.description);
        }
        match &property.shape {
            Shape::Record(declaration) => self.noun(declaration, false),
            Shape::Items(declaration) => {
                self.noun(declaration, true);
                if property.facet.polarity == Polarity::Ordered {
                    let impact = match declaration.noun {
                        "rule" => Impact::Undecided,
                        _ => Impact::Shifting,
                    };
                    let about = "The order of the list.";
                    self.add(declaration.noun, Action::Moved, None, impact, about);
                }
            }
            _ => {}
        }
    }

    fn add(
        &mut self,
        stem: &str,
        action: Action,
        property: Option<&Property>,
        impact: Impact,
        about: &'static str,
    ) {
        let words = words(property);
        let id = [stem, "-", action.word(words)].concat();
        let open = match self.kinds.entry(id) {
            Entry::Vacant(open) => open,
            Entry::Occupied(mut known) => {
                let says = &mut known.get_mut().about;
                if property.is_some() && !says.contains(&about) {
                    says.push(about);
                }
                return;
            }
        };
        let mirror = [stem, "-", action.mirror().word(words)].concat();
        let noted = property.is_some_and(|property| property.facet.noted);
        let level = match impact {
            Impact::Breaking => impact.usual_level(),
            _ if noted => Level::Note,
            _ => impact.usual_level(),
        };
        let verb = Verb::of_action(action, stem, words, impact);
        let covers =
            property.is_some_and(|property| property.facet.polarity == Polarity::ScopePredicate);
        let id = open.key().clone();
        let about = vec![about];
        let kind = ChangeKind { id, verb, impact, level, mirror, about, covers };
        open.insert(kind);
    }
}

/// The first part of the ids of a property's kinds.
pub(super) fn stem(noun: &str, property: &Property) -> String {
    match (property.facet.stem, property.facet.polarity) {
        (Some(stem), _) => stem.to_owned(),
        (None, Polarity::Wording) => format!("{noun}-prose"),
        (None, Polarity::Display) => format!("{noun}-display"),
        (None, _) => format!("{noun}-{}", property.name.replace('_', "-")),
    }
}

/// The id of the kind for an action on a property.
pub(super) fn id(noun: &str, property: &Property, action: Action) -> String {
    format!("{}-{}", stem(noun, property), action.word(words(Some(property))))
}

fn words(property: Option<&Property>) -> Words {
    let usual = Words { looser: "broadened", tighter: "narrowed" };
    let Some(property) = property else { return usual };
    if let Some(words) = property.facet.words {
        return words;
    }
    let (up, down) = match property.shape {
        Shape::Bool => ("switched-on", "switched-off"),
        Shape::Date => ("postponed", "brought-forward"),
        _ => ("raised", "lowered"),
    };
    match property.facet.polarity {
        Polarity::LargerIsLooser => Words { looser: up, tighter: down },
        Polarity::SmallerIsLooser => Words { looser: down, tighter: up },
        _ => usual,
    }
}
