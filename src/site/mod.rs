//! The site: a model and its history for everyone who will never open a terminal.

pub mod past;
