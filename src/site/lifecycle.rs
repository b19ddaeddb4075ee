//! Lifecycles: the drawing, and the same in words.

use super::clause::clause;
use super::diagram::{Diagram, Drawn, diagram};
use super::known::{Known, Listed};
use super::layout::{Frame, Layout};
use super::names::stem;
use super::people::called;
use super::prose::{Text, label, one_line};
use super::said::scalar;
use crate::document::{Node, Table};
use crate::load::Criterion;
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{At, Entity, Item, Named, Predicate};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    lifecycles: Vec<Told>,
    handoffs: Vec<Handoff>,
}

/// A lifecycle.
#[derive(Debug, Clone, Serialize)]
pub(in crate::site) struct Told {
    it: Listed,
    id: String,
    object: Text,
    owner: Text,
    diagram: Diagram,
    stages: Vec<StageRow>,
}

/// A stage in words.
#[derive(Debug, Clone, Serialize)]
struct StageRow {
    name: Text,
    owner: Text,
    limit: String,
    probability: String,
    next: Text,
    back: Text,
}

#[derive(Serialize)]
struct Handoff {
    it: Listed,
    from: Text,
    to: Text,
    sla: Text,
}

/// The page of all lifecycles.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let frame = Frame { path: "lifecycle.html", title: "Lifecycle", ..Frame::default() };
    let link = |entity: &Entity, key: &str| {
        entity.table.text(key).map(|to| known.names.link(to)).unwrap_or_default()
    };
    let handoffs = known.model().of_kind("handoff").map(|entity| Handoff {
        it: Known::listed(entity),
        from: link(entity, "from"),
        to: link(entity, "to"),
        sla: link(entity, "sla"),
    });
    let lifecycles = known.model().of_kind("lifecycle").map(|entity| told(known, entity));
    let page = Page { lifecycles: lifecycles.collect(), handoffs: handoffs.collect() };
    layout.page(&frame, "lifecycle.html", page)
}

/// A lifecycle, drawn and in words.
pub(in crate::site) fn told(known: &Known<'_>, entity: &Entity) -> Told {
    let lifecycle: Lifecycle = entity.read();
    let stages = lifecycle.stages();
    let drawn: Vec<Drawn> =
        (0..stages.len()).filter_map(|at| drawn(known, entity, stages, at)).collect();
    Told {
        it: Known::listed(entity),
        id: stem(&format!("drawing.{}", entity.address)),
        object: entity.object().map(|object| known.names.object(object)).unwrap_or_default(),
        owner: known.owner(entity),
        diagram: diagram(&drawn),
        stages: stages.iter().map(|stage| row(known, entity, stage)).collect(),
    }
}

/// The items of a list by their ids, as they are written.
pub(in crate::site) fn written<'e>(entity: &'e Entity, list: &str, id: &str) -> Option<&'e Table> {
    let items = entity.table.get(list).and_then(Node::as_array).unwrap_or_default();
    let mut tables = items.iter().filter_map(Node::as_table);
    tables.find(|table| table.text("id") == Some(id))
}

fn name(entity: &Entity, stage: &str) -> String {
    let name = written(entity, "stage", stage).and_then(|table| table.text("name"));
    name.map_or_else(|| label(stage), one_line)
}

fn drawn(known: &Known<'_>, entity: &Entity, stages: &[Item<Stage>], at: usize) -> Option<Drawn> {
    let stage = stages.get(at)?;
    let place = |id: &str| stages.iter().position(|stage| stage.id == id);
    let next = stage.next.iter().flat_map(|next| next.iter());
    let mut next: Vec<usize> = next.filter_map(|to| place(&to.value)).collect();
    next.sort_unstable();
    next.dedup();
    let back = stage.recycle.as_ref().and_then(|recycle| recycle.to.as_ref());
    let owner = stage.owner.as_ref().map(|owner| called(known, &owner.address));
    let said = |key: &str| written(entity, "stage", &stage.id)?.get(key).map(scalar);
    let limit = said("limit").map(|limit| format!("at most {limit}"));
    let contact = said("contact_within");
    let contact = contact.map(|within| format!("in contact at least every {within}"));
    Some(Drawn {
        name: name(entity, &stage.id),
        aside: stage.probability.as_ref().map(|it| it.value.to_string()).unwrap_or_default(),
        entry: gate("In", stage.entry.as_ref()),
        exit: gate("Out", stage.exit.as_ref()),
        lines: [owner, limit, contact].into_iter().flatten().collect(),
        terminal: stage.is_terminal(),
        next,
        recycle: back.and_then(|to| place(&to.value)),
    })
}

/// What a gate asks, by the names of its criteria.
fn gate(word: &str, criteria: Option<&At<Named<Predicate>>>) -> Option<String> {
    let names = criteria?.iter().map(|(key, _)| label(key).to_lowercase());
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| format!("{word}: {}", names.join(", ")))
}

fn row(known: &Known<'_>, entity: &Entity, stage: &Item<Stage>) -> StageRow {
    let said = |key: &str| written(entity, "stage", &stage.id)?.get(key).map(scalar);
    let link = |id: &str| known.names.link_as(&stage_address(entity, id), &name(entity, id));
    let next = stage.next.iter().flat_map(|next| next.iter()).map(|to| link(&to.value)).collect();
    let back = stage.recycle.as_ref().and_then(|recycle| {
        let to = link(&recycle.to.as_ref()?.value);
        let when = recycle.when.as_ref()?;
        let criteria = known.names.scope.criteria_of(entity);
        let criterion = criteria.iter().find(|criterion| criterion.span == when.span)?;
        Some(to.plain(" when ").then(in_line(known, criterion)))
    });
    StageRow {
        name: link(&stage.id),
        owner: stage.owner.as_ref().map(|it| known.names.link(&it.address)).unwrap_or_default(),
        limit: said("limit").unwrap_or_default(),
        probability: stage.probability.as_ref().map(|it| it.value.to_string()).unwrap_or_default(),
        next: Text::joined(next, ", "),
        back: back.unwrap_or_default(),
    }
}

fn stage_address(entity: &Entity, stage: &str) -> String {
    format!("{}.stage.{stage}", entity.address)
}

/// A criterion in a line: in words where these are short, else as it is written.
fn in_line(known: &Known<'_>, criterion: &Criterion<'_>) -> Text {
    let told = clause(known.names, criterion);
    told.line().cloned().unwrap_or_else(|| Text::default().code(criterion.text))
}
