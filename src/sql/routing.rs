//! Routing tables: the rule that takes a record, where it goes, and the promise that starts with it.

use super::condition::{Case, Condition, answer, first};
use super::gates::{about_entity, described};
use super::plan::{Plan, RECORD};
use super::view::{Column, Item, View, select, with};
use crate::load::{DEFAULT, Router};
use crate::model::Entity;

/// A rule, as far as it decides.
struct Way {
    id: String,
    to: Option<String>,
    sla: Option<String>,
}

impl<'m> Plan<'_, 'm> {
    /// A routing table.
    pub(super) fn routing_view(
        &mut self,
        object: &str,
        entity: &'m Entity,
    ) -> Result<View, String> {
        let pen = self.pen;
        let router = Router::of(self.scope, entity);
        let (mut cases, mut ways) = (Vec::new(), Vec::new());
        for rule in router.routing.rule.iter().flat_map(|rules| rules.iter()) {
            let Some(criterion) = rule.when.as_ref().and_then(|when| router.condition(when.span))
            else {
                continue;
            };
            let address = criterion.address.as_str();
            let condition =
                self.criterion(criterion).map_err(|why| format!("`{address}`: {why}"))?;
            let remark = format!("{}: {}", rule.id, criterion.text);
            cases.push(Case {
                remark: pen.remarks(6, &[&remark]),
                when: condition.sql(11),
                then: pen.text(&rule.id)?,
            });
            ways.push(Way {
                id: rule.id.clone(),
                to: rule.to.as_ref().map(|to| to.address.clone()),
                sla: rule.sla.as_ref().map(|sla| sla.address.clone()),
            });
        }
        let default = router.routing.default.as_ref().map(|to| to.address.clone());
        let sla = router.routing.default_sla.as_ref().map(|sla| sla.address.clone());
        ways.push(Way { id: DEFAULT.to_owned(), to: default, sla });
        let about = match &router.routing.applies_to {
            None => Condition::All(Vec::new()),
            Some(when) => match router.condition(when.span) {
                Some(criterion) => self.criterion(criterion)?,
                None => Condition::Any(Vec::new()),
            },
        };
        let rule = first(&cases, Some(&pen.text(DEFAULT)?), 4);
        let remark =
            router.routing.applies_to.as_ref().map(|when| format!("it is about: {}", &***when));
        let address = entity.address.as_str();
        let applies = self.column(object, "routing applies", "applies");
        let first_rule = self.column(object, "routing rule", "first_rule");
        let mut applies_to = Item::new(&applies, answer(&about, 4));
        applies_to.remarks.extend(remark);
        let matched = [Item::all("r"), applies_to, Item::new(&first_rule, rule)];
        let matched = select(pen, &matched, &self.over_judged(object), 2);
        let (items, columns) = self.destinations(object, &ways, &[applies, first_rule])?;
        let query = select(pen, &items, &format!("FROM {} AS m", pen.own("matched")), 0);
        let mut never = Vec::new();
        if router.routing.defaults_to_gap() {
            let gap = format!("{} = {}", pen.own("rule"), pen.text(DEFAULT)?);
            never.push(("no_record_in_the_gap".to_owned(), gap));
        }
        let mut about = about_entity(entity);
        about.push(
            "`rule` is the first rule that takes the record, or `default`; nothing where the table \
             is not about it."
                .to_owned(),
        );
        Ok(View {
            name: self.views.of(address, &address.replace('.', "_")),
            rank: 40,
            about,
            sql: with(pen, &[("matched", matched)], &query),
            description: described(entity),
            columns,
            never,
        })
    }

    fn destinations(
        &mut self,
        object: &str,
        ways: &[Way],
        [applies, first_rule]: &[String; 2],
    ) -> Result<(Vec<Item>, Vec<Column>), String> {
        let pen = self.pen;
        let rule = pen.column("m", first_rule);
        let applies = pen.column("m", applies);
        let by_rule = |of: &dyn Fn(&Way) -> Result<Option<String>, String>| {
            let mut cases = Vec::new();
            for way in ways {
                let when = format!("{applies} AND {rule} = {}", pen.text(&way.id)?);
                if let Some(then) = of(way)? {
                    cases.push(Case { remark: String::new(), when, then });
                }
            }
            Ok::<_, String>((!cases.is_empty()).then(|| first(&cases, None, 2)))
        };
        let nothing = format!("CAST(NULL AS {})", pen.dialect.text_type());
        let to = by_rule(&|way| way.to.as_deref().map(|to| pen.text(to)).transpose())?;
        let sla = by_rule(&|way| way.sla.as_deref().map(|sla| pen.text(sla)).transpose())?;
        let mut named = Vec::new();
        for way in ways {
            let path = way.to.as_deref().and_then(|to| to.strip_prefix("field."));
            let own = path.and_then(|path| path.strip_prefix(object)?.strip_prefix('.'));
            if let Some(path) = own {
                let (column, _) = self.field(object, path)?;
                named.push((way.id.clone(), pen.column("m", &column)));
            }
        }
        let holder = by_rule(&|way| {
            Ok(named.iter().find(|(id, _)| *id == way.id).map(|(_, column)| column.clone()))
        })?;
        let mut items = vec![
            Item::same(pen, "m", RECORD),
            Item::new("rule", format!("CASE WHEN {applies} THEN {rule} END")),
            Item::new("destination", to.unwrap_or_else(|| nothing.clone())),
            Item::new("sla", sla.unwrap_or(nothing)),
        ];
        let mut columns = vec![
            Column { unique: true, ..Column::new(RECORD, "The record.").required() },
            Column::new("rule", "The rule that takes it, or `default`."),
            Column::new("destination", "The queue, team, role or field it goes to."),
            Column::new("sla", "The promise of time that starts with it."),
        ];
        if let Some(holder) = holder {
            items
                .push(Item::new("holder", holder).under("who the field names, where a field does"));
            columns.push(Column::new("holder", "Who the field names, where a field does."));
        }
        Ok((items, columns))
    }
}
