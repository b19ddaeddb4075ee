//! Where records go: all routing tables, each with a link to where a record can be tried.

use super::decision_table::{DecisionTable, decision_table};
use super::known::{Known, Listed};
use super::layout::{Frame, Layout};
use serde::Serialize;

/// So many tables stand on the page in full; the others are linked.
const WHOLE: usize = 6;

#[derive(Serialize)]
struct Page {
    tables: Vec<DecisionTable>,
    more: Vec<Listed>,
    queues: Vec<Listed>,
}

/// The page of routing tables.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let frame = Frame { path: "routing.html", title: "Routing", ..Frame::default() };
    let all = || known.model().of_kind("routing");
    let page = Page {
        tables: all().take(WHOLE).map(|entity| decision_table(known, entity)).collect(),
        more: all().skip(WHOLE).map(Known::listed).collect(),
        queues: known.all("queue").into_iter().take(200).collect(),
    };
    layout.page(&frame, "routing.html", page)
}
