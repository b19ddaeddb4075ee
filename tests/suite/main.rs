//! The integration tests: one binary, a module a subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that fails says so by panicking"
)]

mod audit;
mod cli;
mod demo;
mod git;
mod history;
mod history_blame;
mod house;
mod readme;
mod records_reading;
mod repo;
mod site;
mod site_past;
mod site_routing;
mod sql;
mod z3;
