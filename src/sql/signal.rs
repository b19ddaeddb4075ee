//! Signals: each a query of one row with how many records make it fire, and whether it does.

use super::gates::{about_entity, described};
use super::plan::Plan;
use super::view::{Column, Item, View, select};
use crate::model::Entity;
use crate::model::measure::Signal;

impl<'m> Plan<'_, 'm> {
    /// A signal.
    pub(super) fn signal_view(&mut self, object: &str, entity: &'m Entity) -> Result<View, String> {
        let signal: Signal = entity.read();
        if signal.when.is_none() {
            return Err("it does not say when it fires".to_owned());
        }
        let pen = self.pen;
        let address = entity.address.as_str();
        let threshold = signal.threshold.as_ref().map_or(1, |least| least.value).max(1);
        let window = signal.window.as_ref().map(|window| window.value);
        let by = signal.dated_by.as_ref().map(|field| field.value.0.as_str());
        let mut about = about_entity(entity);
        if let (Some(window), None) = (window, by) {
            let told = format!(
                "counted whenever they were: `dated_by` names no field for the window of {window}"
            );
            self.note(
                address,
                "signals count records whenever they were, as they name no `dated_by`",
            );
            about.push(told);
        }
        let counted = self.narrowed(object, (entity, "when"), window.zip(by))?;
        let items = [
            Item::new("signal", pen.text(entity.address.id())?),
            Item::new("records", "COUNT(*)"),
            Item::new("threshold", threshold.to_string()),
            Item::new("fires", format!("COUNT(*) >= {threshold}")),
        ];
        let from = format!("{}{counted}", self.over_judged(object));
        Ok(View {
            name: self.views.of(address, &address.replace('.', "_")),
            rank: 60,
            about,
            sql: select(pen, &items, &from, 0),
            description: described(entity),
            columns: vec![
                Column::new("signal", "Its id."),
                Column::new("records", "How many records count towards it."),
                Column::new("threshold", "So many of them make it fire."),
                Column::new("fires", "Whether it fires."),
            ],
            never: Vec::new(),
        })
    }
}
