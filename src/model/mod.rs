//! The nouns of the trade: one file per noun, each property declared once.
//!
//! A noun's declaration (type, description, polarity, reference target) is what schemas, checks,
//! the semantic diff and the views walk; nothing else lists a noun's properties.

mod address;
mod amounts;
mod declaration;
mod entity;
mod form;
mod kinds;
mod read;
mod schemas;
mod walk;

pub mod calendar;
pub mod campaign;
pub mod common;
pub mod decision;
pub mod example;
pub mod exception;
pub mod field;
pub mod governance;
pub mod lifecycle;
pub mod list;
pub mod measure;
pub mod people;
pub mod persons;
pub mod preparation;
pub mod root;
pub mod routing;
pub mod service;
pub mod strategy;
pub mod system;

pub use address::{Address, Pattern, is_id};
pub use amounts::{Clock, Duration, Percent, Unit};
pub use declaration::{
    Declaration, Direction, Facet, Holds, Noun, Polarity, Property, Shape, Words, facet,
};
pub use entity::{Entity, FORMAT, Model, Part, former_ids};
pub use kinds::{KINDS, Kind};
pub use read::{
    AddressPattern, At, Code, FieldPath, Free, Item, Items, Listed, Named, ObjectId, Predicate,
    PropertyType, Prose, Record, Scalar, StageId, Target, Word,
};
pub use schemas::{Schemas, of_kind as schema_of, schemas};
pub use walk::Slot;
