//! The engine: what is asked of records, laid out so that a row costs a few words of bits.
//!
//! Conditions become clauses, each of which asks every field at most for one thing
//! ([`Plan`]). What a cell means to all that is asked of its field is its code ([`Coder`]): cells
//! with the same answers have the same code, and the answers are those of `criteria::passes` for
//! the value that `read_cell` reads. For each code there is a row of bits: the clauses that it leaves
//! open. The clauses that the codes of a record all leave open hold.

mod clauses;
mod coder;
mod codes;
mod cuts;
mod digits;
mod logic;
mod memo;
mod number;
mod numbered;
mod open;
mod order;
mod plan;
mod text;
mod time;

pub(super) use coder::Coder;
pub(super) use logic::{Ask, Known, Logic, Making};
pub(super) use open::left_open;
pub(super) use plan::{List, Meanings, Plan};
