//! An edit: one thing that one revision says and the other does not, before it is judged.

use crate::document::Node;
use crate::model::decision::Decision;
use crate::model::{Address, Entity, Model, Pattern, Property};
use crate::source::Span;
use std::cell::OnceCell;
use std::rc::Rc;

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

/// What stands beside edits, before and after.
#[derive(Debug)]
pub struct Neighbours<'m> {
    /// The models, as far as they are at hand.
    pub models: [&'m Model; 2],
    /// The rights that ask somebody, found out once somebody asks.
    rights: OnceCell<[AskingRights<'m>; 2]>,
}

impl<'m> Neighbours<'m> {
    /// Those of two models.
    pub fn of(base: &'m Model, head: &'m Model) -> Self {
        Self { models: [base, head], rights: OnceCell::new() }
    }

    /// The rights that ask somebody, before and after.
    pub fn rights(&self) -> &[AskingRights<'m>; 2] {
        self.rights.get_or_init(|| self.models.map(AskingRights::of))
    }
}

/// The decision rights of a model that ask somebody.
#[derive(Debug)]
pub struct AskingRights<'m> {
    /// Whether the one does that is asked where no other is.
    pub has_default: bool,
    /// The others that are about all changes of what they cover, by their addresses; no pattern is all there is.
    pub about_all: Vec<(&'m Address, Vec<Pattern>)>,
}

impl<'m> AskingRights<'m> {
    fn of(model: &'m Model) -> Self {
        let mut rights = Self { has_default: false, about_all: Vec::new() };
        let all = model.each().filter(|(_, right): &(_, Decision)| right.asks_somebody());
        for (entity, right) in all {
            if entity.address.as_str() == Decision::DEFAULT {
                rights.has_default = true;
            } else if right.kinds.is_none() && right.impact.is_none() {
                rights.about_all.push((&entity.address, right.patterns()));
            }
        }
        rights
    }
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
    pub beside: Option<Rc<Neighbours<'m>>>,
    /// The base's side.
    pub before: Option<Edited<'m>>,
    /// The head's side.
    pub after: Option<Edited<'m>>,
}

impl<'m> Edit<'m> {
    /// The models it is an edit between, as far as they are at hand.
    pub fn models(&self) -> Option<[&'m Model; 2]> {
        self.beside.as_ref().map(|beside| beside.models)
    }
}
