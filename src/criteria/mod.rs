//! The criteria language: one readable sentence about a record, typed against the object's fields.
//!
//! Text becomes an [`Expr`] by [`parse`], which says what it understood and what it found.
//! [`check`] holds the expression against a model seen through [`Scope`], [`expand`] replaces
//! references, [`canonical`] gives the form that two spellings of one meaning share, and
//! [`evaluate`] answers for one record.

mod canonical;
mod check;
mod condition;
mod cursor;
mod evaluate;
mod expand;
mod expr;
mod fault;
mod fit;
mod group;
mod join;
mod lex;
mod many;
mod numeral;
mod order;
mod path;
mod phrase;
mod print;
mod program;
mod record;
mod scope;
mod slip;
mod stretch;
mod value;
mod walk;

pub use canonical::canonical;
pub use check::check;
pub use evaluate::{evaluate, passes};
pub use expand::{ExpandError, expand};
pub use expr::{
    Atom, Comparison, DaysTest, Direction, Expr, FieldPath, Literal, Node, REFERENCE_KINDS,
    Reference, SetOf, Test, Value, is_reserved,
};
pub use fault::{Fault, FaultCode};
pub use group::{MAX_BYTES, Parsed, parse};
pub use order::{LAST_SIGMA, SIGMA, lower_case, midnight};
pub use path::{Astray, astray};
pub use program::{Program, Reading};
pub use record::Record;
pub use scope::{FieldFacts, FieldKind, Predicate, Scope};
pub use walk::{atoms, fields, references, renamed};

/// The page of the user manual about the language; a test runs its examples and its truth table.
pub fn manual() -> &'static str {
    include_str!("criteria.md")
}

#[cfg(test)]
mod tests;
