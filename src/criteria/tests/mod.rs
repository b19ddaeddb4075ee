//! The language against its manual, its laws, and the words it underlines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say where")]

mod advice;
mod laws;
mod page;
mod underlined;
mod world;
