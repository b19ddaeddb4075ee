//! What a noun declares about its properties, once, for everything that walks them.

use crate::document::{Entry, Node, Table, Value};
use crate::source::Span;

/// What it means for a property to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// A predicate that lets records pass; a wider one is looser.
    GatePredicate,
    /// A predicate that says which records are meant; a wider one covers more.
    ScopePredicate,
    /// A quantity or flag; more is looser.
    LargerIsLooser,
    /// A quantity or flag; less is looser.
    SmallerIsLooser,
    /// A set; one member more is looser.
    SetGrowsLooser,
    /// A set; one member more is tighter.
    SetGrowsTighter,
    /// A list whose order has a meaning.
    Ordered,
    /// A pointer to something else in the model.
    Reference,
    /// A choice of how things work; any change shifts what happens.
    Setting,
    /// What the outside knows the thing by; any change breaks whoever relies on it.
    Identity,
    /// Words for people.
    Wording,
    /// How a thing is shown.
    Display,
    /// A group of properties that have polarities of their own.
    Group,
}

impl Polarity {
    /// The word schemas carry.
    pub fn word(self) -> &'static str {
        match self {
            Self::GatePredicate => "gate-predicate",
            Self::ScopePredicate => "scope-predicate",
            Self::LargerIsLooser => "larger-is-looser",
            Self::SmallerIsLooser => "smaller-is-looser",
            Self::SetGrowsLooser => "set-grows-looser",
            Self::SetGrowsTighter => "set-grows-tighter",
            Self::Ordered => "ordered",
            Self::Reference => "reference",
            Self::Setting => "setting",
            Self::Identity => "identity",
            Self::Wording => "prose",
            Self::Display => "display",
            Self::Group => "group",
        }
    }
}

/// Which way a change of a property goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More passes, or is allowed, than before.
    Looser,
    /// Less passes, or is allowed, than before.
    Tighter,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Looser => Self::Tighter,
            Self::Tighter => Self::Looser,
        }
    }
}

/// What a field must hold to be of use to the property that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holds {
    /// Whatever it holds.
    Anything,
    /// A day or an instant.
    Time,
    /// A number that things can be added up to.
    Number,
    /// Whom a record belongs to, by name or otherwise.
    Name,
    /// One of some words, or several.
    Word,
    /// What no two records share.
    Key,
}

impl Holds {
    /// The types of field that hold it, the usual one first.
    pub fn types(self) -> &'static [&'static str] {
        match self {
            Self::Anything => &[],
            Self::Time => &["datetime", "date"],
            Self::Number => &["integer", "number", "money"],
            // Some systems number their users.
            Self::Name => &["reference", "text", "choice", "integer", "number"],
            Self::Word => &["choice", "text", "choices", "reference"],
            Self::Key => &["text", "integer", "number", "reference"],
        }
    }
}

/// The pair of words that names the two directions in the ids of change kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// For the looser side, for example `broadened`.
    pub looser: &'static str,
    /// For the tighter side, for example `narrowed`.
    pub tighter: &'static str,
}

/// How changes of a property are classified and named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each marks a property independently")]
pub struct Facet {
    /// What a change means.
    pub polarity: Polarity,
    /// The first part of the change kinds' ids; `<noun>-<property>` where none is given.
    pub stem: Option<&'static str>,
    /// The words for the two directions; each polarity has its usual ones.
    pub words: Option<Words>,
    /// Whether the property must be there.
    pub required: bool,
    /// Whether what passes the predicate is kept out (a disqualifier) or has a duty (the scope of a
    /// promise): one that holds for more is tighter.
    pub inverted: bool,
    /// Whether the first member of a set, and the last, goes the other way than one more: because none
    /// stands for all, or for no condition.
    pub turns_at_none: bool,
    /// The members of such a set that together mean the same as none.
    pub all: &'static [&'static str],
    /// What stands where nothing is given: the members of a set, or one value.
    pub usual: &'static [&'static str],
    /// The words of a code from the least to the most; those of one step mean the same.
    pub scale: &'static [&'static [&'static str]],
    /// The property of the entity where this one is of use: there the id stands for it where it is not
    /// given.
    pub id_where: Option<&'static str>,
    /// Which way it counts that nothing is given, where that is certain: no limit is the loosest, and no
    /// condition the tightest.
    pub none: Option<Direction>,
    /// Whether any change breaks those who rely on the old answer under the same name.
    pub breaking: bool,
    /// Whether the approval of the change may be left out: its default level is `note`.
    pub noted: bool,
    /// What the field that it names must hold.
    pub holds: Holds,
    /// The kind of entity whose ids its keys are.
    pub keyed_by: Option<&'static str>,
    /// Whether figures that others compute from the entity are other ones where this changes.
    pub decides_figures: bool,
}

/// A facet of a polarity, to be refined by its methods.
pub const fn facet(polarity: Polarity) -> Facet {
    Facet {
        polarity,
        stem: None,
        words: None,
        required: false,
        inverted: false,
        turns_at_none: false,
        all: &[],
        usual: &[],
        scale: &[],
        id_where: None,
        none: None,
        breaking: false,
        noted: false,
        holds: Holds::Anything,
        keyed_by: None,
        decides_figures: false,
    }
}

impl Facet {
    /// The property must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The first part of the change kinds' ids.
    #[must_use]
    pub const fn stem(self, stem: &'static str) -> Self {
        Self { stem: Some(stem), ..self }
    }

    /// The words for looser and tighter.
    #[must_use]
    pub const fn words(self, looser: &'static str, tighter: &'static str) -> Self {
        Self { words: Some(Words { looser, tighter }), ..self }
    }

    /// The first member and the last go the other way than one more; some members together, if there are
    /// such, mean the same as none.
    #[must_use]
    pub const fn turns_at_none(self, all: &'static [&'static str]) -> Self {
        Self { turns_at_none: true, all, ..self }
    }

    /// What stands where nothing is given.
    #[must_use]
    pub const fn usually(self, usual: &'static [&'static str]) -> Self {
        Self { usual, ..self }
    }

    /// The words of a code from the least to the most.
    #[must_use]
    pub const fn scale(self, scale: &'static [&'static [&'static str]]) -> Self {
        Self { scale, ..self }
    }

    /// Where it is not given the id stands for it, of use to entities with some property.
    #[must_use]
    pub const fn id_where(self, property: &'static str) -> Self {
        Self { id_where: Some(property), ..self }
    }

    /// Its keys are the ids of entities of a kind.
    #[must_use]
    pub const fn keyed_by(self, kind: &'static str) -> Self {
        Self { keyed_by: Some(kind), ..self }
    }

    /// Nothing is looser than where none is given.
    #[must_use]
    pub const fn loosest_at_none(self) -> Self {
        Self { none: Some(Direction::Looser), ..self }
    }

    /// Nothing is tighter than where none is given.
    #[must_use]
    pub const fn tightest_at_none(self) -> Self {
        Self { none: Some(Direction::Tighter), ..self }
    }

    /// What passes is kept out, or has a duty.
    #[must_use]
    pub const fn inverted(self) -> Self {
        Self { inverted: true, ..self }
    }

    /// Any change is breaking.
    #[must_use]
    pub const fn breaking(self) -> Self {
        Self { breaking: true, ..self }
    }

    /// The field that it names must be able to hold this.
    #[must_use]
    pub const fn holds(self, holds: Holds) -> Self {
        Self { holds, ..self }
    }

    /// Changes are noted, not signed.
    #[must_use]
    pub const fn noted(self) -> Self {
        Self { noted: true, ..self }
    }

    /// Figures that others compute from the entity are other ones where this changes, as they are anyway
    /// where a change is breaking.
    #[must_use]
    pub const fn decides_figures(self) -> Self {
        Self { decides_figures: true, ..self }
    }
}

/// The form a property's value takes in TOML.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Free words for people.
    Prose,
    /// A short text that means itself (a column name, a stored value).
    Word,
    /// A whole number, at least 0.
    Count,
    /// Any whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A calendar date.
    Date,
    /// A length of time.
    Duration,
    /// A share.
    Percent,
    /// One of fixed words.
    Code(&'static [&'static str]),
    /// A criterion, written in the criteria language.
    Predicate,
    /// The id of an object.
    ObjectId,
    /// The id of a stage of the same lifecycle.
    StageId,
    /// The name of a field of the entity's object, a path through related objects allowed.
    FieldPath,
    /// The address of an entity of one of these kinds.
    Target(&'static [&'static str]),
    /// A pattern over addresses.
    AddressPattern,
    /// Text, a number, true/false, a date, or a list of texts.
    Scalar,
    /// A table of anything (the fields of a record).
    Free,
    /// A list of values.
    List(Box<Self>),
    /// A table whose keys the user names.
    Named(Box<Self>),
    /// A table with its own properties.
    Record(&'static Declaration),
    /// Tables with an id each, in an order that means something or not.
    Items(&'static Declaration),
}

/// One property of a noun.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The key in TOML.
    pub name: &'static str,
    /// What it says, in one or two sentences.
    pub description: &'static str,
    /// The form of its value.
    pub shape: Shape,
    /// What its changes mean.
    pub facet: Facet,
    /// The value that it has where none is given, of what is no list.
    pub usual: Option<Node>,
}

impl Property {
    /// A property as its noun declares it.
    pub fn new(name: &'static str, description: &'static str, shape: Shape, facet: Facet) -> Self {
        let value = |text: &&str| match shape {
            Shape::List(_) => None,
            Shape::Count | Shape::Integer => text.parse().ok().map(Value::Integer),
            _ => Some(Value::Text((*text).to_owned())),
        };
        let usual = facet.usual.first().and_then(value);
        let usual = usual.map(|value| Node { value, span: Span::default() });
        Self { name, description, shape, facet, usual }
    }

    /// The address of what a key of it names; none where its keys are names of their own.
    pub fn named_by(&self, key: &str) -> Option<String> {
        self.facet.keyed_by.map(|kind| format!("{kind}.{key}"))
    }

    /// The step of a word on the scale of a code; none for a word that has no place there.
    pub fn step(&self, word: &str) -> Option<usize> {
        self.facet.scale.iter().position(|step| step.contains(&word))
    }

    /// Whether it is a list of patterns over addresses.
    pub fn is_of_patterns(&self) -> bool {
        matches!(&self.shape, Shape::List(inner) if **inner == Shape::AddressPattern)
    }
}

/// A noun's properties.
#[derive(Debug, PartialEq)]
pub struct Declaration {
    /// The word for one of these: `sla`, `stage`, `routing-rule`.
    pub noun: &'static str,
    /// What one of these is.
    pub description: &'static str,
    /// Its own properties, in the order a reader wants them.
    pub own: Vec<Property>,
    /// The properties it shares with its like, but for such as mean something else here.
    pub shared: Vec<&'static Property>,
}

impl Declaration {
    /// A noun with its own properties and those of what all of its like take.
    pub fn new(
        noun: &'static str,
        description: &'static str,
        own: Vec<Property>,
        base: Option<&'static Self>,
    ) -> Self {
        let is_own = |shared: &&Property| own.iter().any(|own| own.name == shared.name);
        let shared = base.iter().flat_map(|base| &base.own).filter(|it| !is_own(it)).collect();
        Self { noun, description, own, shared }
    }

    /// All properties, the shared ones last.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        self.own.iter().chain(self.shared.iter().copied())
    }

    /// Whether it says by patterns over addresses what it covers.
    pub fn has_patterns(&self) -> bool {
        self.properties().any(Property::is_of_patterns)
    }

    /// The property of a name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties().find(|property| property.name == name)
    }

    /// The entries of a table that this declaration knows, with their properties.
    pub fn walk<'t>(
        &'static self,
        table: &'t Table,
    ) -> impl Iterator<Item = (&'static Property, &'t Entry)> {
        let known = |entry: &'t Entry| self.property(&entry.key).map(|property| (property, entry));
        table.entries.iter().filter_map(known)
    }
}

/// A noun: a Rust type that reads itself from a table and declares its properties.
pub trait Noun: Sized + 'static {
    /// Its properties.
    fn declaration() -> &'static Declaration;
    /// What the table says, as far as it has the right forms.
    fn read(table: &Table) -> Self;
}

/// Declares a noun: the struct, its declaration and its reader, from one list of properties.
macro_rules! noun {
    (
        $(#[doc = $doc:literal])*
        $role:ident $Name:ident = $noun:literal {
            $( $(#[doc = $text:literal])* $field:ident: $Type:ty = $facet:expr, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $Name {
            $( $(#[doc = $text])* pub $field: Option<$crate::model::At<$Type>>, )*
        }

        impl $crate::model::Noun for $Name {
            fn declaration() -> &'static $crate::model::Declaration {
                use $crate::model::declaration::Polarity::*;
                use $crate::model::declaration::{Declaration, Property, facet, sentence, key};
                static DECLARATION: std::sync::LazyLock<Declaration> =
                    std::sync::LazyLock::new(|| {
                        Declaration::new(
                            $noun,
                            sentence(concat!($($doc, "\n"),*)),
                            vec![ $( Property::new(
                                key(stringify!($field)),
                                sentence(concat!($($text, "\n"),*)),
                                <$Type as $crate::model::PropertyType>::shape(),
                                $facet,
                            ) ),* ],
                            $crate::model::common::base(stringify!($role)),
                        )
                    });
                &DECLARATION
            }

            fn read(table: &$crate::document::Table) -> Self {
                Self { $(
                    $field: $crate::model::At::property(
                        table, $crate::model::declaration::key(stringify!($field))),
                )* }
            }
        }
    };
}
pub(crate) use noun;

/// The key a field's name stands for: raw identifiers lose their mark.
pub(crate) fn key(name: &'static str) -> &'static str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// Doc lines as one paragraph.
pub(crate) fn sentence(lines: &'static str) -> &'static str {
    let line = lines.trim();
    if !line.contains('\n') {
        return line;
    }
    let joined = lines.split_whitespace().collect::<Vec<_>>().join(" ");
    Box::leak(joined.into_boxed_str())
}
