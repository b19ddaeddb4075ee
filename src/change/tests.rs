//! Laws of the comparison, held against fixtures, every declared property and random edits.

mod allowed;
mod beside;
mod called;
mod catalogue;
mod coverage;
mod exact;
mod fingerprints;
mod fixtures;
mod gates;
mod layout;
mod meanings;
mod pairs;
mod properties;
mod random;
mod reckoned;
mod sentences;
mod working_time;
mod world;
