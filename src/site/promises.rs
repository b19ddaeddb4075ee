//! Promises of time: what must happen within how long, and what happens when it does not.

use super::known::{Known, Listed};
use super::layout::{Frame, Layout};
use super::lifecycle::written;
use super::prose::Text;
use super::said::{Ask, Telling, scalar};
use crate::model::Entity;
use crate::model::service::Sla;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    promises: Vec<Row>,
    more: usize,
    contents: String,
    calendars: Vec<Listed>,
}

#[derive(Serialize)]
struct Row {
    it: Listed,
    ask: Option<Ask>,
    starts: Text,
    stops: Text,
    within: String,
    goal: String,
    target: String,
    calendar: Text,
    owner: Text,
    steps: Vec<Text>,
    /// Where records are promised it.
    used: Text,
}

/// The table has no more rows than this.
const ROWS: usize = 200;

/// The page of promises.
pub(in crate::site) fn page(known: &Known<'_>, layout: &Layout) -> Result<String, String> {
    let title = "Promises of time";
    let frame = Frame { path: "promises.html", title, ..Frame::default() };
    let all = known.model().each::<Sla>();
    let page = Page {
        promises: all.take(ROWS).map(|(entity, sla)| row(known, entity, &sla)).collect(),
        more: known.model().of_kind("sla").count().saturating_sub(ROWS),
        contents: known.contents("sla").to_owned(),
        calendars: known.all("calendar"),
    };
    layout.page(&frame, "promises.html", page)
}

fn row(known: &Known<'_>, entity: &Entity, sla: &Sla) -> Row {
    let names = known.names;
    let field = |path: Option<&str>| {
        path.map(|path| names.field_named(entity.object(), path)).unwrap_or_default()
    };
    let ask =
        entity.table.get("applies_to").and_then(|_| known.model().get(entity.address.as_str()));
    let calendar = match (&sla.calendar, &sla.calendar_of) {
        (Some(calendar), _) => names.link(&calendar.address),
        (None, Some(of)) => Text::of(format!("that of the {}", of.word)),
        (None, None) => Text::default(),
    };
    // As it is written, and as its own page has it.
    let said = |key: &str| entity.table.get(key).map(scalar).unwrap_or_default();
    let used = known.web.referred_by(entity.address.as_str());
    let used = used.map(|(address, _)| address).filter(|it| it.starts_with("routing."));
    Row {
        it: Known::listed(entity),
        ask: ask.and_then(|entity| {
            let telling = Telling { names, entity };
            Some(telling.ask(entity.table.get("applies_to")?, "", String::new()))
        }),
        starts: field(sla.starts.as_ref().map(|it| &*it.value)),
        stops: field(sla.stops.as_ref().map(|it| &*it.value)),
        within: said("within"),
        goal: said("goal"),
        target: said("target"),
        calendar,
        owner: known.owner(entity),
        steps: steps(known, entity, sla),
        used: names.links(used, ", "),
    }
}

/// What happens when a promise is not kept, step by step.
fn steps(known: &Known<'_>, entity: &Entity, sla: &Sla) -> Vec<Text> {
    let steps = sla.escalation.iter().flat_map(|steps| steps.iter());
    let told = steps.map(|step| {
        let after = written(entity, "escalation", &step.id).and_then(|table| table.get("after"));
        let after = after.map(|after| format!("After {}: ", scalar(after)));
        let tell = step.tell.iter().flat_map(|tell| tell.iter()).map(|it| it.address.as_str());
        let mut parts = Vec::new();
        let told = known.names.links(tell, " and ");
        if !told.is_empty() {
            parts.push(Text::of("tell ").then(told));
        }
        if let Some(to) = &step.reassign_to {
            parts.push(Text::of("give it to ").then(known.names.link(&to.address)));
        }
        if parts.is_empty() {
            parts.push(Text::of(step.id.clone()));
        }
        Text::of(after.unwrap_or_default()).then(Text::joined(parts, " and "))
    });
    told.collect()
}
