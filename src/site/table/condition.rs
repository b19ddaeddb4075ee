//! Criteria as data: what they say as a tree in which references are followed and every part knows
//! its words.
//!
//! A part is an array: what it is, where its words begin and end in the criterion (counted as
//! JavaScript counts), and what belongs to it.

use super::Href;
use super::pools::Pools;
use crate::criteria::{
    Atom, DaysTest, Direction, Expr, FieldKind, Node, Reference, Scope, SetOf, Test, Value,
};
use crate::load::{Criterion, ModelScope};
use crate::source::Span;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// References are followed no deeper than the evaluator nests.
const MAX_LEVELS: usize = 256;

/// More references than this are not followed for one table: they lead in circles.
const MAX_FOLLOWED: usize = 50_000;

/// Writes criteria down.
pub(super) struct Conditions<'w, 'm> {
    pub(super) pools: &'w mut Pools,
    scope: &'w ModelScope<'m>,
    href: Href<'w>,
    /// The predicates that are written down already, by address.
    known: BTreeMap<String, usize>,
    /// The references on the way to what is being written.
    trail: Vec<String>,
    /// How far up the trail something that is being written leads back.
    back_to: usize,
    followed: usize,
}

/// The text of a criterion, for the places of its words.
#[derive(Clone, Copy)]
struct Words<'t> {
    text: &'t str,
    is_ascii: bool,
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii() }
    }

    /// A place as JavaScript counts.
    fn place(self, bytes: usize) -> usize {
        if self.is_ascii {
            return bytes;
        }
        let before = self.text.get(..bytes).unwrap_or(self.text);
        before.encode_utf16().count()
    }

    /// A part with its words.
    fn part(self, what: &str, span: Span, more: Vec<Json>) -> Json {
        let mut part =
            vec![json!(what), json!(self.place(span.start)), json!(self.place(span.end))];
        part.extend(more);
        Json::Array(part)
    }
}

impl<'w, 'm> Conditions<'w, 'm> {
    pub(super) fn new(pools: &'w mut Pools, scope: &'w ModelScope<'m>, href: Href<'w>) -> Self {
        let (known, trail) = (BTreeMap::new(), Vec::new());
        Self { pools, scope, href, known, trail, back_to: usize::MAX, followed: 0 }
    }

    /// The place of a criterion that is written as a text; one that the model does not know never holds.
    pub(super) fn written(&mut self, criterion: Option<&Criterion<'_>>, text: &str) -> usize {
        if let Some(criterion) = criterion {
            return self.criterion(criterion);
        }
        let words = Words::of(text);
        let logic = words.part("or", Span::new(0, text.len()), vec![json!([])]);
        self.pools.criteria.place(json!([text, logic]))
    }

    /// The place of a criterion.
    fn criterion(&mut self, criterion: &Criterion<'_>) -> usize {
        let words = Words::of(criterion.text);
        let sound = criterion.expr.as_deref().filter(|_| criterion.faults.is_empty());
        let logic = if let Some(expr) = sound {
            self.expr(expr, words, criterion.object.as_deref().unwrap_or_default())
        } else {
            let said = criterion.faults.first().map(|fault| fault.message.as_str());
            let said = said.unwrap_or("the criterion cannot be read");
            words.part("lost", Span::new(0, words.text.len()), vec![json!(said)])
        };
        self.pools.criteria.place(json!([criterion.text, logic]))
    }

    fn expr(&mut self, expr: &Expr, words: Words<'_>, object: &str) -> Json {
        let mut each =
            |of: &[Expr]| -> Json { of.iter().map(|one| self.expr(one, words, object)).collect() };
        let (what, more) = match &expr.node {
            Node::And(of) => ("and", vec![each(of)]),
            Node::Or(of) => ("or", vec![each(of)]),
            Node::AtLeast { count, of } => ("least", vec![json!(count), each(of)]),
            Node::Not(operand) => ("not", vec![self.expr(operand, words, object)]),
            Node::Atom(atom) => match self.test(atom, object) {
                Ok(test) => ("test", test),
                Err(why) => ("lost", vec![json!(why)]),
            },
            Node::Reference(reference) => match self.predicate(reference) {
                Ok(place) => ("is", vec![json!(place)]),
                Err(why) => ("lost", vec![json!(why)]),
            },
        };
        words.part(what, expr.span, more)
    }

    fn predicate(&mut self, reference: &Reference) -> Result<usize, String> {
        let address = format!("{}.{}", reference.kind, reference.id);
        if let Some(known) = self.known.get(&address) {
            return Ok(*known);
        }
        if let Some(first) = self.trail.iter().position(|open| *open == address) {
            self.back_to = self.back_to.min(first);
            return Err(format!("`{address}` leads back to itself"));
        }
        self.followed += 1;
        if self.trail.len() >= MAX_LEVELS || self.followed > MAX_FOLLOWED {
            self.back_to = 0;
            return Err("with its references expanded the criterion is too large".to_owned());
        }
        let scope = self.scope;
        let entity = scope.model().get(&address);
        let entity = entity.filter(|_| scope.predicate(&reference.kind, &reference.id).is_some());
        let Some(entity) = entity else { return Err(format!("there is no `{address}`")) };
        self.trail.push(address.clone());
        let mut parts = Vec::new();
        for condition in scope.conditions(entity) {
            let of = condition.criterion.address.as_str();
            let id = of.strip_prefix(address.as_str()).unwrap_or(of).trim_start_matches('.');
            let criterion = self.criterion(condition.criterion);
            parts.push(json!([id, criterion, condition.inverted]));
        }
        self.trail.pop();
        let name = self.name(&address);
        let place = self.pools.predicates.place(json!([name, parts]));
        // What leads back to something that is open means something else where that is not open.
        if self.back_to >= self.trail.len() {
            self.back_to = usize::MAX;
            self.known.insert(address, place);
        }
        Ok(place)
    }

    fn test(&mut self, atom: &Atom, object: &str) -> Result<Vec<Json>, String> {
        let path = atom.field.name();
        let kind = self.scope.field_at(object, &path).map(|(_, facts)| facts.kind);
        let field = self.pools.asked.place(json!([path, kind.map(FieldKind::word)]));
        let mut test = vec![json!(field)];
        test.extend(match &atom.test {
            Test::IsTrue => vec![json!("true")],
            Test::Compare { op, value } => vec![json!(op.to_string()), literal(&value.value)],
            Test::Between { low, high } => {
                vec![json!("between"), literal(&low.value), literal(&high.value)]
            }
            Test::In { set: SetOf::Values(values), negated } => {
                let values: Vec<Json> = values.iter().map(|one| literal(&one.value)).collect();
                vec![json!("in"), json!(values), json!(negated)]
            }
            Test::In { set: SetOf::List(list), negated } => {
                let values = Some(list).filter(|list| list.kind == "list");
                let values = values.and_then(|list| self.scope.list(&list.id));
                let values = values.ok_or_else(|| format!("there is no `{list}`"))?;
                let name = self.name(&list.to_string());
                let place = self.pools.lists.place(json!(&*values));
                vec![json!("list"), json!(place), json!(negated), json!(name)]
            }
            Test::IsSet { negated } => vec![json!("set"), json!(negated)],
            Test::Contains(part) => vec![json!("contains"), literal(&part.value)],
            Test::StartsWith(part) => vec![json!("starts"), literal(&part.value)],
            Test::EndsWith(part) => vec![json!("ends"), literal(&part.value)],
            Test::Days { direction, test } => {
                let direction = match direction {
                    Direction::Since => "since",
                    Direction::Until => "until",
                };
                match test {
                    DaysTest::Compare { op, days } => {
                        vec![json!(direction), json!(op.to_string()), json!(days.to_string())]
                    }
                    DaysTest::Between { low, high } => {
                        let (low, high) = (low.to_string(), high.to_string());
                        vec![json!(direction), json!("between"), json!(low), json!(high)]
                    }
                }
            }
        });
        Ok(test)
    }

    /// The place of the name people use for an address.
    pub(super) fn name(&mut self, address: &str) -> usize {
        let entity = self.scope.model().get(address);
        let name = entity.map_or(address, |entity| entity.name());
        self.pools.names.place(json!([address, name, (self.href)(address)]))
    }

    /// A field as a form shows it.
    pub(super) fn form_field(&mut self, object: &str, path: &str) -> usize {
        let scope = self.scope;
        let (mut label, mut from) = (Vec::new(), object.to_owned());
        for part in path.split('.') {
            let Some((address, facts)) = scope.field_at(&from, part) else { break };
            let entity = scope.model().get(address.as_str());
            label.push(entity.map_or(part, |entity| entity.name()).to_owned());
            from = facts.target.unwrap_or_default().to_owned();
        }
        let Some((address, facts)) = scope.field_at(object, path) else {
            return self.pools.fields.place(json!({ "path": path, "label": path, "type": null }));
        };
        let name = self.name(address.as_str());
        self.pools.fields.place(json!({
            "path": path,
            "label": label.join(" › "),
            "type": facts.kind.word(),
            "values": facts.values,
            "open": facts.open,
            "required": facts.required,
            "entity": name,
        }))
    }
}

/// A value; text stands for itself.
fn literal(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(["number", number.to_string()]),
        Value::Bool(truth) => json!(["bool", truth]),
        Value::Date(date) => json!(["date", date.to_string()]),
        Value::DateTime(instant) => json!(["datetime", instant.to_string()]),
        Value::Values(values) => json!(["choices", values]),
    }
}
