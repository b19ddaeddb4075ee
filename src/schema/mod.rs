//! JSON Schema validation, mapped back to the words in the file.
//!
//! INVARIANT: this is the only room that names a JSON Schema library. It knows schemas, not nouns.

mod length;
mod words;

pub use words::spelt;

use crate::document::{Entry, Node, Table, Value};
use crate::finding::{Finding, Place};
use crate::source::{Source, Span};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{PatternOptions, error::ValidationErrorKind};
use serde_json::Value as Json;

/// A schema made ready once, for many tables.
#[derive(Debug)]
pub struct Validator {
    compiled: jsonschema::Validator,
    schema: Json,
}

/// The table to validate, and where its name stands.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its address, for the findings.
    pub address: &'a str,
    /// The file.
    pub source: &'a Source,
    /// Where its id or key is written.
    pub header: Span,
    /// The table.
    pub table: &'a Table,
}

impl Validator {
    /// Makes a schema ready.
    ///
    /// # Errors
    /// The reason, where the schema is not a valid JSON Schema.
    pub fn new(schema: &Json) -> Result<Self, String> {
        let compiled = jsonschema::draft202012::options()
            .with_pattern_options(PatternOptions::regex())
            .should_validate_formats(false)
            .build(schema)
            .map_err(|error| error.to_string())?;
        Ok(Self { compiled, schema: schema.clone() })
    }

    /// Everything about a table that the schema does not allow.
    pub fn validate(&self, subject: Subject<'_>) -> Vec<Finding> {
        let json = subject.table.to_json();
        if self.compiled.is_valid(&json) {
            return Vec::new();
        }
        let mut findings = Vec::new();
        for error in self.compiled.iter_errors(&json) {
            let found = Spot::find(subject, error.instance_path());
            let context = words::Context::of(&self.schema, error.schema_path().as_str());
            match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    for name in unexpected {
                        findings.push(found.unexpected(name, &context));
                    }
                }
                kind => findings.push(found.finding(kind, &context)),
            }
        }
        findings
    }
}

/// The place in the file an instance path leads to.
struct Spot<'a> {
    subject: Subject<'a>,
    address: String,
    key: String,
    key_span: Span,
    /// The path of its keys, as a header names it.
    path: String,
    node: Option<&'a Node>,
}

impl<'a> Spot<'a> {
    fn find(subject: Subject<'a>, path: &Location) -> Self {
        let mut spot = Self {
            subject,
            address: subject.address.to_owned(),
            key: subject.address.to_owned(),
            key_span: subject.header,
            path: subject.address.to_owned(),
            node: None,
        };
        for segment in path {
            match segment {
                LocationSegment::Property(name) => spot.enter(&name),
                LocationSegment::Index(index) => spot.item(index),
            }
        }
        spot
    }

    fn table(&self) -> Option<&'a Table> {
        match self.node {
            None => Some(self.subject.table),
            Some(node) => node.as_table(),
        }
    }

    fn enter(&mut self, name: &str) {
        let Some(entry) = self.table().and_then(|table| table.entry(name)) else { return };
        let Entry { key, key_span, node } = entry;
        self.node = Some(node);
        self.key_span = *key_span;
        self.key.clone_from(key);
        self.address = format!("{}.{key}", self.address);
        self.path = format!("{}.{key}", self.path);
    }

    /// The value in the words of the file, ready for a sentence.
    fn said(&self) -> String {
        let Some(node) = self.node else { return "this".to_owned() };
        if let Some(text) = node.as_text().filter(|text| !text.is_empty()) {
            return format!("`{text}`");
        }
        let written = self.subject.source.text().get(node.span.start..node.span.end);
        let short = written.filter(|words| words.len() <= 40 && !words.contains('\n'));
        match short.filter(|words| !words.is_empty()) {
            Some(words) if node.as_table().is_none() => format!("`{words}`"),
            _ => node.value.a_word().to_owned(),
        }
    }

    fn item(&mut self, index: usize) {
        let Some(item) = self.node.and_then(Node::as_array).and_then(|items| items.get(index))
        else {
            return;
        };
        let id = item.as_table().and_then(|table| table.text("id"));
        self.address = match id {
            Some(id) => format!("{}.{id}", self.address),
            None => format!("{}[{}]", self.address, index + 1),
        };
        self.key_span = item.as_table().and_then(|t| t.get("id")).map_or(item.span, |n| n.span);
        self.node = Some(item);
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.subject.source, span)
    }

    /// The value, or the header where a table as a whole is meant.
    fn value_span(&self) -> Span {
        match self.node {
            Some(node) if !matches!(node.value, Value::Table(_)) => node.span,
            _ => self.key_span,
        }
    }

    fn unexpected(&self, name: &str, context: &words::Context<'_>) -> Finding {
        let span = self.table().and_then(|t| t.entry(name)).map_or(self.key_span, |e| e.key_span);
        Finding::new("unknown-property", context.unknown(name))
            .at(self.place(span))
            .about(format!("{}.{name}", self.address))
            .help(context.known(name))
    }

    fn finding(&self, kind: &ValidationErrorKind, context: &words::Context<'_>) -> Finding {
        if let ValidationErrorKind::Required { property } = kind {
            let name = property.as_str().unwrap_or_default();
            return Finding::new("missing-property", format!("`{}` has no `{name}`", self.address))
                .at(self.place(self.key_span))
                .about(self.address.clone())
                .help(context.missing(name));
        }
        if let ValidationErrorKind::PropertyNames { error } = kind {
            let name = error.instance().as_str().unwrap_or_default();
            let span =
                self.table().and_then(|t| t.entry(name)).map_or(self.key_span, |e| e.key_span);
            return Finding::new("malformed-id", format!("`{name}` is not an id"))
                .at(self.place(span))
                .about(format!("{}.{name}", self.address))
                .help(words::id_help(name));
        }
        let said = context.wrong(
            kind,
            &words::Wrong { key: &self.key, path: &self.path, said: &self.said(), node: self.node },
        );
        let finding = Finding::new("wrong-value", said.message)
            .at(self.place(self.value_span()))
            .about(self.address.clone());
        match said.help {
            Some(help) => finding.help(help),
            None => finding,
        }
    }
}
