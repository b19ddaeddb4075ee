//! Laws of the comparison, held against fixtures, every declared property and random edits.

mod catalogue;
mod exact;
mod fingerprints;
mod fixtures;
mod layout;
mod properties;
mod random;
mod world;
