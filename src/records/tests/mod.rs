//! The laws of records: the engine against the ordinary evaluator, and what rows can look like.

mod draws;
mod laws;
mod oracle;
mod rows;
