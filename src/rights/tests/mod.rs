//! Plans over small models: what counts, what does not, and what must hold of every plan.

mod counting;
mod exceptions;
mod laws;
mod ledger;
mod matching;
mod reviews;
mod world;
