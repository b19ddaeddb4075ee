//! Whether working time is the same in effect, however it is written: by another calendar of the same hours,
//! by the one that counts anyway, with a holiday on a day on which nobody works.

use super::edit::{Edit, Operation};
use crate::document::{Node, Table};
use crate::model::calendar::{RegionalCalendar, WorkingTime};
use crate::model::{Entity, Model, Noun};
use std::collections::BTreeSet;

/// Whether the working time that an edit is about is what it was. What is not known is not said to be.
pub(super) fn is_same(edit: &Edit<'_>) -> bool {
    let ([Some(was), Some(is)], Some([base, head])) = (edit.of, edit.models()) else {
        return false;
    };
    let time = match (edit.noun, was.address.kind()) {
        ("calendar", _) if is_idle_holiday(edit) => return true,
        ("calendar", "calendar") => |_: &Model, calendar: &Entity| of(&calendar.table),
        // Beside a named one the model's own counts for nothing.
        ("calendar" | "model", "model") => |model: &Model, root: &Entity| own(model, &root.table),
        ("sla", _) => of_promise,
        ("team" | "queue", _) => worked_by,
        _ => return false,
    };
    let time = time(base, was).map(|then| (then, time(head, is)));
    time.is_some_and(|(then, now)| Some(then) == now)
}

/// Whether all the holidays that come or go lie on days on which nobody works, before and after.
fn is_idle_holiday(edit: &Edit<'_>) -> bool {
    let (Operation::MembersAdded(dates) | Operation::MembersRemoved(dates)) = &edit.operation
    else {
        return false;
    };
    let calendars = edit.of.into_iter().flatten().map(|entity| match entity.address.kind() {
        "model" => entity.table.get("calendar").and_then(Node::as_table).and_then(of),
        _ => of(&entity.table),
    });
    let calendars: Option<Vec<WorkingTime>> = calendars.collect();
    edit.property.is_some_and(|property| property.name == "holidays")
        && calendars.is_some_and(|calendars| {
            dates.iter().all(|date| {
                let date = date.parse();
                date.is_ok_and(|date| !calendars.iter().any(|calendar| calendar.works_on(date)))
            })
        })
}

fn of(table: &Table) -> Option<WorkingTime> {
    WorkingTime::of(&RegionalCalendar::read(table))
}

/// The working time of a calendar by its address.
fn at(model: &Model, address: &str) -> Option<WorkingTime> {
    of(&model.get(address)?.table)
}

/// That which counts where no calendar is named.
fn own(model: &Model, root: &Table) -> Option<WorkingTime> {
    match root.text("default_calendar") {
        Some(named) => at(model, named),
        None => of(root.get("calendar")?.as_table()?),
    }
}

fn of_model(model: &Model) -> Option<WorkingTime> {
    own(model, &model.get("model")?.table)
}

/// That which a promise runs on, where it is one.
fn of_promise(model: &Model, promise: &Entity) -> Option<WorkingTime> {
    match (promise.table.text("calendar"), promise.table.get("calendar_of")) {
        (Some(named), _) => at(model, named),
        (None, None) => of_model(model),
        (None, Some(_)) => None,
    }
}

/// That by which a team or a queue works: its own, that of the team it is part of, or the model's.
fn worked_by(model: &Model, entity: &Entity) -> Option<WorkingTime> {
    let (mut entity, mut seen) = (entity, BTreeSet::new());
    while seen.insert(entity.address.as_str()) {
        let table = &entity.table;
        match (table.text("calendar"), table.text("part_of")) {
            (Some(named), _) => return at(model, named),
            (None, Some(above)) => entity = model.get(above)?,
            (None, None) => return of_model(model),
        }
    }
    None
}
