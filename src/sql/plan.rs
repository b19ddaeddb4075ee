//! What of a model becomes SQL: every named predicate in the order in which one asks for another,
//! the columns its criteria need, and what has to be left out.

use super::atom::Tested;
use super::calendar::WorkingTime;
use super::condition::Condition;
use super::names::Names;
use super::pen::Pen;
use super::{Omission, Request};
use crate::criteria::{
    Atom, ExpandError, Expr, FieldKind, FieldPath, Node, Reference, Scope, SetOf, Test, expand,
};
use crate::load::{Criterion, ModelScope};
use crate::model::Entity;
use crate::records;
use std::collections::{BTreeMap, BTreeSet};

/// The names of columns that views of records begin with.
pub(super) const RECORD: &str = "record_id";
pub(super) const AS_OF_AT: &str = "as_of_at";
pub(super) const AS_OF_ON: &str = "as_of_on";

/// The kinds whose entities are predicates with a name.
const PREDICATES: [&str; 5] = ["icp", "segment", "territory", "definition", "persona"];

/// A criterion of a named predicate.
pub(super) struct Part<'m> {
    /// The column with its answer; none where it is the predicate's own.
    pub(super) column: Option<String>,
    /// Its id.
    pub(super) id: String,
    pub(super) address: String,
    pub(super) text: &'m str,
    /// Whether it must not hold.
    pub(super) inverted: bool,
    pub(super) condition: Condition,
}

/// A named predicate whose criteria can be written.
pub(super) struct Predicate<'m> {
    pub(super) entity: &'m Entity,
    /// The column with its answer.
    pub(super) column: String,
    pub(super) parts: Vec<Part<'m>>,
    /// How many others it asks for, one through the next.
    pub(super) depth: usize,
}

/// The state of a predicate.
enum State<'m> {
    Open,
    Ready(Predicate<'m>),
    Lost(String),
}

/// The package that is being planned.
pub(super) struct Plan<'a, 'm> {
    pub(super) scope: &'a ModelScope<'m>,
    pub(super) pen: Pen,
    pub(super) request: &'a Request<'a>,
    /// The names of views.
    pub(super) views: Names,
    /// The names of columns of each object's records.
    columns: BTreeMap<String, Names>,
    /// The paths through related objects that something of each object asks for.
    pub(super) related: BTreeMap<String, BTreeSet<Vec<String>>>,
    predicates: BTreeMap<String, State<'m>>,
    /// The calendars that promises run on.
    pub(super) calendars: BTreeMap<String, WorkingTime>,
    /// The promises of which the views do not know whether they are kept, and why.
    pub(super) undecided: BTreeMap<String, String>,
    /// How late metrics are made that are made of others.
    pub(super) ranks: BTreeMap<String, u8>,
    pub(super) omissions: Vec<Omission>,
    /// What is worth knowing, and the addresses it is about.
    notes: BTreeMap<String, BTreeSet<String>>,
}

impl<'a, 'm> Plan<'a, 'm> {
    pub(super) fn new(scope: &'a ModelScope<'m>, request: &'a Request<'a>) -> Self {
        let pen = Pen { dialect: request.dialect, dbt: request.dbt };
        let mut plan = Self {
            scope,
            pen,
            request,
            views: Names::default(),
            columns: BTreeMap::new(),
            related: BTreeMap::new(),
            predicates: BTreeMap::new(),
            calendars: BTreeMap::new(),
            undecided: BTreeMap::new(),
            ranks: BTreeMap::new(),
            omissions: Vec::new(),
            notes: BTreeMap::new(),
        };
        plan.note_exports();
        // Tables without a schema stand beside the views, and nothing replaces a table.
        if request.schema.is_none() && !request.dbt {
            let objects = scope.model().of_kind("object");
            let tables: Vec<String> = objects
                .map(|object| plan.table(object.address.id()).to_ascii_lowercase())
                .collect();
            plan.views = Names::reserving(&tables.iter().map(String::as_str).collect::<Vec<_>>());
        }
        // A field is called what the model calls it, whatever else has that name.
        for object in scope.model().of_kind("object") {
            let object = object.address.id();
            for field in scope.fields(object) {
                plan.column(object, &format!("field.{field}"), &field);
            }
        }
        plan
    }

    /// The ids of the objects that are asked for.
    pub(super) fn objects(&self) -> Vec<String> {
        let objects = self.scope.model().of_kind("object").map(|o| o.address.id().to_owned());
        let asked = self.request.object;
        objects.filter(|id| asked.is_none_or(|asked| asked == id)).collect()
    }

    /// The entities of a kind about an object.
    pub(super) fn about(&self, kind: &str, object: &str) -> Vec<&'m Entity> {
        let entities = self.scope.model().of_kind(kind);
        entities.filter(|entity| entity.object() == Some(object)).collect()
    }

    /// Says that something is left out, and why.
    pub(super) fn omit(&mut self, address: &str, why: impl Into<String>) {
        self.omissions.push(Omission { address: address.to_owned(), reason: why.into() });
    }

    /// Says what somebody who uses the views should know of an entity.
    pub(super) fn note(&mut self, address: &str, what: &str) {
        self.notes.entry(what.to_owned()).or_default().insert(format!("`{address}`"));
    }

    /// Says where the tables must hold what the files that the system exports do not.
    fn note_exports(&mut self) {
        let system = self.request.system.map(|system| format!("system.{system}"));
        let entity = system.as_ref().and_then(|system| self.scope.model().get(system));
        let Some(form) = entity.and_then(|entity| records::Form::of(&entity.read()).ok()) else {
            return;
        };
        let plain = records::Form::default();
        let is_plain = (form.numbers.point, form.dates) == (plain.numbers.point, plain.dates);
        if !is_plain || form.zone != plain.zone {
            let address = system.unwrap_or_default();
            let what = "the views read tables of numbers, days and instants in UTC; what this system writes \
                        into files in a form of its own is to be turned into these when it is loaded";
            self.note(&address, what);
        }
    }

    /// What somebody who uses the views should know.
    pub(super) fn notes(&self) -> Vec<String> {
        let told = |(what, about): (&String, &BTreeSet<String>)| {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            format!("{what}: {}", about.join(", "))
        };
        self.notes.iter().map(told).collect()
    }

    /// The name of an object's column.
    pub(super) fn column(&mut self, object: &str, thing: &str, words: &str) -> String {
        let names = self.columns.entry(object.to_owned());
        let names = names.or_insert_with(|| Names::reserving(&[RECORD, AS_OF_AT, AS_OF_ON]));
        names.of(thing, words)
    }

    /// The column of a field, or of a field of a related object, and what it holds.
    pub(super) fn field(
        &mut self,
        object: &str,
        path: &str,
    ) -> Result<(String, FieldKind), String> {
        let facts = self.scope.field_at(object, path);
        let (_, facts) = facts.ok_or_else(|| format!("`{object}` has no field `{path}`"))?;
        let parts: Vec<String> = path.split('.').map(str::to_owned).collect();
        let kind = facts.kind;
        let thing = format!("field.{path}");
        let name = self.column(object, &thing, &parts.join("__"));
        if parts.len() > 1 {
            self.related.entry(object.to_owned()).or_default().insert(parts);
        }
        Ok((name, kind))
    }

    /// A criterion in SQL, over the rows of its object with the answers of named predicates.
    pub(super) fn criterion(&mut self, criterion: &Criterion<'m>) -> Result<Condition, String> {
        let expr = criterion.expr.as_ref().filter(|_| criterion.faults.is_empty());
        let Some(expr) = expr else {
            let said = criterion.faults.first().map(|fault| fault.message.clone());
            return Err(said.unwrap_or_else(|| "the criterion cannot be read".to_owned()));
        };
        let object = criterion.object.as_deref().ok_or("it is about no object")?;
        if !self.scope.has_object(object) {
            return Err(format!("there is no object `{object}`"));
        }
        expand(expr, self.scope).map_err(|error| Self::lost_way(&error))?;
        self.expr(object, expr, true)
    }

    /// Why a reference leads nowhere: a predicate that is there and cannot be read has no answer.
    fn lost_way(error: &ExpandError) -> String {
        match error {
            ExpandError::Unreadable { name, .. } => {
                format!("it needs `{name}`, which is left out")
            }
            other => other.to_string(),
        }
    }

    fn expr(&mut self, object: &str, expr: &Expr, holds: bool) -> Result<Condition, String> {
        let mut each = |operands: &[Expr], holds: bool| -> Result<Vec<Condition>, String> {
            operands.iter().map(|operand| self.expr(object, operand, holds)).collect()
        };
        match &expr.node {
            Node::And(operands) if holds => Ok(Condition::all(each(operands, true)?)),
            Node::Or(operands) if holds => Ok(Condition::any(each(operands, true)?)),
            Node::And(operands) => Ok(Condition::any(each(operands, false)?)),
            Node::Or(operands) => Ok(Condition::all(each(operands, false)?)),
            Node::AtLeast { of, .. } if of.is_empty() => {
                Ok(if holds { Condition::Any(Vec::new()) } else { Condition::All(Vec::new()) })
            }
            Node::AtLeast { count, of } => {
                let sign = if holds { ">=" } else { "<" };
                Ok(Condition::Count { of: each(of, true)?, sign, count: *count })
            }
            Node::Not(operand) => self.expr(object, operand, !holds),
            Node::Atom(atom) => self.atom(object, atom, holds),
            Node::Reference(reference) => self.reference(reference, holds),
        }
    }

    fn atom(&mut self, object: &str, atom: &Atom, holds: bool) -> Result<Condition, String> {
        let FieldPath { parts, .. } = &atom.field;
        let (column, kind) = self.field(object, &parts.join("."))?;
        let list = match &atom.test {
            Test::In { set: SetOf::List(list), .. } => {
                let values = self.scope.list(&list.id);
                values.ok_or_else(|| format!("there is no `{list}`"))?
            }
            _ => Vec::new().into(),
        };
        let pen = self.pen;
        let column = pen.column("r", &column);
        let as_of = [pen.column("r", AS_OF_AT), pen.column("r", AS_OF_ON)];
        Tested { pen, column, kind, list: &list, as_of }.test(&atom.test, holds)
    }

    fn reference(&mut self, reference: &Reference, holds: bool) -> Result<Condition, String> {
        let column = self.predicate(&reference.to_string())?.column.clone();
        let column = self.pen.column("r", &column);
        Ok(Condition::Test(if holds { column } else { format!("NOT {column}") }))
    }

    /// A named predicate, made ready where it is not yet.
    pub(super) fn predicate(&mut self, address: &str) -> Result<&Predicate<'m>, String> {
        if !self.predicates.contains_key(address) {
            self.predicates.insert(address.to_owned(), State::Open);
            let state = match self.made(address) {
                Ok(predicate) => State::Ready(predicate),
                Err(why) => State::Lost(why),
            };
            self.predicates.insert(address.to_owned(), state);
        }
        match self.predicates.get(address) {
            Some(State::Ready(predicate)) => Ok(predicate),
            Some(State::Lost(why)) if why.starts_with("it needs") => Err(why.clone()),
            Some(State::Lost(_)) => Err(format!("it needs `{address}`, which is left out")),
            Some(State::Open) | None => Err(format!("`{address}` leads back to itself")),
        }
    }

    /// Why a named predicate is left out.
    pub(super) fn lost(&self, address: &str) -> Option<String> {
        match self.predicates.get(address) {
            Some(State::Lost(why)) => Some(why.clone()),
            _ => None,
        }
    }

    fn made(&mut self, address: &str) -> Result<Predicate<'m>, String> {
        let model = self.scope.model();
        let entity = model.get(address).ok_or_else(|| format!("there is no `{address}`"))?;
        let object = entity.object().ok_or("it names no object")?;
        let scope = self.scope;
        let conditions: Vec<_> = scope.conditions(entity).collect();
        let when = entity.address.join("when");
        let alone = matches!(conditions.as_slice(), [only] if only.criterion.address == when);
        let column = self.column(object, address, &address.replace('.', "_"));
        let (mut parts, mut depth) = (Vec::new(), 0);
        for condition in conditions {
            let criterion = condition.criterion;
            let own = criterion.address.as_str();
            let written = self.criterion(criterion).map_err(|why| named(own, &why))?;
            for reference in criterion.expr.iter().flat_map(|e| crate::criteria::references(e)) {
                if reference.kind != "list" {
                    depth = depth.max(self.predicate(&reference.to_string())?.depth + 1);
                }
            }
            let id = own.rsplit('.').next().unwrap_or(own).to_owned();
            let name = (!alone).then(|| self.column(object, own, &format!("{column}__{id}")));
            parts.push(Part {
                column: name,
                id,
                address: own.to_owned(),
                text: criterion.text,
                inverted: condition.inverted,
                condition: written,
            });
        }
        Ok(Predicate { entity, column, parts, depth })
    }

    /// The predicates of an object that can be written, by kind and address.
    pub(super) fn prepare(&mut self, object: &str) -> Vec<String> {
        let mut ready = Vec::new();
        for kind in PREDICATES {
            for entity in self.about(kind, object) {
                let address = entity.address.as_str();
                if self.predicate(address).is_ok() {
                    ready.push(address.to_owned());
                } else if let Some(why) = self.lost(address) {
                    self.omit(address, why);
                }
            }
        }
        ready
    }

    /// A predicate that is ready.
    pub(super) fn ready(&self, address: &str) -> Option<&Predicate<'m>> {
        match self.predicates.get(address) {
            Some(State::Ready(predicate)) => Some(predicate),
            _ => None,
        }
    }

    /// The criteria below an address in SQL, each with its id and what it says.
    pub(super) fn below(&mut self, address: &str) -> Result<Vec<Part<'m>>, String> {
        let scope = self.scope;
        let mut parts = Vec::new();
        for criterion in scope.criteria_below(address) {
            let own = criterion.address.as_str();
            let condition = self.criterion(criterion).map_err(|why| named(own, &why))?;
            let id = own.rsplit('.').next().unwrap_or(own).to_owned();
            let text = criterion.text;
            let address = own.to_owned();
            parts.push(Part { column: None, id, address, text, inverted: false, condition });
        }
        Ok(parts)
    }

    /// The one criterion at an address, if there is one.
    pub(super) fn at(&mut self, address: &str) -> Result<Option<Part<'m>>, String> {
        let mut parts = self.below(address)?;
        parts.retain(|part| part.address == address);
        Ok(parts.pop())
    }
}

/// A reason with the criterion it is about.
fn named(address: &str, why: &str) -> String {
    if why.starts_with("it needs") { why.to_owned() } else { format!("`{address}`: {why}") }
}
