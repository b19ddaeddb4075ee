//! TOML as people write it: a tree with the place of every key and value, and all faults at once.
//!
//! INVARIANT: this is the only room that names a TOML library. It knows nothing of the trade.

mod bare;
mod clean;
mod cut;
mod json;
mod mend;
mod node;
mod parse;
mod quote;
mod scalar;
mod scan;
mod slip;
mod statement;
mod string;
#[cfg(test)]
mod tests;
mod twice;
mod unseen;

pub use cut::{Cut, Same, unchanged, wholes};
pub use json::{from_json, json_fault};
pub use node::{Entry, Node, Table, Value};
pub use parse::{Comment, Document, Limits, comments, read, read_text};
pub use quote::quoted;
pub use scalar::time;
pub use string::place_in_string;
