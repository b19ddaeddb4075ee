//! Records: the rows of a CRM export, read as what the fields of a model hold, and put to its
//! conditions as fast as they can be read.
//!
//! An input is opened ([`open`]): unpacked, decoded, its header held against the fields of an object
//! ([`Layout`]). [`scan`] reads the rows of what was opened in blocks, on several threads, and puts
//! each [`Row`] to the [`Questions`]; what came of a block is handed back in the order of the file.
//!
//! LAW: the answers are those of `criteria::evaluate` for the record that [`Row::record`] gives, and
//! do not depend on threads, on where blocks end, or on the order of columns.

mod blocks;
mod cell;
mod closing;
mod decode;
mod dialect;
mod doctor;
mod engine;
mod field;
mod form;
mod index;
mod input;
mod json_lines;
mod keys;
mod layout;
mod marks;
mod number;
mod packed;
#[cfg(feature = "parquet")]
mod parquet;
mod questions;
mod queue;
mod reader;
mod row;
mod rows;
mod scan;
mod stretch;
mod time;
mod unpack;
mod walk;
mod wanted;

#[cfg(test)]
mod tests;

pub use cell::{Cell, TRUTH, read_cell};
pub use closing::{Closing, footer, misfit, total};
pub use decode::{Encoding, Mended};
pub use dialect::SEPARATORS;
pub use doctor::{Examination, Unreadable, Unsure, examine};
pub use field::{Field, fields};
pub use form::{Dates, Form, Numbers};
pub use input::{Begun, Forms, Input, Notation, Opened, Origin, RecordsError, Stored, begin, open};
pub use json_lines::Late;
pub use keys::Keys;
pub use layout::{Column, Layout, Meaning};
pub use packed::Packed;
#[cfg(feature = "parquet")]
pub use parquet::is_guarded;
pub use questions::{Asked, Questions, Slot, Table, Unanswerable};
pub use row::{Row, Taken};
pub use rows::{Cells, LONGEST_ROW, Rows};
pub use scan::{Break, Count, InputRead, LateKey, Pace, Read, Reject, scan};
pub use unpack::{Digest, Packing};
pub use wanted::{Asking, wanted};
