//! Lifecycles: the stage a record stands in, and which stages would let it in and out.

use super::condition::{Case, answer, first};
use super::gates::{about_entity, described};
use super::names::Names;
use super::plan::{Plan, RECORD};
use super::view::{Column, Item, View, ids_that, select, with};
use crate::model::lifecycle::{Lifecycle, Stage};
use crate::model::{Entity, Item as Listed};

/// What lets a record into a stage, or out of it.
struct Side {
    /// The columns with the answers, and the ids that fail where they are no.
    answers: Vec<(String, String)>,
}

impl<'m> Plan<'_, 'm> {
    /// A lifecycle.
    pub(super) fn lifecycle_view(
        &mut self,
        object: &str,
        entity: &'m Entity,
    ) -> Result<View, String> {
        let pen = self.pen;
        let lifecycle: Lifecycle = entity.read();
        let mut names = Names::reserving(&[RECORD, "stage", "stored"]);
        let mut asked = vec![Item::all("r")];
        let mut items = vec![Item::same(pen, "q", RECORD)];
        let mut columns =
            vec![Column { unique: true, ..Column::new(RECORD, "The record.").required() }];
        if let Some(field) = &lifecycle.stage_field {
            let (column, _) = self.field(object, field)?;
            let stored = pen.column("q", &column);
            let stored = format!("CAST({stored} AS {})", pen.dialect.text_type());
            let mut cases = Vec::new();
            for stage in lifecycle.stages() {
                let when = format!("{stored} = {}", pen.text(stage.stored_value().0)?);
                cases.push(Case { remark: String::new(), when, then: pen.text(&stage.id)? });
            }
            items.push(Item::new("stored", stored.clone()).under("what the stage field holds"));
            items.push(Item::new("stage", first(&cases, None, 2)));
            columns.push(Column::new("stored", "What the stage field holds."));
            columns.push(Column::new("stage", "The stage it stands in."));
        }
        for stage in lifecycle.stages() {
            for side in ["entry", "exit"] {
                let found = self.side(object, entity, stage, side, &mut asked)?;
                let verb = if side == "entry" { "enter" } else { "leave" };
                let may =
                    names.of(&format!("{verb} {}", stage.id), &format!("may_{verb}_{}", stage.id));
                let failing = names.of(
                    &format!("failing {verb} {}", stage.id),
                    &format!("fails_{verb}_{}", stage.id),
                );
                let open: Vec<&str> = found.answers.iter().map(|(_, is)| is.as_str()).collect();
                let open = if open.is_empty() { "TRUE".to_owned() } else { open.join(" AND ") };
                let fails: Vec<(String, String)> = found
                    .answers
                    .iter()
                    .map(|(id, is)| (id.clone(), format!("NOT {is}")))
                    .collect();
                items.push(Item::new(&may, open));
                items.push(Item::new(&failing, ids_that(&fails, pen)?));
                let told = stage.id.as_str();
                columns.push(Column::new(&may, format!("Whether it may {verb} `{told}`.")));
                columns.push(Column::new(&failing, format!("What it fails to {verb} `{told}`.")));
            }
        }
        let asked = select(pen, &asked, &self.over_judged(object), 2);
        let query = select(pen, &items, &format!("FROM {} AS q", pen.own("asked")), 0);
        let address = entity.address.as_str();
        Ok(View {
            name: self.views.of(address, &address.replace('.', "_")),
            rank: 40,
            about: about_entity(entity),
            sql: with(pen, &[("asked", asked)], &query),
            description: described(entity),
            columns,
            never: Vec::new(),
        })
    }

    /// The criteria of one side of a stage, each answered in a column of its own.
    fn side(
        &mut self,
        object: &str,
        entity: &'m Entity,
        stage: &Listed<Stage>,
        side: &str,
        asked: &mut Vec<Item>,
    ) -> Result<Side, String> {
        let pen = self.pen;
        let mut found = Side { answers: Vec::new() };
        for part in self.below(&format!("{}.stage.{}.{side}", entity.address, stage.id))? {
            let words = format!("{side}_{}__{}", stage.id, part.id);
            let name = self.column(object, &part.address, &words);
            let remark = format!("{}: {}", part.address, part.text);
            asked.push(Item::new(&name, answer(&part.condition, 4)).under(remark));
            found.answers.push((part.id, pen.column("q", &name)));
        }
        if side == "entry" {
            for field in stage.required() {
                let (column, _) = self.field(object, field)?;
                let is = format!("({} IS NOT NULL)", pen.column("q", &column));
                found.answers.push((field.value.0.clone(), is));
            }
        }
        Ok(found)
    }
}
