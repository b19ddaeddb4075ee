//! The types of properties: how each is read from a document, and what form it declares.

use super::amounts::{Duration, Percent};
use super::declaration::{Noun, Shape};
use crate::document::{Node, Table, Value};
use crate::source::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::marker::PhantomData;
use std::ops::Deref;

/// A type a property can have.
pub trait PropertyType: Sized + 'static {
    /// The form of the value.
    fn shape() -> Shape;
    /// The value, where it has that form.
    fn read(node: &Node) -> Option<Self>;
}

/// A value with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub span: Span,
    /// Where its key is written; for items of a list, the item itself.
    pub key_span: Span,
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PropertyType> At<T> {
    /// The property of a table, where it is there and has the right form.
    pub fn property(table: &Table, key: &str) -> Option<Self> {
        let entry = table.entry(key)?;
        let value = T::read(&entry.node)?;
        Some(Self { value, span: entry.node.span, key_span: entry.key_span })
    }

    fn item(node: &Node) -> Option<Self> {
        Some(Self { value: T::read(node)?, span: node.span, key_span: node.span })
    }
}

/// Declares a text type: a newtype over `String`, or over nothing else.
macro_rules! text_types {
    ($( $(#[doc = $doc:literal])* $Name:ident => $shape:expr; )*) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $Name(pub String);

        impl Deref for $Name {
            type Target = str;
            fn deref(&self) -> &str { &self.0 }
        }

        impl PropertyType for $Name {
            fn shape() -> Shape { $shape }
            fn read(node: &Node) -> Option<Self> {
                node.as_text().map(|text| Self(text.to_owned()))
            }
        }
    )* };
}

text_types! {
    /// Words for people.
    Prose => Shape::Prose;
    /// A short text that means itself.
    Word => Shape::Word;
    /// A criterion as written; the criteria language reads it.
    Predicate => Shape::Predicate;
    /// The id of an object.
    ObjectId => Shape::ObjectId;
    /// The id of a stage of the same lifecycle.
    StageId => Shape::StageId;
    /// The name of a field of the entity's object, or a path through related objects.
    FieldPath => Shape::FieldPath;
    /// A pattern over addresses.
    AddressPattern => Shape::AddressPattern;
}

/// The kinds a reference may point at.
pub trait Targets: 'static {
    /// Their ids.
    const KINDS: &'static [&'static str];
}

/// A reference by address to an entity of one of a few kinds.
#[derive(Debug, Clone)]
pub struct Target<K> {
    /// The address as written.
    pub address: String,
    kinds: PhantomData<K>,
}

impl<K: Targets> PropertyType for Target<K> {
    fn shape() -> Shape {
        Shape::Target(K::KINDS)
    }
    fn read(node: &Node) -> Option<Self> {
        node.as_text().map(|text| Self { address: text.to_owned(), kinds: PhantomData })
    }
}

/// Declares what a family of references may point at.
macro_rules! targets {
    ($( $(#[doc = $doc:literal])* $Name:ident => [$($kind:literal),+ $(,)?]; )*) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $Name;
        impl $crate::model::read::Targets for $Name {
            const KINDS: &'static [&'static str] = &[$($kind),+];
        }
    )* };
}
pub(crate) use targets;

/// The words a code may be.
pub trait Codes: 'static {
    /// The words.
    const WORDS: &'static [&'static str];
}

/// One of a few fixed words.
#[derive(Debug, Clone)]
pub struct Code<C> {
    /// The word as written, one of the fixed ones.
    pub word: &'static str,
    codes: PhantomData<C>,
}

impl<C: Codes> PropertyType for Code<C> {
    fn shape() -> Shape {
        Shape::Code(C::WORDS)
    }
    fn read(node: &Node) -> Option<Self> {
        let text = node.as_text()?;
        let word = C::WORDS.iter().find(|word| **word == text)?;
        Some(Self { word, codes: PhantomData })
    }
}

/// Declares the words of a code.
macro_rules! codes {
    ($( $(#[doc = $doc:literal])* $Name:ident => [$($word:literal),+ $(,)?]; )*) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $Name;
        impl $crate::model::read::Codes for $Name {
            const WORDS: &'static [&'static str] = &[$($word),+];
        }
    )* };
}
pub(crate) use codes;

/// Declares how plain values are read.
macro_rules! plain_types {
    ($( $Type:ty => $shape:expr, $read:expr; )*) => { $(
        impl PropertyType for $Type {
            fn shape() -> Shape { $shape }
            fn read(node: &Node) -> Option<Self> {
                let read: fn(&Node) -> Option<Self> = $read;
                read(node)
            }
        }
    )* };
}

plain_types! {
    u32 => Shape::Count, |node| node.as_integer().and_then(|n| Self::try_from(n).ok());
    i64 => Shape::Integer, Node::as_integer;
    Decimal => Shape::Number, Node::as_decimal;
    bool => Shape::Bool, Node::as_bool;
    Date => Shape::Date, Node::as_date;
    Duration => Shape::Duration, |node| node.as_text().and_then(Self::parse);
    Percent => Shape::Percent, |node| node.as_text().and_then(Self::parse);
}

/// Text, a number, true/false, a date, or a list of texts: a record's value.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar(pub Node);

impl PropertyType for Scalar {
    fn shape() -> Shape {
        Shape::Scalar
    }
    fn read(node: &Node) -> Option<Self> {
        (!matches!(node.value, Value::Table(_))).then(|| Self(node.clone()))
    }
}

/// A table of anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Free(pub Table);

impl PropertyType for Free {
    fn shape() -> Shape {
        Shape::Free
    }
    fn read(node: &Node) -> Option<Self> {
        node.as_table().cloned().map(Self)
    }
}

/// A list of values, each with its place.
#[derive(Debug, Clone)]
pub struct Listed<T>(pub Vec<At<T>>);

impl<T: PropertyType> PropertyType for Listed<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
    fn read(node: &Node) -> Option<Self> {
        Some(Self(node.as_array()?.iter().filter_map(At::item).collect()))
    }
}

/// A table whose keys the user names.
#[derive(Debug, Clone)]
pub struct Named<T>(pub Vec<(String, At<T>)>);

impl<T: PropertyType> PropertyType for Named<T> {
    fn shape() -> Shape {
        Shape::Named(Box::new(T::shape()))
    }
    fn read(node: &Node) -> Option<Self> {
        let read = |entry: &crate::document::Entry| {
            let value = T::read(&entry.node)?;
            let at = At { value, span: entry.node.span, key_span: entry.key_span };
            Some((entry.key.clone(), at))
        };
        Some(Self(node.as_table()?.entries.iter().filter_map(read).collect()))
    }
}

/// A table of a list, with its id.
#[derive(Debug, Clone)]
pub struct Item<N> {
    /// Its id.
    pub id: String,
    /// Where the id is written.
    pub id_span: Span,
    /// What it says.
    pub value: N,
}

impl<N> Deref for Item<N> {
    type Target = N;
    fn deref(&self) -> &N {
        &self.value
    }
}

/// Tables with an id each; one without an id is left out (its schema asks for it).
#[derive(Debug, Clone)]
pub struct Items<N>(pub Vec<Item<N>>);

impl<N: Noun> PropertyType for Items<N> {
    fn shape() -> Shape {
        Shape::Items(N::declaration())
    }
    fn read(node: &Node) -> Option<Self> {
        let read = |item: &Node| {
            let table = item.as_table()?;
            let id = table.get("id")?;
            let value = N::read(table);
            Some(Item { id: id.as_text()?.to_owned(), id_span: id.span, value })
        };
        Some(Self(node.as_array()?.iter().filter_map(read).collect()))
    }
}

impl<T> Deref for Listed<T> {
    type Target = [At<T>];
    fn deref(&self) -> &[At<T>] {
        &self.0
    }
}

impl<T> Deref for Named<T> {
    type Target = [(String, At<T>)];
    fn deref(&self) -> &[(String, At<T>)] {
        &self.0
    }
}

impl<T> Deref for Items<T> {
    type Target = [Item<T>];
    fn deref(&self) -> &[Item<T>] {
        &self.0
    }
}

/// A table with its own properties.
#[derive(Debug, Clone)]
pub struct Record<N>(pub N);

impl<N: Noun> PropertyType for Record<N> {
    fn shape() -> Shape {
        Shape::Record(N::declaration())
    }
    fn read(node: &Node) -> Option<Self> {
        node.as_table().map(|table| Self(N::read(table)))
    }
}

impl<N> Deref for Record<N> {
    type Target = N;
    fn deref(&self) -> &N {
        &self.0
    }
}
