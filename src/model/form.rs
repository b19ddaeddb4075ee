//! Whether a table plainly has the form its kind declares, told without a schema.
//!
//! INVARIANT: what is accepted here, the JSON Schema of the kind accepts (a test holds both
//! against each other). What is not accepted is left to the schema, which says why. So the many
//! tables that are as they should be cost next to nothing.

use super::address::is_id;
use super::amounts::{Duration, Percent};
use super::declaration::{Declaration, Shape};
use crate::document::{Node, Table, Value};

impl Declaration {
    /// Whether a table surely is what the schema of this declaration asks for.
    pub fn surely_fits(&self, table: &Table) -> bool {
        let mut required = self.properties().filter(|property| property.facet.required);
        required.all(|property| table.get(property.name).is_some())
            && table.entries.iter().all(|entry| {
                self.property(&entry.key).is_some_and(|p| p.shape.surely_fits(&entry.node))
            })
    }
}

impl Shape {
    fn surely_fits(&self, node: &Node) -> bool {
        match (self, &node.value) {
            (Self::Date, Value::Date(_))
            | (Self::Integer, Value::Integer(_))
            | (Self::Number, Value::Integer(_) | Value::Decimal(_))
            | (Self::Bool, Value::Bool(_))
            | (Self::Free, Value::Table(_)) => true,
            (Self::Scalar, Value::Array(items)) => {
                items.iter().all(|item| item.as_text().is_some())
            }
            (Self::Scalar, value) => !matches!(value, Value::Table(_)),
            (Self::Count, Value::Integer(number)) => u32::try_from(*number).is_ok(),
            (shape, Value::Text(text)) => shape.text_fits(text),
            (Self::List(inner), Value::Array(items)) => {
                items.iter().all(|item| inner.surely_fits(item))
            }
            (Self::Named(inner), Value::Table(table)) => table
                .entries
                .iter()
                .all(|entry| is_id(&entry.key) && inner.surely_fits(&entry.node)),
            (Self::Record(declaration), Value::Table(table)) => declaration.surely_fits(table),
            (Self::Items(declaration), Value::Array(items)) => items
                .iter()
                .all(|item| item.as_table().is_some_and(|table| declaration.surely_fits(table))),
            _ => false,
        }
    }

    fn text_fits(&self, text: &str) -> bool {
        match self {
            Self::Prose | Self::Word | Self::Predicate => !text.is_empty(),
            Self::Duration => Duration::parse(text).is_some(),
            Self::Percent => Percent::parse(text).is_some(),
            Self::Code(words) => words.contains(&text),
            Self::ObjectId | Self::StageId => is_id(text),
            Self::FieldPath => text.split('.').all(is_id),
            Self::Target(kinds) => {
                let mut steps = text.split('.');
                let kind = steps.next().is_some_and(|kind| kinds.contains(&kind));
                kind && text.contains('.') && steps.all(is_id)
            }
            Self::AddressPattern => text.split('.').all(|step| step == "*" || is_id(step)),
            _ => false,
        }
    }
}
