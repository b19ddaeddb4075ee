//! Entities: the tables of all files by address, however they are spread over files.

use super::address::{Address, Pattern, is_id};
use super::declaration::{Declaration, Noun, Shape};
use super::kinds::{KINDS, Kind};
use crate::document::{Document, Entry, Node, Table, Value};
use crate::finding::{Finding, Place, did_you_mean};
use crate::source::{Source, Span};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// The newest version of the format this tool reads.
pub const FORMAT: i64 = 1;

/// One entity as written.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Its address.
    pub address: Address,
    /// Its kind; none in an old or newer model whose kind this tool does not know.
    pub kind: Option<&'static Kind>,
    /// The file it stands in.
    pub source: Source,
    /// Where its id is written.
    pub key_span: Span,
    /// What is written below its id.
    pub table: Table,
}

impl Entity {
    /// The entity as its Rust type.
    pub fn read<N: Noun>(&self) -> N {
        N::read(&self.table)
    }

    /// A place in its file.
    pub fn place(&self, span: Span) -> Place {
        Place::new(&self.source, span)
    }

    /// The place of its id.
    pub fn header(&self) -> Place {
        self.place(self.key_span)
    }

    /// Its properties.
    pub fn declaration(&self) -> Option<&'static Declaration> {
        self.kind.map(Kind::declaration)
    }

    /// The name people use: `name`, or the id.
    pub fn name(&self) -> &str {
        self.table.text("name").unwrap_or_else(|| self.address.id())
    }

    /// The ids of the items of a list, in the order written.
    pub fn item_ids(&self, list: &str) -> Vec<&str> {
        let items = self.table.get(list).and_then(Node::as_array).unwrap_or_default();
        items.iter().filter_map(|item| item.as_table()?.text("id")).collect()
    }

    /// The addresses that it says it had before.
    pub fn former_addresses(&self) -> impl Iterator<Item = Address> {
        let own = self.address.as_str();
        former_ids(&self.table).map(move |id| {
            let keep = own.split('.').count().saturating_sub(id.split('.').count());
            let steps: Vec<&str> = own.split('.').take(keep).chain([id]).collect();
            Address::new(steps.join("."))
        })
    }

    /// The item of a list that says it had an id before.
    pub fn item_once_called(&self, list: &str, id: &str) -> Option<&str> {
        let items = self.table.get(list).and_then(Node::as_array).unwrap_or_default();
        let mut tables = items.iter().filter_map(Node::as_table);
        tables.find(|table| former_ids(table).any(|former| former == id))?.text("id")
    }

    /// The object its criteria are typed against, where it names one.
    pub fn object(&self) -> Option<&str> {
        self.table.text("object")
    }
}

/// The ids that the table of an entity or an item says it had before.
pub fn former_ids(table: &Table) -> impl Iterator<Item = &str> {
    let items = table.get("formerly").and_then(Node::as_array).unwrap_or_default();
    items.iter().filter_map(Node::as_text)
}

/// A part of an entity found by its address: a property, a criterion, an item, the whole.
#[derive(Debug, Clone, Copy)]
pub struct Part<'m> {
    /// The entity.
    pub entity: &'m Entity,
    /// The part's value; none for the entity as a whole.
    pub node: Option<&'m Node>,
    /// Where its name is written.
    pub key_span: Span,
}

/// All entities of one revision of a model.
#[derive(Debug, Clone, Default)]
pub struct Model {
    entities: BTreeMap<Address, Arc<Entity>>,
    /// The files read, by path.
    pub sources: Vec<Source>,
}

impl Model {
    /// The entities of some documents; what cannot be one is a finding.
    pub fn of(documents: Vec<Document>) -> (Self, Vec<Finding>) {
        let mut model = Self::default();
        let mut findings = Vec::new();
        for document in documents {
            model.sources.push(document.source.clone());
            let mut collect =
                Collect { model: &mut model, source: &document.source, findings: &mut findings };
            for entry in document.root.entries {
                collect.kind(entry);
            }
        }
        (model, findings)
    }

    /// The version of the format it says it is written in, where that is newer than this tool reads.
    pub fn newer_format(&self) -> Option<i64> {
        let format = self.get("model")?.table.get("format")?.as_integer()?;
        (format > FORMAT).then_some(format)
    }

    /// All entities by address.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values().map(|entity| &**entity)
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// The entity of an address.
    pub fn get(&self, address: &str) -> Option<&Entity> {
        self.entities.get(address).map(|entity| &**entity)
    }

    /// The entities of a kind, by address.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Entity> {
        let prefix = [kind, "."].concat();
        let root = self.get(kind);
        root.into_iter().chain(
            self.entities
                .range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded))
                .take_while(move |(address, _)| address.as_str().starts_with(&prefix))
                .map(|(_, entity)| &**entity),
        )
    }

    /// The entities a pattern covers, or of which it may cover a part.
    pub fn entities_near<'a>(&'a self, pattern: &'a Pattern) -> impl Iterator<Item = &'a Entity> {
        let text = pattern.as_str();
        let any = (text == "*" || text.starts_with("*.")).then(|| self.entities());
        let named = text.find(".*").and_then(|end| text.get(..end)).unwrap_or(text);
        let above = named.match_indices('.').filter_map(|(at, _)| self.get(named.get(..at)?));
        let of_name = any.is_none().then(|| above.chain(self.of_kind(named)));
        let candidates = any.into_iter().flatten().chain(of_name.into_iter().flatten());
        candidates.filter(|entity| {
            let address = entity.address.as_str();
            pattern.covers(address) || pattern.is_below(address)
        })
    }

    /// The entities of a kind, each read as its Rust type.
    pub fn each<N: Noun>(&self) -> impl Iterator<Item = (&Entity, N)> {
        let kind = KINDS.iter().find(|k| std::ptr::eq(k.declaration(), N::declaration()));
        let id = kind.map_or("", |k| k.id);
        self.of_kind(id).map(|entity| (entity, entity.read::<N>()))
    }

    /// The part an address names: an entity, or a property, criterion or item of one.
    pub fn part(&self, address: &str) -> Option<Part<'_>> {
        let (entity, rest) = self.entity_above(address)?;
        let mut part = Part { entity, node: None, key_span: entity.key_span };
        let mut table = Some(&entity.table);
        let mut shape = entity.declaration().map(Shape::Record);
        let mut steps = rest.split('.').filter(|step| !step.is_empty());
        while let Some(step) = steps.next() {
            let entry = table?.entry(step)?;
            part.node = Some(&entry.node);
            part.key_span = entry.key_span;
            shape = match &shape {
                Some(Shape::Record(declaration) | Shape::Items(declaration)) => {
                    declaration.property(step).map(|p| p.shape.clone())
                }
                Some(Shape::Named(inner)) => Some((**inner).clone()),
                _ => None,
            };
            table = entry.node.as_table();
            if let Value::Array(items) = &entry.node.value
                && let Some(id) = steps.next()
            {
                let item = items.iter().find(|item| {
                    item.as_table().and_then(|t| t.text("id")).is_some_and(|text| text == id)
                })?;
                part.node = Some(item);
                table = item.as_table();
                part.key_span = table.and_then(|t| t.get("id")).map_or(item.span, |node| node.span);
            }
        }
        Some(part)
    }

    /// The entity an address names or stands below, and the rest of the address.
    pub fn entity_above<'a>(&self, address: &'a str) -> Option<(&Entity, &'a str)> {
        let kind = Kind::of(address.split('.').next()?)?;
        let mut end = 0;
        for step in address.split('.').take(kind.depth + 1) {
            end += step.len() + 1;
        }
        let own = address.get(..end.saturating_sub(1)).unwrap_or(address);
        Some((self.get(own)?, address.get(end..).unwrap_or_default()))
    }

    /// What stands now at an address of before a rename, where `formerly` says so.
    pub fn renamed(&self, address: &str) -> Option<String> {
        if let Some((entity, rest)) = self.entity_above(address) {
            let (list, rest) = rest.split_once('.')?;
            let (id, below) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
            let now = entity.item_once_called(list, id)?;
            return Some(format!("{}.{list}.{now}{below}", entity.address));
        }
        let kind = address.split('.').next()?;
        let asked = Address::new(address);
        self.of_kind(kind).find_map(|entity| {
            let behind = |then: Address| asked.behind(then.as_str()).map(str::to_owned);
            let below = entity.former_addresses().find_map(behind)?;
            Some(format!("{}{below}", entity.address))
        })
    }

    /// The same model without the entities of some files.
    #[must_use]
    pub fn without_files(mut self, paths: &BTreeSet<&str>) -> Self {
        if !paths.is_empty() {
            self.entities.retain(|_, entity| !paths.contains(entity.source.path()));
        }
        self
    }

    /// Takes an entity out.
    pub fn remove(&mut self, address: &Address) -> Option<Entity> {
        self.entities.remove(address).map(Arc::unwrap_or_clone)
    }

    /// Its entities, by address.
    pub fn into_entities(self) -> impl Iterator<Item = Entity> {
        self.entities.into_values().map(Arc::unwrap_or_clone)
    }

    /// Adds or replaces an entity.
    pub fn insert(&mut self, entity: Entity) {
        self.entities.insert(entity.address.clone(), Arc::new(entity));
    }

    /// Adds all entities of another model, or replaces others by them.
    pub fn share_all(&mut self, other: &Self) {
        let all = other.entities.iter();
        self.entities.extend(all.map(|(address, entity)| (address.clone(), Arc::clone(entity))));
    }

    /// Adds an entity of another model, or replaces one by it: both hold the same one then, and it is
    /// nowhere written twice.
    pub fn share(&mut self, other: &Self, address: &str) {
        if let Some((address, entity)) = other.entities.get_key_value(address) {
            self.entities.insert(address.clone(), Arc::clone(entity));
        }
    }
}

struct Collect<'a> {
    model: &'a mut Model,
    source: &'a Source,
    findings: &'a mut Vec<Finding>,
}

impl Collect<'_> {
    fn kind(&mut self, entry: Entry) {
        let kind = Kind::of(&entry.key);
        let depth = kind.map_or(1, |kind| kind.depth);
        if kind.is_none() {
            self.findings.push(unknown_kind(self.source, &entry));
        }
        let address = Address::new(entry.key.clone());
        self.below(kind, address, entry, depth);
    }

    fn below(&mut self, kind: Option<&'static Kind>, address: Address, entry: Entry, depth: usize) {
        let Value::Table(table) = entry.node.value else {
            if kind.is_some() {
                let word = entry.node.value.a_word();
                let place = Place::new(self.source, entry.key_span);
                let message = format!("`{address}` must be a table, not {word}");
                let finding =
                    Finding::new("wrong-value", message).at(place).about(address.as_str());
                self.findings.push(finding.help(format!("write `[{}]`", example(kind))));
            }
            return;
        };
        if depth > 0 {
            for inner in table.entries {
                let address = address.join(&step(&inner.key));
                if kind.is_some() && !is_id(&inner.key) {
                    self.findings.push(bad_id(self.source, &inner, &address));
                }
                self.below(kind, address, inner, depth - 1);
            }
            return;
        }
        let source = self.source.clone();
        let entity = Entity { address, kind, source, key_span: entry.key_span, table };
        if let Some(first) = self.model.entities.get(&entity.address) {
            self.findings.push(duplicate(first, &entity));
            return;
        }
        self.model.insert(entity);
    }
}

/// A key as a step of an address. What is no id may hold a dot, which would make two steps of it, and
/// whoever reads the address would take the entity for a part of another.
fn step(key: &str) -> Cow<'_, str> {
    if key.contains('.') { Cow::Owned(key.replace('.', "·")) } else { Cow::Borrowed(key) }
}

fn example(kind: Option<&Kind>) -> String {
    match kind {
        Some(kind) if kind.depth == 0 => kind.id.to_owned(),
        Some(kind) if kind.depth == 2 => format!("{}.lead.some-name", kind.id),
        Some(kind) => format!("{}.some-name", kind.id),
        None => "kind.some-name".to_owned(),
    }
}

fn unknown_kind(source: &Source, entry: &Entry) -> Finding {
    let finding = Finding::new("unknown-kind", format!("there is no kind `{}`", entry.key))
        .at(Place::new(source, entry.key_span))
        .about(entry.key.as_str());
    match did_you_mean(&entry.key, KINDS.iter().map(|kind| kind.id)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("see `opmodel schema` for the kinds a model is made of"),
    }
}

fn bad_id(source: &Source, entry: &Entry, address: &Address) -> Finding {
    Finding::new("malformed-id", format!("`{}` is not an id", entry.key))
        .at(Place::new(source, entry.key_span))
        .about(address.as_str())
        .help("write ids in small letters, digits and single hyphens or underscores, such as `mid-market`")
}

fn duplicate(first: &Entity, second: &Entity) -> Finding {
    let address = &second.address;
    Finding::new("duplicate-id", format!("`{address}` is declared twice"))
        .at(second.header())
        .label("declared again here; this one is not used")
        .also(first.header(), "first declared here")
        .about(address.as_str())
        .help("give one of the two another id, or merge them into one table")
}
