//! An edit: one thing that one revision says and the other does not, before it is judged.

use crate::document::Node;
use crate::model::{Address, Entity, Model, Property};
use crate::source::Span;

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// The whole entity or item is new.
    Added,
    /// The whole entity or item is gone.
    Removed,
    /// It has another id, and says so.
    Renamed,
    /// It stands in another file.
    MovedFile,
    /// It has the id of something that was renamed away, and is something else.
    Reused,
    /// A value is stated where none was.
    Set,
    /// A value is not stated any more.
    Unset,
    /// A value is another.
    Replaced,
    /// A value is written otherwise and means the same.
    Rewritten,
    /// Members are new in a list or set.
    MembersAdded(Vec<String>),
    /// Members are gone from a list or set.
    MembersRemoved(Vec<String>),
    /// Patterns that both state cover for the first time what has another name: the old and the new one.
    Covered(Vec<[String; 2]>),
    /// Patterns that both state do not cover any more what has another name: the old and the new one.
    LeftBehind(Vec<[String; 2]>),
    /// A named criterion is new among those that all must hold.
    CriterionAdded,
    /// A named criterion is gone.
    CriterionRemoved,
    /// An item stands elsewhere in an order: its position before and after, counted from 1.
    Moved {
        /// Position before.
        from: usize,
        /// Position after.
        to: usize,
        /// The item it now follows; none where it is first.
        behind: Option<String>,
    },
    /// The order of a list of plain values is another.
    Reordered,
}

/// One side of an edit.
#[derive(Debug, Clone, Copy)]
pub struct Edited<'m> {
    /// The entity.
    pub entity: &'m Entity,
    /// The value; none where the entity as a whole is meant.
    pub node: Option<&'m Node>,
    /// Where its key is written.
    pub key_span: Span,
}

/// One thing that changed.
#[derive(Debug, Clone)]
pub struct Edit<'m> {
    /// The address, that of the head where it exists there.
    pub address: Address,
    /// The address in the base, where it is another.
    pub previous: Option<Address>,
    /// The noun it belongs to: `sla`, `stage`, `rule`.
    pub noun: &'static str,
    /// The property; none where the whole noun is meant or the property is not known.
    pub property: Option<&'static Property>,
    /// What was done.
    pub operation: Operation,
    /// The entity it is an edit of, before and after, as far as it is there.
    pub of: [Option<&'m Entity>; 2],
    /// What stands beside it, before and after, where that is asked for.
    pub beside: Option<[&'m Model; 2]>,
    /// The base's side.
    pub before: Option<Edited<'m>>,
    /// The head's side.
    pub after: Option<Edited<'m>>,
}
