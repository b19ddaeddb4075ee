//! A record written in a model file, read into the values its fields hold.

use super::scope::ModelScope;
use crate::criteria::{
    self, Comparison, Expr, Fault, FaultCode, FieldKind, Literal, Record, Scope, Test, Value,
};
use crate::document::{self, Node, Table, Value as Written};
use crate::source::Span;
use std::collections::BTreeSet;

/// What a reference holds whose record is described (`account = { industry = "…" }`) without an
/// id of its own: it is set, and equal to nothing.
pub const DESCRIBED: &str = "(described)";

/// Reads a record of an object, and what is wrong with it; the places are places in the file.
///
/// Fields of a related record stand in a table of their own, or behind a dot:
/// `account = { industry = "Software" }`, `"account.industry" = "Software"`.
pub fn record(table: &Table, object: &str, scope: &ModelScope<'_>) -> (Record, Vec<Fault>) {
    let mut reading = Reading::of(object, scope);
    reading.table(table, None);
    for path in reading.described.difference(&reading.given) {
        reading.record.set(path.clone(), DESCRIBED);
    }
    (reading.record, reading.faults)
}

/// What is wrong with a value that is written for a field, by its path, or one of its values where it
/// holds several; where nothing has that path, this is said of its `name`.
pub fn value_faults(
    (path, name): (&str, Span),
    value: &Node,
    object: &str,
    scope: &ModelScope<'_>,
) -> Vec<Fault> {
    let mut reading = Reading::of(object, scope);
    let holds_several = scope.facts_at(object, path).is_some_and(|f| f.kind == FieldKind::Choices);
    match value.as_text().filter(|_| holds_several) {
        Some(text) => reading.fits(path, &Value::Values(vec![text.to_owned()]), value.span),
        None => reading.field(path.to_owned(), value, name),
    }
    reading.faults
}

struct Reading<'a, 'm> {
    object: &'a str,
    scope: &'a ModelScope<'m>,
    record: Record,
    described: BTreeSet<String>,
    given: BTreeSet<String>,
    faults: Vec<Fault>,
}

impl<'a, 'm> Reading<'a, 'm> {
    fn of(object: &'a str, scope: &'a ModelScope<'m>) -> Self {
        Self {
            object,
            scope,
            record: Record::new(),
            described: BTreeSet::new(),
            given: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    fn table(&mut self, table: &Table, above: Option<&str>) {
        for entry in &table.entries {
            let path = match above {
                Some(above) => format!("{above}.{}", entry.key),
                None => entry.key.clone(),
            };
            if let Some((above, _)) = path.rsplit_once('.') {
                self.described.insert(above.to_owned());
            }
            match &entry.node.value {
                Written::Table(inner) => self.table(inner, Some(&path)),
                _ => self.field(path, &entry.node, entry.key_span),
            }
        }
    }

    fn field(&mut self, path: String, node: &Node, name: Span) {
        let Some(facts) = self.scope.facts_at(self.object, &path) else {
            self.check(&path, Test::IsSet { negated: false }, name);
            return;
        };
        let (kind, span) = (facts.kind, node.span);
        match value(node, kind) {
            Ok(value) => {
                self.fits(&path, &value, span);
                self.record.set(path.clone(), value);
            }
            Err((what, help)) => {
                let message =
                    format!("`{path}` has the type `{}`, and this is {what}", kind.word());
                self.faults.push(Fault::new(FaultCode::TypeMismatch, span, message).help(help));
            }
        }
        self.given.insert(path);
    }

    /// Holds a value against its field as if a criterion asked for it.
    fn fits(&mut self, path: &str, value: &Value, span: Span) {
        match value {
            Value::Text(text) if text.is_empty() => {}
            Value::Values(values) => {
                for value in values {
                    let part = Literal::new(Value::Text(value.clone()));
                    self.check(path, Test::Contains(part), span);
                }
            }
            value => {
                let value = Literal::new(value.clone());
                self.check(path, Test::Compare { op: Comparison::Equal, value }, span);
            }
        }
    }

    fn check(&mut self, path: &str, test: Test, span: Span) {
        let scope: &dyn Scope = self.scope;
        let faults = criteria::check(&Expr::atom(path, test), self.object, scope);
        self.faults.extend(faults.into_iter().map(|fault| Fault { span, ..fault }));
    }
}

/// What a field of a kind holds when this is written, or what it is instead and what to write.
pub(super) fn value(node: &Node, kind: FieldKind) -> Result<Value, (&'static str, &'static str)> {
    let mismatch = |help| Err((node.value.a_word(), help));
    match (&node.value, kind) {
        (Written::Array(items), FieldKind::Choices) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.as_text().map(str::to_owned)).collect();
            texts.map_or_else(
                || mismatch("list texts: `[\"…\", \"…\"]`"),
                |texts| Ok(Value::Values(texts)),
            )
        }
        (_, FieldKind::Choices) => mismatch("write a list of its values: `[\"…\"]`"),
        (Written::Array(_) | Written::Table(_), _) => mismatch("write one value"),
        (Written::Time(_), _) => mismatch("write a date or a date with a time"),
        (Written::Text(text), _) => Ok(text_value(text, kind)),
        (Written::Bool(truth), _) => Ok(Value::Bool(*truth)),
        (Written::Date(date), _) => Ok(Value::Date(*date)),
        (Written::DateTime(instant), _) => Ok(Value::DateTime(*instant)),
        (Written::Integer(number), _) => Ok(Value::from(*number)),
        (Written::Decimal(number), _) => Ok(Value::Number(*number)),
    }
}

/// Text without blanks at its ends, as exports are read, or the day or instant it spells for a field
/// that holds one.
fn text_value(text: &str, kind: FieldKind) -> Value {
    let text = text.trim();
    let time = match (kind, document::time(text)) {
        (FieldKind::Date | FieldKind::DateTime, Some(Written::Date(date))) => {
            Some(Value::Date(date))
        }
        (FieldKind::DateTime, Some(Written::DateTime(instant))) => Some(Value::DateTime(instant)),
        // Zones are written in more ways than TOML knows.
        (FieldKind::DateTime, _) => text.parse().ok().map(Value::DateTime),
        _ => None,
    };
    time.unwrap_or_else(|| Value::from(text))
}
