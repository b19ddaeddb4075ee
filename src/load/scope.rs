//! The model as the criteria language sees it.

use super::asked::Asked;
use super::criteria::{Criterion, criteria, typed};
use super::record::value;
use super::uses::Uses;
use crate::criteria::{Expr, FieldFacts, FieldKind, Node, Predicate, Scope, Value};
use crate::model::field::Field;
use crate::model::{Address, Entity, Model, Pattern, Slot};
use crate::source::Span;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A model's fields, lists and predicates, made ready for typing and evaluation.
#[derive(Debug)]
pub struct ModelScope<'m> {
    model: &'m Model,
    read: Read<'m>,
    /// Whether names are offered where one is not known.
    suggests: bool,
}

/// What is read of a model.
#[derive(Debug)]
enum Read<'m> {
    /// All of it, once and for all.
    Whole(Whole<'m>),
    /// What somebody asked for so far.
    Asked(Asked<'m>),
}

#[derive(Debug)]
struct Whole<'m> {
    objects: Known<&'m str, Known<&'m str, Facts<'m>>>,
    lists: BTreeMap<String, Arc<[String]>>,
    predicates: Known<(&'m str, &'m str), Predicate>,
    slots: Vec<Slot<'m>>,
    criteria: Vec<Criterion<'m>>,
}

/// What is looked up by name, many times for every criterion.
type Known<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What is known of a field.
#[derive(Debug)]
pub(super) struct Facts<'m> {
    kind: FieldKind,
    values: Vec<String>,
    open: bool,
    target: Option<&'m str>,
    required: bool,
    examples: Vec<Value>,
}

/// The kinds whose entities stand for a predicate.
pub(super) const PREDICATE_KINDS: [&str; 5] =
    ["icp", "segment", "territory", "definition", "persona"];

impl<'m> ModelScope<'m> {
    /// Makes a model ready.
    pub fn new(model: &'m Model) -> Self {
        Self::made(model, true)
    }

    /// Makes a model, or a part of one, ready to be compared: what it does not know is nobody's slip, and
    /// what it says of that is the same whatever part it is.
    pub fn of_part(model: &'m Model) -> Self {
        Self::made(model, false)
    }

    /// Makes a model ready of which only a little will be asked: each entity is read when it is asked
    /// for. What is not known is nobody's slip, and which criteria a change can reach is looked up.
    pub fn asked(model: &'m Model, uses: &'m Uses) -> Self {
        Self { model, read: Read::Asked(Asked::of(model, uses)), suggests: false }
    }

    fn made(model: &'m Model, suggests: bool) -> Self {
        let slots = model.slots();
        let criteria = criteria(model, &slots);
        let lists = lists(model);
        let mut predicates = Known::default();
        for kind in PREDICATE_KINDS {
            for entity in model.of_kind(kind) {
                let predicate = predicate(entity, of_entity(&criteria, entity));
                predicates.insert((kind, entity.address.id()), predicate);
            }
        }
        let objects = objects(model, &lists);
        let read = Read::Whole(Whole { objects, lists, predicates, slots, criteria });
        let mut scope = Self { model, read, suggests };
        scope.hold_against_fields();
        scope
    }

    /// Types every criterion. A predicate with a faulty criterion answers nothing from then on:
    /// what it was meant to say is not known.
    fn hold_against_fields(&mut self) {
        let all: Vec<_> =
            self.criteria().iter().map(|criterion| typed(criterion, self, self)).collect();
        let Read::Whole(whole) = &mut self.read else { return };
        for (criterion, faults) in whole.criteria.iter_mut().zip(all) {
            criterion.faults.extend(faults);
            if !criterion.faults.is_empty() {
                let address = &criterion.entity.address;
                whole.predicates.remove(&(address.kind(), address.id()));
            }
        }
    }

    /// The model.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// Every single value of the model that its kinds declare, in order of address and file.
    pub fn slots(&self) -> &[Slot<'m>] {
        match &self.read {
            Read::Whole(whole) => &whole.slots,
            Read::Asked(asked) => asked.slots(self.model),
        }
    }

    /// All its criteria.
    pub fn criteria(&self) -> &[Criterion<'m>] {
        match &self.read {
            Read::Whole(whole) => &whole.criteria,
            Read::Asked(asked) => asked.criteria(self),
        }
    }

    /// The criteria of one entity, in the order they are written.
    pub fn criteria_of(&self, entity: &Entity) -> &[Criterion<'m>] {
        match &self.read {
            Read::Whole(whole) => of_entity(&whole.criteria, entity),
            Read::Asked(asked) => asked.criteria_of(self, entity),
        }
    }

    /// Which criteria use which names, where that was kept beside the model.
    pub fn uses(&self) -> Option<&'m Uses> {
        match &self.read {
            Read::Whole(_) => None,
            Read::Asked(asked) => Some(asked.uses),
        }
    }

    /// The criteria at or below an address.
    pub fn criteria_below<'a, 'b>(
        &'a self,
        address: &'b str,
    ) -> impl Iterator<Item = &'a Criterion<'m>> + use<'a, 'b, 'm> {
        let entity = self.model.entity_above(address).map(|(entity, _)| entity);
        let near = match entity {
            Some(entity) => self.criteria_of(entity),
            None => self.criteria(),
        };
        near.iter().filter(move |criterion| criterion.address.is_within(address))
    }

    /// The criteria a pattern covers.
    pub fn criteria_covered<'a>(
        &'a self,
        pattern: &'a Pattern,
    ) -> impl Iterator<Item = &'a Criterion<'m>> {
        let near = self.model.entities_near(pattern);
        let criteria = near.flat_map(|entity| self.criteria_of(entity));
        criteria.filter(|criterion| pattern.covers(criterion.address.as_str()))
    }

    /// The criteria that together are an entity's predicate.
    pub fn conditions<'a>(
        &'a self,
        entity: &Entity,
    ) -> impl Iterator<Item = Condition<'a, 'm>> + use<'a, 'm> {
        conditions(entity, self.criteria_of(entity))
    }

    /// The field a path ends at, through related objects: its address and what is known of it.
    pub fn field_at<'a>(
        &'a self,
        object: &'a str,
        path: &'a str,
    ) -> Option<(Address, FieldFacts<'a>)> {
        let (object, name, facts) = self.end_of(object, path)?;
        Some((Address::new(format!("field.{object}.{name}")), facts))
    }

    /// What is known of the field a path ends at.
    pub(super) fn facts_at<'a>(&'a self, object: &'a str, path: &'a str) -> Option<FieldFacts<'a>> {
        self.end_of(object, path).map(|(_, _, facts)| facts)
    }

    fn end_of<'a>(
        &'a self,
        mut object: &'a str,
        path: &'a str,
    ) -> Option<(&'a str, &'a str, FieldFacts<'a>)> {
        let mut steps = path.split('.').peekable();
        loop {
            let step = steps.next()?;
            let facts = self.field(object, step)?;
            if steps.peek().is_none() {
                return Some((object, step, facts));
            }
            object = facts.target?;
        }
    }

    /// Whether there is an object of this id.
    pub fn has_object(&self, id: &str) -> bool {
        match &self.read {
            Read::Whole(whole) => whole.objects.contains_key(id),
            Read::Asked(asked) => asked.has_object(id),
        }
    }
}

impl Scope for ModelScope<'_> {
    fn field(&self, object: &str, name: &str) -> Option<FieldFacts<'_>> {
        let facts = match &self.read {
            Read::Whole(whole) => whole.objects.get(object)?.get(name)?,
            Read::Asked(asked) => asked.field(object, name)?,
        };
        Some(FieldFacts {
            kind: facts.kind,
            values: Cow::Borrowed(&facts.values),
            open: facts.open,
            target: facts.target,
            required: facts.required,
            examples: Cow::Borrowed(&facts.examples),
        })
    }

    fn fields(&self, object: &str) -> Vec<String> {
        let Read::Whole(whole) = &self.read else { return Vec::new() };
        let Some(fields) = whole.objects.get(object).filter(|_| self.suggests) else {
            return Vec::new();
        };
        let mut names: Vec<String> = fields.keys().map(|name| (*name).to_owned()).collect();
        names.sort_unstable();
        names
    }

    fn predicate(&self, kind: &str, id: &str) -> Option<Predicate> {
        match &self.read {
            Read::Whole(whole) => whole.predicates.get(&(kind, id)).cloned(),
            Read::Asked(asked) => asked.predicate(self, kind, id),
        }
    }

    fn is_there(&self, kind: &str, id: &str) -> bool {
        let known = kind == "field" || PREDICATE_KINDS.contains(&kind);
        known && self.model.get(&format!("{kind}.{id}")).is_some()
    }

    fn renamed(&self, address: &str) -> Option<String> {
        self.model.renamed(address).filter(|_| self.suggests)
    }

    fn predicates(&self, kind: &str) -> Vec<String> {
        let known = self.model.of_kind(kind).filter(|_| self.suggests);
        known.map(|entity| entity.address.id().to_owned()).collect()
    }

    fn list(&self, id: &str) -> Option<Arc<[String]>> {
        match &self.read {
            Read::Whole(whole) => whole.lists.get(id).cloned(),
            Read::Asked(asked) => asked.list(id),
        }
    }
}

fn lists(model: &Model) -> BTreeMap<String, Arc<[String]>> {
    model.of_kind("list").map(|list| (list.address.id().to_owned(), values(list))).collect()
}

/// The values of a list.
pub(super) fn values(list: &Entity) -> Arc<[String]> {
    texts(list, "values").into()
}

fn texts(entity: &Entity, key: &str) -> Vec<String> {
    let items = entity.table.get(key).and_then(|node| node.as_array()).unwrap_or_default();
    items.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect()
}

fn objects<'m>(
    model: &'m Model,
    lists: &BTreeMap<String, Arc<[String]>>,
) -> Known<&'m str, Known<&'m str, Facts<'m>>> {
    let mut objects: Known<&str, Known<&str, Facts<'_>>> =
        model.of_kind("object").map(|object| (object.address.id(), Known::default())).collect();
    for entity in model.of_kind("field") {
        let Some((object, name)) = entity.address.id().split_once('.') else { continue };
        let Some(facts) = Facts::of(entity, |id| lists.get(id).cloned()) else { continue };
        objects.entry(object).or_default().insert(name, facts);
    }
    objects
}

impl<'m> Facts<'m> {
    /// What a field says of itself; none where it does not say what it holds.
    pub(super) fn of(
        entity: &'m Entity,
        list: impl FnOnce(&str) -> Option<Arc<[String]>>,
    ) -> Option<Self> {
        let field: Field = entity.read();
        let kind = field.r#type.as_ref().and_then(|word| kind_of(word.word))?;
        let mut values = texts(entity, "values");
        let from = field.values_from.as_ref().and_then(|target| target.address.split_once('.'));
        if let Some(more) = from.and_then(|(_, id)| list(id)) {
            values.extend(more.iter().cloned());
        }
        Some(Self {
            kind,
            values,
            open: field.open.as_ref().is_some_and(|open| open.value),
            target: entity.object(),
            required: field.required.as_ref().is_some_and(|required| required.value),
            examples: examples(entity, kind),
        })
    }
}

/// The examples of a field that are values of its kind.
fn examples(entity: &Entity, kind: FieldKind) -> Vec<Value> {
    let items = entity.table.get("examples").and_then(|node| node.as_array()).unwrap_or_default();
    items.iter().filter_map(|item| value(item, kind).ok()).collect()
}

fn kind_of(word: &str) -> Option<FieldKind> {
    let kinds = [
        FieldKind::Choice,
        FieldKind::Choices,
        FieldKind::Text,
        FieldKind::Bool,
        FieldKind::Integer,
        FieldKind::Number,
        FieldKind::Money,
        FieldKind::Date,
        FieldKind::DateTime,
        FieldKind::Reference,
    ];
    kinds.into_iter().find(|kind| kind.word() == word)
}

/// One of the criteria that together are an entity's predicate.
#[derive(Debug, Clone, Copy)]
pub struct Condition<'a, 'm> {
    /// The criterion.
    pub criterion: &'a Criterion<'m>,
    /// Whether it must not hold: it is a disqualifier.
    pub inverted: bool,
}

/// The criteria of one entity; all criteria stand in the order of their entities' addresses.
fn of_entity<'a, 'm>(criteria: &'a [Criterion<'m>], entity: &Entity) -> &'a [Criterion<'m>] {
    let start = criteria.partition_point(|criterion| criterion.entity.address < entity.address);
    let rest = criteria.get(start..).unwrap_or_default();
    let length = rest.partition_point(|criterion| criterion.entity.address == entity.address);
    rest.get(..length).unwrap_or_default()
}

/// What an entity's predicate is made of, of its criteria: all of them must hold, and no
/// disqualifier; `when` counts as a criterion.
fn conditions<'a, 'm>(
    entity: &Entity,
    criteria: &'a [Criterion<'m>],
) -> impl Iterator<Item = Condition<'a, 'm>> + use<'a, 'm> {
    let part = |name: &str| -> Address { entity.address.join(name) };
    let (when, named, barred) = (part("when"), part("criteria"), part("disqualifiers"));
    criteria.iter().filter_map(move |criterion| {
        let address = &criterion.address;
        let inverted = address.is_within(barred.as_str());
        let counts = inverted || *address == when || address.is_within(named.as_str());
        counts.then_some(Condition { criterion, inverted })
    })
}

/// All criteria of an entity in one expression.
pub(super) fn predicate(entity: &Entity, criteria: &[Criterion<'_>]) -> Predicate {
    let mut all = Vec::new();
    for condition in conditions(entity, criteria) {
        let sound = condition.criterion.faults.is_empty();
        let Some(expr) = condition.criterion.expr.as_ref().filter(|_| sound) else { continue };
        let expr = (**expr).clone();
        all.push(if condition.inverted { Expr::new(Node::Not(Box::new(expr))) } else { expr });
    }
    let expr = match all.len() {
        1 => all.remove(0),
        _ => Expr { span: Span::default(), node: Node::And(all) },
    };
    Predicate { object: entity.object().map(str::to_owned), expr: Arc::new(expr) }
}
