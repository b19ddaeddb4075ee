//! The first page: what is in force, what changed lately, what waits, what is overdue.

use super::Facts;
use super::layout::{Frame, Layout};
use serde::Serialize;

#[derive(Serialize)]
struct Overview {
    entities: usize,
}

/// The first page.
pub(in crate::site) fn page(facts: &Facts<'_>, layout: &Layout) -> Result<String, String> {
    let frame = Frame { path: "index.html", title: "Overview", ..Frame::default() };
    layout.page(&frame, "overview.html", Overview { entities: facts.report.entity_count() })
}
