//! A go-to-market operating model as code: checked, compared in meaning, traced through history.
//!
//! The house and its storeys are described in `src/README.md`.
#![cfg_attr(
    test,
    expect(
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a test that meets the unexpected fails, as it should"
    )
)]

pub mod analysis;
pub mod artifact;
pub mod audit;
pub mod change;
pub mod check;
pub mod cli;
pub mod commands;
pub mod criteria;
pub mod document;
pub mod finding;
pub mod git;
pub mod history;
pub mod letters;
pub mod load;
pub mod measure;
pub mod model;
pub mod proof;
pub mod records;
pub mod report;
pub mod review;
pub mod rights;
pub mod schema;
pub mod site;
pub mod source;
pub mod sql;
pub mod view;
