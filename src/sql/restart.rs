//! What starts the clock of a promise anew, as the tool reckons it: the last owner or the last stage.

use super::condition::{Case, first};
use super::plan::{AS_OF_AT, Plan};
use super::view::{Item, select};
use crate::criteria::FieldKind;
use crate::measure::{routed_field, stage_dates};
use crate::model::service::Sla;

/// An instant of a record, by the columns of its row `r`.
pub(super) struct Anew {
    pub(super) sql: String,
    /// What says it, in words of the model.
    pub(super) told: String,
    /// Whether a field that says it holds days.
    pub(super) days: bool,
}

impl Plan<'_, '_> {
    /// When the clock of a promise last started anew, where something does that; why nobody can see it
    /// where no field says when.
    pub(super) fn anew(
        &mut self,
        object: &str,
        sla: &Sla,
        zone: &str,
    ) -> Result<Option<Anew>, String> {
        match sla.restart.as_ref().map(|restart| restart.word) {
            Some("owner change") => self.routed(object, zone).map(Some),
            Some("stage change") => self.entered(object, zone).map(Some),
            _ => Ok(None),
        }
    }

    /// When a record was last given to somebody.
    fn routed(&mut self, object: &str, zone: &str) -> Result<Anew, String> {
        let field = routed_field(self.scope.model(), object).ok_or_else(|| unseen("owner"))?;
        let sql = self.moment_of(object, &field, zone)?;
        let days = self.is_day(object, &field);
        Ok(Anew { sql, told: format!("{field}, with another owner"), days })
    }

    /// Since when a record has been in its stage: what the first lifecycle says that knows.
    fn entered(&mut self, object: &str, zone: &str) -> Result<Anew, String> {
        let pen = self.pen;
        let (mut known, mut told, mut days) = (Vec::new(), Vec::new(), false);
        for (stage, dates) in stage_dates(self.scope.model(), object) {
            let (column, kind) = self.field(object, &stage)?;
            if !matches!(kind, FieldKind::Choice | FieldKind::Text) {
                return Err(format!("`{stage}` holds no stage"));
            }
            let column = pen.column("r", &column);
            let mut cases = Vec::new();
            for (value, field) in dates {
                days |= self.is_day(object, &field);
                cases.push(Case {
                    remark: String::new(),
                    when: format!("{column} = {}", pen.text(&value)?),
                    then: self.moment_of(object, &field, zone)?,
                });
            }
            known.push(first(&cases, None, 4));
            told.push(stage);
        }
        let told = format!("since when it is in its stage ({})", told.join(", "));
        match known.as_slice() {
            [] => Err(unseen("stage")),
            [only] => Ok(Anew { sql: only.clone(), told, days }),
            several => Ok(Anew { sql: format!("COALESCE({})", several.join(", ")), told, days }),
        }
    }

    fn is_day(&mut self, object: &str, field: &str) -> bool {
        matches!(self.field(object, field), Ok((_, FieldKind::Date)))
    }

    /// The clock by what last started it: a start that lies between the first one and the end. The rest
    /// of its columns stay as they are.
    pub(super) fn started_anew(&self, columns: &[Item]) -> String {
        let pen = self.pen;
        let [started, stopped, again, now] = ["started_at", "stopped_at", "restarted_at", AS_OF_AT]
            .map(|name| pen.column("m", name));
        let within = format!("{again} > {started} AND {again} <= COALESCE({stopped}, {now})");
        let last = format!("CASE WHEN {within} THEN {again} ELSE {started} END");
        let names = columns.iter().filter_map(|item| item.name.as_deref());
        let items: Vec<Item> = names
            .filter(|name| *name != "restarted_at")
            .map(|name| match name {
                "started_at" => Item::new(name, last.clone()),
                _ => Item::same(pen, "m", name),
            })
            .collect();
        select(pen, &items, &format!("FROM {} AS m", pen.own("moments")), 2)
    }
}

/// Why nobody can see that a clock started anew.
fn unseen(what: &str) -> String {
    format!("its clock starts anew with another {what}, and no date says when that was")
}
