//! Records as the model names things: a view over each object's table, and one with what every named
//! predicate says of each record.

use super::condition::{Condition, answer};
use super::plan::{AS_OF_AT, AS_OF_ON, Part, Plan, RECORD};
use super::view::{Column, Item, View, select, with};
use crate::criteria::{FieldKind, Scope};
use crate::model::Entity;
use crate::records;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Other words for the values of a field, each with the value it stands for.
type Labels = BTreeMap<String, String>;

/// Where a field's values come from.
struct Place {
    /// The column of the table.
    column: String,
    /// Whether the system has a column for it at all.
    mapped: bool,
}

impl Plan<'_, '_> {
    /// The name of the view of an object's records.
    pub(super) fn records(&mut self, object: &str) -> String {
        self.views.of(&format!("records.{object}"), &format!("{object}_records"))
    }

    /// The name of the view of an object's records and what is said of them.
    pub(super) fn judged(&mut self, object: &str) -> String {
        self.views.of(&format!("judged.{object}"), &format!("{object}_judged"))
    }

    /// The name of the view that holds the as-of instant.
    pub(super) fn as_of(&mut self) -> String {
        self.views.of("as-of", "model_as_of")
    }

    /// `FROM` the judged records of an object, as `r`.
    pub(super) fn over_judged(&mut self, object: &str) -> String {
        let judged = self.judged(object);
        format!("FROM {} AS r", self.pen.view(&judged))
    }

    /// The instant from which days are counted.
    pub(super) fn as_of_view(&mut self) -> View {
        let pen = self.pen;
        let name = self.as_of();
        let now = match (self.request.as_of, pen.dbt) {
            (Some(instant), _) => pen.instant(&instant.to_string()),
            (None, true) => format!(
                "{{% if var('as_of', none) %}}CAST('{{{{ var('as_of') }}}}' AS {}){{% else %}}CURRENT_TIMESTAMP{{% endif %}}",
                pen.dialect.instant_type()
            ),
            (None, false) => "CURRENT_TIMESTAMP".to_owned(),
        };
        let once = "(SELECT ".to_owned() + &now + " AS " + &pen.own(AS_OF_AT) + ") AS a";
        let at = pen.column("a", AS_OF_AT);
        let on = pen.dialect.day_of(&at);
        let items = [Item::same(pen, "a", AS_OF_AT), Item::new(AS_OF_ON, on)];
        let about = "The instant from which `days since` and `days until` are counted: one row. \
                     Write another instant here, and every view answers for it.";
        View {
            name,
            rank: 0,
            about: vec![about.to_owned()],
            sql: select(pen, &items, &format!("FROM {once}"), 0),
            description: "The instant from which days are counted; one row.".to_owned(),
            columns: vec![
                Column::new(AS_OF_AT, "The instant."),
                Column::new(AS_OF_ON, "Its day in UTC."),
            ],
            never: Vec::new(),
        }
    }

    /// The table that holds an object's records, as the system calls it.
    pub(super) fn table(&self, object: &str) -> String {
        let entity = self.scope.model().get(&format!("object.{object}"));
        let systems = entity.and_then(|entity| entity.table.get("systems")?.as_table());
        let named = systems.zip(self.request.system).and_then(|(all, system)| all.text(system));
        named.unwrap_or(object).to_owned()
    }

    /// The table in `FROM`.
    fn source_table(&self, object: &str) -> String {
        let pen = self.pen;
        if pen.dbt {
            return format!("{{{{ source('{}', '{}') }}}}", self.source_name(), object);
        }
        let schema = self.request.schema.unwrap_or_default();
        let steps = schema.split('.').filter(|step| !step.is_empty()).map(|step| pen.name(step));
        let steps: Vec<String> = steps.chain([pen.name(&self.table(object))]).collect();
        steps.join(".")
    }

    /// What dbt calls the tables together.
    pub(super) fn source_name(&self) -> String {
        let system = self.request.system.unwrap_or("records");
        system.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
    }

    fn place(&self, object: &str, field: &str) -> Place {
        let entity = self.scope.model().get(&format!("field.{object}.{field}"));
        let columns = entity.and_then(|entity| entity.table.get("columns")?.as_table());
        let system = self.request.system;
        let named = columns.zip(system).and_then(|(columns, system)| columns.text(system));
        let column = named.unwrap_or(field).to_owned();
        Place { column, mapped: named.is_some() || system.is_none() }
    }

    /// The column by which a record is told from all others, and how that was found.
    fn key(&self, object: &str) -> String {
        let entity = self.scope.model().get(&format!("object.{object}"));
        let field = entity.and_then(|entity| entity.table.text("key_field"));
        let field = field.or_else(|| self.scope.field(object, "id").map(|_| "id"));
        match (self.request.key, field) {
            (Some(key), _) => key.to_owned(),
            (None, Some(field)) => self.place(object, field).column,
            (None, None) => self.pen.dialect.own("id"),
        }
    }

    /// An object's table with the model's names and types.
    pub(super) fn records_view(&mut self, object: &str) -> View {
        let pen = self.pen;
        let mut items = Vec::new();
        let mut columns = Vec::new();
        let mut unmapped = Vec::new();
        let key = pen.name(&self.key(object));
        items.push(Item::new(RECORD, self.trimmed(&format!("s.{key}"))));
        let described = "What tells this record from every other.";
        columns.push(Column { unique: true, ..Column::new(RECORD, described).required() });
        let (known, none) = (records::fields(self.scope, object), Labels::new());
        for field in self.scope.fields(object) {
            let Ok((name, kind)) = self.field(object, &field) else { continue };
            let place = self.place(object, &field);
            if !place.mapped {
                unmapped.push(field.clone());
            }
            let address = format!("field.{object}.{field}");
            let entity = self.scope.model().get(&address);
            let column = format!("s.{}", pen.name(&place.column));
            let known = known.iter().find(|known| known.path == field);
            let labels = known.map_or(&none, |known| &known.labels);
            let sql = match self.cast(&column, kind, labels) {
                Ok(sql) => sql,
                Err(why) => {
                    self.omit(&address, why);
                    format!("CAST(NULL AS {})", pen.dialect.type_of(kind))
                }
            };
            items.push(Item::new(&name, sql));
            columns.push(self.described(object, &field, &name, entity));
        }
        if !unmapped.is_empty() {
            let system = self.request.system.unwrap_or_default();
            let note = format!(
                "fields without a column in `{system}` are read from columns of their own names"
            );
            for field in unmapped {
                self.note(&format!("field.{object}.{field}"), &note);
            }
        }
        let table = self.table(object);
        let name = self.records(object);
        View {
            name,
            rank: 10,
            about: vec![
                format!("object.{object}: each record of `{table}`, as the model names things."),
                "Texts lose spaces, tabs and ends of lines around them, and what is empty then is \
                 not set; so do several values with `;` between them, of which each stands once, in \
                 one order. A whole number that has a part behind the point is not set. What else \
                 cannot be read as the field's type ends the query. Instants without a time zone are \
                 read in that of the session, which should be UTC."
                    .to_owned(),
            ],
            sql: select(pen, &items, &format!("FROM {} AS s", self.source_table(object)), 0),
            description: format!("Each record of `{object}`, as the model names things."),
            columns,
            never: Vec::new(),
        }
    }

    fn described(&self, object: &str, field: &str, name: &str, entity: Option<&Entity>) -> Column {
        let words = entity.and_then(|entity| entity.table.text("description"));
        let words = words.or_else(|| entity.map(Entity::name)).unwrap_or(field);
        let mut column = Column::new(name, words);
        if let Some(facts) = self.scope.field(object, field) {
            column.required = facts.required;
            if facts.kind == FieldKind::Choice && !facts.open {
                column.values = facts.values.to_vec();
            }
        }
        column
    }

    fn trimmed(&self, column: &str) -> String {
        let dialect = self.pen.dialect;
        let text = format!("CAST({column} AS {})", dialect.text_type());
        format!("NULLIF({}, '')", dialect.trimmed(&text))
    }

    /// A column of a table as values of a field.
    fn cast(&self, column: &str, kind: FieldKind, labels: &Labels) -> Result<String, String> {
        let text = self.trimmed(column);
        match kind {
            FieldKind::Text | FieldKind::Reference => Ok(text),
            FieldKind::Choice => self.relabelled(text, labels),
            FieldKind::Choices => {
                // What holds nothing but `;` is not set.
                let all = format!("NULLIF({}, '')", self.pen.dialect.parted(&text));
                Ok(self.pen.dialect.each_once(&self.each_relabelled(all, labels)?))
            }
            // What has a part behind the point is no whole number, and read as none.
            FieldKind::Integer => {
                let number = format!("CAST({text} AS {})", self.pen.dialect.type_of(kind));
                Ok(format!("CASE WHEN {number} = FLOOR({number})\n    THEN {number} END"))
            }
            FieldKind::Bool => {
                let text = self.relabelled(text, labels)?;
                Ok(format!("CAST({text} AS {})", self.pen.dialect.type_of(kind)))
            }
            _ => Ok(format!("CAST({text} AS {})", self.pen.dialect.type_of(kind))),
        }
    }

    /// Other words for a value as the value they stand for.
    fn relabelled(&self, text: String, labels: &Labels) -> Result<String, String> {
        let mut cases = String::new();
        for (word, value) in labels {
            let (word, value) = (self.pen.text(word)?, self.pen.text(value)?);
            let _ = write!(cases, " WHEN {word} THEN {value}");
        }
        Ok(if cases.is_empty() { text } else { format!("CASE {text}{cases} ELSE {text} END") })
    }

    /// The same for each of several values with `;` between them: every value gets a sign on both sides,
    /// so that a whole value is looked for and no two share one.
    fn each_relabelled(&self, all: String, labels: &Labels) -> Result<String, String> {
        let labels = || labels.iter().filter(|(word, _)| !word.contains(';'));
        if labels().next().is_none() {
            return Ok(all);
        }
        let mut text = format!("';' || REPLACE({all}, ';', ';;') || ';'");
        for (word, value) in labels() {
            if value.contains(';') {
                return Err(format!("its value `{value}` has a semicolon"));
            }
            if labels().any(|(other, _)| other == value) {
                return Err(format!("`{value}` is one of its values and another word for one"));
            }
            let [word, value] = [word, value].map(|text| self.pen.text(&format!(";{text};")));
            text = format!("REPLACE({text}, {}, {})", word?, value?);
        }
        let text = format!("REPLACE({text}, ';;', ';')");
        Ok(self.pen.dialect.without_around(&text, "';'"))
    }

    /// The fields of related objects that are asked for, and the joins that bring them.
    fn joined(&mut self, object: &str) -> (Vec<Item>, String) {
        let pen = self.pen;
        let paths = self.related.get(object).cloned().unwrap_or_default();
        let (mut items, mut joins) = (Vec::new(), String::new());
        let mut there: BTreeSet<Vec<String>> = BTreeSet::new();
        for path in paths {
            let (mut row, mut at) = ("s".to_owned(), object.to_owned());
            let mut walked: Vec<String> = Vec::new();
            for (step, field) in path.iter().enumerate() {
                let Ok((column, _)) = self.field(&at, field) else { break };
                if step + 1 == path.len() {
                    let Ok((name, _)) = self.field(object, &path.join(".")) else { break };
                    items.push(Item::new(&name, pen.column(&row, &column)));
                    break;
                }
                let facts = self.scope.field(&at, field);
                let Some(target) = facts.and_then(|facts| facts.target.map(str::to_owned)) else {
                    break;
                };
                walked.push(field.clone());
                let way = walked.join("__");
                let alias = self.column(object, &format!("to.{way}"), &format!("to_{way}"));
                let alias = pen.own(&alias);
                if there.insert(walked.clone()) {
                    let records = self.records(&target);
                    let (view, id) = (pen.view(&records), pen.own(RECORD));
                    let from = pen.column(&row, &column);
                    let on = format!("{alias}.{id} = {from}");
                    let _ = write!(joins, "\nLEFT JOIN {view} AS {alias} ON {on}");
                }
                (row, at) = (alias, target);
            }
        }
        (items, joins)
    }

    /// An object's records with the answer of every criterion and every named predicate.
    pub(super) fn judged_view(&mut self, object: &str, ready: &[String]) -> View {
        let pen = self.pen;
        let (related, joins) = self.joined(object);
        let records = self.records(object);
        let as_of = self.as_of();
        let mut items = vec![Item::all("s")];
        items.extend(related);
        items.extend([AS_OF_AT, AS_OF_ON].map(|name| Item::same(pen, "a", name)));
        let from = format!(
            "FROM {} AS s\nCROSS JOIN {} AS a{joins}",
            pen.view(&records),
            pen.view(&as_of)
        );
        let mut named = vec![("records".to_owned(), select(pen, &items, &from, 2))];
        let mut columns = vec![Column::new(RECORD, "The record.").required()];
        let depth = ready.iter().filter_map(|address| Some(self.ready(address)?.depth + 1)).max();
        for level in 0..depth.unwrap_or(0) {
            let (own, whole) = self.layer(ready, level, &mut columns);
            for (word, items) in [("criteria", own), ("named", whole)] {
                let last = named.last().map_or("records", |(name, _)| name.as_str());
                let from = format!("FROM {} AS r", pen.own(last));
                if items.len() > 1 {
                    named.push((format!("{word}_{level}"), select(pen, &items, &from, 2)));
                }
            }
        }
        let last = named.last().map_or("records", |(name, _)| name.as_str()).to_owned();
        let query = format!("SELECT *\nFROM {}\n", pen.own(&last));
        let named: Vec<(&str, String)> =
            named.iter().map(|(name, sql)| (name.as_str(), sql.clone())).collect();
        let name = self.judged(object);
        View {
            name,
            rank: 20,
            about: vec![
                format!(
                    "object.{object}: each record, and what every named predicate of the model says of it."
                ),
                "Each answer is TRUE or FALSE. A field that is not set satisfies no comparison; \
                 `!=`, `not in` and `not` are the opposite of what they negate, and so hold for it."
                    .to_owned(),
            ],
            sql: with(pen, &named, &query),
            description: format!(
                "Each record of `{object}`, and what every named predicate of the model says of it."
            ),
            columns,
            never: Vec::new(),
        }
    }

    /// The predicates that ask only for those of lower levels: their criteria, and their answers.
    fn layer(
        &self,
        ready: &[String],
        level: usize,
        columns: &mut Vec<Column>,
    ) -> (Vec<Item>, Vec<Item>) {
        let pen = self.pen;
        let (mut own, mut whole) = (vec![Item::all("r")], vec![Item::all("r")]);
        let at_level = ready.iter().filter_map(|address| self.ready(address));
        for predicate in at_level.filter(|predicate| predicate.depth == level) {
            let address = predicate.entity.address.as_str();
            columns.push(Column::new(&predicate.column, predicate.entity.name()));
            if let [Part { column: None, condition, text, address, .. }] = &*predicate.parts {
                let answer = answer(condition, 4);
                own.push(Item::new(&predicate.column, answer).under(format!("{address}: {text}")));
                continue;
            }
            let mut all = Vec::new();
            for part in &predicate.parts {
                let Some(column) = &part.column else { continue };
                let remark = format!("{}: {}", part.address, part.text);
                columns.push(Column::new(column, remark.clone()));
                own.push(Item::new(column, answer(&part.condition, 4)).under(remark));
                let is = pen.column("r", column);
                all.push(Condition::Test(if part.inverted { format!("NOT {is}") } else { is }));
            }
            let remark = format!("{address}: {}", predicate.entity.name());
            whole.push(Item::new(&predicate.column, answer(&Condition::all(all), 4)).under(remark));
        }
        (own, whole)
    }
}
