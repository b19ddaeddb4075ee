//! What a schema's refusal means, in the words of whoever wrote the file.

use crate::document::{Node, Value};
use crate::finding::did_you_mean;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

/// A sentence and what to do about it.
pub(super) struct Said {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// The part of the schema that refused.
pub(super) struct Context<'s> {
    /// The schema object that holds the keyword.
    schema: &'s Json,
    /// The property it is about: the nearest one above with a note of its own.
    property: &'s Json,
}

impl<'s> Context<'s> {
    /// The context of a keyword's location in a schema.
    pub(super) fn of(root: &'s Json, keyword: &str) -> Self {
        let mut schema = root;
        let mut property = root;
        let mut steps: Vec<&str> = keyword.split('/').skip(1).collect();
        steps.pop();
        for step in steps {
            let name = step.replace("~1", "/").replace("~0", "~");
            let next = match schema {
                Json::Array(items) => name.parse::<usize>().ok().and_then(|i| items.get(i)),
                other => other.get(&name),
            };
            let Some(next) = next else { break };
            schema = next;
            if schema.get("x-opmodel").is_some() {
                property = schema;
            }
        }
        Self { schema, property }
    }

    fn names(&self) -> Vec<&'s str> {
        let object = self.schema.get("properties").and_then(Json::as_object);
        object.map(|o| o.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    fn title(&self) -> Option<&'s str> {
        self.schema.get("title").and_then(Json::as_str)
    }

    pub(super) fn unknown(&self, name: &str) -> String {
        match self.title() {
            Some(title) => format!("`{name}` is not a property of `{title}`"),
            None => format!("`{name}` is not a property here"),
        }
    }

    pub(super) fn known(&self, name: &str) -> String {
        let names = self.names();
        if let Some(near) = did_you_mean(name, names.iter().copied()) {
            return format!("did you mean `{near}`?");
        }
        format!("the properties are {}", list(&names))
    }

    pub(super) fn missing(&self, name: &str) -> String {
        let description = self
            .schema
            .get("properties")
            .and_then(|properties| properties.get(name))
            .and_then(|property| property.get("description"))
            .and_then(Json::as_str);
        match description {
            Some(description) => format!("add `{name}`: {}", lower_first(description)),
            None => format!("add `{name}`"),
        }
    }

    pub(super) fn wrong(&self, kind: &ValidationErrorKind, key: &str, node: Option<&Node>) -> Said {
        let word = node.map_or("this", |node| node.value.a_word());
        let said = node.and_then(Node::as_text).unwrap_or_default();
        match kind {
            ValidationErrorKind::Type { kind } => {
                let wanted = wanted(kind);
                Said {
                    message: format!("`{key}` must be {wanted}, not {word}"),
                    help: self.type_help(node, wanted),
                }
            }
            ValidationErrorKind::Enum { options } => code(key, said, options),
            ValidationErrorKind::Pattern { .. } => self.pattern(key, said),
            ValidationErrorKind::MinLength { .. } => Said {
                message: format!("`{key}` is empty"),
                help: Some("write something, or leave the line out".to_owned()),
            },
            ValidationErrorKind::Minimum { limit } => {
                Said { message: format!("`{key}` must be at least {limit}"), help: None }
            }
            ValidationErrorKind::Maximum { limit } => {
                Said { message: format!("`{key}` must be at most {limit}"), help: None }
            }
            other => Said {
                message: format!("`{key}` is not as the format wants it ({})", other.keyword()),
                help: self.description(),
            },
        }
    }

    fn type_help(&self, node: Option<&Node>, wanted: &str) -> Option<String> {
        match node.map(|node| &node.value) {
            Some(Value::Text(text)) if wanted == "a list" => {
                Some(format!("put it in square brackets: [\"{text}\"]"))
            }
            Some(Value::Integer(_) | Value::Decimal(_)) if self.form() == Some("duration") => {
                Some("write a length of time with its unit, such as \"4 hours\"".to_owned())
            }
            Some(Value::Integer(_) | Value::Decimal(_)) if self.form() == Some("percent") => {
                Some("write a share with its sign, such as \"95%\"".to_owned())
            }
            Some(Value::Text(text)) if matches!(wanted, "a number" | "a whole number") => {
                text.parse::<f64>().is_ok().then(|| "take the quotes away".to_owned())
            }
            _ => self.description(),
        }
    }

    fn form(&self) -> Option<&'s str> {
        self.property.get("x-opmodel").and_then(|note| note.get("form")).and_then(Json::as_str)
    }

    fn description(&self) -> Option<String> {
        let text = self.property.get("description").and_then(Json::as_str)?;
        Some(format!("this property is: {}", lower_first(text)))
    }

    fn pattern(&self, key: &str, said: &str) -> Said {
        let references = self
            .property
            .get("x-opmodel")
            .and_then(|note| note.get("references"))
            .and_then(Json::as_array);
        match (self.form(), references) {
            (Some("duration"), _) => Said {
                message: format!("`{said}` is not a length of time"),
                help: Some(
                    "write a number and a unit: `30 minutes`, `4h`, `24 hours`, `5 business days`"
                        .to_owned(),
                ),
            },
            (Some("percent"), _) => Said {
                message: format!("`{said}` is not a share"),
                help: Some("write a number and a percent sign: `95%`".to_owned()),
            },
            (Some("date"), _) => Said {
                message: format!("`{said}` is not a date"),
                help: Some("write year, month and day: 2026-01-31".to_owned()),
            },
            (Some("address"), Some(kinds)) => wrong_reference(key, said, kinds),
            _ => Said {
                message: format!("`{said}` is not an id"),
                help: Some("write ids in small letters, digits and single hyphens or underscores, such as `mid-market`".to_owned()),
            },
        }
    }
}

fn wrong_reference(key: &str, said: &str, kinds: &[Json]) -> Said {
    let kinds: Vec<&str> = kinds.iter().filter_map(Json::as_str).collect();
    let forms = either(&kinds.iter().map(|kind| format!("`{kind}.…`")).collect::<Vec<_>>());
    let help = match kinds.as_slice() {
        [only] if !said.contains('.') => format!("did you mean `{only}.{said}`?"),
        _ if !said.contains('.') => {
            let full: Vec<_> = kinds.iter().map(|kind| format!("`{kind}.{said}`")).collect();
            format!("write the whole address: {}", either(&full))
        }
        _ => format!("write an address that starts with {forms}"),
    };
    Said { message: format!("`{key}` must be {forms}, not `{said}`"), help: Some(help) }
}

fn code(key: &str, said: &str, options: &Json) -> Said {
    let words: Vec<&str> =
        options.as_array().map(|a| a.iter().filter_map(Json::as_str).collect()).unwrap_or_default();
    let message = format!("`{key}` cannot be `{said}`");
    let help = match did_you_mean(said, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? it may be {}", list(&words)),
        None => format!("it may be {}", list(&words)),
    };
    Said { message, help: Some(help) }
}

fn wanted(kind: &TypeKind) -> &'static str {
    use jsonschema::JsonType;
    let single = match kind {
        TypeKind::Single(single) => *single,
        TypeKind::Multiple(_) => return "text, a number, true or false, a date or a list",
    };
    match single {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a table",
        JsonType::String => "text",
    }
}

fn list(words: &[&str]) -> String {
    either(&words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>())
}

fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let is_word = text.chars().nth(1).is_some_and(|c| !c.is_uppercase());
    match chars.next() {
        Some(first) if is_word => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
