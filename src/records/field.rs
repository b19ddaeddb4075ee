//! The fields of an object as exports know them.

use crate::criteria::{self, FieldKind, FieldPath, Scope};
use crate::load::ModelScope;
use crate::model::field::{Field as Declared, Object, truth};
use crate::model::{Entity, former_ids};
use std::collections::BTreeMap;

/// A field that an export may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, or its path through related objects (`account.industry`).
    pub path: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What its column is called, by system; for a field of a related object with the way to it, as
    /// in `Account.Industry`.
    pub columns: BTreeMap<String, String>,
    /// What people call it; for a field of a related object `Account: Industry`.
    pub name: String,
    /// What it may be called besides.
    pub also: Vec<String>,
    /// The names, or paths, that it had before.
    pub former: Vec<String>,
    /// The declared values of a choice or a multi-select.
    pub values: Vec<String>,
    /// Whether others may occur.
    pub open: bool,
    /// Whether every record must have it.
    pub required: bool,
    /// The value each other word for one stands for.
    pub labels: BTreeMap<String, String>,
}

/// The fields of an object, and those of the objects its references lead to, one step far; further away
/// those that its criteria ask for.
pub fn fields(scope: &ModelScope<'_>, object: &str) -> Vec<Field> {
    let own: Vec<Field> =
        scope.fields(object).iter().filter_map(|name| one(scope, object, name)).collect();
    let mut found = own.clone();
    for reference in &own {
        let facts = scope.field(object, &reference.path);
        if let Some(target) = facts.and_then(|facts| facts.target) {
            found.extend(related(scope, reference, target));
        }
    }
    let far = asked_for(scope, object).filter_map(|path| far(scope, object, &own, path));
    let far: BTreeMap<String, Field> = far.map(|field| (field.path.clone(), field)).collect();
    found.extend(far.into_values());
    found
}

/// The paths of more than two fields in the criteria about an object.
fn asked_for<'s>(scope: &'s ModelScope<'_>, object: &str) -> impl Iterator<Item = &'s FieldPath> {
    let own = scope.criteria().iter().filter(move |it| it.object.as_deref() == Some(object));
    let paths = own.filter_map(|it| it.expr.as_deref()).flat_map(criteria::fields);
    paths.filter(|path| path.parts.len() > 2)
}

/// The field at the end of a path.
fn far(scope: &ModelScope<'_>, object: &str, own: &[Field], path: &FieldPath) -> Option<Field> {
    let (first, steps) = path.parts.split_first()?;
    let mut here = own.iter().find(|field| field.path == *first)?.clone();
    let (mut object, mut name) = (object, first);
    for step in steps {
        let target = scope.field(object, name)?.target?;
        let next = format!("{}.{step}", here.path);
        here = related(scope, &here, target).into_iter().find(|field| field.path == next)?;
        (object, name) = (target, step);
    }
    Some(here)
}

fn one(scope: &ModelScope<'_>, object: &str, name: &str) -> Option<Field> {
    let facts = scope.field(object, name)?;
    let entity = scope.model().get(&format!("field.{object}.{name}"))?;
    let declared: Declared = entity.read();
    Some(Field {
        path: name.to_owned(),
        kind: facts.kind,
        columns: columns(&declared),
        name: entity.name().to_owned(),
        also: Vec::new(),
        former: former_ids(&entity.table)
            .filter(|id| !id.contains('.'))
            .map(str::to_owned)
            .collect(),
        values: facts.values.to_vec(),
        open: facts.open,
        required: facts.required,
        labels: labels(&declared, &facts.values, facts.kind),
    })
}

/// The fields of the object a reference leads to, with the words for the way to them.
fn related(scope: &ModelScope<'_>, reference: &Field, target: &str) -> Vec<Field> {
    let entity = scope.model().get(&format!("object.{target}"));
    let object: Option<Object> = entity.map(Entity::read);
    let systems = object.as_ref().and_then(|object| object.systems.as_ref());
    let systems: BTreeMap<&str, &str> = systems
        .into_iter()
        .flat_map(|systems| systems.iter())
        .map(|(system, word)| (system.as_str(), word.value.0.as_str()))
        .collect();
    let called = entity.map_or(target, |entity| entity.name());
    let names = scope.fields(target);
    let fields = names.iter().filter_map(|name| one(scope, target, name));
    fields
        .map(|field| {
            let mut also = vec![format!("{called}: {}", field.name)];
            let mut columns = BTreeMap::new();
            for (system, column) in &field.columns {
                if let Some(way) = reference.columns.get(system).and_then(|column| way(column)) {
                    columns.insert(system.clone(), format!("{way}.{column}"));
                }
                also.extend(systems.get(system.as_str()).map(|way| format!("{way}.{column}")));
                also.push(format!("{}.{column}", reference.path));
            }
            let path = format!("{}.{}", reference.path, field.path);
            let ways = || reference.former.iter().chain([&reference.path]);
            let steps = || field.former.iter().chain([&field.path]);
            let former = ways().flat_map(|way| steps().map(move |step| format!("{way}.{step}")));
            let former = former.filter(|former| *former != path).collect();
            let name = format!("{}: {}", reference.name, field.name);
            Field { path, name, columns, also, former, required: false, ..field }
        })
        .collect()
}

/// The way that a column with the id of a related record stands for: `AccountId` for `Account`,
/// `Partner__c` for `Partner__r`.
fn way(column: &str) -> Option<String> {
    let own = column.strip_suffix("__c").map(|own| format!("{own}__r"));
    let standard = || column.strip_suffix("Id").map(str::to_owned);
    own.or_else(standard).filter(|way| !way.is_empty())
}

fn columns(declared: &Declared) -> BTreeMap<String, String> {
    let columns = declared.columns.iter().flat_map(|columns| columns.iter());
    columns.map(|(system, column)| (system.clone(), column.value.0.clone())).collect()
}

/// A word that is a declared value stands for itself, and so does one that says by itself what is true.
fn labels(declared: &Declared, values: &[String], kind: FieldKind) -> BTreeMap<String, String> {
    let is_bool = kind == FieldKind::Bool;
    let says_itself = |word: &String| values.contains(word) || (is_bool && truth(word).is_some());
    let labels = declared.label.iter().flat_map(|labels| labels.iter());
    let mut found = BTreeMap::new();
    for label in labels {
        let Some(value) = &label.value.value else { continue };
        let words = label.value.words.iter().flat_map(|words| words.iter());
        let words = words.map(|word| &word.value.0).filter(|word| !says_itself(word));
        let value = match truth(&value.value.0).filter(|_| is_bool) {
            Some(truth) => truth.to_string(),
            None => value.value.0.clone(),
        };
        found.extend(words.map(|word| (word.clone(), value.clone())));
    }
    found
}
