//! JSON Schemas of the format, made from the declarations.

use super::amounts::{Duration, Percent};
use super::declaration::{Declaration, Property, Shape};
use super::kinds::{KINDS, Kind};
use schemars::{Schema, json_schema};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Schemas by name: `sla`, …, and `model.schema` for whole files.
pub type Schemas = BTreeMap<String, Schema>;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const ID: &str = "^[a-z0-9]+([-_][a-z0-9]+)*$";

/// One schema per kind, by the kind's id, and `model` … under the name `model` the file schema.
///
/// The schema of a kind describes one entity's table; the one called `model` describes a file,
/// and holds the others under `$defs`. The entity `[model]` itself is called `root`.
pub fn schemas() -> Schemas {
    let mut all: Schemas =
        KINDS.iter().map(|kind| (name_of(kind).to_owned(), of_kind(kind))).collect();
    all.insert("model".to_owned(), of_file());
    all
}

/// The name of a kind's schema.
fn name_of(kind: &Kind) -> &'static str {
    if kind.depth == 0 { "root" } else { kind.id }
}

/// The schema of one entity of a kind.
pub fn of_kind(kind: &Kind) -> Schema {
    let mut schema = record(kind.declaration());
    schema.insert("$schema".to_owned(), json!(DRAFT));
    schema.insert("title".to_owned(), json!(kind.id));
    schema
}

/// The schema of a file.
fn of_file() -> Schema {
    let mut properties = Map::new();
    let mut defs = Map::new();
    for kind in KINDS {
        let name = name_of(kind);
        let mut inner = json!({ "$ref": format!("#/$defs/{name}") });
        for _ in 0..kind.depth {
            inner = json!({
                "type": "object",
                "description": kind.declaration().description,
                "propertyNames": { "pattern": ID },
                "additionalProperties": inner,
            });
        }
        properties.insert(kind.id.to_owned(), inner);
        defs.insert(name.to_owned(), record(kind.declaration()).to_value());
    }
    json_schema!({
        "$schema": DRAFT,
        "title": "opmodel",
        "description": "A file of an operating model: any entities, by kind and id.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": defs,
    })
}

fn record(declaration: &Declaration) -> Schema {
    let properties: Map<String, Json> =
        declaration.properties().map(|p| (p.name.to_owned(), property(p))).collect();
    let required: Vec<&str> =
        declaration.properties().filter(|p| p.facet.required).map(|p| p.name).collect();
    let mut schema = json_schema!({
        "description": declaration.description,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn property(property: &Property) -> Json {
    let mut schema = shape(&property.shape);
    let mut note = Map::new();
    note.insert("polarity".to_owned(), json!(property.facet.polarity.word()));
    if let Some(kinds) = targets(&property.shape) {
        note.insert("references".to_owned(), json!(kinds));
    }
    if let Some(form) = form(&property.shape) {
        note.insert("form".to_owned(), json!(form));
    }
    if property.facet.inverted {
        note.insert("inverted".to_owned(), json!(true));
    }
    if let Some(object) = schema.as_object_mut() {
        object.insert("description".to_owned(), json!(property.description));
        object.insert("x-opmodel".to_owned(), Json::Object(note));
    }
    schema
}

fn targets(shape: &Shape) -> Option<Vec<&'static str>> {
    match shape {
        Shape::Target(kinds) => Some(kinds.to_vec()),
        Shape::ObjectId => Some(vec!["object"]),
        Shape::FieldPath => Some(vec!["field"]),
        Shape::StageId => Some(vec!["stage"]),
        Shape::List(inner) | Shape::Named(inner) => targets(inner),
        _ => None,
    }
}

/// What a text must be the written form of, for messages and for other programs.
fn form(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Duration => Some("duration"),
        Shape::Percent => Some("percent"),
        Shape::Date => Some("date"),
        Shape::Predicate => Some("criterion"),
        Shape::Target(_) | Shape::AddressPattern => Some("address"),
        Shape::ObjectId | Shape::StageId | Shape::FieldPath => Some("id"),
        Shape::List(inner) | Shape::Named(inner) => form(inner),
        _ => None,
    }
}

fn shape(shape: &Shape) -> Json {
    match shape {
        Shape::Prose | Shape::Word | Shape::Predicate => {
            json!({ "type": "string", "minLength": 1 })
        }
        Shape::Count => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Date => json!({
            "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"
        }),
        Shape::Duration => json!({ "type": "string", "pattern": Duration::PATTERN }),
        Shape::Percent => json!({ "type": "string", "pattern": Percent::PATTERN }),
        Shape::Code(words) => json!({ "enum": words }),
        Shape::ObjectId | Shape::StageId => json!({ "type": "string", "pattern": ID }),
        Shape::FieldPath => json!({
            "type": "string", "pattern": "^[a-z0-9]+([-_.][a-z0-9]+)*$"
        }),
        Shape::Target(kinds) => json!({
            "type": "string",
            "pattern": format!(r"^({})(\.[a-z0-9]+([-_][a-z0-9]+)*)+$", kinds.join("|")),
        }),
        Shape::AddressPattern => json!({
            "type": "string", "pattern": r"^([a-z0-9]+([-_][a-z0-9]+)*|\*)(\.([a-z0-9]+([-_][a-z0-9]+)*|\*))*$"
        }),
        Shape::Scalar => json!({
            "type": ["string", "number", "boolean", "array"], "items": { "type": "string" }
        }),
        Shape::Free => json!({ "type": "object" }),
        Shape::List(inner) => json!({ "type": "array", "items": self::shape(inner) }),
        Shape::Named(inner) => json!({
            "type": "object",
            "propertyNames": { "pattern": ID },
            "additionalProperties": self::shape(inner),
        }),
        Shape::Record(declaration) => record(declaration).to_value(),
        Shape::Items(declaration) => {
            json!({ "type": "array", "items": record(declaration).to_value() })
        }
    }
}
