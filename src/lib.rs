//! A go-to-market operating model as code: checked, compared in meaning, traced through history.
//!
//! The house and its storeys are described in `src/README.md`.
#![cfg_attr(
    test,
    expect(clippy::indexing_slicing, reason = "a test that indexes wrongly fails, as it should")
)]

pub mod document;
pub mod finding;
pub mod model;
pub mod source;
