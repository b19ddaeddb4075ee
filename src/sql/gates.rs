//! ICPs with what fails, definitions with their criteria, and the segments and territories a record
//! lies in.

use super::condition::{Case, first};
use super::plan::{Plan, RECORD};
use super::view::{Column, Item, View, ids_that, select};
use crate::model::Entity;
use crate::model::strategy::{Definition, Icp, Segment, Territory};
use std::collections::BTreeMap;

impl<'m> Plan<'_, 'm> {
    /// An ICP or a definition: whether a record is one, which criteria fail, and each criterion.
    pub(super) fn gate_view(&mut self, object: &str, entity: &'m Entity) -> Result<View, String> {
        let pen = self.pen;
        let address = entity.address.as_str();
        let tiers = self.tiers(entity)?;
        let moment = self.moment(object, entity)?;
        let Some(predicate) = self.ready(address) else { return Err("it is left out".to_owned()) };
        let holds = pen.column("r", &predicate.column);
        let mut items = vec![Item::same(pen, "r", RECORD), Item::new("holds", holds.clone())];
        let mut columns = vec![
            Column { unique: true, ..Column::new(RECORD, "The record.").required() },
            Column::new("holds", format!("Whether it is one: {}.", entity.name())),
        ];
        let mut failing = Vec::new();
        let mut criteria = Vec::new();
        for part in &predicate.parts {
            let answered = part.column.as_deref().unwrap_or(&predicate.column);
            let answered = pen.column("r", answered);
            let fails = if part.inverted { answered.clone() } else { format!("NOT {answered}") };
            failing.push((part.id.clone(), fails));
            if let Some(column) = &part.column {
                let remark = format!("{}: {}", part.address, part.text);
                columns.push(Column::new(column, remark.clone()));
                criteria.push(Item::same(pen, "r", column).under(remark));
            }
        }
        items.push(Item::new("failing", ids_that(&failing, pen)?).under("the criteria it fails"));
        columns.push(Column::new("failing", "The criteria it fails, by id."));
        if let Some(tier) = tiers {
            let tier = format!("CASE WHEN {holds} THEN {tier} END");
            items.push(Item::new("tier", tier).under("the first tier that holds"));
            columns.push(Column::new("tier", "The first tier that holds."));
        }
        if let Some(column) = moment {
            let when = format!("CASE WHEN {holds} THEN {} END", pen.column("r", &column));
            items.push(Item::new("happened_at", when).under("the moment a record becomes one"));
            columns.push(Column::new("happened_at", "The moment the record became one."));
        }
        items.extend(criteria);
        let from = self.over_judged(object);
        Ok(View {
            name: self.views.of(address, &address.replace('.', "_")),
            rank: 30,
            about: about_entity(entity),
            sql: select(pen, &items, &from, 0),
            description: described(entity),
            columns,
            never: Vec::new(),
        })
    }

    /// The tier of a record that fits.
    fn tiers(&mut self, entity: &'m Entity) -> Result<Option<String>, String> {
        if entity.address.kind() != "icp" {
            return Ok(None);
        }
        let icp: Icp = entity.read();
        let Some(tiers) = &icp.tier else { return Ok(None) };
        let mut cases = Vec::new();
        for tier in tiers.iter() {
            let parts = self.below(&format!("{}.tier.{}", entity.address, tier.id))?;
            let all = parts.into_iter().map(|part| (part.address, part.text, part.condition));
            let (mut remarks, mut conditions) = (Vec::new(), Vec::new());
            for (address, text, condition) in all {
                remarks.push(format!("{address}: {text}"));
                conditions.push(condition);
            }
            let remarks: Vec<&str> = remarks.iter().map(String::as_str).collect();
            cases.push(Case {
                remark: self.pen.remarks(4, &remarks),
                when: super::condition::Condition::all(conditions).sql(9),
                then: self.pen.text(&tier.id)?,
            });
        }
        Ok(Some(first(&cases, None, 2)))
    }

    fn moment(&mut self, object: &str, entity: &Entity) -> Result<Option<String>, String> {
        if entity.address.kind() != "definition" {
            return Ok(None);
        }
        let definition: Definition = entity.read();
        let Some(path) = &definition.happens_at else { return Ok(None) };
        Ok(Some(self.field(object, path)?.0))
    }

    /// The segments of an object's records, or the territories they lie in.
    pub(super) fn market_view(
        &mut self,
        object: &str,
        kind: &str,
        ready: &[String],
    ) -> Result<Option<View>, String> {
        let pen = self.pen;
        let entities = self.about(kind, object);
        let entities =
            entities.into_iter().filter(|e| ready.iter().any(|a| e.address.as_str() == a));
        let entities: Vec<&Entity> = entities.collect();
        if entities.is_empty() {
            return Ok(None);
        }
        let mut lies_in = Vec::new();
        let mut families: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
        for entity in &entities {
            let Some(predicate) = self.ready(entity.address.as_str()) else { continue };
            let is = pen.column("r", &predicate.column);
            let id = entity.address.id().to_owned();
            let remark = format!("{}: {}", entity.address, entity.name());
            lies_in.push((id.clone(), is.clone()));
            if let Some(family) = family(entity) {
                families.entry(family).or_default().push((id, is, remark));
            }
        }
        let many = if kind == "segment" { "segments" } else { "territories" };
        let mut items = vec![
            Item::same(pen, "r", RECORD),
            Item::new(many, ids_that(&lies_in, pen)?).under("all it lies in, by id"),
        ];
        let mut columns = vec![
            Column { unique: true, ..Column::new(RECORD, "The record.").required() },
            Column::new(many, format!("The {many} it lies in, by id.")),
        ];
        let mut never = Vec::new();
        let mut names = super::names::Names::reserving(&[RECORD, many]);
        for (family, members) in families {
            let name = names.of(&family, &family);
            let mut cases = Vec::new();
            for (id, is, remark) in &members {
                let remark = pen.remarks(4, &[remark]);
                cases.push(Case { remark, when: is.clone(), then: pen.text(id)? });
            }
            let remark = format!("the one of `{family}`, of which a record is in no more than one");
            items.push(Item::new(&name, first(&cases, None, 2)).under(remark));
            columns.push(Column::new(&name, format!("The one of `{family}` it lies in.")));
        }
        if kind == "territory" && items.len() > 2 {
            let unplaced = format!("{} IS NULL", pen.own("territory"));
            never.push(("in_a_territory".to_owned(), unplaced));
        }
        let from = self.over_judged(object);
        let name = self.views.of(&format!("{many}.{object}"), &format!("{object}_{many}"));
        let what = format!("The {many} that each record of `{object}` lies in");
        Ok(Some(View {
            name,
            rank: 30,
            about: vec![format!("{kind}.*: {} (object.{object}).", what.to_lowercase())],
            sql: select(pen, &items, &from, 0),
            description: format!("{what}."),
            columns,
            never,
        }))
    }
}

/// The family of which a record is in no more than one.
fn family(entity: &Entity) -> Option<String> {
    if entity.address.kind() == "segment" {
        let segment: Segment = entity.read();
        return segment.exclusive.map(|family| format!("segment_{}", &**family));
    }
    let territory: Territory = entity.read();
    territory.exclusive.is_some_and(|exclusive| exclusive.value).then(|| "territory".to_owned())
}

/// What stands at the head of a view about an entity.
pub(super) fn about_entity(entity: &Entity) -> Vec<String> {
    let path = entity.source.path();
    let mut about = vec![format!("{}: {} ({path})", entity.address, entity.name())];
    about.extend(entity.table.text("description").map(str::to_owned));
    about
}

/// What an entity is, for catalogues.
pub(super) fn described(entity: &Entity) -> String {
    let words = entity.table.text("description").unwrap_or_else(|| entity.name());
    format!("{} ({})", words, entity.address)
}
