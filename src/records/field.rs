//! The fields of an object as exports know them.

use crate::criteria::{FieldKind, Scope};
use crate::load::ModelScope;
use crate::model::field::Field as Declared;
use std::collections::BTreeMap;

/// A field that an export may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, or its path through related objects (`account.industry`).
    pub path: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What its column is called, by system.
    pub columns: BTreeMap<String, String>,
    /// What people call it.
    pub name: String,
    /// The declared values of a choice or a multi-select.
    pub values: Vec<String>,
    /// Whether others may occur.
    pub open: bool,
    /// Whether every record must have it.
    pub required: bool,
    /// The value each other word for one stands for.
    pub labels: BTreeMap<String, String>,
}

/// The fields of an object, and those of the objects its references lead to, one step far.
pub fn fields(scope: &ModelScope<'_>, object: &str) -> Vec<Field> {
    let mut found = own(scope, object, None);
    for name in scope.fields(object) {
        let target = scope.field(object, &name).and_then(|facts| facts.target);
        if let Some(target) = target {
            found.extend(own(scope, target, Some(&name)));
        }
    }
    found
}

fn own(scope: &ModelScope<'_>, object: &str, above: Option<&str>) -> Vec<Field> {
    let names = scope.fields(object).into_iter();
    names.filter_map(|name| one(scope, object, &name, above)).collect()
}

fn one(scope: &ModelScope<'_>, object: &str, name: &str, above: Option<&str>) -> Option<Field> {
    let facts = scope.field(object, name)?;
    let entity = scope.model().get(&format!("field.{object}.{name}"))?;
    let declared: Declared = entity.read();
    Some(Field {
        path: above.map_or_else(|| name.to_owned(), |above| format!("{above}.{name}")),
        kind: facts.kind,
        columns: columns(&declared),
        name: entity.name().to_owned(),
        values: facts.values.to_vec(),
        open: facts.open,
        required: facts.required && above.is_none(),
        labels: labels(&declared),
    })
}

fn columns(declared: &Declared) -> BTreeMap<String, String> {
    let columns = declared.columns.iter().flat_map(|columns| columns.iter());
    columns.map(|(system, column)| (system.clone(), column.value.0.clone())).collect()
}

fn labels(declared: &Declared) -> BTreeMap<String, String> {
    let labels = declared.labels.iter().flat_map(|labels| labels.iter());
    let mut found = BTreeMap::new();
    for (value, words) in labels {
        found.extend(words.iter().map(|word| (word.value.0.clone(), value.clone())));
    }
    found
}
