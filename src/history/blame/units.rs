//! The parts of an entity of which each has a commit of its own: what a line says.

use crate::document::{Entry, Node, Table, Value};
use crate::model::{Address, Declaration, Entity, Shape};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What a part of an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    /// The entity itself: that it is there.
    Entity,
    /// An item of a list: that it is there, and where it stands if that matters.
    Item,
    /// A table of properties within an entity: that it is there.
    Group,
    /// A property, or a named criterion: what it says.
    Property,
}

/// A part of an entity as written.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its address.
    pub address: Address,
    /// What it is.
    pub kind: UnitKind,
    /// Where it is written: a header, or a key and its value.
    pub span: Span,
}

/// The parts of an entity, in the order of its table.
pub fn units(entity: &Entity) -> Vec<Unit> {
    let mut walk = Walk { units: Vec::new() };
    walk.push(entity.address.clone(), UnitKind::Entity, entity.key_span);
    walk.table(entity.declaration(), &entity.table, &entity.address);
    walk.units
}

/// What is written on the lines of each part, blank space around it apart.
pub(super) fn forms(entity: &Entity) -> BTreeMap<Address, Vec<&str>> {
    let text = entity.source.text();
    let form = |unit: Unit| (unit.address, lines(text, unit.span));
    units(entity).into_iter().map(form).collect()
}

/// The whole lines that a stretch of a text touches, without the blank space around each.
fn lines(text: &str, span: Span) -> Vec<&str> {
    let start = text.get(..span.start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(span.end..).and_then(|tail| tail.find('\n'));
    let end = end.map_or(text.len(), |at| span.end + at);
    Span::new(start, end).of(text).lines().map(str::trim).collect()
}

struct Walk {
    units: Vec<Unit>,
}

impl Walk {
    fn push(&mut self, address: Address, kind: UnitKind, span: Span) {
        self.units.push(Unit { address, kind, span });
    }

    fn table(&mut self, declaration: Option<&'static Declaration>, table: &Table, above: &Address) {
        for entry in &table.entries {
            let shape = declaration.and_then(|all| all.property(&entry.key));
            self.entry(shape.map(|property| &property.shape), entry, above.join(&entry.key));
        }
    }

    fn entry(&mut self, shape: Option<&'static Shape>, entry: &Entry, address: Address) {
        match (shape, &entry.node.value) {
            (Some(Shape::Record(declaration)), Value::Table(table)) => {
                self.push(address.clone(), UnitKind::Group, entry.key_span.to(entry.node.span));
                self.table(Some(declaration), table, &address);
            }
            (Some(Shape::Named(_)), Value::Table(table)) => {
                for entry in &table.entries {
                    self.push(address.join(&entry.key), UnitKind::Property, extent(entry));
                }
            }
            (Some(Shape::Items(declaration)), Value::Array(items)) => {
                self.items(declaration, items, entry, &address);
            }
            _ => self.push(address, UnitKind::Property, extent(entry)),
        }
    }

    /// The items of a list; those without an id of their own are one part together.
    fn items(
        &mut self,
        declaration: &'static Declaration,
        items: &[Node],
        entry: &Entry,
        address: &Address,
    ) {
        let mut seen = BTreeSet::new();
        let mut all_named = true;
        for item in items {
            let table = item.as_table();
            let id = table.and_then(|table| table.text("id")).filter(|id| seen.insert(*id));
            if let (Some(table), Some(id)) = (table, id) {
                let address = address.join(id);
                self.push(address.clone(), UnitKind::Item, item.span);
                self.table(Some(declaration), table, &address);
            } else {
                all_named = false;
            }
        }
        if !all_named {
            self.push(address.clone(), UnitKind::Property, extent(entry));
        }
    }
}

/// From the key to the end of the value, with everything in it.
fn extent(entry: &Entry) -> Span {
    let mut span = entry.key_span.to(entry.node.span);
    let mut open = vec![&entry.node];
    while let Some(node) = open.pop() {
        span = span.to(node.span);
        match &node.value {
            Value::Array(items) => open.extend(items),
            Value::Table(table) => {
                for entry in &table.entries {
                    span = span.to(entry.key_span);
                    open.push(&entry.node);
                }
            }
            _ => {}
        }
    }
    span
}
